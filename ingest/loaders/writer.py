"""Writes the text of a document line by line, and keeps where its headings, pages and table rows stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.loaders.grid import Slot, table_rows
from ingest.loaders.types import Heading, Loaded
from ingest.types import Row

_LONGEST_TITLE = 90  # characters of a line over a table that may be its title
_LINES_ABOVE = 3
_WIDEST = 1000  # columns
_SENTENCE = re.compile(r"[。！？!?；;，,]\s*$|[a-z]{3}\.\s*$")
_UNIT_NOTE = re.compile(
    r"单位|單位|币种|\bin (?:\w+ ){0,3}(?:thousand|million|billion)s?|\bunits?\b|['’]000", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:19|20)\d{2}(?:\s?年)?|(?:表|图|圖|table|figure|exhibit|附注|附註|note)\s*[\d.\-–]+|^\s*[\d.、()（）]+",
    re.IGNORECASE,
)
_BROKEN = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table: its text, how many columns and lines it covers, whether it is marked as a head."""

    text: str
    columns: int = 1
    lines: int = 1
    head: bool = False


@dataclass(slots=True)
class Writer:
    """What has been written so far."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Heading] = field(default_factory=list)
    page_starts: list[int] = field(default_factory=lambda: [0])
    rows: list[Row] = field(default_factory=list)
    above: list[tuple[str, bool]] = field(default_factory=list)
    """The last lines, since the last table, and whether they are headings: what may be its caption."""

    def line(self, text: str, *, heading: bool = False) -> None:
        """Write a paragraph; nothing where it says nothing."""
        said = text.strip()
        if said:
            self._write(f"{said}\n")
            self.above.append((said, heading))
            del self.above[:-_LINES_ABOVE]

    def heading(self, text: str) -> None:
        """Write a heading."""
        said = " ".join(text.split())
        if said:
            self.headings.append(Heading(self.length, self.length + len(said)))
            self.line(said, heading=True)

    def page(self) -> None:
        """Begin the next page."""
        self.page_starts.append(self.length)
        self.above.clear()

    def table(
        self, lines: Sequence[Sequence[TableCell]], caption: str = "", *, heads: int | None = None, closed: bool = False
    ) -> None:
        """Write a table, a line of the text for each of its lines, tabs between cells (and, `closed`, behind the last)."""
        grid = self._grid(lines, closed=closed)
        width = max((len(line) for line in grid), default=0)
        over = " ".join(dict.fromkeys([*self._titles(), *([caption] if caption else [])]))
        for line in grid:
            line.extend([None] * (width - len(line)))
        self.rows.extend(table_rows(grid, over, heads=heads))
        self.above.clear()

    def loaded(self, title: str = "", notes: Sequence[str] = ()) -> Loaded:
        """All of it. Halves of characters, which can be stored nowhere, become marks of what is missing."""
        text = _BROKEN.sub("\ufffd", "".join(self.parts))
        name = _BROKEN.sub("\ufffd", " ".join(title.split()))
        return Loaded(
            text,
            name,
            page_starts=tuple(self.page_starts),
            headings=tuple(self.headings),
            rows=tuple(self.rows),
            notes=tuple(notes),
        )

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _grid(self, lines: Sequence[Sequence[TableCell]], *, closed: bool) -> list[list[Slot | None]]:
        """Write the lines; where each cell stands, in every place that it covers."""
        grid: list[list[Slot | None]] = []
        below: dict[int, tuple[int, Slot]] = {}  # column: how many more lines a cell covers, and the cell
        for cells in lines:
            said = [" ".join(cell.text.split()) for cell in cells]
            last = max((index for index, text in enumerate(said) if text), default=-1)
            line: list[Slot | None] = []
            for index, (cell, text) in enumerate(zip(cells, said, strict=True)):
                _go_on(line, below)
                slot = Slot(self.length, self.length + len(text), text, cell.head)
                self._write(text + "\t" * (index < last or (closed and last >= 0)))
                for _ in range(min(cell.columns, _WIDEST - len(line))):
                    if cell.lines > 1:
                        below[len(line)] = (cell.lines - 1, slot)
                    line.append(slot)
            _go_on(line, below)
            self._write("\n" if last >= 0 else "")
            grid.append(line)
        return grid

    def _titles(self) -> list[str]:
        """The lines above that are a table's title or the note on its units: headings, notes, and one line of words."""
        found: list[str] = []
        words = 0
        for line, heading in reversed(self.above):
            if not (heading or _UNIT_NOTE.search(line)):
                words += 1
                if words > 1 or not _names_a_table(line):
                    break
            if len(line) > _LONGEST_TITLE:
                break
            found.insert(0, line)
        return found


def _names_a_table(line: str) -> bool:
    """Whether a line may be a title: no sentence, and no figure but a year or the table's number in it."""
    return not _SENTENCE.search(line) and not re.search(r"\d", _NUMBERED.sub("", line))


def _go_on(line: list[Slot | None], below: dict[int, tuple[int, Slot]]) -> None:
    """Put in the cells that go on from the line above, as far as they are next."""
    while len(line) in below:
        column = len(line)
        left, slot = below.pop(column)
        line.append(slot)
        if left > 1:
            below[column] = (left - 1, slot)
