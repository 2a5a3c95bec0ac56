"""A Document becomes Chunks. The only file that imports langchain_text_splitters."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.tables import context
from ingest.types import Chunk, Document, Row

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

CHINESE_SIZE, LATIN_SIZE = 220, 700  # characters of a Chunk
_APART = 200  # characters between two rows that do not belong together
_LONGEST_ROW = 4  # sizes; a longer row is cut like a paragraph
_SMALL = 0.25  # a piece below this share of the size joins the one before it
_HAN = re.compile("[\u3400-\u9fff]+")
_SEPARATORS = [
    *("\n\n", "\n", "。", "！", "？", "!", r"\?", "；", r"\. ", ";", "，"),
    *(r"(?<![0-9]),|,(?![0-9])(?! [0-9]{4}\b)", "、"),  # neither 1,234 nor June 30, 2023
    *(r"(?<![0-9]) (?![0-9])", r"(?<![0-9.,])(?<![0-9].)(?<![0-9]..)(?!.?[0-9.,])", " ", ""),  # in a figure last of all
]


@lru_cache(maxsize=2)
def _splitter(size: int) -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    # Pieces joined give back the text, so offsets are a running sum; the splitter's own start_index searches for the
    # piece and finds the wrong place where a text repeats itself.
    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        length_function=len,
        strip_whitespace=False,
    )


def split(document: Document) -> list[Chunk]:
    """The Chunks of a Document, in order: none crosses a page or a section or cuts a row, boilerplate makes none."""
    text = document.text
    han = sum(map(len, _HAN.findall(text)))
    size = CHINESE_SIZE if 4 * han > len(text) else LATIN_SIZE
    chunks: list[Chunk] = []
    starts = [row.start for row in document.rows]
    for start, end in _stretches(document):
        rows = document.rows[bisect_left(starts, start) : bisect_left(starts, end)]
        for first, last in _packed(text, rows, size) if rows else _pieces(text, start, end, size):
            above = context([row for row in rows if first <= row.start < last], text[first:last])
            page, section = document.page_at(first), document.section_at(first)
            chunks.append(Chunk(document.id, first, last, text[first:last], page, section, above))
    return chunks


def _packed(text: str, rows: Sequence[Row], size: int) -> list[tuple[int, int]]:
    """The ranges of as many rows each as fit the size."""
    ranges: list[tuple[int, int]] = []
    for row in rows:
        if row.end - row.start > _LONGEST_ROW * size:
            ranges.extend(_pieces(text, row.start, row.end, size))
        elif ranges and row.end - ranges[-1][0] <= size:
            ranges[-1] = (ranges[-1][0], row.end)
        else:
            ranges.append((row.start, row.end))
    return ranges


def _tables(rows: Sequence[Row]) -> Iterator[int]:
    """Where runs of rows begin and end."""
    if rows:
        yield from (rows[0].start, rows[-1].end)
    for before, row in itertools.pairwise(rows):
        if row.start - before.end > _APART or row.caption != before.caption:
            yield from (before.end, row.start)


def _stretches(document: Document) -> Iterator[tuple[int, int]]:
    """The ranges between pages, sections, tables and boilerplate."""
    cuts = {0, len(document.text), *(page.start for page in document.pages), *(s.start for s in document.sections)}
    cuts |= set(_tables(document.rows))
    for span in document.boilerplate:
        cuts |= {span.start, span.end}
    ordered = sorted(cuts)
    skipped = sorted(span.start for span in document.boilerplate)
    ends = {span.start: span.end for span in document.boilerplate}
    for start, end in itertools.pairwise(ordered):
        at = bisect_right(skipped, start) - 1
        if at < 0 or ends[skipped[at]] <= start:
            yield start, end


def _pieces(text: str, start: int, end: int, size: int) -> list[tuple[int, int]]:
    """The trimmed ranges of the pieces of `text[start:end]`, small ones joined to their neighbour."""
    stretch = text[start:end]
    pieces = [stretch] if len(stretch) <= size else _splitter(size).split_text(stretch)
    if "".join(pieces) != stretch:
        raise AssertionError("the splitter lost text")
    ranges: list[tuple[int, int]] = []
    at = start
    for piece in pieces:
        following = at + len(piece)
        if (
            ranges
            and following - ranges[-1][0] <= size * (1 + _SMALL)
            and min(len(piece), at - ranges[-1][0]) < size * _SMALL
        ):
            ranges[-1] = (ranges[-1][0], following)
        else:
            ranges.append((at, following))
        at = following
    return [trimmed for first, last in ranges if (trimmed := _trim(text, first, last))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
