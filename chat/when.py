"""Whether the period that a passage states is the period that a question asks about."""

from __future__ import annotations

import calendar
import re

_YEAR = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?|-Q([1-4])|-H([12]))?$")
_NO_YEAR = re.compile(r"--(\d\d)(?:-(\d\d))?$")

SAME, WITHIN, UNSTATED, OTHER = 1.0, 0.8, 0.4, 0.0

Days = tuple[tuple[int, int, int], tuple[int, int, int]]


def days(period: str) -> Days | None:
    """The first and last day (year, month, day) of an ISO period; None where it is not one with a year."""
    first, _, last = period.partition("/")
    if last:
        begin, end = days(first), days(last)
        return (begin[0], end[1]) if begin and end else None
    match = _YEAR.match(period)
    if not match:
        return None
    year = int(match[1])
    if match[4]:
        months = (3 * int(match[4]) - 2, 3 * int(match[4]))
    elif match[5]:
        months = (6 * int(match[5]) - 5, 6 * int(match[5]))
    else:
        months = (int(match[2]), int(match[2])) if match[2] else (1, 12)
    if not 1 <= months[0] <= 12:
        return None
    if match[3]:
        return (year, months[0], int(match[3])), (year, months[0], int(match[3]))
    return (year, months[0], 1), (year, months[1], calendar.monthrange(year, months[1])[1])


def agreement(asked: str | None, stated: str | None) -> float:
    """How far the `stated` period answers for the `asked` one: SAME, WITHIN, UNSTATED or OTHER.

    A year's end and the year answer for each other (a stock is stated at the end, a flow over the year); a part of
    the year does not answer for the whole, nor one year for another.
    """
    if asked is None:
        return SAME
    if stated is None:
        return UNSTATED
    if asked == stated:
        return SAME
    if "--" in (asked[:2], stated[:2]):
        return _without_year(asked, stated)
    a, b = days(asked), days(stated)
    if a is None or b is None:
        return UNSTATED
    if a[0][0] != b[0][0] and "/" not in asked and "/" not in stated:
        return OTHER
    if _closing(a) == _closing(b) and (_is_year(a) or _is_year(b)) and (_is_day(a) or _is_day(b)):
        return WITHIN
    if a[0] <= b[0] and b[1] <= a[1]:
        return WITHIN if _is_day(b) or _is_month(b) else OTHER
    return OTHER if b[1] < a[0] or a[1] < b[0] or not _is_day(a) else UNSTATED


def _closing(span: Days) -> tuple[int, int, int]:
    return span[1]


def _is_year(span: Days) -> bool:
    return span[0][1:] == (1, 1) and span[1][1:] == (12, 31)


def _is_day(span: Days) -> bool:
    return span[0] == span[1]


def _is_month(span: Days) -> bool:
    return span[0][:2] == span[1][:2]


def _without_year(asked: str, stated: str) -> float:
    """Agreement where one of the two names no year: by month and day."""
    dated, bare = (asked, stated) if stated.startswith("--") else (stated, asked)
    if dated.startswith("--"):
        return SAME if dated == bare else OTHER
    match = _NO_YEAR.match(bare)
    if not match or len(dated) < 7:
        return UNSTATED
    same_month = dated[5:7] == match[1]
    return WITHIN if same_month and (len(dated) < 10 or match[2] is None or dated[8:10] == match[2]) else OTHER
