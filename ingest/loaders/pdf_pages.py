"""Pages of a PDF to look at: where a text stands on them, their pictures and sizes.

In: the bytes of the PDF that a Document was made from. Out: Rectangles, PNGs, points.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.layout import NO_GLYPH, Line
from ingest.loaders.pdf import MOST_PIXELS, open_pdf, read_sheet
from ingest.page_text import write_page
from ingest.types import Document


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a page, in points from its top left corner; `page` counts from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def rectangles(data: bytes, document: Document, start: int, end: int) -> list[Rectangle]:
    """Where `document.text[start:end]` stands on its page: a rectangle for each line or part of one.

    Of a scan that an older version read, it is the page.

    `data` are the bytes of the PDF that the Document was made from; the range lies on one page. UnreadableFile where
    the text is not found again, since the file is another.
    """
    first, last = document.offsets.span(start, end)
    number = document.page_at(start)
    pdf = open_pdf(document.path, data)
    try:
        if number > len(pdf):
            raise _another(document)
        sheet = read_sheet(pdf, number - 1)
        if sheet.scanned:
            found = document.boxes(start, end) or [(0.0, 0.0, 1.0, 1.0)]
            return [
                Rectangle(number, left * sheet.width, top * sheet.height, right * sheet.width, bottom * sheet.height)
                for left, top, right, bottom in found
            ]
        page, _ = write_page(sheet.lines)
        at = document.source_text.rfind(page.text, 0, first + len(page.text)) if page.text else -1
        if at < 0 or first < at:
            raise _another(document)
        wanted = {glyph for glyph in page.glyphs[first - at : last - at] if glyph != NO_GLYPH}
        return list(_boxes(number, sheet.lines, wanted))
    finally:
        pdf.close()


def _another(document: Document) -> UnreadableFile:
    return UnreadableFile(document.path, "other text")


def _boxes(number: int, lines: list[Line], wanted: set[int]) -> Iterator[Rectangle]:
    """A rectangle for each run of words on a line that have wanted glyphs; of a word in part, its share."""
    for line in lines:
        run: list[tuple[float, float, float, float]] = []
        for word in line.words:
            held = [at for at, glyph in enumerate(word.glyphs) if glyph in wanted]
            if held:
                step = (word.right - word.left) / len(word.glyphs)
                run.append((word.left + held[0] * step, word.top, word.left + (held[-1] + 1) * step, word.bottom))
        if run:
            yield Rectangle(
                number, min(r[0] for r in run), min(r[1] for r in run), max(r[2] for r in run), max(r[3] for r in run)
            )


def render_page(path: Path | str, data: bytes, number: int, scale: float = 1.5) -> bytes:
    """A PNG of a page (counted from 1) at `scale` pixels a point, smaller where the page is vast."""
    pdf = open_pdf(path, data)
    try:
        if not 1 <= number <= len(pdf):
            raise UnreadableFile(path, "no such page", count=len(pdf), number=number)
        page = pdf[number - 1]
        width, height = page.get_size()
        fits = min(scale, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
        out = io.BytesIO()
        page.render(scale=fits).to_pil().save(out, "PNG")
        return out.getvalue()
    finally:
        pdf.close()


def page_size(path: Path | str, data: bytes, number: int) -> tuple[float, float]:
    """Width and height of a page (counted from 1) in points, as it is shown: what Rectangles are parts of."""
    pdf = open_pdf(path, data)
    try:
        if not 1 <= number <= len(pdf):
            raise UnreadableFile(path, "no such page", count=len(pdf), number=number)
        width, height = pdf[number - 1].get_size()
        return float(width), float(height)
    finally:
        pdf.close()
