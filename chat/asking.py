"""The forms in which people ask: a table of patterns, and what each asks for.

Patterns read folded text (`ingest.fold`): simplified script, lower case, half width. A pattern's whole match is the
interrogative and says nothing of the subject, so it is taken out before the question's own words are looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.types import FigureKind
from ingest.unit_table import MEASURES, UNITS
from ingest.units import alternative

Want = Literal["figure", "date", "duration", "name", "list", "text"]
SpanKind = Literal["person", "place", "organisation", "title", "name", "list", "stretch"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to ask: what is wanted, and which kinds of Figure or of named span can answer, best first; `explains` where
    an explanation is wanted, whatever is measured in the question.
    """

    want: Want
    kinds: tuple[FigureKind, ...]
    pattern: re.Pattern[str]
    spans: tuple[SpanKind, ...] = ()
    explains: bool = False


_COUNT: tuple[FigureKind, ...] = ("amount", "duration")
PART: tuple[FigureKind, ...] = ("percent", "amount", "points")
_MONEY: tuple[FigureKind, ...] = ("money",)
_SHARE: tuple[FigureKind, ...] = ("percent", "points")
_ORDINALS: tuple[FigureKind, ...] = ("ordinal", "rank")
_ANY: tuple[FigureKind, ...] = ("amount", "money", "percent", "points", "duration")
_PEOPLE: tuple[SpanKind, ...] = ("person", "organisation", "name")
_BODIES: tuple[SpanKind, ...] = ("organisation", "name", "title")
_PLACES: tuple[SpanKind, ...] = ("place", "name")
_PLACE_LIST: tuple[SpanKind, ...] = ("list", "place", "name")
_THINGS: tuple[SpanKind, ...] = ("title", "name", "organisation")
_ANYTHING: tuple[SpanKind, ...] = ("stretch", "title", "name", "organisation", "place", "person")
_LISTED: tuple[SpanKind, ...] = ("list", "title", "organisation", "name")
_MEASURE_OF_TIME = "(?:个月|年|个年头|天|日|小时|分钟|个季度|周)"

# A measure word after 多少 or 几; it is read as the asked unit where it names one.
_PRINTED = [form for unit in UNITS if unit.family != "percent" for form in unit.printed if not form.isascii()]
_MEASURED = [f"{word}(?!{guard})" if guard else word for word, guard in MEASURES]
_MEASURE = (
    f"(?:万元|亿元|块钱|{'|'.join(map(alternative, sorted(_PRINTED, key=len, reverse=True)))}|{'|'.join(_MEASURED)}|期)"
)


_SCALE = "(?:个?[十百千]?[万亿]|[百千](?=[美港欧]?元))?"  # 多少亿, 多少百万美元
_AUXILIARY = "(?:is|was|are|were|does|did|do|has|have|had|can|could|will|would|may|should)"
# Verbs behind one that does something, which end as what is many does: "which body works with".
_DOES = (
    r"(?:works|runs|makes|owns|leads|holds|supplies|provides|offers|helps|uses|covers|serves|operates|builds|sells|buys|manages|"
    r"measures|regulates|oversees|sets|pays|gives|takes|tracks|monitors|backs|supports|publishes|issues|audits|produces|"
    r"develops|lets|allows|tells|shows|states|says|describes|lists|gets|comes|goes|stands|sits|lies|has|accounts|contributes|"
    r"employs|brings|keeps|needs|earns|reads|checks|controls|handles|protects|insures|funds|lends|teaches|trains|treats)"
)
_SOME = r"(?:two|three|four|five|six|seven|eight|nine|ten|main|key|various|different|[0-9]+)"
_MANY = r"(?!(?:was|is|does|has|this|its|his)\b)\w+(?:ies|es|[^s]s)\b"
_PLURAL = rf"(?:{_MANY}|(?:(?!(?:{_AUXILIARY}|{_DOES})\b)\w+ ){{1,2}}(?!{_DOES}\b){_MANY})(?! ?(?:is|was|has)\b)"


_LED_TO = re.compile(r"\b(?!(?:and|or)\b)[a-z]+ (?:in|of|on|at|to|for|by|from|with|through|under) $")


def _form(want: Want, kinds: tuple[FigureKind, ...], *patterns: str) -> Form:
    return Form(want, kinds, re.compile("|".join(patterns)))


def _explained(*patterns: str) -> Form:
    return Form("text", (), re.compile("|".join(patterns)), explains=True)


def _names(want: Want, spans: tuple[SpanKind, ...], *patterns: str) -> Form:
    return Form(want, (), re.compile("|".join(patterns)), spans)


FORMS: tuple[Form, ...] = (
    # Chinese, the particular before the general
    _form(
        "figure",
        _ORDINALS,
        r"第(?:几|多少)" + _MEASURE + "?",
        r"排名?(?:在|到)?第几|(?:排名|排行|名次|位次)(?:是|为|在)?(?:多少|如何|几|第几)|名列第几",
    ),
    _form("figure", ("points", "percent"), r"(?:多少|几)个?(?:百分点|基点)"),
    _form("figure", _SHARE, r"(?:多少|几)(?:个点|趴)", r"(?:多少|几)个?百分比"),
    _form(
        "figure",
        _SHARE,
        r"占?百分之(?:几|多少)",
        r"占?几成",
        r"占?(?:多大|多高|多少|什么|怎样)的?(?:比例|占比|比重|份额|比率)",
    ),
    _form(  # of some, how many are such: a share says it as well as a number
        "figure",
        PART,
        r"(?:(?<=[中里])|(?<=当中,|其中,|里面,))有?(?:多少|几)(?:[个名位户家人只间])?(?=是|来自|为|属于|由)",
        r"(?:多少|几)[个名位户家]?(?:客户|用户|顾客|员工|企业|门店|供应商|人)(?=是?来自|是[^\s]{1,8}的)",
    ),
    _form("figure", _MONEY, r"(?<=[放贷捐筹募还借存][了出过])(?:多少|几)款|(?<=[放贷捐筹募还借存])(?:多少|几)款"),
    _form(
        "figure",
        _MONEY,
        rf"(?:多少|几){_SCALE}(?:钱|元|块钱|块(?=$|[?？,，。的呢啊吧了])|资金|人民币|美元|港元|欧元|美金)",
        r"(?:多少|几)(?=[电水煤气学房管运路邮药][费租])|(?:多少|几)(?=费用|薪水|工资|奖金|罚[款金]|租金|利息|税)",
        r"花(?:了)?多少(?!时间|小时|年|天|个?月|精力)",
    ),
    _form(
        "figure",
        ("money", "percent"),
        rf"(?:多少|几)(?!{_MEASURE})(?=[\u3400-\u9fff]{{0,4}}(?:贷款|存款|保费|补贴|补助|利润|营收|资金|奖金|租金|罚金|[税善捐罚赔借欠价货]款|救灾款)(?:[?？,，]|$))",
    ),
    _form(
        "date",
        ("date",),
        r"(?:在|于)?(?:什么时[候后]|何时|什么时间|(?:什么|哪(?:一)?个?|何)(?:年代|时代|时期|世纪|朝代)"
        r"|(?<!多长)(?<!多少)(?:时间|日期)(?:是|为)?(?:什么)?(?=[?？]?$)|[哪何](?:一)?(?:年|天|日|个?月)|哪几年间?|几月(?:几[日号])?|几[号日])",
    ),
    _form("duration", ("duration",), r"多久|多长时间|多少时间|(?:多少|几)" + _MEASURE_OF_TIME),
    _names("list", _PLACE_LIST, r"哪些(?:国家|地区|省份|省|城市|地方|市)|哪几个(?:国家|省|城市|地区)"),
    _names(
        "name",
        _PLACES,
        r"(?:在)?(?:哪里|哪儿|什么地方|何处|何地|哪一?带|哪一?片)(?:人(?=[?？。]|$))?|哪(?:一)?(?:个|座)?(?:国家|省份|省|城市|地区|县|市)",
    ),
    _names(
        "list",
        _LISTED,
        r"(?:有)?哪些|哪[几两二三四五六七八九十](?:家|个|种|项|类|款|套|只|位|名|大|步|条|座|所)?|(?:都)?有(?:些)?什么(?=$|[?？。])",
    ),
    _names(
        "name",
        _PEOPLE,
        r"(?:(?<=行长|老板|总裁|主席|院长|校长|主任|总监|店主|一哥)|(?<=董事长|创始人|负责人|总经理|执行官|ceo|cfo|coo))的?"
        r"(?:是)?叫(?:做)?(?:什么|啥)(?:名字?|名称)?",
    ),
    _names(
        "name",
        _THINGS,
        r"(?<=产品|系统|项目|计划|品牌|平台|活动|工程|电影|影片|片子|基金)(?:是)?叫(?:做)?什么(?:名字?|名称)?",
    ),
    _names("name", _PEOPLE, r"是谁|谁|哪(?:一)?位|叫(?:做)?什么名字(?=.{0,3}$)"),
    _names("name", _BODIES, r"哪(?:一)?(?:家|所)"),
    _names("name", _THINGS, r"哪(?:一)?(?:个|款|种|座|项|部|届|只)|叫(?:做)?什么(?:名字)?|什么名(?:字|称)"),
    _form("figure", _COUNT, r"(?:多少|几)(?:[万亿])?(?=" + _MEASURE + r"|名?[员学顾客用农]|种|小微|企业)"),
    _form(
        "figure",
        _ANY,
        r"(?:有|是|为|达到?|共)?(?:多少|(?<![很许众诸更较最繁伦])多[大高长重远深宽厚快热冷](?!学|厦)|几(?=[^乎何]|$))",
    ),
    _explained(
        r"为什么|为何|为啥|(?:什么|何种|哪些)(?:原因|缘故|理由)|(?:原因|理由)(?:是|为|有)(?:什么|哪些)|怎么(?!样|变)"
    ),
    _form("text", (), r"怎么样?|如何|什么样|是否|有没有|什么是|(?:是|做|干|说)什么(?=$|[?？。的呢啊])"),
    _names("name", _ANYTHING, r"何[种国省人者物]|[哪何]一|什么|哪|(?<=[于在由以用为是从对属])何|何(?=[处地])"),
    # English
    _form("figure", _SHARE, r"\bhow many (?:percent|per ?cent|pct)\b|\bhow many out of (?:ten|\d+|every)\b"),
    _form(
        "figure",
        PART,
        r"\bhow many of\b",
        r"\bhow many (?=(?:\w+ ){1,3}(?:(?:are|were|come|came) from|are in|live in)\b)",
    ),
    _form("figure", ("points", "percent"), r"\bhow many (?:basis|percentage) points\b"),
    _form(
        "figure",
        _SHARE,
        r"\b(?:what|which) (?:percent(?:age)?|proportion|share|fraction|portion)\b(?: of)?",
        r"\bwhat part of\b",
    ),
    _form("figure", _SHARE, r"\bhow (?:large|big|high) (?:a|was the|is the) (?:share|proportion|percentage)\b(?: of)?"),
    _form(
        "date",
        ("date",),
        r"^(?:the )?(?:[a-z]+ ){0,2}date (?=of\b|for\b)|\b(?:when|(?:what|which) (?:date|day|month|year|time)|on what (?:date|day))\b",
    ),
    _form("duration", ("duration",), r"\b(?:how long|how many (?:consecutive )?(?:years|months|days|weeks|hours))\b"),
    _form(
        "figure",
        ("percent", "points", "money", "amount", "duration"),
        r"\bhow much of (?:the|its|their|our|all|your)\b",
    ),
    _form(
        "figure",
        _COUNT,
        r"\b(?:how many|what (?:is|was|were|are) the (?:total )?number of|(?<!on the )(?<!by the )number of)\b",
    ),
    _form(
        "figure",
        _MONEY,
        r"\bhow much (?:[a-z]+ ){0,2}(?:money|cash|funding|capital|credit)\b|\bwhat (?:sum|amount)\b(?: of)?",
    ),
    _form("figure", _ANY, r"\bhow much\b(?= (?!did|do|does|was|is|were|are|has|have|had|in|of|less|more)[a-z])"),
    _form("figure", ("money", "percent", "points", "amount"), r"\bhow much\b"),
    _form("figure", _ANY, r"\bhow (?:large|big|high|low|great|far|fast|often)\b"),
    _names("list", _PLACE_LIST, r"\b(?:which|what) (?:countries|cities|regions|provinces|states|places)\b"),
    _names("name", _PLACES, r"\bwhere\b|\b(?:which|what) (?:country|city|region|province|state|place)\b"),
    _names(
        "name", _PEOPLE, r"(?:^|[,;:?.!] ?|\b(?:and|me|know|is it|was it|but|so|by|to|wonder|out) )(?:who|whose|whom)\b"
    ),
    _names(
        "name",
        _PEOPLE,
        r"\b(?:what|how) (?:is|was) (?:he|she)\b(?= (?:called|named))|\bwhat (?:is|was) (?:his|her) name\b",
    ),
    _names(
        "name",
        _THINGS,
        r"\b(?:what (?:is|was)|what are|tell me|give me) the (?:name|title)s?\b(?: of)?|^(?:the )?(?:name|title) of\b",
        rf"\b(?:what|how)(?: {_AUXILIARY})?\b(?=.*\b(?:called|named|titled|known as)\b)",
    ),
    _names(
        "list",
        _LISTED,
        rf"\b(?:which|what) {_SOME}\b|\bwhat (?:are|were) the {_SOME}\b",
        rf"\b(?:which|what) (?!{_AUXILIARY}\b)(?={_PLURAL})|\blist\b|\bname the\b",
    ),
    _names("name", _BODIES, r"\bwhich\b"),
    _names(
        "name",
        _ANYTHING,
        rf"\bwhat (?!(?:{_AUXILIARY}|about|if|happens?|happened|else|makes|made|drove|caused)\b)(?=[a-z])",
    ),
    _explained(
        r"\bwhy\b|\bhow come\b|\bwhat (?:is|was|are|were) the (?:\w+ )?(?:reason|cause|purpose|implication|basis|factor|driver)s?\b|\bwhat (?:is|was|are|were) the results? of (?:the|this)\b",
        r"\bwhat (?:is|was|are|were)\b(?=.*\b(?:due|attributable) to ?[?.]?$)",
        rf"\bwhat (?:{_AUXILIARY} )?(?:cause|caused|drive|drove|drives|led|explain|explains|explained)\b",
        r"\bhow\b(?! (?:many|much|long|large|big|high))(?=.*\b(?:\w+(?:is|iz)ed|attributed|determined|defined|measured|calculated|recorded|classified|accounted|presented|treated)\b)",
        r"\bwhat (?:does|do|did)\b(?=.*\b(?:include|reflect|consist|comprise|represent|follow|mean|contain|cover|involve)\b)",
    ),
    _form("text", (), r"\bhow\b|\bwhat (?:is|was|are|were|does|did|do|has|have)\b|\bwhat\b"),
)

# Words of the subject that show which kind of figure a plain 多少 or "what was" is about, by how the subject ends.
SHARES = re.compile(
    r"(?<!应)占[^,。;?？]{0,10}(?:多少|几[成分])(?!家|户|人|名|个[^百])|多少(?:比例的?|股份|股权|表决权|投票权)|百分[比数]|(?:占比|比例|比重|比率|份额|增速|增幅|增长率|涨幅|降幅|[^效频利汇]率|收益率|利率|毛利率|净利率)(?:是|为|有|达|约|大概)?"
    r"|同比(?:增长|下降|增加|减少)|\b(?:ratio|rate|margin|percentage|growth|proportion)s?\b"
    r"|(?<!per )(?<!diluted )(?<!basic )(?<!ordinary )\bshare(?! price| capital)\b"
)
MONEY = re.compile(
    r"(?:余额|金额|收入|营收|利润|资产|负债|市值|投资额?|投入|成本|费用|支出|销售额|交易额|额度|资金|贷款额|保费|"
    r"的钱|(?:[赚挣赔罚亏拨捐])[了到过出]?多少(?!只|台|辆|家|个|人|名)|存款|理财规模|管理规模|融资额?|捐赠|捐资|捐款|赔付|分红|税|借款|利息|薪酬|工资)"
    r"|\b(?:balances?|revenues?|income|profits?|assets?|liabilities|sales|costs?|expenses?|spending|spend|investment|capital|"
    r"premiums?|deposits?|donat\w+|worth|budget|funds|loan amount|earnings|dividends?|compensation|capex|turnover|earn|make (?:a|per|each) (?:month|year|week)|backlog|loans? outstanding|(?:book|fair|market) value|value of|receivables?|payables?|debts?|losses|loss|prices?|pay|paid|goodwill|impairments?|write-?(?:down|off)s?|amorti[sz]ation|depreciation|(?:provision|allowance) for|borrowings?|indebtedness|proceeds|ebitda?|penalties|fines|accrued|inventor(?:y|ies)|exposure to|cash (?:flows?|and cash equivalents|balance|provided|used|generated)|(?:total|shareholders'|stockholders') equity|"
    r"raise|shell out|per (?:diluted |basic |ordinary )?share)\b"
)
# What is counted or measured by itself, never as a share.
AMOUNTS = re.compile(
    r"(?:[^质力测]量|人数|户数|次数|件数|总数|数量|面积|容量|里程)(?:一共|总共|大概|约)?(?:是|为|有|达|$|[?？])"
    r"|\b(?:number|headcount|volume|area|capacity|output|consumption) of\b"
)
_LATIN_UNITS = sorted(
    {
        form
        for unit in UNITS
        if unit.family not in ("percent", "money")
        for form in unit.printed
        if form.isascii() and len(form) > 3
    },
    key=len,
    reverse=True,
)
# "What was the loan balance?" asks for a figure though its words ask for anything.
MEASURED = re.compile(
    r"数(?:量)?(?:是|为|有|$)|[^质力测]量(?:是|为|$|[?？])|(?:距离|长度|高度|深度|宽度|速度|温度|重量|价格|人口|年龄|票房|时速)(?:是|为|有|$|[?？])|人数|户数|总量|总数|产量|排放量|用量|销量|规模|次数|面积|容量|装机"
    r"|\b(?:numbers?|total|amounts?|increases?|decreases?|declines?|reductions?|maximum|minimum|emissions?|consumption|headcount|capacity|volume|area|average|typical|intensity|output|size|length|hours|per (?:head|person|capita|customer|user|client|borrower|household))\b"
    r"|\b[a-z]+s (?:sold|carried|shipped|served|produced|made|employed|delivered|opened|closed|installed|planted|trained|issued)\b"
    rf"|\bin (?:{'|'.join(map(re.escape, _LATIN_UNITS))}|per ?cent|percentage|dollars|euros|pounds|yuan|cents)(?![a-z])"
)
# What a thing is measured in, by its name: families of units (`ingest.units.unit_family`).
FAMILIES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            r"发电|用电|耗电|电量|节电|省电|(?:多少|几)度?电(?![费话影视脑子商池动站])|\bhow much (?:electricity|power|energy)\b|\b(?:electricity|power) (?:use|consumption|generat|produc)|\bgenerat\w+ of electricity"
        ),
        ("energy",),
    ),
    (re.compile(r"装机|装置容量|\binstalled capacity\b"), ("power",)),
    (
        re.compile(
            r"用水|取水|耗水|水量|(?:多少|几)吨?水(?![费果电库产泥])|\bhow much water\b|\bwater (?:use|consumption|withdraw)"
        ),
        ("volume", "mass"),
    ),
    (
        re.compile(
            r"排放量|碳排|温室气体|范[围畴][一二三]|(?:多少|几)吨?(?:碳|二氧化碳)|\bhow much (?:carbon|co2|greenhouse gas)\b|\bemissions\b"
        ),
        ("carbon", "mass"),
    ),
    (re.compile(r"废弃物|垃圾|\bhow much waste\b|\bwaste\b"), ("mass",)),
    (re.compile(r"面积|占地|\bfloor area\b|\bhectares\b"), ("area",)),
    (
        re.compile(
            r"里程|距离|全长|[高深长宽]度|海拔|直径|水深|身高|(?<![率度力额价本费])多[高深宽远]|\bdriving range\b"
            r"|\bhow (?:tall|deep|wide|far)\b|\b(?:length|height|depth|width|altitude|elevation|diameter)\b"
        ),
        ("length",),
    ),
    (re.compile(r"多长(?!时)"), ("length", "duration")),
    (re.compile(r"气温|温度|\btemperature\b"), ("temperature",)),
    (re.compile(r"重量|体重|多重|\bhow heavy\b|\bweight of\b"), ("mass",)),
    (re.compile(r"培训时|受训时|时长|时数|\b(?:training|volunteer\w*) hours\b|\bhours of\b"), ("duration",)),
)
# The kind of thing asked for: 哪一所[大学], 什么[职务], "which [river]".
THING = re.compile(
    r"(?:哪[一几两二三四五六七八九十]?(?:[个些家所款种座项部届只条支位名门本类层级套]|几[个家种项座所款位部类本场条间名]?+)?+|什么|何种?|叫做?)"
    r"((?:(?![的是在有了向做买卖设能会将被把给与和及得去里儿位个哪])[\u3400-\u9fff]){1,4})"
    rf"|\b(?:what (?:are|were) the {_SOME}|what|which) (?:{_SOME} )?((?:(?!{_AUXILIARY}\b)[a-z0-9'-]+ ){{0,3}}?(?!{_AUXILIARY}\b)[a-z-]+)"
    rf"(?= (?:{_AUXILIARY}|in|of|on|at|to|for|by|from|with|that|{_DOES}|[a-z]+ed|won|led|made|gave|took|grew|rose|fell|got|ran|set|sold|bought|held)\b|[?,;.]|$)"
    rf"|\b(?:what|which) (?!{_AUXILIARY}\b)([a-z]+)"
)
SEVERAL = re.compile(r"分别|各(?:是|为|有|自)|各\w{0,3}(?:多少|几)|\brespectively\b|\beach\b(?= *[?.]?$)|\bboth\b")
# What is counted, behind 多少家 and "how many".
COUNTED = re.compile(
    r"(?:多少|几)(?:[万亿])?(?:" + _MEASURE + r"|名)?+的?((?!是|来自|属于|在|被|会|能|用)[\u3400-\u9fff]{2,8})"
    r"|\bhow many (?!times|of|did|does|do|was|were|is|are|has|have|had)((?:[a-z'-]+ ){0,3}?[a-z'-]+)"
    r"(?= (?:did|does|do|was|were|is|are|has|have|had|can|could|will|would|[a-z]+ed|got|joined|in|of|at|by|to|on)\b|[?]|$)"
)
ENGLISH_UNIT = re.compile(
    rf"(?:\bhow many (?:million |thousand |billion )?|\bnumber of |^)({'|'.join(map(re.escape, _LATIN_UNITS))})(?![a-z])"
)
MEASURE_AFTER = re.compile(rf"(?:多少|几){_SCALE}(" + _MEASURE + r")")


def forms_in(text: str) -> list[tuple[Form, int, int]]:
    """The ways of asking that folded `text` uses, with their ranges, from left to right."""
    found: list[tuple[int, int, int, Form]] = []
    for rank, form in enumerate(FORMS):
        found.extend((match.start(), match.end(), rank, form) for match in form.pattern.finditer(text))
    taken: list[tuple[Form, int, int]] = []
    for start, end, _, form in sorted(found, key=lambda item: item[2]):
        if end > start and all(end <= other_start or start >= other_end for _, other_start, other_end in taken):
            taken.append((form, start, end))
    taken.sort(key=lambda item: item[1])
    taken = [item for at, item in enumerate(taken) if not at or not _is_relative(text, item)]
    return [item for item in taken if item[0].want != "text" or _asks_measure(text, item)] or taken[:1]


def _is_relative(text: str, item: tuple[Form, int, int]) -> bool:
    """Whether a "which" is no interrogative: "the provinces in which lending grew"."""
    return text.startswith("which", item[1]) and bool(_LED_TO.search(text[: item[1]]))


def _asks_measure(text: str, item: tuple[Form, int, int]) -> bool:
    """Whether a "what is" that is not the only form asks for something measured: "... and what is its capacity?"."""
    rest = re.split(r"[,;?]| and ", text[item[2] :], maxsplit=1)[0]
    return any(subject.search(rest) for subject in (SHARES, MONEY, MEASURED))
