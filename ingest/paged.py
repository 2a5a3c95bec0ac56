"""The pages of a PDF or of scans become what a loader gives: text, headings, boilerplate, table rows, notes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.grid import Overleaf
from ingest.layout import Line, Word
from ingest.loaders.types import Heading, Loaded
from ingest.page_text import PageText, Part, write_page
from ingest.problems import INSTALL
from ingest.running import Placed, contents, running
from ingest.types import Box, Cell, Recognised, Row, Span

_LARGER = 1.15  # a heading is so much larger than most of the text
_LARGER_READ = 1.4  # of a scan, whose lines are as high as their letters
_LONGEST_HEADING = 120  # characters
_ENDS = "。！？!?；;，,、.:："


@dataclass(slots=True)
class Sheet:
    """The lines of a page of `width` by `height`, and what is to be told of it: `hidden` characters left out, whether
    it is a picture of text, or cannot be read.
    """

    width: float
    height: float
    lines: list[Line]
    hidden: int = 0
    scanned: bool = False
    unreadable: bool = False


def load_pages(sheets: Sequence[Sheet]) -> Loaded:
    """All pages as one text, each page's after the other's."""
    pages: list[PageText] = []
    overleaf: Overleaf | None = None
    for sheet in sheets:
        page, overleaf = write_page(sheet.lines, overleaf)
        pages.append(page)
    starts = [0]
    for page in pages:
        starts.append(starts[-1] + len(page.text))
    around = _around(sheets, pages)
    size = _body_size(sheets)
    return Loaded(
        "".join(page.text for page in pages),
        page_starts=tuple(starts[:-1]),
        headings=tuple(_headings(pages, starts, around, size)),
        boilerplate=tuple(_span(pages[page].parts[part], starts[page]) for page, part in sorted(around)),
        recognised=tuple(
            part
            for sheet, page, start in zip(sheets, pages, starts, strict=False)
            for part in _recognised(sheet, page, start)
        ),
        rows=tuple(row for number, page in enumerate(pages) for row in _rows(page, starts[number], number, around)),
        notes=tuple(_notes(sheets)),
    )


def _around(sheets: Sequence[Sheet], pages: Sequence[PageText]) -> set[tuple[int, int]]:
    """(page, part) of what is no part of the report itself."""
    placed = [
        [
            Placed(number, page.text[part.start : part.end], part.lines[0].top / height, part.lines[-1].bottom / height)
            for number, part in enumerate(page.parts)
        ]
        for sheet, page in zip(sheets, pages, strict=True)
        for height in (sheet.height or 1.0,)
    ]
    found = set(running(placed))
    for number, parts in enumerate(placed):
        found |= {(number, part) for part in contents(parts, len(pages))}
    return found


def _span(part: Part, start: int) -> Span:
    return Span(start + part.start, start + part.end)


def _body_size(sheets: Sequence[Sheet]) -> float:
    """The height of most characters."""
    sizes: Counter[float] = Counter()
    for sheet in sheets:
        for line in sheet.lines:
            sizes[round(line.size, 1)] += sum(len(word.text) for word in line.words)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _headings(
    pages: Sequence[PageText], starts: Sequence[int], around: set[tuple[int, int]], size: float
) -> Iterator[Heading]:
    """Short parts that are set larger or bolder than the text, with text below them."""
    for number, page in enumerate(pages):
        for at, part in enumerate(page.parts[:-1]):
            text = page.text[part.start : part.end]
            if part.tabular or (number, at) in around or not 1 < len(text) <= _LONGEST_HEADING or text[-1] in _ENDS:
                continue
            larger = part.lines[0].size >= (_LARGER if part.lines[0].confidence == 1.0 else _LARGER_READ) * size
            if (larger or part.lines[0].bold) and sum(char.isalpha() for char in text) > len(text) // 2:
                yield Heading(starts[number] + part.start, starts[number] + part.end)


def _recognised(sheet: Sheet, page: PageText, start: int) -> Iterator[Recognised]:
    """What of a page was read from a picture, line by line, with its confidence and where it stands on the page."""
    for part in page.parts:
        if all(line.confidence == 1.0 for line in part.lines):
            continue
        places = {page.glyphs[at]: at for at in range(part.start, part.end)}
        for line in part.lines:
            for words in _runs(line.words):
                held = [places[glyph] for word in words for glyph in word.glyphs if glyph in places]
                if held:
                    first, last = start + min(held), start + max(held) + 1
                    yield Recognised(first, last, line.confidence, _box(words, sheet))


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words that stand close together: a line of prose, or a cell of a table."""
    run: list[Word] = []
    for word in words:
        if run and word.left - run[-1].right > word.height:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _box(words: Sequence[Word], sheet: Sheet) -> Box:
    """Where words of a line stand, as shares of their page."""
    width, height = sheet.width or 1.0, sheet.height or 1.0
    left, right = words[0].left / width, words[-1].right / width
    top, bottom = min(word.top for word in words) / height, max(word.bottom for word in words) / height
    return round(left, 4), round(top, 4), round(right, 4), round(bottom, 4)


def _rows(page: PageText, start: int, number: int, around: set[tuple[int, int]]) -> Iterator[Row]:
    """The rows of a page, in the whole text, without those of its contents."""
    parts = [part.start for part in page.parts]
    for row in page.rows:
        if (number, bisect_right(parts, row.start) - 1) in around:
            continue
        cells = tuple(Cell(cell.start + start, cell.end + start, cell.header) for cell in row.cells)
        yield replace(row, start=row.start + start, end=row.end + start, cells=cells)


def _pages(numbers: Sequence[int]) -> str:
    """Pages as people name them."""
    named = ", ".join(str(number) for number in numbers[:8]) + (", ..." if len(numbers) > 8 else "")
    return f"{len(numbers)} page{'s' if len(numbers) > 1 else ''} ({named})"


def _notes(sheets: Sequence[Sheet]) -> Iterator[str]:
    hidden = [(number, sheet.hidden) for number, sheet in enumerate(sheets, 1) if sheet.hidden]
    if hidden:
        total = sum(count for _, count in hidden)
        yield f"{total:,} characters that nobody sees (on page {hidden[0][0]}{' and others' if len(hidden) > 1 else ''}): left out"
    scans = [number for number, sheet in enumerate(sheets, 1) if sheet.scanned]
    unread = [number for number in scans if not sheets[number - 1].lines]
    if unread:
        yield f"{_pages(unread)} of pictures, without text that could be read: left out. {INSTALL}"
    if len(scans) > len(unread):
        yield f"{_pages([number for number in scans if number not in unread])} read from pictures"
    for number, sheet in enumerate(sheets, 1):
        if sheet.unreadable:
            yield f"page {number} cannot be read: left out"
