"""Units: what a figure is counted or measured in.

In: folded text after a number, the name of a unit, or a counted noun. Out: the Unit printed there, whether two names
mean the same unit, the family of a unit, and the unit that a noun implies. The tables are in `ingest.unit_table`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from ingest.unit_table import COUNTED, MEASURES, MONEY, UNITS, Unit

# Forms that only capitals tell apart, by how they are printed.
_CASED = {"ML": "megalitres", "MT": "tonne", "L": "litre", "T": "tonne", "M": "", "G": "", "X": "x", "H": ""}
# Forms that need more than the end of a word after them.
_GUARDS = {
    "年": r"(?![报会检审息化产均度末底初终])",
    "日": r"(?![期常本报均元圆益记志语产])",
    "周": r"(?![期转边年围到报])",
    "天": r"(?![然津数气猫空弘])",
    "度": r"(?=电|[,。;、)\s]|$)",
    "吨": r"(?!位)",
    "角钱": "",
    "圆": r"(?=[,。;、)\s整]|$)",
    "米": r"(?![其饭面粉])",
    "克": r"(?![服拉朗])",
    "斤": r"(?!斤)",
    "升": r"(?![级值至幅温])",
    "秒": r"(?!杀)",
    "桶": "",
    "岁": r"(?!月)",
    "倍": r"(?![数增])",
    "分钟": "",
    "元": r"(?![件素旦宇气])",
}
_ATTACHED = frozenset(("x", "bp", "pp", "g", "l", "m"))
"""Forms that only count directly after the number (2.5x), since alone they stand for other things."""

_BY_NAME: dict[str, Unit] = {}
for _unit in UNITS:
    for _form in (_unit.chinese.lower(), _unit.english.lower(), *_unit.printed):
        if _form:
            _BY_NAME.setdefault(_form, _unit)
_MEASURES: dict[str, Unit] = {word: Unit("count", word, "") for word, _ in MEASURES}
for _word, _unit_of in (("名", "人"), ("位", "人"), ("家次", "家"), ("人日", "人天")):
    _MEASURES[_word] = _BY_NAME.get(_unit_of) or _MEASURES[_unit_of]
_SYMBOLS = {"$": "USD", "us$": "USD", "hk$": "HKD", "nt$": "TWD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD"}
_SYMBOLS |= {"s$": "SGD", "nz$": "NZD", "r$": "BRL", "€": "EUR", "£": "GBP", "¥": "CNY", "₹": "INR", "₩": "KRW"}
_SYMBOLS |= {"jp¥": "JPY", "cn¥": "CNY", "rmb¥": "CNY", "rs.": "INR", "rs": "INR", "eu€": "EUR", "mop$": "MOP"}
_EXTRA = {"NZD": ("新西兰元", "NZD"), "BRL": ("巴西雷亚尔", "BRL")}
for _code, (_chinese, _english) in _EXTRA.items():
    _BY_NAME[_code.lower()] = _BY_NAME[_chinese] = Unit("money", _chinese, _english)
CURRENCIES: dict[str, Unit] = {symbol: _BY_NAME[code.lower()] for symbol, code in _SYMBOLS.items()}
CURRENCIES |= {
    name: _BY_NAME[name]
    for name in "人民币 美元 港元 港币 欧元 英镑 日元 新台币 澳元 加元 rmb cny usd hkd eur gbp jpy twd aud cad sgd chf inr krw"
    " nzd brl rub mop sek nok dkk".split()
}


def alternative(form: str) -> str:
    """The pattern of a printed form of a unit, with what must not follow it."""
    if form in _GUARDS:
        return re.escape(form) + (f"(?:{_GUARDS[form]})" if _GUARDS[form] else "")
    ends_in_letter = form[-1].isascii() and form[-1].isalnum()
    return re.escape(form) + ("(?![a-z0-9])" if ends_in_letter else "")


def _compile() -> re.Pattern[str]:
    rows = [(form, alternative(form)) for unit in UNITS for form in unit.printed]
    rows += [(word, f"{word}(?!{guard})" if guard else word) for word, guard in MEASURES]
    rows.sort(key=lambda row: (row[0][0], -len(row[0])))
    chinese = _choice([row for row in rows if not row[0].isascii()])
    latin = _choice([row for row in rows if row[0].isascii()])
    return re.compile(rf"(?P<gap> ?-?)(?:(?P<symbol>[%‰])(?![ -]points?)|(?P<chinese>{chinese})|(?P<latin>{latin}))")


def _choice(rows: list[tuple[str, str]]) -> str:
    """A pattern of the longest that fits of (form, pattern) rows in order of their first characters, told apart by these."""
    return "|".join(
        f"{first}(?:{'|'.join(pattern.removeprefix(first) for _, pattern in group)})"
        for first, group in groupby(rows, lambda row: re.escape(row[0][0]))
    )


_PATTERN = _compile()
_BEGIN = frozenset(form[0] for unit in UNITS for form in unit.printed) | {word[0] for word, _ in MEASURES} | set(" -%‰")
"""What a unit begins with: told from the first character, many numbers have none."""
_PER = re.compile(r" ?(?:/ ?|per )(?P<of>[a-z]+[0-9]?|[\u4e00-\u9fff](?:瓦时|方米|元)?)")
_PER_NAMES = frozenset(
    "share unit tonne ton day hour month year week person employee customer user barrel ounce kwh mwh kg km m2 m3 acre"
    " litre gallon vehicle store head night 股 吨 人 户 年 月 天 日 台 件 套 万元 平方米 立方米 千瓦时 千克 亩 家 小时 次 份 桶".split()
)


def read_unit(folded: str, at: int, text: str | None = None) -> tuple[Unit, int] | None:
    """The unit printed at `at` of folded text, after one space or hyphen at most, and where it ends."""
    match = _PATTERN.match(folded, at) if folded[at : at + 1] in _BEGIN else None
    if match is None:
        return None
    if symbol := match["symbol"]:
        return _BY_NAME[symbol], match.end()
    if form := match["chinese"]:
        if "-" in match["gap"]:
            return None
        return _MEASURES.get(form) or _BY_NAME[form], match.end()
    form = match["latin"]
    printed = (text or folded)[match.end() - len(form) : match.end()]
    form = _CASED.get(printed, form)
    if not form or (form in _ATTACHED and match["gap"]):
        return None
    return _BY_NAME[form], match.end()


def read_per(folded: str, at: int) -> tuple[str, int] | None:
    """What a unit is taken of (`元/股`, `per share`) at `at`, and where it ends."""
    match = _PER.match(folded, at)
    if match is None or match["of"] not in _PER_NAMES:
        return None
    return match["of"], match.end()


def unit_name(unit: Unit, chinese: bool) -> str:
    """What the unit is called in `Figure.unit` in Chinese or in other text."""
    return (unit.chinese or unit.english) if chinese else (unit.english or unit.chinese)


@lru_cache(maxsize=4096)
def find_unit(name: str) -> Unit | None:
    """The Unit of a name in either language or of a printed form; None for counted nouns."""
    folded = name.strip().lower()
    return _BY_NAME.get(folded) or CURRENCIES.get(folded) or _MEASURES.get(folded)


_IMPLIED = {noun: unit for unit, nouns, _ in COUNTED for noun in nouns.split()}
_IMPLIED_ENGLISH = {noun: unit for unit, _, nouns in COUNTED for noun in nouns.split()}
_IMPLIED |= {noun: "元" for noun in MONEY}
_NOUN = "|".join(sorted(_IMPLIED, key=len, reverse=True))
_COUNT_WORDS = r"(?:总数|数量|总量|人数|户数|家数|规模|数|总额|合计|总计)?"
NOUN = re.compile(rf"(?:{_NOUN})")
"""A noun that implies a unit, in folded Chinese text."""
_NOUN_AT_END = re.compile(rf"({_NOUN}){_COUNT_WORDS}$")


@lru_cache(maxsize=4096)
def implied_unit(noun: str) -> str:
    """The unit that a counted or measured noun implies in Chinese text (用户 户, 贷款余额 元); "" where it implies none."""
    match = _NOUN_AT_END.search(noun)
    if match:
        return _IMPLIED[match[1]]
    return _IMPLIED_ENGLISH.get(noun, "")


_MEASURED = frozenset("percent points carbon mass energy heat power length area volume".split())
"""Families in which the size alone makes the unit: 度 and 千瓦时, 吨 and 公吨."""


@lru_cache(maxsize=4096)
def same_unit(a: str, b: str) -> bool:
    """Whether two units mean the same: 元 and CNY, 百分点 and percentage point, 户 and customer."""
    if a == b:
        return True
    if not a or not b:
        return False
    one, other = find_unit(a), find_unit(b)
    if one and other:
        return one is other or (one.family == other.family in _MEASURED and one.size == other.size)
    if "/" in a and "/" in b:
        return all(same_unit(x, y) for x, y in zip(a.split("/", 1), b.split("/", 1), strict=True))
    return _IMPLIED_ENGLISH.get(a) == b or _IMPLIED_ENGLISH.get(b) == a


def unit_family(unit: str) -> str:
    """The family of a unit: money, percent, points, duration, mass, carbon, energy, power, length, area, volume, count.

    Counted nouns (customer, store) are counts; "" for no unit.
    """
    if not unit:
        return ""
    found = find_unit(unit.split("/", 1)[0])
    return found.family if found else "count"


def unit_size(unit: str) -> Decimal | None:
    """How many of the family's first unit one `unit` is: 1000 for MWh, 0.01 for 基点; None where that is not known."""
    found = find_unit(unit)
    return found.size if found and found.family not in ("money", "count") else None
