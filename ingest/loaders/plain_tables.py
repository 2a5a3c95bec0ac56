"""Tables in plain text and Markdown: the lines stay as they are, their Rows are found in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ingest.loaders.grid import Line, Slot, is_value, table_rows
from ingest.types import Row

_LINE = re.compile(r"[^\n\f]+")
_PIPED = re.compile(r"(?:\\.|[^|\\])+")
_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)*\|?\s*")
_DRAWN = re.compile(r"[\s\-=+|_─━┄┈│┃┼┌┐└┘├┤┬┴*]+")
_GAP = re.compile(r"[ \u3000]{2}|[\t|│┃]")  # what each gap between cells holds
_WIDE = re.compile(r"[ \u3000]{2,}|\t+|\s*[|│┃]\s*")
_LINES_ABOVE = 2
_LONGEST_TITLE = 100  # characters
_LEAST = 2  # lines with values that make a table sure

Span = tuple[int, int]


def piped_rows(text: str) -> tuple[Row, ...]:
    """The Rows of the pipe tables of Markdown: a head, a rule of dashes, and lines (GitHub Flavored Markdown, 4.10)."""
    lines = [match.span() for match in _LINE.finditer(text)]
    rows: list[Row] = []
    index = 1
    while index < len(lines):
        rule = text[slice(*lines[index])]
        if "-" not in rule or "|" not in rule or not _RULE.fullmatch(rule) or "|" not in text[slice(*lines[index - 1])]:
            index += 1
            continue
        end = index + 1
        while end < len(lines) and "|" in text[slice(*lines[end])] and _adjacent(text, lines[end - 1], lines[end]):
            end += 1
        body = [lines[index - 1], *lines[index + 1 : end]]
        grid = _even([_cut(text, span, _piped) for span in body])
        rows += table_rows(grid, _caption(text, lines[: index - 1]), heads=1)
        index = end + 1
    return tuple(rows)


def aligned_rows(text: str) -> tuple[Row, ...]:
    """The Rows of tables laid out with tabs or spaces, where lines that follow each other have as many cells."""
    if not _GAP.search(text):
        return ()
    lines = [match.span() for match in _LINE.finditer(text)]
    rows: list[Row] = []
    for first, block in _blocks(text, lines):
        grid = _even(block)
        valued = [line for line in grid if any(slot and is_value(slot.said) for slot in line[1:])]
        if len(valued) >= _LEAST and len(valued) < len(grid):
            rows += table_rows(grid, _caption(text, lines[:first]))
    return tuple(rows)


def _blocks(text: str, lines: Sequence[Span]) -> Iterator[tuple[int, list[list[Slot]]]]:
    """Runs of lines that have the same number of cells, two or more, with the index of the first; rules are passed over."""
    block: list[list[Slot]] = []
    first = 0
    for index, span in enumerate(lines):
        if block and _DRAWN.fullmatch(text[slice(*span)]):
            continue
        cells = _cut(text, span, _wide)
        if len(cells) < 2 or (block and len(cells) != len(block[0])):
            if block:
                yield first, block
            block = []
        if len(cells) >= 2:
            first = first if block else index
            block.append(cells)
    if block:
        yield first, block


def _cut(text: str, span: Span, ends: Callable[[str], Iterator[Span]]) -> list[Slot]:
    """The cells of a line, without the space around them."""
    found: list[Slot] = []
    for start, end in ends(text[slice(*span)]):
        cell = text[span[0] + start : span[0] + end]
        lead = len(cell) - len(cell.lstrip())
        said = cell.strip()
        at = span[0] + start + lead
        found.append(Slot(at, at + len(said), said.strip("*_` ")))
    return found


def _piped(line: str) -> Iterator[Span]:
    """The ranges between the pipes of a line."""
    start = len(line) - len(line.lstrip())
    start += line[start : start + 1] == "|"
    end = len(line.rstrip())
    end -= end > start and line[end - 1] == "|" and line[end - 2 : end - 1] != "\\"
    at = start
    for index in range(start, end):
        if line[index] == "|" and line[index - 1] != "\\":
            yield at, index
            at = index + 1
    yield at, end


def _wide(line: str) -> Iterator[Span]:
    """The ranges between tabs, drawn lines, and gaps of two spaces or more."""
    start, end = len(line) - len(line.lstrip(" \t\u3000|│┃")), len(line.rstrip(" \t\u3000|│┃"))
    at = start
    for gap in _WIDE.finditer(line, start, end):
        yield at, gap.start()
        at = gap.end()
    if end > at:
        yield at, end


def _even(lines: Sequence[Sequence[Slot]]) -> list[Line]:
    """The lines, all as long as the first."""
    width = len(lines[0])
    return [[*line[:width], *[None] * (width - len(line))] for line in lines]


def _adjacent(text: str, before: Span, after: Span) -> bool:
    return text[before[1] : after[0]].count("\n") == 1


def _caption(text: str, above: Sequence[Span]) -> str:
    """The short lines right above a table that do not end as sentences do."""
    found: list[str] = []
    for start, end in reversed(above[-_LINES_ABOVE:]):
        said = text[start:end].strip().lstrip("#").strip()
        if not said or len(said) > _LONGEST_TITLE or said[-1] in "。！？!?；;，,." or "|" in said or "\t" in said:
            break
        found.insert(0, said)
    return " ".join(found)
