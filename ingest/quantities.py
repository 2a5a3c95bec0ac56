"""Quantities as they are printed: numbers with currency, unit and qualifier, shares in words, ranks and ordinals.

In: folded text. Out: Figures without period and label, in order and without overlap; what a date covers is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ingest import qualifiers
from ingest.numbers import CHINESE_DIGITS, CHINESE_SCALES, Number, exact, read_number
from ingest.openings import beginning, opening
from ingest.types import Figure, FigureKind
from ingest.uncounted import MARK, is_article, is_name
from ingest.unit_table import Unit
from ingest.units import CURRENCIES, read_per, read_unit, unit_name
from ingest.worded import worded

_HAN = re.compile(r"[\u3400-\u9fff]")
_CURRENCY = "|".join(sorted((re.escape(name) for name in CURRENCIES), key=len, reverse=True))
_PRICED = re.compile(rf"(?:(?<![a-z])(?:{_CURRENCY})) ?$")
_PRICES_END = frozenset(name[-1] for name in CURRENCIES)
_NUMERALS, _FORMAL = "一二两三四五六七八九十", "壹贰叁肆伍陆柒捌玖"
_RANGE = re.compile(
    r" ?(?P<percent>%)? ?(?P<unit>元|万元|亿元|年|个月|家|户|人|吨)?(?P<to>[-–—~至到]| to | and ) ?(?P<money>[$€£¥])?(?=[0-9一二三四五六七八九十])"
)
# 一 alone is an article: it counts where a numeral goes on behind it, or a range.
_NUMERAL_GOES_ON = (
    rf"(?<!一)|(?=[{''.join({**CHINESE_DIGITS, **CHINESE_SCALES})}点余多]|{re.sub('P<[a-z]+>', ':', _RANGE.pattern)})"
)
_START = opening(
    f"0-9a-z{_NUMERALS}{_FORMAL}",
    r"(?<=[0-9])(?<![0-9.][0-9])",
    rf"(?<=[{_NUMERALS}])(?<![{_NUMERALS}百千万亿第][{_NUMERALS}])(?:{_NUMERAL_GOES_ON})",
    rf"(?<=[{_FORMAL}])(?<![{_FORMAL}拾佰仟万亿][{_FORMAL}])(?=[拾佰仟万亿])",
    beginning(
        "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
        "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|half a |a hundred|a million|a billion|a thousand"
    ),
)
# "rose from $5 million to $7 million" is of two values, "ranges from 5 to 10 percent" of one range.
_CHANGED = re.compile(
    r"\b(?:rose|rise[ns]?|rising|gr[eo]w(?:n|s|ing)?|went|go(?:ne|es|ing)?|up|down|(?:increas|decreas|declin|rais|reduc|improv|chang|mov)(?:e|es|ed|ing)|"
    r"fell|fall(?:en|s|ing)?|(?:climb|jump|expand|lower|widen|narrow)(?:s|ed|ing)?|drop(?:s|ped|ping)?|cut|shr[aiu]nk)\b[^.;]{0,30}\bfrom [^ ]{0,4}$"
)
_MINUS = re.compile(r"(?<![0-9万亿])[\u3400-\u9fff]-$")  # 净利润-1.2亿, but not 10家-20家
_BRACKET = re.compile(r"[(（] ?$")


def quantities(folded: str, text: str, taken: bytearray) -> list[Figure]:
    """The quantities of `folded`, skipping the characters marked in `taken` and marking those found."""
    for match in MARK.finditer(folded):
        _take(taken, match.start(), match.end())
    found: list[Figure] = []
    for figure in worded(folded, text):
        if not any(taken[figure.start : figure.end]):
            _take(taken, figure.start, figure.end)
            found.append(figure)
    found += _plain(folded, text, taken)
    return sorted(found, key=lambda figure: figure.start)


def _take(taken: bytearray, start: int, end: int) -> None:
    taken[start:end] = b"\x01" * (end - start)


def _plain(folded: str, text: str, taken: bytearray) -> Iterator[Figure]:
    position = 0
    while match := _START.search(folded, position):
        at = match.start()
        position = at + 1
        if taken[at]:
            continue
        priced = _priced(folded, at)
        number = read_number(folded, at, text, priced=priced is not None)
        if number is None:
            position = _skip(folded, at)
            continue
        figure = _figure(folded, text, number, len(priced[0]) if priced else 0)
        if figure is None:
            position = max(number.end, at + 1)
            continue
        if any(taken[figure.start : figure.end]):
            position = number.end
            continue
        _take(taken, figure.start, figure.end)
        yield figure
        position = max(figure.end, at + 1)


def _priced(folded: str, at: int) -> re.Match[str] | None:
    """The currency that stands right before `at`."""
    last = folded[max(0, at - 2) : at].rstrip(" ")[-1:]
    return _PRICED.search(folded[max(0, at - 8) : at]) if last in _PRICES_END else None


def _skip(folded: str, at: int) -> int:
    """Past a run of digits too long to be a figure."""
    while at < len(folded) and folded[at].isdigit():
        at += 1
    return at + 1 if at < len(folded) and not folded[at].isdigit() else max(at, 1)


def _figure(folded: str, text: str, number: Number, priced: int) -> Figure | None:
    """The Figure of a number with what belongs to it on both sides; None where it is a name, a mark or an article.

    `priced` is how long the currency before it is.
    """
    start = number.start - priced
    following = read_unit(folded, number.end, text)
    if not priced and is_name(folded, number, counted=following is not None):
        return None
    behind = number.end
    end, value, high, number = _range(folded, text, number)
    if end != behind:
        following = read_unit(folded, end, text)
    unit, end = _priced_in(folded[start : number.start].strip(), following, end) if priced else following or (None, end)
    if is_article(folded, number, unit):
        return None
    start, value = _sign(folded, start, end if unit is None or priced else 0, value)
    after, after_end = qualifiers.after(folded, end, duration=bool(unit and unit.family == "duration"))
    qualifier, begin = qualifiers.before(folded, start)
    if not qualifier and (number.more or after):
        qualifier = after or "over"
    if after:
        end = after_end
    if not number.scaled and number.form == "chinese" and unit is None:
        return None
    chinese = bool(_HAN.search(folded, max(0, start - 40), end + 40))
    name = _unit_name(folded, end, unit, chinese)
    kind: FigureKind = unit.kind if unit else "amount"
    if name[1] != end and not after:
        end = name[1]
    if kind == "duration" and folded[max(0, begin - 2) : begin] == "连续":
        begin -= 2
    return Figure(text[begin:end], begin, end, kind, value, high, name[0], qualifier)


def _range(folded: str, text: str, number: Number) -> tuple[int, Decimal, Decimal | None, Number]:
    """The number, or the range that it begins: its end, its value and its upper value."""
    match = _RANGE.match(folded, number.end)
    if match is None:
        return number.end, number.value, None, number
    other = read_number(folded, match.end(), text, priced=bool(match["money"]))
    between = match["to"].strip() == "and"
    before = folded[max(0, number.start - 64) : number.start]
    changed = match["to"] == " to " and _CHANGED.search(before)
    if (
        other is None
        or changed
        or (match["percent"] and folded[other.end : other.end + 1] != "%")
        or (between and not re.search(r"between [^ ]{0,4}$", before[-16:]))
    ):
        return number.end, number.value, None, number
    if (
        match["to"].strip() in ("-", "–", "—")
        and number.end - number.start == 4
        and number.value > 1900
        and not match["percent"]
    ):
        return number.end, number.value, None, number
    value = number.value
    if other.scaled and not number.scaled and value < 10**4:
        plain = read_number(folded, match.end(), text)
        digits = re.match(r"[0-9][0-9,]*(?:\.[0-9]+)?", folded[match.end() :])
        if plain and digits and (printed := Decimal(digits[0].replace(",", ""))):
            value *= other.value / printed
    if other.value <= value:
        return number.end, number.value, None, number
    return other.end, exact(value), other.value, other._replace(start=number.start)


def _priced_in(currency: str, following: tuple[Unit, int] | None, end: int) -> tuple[Unit | None, int]:
    """The unit of a number behind a currency, by that and the unit that follows, and where it ends."""
    unit = CURRENCIES.get(currency)
    if following and following[0].family == "money":
        return following if following[0].chinese != "元" or unit is None else (unit, following[1])
    return unit, end


def _unit_name(folded: str, end: int, unit: Unit | None, chinese: bool) -> tuple[str, int]:
    if unit is None:
        return "", end
    name = unit_name(unit, chinese)
    per = read_per(folded, end)
    return (f"{name}/{per[0]}", per[1]) if per else (name, end)


def _sign(folded: str, start: int, end: int, value: Decimal) -> tuple[int, Decimal]:
    """The figure with a minus or accounting brackets; both only where nothing before them makes them something else."""
    if (
        start
        and folded[start - 1] in "-−–"
        and (
            start < 2
            or not (folded[start - 2].isalnum() or folded[start - 2] in "%)")
            or _MINUS.search(folded[max(0, start - 3) : start])
        )
    ):
        return start - 1, -value
    if start and folded[start - 1] == "负" and folded[start : start + 1].isdigit():
        return start - 1, -value
    if end and _BRACKET.search(folded[max(0, start - 2) : start]) and folded[end : end + 1] in (")", "）"):
        opening = start - len(_BRACKET.search(folded[max(0, start - 2) : start])[0])  # type: ignore[index]
        if re.search(r"(?:[\t|$¥]|[0-9)] {1,8}|元 ?)$", folded[max(0, opening - 9) : opening]):
            return start, -value
    return start, value
