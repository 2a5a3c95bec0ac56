"""PDF: text in reading order with its tables. The only file that imports pypdfium2.

PDFium (BSD-3/Apache-2) gives characters, boxes and a sound order of lines; `ingest.layout` makes lines and paragraphs
of them, `ingest.grid` the rows of tables. PDFium is not safe for threads: read PDFs in processes of their own.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreadableFile
from ingest.layout import Line, Word, on_lines, raised, unstacked
from ingest.loaders.ocr import available, recognised
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.paged import Sheet, load_pages

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_NO_TITLE = re.compile(
    r"untitled|microsoft |\.(?:docx?|pdf|indd|xlsx?|pptx?|qxd|htm)\b|^[0-9a-f_-]+$|[\x00-\x1f\ufffd]|^(?:null|none)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]{2,}|(?:19|20)[0-9]{2}")
_BREAKS = "\r\n"
_HYPHENS = "\x02\ufffe"  # PDFium's marks of a hyphen that it took away with the line's end
_MARKS = _HYPHENS + "\x00"
_SMALLEST = 2.0  # points; smaller characters are not for reading
_INVISIBLE = 3  # text render mode
_FILLED = (0, 4)  # text render modes that only fill
_WHITE = 245  # of 255, from which a colour may be the paper's
_SHOWS = 8  # of 255: how much the page must vary where text is to be seen
_LOOK_SCALE = 2.0  # pixels a point at which it is looked
_OPENING = 20_000  # characters
_MOST_PAGES = 5_000
_SCAN_SCALE = 200 / 72  # pixels a point at which scans are read
MOST_PIXELS = 25_000_000
_UNREADABLE = 0.05  # share of characters without meaning from which a page's text is none
_FEW, _COVERED = 50, 0.5  # characters of a page, and share of it that is image, that make it a scan


def load_pdf(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The PDF's text, page by page, with headings, boilerplate and table rows."""
    document = open_pdf(path, data)
    try:
        count = len(document)
        if count > _MOST_PAGES:
            raise UnreadableFile(path, "many pages", count=count, most=_MOST_PAGES)
        sheets: list[Sheet] = []
        for number in range(count):
            sheets.append(read_sheet(document, number))
            if sheets[-1].scanned and available():
                sheets[-1].lines = _recognised(path, document[number])
            on_page(number + 1, count)
        _check(path, sheets)
        loaded = load_pages(sheets)
        return replace(loaded, title=_title(path, document, loaded.text[:_OPENING]))
    finally:
        document.close()


def _title(path: Path, document: PdfDocument, opening: str) -> str:
    """What the file's properties or its name call it; "" where neither has words.

    Words that the name has run together are parted as the `opening` of the text writes them: BESTBUY is Best Buy.
    """
    printed = " ".join(document.get_metadata_dict().get("Title", "").split())
    if len(printed) > 5 and not _NO_TITLE.search(printed):
        return printed
    written = re.findall(r"[A-Za-z]+", opening)
    parted = {"".join(pair).lower(): " ".join(pair) for pair in itertools.pairwise(written) if min(map(len, pair)) > 2}
    named = " ".join(parted.get(word.lower(), word) for word in re.split(r"[_\s]+", path.stem)).strip()
    return named if len(_WORDS.findall(named)) > 1 else ""


def _check(path: Path, sheets: list[Sheet]) -> None:
    """Raise UnreadableFile where nothing can be read of a file of scans, for want of what reads them."""
    scans = sum(sheet.scanned for sheet in sheets)
    if scans and not available() and not any(sheet.lines for sheet in sheets):
        raise UnreadableFile(path, "scans", count=scans)


def _recognised(path: Path, page: PdfPage) -> list[Line]:
    """The lines of a page that is a picture."""
    width, height = page.get_size()
    scale = min(_SCAN_SCALE, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    return recognised(path, page.render(scale=scale).to_numpy(), scale)


def open_pdf(path: Path | str, data: bytes) -> PdfDocument:
    """The PDF, to be closed by who asked for it; UnreadableFile where it is none."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(path, "locked pdf") from error
        raise UnreadableFile(path, "pdf", why=error) from error
    if not len(document):
        raise UnreadableFile(path, "no pages")
    return document


def read_sheet(document: PdfDocument, number: int) -> Sheet:
    """The lines of a page, counted from 0."""
    import pypdfium2

    try:
        page = document[number]
        text = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Sheet(0, 0, [], unreadable=True)
    width, height = page.get_size()
    glyphs = _Glyphs(page, text.raw)
    lines = _lines(glyphs)
    covered = _image_share(page, width * height) if glyphs.count < _FEW or glyphs.hidden or glyphs.garbled() else 0.0
    if glyphs.hidden > 4 * sum(len(line.words) for line in lines) and covered >= _COVERED:
        glyphs = _Glyphs(page, text.raw, undrawn=True)  # the text that was recognised in a scan lies unseen upon it
        lines = _lines(glyphs)
    scanned = (glyphs.count < _FEW and covered >= _COVERED) or glyphs.garbled()
    text.close()
    page.close()
    return Sheet(width, height, [] if glyphs.garbled() else lines, hidden=glyphs.hidden, scanned=scanned)


def _lines(glyphs: _Glyphs) -> list[Line]:
    lines = on_lines(unstacked(Line(words, bold) for words, bold in glyphs.pieces()))
    for line in lines:
        raised(line.words)
    return lines


def _image_share(page: PdfPage, area: float) -> float:
    """The share of the page that its largest image covers."""
    import pypdfium2.raw as pdfium

    largest = 0.0
    for image in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = image.get_bounds()
        largest = max(largest, (right - left) * (top - bottom))
    return largest / area if area else 0.0


class _Glyphs:
    """The characters of a page, read one by one so that their numbers are PDFium's own."""

    def __init__(self, page: PdfPage, raw: Any, *, undrawn: bool = False) -> None:  # noqa: ANN401
        import pypdfium2.raw as pdfium

        self._pdfium, self._raw, self._page = pdfium, raw, page
        self._width, self._height = page.get_size()
        self._turn = page.get_rotation()
        self._keeps_undrawn = undrawn
        self.count = max(int(pdfium.FPDFText_CountChars(raw)), 0)
        self.hidden = 0
        self._meaningless: int = 0
        self._painted: dict[int | None, tuple[bool, bool]] = {None: (False, False)}
        self._address = ctypes.cast(raw, ctypes.c_void_p).value
        address, number = ctypes.c_void_p, ctypes.c_int
        self._object_of = _called(pdfium.FPDFText_GetTextObject, address, address, number)
        self._mode_of = _called(pdfium.FPDFTextObj_GetTextRenderMode, number, address)
        self._fill_of = _called(pdfium.FPDFPageObj_GetFillColor, number, *[address] * 5)
        self._colour = [ctypes.c_uint() for _ in range(4)]
        box = page.get_cropbox()
        self._origin = (box[0], box[1])

    def garbled(self) -> bool:
        """Whether the characters have lost their meaning: a font without a map to Unicode."""
        return self._meaningless > _UNREADABLE * max(self.count, 1)

    def pieces(self) -> Iterator[tuple[list[Word], bool]]:
        """The words of each line as PDFium parts them, and whether the line is bold."""
        words: list[Word] = []
        for word, ends in self._words():
            if word is not None and words and not _level(words[-1], word):
                yield words, self._bold(words[0].glyphs[0])
                words = []
            if word is not None:
                words.append(word)
            if ends and words:
                yield words, self._bold(words[0].glyphs[0])
                words = []
        if words:
            yield words, self._bold(words[0].glyphs[0])

    def _bold(self, glyph: int) -> bool:
        return int(self._pdfium.FPDFText_GetFontWeight(self._raw, glyph)) >= 600

    def _words(self) -> Iterator[tuple[Word | None, bool]]:
        word: Word | None = None
        for glyph, (char, left, top, right, bottom) in enumerate(zip(self._chars(), *self._boxes(), strict=True)):
            kind = _KINDS[char]
            if kind == _GAP:
                if word is not None and char in _HYPHENS:
                    word.text, word.broken = word.text + "-", True
                    word.glyphs.append(glyph)
                yield self._seen(word), char in _BREAKS or char in _HYPHENS
                word = None
                continue
            if kind == _NOTHING:
                self._meaningless += 1
                continue
            if word is not None and not _follows(word, left, top, right, bottom):
                turned = bottom <= word.top or top >= word.bottom
                yield self._seen(word), turned
                word = None
            if word is None:
                word = Word(char, left, top, right, bottom, [glyph])
            else:
                word.text += char
                word.glyphs.append(glyph)
                word.right = right if right > word.right else word.right
                word.top = top if top < word.top else word.top
                word.bottom = bottom if bottom > word.bottom else word.bottom
        if word is not None:
            yield self._seen(word), True

    def _chars(self) -> str:
        """The character of each glyph."""
        codes = (ctypes.c_ushort * (self.count + 1))()
        if self._pdfium.FPDFText_GetText(self._raw, 0, self.count, codes) == self.count + 1:
            text = bytes(codes)[:-2].decode("utf-16-le", "surrogatepass")
            if len(text) == self.count:
                return text
        # Where some glyph has no character, or one beyond 16 bits, these are fewer, or more.
        return "".join(chr(self._pdfium.FPDFText_GetUnicode(self._raw, glyph)) for glyph in range(self.count))

    def _boxes(self) -> Iterator[list[float]]:
        """The lefts, the tops, the rights and the bottoms of the glyphs, on the page as it is seen, downwards."""
        import numpy as np

        found = np.zeros((self.count, 4), dtype=np.float32)
        to, step = found.ctypes.data, found.strides[0]
        box_of = _called(
            self._pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
        )
        for glyph in range(self.count):
            box_of(self._address, glyph, to + step * glyph)
        x0, y1, x1, y0 = found.astype(np.float64).T  # of PDFium: upwards, before the page is turned
        x0, x1, y0, y1 = x0 - self._origin[0], x1 - self._origin[0], y0 - self._origin[1], y1 - self._origin[1]
        width, height = self._width, self._height
        placed = {
            90: (y0, x0, y1, x1),
            180: (width - x1, y0, width - x0, y1),
            270: (width - y1, height - x1, width - y0, height - x0),
        }.get(self._turn, (x0, height - y1, x1, height - y0))
        return (edges.tolist() for edges in placed)

    def _seen(self, word: Word | None) -> Word | None:
        """The word, if it can be seen: on the page, large enough, drawn."""
        if word is None:
            return None
        middle_x, middle_y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        off = not (0 <= middle_x <= self._width and 0 <= middle_y <= self._height)
        if (
            off
            or (word.height < _SMALLEST and word.right - word.left < _SMALLEST * len(word.text))
            or not self._drawn(word)
        ):
            self.hidden += len(word.text)
            return None
        return word

    def _drawn(self, word: Word) -> bool:
        """Whether a word is drawn so that it can be seen, as all that its text object draws is."""
        drawing = self._object_of(self._address, word.glyphs[0])
        painted = self._painted.get(drawing)
        if painted is None:
            painted = self._painted[drawing] = self._paint(drawing)
        undrawn, white = painted
        return (not undrawn or self._keeps_undrawn) and (not white or self._shows(word))

    def _paint(self, drawing: int | None) -> tuple[bool, bool]:
        """Whether text is not drawn, and whether it is filled with white: on dark ground, or so that nobody sees it."""
        mode = self._mode_of(drawing)
        if mode not in _FILLED:
            return mode == _INVISIBLE, False
        red, green, blue, alpha = self._colour
        to = map(ctypes.byref, (red, green, blue, alpha))
        known = self._fill_of(drawing, *to)
        return False, bool(known) and min(red.value, green.value, blue.value) >= _WHITE

    def _shows(self, word: Word) -> bool:
        """Whether the page varies where a word stands, so that something is seen there."""
        scale, picture = self._picture
        rows = slice(max(int(word.top * scale), 0), int(word.bottom * scale) + 1)
        there = picture[rows, max(int(word.left * scale), 0) : int(word.right * scale) + 1]
        return there.size == 0 or int((there.max(axis=(0, 1)) - there.min(axis=(0, 1))).max()) >= _SHOWS

    @cached_property
    def _picture(self) -> tuple[float, Any]:
        """The page as it is seen, and its pixels a point."""
        scale = min(_LOOK_SCALE, (MOST_PIXELS / max(self._width * self._height, 1)) ** 0.5)
        return scale, self._page.render(scale=scale).to_numpy()


def _called(function: Any, *types: Any) -> Callable[..., Any]:  # noqa: ANN401
    """A function of PDFium's with these types, its outcome's first: with addresses as numbers, it is called in half the time."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    called: Callable[..., Any] = ctypes.PYFUNCTYPE(*types)(address or 0)
    return called


class _Kinds(dict[str, int]):
    """What each character is: in a word, between words, or none: a control, one of a font's own, the mark of a lost one."""

    def __missing__(self, char: str) -> int:
        nothing = char < " " or "\ue000" <= char <= "\uf8ff" or char == "\ufffd"
        kind = self[char] = _GAP if char.isspace() or char in _MARKS else _NOTHING if nothing else _IN_WORD
        return kind


_IN_WORD, _GAP, _NOTHING = range(3)
_KINDS = _Kinds()


def _level(before: Word, word: Word) -> bool:
    """Whether two words stand on one line, a small raised one too."""
    shared = min(before.bottom, word.bottom) - max(before.top, word.top)
    return shared > 0.3 * min(before.height, word.height)


def _follows(word: Word, left: float, top: float, right: float, bottom: float) -> bool:
    """Whether a box goes on with the word: on its line, close behind, not small and raised."""
    height = word.bottom - word.top
    if (
        not (top < word.bottom and bottom > word.top)
        or left - word.right > 0.35 * height
        or left < word.right - 0.8 * height
    ):
        return False
    if bottom == word.bottom:
        return True
    small = bottom - top <= 0.85 * height and bottom < word.bottom - 0.12 * height
    large = height <= 0.85 * (bottom - top) and word.bottom < bottom - 0.12 * (bottom - top)
    return not small and not large
