"""Word documents: the text as it stands with all changes accepted, in order, with its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.loaders.chart import write_charts
from ingest.loaders.marks import DOWN, UP, settled
from ingest.loaders.package import Package
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import TableCell, Writer

if TYPE_CHECKING:
    from ingest.loaders.markup import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted and moved-away text, readings over characters, and the copy of a shape for old programs.
_LEFT_OUT = {f"{_MC}Fallback", *(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "sdtPr", "rt", "drawing", "pict", "object"))}  # fmt: skip
_PARAGRAPHS, _TABLE, _BLOCKS = (
    f"{W}p",
    f"{W}tbl",
    (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"),
)
_SAID = (_PARAGRAPHS, *_BLOCKS)  # what of a cell is its text
_SPOKEN = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_HEADING = re.compile(r"^(?:heading|标题|標題)\s*[1-9]$|^title$", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:toc|目录|目錄) ?[1-9]$|^table of figures$", re.IGNORECASE)
_LEVELS = frozenset("012345678")
_DEEPEST = 60


def load_docx(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The document's paragraphs and tables, its footnotes at the end; pages where Word wrote down where they broke."""
    package = Package(path, data)
    main = package.main()
    reader = _Reader(package, main)
    reader.body(package.xml(main))
    for kind in ("footnotes", "endnotes"):
        reader.notes(kind)
    notes = [f"{reader.hidden:,} hidden characters: left out"] if reader.hidden else []
    return reader.writer.loaded(package.title(), notes)


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self.writer = Writer()
        self._package, self._main = package, main
        self.hidden = 0
        self._related = {kind: name for kind, name in package.related(main).values()}
        self._headings: set[str] = set()
        self._contents: set[str] = set()
        self._read_styles()
        self._break = ""

    def body(self, root: Element) -> None:
        body = root.find(f"{W}body")
        if body is None:
            return
        laid_out = next(body.iter(f"{W}lastRenderedPageBreak"), None) is not None
        self._break = f"{W}lastRenderedPageBreak" if laid_out else f"{W}br"
        self._blocks(body, 0)

    def notes(self, kind: str) -> None:
        """Write the footnotes, each a line."""
        if kind not in self._related or self._related[kind] not in self._package:
            return
        for note in self._package.xml(self._related[kind]).iterchildren():
            if note.get(f"{W}type", "normal") == "normal":
                self.writer.line(" ".join(self._text(paragraph) for paragraph in note.iter(_PARAGRAPHS)))

    def _read_styles(self) -> None:
        """Which styles head sections: by name, or by outline level, or based on one that does. Which list contents."""
        if "styles" not in self._related or self._related["styles"] not in self._package:
            return
        styles = [
            style
            for style in self._package.xml(self._related["styles"]).iter(f"{W}style")
            if style.get(f"{W}type") == "paragraph"
        ]
        for _ in range(4):  # a style may rest on one that stands behind it
            for style in styles:
                identity, name = style.get(f"{W}styleId", ""), _value(style.find(f"{W}name"))
                level = _value(style.find(f"{W}pPr/{W}outlineLvl"))
                if _CONTENTS.match(name):
                    self._contents.add(identity)
                elif _HEADING.match(name) or level in _LEVELS or _value(style.find(f"{W}basedOn")) in self._headings:
                    self._headings.add(identity)

    def _blocks(self, parent: Element, depth: int) -> None:
        for block in parent:
            if block.tag == _PARAGRAPHS:
                self._paragraph(block)
            elif block.tag == _TABLE:
                self._table(block, depth)
            elif block.tag in _BLOCKS and depth < _DEEPEST and not _lists_contents(block):
                self._blocks(block, depth + 1)

    def _paragraph(self, paragraph: Element) -> None:
        breaks = sum(1 for _ in self._breaks(paragraph))
        text = self._text(paragraph)
        if breaks and not self._starts_with_text(paragraph):
            self._pages(breaks)
            breaks = 0
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        if style in self._contents:
            return
        level = _value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        if style in self._headings or level in _LEVELS:
            self.writer.heading(text)
        else:
            for line in text.split("\n"):
                self.writer.line(line)
        self._hung(paragraph)
        self._pages(breaks)

    def _hung(self, element: Element) -> None:
        """Write the text boxes and the charts that hang on an element."""
        for shape in self._shapes(element):
            self._blocks(shape, 0)
        write_charts(self.writer, self._package, self._main, element)

    def _breaks(self, element: Element) -> Iterator[Element]:
        for mark in element.iter(self._break):
            if self._break.endswith("lastRenderedPageBreak") or mark.get(f"{W}type") == "page":
                yield mark

    def _starts_with_text(self, paragraph: Element) -> bool:
        """Whether text stands before the first page break of a paragraph."""
        for element in paragraph.iter(f"{W}t", self._break):
            if element.tag == f"{W}t" and (element.text or "").strip():
                return True
            if element.tag == self._break:
                return False
        return True

    def _pages(self, count: int) -> None:
        for _ in range(count):
            self.writer.page()

    def _text(self, paragraph: Element) -> str:
        parts: list[str] = []
        self._say(paragraph, parts, 0)
        return settled("".join(parts)).strip()

    def _say(self, parent: Element, parts: list[str], depth: int) -> None:
        for element in parent:
            if element.tag in _LEFT_OUT or depth > _DEEPEST:
                continue
            if element.tag == f"{W}r":
                raised = _value(element.find(f"{W}rPr/{W}vertAlign")) == "superscript"
                if element.find(f"{W}rPr/{W}vanish") is None:
                    parts.append(f"{UP if raised else ''}{_run(element)}{DOWN if raised else ''}")
                else:
                    self.hidden += len(_run(element))
            elif element.tag == f"{_M}t":
                parts.append(element.text or "")
            else:
                self._say(element, parts, depth + 1)

    def _shapes(self, paragraph: Element) -> list[Element]:
        """The text boxes that hang on a paragraph, outermost alone, without their copies for old programs."""
        return [
            box
            for box in paragraph.iter(f"{W}txbxContent")
            if not any(
                above.tag in (f"{_MC}Fallback", f"{W}txbxContent", f"{W}del") for above in _above(box, paragraph)
            )
        ]

    def _table(self, table: Element, depth: int) -> None:
        if all(len(list(_below(row, f"{W}tc"))) < 2 for row in _below(table, f"{W}tr")):
            for cell in _cells(table):  # a frame around text
                self._blocks(cell, depth + 1)
            return
        lines: list[list[TableCell]] = []
        cells: list[Element] = []
        open_cells: dict[int, tuple[int, int]] = {}  # column: where the cell that goes on below it began
        heads = 0
        breaks = sum(1 for _ in self._breaks(table))
        for index, row in enumerate(_below(table, f"{W}tr")):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            if heads == index and row.find(f"{W}trPr/{W}tblHeader") is not None:
                heads += 1
            lines.append(self._line(row, lines, open_cells))
            cells += _below(row, f"{W}tc")
        self.writer.table(lines, heads=heads or None)
        for inner in (inner for cell in cells for inner in cell.iterchildren(_TABLE, *_SAID)):
            if inner.tag != _TABLE:
                self._hung(inner)
            elif depth < _DEEPEST:
                self._table(inner, depth + 1)
        self._pages(breaks)

    def _line(
        self, row: Element, lines: list[list[TableCell]], open_cells: dict[int, tuple[int, int]]
    ) -> list[TableCell]:
        line: list[TableCell] = []
        before = _number(row.find(f"{W}trPr/{W}gridBefore"), 0)
        column = before
        if before:
            line.append(TableCell("", min(before, 100)))
        for cell in _below(row, f"{W}tc"):
            columns = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is not None and _value(merge) != "restart" and column in open_cells:
                at, place = open_cells[column]
                above = lines[at][place]
                lines[at][place] = TableCell(above.text, above.columns, above.lines + 1, above.head)
            else:
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = (len(lines), len(line))
                text = " ".join(self._text(paragraph) for paragraph in cell.iterchildren(*_SAID))
                line.append(TableCell(text, columns))
            column += columns
        return line


def _run(run: Element) -> str:
    parts: list[str] = []
    for element in run:
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.tag == f"{W}sym":
            parts.append(_symbol(element))
        elif element.tag == f"{W}br" and element.get(f"{W}type", "textWrapping") != "textWrapping":
            continue
        else:
            parts.append(_SPOKEN.get(element.tag, ""))
    return "".join(parts)


def _symbol(element: Element) -> str:
    try:
        code = int(element.get(f"{W}char", ""), 16)
    except ValueError:
        return ""
    return chr(code) if 0x20 <= code < 0xD800 else ""


def _below(parent: Element, tag: str) -> Iterator[Element]:
    """The children of that tag, through what may stand around them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _BLOCKS:
            yield from _below(child, tag)


def _cells(table: Element) -> Iterator[Element]:
    for row in _below(table, f"{W}tr"):
        yield from _below(row, f"{W}tc")


def _lists_contents(block: Element) -> bool:
    """Whether a block is the table of contents that Word makes."""
    return _value(block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")) == "Table of Contents"


def _above(element: Element, top: Element) -> Iterator[Element]:
    for parent in element.iterancestors():
        if parent is top:
            return
        yield parent


def _value(element: Element | None) -> str:
    return "" if element is None else str(element.get(f"{W}val", ""))


def _number(element: Element | None, otherwise: int) -> int:
    value = _value(element)
    return max(min(int(value), 1000), otherwise) if value.isdecimal() and len(value) < 6 else otherwise
