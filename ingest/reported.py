"""The period that a report is on: a year, or the half or quarter of an interim report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ingest.figures import find_figures
from ingest.fold import fold
from ingest.periods import bounds, year_of
from ingest.structure import lines

_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9])")
_OPENING_PART = 20_000  # characters from which a Document's year is read
_HEADS, _LONGEST_HEAD = 4, 80  # opening lines that can be heads, and how long these are
_SHORTEST = 45  # days of a quarter at least; what is shorter is when something happened


def reported_period(title: str, name: str, text: str) -> str | None:
    """The period in the title, the opening heads or the file name, else the year that the text names most."""
    for named in (title, *_heads(text), name):
        periods = [figure.period for figure in find_figures(named) if figure.kind == "date" and figure.period]
        stated = [period for period in periods if year_of(period)]
        if stated:
            return stated[-1] if _lasts(stated[-1]) else str(year_of(stated[-1]))
        if years := _YEAR.findall(fold(named)):
            return str(years[-1])
    counts = Counter(_YEAR.findall(text[:_OPENING_PART]))
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


def reported_year(title: str, name: str, text: str) -> str | None:
    """The year of `reported_period`."""
    period = reported_period(title, name, text)
    return period and period[:4]


def _heads(text: str) -> Iterator[str]:
    """The opening lines that are short and no sentences."""
    for number, (start, end) in enumerate(lines(text)):
        line = text[start:end]
        if number >= _HEADS or end - start > _LONGEST_HEAD or line[-1] in "。.!?！？；;":
            return
        yield line


def _lasts(period: str) -> bool:
    """Whether something can be reported over the period, a year at most: neither a day nor a month, nor several years."""
    found = bounds(period)
    return found is not None and _SHORTEST <= (found[1] - found[0]).days <= 366


def same_part_of(report: str | None, year: str) -> str | None:
    """The half or quarter of `year` that an interim `report` is compared with; None for a report on a whole year."""
    if report is None or report.isdigit() or not year.isdigit():
        return None
    return year + report[4:]
