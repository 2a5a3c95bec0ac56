"""How a Document and what was made of it stand in the tables of `index.schema`."""

from __future__ import annotations

import datetime
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from index.prepare import Prepared
from index.schema import BLOCK
from ingest.offsets import OffsetMap
from ingest.types import Cell, Document, Figure, Page, Recognised, Row, Section, Span


class Insertion:
    """Writes Documents with all that was made of them: what has many rows is held back, and written for all of them at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
        self._next = (last[0] if last else 0) + 1
        self._held: list[tuple[int, range, Prepared]] = []

    def add(self, prepared: Prepared) -> range:
        """Write one Document, and note the rest; the numbers of its Chunks."""
        document = prepared.document
        numbers = range(self._next, self._next + len(prepared.chunks))
        self._next = numbers.stop
        row = (
            document.id, document.path, document.title, digest(document), document.offsets.to_bytes(),
            pack(layout(document)), len(document.pages), len(document.text), numbers.start, len(numbers),
            len(prepared.figures), json.dumps(document.notes, ensure_ascii=False),
            datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        number = self._connection.execute(
            "INSERT INTO documents (id, path, title, digest, offsets, layout, pages, characters, first, chunks, figures, notes, "
            "added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        ).lastrowid
        self._held.append((int(number or 0), numbers, prepared))
        return numbers

    def write(self) -> None:
        """Write what was held back."""
        held, self._held = self._held, []
        write_texts(self._connection, [(number, prepared.document) for number, _, prepared in held])
        many = self._connection.executemany
        many(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (n, number, c.start, c.end, c.page, c.section, c.context)
                for number, numbers, prepared in held
                for n, c in zip(numbers, prepared.chunks, strict=True)
            ),
        )
        many(
            "INSERT INTO vectors VALUES (?, ?)",
            (
                (n, vector.tobytes())
                for _, numbers, prepared in held
                for n, vector in zip(numbers, prepared.vectors, strict=True)
            ),
        )
        many(
            "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, f.start, f.end, f.text, f.kind, str(f.value), None if f.high is None else str(f.high), f.unit,
                 f.qualifier, f.period, f.label)
                for number, _, prepared in held
                for f in prepared.figures
            ),
        )  # fmt: skip
        names = ((spelling, name, number) for number, _, prepared in held for spelling, name in prepared.names)
        many("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", names)


def delete(connection: sqlite3.Connection, document_id: str, revision: int) -> None:
    """Remove all rows of the Document with that id, and note which Chunks went at that revision."""
    number, first, chunks = connection.execute(
        "SELECT number, first, chunks FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    for table in ("figures", "names", "texts", "sources"):
        connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))
    connection.execute("DELETE FROM vectors WHERE chunk BETWEEN ? AND ?", (first, first + chunks - 1))
    connection.execute("DELETE FROM chunks WHERE number BETWEEN ? AND ?", (first, first + chunks - 1))
    connection.execute("DELETE FROM documents WHERE number = ?", (number,))
    connection.execute("INSERT INTO removals VALUES (?, ?, ?)", (revision, first, chunks))


def write_texts(connection: sqlite3.Connection, documents: Sequence[tuple[int, Document]]) -> None:
    """Write the text of each numbered Document in blocks, and the source text where it is another."""
    blocks = (
        (number, block, pack(document.text[at : at + BLOCK]))
        for number, document in documents
        for block, at in enumerate(range(0, len(document.text), BLOCK))
    )
    connection.executemany("INSERT INTO texts VALUES (?, ?, ?)", blocks)
    others = (
        (number, pack(document.source_text)) for number, document in documents if document.source_text != document.text
    )
    connection.executemany("INSERT INTO sources VALUES (?, ?)", others)


def layout(document: Document) -> str:
    """Pages, sections, boilerplate and table rows as JSON."""
    parts = {
        "pages": [[page.number, page.start, page.end] for page in document.pages],
        "sections": [[section.title, section.start, section.end] for section in document.sections],
        "recognised": [[p.start, p.end, p.confidence, p.box] for p in document.recognised],
        "boilerplate": [[span.start, span.end] for span in document.boilerplate],
        "rows": [
            [row.start, row.end, row.label, row.caption, [[c.start, c.end, c.header] for c in row.cells]]
            for row in document.rows
        ],
    }
    return json.dumps({name: part for name, part in parts.items() if part}, ensure_ascii=False, separators=(",", ":"))


def document(row: tuple[str, str, str, bytes, bytes, str], text: str, source_text: str) -> Document:
    """The Document of (id, path, title, offsets, layout, notes), its text and its source text."""
    identity, path, title, offsets, packed, notes = row
    parts = json.loads(unpack(packed))
    return Document(
        id=identity,
        path=path,
        title=title,
        source_text=source_text,
        text=text,
        offsets=OffsetMap.from_bytes(offsets),
        pages=tuple(Page(*page) for page in parts.get("pages", ())),
        sections=tuple(Section(*section) for section in parts.get("sections", ())),
        notes=tuple(json.loads(notes)),
        recognised=tuple(
            Recognised(start, end, confidence, tuple(box[0]) if box and box[0] else None)
            for start, end, confidence, *box in parts.get("recognised", ())
        ),
        boilerplate=tuple(Span(*span) for span in parts.get("boilerplate", ())),
        rows=tuple(
            Row(start, end, label, caption, tuple(Cell(*cell) for cell in cells))
            for start, end, label, caption, cells in parts.get("rows", ())
        ),
    )


def figure(row: tuple[Any, ...]) -> Figure:
    """The Figure of (text, start, end, kind, value, high, unit, qualifier, period, label)."""
    text, start, end, kind, value, high, unit, qualifier, period, label = row
    upper = None if high is None else Decimal(high)
    return Figure(text, start, end, kind, Decimal(value), upper, unit, qualifier, period, label)


def digest(document: Document) -> bytes:
    """Half of the SHA-256 of what the Document says and what its file said."""
    said = f"{document.text}\0{document.source_text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).digest()[:16]


def pack(text: str) -> bytes:
    """A text made small."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def unpack(data: bytes) -> str:
    """The text that `pack` made small."""
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
