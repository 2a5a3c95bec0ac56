"""A printed figure said in the reader's language, exactly: 超5300万 is over 53 million."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from ingest.fold import to_simplified, to_traditional
from ingest.periods import is_day
from ingest.types import Figure
from ingest.units import find_unit

_ENGLISH = {
    "over": "over ",
    "at_least": "at least ",
    "nearly": "nearly ",
    "about": "about ",
    "under": "under ",
    "at_most": "at most ",
}
_CHINESE = {"over": "超过", "at_least": "至少", "nearly": "近", "about": "约", "under": "不足", "at_most": "至多"}
_SCALES_EN = ((Decimal(10**12), " trillion"), (Decimal(10**9), " billion"), (Decimal(10**6), " million"))
_SCALES_ZH = ((Decimal(10**12), "万亿"), (Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_CURRENCIES = {
    "CNY": "yuan",
    "USD": "US dollars",
    "HKD": "Hong Kong dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "JPY": "yen",
}
_LARGEST_PART, _ROUNDED = 9, 0.0001
_DIGITS = "零一二三四五六七八九"
_COUNTS = "no one two three four five six seven eight".split()
_PARTS = {3: "third", 6: "sixth", 7: "seventh", 9: "ninth"}
_MONTHS = "January February March April May June July August September October November December".split()


def script(text: str, language: str) -> str:
    """`text` in the script of a reader of `language`; as it is for a reader of English."""
    if language == "zh-Hans":
        return to_simplified(text)
    return to_traditional(text) if language == "zh-Hant" else text


def express(figure: Figure, language: str) -> str:
    """What the figure says, in the other language's words; "" where its print says it in any language."""
    english = language == "en"
    if figure.kind == "date":
        return _date(figure.period or "", english)
    if figure.kind in ("ordinal", "rank"):
        said = f"top {figure.value}" if english else f"前{figure.value}"
        return said if figure.kind == "rank" else f"no. {figure.value}" if english else f"第{figure.value}"
    scales = _SCALES_EN if english else _SCALES_ZH
    if figure.unit == "%" and (fraction := _fraction(figure.value, english)):
        said = (_ENGLISH if english else _CHINESE).get(figure.qualifier, "") + fraction
        return said if english else script(said, language)
    number = _number(figure.value, scales, english)
    if figure.high is not None:
        number += ("–" if english else "至") + _number(figure.high, scales, english)
    qualifier = (_ENGLISH if english else _CHINESE).get(figure.qualifier, "")
    unit = _unit(figure.unit, english)
    if not qualifier and not unit and figure.high is None and number.replace(",", "").isdigit():
        return ""  # digits are digits in any language
    said = qualifier + number + unit
    return said if english else script(said, language)


def said_period(period: str | None, language: str) -> str:
    """A period in the reader's language: 2023年底, end of 2023; as it is where it is more than a date, "" for none."""
    if not period:
        return ""
    return script(_date(period, language == "en"), language) or period


def _fraction(percent: Decimal, english: bool) -> str:
    """A share that has no end in decimals as a fraction (66.6667: two thirds); "" for all others."""
    if percent == round(percent, 2):
        return ""
    share = (Fraction(percent) / 100).limit_denominator(_LARGEST_PART)
    if abs(float(share * 100) - float(percent)) > _ROUNDED:
        return ""
    if not english:
        return f"{_DIGITS[share.denominator]}分之{_DIGITS[share.numerator]}"
    name = _PARTS[share.denominator] + ("s" if share.numerator > 1 else "")
    return f"{_COUNTS[share.numerator]} {name}"


def _number(value: Decimal, scales: tuple[tuple[Decimal, str], ...], english: bool) -> str:
    for scale, name in scales:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == round(scaled, 6):
            return f"{scaled.normalize():f}{name}"
    return f"{value:,f}" if english else f"{value:f}"


def _unit(unit: str, english: bool) -> str:
    found = find_unit(unit) if unit else None
    if found is None or found.family == "count":
        return ""
    name = found.english if english else found.chinese
    if found.family == "percent" or not english:
        return name or unit
    name = _CURRENCIES.get(name, name) or unit
    return f" {name}" + ("s" if found.family in ("points", "duration") and not name.endswith("s") else "")


def _date(period: str, english: bool) -> str:
    day = period[2:] if period.startswith("--") else period
    parts = day.split("-")
    if period.endswith("-12-31") and is_day(period):
        return f"end of {parts[0]}" if english else f"{parts[0]}年底"
    if not all(part.isdigit() for part in parts):
        return period if english else ""
    if period.startswith("--"):
        parts.insert(0, "")
    year, month, date = [*parts, "", ""][:3]
    if english:
        return " ".join(part for part in (date.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year) if part)
    return "".join(
        part + unit for part, unit in ((year, "年"), (month.lstrip("0"), "月"), (date.lstrip("0"), "日")) if part
    )
