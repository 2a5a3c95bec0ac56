"""A page's lines become its text: paragraphs each on one line, rows of tables with tabs between their cells.

In: Lines in reading order, of a PDF or of recognised scans. Out: a PageText, whose offsets count in its own text and
whose glyphs lead back to the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.grid import GridRow, Overleaf, find_rows
from ingest.layout import NO_GLYPH, Line, Written, paragraphs, vocabulary, written
from ingest.types import Cell, Row


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, or a line of a table: its range of the page's text, and the lines that it was made from."""

    start: int
    end: int
    lines: tuple[Line, ...]
    tabular: bool


@dataclass(slots=True)
class PageText:
    """The text of one page; `glyphs` has a number for each character (NO_GLYPH where the page has none)."""

    text: str = ""
    glyphs: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def write_page(lines: Sequence[Line], overleaf: Overleaf | None = None) -> tuple[PageText, Overleaf | None]:
    """The text of a page, and the table that it ends in; `overleaf` is the one that the page before ended in."""
    rows, going_on, held = find_rows(lines, overleaf)
    by_line: dict[int, list[GridRow]] = {}
    for row in rows:
        by_line.setdefault(row.line, []).append(row)
    page = PageText()
    known = vocabulary(lines)
    prose: list[Line] = []
    for index, line in enumerate(lines):
        if index not in held:
            prose.append(line)
            continue
        _write_prose(page, prose, known)
        prose = []
        _write_row(page, line, by_line.get(index, []))
    _write_prose(page, prose, known)
    return page, going_on


def _write_prose(page: PageText, lines: Sequence[Line], known: frozenset[str]) -> None:
    for together in paragraphs(lines):
        _append(page, written(together, known), together, tabular=False)


def _write_row(page: PageText, line: Line, rows: Sequence[GridRow]) -> None:
    """A line of a table; each of its GridRows takes its place in the text."""
    out = Written()
    start = len(page.text)
    for at, row in enumerate(rows):
        if at:
            _tab(out)
        begin = start + len(out.text)
        cells: list[Cell] = []
        for number, piece in enumerate(row.pieces):
            if number:
                _tab(out)
            first = start + len(out.text)
            said = written([Line(piece.words)])
            out.add(said.text, said.glyphs)
            if number in row.heads:
                cells.append(Cell(first, start + len(out.text), row.heads[number]))
        page.rows.append(Row(begin, start + len(out.text), row.label, row.caption, tuple(cells)))
    _append(page, out if rows else written([line]), [line], tabular=True)


def _tab(out: Written) -> None:
    out.add("\t", [NO_GLYPH])


def _append(page: PageText, said: Written, lines: Sequence[Line], *, tabular: bool) -> None:
    start = len(page.text)
    page.text += said.text + "\n"
    page.glyphs.extend(said.glyphs)
    page.glyphs.append(NO_GLYPH)
    page.parts.append(Part(start, start + len(said.text), tuple(lines), tabular))
