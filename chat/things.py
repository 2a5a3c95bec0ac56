"""The thing that a Figure's label names, if it is one that people ask for by that name.

A label is what stands beside a figure, cut out by rule: "net income", but also "an increase" or 效专利 (of 有效专利). What it
names must be known for what organisations have, make or measure, and stand in its Document as whole words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chat.names import profile
from index.lexicon import Lexicon, key_of
from index.stopwords import STOP
from ingest.fold import fold
from ingest.types import Document, Figure
from ingest.units import NOUN

_SHORTEST, _LONGEST, _LONGEST_ENGLISH = 2, 14, 40  # characters
_BESIDE = 80  # characters between a figure and its label
_HAN = re.compile(r"[\u3400-\u9fff]")
_OWN = re.compile(
    r"^(?:本公司|该公司|公司|本行|该行|全行|本集团|集团|全国|其中|相关|合计|累计|总计|全年|期末|年末|的)+"
)
_GOT = re.compile(r"^(?:录得|取得|实现|获得|拥有|设立|设有|受理|建成|投放|支付|完成|共有|现有|共|有)")
_LOOSE = re.compile(r"[了仅只但且并及和与或等从向于对在为将拟使让把被每其较比占达约超近逾中内外上下各]")
_CHANGED = re.compile(r"(?:提升|提高|增加|增长|新增|减少|下降|降低|节约|节省|平均|人均|单笔|户均)的?$")
_BARE = frozenset(  # of what, nobody would know
    "项目 品牌 平台 设备 基地 人员 车辆 机构 学校 医院 酒店 用户 客户 资金 里程 金额 总金额 总额 净额 额度 份额 规模 利率 利息 比例 占比 比重 总量".split()
)
_DEED = re.compile(
    r"(服务|识别|覆盖|支持|帮助|惠及|培训|资助|救助|建成|搭建|推出|发放|投入|捐赠|捐出|交付|回收|受理|保护|守护|吸纳|投放)(?:了|小微|超|过|逾|近|约)*$"
)
SHARE = re.compile(r"(?:率|比例|占比|比重|份额)$")
"""The end of a Chinese name for a share."""
MEASURED = re.compile(r"(?:量|面积|里程|产能|容量|能耗|电耗|水耗)$")
"""The end of a Chinese name for what is measured."""
HAD = re.compile(
    r"(?:用户|客户|会员|员工|职工|雇员|人员|工程师|教师|学生|志愿者|股东|董事|监事|子公司|分公司|分行|支行|网点|门店|店铺|分支机构|"
    r"酒店|医院|学校|工厂|基地|平台|专利|汽车|车辆|新能源车|飞机|设备|充电桩|换电站|电站|供应商|经销商|合作伙伴|品牌|项目)$"
)
"""The end of a Chinese name for what organisations have: how many are asked for, as not of countries, farmers or crops."""

_MOVED = frozenset(
    "rose rise fell fall grew grow dropped declined decreased increased improved climbed reached totalled totaled amounted"
    " recorded received spent earned made paid served announced identified remained stood came went".split()
)
_INSIDE = frozenset("of and in per for to &".split())
PEOPLE = frozenset("employee staff people colleague".split())
HAD_ENGLISH = PEOPLE | frozenset(
    "member customer user subscriber client account student volunteer engineer shareholder subsidiary branch office store"
    " shop cafe restaurant hotel factory plant mill mine site warehouse supplier vendor distributor partner brand project"
    " patent vehicle aircraft truck car machine device".split()
)
SHARE_ENGLISH = frozenset(
    "rate ratio margin share percentage proportion gap yield coverage utilisation utilization".split()
)
_MEASURED_ENGLISH = frozenset(
    "emission consumption output production generation withdrawal use usage waste capacity sale volume shipment".split()
)


def thing_of(figure: Figure, document: Document, owner: str) -> str:
    """The thing that the Figure tells of, folded in Chinese; "" for none. `owner` is whom the Document is about."""
    label = figure.label.strip()
    if not _HAN.search(label):
        return _in_english(label.removeprefix(owner).strip())
    if not _stands(label, figure, document):
        return ""
    named = fold(label.removeprefix(owner))
    for cut in (_OWN, _GOT, _OWN):
        named = cut.sub("", named)
    return named if _is_thing(named := whole_name(named)) else ""


def deed_of(figure: Figure, document: Document) -> tuple[str, str]:
    """(by whom, what was done) where the Figure tells of a deed in Chinese, "识别15种作物": by the name in quotation marks
    that stands before it in its sentence, "" for whom the Document is about; what is "" where it tells of none.
    """
    low = max(figure.start - _BESIDE, 0)
    before, label = fold(document.text[low : figure.start]), fold(figure.label.strip())
    sentence = before[max(before.rfind(mark) for mark in "。;!?\n") + 1 :]
    match = _DEED.search(sentence.removesuffix(label))
    quoted = profile(document).quoted
    by = [(sentence.rfind(name), name) for name in quoted if name in sentence]
    return (max(by)[1] if by else "", match[1]) if match else ("", "")


def done(figure: Figure) -> str:
    """What a deed was done to or with, by the Figure's label, folded; "" where that is no name."""
    named = fold(figure.label.strip())
    fits = re.fullmatch(r"[\u3400-\u9fff]{2,10}", named) and not _LOOSE.search(named) and named not in _BARE
    return named if fits else ""


def whole_name(named: str) -> str:
    """A Chinese name with what is left out of it beside a figure: 排放 is told by its 量."""
    return named + "量" if named.endswith("排放") else named


def _is_thing(named: str) -> bool:
    known = re.fullmatch(rf"[\u3400-\u9fff]*(?:{NOUN.pattern}|{SHARE.pattern}|{MEASURED.pattern})", named)
    return bool(known) and _SHORTEST <= len(named) <= _LONGEST and named not in _BARE and not _LOOSE.search(named)


def _stands(label: str, figure: Figure, document: Document) -> bool:
    """Whether the label stands beside the figure as whole words, and is what is told, not by how much it grew."""
    low = max(figure.start - _BESIDE, 0)
    text, folded = fold(document.text[low : figure.end + _BESIDE]), fold(label)
    at = text.find(folded)
    changed = _CHANGED.search(text, max(at - 4, 0), max(at, 0)) or folded.startswith(("单笔", "平均", "人均", "户均"))
    some = document.text[figure.start - 1 : figure.start] == "的"  # 受灾的1.5万客户 are not all that there are
    return at >= 0 and not changed and not some and whole_words(text, at, at + len(folded))


def whole_words(text: str, start: int, end: int) -> bool:
    """Whether a range of folded text begins and ends where words do: 效专利 begins in 有效, 联合会 ends in 会计."""
    known = Lexicon.load().listed

    def between(at: int, own: str) -> bool:
        across = text[at - 1 : at + 1] if at else ""
        return len(across) < 2 or not all(map(_HAN.match, across)) or not known(across) or bool(known(own))

    return between(start, text[start : start + 2]) and between(end, text[end - 2 : end])


def _in_english(label: str) -> str:
    said = label.split()
    lower = [word.lower() for word in said]
    if not _SHORTEST < len(label) <= _LONGEST_ENGLISH or not all(re.fullmatch(r"[A-Za-z&'-]+", word) for word in said):
        return ""
    if {lower[0], lower[-1]} & STOP or any(word in _MOVED or word in STOP - _INSIDE for word in lower):
        return ""
    known = any(key_of(" ".join(lower[at:])) in _terms() for at in range(len(lower)))
    if not known and head_of(label) not in HAD_ENGLISH | SHARE_ENGLISH | _MEASURED_ENGLISH:
        return ""
    opens = all(word[1:].islower() for word in said[:1]) and all(word.islower() for word in said[1:])
    return label[0].lower() + label[1:] if opens else label  # the capital of a sentence is no name's


@lru_cache(maxsize=1)
def _terms() -> frozenset[str]:
    return frozenset(Lexicon.load().terms)


def head_of(term: str) -> str:
    """The last word of an English term, in the singular."""
    word = term.split()[-1].lower()
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(?:ch|sh|ss|x)es$", word) else re.sub(r"(?<![su])s$", "", word)


def is_plural(term: str) -> bool:
    """Whether the last word of an English term is in the plural."""
    word = term.split()[-1].lower()
    return word == "people" or word != head_of(word)


def plural(term: str) -> str:
    """An English term in the plural."""
    if is_plural(term):
        return term
    if re.search(r"[^aeiou]y$", term):
        return term[:-1] + "ies"
    return term + ("es" if re.search(r"(?:ch|sh|s|x)$", term) else "s")
