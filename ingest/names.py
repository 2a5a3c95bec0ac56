"""Names as they stand in text of either language: organisations, what is quoted, and capitalised words."""

from __future__ import annotations

import re
from collections.abc import Callable

# What a Chinese organisation's name ends in. Words that also name a kind of thing (汽车, 电子) are left out.
_ORGANISATION = (
    "银行|集团|公司|保险|人寿|财险|产险|证券|基金公司|信托|控股|科技|实业|重工|药业|航空|物流|能源|电力|电网|超市|"
    "百货|置业|地产|乳业|钢铁|大学|协会|联合会"
)
_ENDING = re.compile(_ORGANISATION + r"|股份(?![过登转总数变权额比认回发])")
# A company by its full name, which is longer than what it is called by: 宁波锐朔机器人股份有限公司.
_LEGAL = re.compile(r"(?:集团|控股)?(?:股份)?有限(?:责任)?公司")
_LONGEST, _LONGEST_LEGAL = 6, 14  # characters before an ending
# What companies' names end in that is also what they make: a name only behind what is no word (驰曜汽车, not 新能源汽车).
_TRADE = re.compile(
    "汽车|电子|食品|软件|医药|制药|生物|化工|机械|服饰|传媒|网络|通信|光电|半导体|石化|石油|酒业|饮料|家居|环保|"
    "水务|燃气|智能|健康|医疗|租赁|期货|农业|牧业|渔业|纸业|建材|照明|电器|影业|出行|快递|速运|快运|速递|餐饮|咖啡|"
    "乐器|机器人|机电|电机|精密|仪器|光学|航天|船舶|轮胎|玻璃|水泥|陶瓷|家具|玩具|服装|珠宝|影视|啤酒|茶业|水产|种业|铝业|铜业|"
    "高科|高速|造船"
)
# A name does not reach back over these.
_BOUNDARY = re.compile(
    r"[^\u3400-\u9fff]|[的了是在于与和及或由向对被将从为把给到等该本某各其此这那每跟同让使哪几些有着]|"
    r"(?<=[这那哪几每某一两少])[个名位款项种条套台辆份次家间座所支部]|"
    r"(?:年底|年末|截至|截止|请问|多少|什么|以及|还有|根据|关于|告诉|全年|期间|其中|目前|当年|包括|通过|合作|加入|改成|变为|变成|成为|来自|来源|签署|当选|出任|担任|就任|收购|持有|委托|聘请|归属|属于|问|底|末|家|间|年|月|日)"
)
_COMMON = frozenset(
    """
    手机 外购 网上 电话 移动 商业 农村 中小 民营 互联网 我国 全国 中国 城市 股份制 大型 其他 上市 金融 数字 绿色 清洁 新 可再生 国有 外资
    科技 家 多家 开放 保险 汽车 传统 合作 伙伴 参与 哪 哪家 几家 多少家 村镇 支付 有限 责任 股份有限 有限责任 子
    分 母 归属母 电商 食品 化石 再生 联营 合营 附属 关联 参股 全资 标的 可比 同行
    """.split()
)
_GENERIC = re.compile(r"(?:[这那哪几一该两]|多少)[家间]$|[a-z]$")  # 这家电力公司 and Quillbrook软件公司: no name there
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"\n]{2,24})[”」』》\"]")
_LETTER = "A-Za-z0-9À-ÖØ-öø-ɏ"
_LATIN = re.compile(
    rf"(?<![{_LETTER}])(?:[A-Z][{_LETTER}&'.-]*(?: +(?:(?:of|and|&|the|de) +)?[A-Z][{_LETTER}&'-]*)*|[a-z]+[A-Z][{_LETTER}]*)"
)
# Capitalised words that are no names of anybody.
_NO_NAME = frozenset(
    """
    what which who whom whose when where why how is are was were do does did has have had can could will would
    should in on at by for from of to the a an and or as during under over between until since among according
    compared if tell please give list name i ii iii iv january february march april may june july august
    september october november december monday friday q1 q2 q3 q4 h1 h2 fy esg ai it ceo cfo coo cto cro cio sme
    smes msme msmes ghg co2 co2e r&d hr roe roa npl npls scope gri tcfd sasb gdp ipo rmb usd eur hkd cny gbp jpy nok sek dkk chf aud cad sgd inr krw twd nzd brl
    fiscal impact pue sla kpi nps chairman chairwoman president director chief executive officer financial board bank company group report
    annual sustainability csr esg wifi app 5g b2b kwh mwh gwh
    one two three four five six seven eight nine ten it its this that these those we our they he she his her their there
    both each some many most all other others another
    """.split()
)


def organisations(folded: str) -> list[tuple[int, int]]:
    """The ranges of Chinese organisation names in folded text: a few characters back to the nearest boundary."""
    # Found slowly, since it begins with what may be missing, and in few texts.
    legal = {match.start(): match.end() for match in _LEGAL.finditer(folded)} if "有限" in folded else {}
    found: list[tuple[int, int]] = []
    for match in _ENDING.finditer(folded):
        start = match.start()
        longest = _LONGEST_LEGAL if start in legal else _LONGEST
        while start > 0 and match.start() - start < longest and not _BOUNDARY.search(folded, start - 1, match.start()):
            start -= 1
        bounds = [bound.end() for bound in _BOUNDARY.finditer(folded, max(start - 1, 0), match.start())]
        start = max([start, *bounds])  # a boundary of two characters was met at its first
        prefix = folded[start : match.start()]
        if len(prefix) >= 2 and prefix not in _COMMON and not _GENERIC.search(folded[max(0, start - 3) : start]):
            found.append((start, match.end()))
    return found


def companies(folded: str, is_word: Callable[[str], object]) -> list[tuple[int, int]]:
    """The ranges of names that end in a trade, behind two to four characters back to a boundary that are no word."""
    found: list[tuple[int, int]] = []
    for match in _TRADE.finditer(folded):
        for size in (2, 3, 4):
            start = match.start() - size
            opens = start == 0 or (start > 0 and _BOUNDARY.search(folded, start - 1, start))
            prefix = folded[max(start, 0) : match.start()]
            if opens and not _BOUNDARY.search(prefix) and not _of_words(prefix, is_word):
                found.append((start, match.end()))
                break
    return found


def _of_words(prefix: str, is_word: Callable[[str], object]) -> bool:
    """Whether it is a word, or words in a row: 智能客服; 建成供 of a word and a character."""
    if is_word(prefix):
        return True
    if len(prefix) == 3:
        return bool(is_word(prefix[:2]))
    return len(prefix) == 4 and bool(is_word(prefix[:2]) and is_word(prefix[2:]))


def quoted_names(text: str) -> list[tuple[int, int]]:
    """The ranges of what stands in quotation marks or title marks, without the marks."""
    return [match.span(1) for match in _QUOTED.finditer(text)]


def latin_names(text: str) -> list[tuple[int, int]]:
    """The ranges of capitalised names, of words that are names alone."""
    found: list[tuple[int, int]] = []
    for match in _LATIN.finditer(text):
        start, end = match.span()
        while start < end and (first := re.match(r"[\w'&.-]+\s*", text[start:end])) and _common(first[0]):
            start += first.end()
        while start < end and (last := re.search(r"\s*[\w'&.-]+$", text[start:end])) and _common(last[0]):
            end = start + last.start()
        name = re.sub(r"['’]s$", "", text[start:end].rstrip(".'"))
        if len(name) > 1 and not name.isdigit():
            found.append((start, start + len(name)))
    return found


def _common(word: str) -> bool:
    return word.strip().lower().rstrip("'s.") in _NO_NAME or word.strip().lower() in _NO_NAME
