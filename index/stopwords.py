"""Words of a question that say nothing of what it is about: retrieval and reading pass over them.

All folded; English words as `index.tokens` has them.
"""

from __future__ import annotations

from index.tokens import stem


def table(words: str) -> frozenset[str]:
    """The words, English ones as stems."""
    return frozenset(stem(word) if word.isascii() else word for word in words.split())


STOP: frozenset[str] = table(
    """
    的 了 是 有 在 为 和 与 跟 及 以及 或 被 把 对 从 到 将 于 由 其 该 这 那 它 他 她 我 你 我们 你们 他们 它们 请
    请问 告诉 我想 想 知道 了解 查询 问 一下 下 一共 总共 共 共有 达到 达 大概 大约 约 目前 现在 如今 已经 已 曾
    截至 截止 截至到 期间 全年 年 月 日 底 末 年底 年末 当中 之中 其中 里 中 内 上 多少 几 什么 哪 哪些 哪个
    哪家 哪里 谁 吗 呢 吧 啊 呀 么 嘛 怎么 如何 为什么 是否 有没有 分别 各 各自 各是 也 都 还 就 又 才 只 并
    并且 而 而且 但 但是 则 所 之 等 地 得 着 过 来 去 会 能 可以 可 要 给 让 使 用 以 按 根据 按照 关于 至于
    报告 文章 文中 文件 显示 提到 说 说到 称 表示 介绍 里面 一个 个 位 家 户 名 种 条 次 项 元 万 亿 这个 那个
    这家 那家 该行 公司 本公司 当时 当年 最后 到底 究竟 具体 多 少 大 高 了吗 不 没 没有 那么 帮 帮助 做 进行
    成为 获 获得 得到 拿到 拿 出 起 每 有关 相关 存在 开始 通过 此 此外 同时 于是 因此 所以 以来 是不是 a an the
    of to in on for and or by with is are was were be been being at as from that this these those it its into
    how many much do doe did does doing done what which who whom whose when where why has have had having end up
    some one no any there their they them he she his her we our us you your i me my will would can could should
    may might must shall than then so such also about over under per each both all total according report
    article state stated say said mention mentioned tell give given please list name called during through
    between within as-of until till if not only just more most other another same very year yearend month day
    date time company s t re number amount percent percentage proportion share figure value count
    long large big high low great far late latest fy receive received get got obtain achieve its own owns hold
    """
)
