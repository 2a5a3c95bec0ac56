"""What a figure was in other years: the Figures of its label and unit in its Document, or in others of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.figure_query import FigureQuery
from index.library import Library
from ingest.fold import fold
from ingest.types import Figure

_KINDS = ("amount", "money", "percent", "points", "duration")
_READ = 400  # Figures of one label looked at
_MOST = 8  # years shown
_YEAR = re.compile(r"^(\d{4})(.*)$")
_YEARS_OF_TITLE = re.compile(r"(?:fy)?\s*(?:19|20)\d{2}(?:[-/]\d{2,4})?年?度?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """A Figure of a series and the Document that it stands in."""

    figure: Figure
    document_id: str

    @property
    def year(self) -> str:
        """The year that the Figure is about, as four digits."""
        return (self.figure.period or "")[:4]


@dataclass(frozen=True, slots=True)
class Change:
    """How much the later of two Figures is more: in percent, or of percents in percentage points.

    `exact` is false where either is printed as "over" or "about".
    """

    earlier: Point
    later: Point
    value: Decimal
    points: bool
    exact: bool


def series(library: Library, document_id: str, figure: Figure) -> tuple[Point, ...]:
    """The Figure and its like of other years, earliest first; empty where there are none.

    Periods are alike that differ in their year alone (2023-12-31, 2022-12-31). A year for which several values are
    printed is left out, unless it is the Figure's own.
    """
    own = _YEAR.match(figure.period or "")
    if own is None or not figure.label or figure.kind not in _KINDS or figure.high is not None:
        return ()
    found = library.find_figures(FigureQuery(label=figure.label, unit=figure.unit, whole=True), _READ)
    family = _family(library, document_id)
    years: dict[str, list[Point]] = {own[1]: [Point(figure, document_id)]}
    for other_id, other in found:
        match = _YEAR.match(other.period or "")
        alike = match and match[2] == own[2] and other.kind == figure.kind and other.high is None
        if match and alike and match[1] != own[1] and _family(library, other_id) == family:
            years.setdefault(match[1], []).append(Point(other, other_id))
    points = [points[0] for points in years.values() if len({point.figure.value for point in points}) == 1]
    ordered = sorted(points, key=lambda point: point.year)
    return tuple(ordered[-_MOST:]) if len(ordered) > 1 else ()


def change(points: tuple[Point, ...], figure: Figure) -> Change | None:
    """The change of the Figure from the last year before it in its series, or of the first year after it from it."""
    at = next((number for number, point in enumerate(points) if point.figure == figure), None)
    if at is None or len(points) < 2:
        return None
    earlier, later = (points[at - 1], points[at]) if at else (points[0], points[1])
    before, after = earlier.figure.value, later.figure.value
    exact = not earlier.figure.qualifier and not later.figure.qualifier
    if figure.kind in ("percent", "points"):
        return Change(earlier, later, after - before, points=True, exact=exact)
    return Change(earlier, later, (after - before) / before * 100, points=False, exact=exact) if before > 0 else None


def _family(library: Library, document_id: str) -> str:
    """The title of a Document without its years: reports of one kind share it."""
    document = library.document(document_id)
    return " ".join(_YEARS_OF_TITLE.sub(" ", fold(document.title)).split())
