"""Which period the head of a column, the name of a row or a caption speaks of.

In: a head as printed and the year of its report, which "本期" and "prior year" count from. Out: a period in ISO 8601.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.figures import find_figures
from ingest.fold import fold
from ingest.numbers import parse_count
from ingest.periods import is_day, month_ended, months, year_of

_ANY_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9])")
_MONTHS_ENDED = re.compile(
    r"\b(three|six|nine|twelve|[369]|12)[ -]months? (?:period )?(?:ended|ending)\b|\bquarter (?:ended|ending)\b"
)
_YEAR_ENDED = re.compile(
    r"\b(?:years?|5[23] weeks|twelve[ -]months?|12[ -]months?|fiscal|fye?)(?: periods?)? ?(?:ended|ending)\b|止(?:的)?(?:财政)?年度|年度$"
)
_SHORT_YEAR = re.compile(r"^(?:fy|cy)?'?([0-4][0-9])(?:[ae]|(?:实际|预测))?$")
_ESTIMATE = re.compile(r"((?:19|20)[0-9]{2}) ?[ae]\b")
# Heads that count from the report's year: how many years before it, and where in that year.
_RELATIVE: tuple[tuple[re.Pattern[str], int, str], ...] = (
    (re.compile(r"前年|two years ago"), 2, "{year}"),
    (re.compile(r"上年(?:年)?末|上年度末|去年末|期初|年初"), 1, "{year}-12-31"),
    (re.compile(r"上年同期|上年度?|上期|去年|\b(?:prior|previous|last|preceding) (?:year|period)\b"), 1, "{year}"),
    (re.compile(r"期末|年末|报告期末"), 0, "{year}-12-31"),
    (re.compile(r"本年度?|本期|本报告期|报告期|当期|当年|\b(?:current|this|reporting) (?:year|period)\b"), 0, "{year}"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def period_of(head: str, year: str | None, *, whole: bool = False) -> str | None:
    """The period that a head names; with `whole`, only where the head is nothing else. None where it names none.

    `year` is that of the report. "Three months ended June 30, 2023" is 2023-Q2; a year ended on any day is its year.
    Of several dates ("2023 vs. 2022") it is the last by time.
    """
    folded = fold(head).strip()
    dates = [figure for figure in find_figures(head) if figure.kind == "date" and figure.period]
    periods = [str(date.period) for date in dates if not str(date.period).startswith("--")]
    if periods:
        if whole and sum(date.end - date.start for date in dates) < 0.7 * len(folded):
            return None
        latest = max(periods, key=lambda period: (year_of(period) or 0, period))
        return _lasting(folded, latest)
    found = [match[1] for match in _ESTIMATE.finditer(folded)] or _ANY_YEAR.findall(folded)
    if found:
        return None if whole and len(folded) > 6 else _lasting(folded, max(found))
    if match := _SHORT_YEAR.match(folded):
        return None if whole or match[1] == folded else f"20{match[1]}"
    return None if whole else _relative(folded, year)


def _lasting(folded: str, period: str) -> str:
    """The months or the year that end on a day, where the head says so."""
    year = year_of(period)
    if year is None or not (is_day(period) or period[5:].isdigit()):
        return period
    match = _MONTHS_ENDED.search(folded)
    if match and (count := parse_count(match[1] or "three")) < 12:
        year, month = month_ended(year, int(period[5:7]), int(period[8:10] or 28))
        return months(year, month - count + 1, month)
    return str(year) if match or _YEAR_ENDED.search(folded) else period


def _relative(folded: str, year: str | None) -> str | None:
    if year is None:
        return None
    for pattern, before, form in _RELATIVE:
        if pattern.search(folded):
            return form.format(year=int(year) - before)
    return None
