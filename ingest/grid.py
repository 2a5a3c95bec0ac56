"""The tables among the lines of a page, ruled or not: which words are the name of a row, which its cells, and which heads
stand over them.

In: Lines in reading order. Out: GridRows. A line with numbers that stand apart from its words is a row; numbers below
each other make a column; what stands over the columns are their heads; short lines above are the caption. Numbers are
bound to heads by place, never by order, so an empty cell shifts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.columns import alike, heads_with_numbers, levels, over_columns, segments
from ingest.layout import Line
from ingest.notes import measure
from ingest.pieces import Piece, is_heading, is_row, parted_periods, pieces
from ingest.row_names import RowNames

_UNIT_NOTE = re.compile(
    r"单位|\bin (?:us |u\.s\. )?(?:\$|thousands|millions|billions|dollars|usd|rmb)|\bmillions\b|\bthousands\b",
    re.IGNORECASE,
)
_SKIPPED = re.compile(r"\s*table of contents\s*|目\s*录", re.IGNORECASE)
_MOST_HEADS, _MOST_SECTIONS, _MOST_CAPTION = 24, 3, 4  # lines
_FEWEST_NAMED, _MOSTLY = 4, 0.8  # of the lines of a table, that have names at a place
_ASIDE = 0.15  # of the width: how far to the left of the first column its heads may begin
_LONGEST_CAPTION = 160  # characters of one of its lines


@dataclass(slots=True)
class GridRow:
    """A row of a table: the line that it stands on, its pieces, and the heads of those that are cells, by their index."""

    line: int
    pieces: list[Piece]
    label: str
    caption: str
    heads: dict[int, str]


@dataclass(slots=True)
class Overleaf:
    """What the rows of a table share: the ranges of its columns, their heads, its caption; the page after may go on with it."""

    columns: list[list[float]]
    heads: list[str] = field(default_factory=list)
    caption: str = ""


def find_rows(
    lines: Sequence[Line], carried: Overleaf | None = None
) -> tuple[list[GridRow], Overleaf | None, set[int]]:
    """The rows of the page's tables; the table that may go on overleaf; and the lines that belong to tables.

    `carried` is the table that the page before ended in: a first table without heads is its continuation, as one is of the
    table above it that prose has parted ("Common stock, $.01 par value; 900,000 shares authorized; ...").
    """
    parted = [pieces(line) for line in lines]
    width = max((line.right for line in lines), default=0) - min((line.left for line in lines), default=0)
    rows: list[GridRow] = []
    held: set[int] = set()
    last: Overleaf | None = None
    after = 0
    for number, block in enumerate(_blocks(lines, parted, width)):
        reader = _Block(lines, parted, block, after, width)
        table, found = reader.read(carried if number == 0 else last)
        rows.extend(found)
        held.update(reader.held)
        after = block[-1] + 1
        last = table
    ends = bool(rows) and len(lines) - after <= 3
    return rows, last if ends else None, held


def _is_prose(line: Line, parted: Sequence[Piece], width: float) -> bool:
    return len(parted) == 1 and line.right - line.left > 0.62 * width and len(line.text) > 40


def _blocks(lines: Sequence[Line], parted: Sequence[Sequence[Piece]], width: float) -> Iterator[list[int]]:
    """The numbers of the data lines of each table, in order."""
    block: list[int] = []
    between = 0
    for index, line in enumerate(lines):
        if is_row(parted[index]):
            if block and (between > 3 or line.top < lines[block[-1]].top - line.size):
                yield from _kept(block, parted)
                block = []
            block.append(index)
            between = 0
        elif block:
            following = lines[index + 1] if index + 1 < len(lines) else None
            goes_on = following is not None and is_row(parted[index + 1])
            between += (
                4 if _is_prose(line, parted[index], width) and not (goes_on and not line.text.endswith(".")) else 1
            )
            if is_heading(parted[index]) and sum(piece.period for piece in parted[index]) > 1:
                yield from _kept(block, parted)
                block, between = [], 0
    yield from _kept(block, parted)


def _kept(block: list[int], parted: Sequence[Sequence[Piece]]) -> Iterator[list[int]]:
    """The block where it is a table: two rows, or one of several values."""
    if len(block) > 1 or (block and sum(piece.value for piece in parted[block[0]]) > 1):
        yield block


class _Block:
    """Reads one table."""

    def __init__(
        self, lines: Sequence[Line], parted: Sequence[list[Piece]], block: list[int], after: int, width: float
    ) -> None:
        self._lines, self._parted, self._after, self._width = lines, parted, after, width
        self._named = heads_with_numbers(block, parted)
        self._block = block[1:] if self._named else block
        self.held: set[int] = set(range(block[0], block[-1] + 1))
        self._body = self._block[0]  # the first line below the heads
        self._reach = 0.0  # where the heads of the first column begin

    def read(self, carried: Overleaf | None) -> tuple[Overleaf, list[GridRow]]:
        """The table and its rows."""
        table = Overleaf(self._columns())
        top = self._heads(table)
        caption = self._caption(top)
        said = any(char.isalnum() for head in table.heads for char in head)  # dashes of nil are no heads
        if carried and not said and alike(table.columns, carried.columns):
            table.heads, table.caption = carried.heads, carried.caption
        else:
            table.caption = "\n".join(part for part in (*caption, table.caption) if part)
        return table, list(self._rows(table))

    def _columns(self) -> list[list[float]]:
        """The ranges in which values stand below each other, from left to right."""
        ordered = sorted(self._block, key=lambda index: -sum(piece.value for piece in self._parted[index]))
        columns: list[list[float]] = []
        for index in ordered:
            row = self._parted[index]
            for at, piece in enumerate(row):
                if not piece.value or (at == 0 and len(row) > 1 and (piece.period or not row[1].value)):
                    continue
                if at == 0 and len(row) > 1 and self._is_among_names(index, piece):
                    continue
                over = [c for c in columns if min(c[1], piece.right) - max(c[0], piece.left) > 0]
                if not over:
                    columns.append([piece.left, piece.right])
                elif len(over) == 1:
                    over[0][0], over[0][1] = min(over[0][0], piece.left), max(over[0][1], piece.right)
        return sorted(columns)

    def _is_among_names(self, index: int, piece: Piece) -> bool:
        """Whether a value that opens a line stands where the other lines have their names: the end of one, "(Note / 16)"."""
        others = [self._parted[at] for at in self._block if at != index and len(self._parted[at]) > 1]
        named = sum(not row[0].value and row[0].left < piece.right < row[0].right for row in others)
        return len(others) >= _FEWEST_NAMED and named >= _MOSTLY * len(others)

    def _heads(self, table: Overleaf) -> int:
        """Read the heads over the columns; the number of the first line of them."""
        columns = table.columns
        zone = self._zone(columns)
        heads: list[list[str]] = [[] for _ in columns]
        beside: list[str] = []
        for line in levels([self._lines[index] for index in zone]):
            parted = parted_periods(pieces(line))
            note = len(parted) == 1 and bool(_UNIT_NOTE.search(parted[0].text))  # holds for the table, not for a column
            over = [] if note else [piece for piece in parted if self._is_over(piece, columns[0][0] - 1)]
            said = over_columns(columns, over)
            beside += [piece.text for piece in parted if piece not in over or piece.text not in said]
            for head, text in zip(heads, said, strict=True):
                if text:
                    head.append(text)
        self.held.update(range(zone[0], self._block[0]) if zone else ())
        self._body = zone[-1] + 1 if zone else self._block[0]
        table.heads = [" ".join(head) for head in heads]
        table.caption = "\n".join(beside)
        return zone[0] if zone else self._block[0]

    def _zone(self, columns: Sequence[list[float]]) -> list[int]:
        """The numbers of the lines of heads above the first row, names of sections between left out."""
        first = self._block[0]
        zone: list[int] = []
        ceiling, between = self._lines[first].top, 0
        self._reach = columns[0][0]
        for index in range(first - 1, max(self._after, first - _MOST_HEADS) - 1, -1):
            line = self._lines[index]
            if (
                not -0.5 * line.size < self._lines[first].top - line.bottom < 12 * line.size
                or ceiling - line.bottom > 2.2 * line.size
            ):
                break
            if self._is_head(index, columns):
                zone.insert(0, index)
                self._reach = min([self._reach, *self._first_heads(index, columns[0])])
            elif (
                not zone and between < _MOST_SECTIONS and line.right < columns[0][0] and not is_row(self._parted[index])
            ):
                between += 1
            elif not (zone and line.right <= columns[0][0] and self._is_beside(index, zone)):
                break
            else:
                zone.insert(0, index)
            ceiling = min(ceiling, line.top)
        return zone

    def _is_beside(self, index: int, zone: Sequence[int]) -> bool:
        """Whether a line stands at the height of the heads: the head of the names."""
        line = self._lines[index]
        return any(min(line.bottom, self._lines[at].bottom) > max(line.top, self._lines[at].top) for at in zone)

    def _is_head(self, index: int, columns: Sequence[list[float]]) -> bool:
        line, parted = self._lines[index], self._parted[index]
        if _is_prose(line, parted, self._width) or (is_row(parted) and index != self._named):
            return False
        reach = columns[0][0]
        return any(
            self._is_over(piece, reach) and (piece.left > reach - 0.25 * self._width or piece.period)
            for piece in parted
        )

    def _is_over(self, piece: Piece, reach: float) -> bool:
        """Whether a piece stands over the columns, or over the heads that do."""
        return piece.right > reach or (piece.right > self._reach and piece.left > self._reach - _ASIDE * self._width)

    def _first_heads(self, index: int, column: Sequence[float]) -> Iterator[float]:
        """Where pieces of a line of heads begin that stand over the first column, and reach to the left of it: a shorter
        one may stand over these, and not over the column.
        """
        for piece in self._parted[index]:
            if column[0] - _ASIDE * self._width < piece.left < column[0] < piece.right:
                yield piece.left

    def _caption(self, top: int) -> list[str]:
        """The short lines above the heads, from the top down."""
        found: list[str] = []
        index = top - 1
        while index >= self._after and len(found) < _MOST_CAPTION:
            line, text = self._lines[index], self._lines[index].text
            below = self._lines[index + 1]
            apart = below.top - line.bottom
            if (
                not -0.5 * line.size < apart < 3.5 * line.size
                or len(text) > _LONGEST_CAPTION
                or is_row(self._parted[index])
            ):
                break
            if (_is_prose(line, self._parted[index], self._width) and not _UNIT_NOTE.search(text)) or re.search(
                r"[.。;；]$", text
            ):
                break
            if not _SKIPPED.fullmatch(text):
                found.insert(0, text)
            index -= 1
        return found

    def _rows(self, table: Overleaf) -> Iterator[GridRow]:
        """A GridRow for each row, several where tables stand side by side."""
        names = RowNames(table.columns[0][0])
        for index in range(self._body, self._block[-1] + 1):
            line, parted = self._lines[index], self._parted[index]
            if index not in self._block:
                if line.right <= table.columns[0][0] + line.size or len(parted) == 1:
                    names.meet(line)
                continue
            for number, (label, cells) in enumerate(segments(parted, table.columns)):
                heads = {parted.index(cell): _head(cell, table) for cell in cells}
                begin = parted.index(label) if label else min(heads)
                name = (
                    names.full(label.text if label else "", label.left if label else line.left)
                    if not number
                    else label.text
                    if label
                    else ""
                )
                found = {at - begin: said for at, said in heads.items()}
                yield GridRow(index, parted[begin : max(heads) + 1], name, table.caption, found)
            names.pass_row(line)


def _head(cell: Piece, table: Overleaf) -> str:
    """The head of the column in which a cell stands; "Unit" for a unit beside the row's name."""
    best = max(
        range(len(table.columns)),
        key=lambda at: min(table.columns[at][1], cell.right) - max(table.columns[at][0], cell.left),
        default=None,
    )
    if best is not None and min(table.columns[best][1], cell.right) - max(table.columns[best][0], cell.left) > -2:
        return table.heads[best] if best < len(table.heads) else ""
    return "" if cell.value or measure(cell.text) is None else "Unit"
