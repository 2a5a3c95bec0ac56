"""Words of a question that say little of what it is about, and what people say between words.

All folded; English words as `index.tokens` has them.
"""

from __future__ import annotations

import re

from index.stopwords import table

FAINT: frozenset[str] = table(
    """
    数量 人数 户数 家数 总数 总量 数 量 金额 比例 占比 比重 比率 规模 情况 数据 指标 水平 时间 日期 年度 全部
    整体 累计 合计 总计 新增 服务 提供 开展 实现 完成 推出 支持 项目 用户 客户 名称 名字 占 共计 总 率 值
    额 银行 企业 开 业务 产品 系统 包括 覆盖 推动 每位 每名 每个 每人 每家 平均 专门 特地 主要 亲自 直接 涉及 属于 来自 因为 由于 之后 一笔 customer client user serv service provid people
    firm business enterpris average new overall cumulative accumulat bank group corporation cover reach use used
    using made make includ now want befor after
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
            我们 你们 他们 她们 这次 那次 这场 那场 这一块 这块 曾经 还有 请答 的事情 的事 有多少 有多大 有几 占了 占到 占 办业务 办的 拿到了 拿到 得到了 得到 获得了 搞 弄 出去 出来 下来 过来
            上来 起来 算下来 据说 听说 具体 准确 数字 数据 情况 怎么样 啊 呀 呢 吧 嘛 哦 喔 咧
            """.split(),
            key=lambda word: (-len(word), word),
        )
    )
)
