"""What a note says of the numbers below it: "单位：人民币百万元", "(in thousands, except per share data)", "tCO2e".

In: the caption of a table, the head of a column or the name of a row. Out: a Measure, or None where none is stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.fold import fold
from ingest.numbers import CHINESE_SCALES, ENGLISH_SCALES, LETTER_SCALES
from ingest.units import CURRENCIES, find_unit, read_per, read_unit, unit_family, unit_name

_HAN = re.compile(r"[\u3400-\u9fff]")
_SEGMENT = re.compile(r"[()（）\[\]【】,;:，；：\n\t|]+")
_EXCEPT = re.compile(r"\b(?:except|excluding|other than|unless|and where)\b.*|除.{0,12}?(?:外|另有\w{2})", re.DOTALL)
# Words beside a measure that say only that it is one.
_FILLER = re.compile(
    r" *(?:(?:units?|unit of measure|amounts?|figures|all|are|is|expressed|stated|presented|reported|shown|tabular|in|of|the|"
    r"and|shares?|currency|number|tables?|numbers)\b|(?:计量)?单位|币种|货币|金额|均|以|为|计|列示|除)[ .:]*"
)
_CHINESE_SCALE = re.compile(r"(?:[十百千]?万亿|[十百千]?亿|[十百千]?万|千(?![瓦克米卡赫帕焦])|百(?![分货度]))")
_ENGLISH_SCALE = re.compile(r" *['’]?(?:(0?00s?)|(thousands?|millions?|billions?|trillions?|mn|bn|mm|m|k))(?![a-z0-9])")
_NAMES = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
_CURRENCY = re.compile(rf" *(?:(?P<name>{_NAMES}|(?:us )?dollars?)(?:(?<=[^a-z])|(?![a-rt-z])))")
_MEASURED = frozenset("percent points money mass carbon coal energy heat power area volume length data".split())


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as `Figure.unit` has it ("" for none) and what each number is to be multiplied with; 1 for no scale.

    `spared` is what the note leaves out: "per share data".
    """

    unit: str = ""
    scale: Decimal = Decimal(1)
    spared: str = ""


@lru_cache(maxsize=4096)
def measure(note: str) -> Measure | None:
    """The Measure that a note states, the last where it states several; None for none."""
    folded = fold(note)
    left_out = _EXCEPT.search(folded)
    spared = left_out[0] if left_out else ""
    said = note.replace(note[slice(*left_out.span())], ";") if left_out else note
    found = [one for segment in _SEGMENT.split(said) if segment.strip() for one in _stated(segment.strip())]
    if not found:
        return None
    best = max(reversed(found), key=lambda one: (bool(one.unit), one.scale != 1))
    scale = best.scale if best.scale != 1 else max(one.scale for one in found)
    return Measure(best.unit, scale if unit_family(best.unit) not in ("percent", "points") else Decimal(1), spared)


def _stated(segment: str) -> Iterator[Measure]:
    """The Measure that a whole segment is, or that it ends or begins in: "Energy use MWh", "% of sales"."""
    whole = _read(segment)
    if whole:
        yield whole
        return
    words = segment.split(" ")
    for at in range(1, len(words)):
        said = _read(" ".join(words[at:]))
        if said and (words[at] in ("in", "$") or unit_family(said.unit) in _MEASURED):
            yield said
            return
    if words[0].lower() in ("%", "percent", "percentage"):
        yield Measure("%")


def _read(printed: str) -> Measure | None:
    """The Measure that all of a segment states: currency, scale and unit in any order; None where more stands there."""
    segment = fold(printed)
    at, unit, scale = 0, "", Decimal(1)
    chinese = bool(_HAN.search(segment))
    while at < len(segment):
        if match := _scaled(segment, at):
            at, scale = match[0], scale * match[1]
        elif (currency := _CURRENCY.match(segment, at)) and not unit:
            at, unit = currency.end(), _currency(currency["name"], chinese)
        elif (filler := _FILLER.match(segment, at)) and filler.end() > at:
            at = filler.end()
        elif read := read_unit(segment, at, printed):
            name = unit_name(read[0], chinese)
            unit = unit if unit_family(unit) == "money" and name in ("元", "CNY") else name
            at = read[1]
        elif unit and (per := read_per(segment, at)):
            unit, at = f"{unit}/{per[0]}", per[1]
        elif segment[at] in " '’/s":
            at += 1
        else:
            return None
    return Measure(unit, scale) if unit or scale != 1 else None


def _scaled(segment: str, at: int) -> tuple[int, Decimal] | None:
    if match := _CHINESE_SCALE.match(segment, at):
        value = Decimal(1)
        for char in match[0]:
            value *= CHINESE_SCALES[char]
        return match.end(), value
    found = _ENGLISH_SCALE.match(segment, at)
    if found is None or (found[2] in ("m", "k") and not segment[:at].strip()):
        return None  # a lone m is a metre
    name = found[2].removesuffix("s") if found[2] else "thousand"
    return found.end(), ENGLISH_SCALES.get(name) or LETTER_SCALES[name]


def _currency(printed: str, chinese: bool) -> str:
    unit = CURRENCIES.get(printed) or find_unit("usd")
    return unit_name(unit, chinese) if unit else ""
