"""The figures of a library as rows: for the Figures tab, and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from index.figure_query import FigureQuery, Order
from index.library import Library
from ingest.types import Figure

PER_PAGE = 50
MOST_IN_CSV = 200_000
_UNITS_TRIED, _CHARTS, _BARS = 10, 6, 5
_COLUMNS = "document page text value high unit qualifier kind period label start end".split()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the visitor wants to see: which figures, from which one on."""

    query: FigureQuery
    offset: int = 0


def wish_of(data: Mapping[str, Any]) -> Wish:
    """The Wish in what a form says; whatever it says is a Wish."""
    said = {name: str(data.get(name) or "")[:200] for name in ("label", "unit", "year", "document", "order", "offset")}
    order: Order = said["order"] if said["order"] in get_args(Order) else "place"  # type: ignore[assignment]
    query = FigureQuery(
        label=said["label"],
        unit=said["unit"],
        period=said["year"],
        document=said["document"],
        order=order,
        descending=str(data.get("descending", "")).lower() in ("true", "1"),
        dates=str(data.get("dates", "")).lower() in ("true", "1", "on"),
    )
    offset = int(said["offset"]) if said["offset"].isdecimal() and len(said["offset"]) < 10 else 0
    return Wish(query, offset // PER_PAGE * PER_PAGE)


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One page of rows, and how many there are in all."""

    wish: Wish
    rows: tuple[tuple[str, Figure], ...]
    total: int


def figure_page(library: Library, wish: Wish) -> FigurePage:
    """The rows that are wished for; the last page where there are fewer."""
    total = library.count_figures(wish.query)
    last = max(total - 1, 0) // PER_PAGE * PER_PAGE
    at = replace(wish, offset=min(wish.offset, last))
    return FigurePage(at, tuple(library.find_figures(at.query, PER_PAGE, at.offset)), total)


def by_unit(library: Library, query: FigureQuery) -> list[tuple[str, list[tuple[str, Figure]]]]:
    """For the units that most figures have, the greatest of those asked for: of one label and period one."""
    units = [query.unit] if query.unit else [unit for unit, _ in library.figure_units() if unit][:_UNITS_TRIED]
    groups: list[tuple[str, list[tuple[str, Figure]]]] = []
    for unit in units:
        found = library.find_figures(replace(query, unit=unit, order="value", descending=True), 4 * _BARS)
        rows: dict[tuple[str, str | None], tuple[str, Figure]] = {}
        for document_id, figure in found:
            if figure.kind not in ("date", "ordinal", "rank") and figure.label and figure.value > 0:
                rows.setdefault((figure.label, figure.period), (document_id, figure))
        if len(rows) > 1:
            groups.append((unit, list(rows.values())[:_BARS]))
        if len(groups) == _CHARTS:
            break
    return groups


def csv_parts(library: Library, query: FigureQuery) -> Iterator[bytes]:
    """The rows as CSV in UTF-8 with a byte order mark, which spreadsheets read right; piece by piece."""
    yield "\ufeff".encode()
    yield _written([_COLUMNS])
    names = {info.id: info.name for info in library.documents()}
    for offset in range(0, MOST_IN_CSV, 1000):
        found = library.find_figures(query, 1000, offset)
        yield _written([_row(library, names, document_id, figure) for document_id, figure in found])
        if len(found) < 1000:
            return


def _row(library: Library, names: Mapping[str, str], document_id: str, figure: Figure) -> list[str]:
    high = "" if figure.high is None else format(figure.high, "f")
    page = library.document(document_id).page_at(figure.start)
    cells = [
        names.get(document_id, ""), str(page), figure.text, format(figure.value, "f"), high, figure.unit, figure.qualifier,
        figure.kind, figure.period or "", figure.label, str(figure.start), str(figure.end),
    ]  # fmt: skip
    return [_inert(cell) for cell in cells]


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return (
        f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and not cell[1:2].isdigit()) else cell
    )


def _written(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode("utf-8", "replace")
