"""How a spreadsheet shows a value: ECMA-376 part 1, 18.8.31, as far as numbers, percentages and dates go."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.[#0?]*)?(,*)|\.[#0?]+(,*)")
_CONDITION = re.compile(r"\[([<>=]{1,2})(-?[\d.]+)\]")
_DATE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_MOST_PLACES = 15


def shown(value: object, form: str) -> str:
    """A cell's value as people see it: 0.364 in "0.0%" is 36.4%, -2.31 in "0.00_);(0.00)" is (2.31)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _moment(value, form)
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)) if value == value and abs(value) < 1e300 else None, value, form)
    return str(value)


def _number(number: Decimal | None, value: float, form: str) -> str:
    if number is None:
        return str(value)
    section, signed = _section(number, form or "General")
    marked = _LITERAL.sub(lambda match: "\ufdd2" * len(_said(match)), section)
    if section.strip().lower() in ("general", "", "@"):
        return _general(number)
    literals = iter("".join(_said(match) for match in _LITERAL.finditer(section)))
    if "e+" in marked.lower() or "e-" in marked.lower():
        return _scientific(number, marked)
    match = _DIGITS.search(marked)
    if match is None:  # words alone, or a form that is not known
        said = "".join(next(literals) if char == "\ufdd2" else char for char in marked)
        return said.strip() or _general(number)
    digits = _digits(number if signed else abs(number), match[0], marked.count("%"), len(match[1] or match[2] or ""))
    negative = digits.startswith("-")
    lead, rest = marked[: match.start()], marked[match.end() :]
    if re.match(r"\s*[#?0]*/", rest):  # a fraction
        return _general(number)
    said = lead + "\ufdd3" + rest
    said = "".join(next(literals) if char == "\ufdd2" else char for char in said)
    return ("-" if negative else "") + said.replace("\ufdd3", digits.lstrip("-")).strip()


def _section(number: Decimal, form: str) -> tuple[str, bool]:
    """The part of a form that holds for a number, and whether the number brings its own sign to it."""
    sections = _split(form)
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(number, condition[1], condition[2]):
                return section, number < 0
        return "General", True
    if number < 0 and len(sections) > 1:
        return sections[1], False
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


def _split(form: str) -> list[str]:
    """The sections of a form, between ; that stand outside quotation marks."""
    sections = [""]
    for part in re.findall(r'"[^"]*"|\\.|;|[^;"\\]+|["\\]', form):
        if part == ";":
            sections.append("")
        else:
            sections[-1] += part
    return sections


def _holds(number: Decimal, sign: str, limit: str) -> bool:
    try:
        than = Decimal(limit)
    except InvalidOperation:
        return False
    return {"<": number < than, "<=": number <= than, ">": number > than, ">=": number >= than, "=": number == than, "<>": number != than}.get(sign, False)  # fmt: skip


def _said(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3] or ""


def _digits(number: Decimal, pattern: str, percents: int, thousands: int) -> str:
    """The digits of a number under a pattern such as #,##0.0."""
    number = number * Decimal(100) ** percents / Decimal(1000) ** thousands
    whole, _, places = pattern.rstrip(",").partition(".")
    most = min(len(places), _MOST_PLACES)
    text = format(number.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP), f"{',' if ',' in whole else ''}.{most}f")
    least = places.rstrip("#").count("0")
    if most > least and "." in text:
        kept, decimals = text.split(".")
        decimals = decimals[:least] + decimals[least:].rstrip("0")
        text = f"{kept}.{decimals}" if decimals else kept
    sign, bare = ("-", text[1:]) if text.startswith("-") else ("", text)
    wanted = whole.count("0")
    head, dot, tail = bare.partition(".")
    if not wanted and head == "0":
        head = ""
    elif "," not in whole:
        head = head.zfill(wanted)
    return (sign if bare.strip("0.,") else "") + head + dot + tail


def _general(number: Decimal) -> str:
    """A number without a form: up to 11 digits, as a column shows it, without an exponent up to there."""
    if number == number.to_integral_value() and abs(number) < Decimal(10) ** 15:
        return format(number.quantize(Decimal(1)), "f")
    text = format(float(number), ".12g")
    return text if "e" not in text else format(Decimal(text), "f") if abs(number) > Decimal("1e-9") else text


def _scientific(number: Decimal, pattern: str) -> str:
    places = pattern.lower().partition("e")[0].partition(".")[2]
    return format(float(number), f".{min(len(places), _MOST_PLACES)}E")


def _moment(value: datetime.datetime | datetime.date | datetime.time | datetime.timedelta, form: str) -> str:
    """A date or time: with the parts that the form shows, in the order of ISO 8601 or of the Chinese calendar."""
    if isinstance(value, datetime.timedelta):
        return str(value)
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    plain = re.sub(r'\[[^\]]*\]|"|\\', "", form).lower()
    chinese = "年" in plain
    has_day, has_month = "d" in plain or not _DATE.search(plain), bool(re.search(r"m(?!m?:)", plain)) or "d" in plain
    said = f"{value.year}年" if chinese else f"{value.year:04}"
    if has_month or not _DATE.search(plain):
        said += f"{value.month}月" if chinese else f"-{value.month:02}"
    if has_day:
        said += f"{value.day}日" if chinese else f"-{value.day:02}"
    if isinstance(value, datetime.datetime) and "h" in plain and (value.hour or value.minute or value.second):
        said += f" {value.hour:02}:{value.minute:02}"
    return said
