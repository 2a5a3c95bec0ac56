"""PowerPoint presentations: a slide is a page, its title a heading; tables, groups and the speaker's notes are read too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.loaders.chart import CHART, write_charts
from ingest.loaders.marks import DOWN, UP, settled
from ingest.loaders.package import Package
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import TableCell, Writer

if TYPE_CHECKING:
    from ingest.loaders.markup import Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FURNITURE = frozenset(("dt", "ftr", "hdr", "sldNum"))  # date, footer, header, number
_DEEPEST = 40


def load_pptx(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The slides in order; hidden ones are left out and said."""
    package = Package(path, data)
    main = package.main()
    related = package.related(main)
    names = list(
        dict.fromkeys(
            related[identity][1]
            for slide in package.xml(main).iter(f"{_P}sldId")
            if (identity := slide.get(f"{_R}id", "")) in related
        )
    )
    if not names:
        raise UnreadableFile(path, "no slides")
    writer = Writer()
    notes: list[str] = []
    for number, name in enumerate(names, 1):
        if number > 1:
            writer.page()
        slide = package.xml(name)
        if slide.get("show") == "0":
            notes.append(f"slide {number} is hidden: left out")
        else:
            _slide(writer, package, name, slide)
        on_page(number, len(names))
    return writer.loaded(package.title(), notes)


def _slide(writer: Writer, package: Package, name: str, slide: Element) -> None:
    shapes = list(_shapes(slide.find(f"{_P}cSld/{_P}spTree"), 0))
    for shape in sorted(shapes, key=lambda shape: _kind(shape) not in ("title", "ctrTitle")):
        table = next(shape.iter(f"{_A}tbl"), None)
        if table is not None:
            _table(writer, table)
        elif next(shape.iter(CHART), None) is not None:
            write_charts(writer, package, name, shape)
        elif _kind(shape) in ("title", "ctrTitle"):
            writer.heading(" ".join(_paragraphs(shape)))
        elif _kind(shape) not in _FURNITURE:
            for line in _paragraphs(shape):
                writer.line(line)
    _notes(writer, package, name)


def _notes(writer: Writer, package: Package, name: str) -> None:
    """Write what the speaker notes of a slide."""
    for kind, part in package.related(name).values():
        if kind == "notesSlide" and part in package:
            for shape in _shapes(package.xml(part).find(f"{_P}cSld/{_P}spTree"), 0):
                if _kind(shape) == "body":
                    for line in _paragraphs(shape):
                        writer.line(line)


def _shapes(tree: Element | None, depth: int) -> Iterator[Element]:
    """The shapes of a tree that are shown, those of groups in their place."""
    for shape in tree if tree is not None else ():
        if shape.tag == f"{_MC}AlternateContent":
            yield from _shapes(shape.find(f"{_MC}Choice"), depth + 1) if depth < _DEEPEST else ()
        elif shape.tag == f"{_P}grpSp":
            yield from _shapes(shape, depth + 1) if depth < _DEEPEST else ()
        elif shape.tag in (f"{_P}sp", f"{_P}graphicFrame", f"{_P}cxnSp"):
            about = shape.find(f"*/{_P}cNvPr")
            if about is None or about.get("hidden") not in ("1", "true"):
                yield shape


def _kind(shape: Element) -> str:
    """What a placeholder holds: "title", "body", ...; "" for other shapes."""
    placeholder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return "" if placeholder is None else str(placeholder.get("type", "body"))


def _paragraphs(parent: Element) -> list[str]:
    return [line for paragraph in parent.iter(f"{_A}p") for line in _text(paragraph).split("\n") if line.strip()]


def _text(paragraph: Element) -> str:
    parts: list[str] = []
    for element in paragraph:
        if element.tag in (f"{_A}r", f"{_A}fld"):
            said = element.findtext(f"{_A}t") or ""
            about = element.find(f"{_A}rPr")
            baseline = "" if about is None else about.get("baseline", "")
            raised = baseline.isdecimal() and int(baseline[:9]) > 0
            parts.append(f"{UP}{said}{DOWN}" if raised else said)
        elif element.tag == f"{_A}br":
            parts.append("\n")
    return settled("".join(parts))


def _table(writer: Writer, table: Element) -> None:
    lines: list[list[TableCell]] = []
    headed = table.find(f"{_A}tblPr")
    for index, row in enumerate(table.iterchildren(f"{_A}tr")):
        line: list[TableCell] = []
        for cell in row.iterchildren(f"{_A}tc"):
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                continue
            head = index == 0 and headed is not None and headed.get("firstRow") in ("1", "true")
            columns, rows = _count(cell.get("gridSpan")), _count(cell.get("rowSpan"))
            line.append(TableCell(" ".join(_paragraphs(cell)), columns, rows, head))
        lines.append(line)
    writer.table(lines)


def _count(said: str | None) -> int:
    return max(min(int(said), 1000), 1) if said and said.isdecimal() and len(said) < 6 else 1
