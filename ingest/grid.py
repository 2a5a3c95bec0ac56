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

from ingest.layout import Line, Word
from ingest.notes import measure

_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹*†‡"
_NUMBER = re.compile(
    r"[(（\[]?[+<>≤≥~-]?[(（]?-?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
    r"(?:%|x|倍|¢|bps?|pts?|pp|[万亿]?[元人户家个吨股次天]?)[)）\]]?%?(?:[(（][a-z0-9][)）])?[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]*"
)
_NIL = re.compile(r"[-–—－―]{1,2}%?|n/?[am]\.?|n\.a\.|不适用|无|[*#]%?", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:us|hk|a|c|nt|rmb)?[$€£¥￥]|rmb", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:fy|cy)?\s?'?(?:19|20)\d\d(?:年度?|年末|[aef])?(?:[/-]\d\d)?|q[1-4](?: ?(?:fy)?'?\d{2,4})?|[1-4]q\d{2,4}|h[12](?: ?\d{2,4})?|fy'?\d\d"
    r"|(?:19|20)\d\d年\d{1,2}[-至]?\d{0,2}月(?:\d{1,2}日)?|[本上]年(?:度|末|同期|金额)?|[本上]期(?:金额|数|末)?|期[末初](?:余额|数)?|年[末初](?:余额|数)?",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"[.．·…_]{3,}|(?:\. ?){4,}")
_UNIT_NOTE = re.compile(
    r"单位|\bin (?:us |u\.s\. )?(?:\$|thousands|millions|billions|dollars|usd|rmb)|\bmillions\b|\bthousands\b",
    re.IGNORECASE,
)
_SKIPPED = re.compile(r"\s*table of contents\s*|目\s*录", re.IGNORECASE)
_TOTAL = re.compile(r"(?:sub)?total\b|合计|总计|小计|.{2,12}(?:合计|总计|小计)$", re.IGNORECASE)
_MOST_HEADS, _MOST_SECTIONS, _MOST_CAPTION = 24, 3, 4  # lines
_LONGEST_CAPTION = 160  # characters of one of its lines


@dataclass(slots=True)
class Piece:
    """Words of a line that stand close together."""

    words: list[Word]
    text: str = ""

    def __post_init__(self) -> None:
        self.text = Line(self.words).text

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.words[-1].right

    @property
    def bare(self) -> str:
        """Its text without currency signs and spaces."""
        return _CURRENCY.sub("", self.text).replace(" ", "")

    @property
    def period(self) -> bool:
        """Whether it is a year or another period, as heads have it."""
        return bool(_PERIOD.fullmatch(self.text.strip(_MARKS + " ,;:()（）")))

    @property
    def value(self) -> bool:
        """Whether it is a number, or stands for none."""
        return bool(_NUMBER.fullmatch(self.bare) or _NIL.fullmatch(self.bare))


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


def pieces(line: Line) -> list[Piece]:
    """The words of a line, parted where more than a space is between them; signs join their numbers."""
    found: list[list[Word]] = []
    for word in line.words:
        if _LEADERS.fullmatch(word.text):
            continue
        if (
            found
            and word.left - found[-1][-1].right <= 0.75 * min(word.height, found[-1][-1].height)
            and not _splits(found[-1][-1], word)
        ):
            found[-1].append(word)
        else:
            found.append([word])
    joined: list[list[Word]] = []
    for words in found:
        text = "".join(word.text for word in words)
        before = "".join(word.text for word in joined[-1]) if joined else ""
        is_sign = _CURRENCY.fullmatch(before) or before in ("(", "（", "-", "$(", "$-")
        if joined and (
            (is_sign and re.match(r"[(（\d–—-]", text))
            or (re.fullmatch(r"[%％)）]{1,2}[*†]?", text) and re.search(r"[\d–—]$", before))
        ):
            joined[-1].extend(words)
        else:
            joined.append(words)
    return [Piece(words) for words in joined]


def _splits(before: Word, word: Word) -> bool:
    """Whether two close words are two cells: a number behind a number."""
    numbers = [re.fullmatch(r"[(（]?[$€£¥]?[(（]?\d(?:[\d,]*\d)?(?:\.\d+)?[%)）]*", one.text) for one in (before, word)]
    return all(numbers) and len(before.text) + len(word.text) > 4


def find_rows(
    lines: Sequence[Line], carried: Overleaf | None = None
) -> tuple[list[GridRow], Overleaf | None, set[int]]:
    """The rows of the page's tables; the table that may go on overleaf; and the lines that belong to tables.

    `carried` is the table that the page before ended in: a first table without heads is its continuation.
    """
    parted = [pieces(line) for line in lines]
    width = max((line.right for line in lines), default=0) - min((line.left for line in lines), default=0)
    rows: list[GridRow] = []
    held: set[int] = set()
    last: Overleaf | None = None
    after = 0
    for number, block in enumerate(_blocks(lines, parted, width)):
        reader = _Block(lines, parted, block, after, width)
        table, found = reader.read(carried if number == 0 else None)
        rows.extend(found)
        held.update(reader.held)
        after = block[-1] + 1
        last = table
    ends = bool(rows) and len(lines) - after <= 3
    return rows, last if ends else None, held


def _is_row(parted: Sequence[Piece]) -> bool:
    """Whether a line holds values beside, or without, words."""
    values = [piece for piece in parted[1:] if piece.value and not piece.period]
    if len(parted) > 1 and not values and parted[0].value and not parted[0].period:
        return all(piece.value for piece in parted)
    nils = sum(bool(_NIL.fullmatch(piece.bare)) for piece in values)
    return bool(values) and (nils < len(values) or len(values) > 1)


def _is_heading(parted: Sequence[Piece]) -> bool:
    """Whether a line is a row of heads: its numbers are periods."""
    return any(piece.period for piece in parted) and not any(piece.value and not piece.period for piece in parted)


def _is_prose(line: Line, parted: Sequence[Piece], width: float) -> bool:
    return len(parted) == 1 and line.right - line.left > 0.62 * width and len(line.text) > 40


def _blocks(lines: Sequence[Line], parted: Sequence[Sequence[Piece]], width: float) -> Iterator[list[int]]:
    """The numbers of the data lines of each table, in order."""
    block: list[int] = []
    between = 0
    for index, line in enumerate(lines):
        if _is_row(parted[index]):
            if block and (between > 3 or line.top < lines[block[-1]].top - line.size):
                yield from _kept(block, parted)
                block = []
            block.append(index)
            between = 0
        elif block:
            following = lines[index + 1] if index + 1 < len(lines) else None
            goes_on = following is not None and _is_row(parted[index + 1])
            between += (
                4 if _is_prose(line, parted[index], width) and not (goes_on and not line.text.endswith(".")) else 1
            )
            if _is_heading(parted[index]) and sum(piece.period for piece in parted[index]) > 1:
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
        self._lines, self._parted, self._block, self._after, self._width = lines, parted, block, after, width
        self.held: set[int] = set(range(block[0], block[-1] + 1))
        self._body = block[0]  # the first line below the heads

    def read(self, carried: Overleaf | None) -> tuple[Overleaf, list[GridRow]]:
        """The table and its rows."""
        table = Overleaf(self._columns())
        top = self._heads(table)
        caption = self._caption(top)
        if carried and not any(table.heads) and _alike(table.columns, carried.columns):
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
                over = [c for c in columns if min(c[1], piece.right) - max(c[0], piece.left) > 0]
                if not over:
                    columns.append([piece.left, piece.right])
                elif len(over) == 1:
                    over[0][0], over[0][1] = min(over[0][0], piece.left), max(over[0][1], piece.right)
        return sorted(columns)

    def _heads(self, table: Overleaf) -> int:
        """Read the heads over the columns; the number of the first line of them."""
        columns = table.columns
        zone = self._zone(columns)
        heads: list[list[str]] = [[] for _ in columns]
        beside: list[str] = []
        for line in _levels([self._lines[index] for index in zone]):
            parted = _periods(pieces(line))
            note = len(parted) == 1 and bool(_UNIT_NOTE.search(parted[0].text))  # holds for the table, not for a column
            over = [] if note else [piece for piece in parted if piece.right > columns[0][0] - 1]
            beside += [piece.text for piece in parted if piece not in over]
            for head, said in zip(heads, _over(columns, over), strict=True):
                if said:
                    head.append(said)
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
        for index in range(first - 1, max(self._after, first - _MOST_HEADS) - 1, -1):
            line = self._lines[index]
            if (
                not -0.5 * line.size < self._lines[first].top - line.bottom < 12 * line.size
                or ceiling - line.bottom > 2.2 * line.size
            ):
                break
            if self._is_head(index, columns):
                zone.insert(0, index)
            elif (
                not zone
                and between < _MOST_SECTIONS
                and line.right < columns[0][0]
                and not _is_row(self._parted[index])
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
        if _is_prose(line, parted, self._width) or _is_row(parted):
            return False
        reach = columns[0][0]
        return any(
            piece.right > reach and (piece.left > reach - 0.25 * self._width or piece.period) for piece in parted
        )

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
                or _is_row(self._parted[index])
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
        names = _Names(table.columns[0][0])
        for index in range(self._body, self._block[-1] + 1):
            line, parted = self._lines[index], self._parted[index]
            if index not in self._block:
                if line.right <= table.columns[0][0] + line.size or len(parted) == 1:
                    names.meet(line)
                continue
            for number, (label, cells) in enumerate(_segments(parted, table.columns)):
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


class _Names:
    """The names of sections and the beginnings of names that stand on lines of their own above a row."""

    def __init__(self, edge: float) -> None:
        self._edge = edge
        self._sections: list[tuple[float, str]] = []
        self._rows: list[tuple[float, str]] = []
        self._begun = ""

    def meet(self, line: Line) -> None:
        """Take note of a line without values: a section, or the beginning of a name that goes on in the next line."""
        said = line.text.strip()
        if self._begun:
            said = f"{self._begun} {said}"
        self._begun = said if line.right > 0.8 * self._edge else ""
        self._rows = []
        if not self._begun:
            self._sections = [one for one in self._sections if one[0] < line.left - 1.5]
            self._sections.append((line.left, said))

    def full(self, name: str, left: float) -> str:
        """The name of a row that stands at `left`, with what it belongs under."""
        if self._sections and not self._begun and name[:1].islower():
            self._begun = self._sections.pop()[1]
        total = bool(_TOTAL.match(name))
        self._rows = [(at, said) for at, said in self._rows if at < left - 3 and not total]
        above = [said for at, said in self._sections if at < left + 4]
        above += [said for _, said in self._rows]
        if total and self._sections:
            self._sections.pop()
        full = f"{self._begun} {name}".strip()
        self._rows.append((left, full))
        return " ".join([*above, full]).strip()

    def pass_row(self, line: Line) -> None:
        """Go on below a row: a section that stands deeper is over."""
        self._begun = ""
        self._sections = [one for one in self._sections if one[0] < line.left + 4]


def _periods(parted: Sequence[Piece]) -> list[Piece]:
    """The pieces of a line of heads, years that stand close together parted."""
    found: list[Piece] = []
    for piece in parted:
        years = [word for word in piece.words if _PERIOD.fullmatch(word.text.strip(",;:()"))]
        found.extend([Piece([word]) for word in piece.words] if len(years) == len(piece.words) > 1 else [piece])
    return found


def _levels(lines: Sequence[Line]) -> list[Line]:
    """The words of the lines, those at one height on one line, from the top down."""
    levels: list[Line] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        middle = (line.top + line.bottom) / 2
        if (
            levels
            and levels[-1].top < middle < levels[-1].bottom
            and abs(middle - (levels[-1].top + levels[-1].bottom) / 2) < 0.4 * line.size
        ):
            levels[-1] = Line(sorted([*levels[-1].words, *line.words], key=lambda word: word.left))
        else:
            levels.append(Line(list(line.words)))
    return levels


def _segments(parted: Sequence[Piece], columns: Sequence[list[float]]) -> Iterator[tuple[Piece | None, list[Piece]]]:
    """(name, cells) of each row on a line: words after values begin another, where values follow them."""
    label: Piece | None = None
    cells: list[Piece] = []
    for at, piece in enumerate(parted):
        in_column = any(min(c[1], piece.right) - max(c[0], piece.left) > 0 for c in columns)
        if piece.value and (in_column or label):
            cells.append(piece)
        elif label is None and not cells:
            label = piece
        elif not cells or (in_column and not any(other.value for other in parted[at + 1 :])):
            cells.append(piece)  # a unit beside the name, or words in a column
        elif any(other.value for other in parted[at + 1 :]):
            yield label, cells
            label, cells = piece, []
    if any(cell.value for cell in cells):
        yield label, cells


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


def _over(columns: Sequence[list[float]], heads: Sequence[Piece]) -> list[str]:
    """For each column, the piece of a line of heads that stands over it; a piece in the middle stands over all."""
    if not heads:
        return [""] * len(columns)
    if len(columns) > 1 and len(columns) % len(heads) == 0 and len(heads) < len(columns):
        share = len(columns) // len(heads)
        groups = [columns[at : at + share] for at in range(0, len(columns), share)]
        if all(_centred(piece, group) for piece, group in zip(heads, groups, strict=True)):
            return [piece.text for piece in heads for _ in range(share)]
    said: list[str] = []
    for at, column in enumerate(columns):
        low = (columns[at - 1][1] + column[0]) / 2 if at else column[0] - 40
        high = (column[1] + columns[at + 1][0]) / 2 if at + 1 < len(columns) else column[1] + 40
        near = [piece for piece in heads if min(high, piece.right) - max(low, piece.left) > 0]
        best = max(near, key=lambda piece: min(column[1], piece.right) - max(column[0], piece.left), default=None)
        said.append(best.text if best else "")
    return said


def _centred(piece: Piece, group: Sequence[list[float]]) -> bool:
    left, right = group[0][0], group[-1][1]
    return abs((piece.left + piece.right) / 2 - (left + right) / 2) < 0.2 * (right - left)


def _alike(columns: Sequence[list[float]], others: Sequence[list[float]]) -> bool:
    """Whether the columns of two tables stand at the same places."""
    return len(columns) == len(others) and all(
        min(a[1], b[1]) - max(a[0], b[0]) > 0 for a, b in zip(columns, others, strict=True)
    )
