"""A path, or a title and a text, becomes a Document."""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ingest.clean import clean
from ingest.errors import EmptyDocument, UnreadableFile
from ingest.injection import instructions, notes
from ingest.loaders.registry import load, read_bytes
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.offsets import OffsetMap
from ingest.owner import owned
from ingest.structure import boilerplate, headings, lines, sections
from ingest.types import Cell, Document, Page, Recognised, Row, Span

_LONGEST_TITLE = 80


def content_id(data: bytes) -> str:
    """The id of a Document with this content: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]


def content_id_of(file: Path) -> str:
    """The id of a Document of the bytes of a file, which are not held in memory; UnreadableFile."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()[:16]
    except OSError as error:
        raise UnreadableFile(file, "unreadable", why=error.strerror) from error


def read_document(path: Path, data: bytes | None = None, on_page: OnPage = unheard) -> Document:
    """The Document in the file at `path` (its bytes as `data` where they were read already); IngestError else.

    This reads within the process; files that are not trusted go through `ingest.sandbox`.
    """
    content = read_bytes(path) if data is None else data
    name = named(path)
    return _document(content_id(content), name, Path(name).stem, load(path, content, on_page))


def named(path: Path) -> str:
    """A path as text that can be stored and shown: bytes of a name that are no UTF-8 stand as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def document_from_text(title: str, text: str) -> Document:
    """A Document of a text that stands in no file; its path is its title."""
    identity = content_id(f"{title}\0{text}".encode("utf-8", "surrogatepass"))
    return replace(_document(identity, title, title, Loaded(text)), title=title)


def _document(identity: str, path: str, stem: str, loaded: Loaded) -> Document:
    text, offsets = clean(loaded.text)
    if not text.strip():
        raise EmptyDocument(path, "empty")
    told = instructions(text)
    around = (_cleaned(offsets, span.start, span.end) for span in loaded.boilerplate)
    skipped = _merged([*boilerplate(text), *around, *told])
    marked = [_cleaned(offsets, heading.start, heading.end) for heading in loaded.headings]
    heads = [span for span in marked if text[span.start : span.end].strip()] or list(headings(text, skipped))
    return Document(
        id=identity,
        path=path,
        title=owned(loaded.title or _title(text) or stem, text),
        source_text=loaded.text,
        text=text,
        offsets=offsets,
        pages=_pages(text, [_place(offsets, start) for start in loaded.page_starts]),
        sections=sections(text, heads),
        boilerplate=skipped,
        rows=tuple(_row(offsets, row) for row in loaded.rows),
        notes=(*loaded.notes, *notes(text, told, loaded.text)),
        recognised=tuple(_recognised(offsets, part) for part in loaded.recognised),
    )


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap as one."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if span.start == span.end:
            continue
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _place(offsets: OffsetMap, source: int) -> int:
    """The first place of the text that stands at or behind `source` of the source text."""
    run = bisect_left(offsets.source_starts, source + 1) - 1
    if run < 0:
        return 0
    end = offsets.text_starts[run + 1] if run + 1 < len(offsets.text_starts) else offsets.length
    return min(offsets.text_starts[run] + source - offsets.source_starts[run], end)


def _cleaned(offsets: OffsetMap, start: int, end: int) -> Span:
    return Span(_place(offsets, start), _place(offsets, end))


def _recognised(offsets: OffsetMap, part: Recognised) -> Recognised:
    return replace(part, start=_place(offsets, part.start), end=_place(offsets, part.end))


def _row(offsets: OffsetMap, row: Row) -> Row:
    """The row of the source text, in the text."""
    cells = tuple(Cell(_place(offsets, cell.start), _place(offsets, cell.end), cell.header) for cell in row.cells)
    return Row(_place(offsets, row.start), _place(offsets, row.end), row.label, row.caption, cells)


def _pages(text: str, starts: list[int]) -> tuple[Page, ...]:
    ends = [*starts[1:], len(text)]
    return tuple(Page(number, start, end) for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1))


def _title(text: str) -> str:
    """The first line where it reads as a title: short, without closing mark, with more below it."""
    first = next(iter(lines(text)), (0, 0))
    line = text[slice(*first)]
    if len(line) <= _LONGEST_TITLE and line[-1:] not in "。！？!?；;，,、.：:" and first[1] < len(text.rstrip()):
        return line.lstrip("#").strip()
    return ""
