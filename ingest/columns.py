"""What stands at which column of a table: its heads above, its cells in a line.

In: the ranges of columns from left to right, and Pieces. All is told by place, never by order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.layout import Line
from ingest.pieces import Piece

_MODEL = re.compile(r"\d{1,4}[*†‡]*|[*†‡]+")
_FEWEST_NAMED = 2  # rows


def levels(lines: Sequence[Line]) -> list[Line]:
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


def segments(parted: Sequence[Piece], columns: Sequence[list[float]]) -> Iterator[tuple[Piece | None, list[Piece]]]:
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


def over_columns(columns: Sequence[list[float]], heads: Sequence[Piece]) -> list[str]:
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


def alike(columns: Sequence[list[float]], others: Sequence[list[float]]) -> bool:
    """Whether the columns of two tables stand at the same places."""
    return len(columns) == len(others) and all(
        min(a[1], b[1]) - max(a[0], b[0]) > 0 for a, b in zip(columns, others, strict=True)
    )


def heads_with_numbers(block: Sequence[int], parted: Sequence[Sequence[Piece]]) -> int | None:
    """The first line of a table where it is heads though they are numbers, as of models are: 737, 747 and 777X over rows
    that begin farther to the left with a name.
    """
    first, *others = block
    named = [parted[index][0] for index in others if not parted[index][0].value]
    words = [piece for piece in parted[first] if not piece.value and re.search(r"[^\W\d_]", piece.text)]
    numbers = [piece for piece in parted[first] if piece.value]
    if len(named) < len(others) or len(named) < _FEWEST_NAMED or not words:
        return None
    if not all(_MODEL.fullmatch(piece.text) for piece in numbers):
        return None
    return first if parted[first][0].left > max(piece.right for piece in named) else None
