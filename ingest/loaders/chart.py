"""The charts of Office files: the values that they were drawn from, as a table of a row for each series."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.loaders.number_format import shown
from ingest.loaders.writer import TableCell, Writer

if TYPE_CHECKING:
    from ingest.loaders.markup import Element
    from ingest.loaders.package import Package

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MOST_POINTS = 1000  # of a series
CHART = f"{_C}chart"
"""What stands in a drawing for a chart."""


def write_charts(writer: Writer, package: Package, name: str, drawn: Element) -> None:
    """Write the charts that hang on an element of the part `name`, each with its title over it."""
    related: dict[str, tuple[str, str]] = {}
    for mark in drawn.iter(CHART):
        if any(_goes_elsewhere(above, drawn) for above in mark.iterancestors()):
            continue
        related = related or package.related(name)
        kind, part = related.get(mark.get(f"{_R}id", ""), ("", ""))
        if kind == "chart" and part in package:
            _chart(writer, package.xml(part))


def _goes_elsewhere(above: Element, drawn: Element) -> bool:
    """Whether what stands above a chart is a copy for old programs, or another like `drawn`, within it."""
    within = above.tag == drawn.tag and any(parent is drawn for parent in above.iterancestors())
    return within or above.tag == f"{_MC}Fallback"


def _chart(writer: Writer, root: Element) -> None:
    plots = root.find(f"{_C}chart/{_C}plotArea")
    if plots is None:
        return
    lines: dict[str, list[dict[int, str]]] = {}
    heads: dict[int, str] = {}
    for series in plots.iter(f"{_C}ser"):
        values = _points(series, "val") or _points(series, "yVal")
        heads = {**(_points(series, "cat") or _points(series, "xVal")), **heads}
        if values:
            lines.setdefault(" ".join(_points(series, "tx").values()), []).append(values)
    if not lines:
        return
    writer.line(_title(root.find(f"{_C}chart")), heading=True)
    places = sorted({place for every in lines.values() for values in every for place in values})
    table = [[TableCell(""), *(TableCell(heads.get(place, str(place + 1)), head=True) for place in places)]]
    for label, every in lines.items():
        table += [[TableCell(label), *(TableCell(values.get(place, "")) for place in places)] for values in every]
    units = " ".join(filter(None, map(_title, plots.iter(f"{_C}valAx"))))
    writer.table(table, units, heads=1)


def _points(series: Element, name: str) -> dict[int, str]:
    """What the cache of a part of a series shows, by place: its categories, its values, its name."""
    found: dict[int, str] = {}
    for number, (place, said) in enumerate(_cached(series.find(f"{_C}{name}"))):
        if number >= _MOST_POINTS:
            break
        found.setdefault(place, said)
    return found


def _cached(part: Element | None) -> Iterator[tuple[int, str]]:
    if part is None:
        return
    if (said := part.findtext(f"{_C}v")) is not None:  # a name that refers to no cell
        yield 0, " ".join(said.split())
    for cache in part.iter(f"{_C}numCache", f"{_C}numLit", f"{_C}strCache", f"{_C}strLit"):
        form = cache.findtext(f"{_C}formatCode") or "General"
        for point in cache.iter(f"{_C}pt"):
            place, said = point.get("idx", ""), " ".join((point.findtext(f"{_C}v") or "").split())
            if place.isdecimal() and len(place) < 8 and said:
                yield int(place), said if cache.tag.startswith(f"{_C}str") else _shown(said, form)


def _shown(said: str, form: str) -> str:
    """A stored number as the chart shows it; a whole one without the point that programs store it with."""
    try:
        value = float(said)
    except ValueError:
        return said
    return shown(int(value) if math.isfinite(value) and value == int(value) else value, form)


def _title(holder: Element | None) -> str:
    title = None if holder is None else holder.find(f"{_C}title")
    if title is None:
        return ""
    said = [text.text or "" for text in title.iter(f"{_A}t")] or [text.text or "" for text in title.iter(f"{_C}v")]
    return " ".join("".join(said).split())
