"""Numbers that count nothing: marks, names (ISO 14001, Scope 1), numerals that are articles or begin a word."""

from __future__ import annotations

import re

from ingest.numbers import CHINESE_DIGITS, Number
from ingest.openings import opening
from ingest.unit_table import Unit

_IDENTIFIER = re.compile(r"(?:[a-z][a-z]*[-_./]?|[0-9][-./:]|#)$")
# What is numbered, not counted: Scope 1, Tier 2 capital, Note 12.
_NUMBERED = re.compile(
    r"(?<![a-z])(?:scopes?|tiers?|types?|phases?|levels?|categor(?:y|ies)|class|articles?|sections?|chapters?|tables?|"
    r"figures?|notes?|pages?|parts?|stages?|items?|appendix|annex|grade|version|model|goals?|sdgs?|rules?|no\.|nos\.)"
    r"(?: [0-9]{1,3}(?:,| and| or| &|-| to))? ?$"
)
_IDENTIFIED = re.compile(r"[-_]?[a-z](?![a-z]{0,12}\b)|\.[0-9]+\.|\.(?:sh|sz|hk|ss)\b|:[0-9]{2}")
_SERIAL = re.compile(r"[0-9]{16,}")  # of a contract, a card or a person: more than any sum that is printed
_NAMED = re.compile(
    r"^(?:[一二两三四五六七八九十]{1,2})(?:些|切|直|度|般|样|起|同|致|律|向|定|旦|面|方|边|下|次性|体|带|贯|点|流|线|站|步|手|心|生|时|经|再|味|大批|代|期|级|类|区|层|楼|月|日|号|星|分|来|举|更|农)"
)
# What is no figure at all: footnote marks, decades, telephone numbers, round the clock.
MARK = opening(
    r"0-9\[【",
    r"(?<=[\[【])[0-9]{1,3}[\]】]",
    r"(?<=[12])(?<![0-9].)(?:(?<=1)9|(?<=2)0)[0-9]0'?s\b",
    r"(?<=[0-9])(?<![0-9.,-].)[0-9]{0,3}(?:-[0-9]{3,4}){2,3}(?![0-9-])",
    r"(?<=0)(?<![0-9.,-].)[0-9]{2,3}-[0-9]{7,8}(?![0-9-])",
    r"(?<=2)(?<![0-9/].)4/7(?![0-9/])",
)
_STANDARD = re.compile(
    r"(?<![a-z])(?:iso|iec|gb|ohsas|sa|ifrs|hkfrs|ias|gri|astm|din|jis|yd|jr|hj|rfc|une|nist)(?:/[a-z]{1,4})* ?-?$"
)


def is_name(folded: str, number: Number, *, counted: bool) -> bool:
    """Whether the number is part of a name (ISO 14001, Scope 1) and counts nothing; `counted` says that a unit follows."""
    latin = "" < folded[max(0, number.start - 1) : number.start] < "\x7f"  # what names a number ends so
    if latin and _IDENTIFIER.search(folded[max(0, number.start - 8) : number.start]):
        return True
    if latin and _STANDARD.search(folded[max(0, number.start - 12) : number.start]):
        return True
    if number.form != "digits" or counted:
        return False
    if _IDENTIFIED.match(folded, number.end) or _SERIAL.fullmatch(folded, number.start, number.end):
        return True
    short = number.end - number.start <= 3
    return short and latin and bool(_NUMBERED.search(folded[max(0, number.start - 24) : number.start]))


def is_article(folded: str, number: Number, unit: Unit | None) -> bool:
    """一个, 一家 and the like, which count nothing, and words that only begin with a numeral."""
    if number.form == "words":
        return number.value <= 1 and not number.scaled
    if number.form != "chinese" or number.scaled:
        return False
    printed = folded[number.start : number.end]
    if printed == "一" or (unit is not None and unit.chinese == "分") or (printed in CHINESE_DIGITS and unit is None):
        return True
    return unit is None and bool(_NAMED.match(folded[number.start : number.end + 2]))
