"""Words of a question that say nothing, or little, of what it is about.

All folded; English words as `index.tokens` has them.
"""

from __future__ import annotations

import re

from index.tokens import stem


def _table(words: str) -> frozenset[str]:
    """The words, English ones as stems."""
    return frozenset(stem(word) if word.isascii() else word for word in words.split())


STOP: frozenset[str] = _table(
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
    long large big high low great far late latest receive received get got obtain achieve its own owns hold
    """
)

FAINT: frozenset[str] = _table(
    """
    数量 人数 户数 家数 总数 总量 数 量 金额 比例 占比 比重 比率 规模 情况 数据 指标 水平 时间 日期 年度 全部
    整体 累计 合计 总计 新增 服务 提供 开展 实现 完成 推出 支持 项目 用户 客户 名称 名字 占 共计 总 率 值
    额 银行 企业 开 业务 产品 系统 包括 覆盖 推动 每位 每名 每个 每人 每家 平均 专门 特地 主要 亲自 直接 涉及 属于 来自 customer client user serv service provid people
    firm business enterpris average new overall cumulative accumulat bank group corporation cover reach use used
    using made make includ
    """
)

# What people say between the words that matter; taken out before words are cut, the longest first.
FILLERS = re.compile(
    "|".join(
        sorted(
            """
            到底 究竟 大概 大约 差不多 前前后后 一共 总共 拢共 加起来 目前为止 到目前为止 为止 现在 如今 眼下 当下 那会儿 那时候
            那个时候 的时候 来着 是不是 有没有 我想问 想问 请问 问一下 麻烦 帮我 帮忙看看 看看 查查 告诉我 你知道 知不知道 知道 能不能
            可不可以 的话 来说 来讲 的那个 的那些 那个 那些 那边 这边 这家 那家 它家 他家 人家 家里 家的 手上 手里 里头 里面 当中 其中
            真正 真的 其实 究竟 一般 一整年 整年 这一年 一年里 一年下来 一年到头 一年 全年 当年 这几年 去年 今年 前年 开头讲的 开头
            文章里 报告里 报告中 文中 就是 还是 那篇 这篇 说的 提到的 讲的 叫做 几样 多少个 多少名 一个 一些 一下 自己 大家 咱们
            我们 你们 他们 她们 有多少 有多大 有几 占了 占到 占 办业务 办的 拿到了 拿到 得到了 得到 获得了 搞 弄 出去 出来 下来 过来
            上来 起来 算下来 据说 听说 具体 准确 数字 数据 情况 怎么样 啊 呀 呢 吧 嘛 哦 喔 咧
            """.split(),
            key=lambda word: (-len(word), word),
        )
    )
)
