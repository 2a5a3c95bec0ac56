"""Periods: what a date means, and how two of them compare.

A period is an ISO 8601 string: "2023", "2023-05", "2023-12-31", "2023-Q1", "2023-H1", "2021/2023" (from and to, both
included), "--05-13" and "--05" (no year). In: such strings, or a date as printed. Out: the same, their bounds as days,
and whether one covers the other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_YEAR = re.compile(r"([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PART = re.compile(r"([0-9]{4})-([QH])([1-4])")
_NO_YEAR = re.compile(r"--([0-9]{2})(?:-([0-9]{2}))?")
_WEEK = 7  # days


def day_period(year: int, month: int, day: int) -> str | None:
    """A day; None where the calendar has no such day."""
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def month_period(year: int, month: int) -> str:
    """A month."""
    return f"{year:04d}-{month:02d}"


def quarter(year: int, number: int) -> str:
    """A quarter, counted from 1."""
    return f"{year:04d}-Q{number}"


def half(year: int, number: int) -> str:
    """A half-year, counted from 1."""
    return f"{year:04d}-H{number}"


def months(year: int, first: int, last: int) -> str:
    """The months from `first` (which may lie in the year before: 0 is its December) to `last`, in their shortest form."""
    begin_year, begin = (year, first) if first >= 1 else (year - 1, first + 12)
    if begin_year == year:
        if begin == last:
            return month_period(year, last)
        if last - begin == 2 and last % 3 == 0:
            return quarter(year, last // 3)
        if last - begin == 5 and last % 6 == 0:
            return half(year, last // 6)
        if (begin, last) == (1, 12):
            return f"{year:04d}"
    return span(month_period(begin_year, begin), month_period(year, last))


def month_ended(year: int, month: int, day: int) -> tuple[int, int]:
    """The year and month that whole months end with on a day: quarters of 13 weeks end some days off the month's end."""
    if day > _WEEK:
        return year, month
    return (year, month - 1) if month > 1 else (year - 1, 12)


def span(first: str, last: str) -> str:
    """From one period to another; the one itself where both are the same."""
    return first if first == last else f"{first}/{last}"


@lru_cache(maxsize=4096)
def bounds(period: str) -> tuple[date, date] | None:
    """The first and the last day of a period; None for one without year and for what is no period."""
    first, slash, last = period.partition("/")
    if slash:
        begin, end = bounds(first), bounds(last)
        return (begin[0], end[1]) if begin and end and begin[0] <= end[1] else None
    if match := _YEAR.fullmatch(period):
        return _months_bounds(int(match[1]), 1, 12)
    if match := _MONTH.fullmatch(period):
        month = int(match[2])
        return _months_bounds(int(match[1]), month, month)
    if match := _PART.fullmatch(period):
        length, number = (3 if match[2] == "Q" else 6), int(match[3])
        return _months_bounds(int(match[1]), (number - 1) * length + 1, number * length)
    if match := _DAY.fullmatch(period):
        year, month, day = (int(part) for part in match.groups())
        return (date(year, month, day),) * 2 if day_period(year, month, day) else None
    return None


def _months_bounds(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not (year >= 1 and 1 <= first <= last <= 12):
        return None
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def last_day(period: str) -> str:
    """The last day of a period, as a period."""
    found = bounds(period)
    return found[1].isoformat() if found else period


def first_day(period: str) -> str:
    """The first day of a period, as a period."""
    found = bounds(period)
    return found[0].isoformat() if found else period


def is_day(period: str) -> bool:
    """Whether a period is one day: the date of a stock, not the length of a flow."""
    return _DAY.fullmatch(period) is not None


def year_of(period: str) -> int | None:
    """The year in which a period ends; None where none is printed."""
    found = bounds(period)
    return found[1].year if found else None


def years_of(period: str) -> tuple[str, ...]:
    """The years from the first to the last of a range of whole years; none of any other period."""
    match = re.fullmatch(r"([0-9]{4})/([0-9]{4})", period)
    return tuple(f"{year:04d}" for year in range(int(match[1]), int(match[2]) + 1)) if match else ()


def same_period(a: str, b: str) -> bool:
    """Whether two periods are the same days: 2023-H1 and 2023-01/2023-06."""
    if a == b:
        return True
    one = bounds(a)
    return one is not None and one == bounds(b)


def covers(outer: str, inner: str) -> bool:
    """Whether every day of `inner` lies in `outer`: 2023 covers 2023-Q1, 2023-12-31 and 2023-05.

    A period without year is covered by the same month or day of any period that names it.
    """
    if outer == inner:
        return True
    first, second = bounds(outer), bounds(inner)
    if first and second:
        return first[0] <= second[0] and second[1] <= first[1]
    yearless = _NO_YEAR.fullmatch(outer)
    tail = inner[2:] if inner.startswith("--") else inner[5:] if second else ""
    return bool(yearless) and (tail == outer[2:] or tail.startswith(outer[2:] + "-"))


def overlap(a: str, b: str) -> bool:
    """Whether two periods share a day; periods without a year share one where one covers the other."""
    one, other = bounds(a), bounds(b)
    if one and other:
        return one[0] <= other[1] and other[0] <= one[1]
    return covers(a, b) or covers(b, a)


def shift_years(period: str, years: int) -> str | None:
    """The same period `years` later; None where it has no year. 2024-02-29 moves to the month's last day."""
    first, slash, last = period.partition("/")
    if slash:
        begin, end = shift_years(first, years), shift_years(last, years)
        return f"{begin}/{end}" if begin and end else None
    if not _YEAR.match(first):
        return None
    year = int(first[:4]) + years
    if _DAY.fullmatch(first) and first[5:] == "02-29":
        return day_period(year, 2, 29) or day_period(year, 2, 28)
    return f"{year:04d}{first[4:]}" if 1 <= year <= 9999 else None


def with_year(period: str, year: int) -> str:
    """A period without year (--05-13) in a year."""
    return f"{year:04d}-{period[2:]}" if period.startswith("--") else period
