"""The truth of a library: one SQLite database of Documents, Chunks, Figures and vectors.

Adding or removing a Document is one transaction. What is searched (FAISS, BM25) is made from this and can be made again.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.errors import LibraryCorrupt, LibraryReadOnly, LibraryVersion
from index.figure_query import FigureQuery
from index.prepare import Prepared
from ingest.offsets import OffsetMap
from ingest.types import Cell, Chunk, Document, Figure, Page, Recognised, Row, Section, Span

Outcome = Literal["added", "replaced", "unchanged", "duplicate"]
FORMAT = 2
_SCHEMA = """
CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, path TEXT UNIQUE NOT NULL, title TEXT NOT NULL,
    source_text BLOB NOT NULL, text BLOB NOT NULL, offsets BLOB NOT NULL, layout TEXT NOT NULL,
    pages INTEGER NOT NULL, characters INTEGER NOT NULL, added TEXT NOT NULL);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, page INTEGER NOT NULL, section TEXT NOT NULL,
    context TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL);
CREATE TABLE figures (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE, start INTEGER NOT NULL, end INTEGER NOT NULL,
    text TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, high TEXT, unit TEXT NOT NULL,
    qualifier TEXT NOT NULL, period TEXT, label TEXT NOT NULL, PRIMARY KEY (document, start)) WITHOUT ROWID;
CREATE TABLE names (
    spelling TEXT NOT NULL, name TEXT NOT NULL, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (spelling, name, document)) WITHOUT ROWID;
CREATE INDEX chunks_of_document ON chunks (document);
CREATE INDEX names_of_document ON names (document);
"""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a library lists of a Document; `added` is an ISO time in UTC."""

    id: str
    name: str
    title: str
    path: str
    pages: int
    chunks: int
    figures: int
    characters: int
    added: str


_INFO = (
    "SELECT id, path, title, pages, characters, added, (SELECT count(*) FROM chunks WHERE document = d.number), "
    "(SELECT count(*) FROM figures WHERE document = d.number) FROM documents d"
)
_FIGURES = (
    "SELECT d.id, f.text, f.start, f.end, f.kind, f.value, f.high, f.unit, f.qualifier, f.period, f.label "
    "FROM figures f JOIN documents d ON d.number = f.document"
)


class Store:
    """Reads and writes the database. Safe to use from several threads."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = self._connect()
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _connect(self) -> sqlite3.Connection:
        if self.path is None:
            return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.OperationalError:
            # A folder that cannot be written to has no place for the log: read the file as it stands.
            connection = sqlite3.connect(
                f"file:{self.path}?immutable=1", uri=True, check_same_thread=False, isolation_level=None
            )
        except sqlite3.DatabaseError as error:
            raise LibraryCorrupt(
                f"{self.path}: not a library ({error}). Restore it, or remove the folder and ingest again."
            ) from error
        return connection

    def create(self, embedder: str, dimension: int) -> None:
        """Make the tables, all or none."""
        with self._lock:
            script = f"BEGIN;{_SCHEMA}"
            try:
                self._connection.executescript(script)
                manifest = {"format": str(FORMAT), "embedder": embedder, "dimension": str(dimension), "revision": "0"}
                self._connection.executemany("INSERT INTO manifest VALUES (?, ?)", manifest.items())
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise self._unwritable(error) from error

    def manifest(self) -> dict[str, str]:
        """What the library was made with; empty where nothing has been made yet."""
        try:
            with self._lock:
                made = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone()
                rows = self._connection.execute("SELECT name, value FROM manifest").fetchall() if made else []
        except sqlite3.DatabaseError as error:
            raise LibraryCorrupt(
                f"{self.path}: damaged ({error}). Restore it, or remove the folder and ingest again."
            ) from error
        manifest = {str(name): str(value) for name, value in rows}
        if manifest and manifest.get("format") != str(FORMAT):
            raise LibraryVersion(
                f"{self.path}: written in format {manifest.get('format')}, this program reads format {FORMAT}. "
                "Ingest the reports into a new library, or use the version that wrote it."
            )
        return manifest

    def revision(self) -> int:
        """How many transactions have changed the library."""
        rows = self._rows("SELECT value FROM manifest WHERE name = 'revision'")
        return int(rows[0][0]) if rows else 0

    def version(self) -> int:
        """A number that changes whenever another process commits."""
        with self._lock:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def add(self, batch: Sequence[Prepared]) -> tuple[list[Outcome], list[tuple[Prepared, list[int]]], list[int]]:
        """Store Documents with all that was made of them, in place of those that had their paths, all or none.

        What became of each; those stored, with the numbers of their Chunks; and the numbers of Chunks replaced.
        """
        outcomes: list[Outcome] = []
        stored: list[tuple[Prepared, list[int]]] = []
        removed: list[int] = []
        with self._transaction() as connection:
            for prepared in batch:
                document = prepared.document
                same = connection.execute("SELECT path FROM documents WHERE id = ?", (document.id,)).fetchone()
                if same:
                    outcomes.append("unchanged" if same[0] == document.path else "duplicate")
                    continue
                old = connection.execute("SELECT id FROM documents WHERE path = ?", (document.path,)).fetchone()
                if old:
                    removed += self.chunk_numbers([old[0]])
                    connection.execute("DELETE FROM documents WHERE id = ?", old)
                stored.append((prepared, _insert(connection, prepared)))
                outcomes.append("replaced" if old else "added")
        gone = set(removed)
        return outcomes, [(one, numbers) for one, numbers in stored if not gone.intersection(numbers)], removed

    def remove(self, document_id: str) -> None:
        """Remove a Document and all that was made of it."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))

    def replace_vectors(self, embedder: str, dimension: int, vectors: Mapping[int, npt.NDArray[np.float32]]) -> None:
        """Put other vectors, of another embedding model, under the Chunks' numbers."""
        with self._transaction() as connection:
            rows = ((vector.astype(np.float16).tobytes(), number) for number, vector in vectors.items())
            connection.executemany("UPDATE chunks SET vector = ? WHERE number = ?", rows)
            made = {"embedder": embedder, "dimension": str(dimension)}
            connection.executemany("UPDATE manifest SET value = ? WHERE name = ?", ((v, n) for n, v in made.items()))

    def _transaction(self) -> _Transaction:
        return _Transaction(self)

    def _unwritable(self, error: sqlite3.OperationalError) -> LibraryReadOnly:
        return LibraryReadOnly(
            f"{self.path}: cannot be written ({error}). Check the disk and the folder's permissions."
        )

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Every Document, by path."""
        return self._infos(f"{_INFO} ORDER BY path")

    def document_info(self, key: Literal["id", "path"], value: str) -> DocumentInfo | None:
        """The Document with that id or path; None where there is none."""
        return next(iter(self._infos(f"{_INFO} WHERE {key} = ?", value)), None)

    def _infos(self, query: str, *values: str) -> tuple[DocumentInfo, ...]:
        rows = self._rows(query, values)
        return tuple(
            DocumentInfo(id=i, name=Path(p).name, title=t, path=p, pages=g, chunks=c, figures=f, characters=n, added=a)
            for i, p, t, g, n, a, c, f in rows
        )

    def document(self, document_id: str) -> Document | None:
        """The Document with that id; None where there is none."""
        query = "SELECT id, path, title, source_text, text, offsets, layout FROM documents WHERE id = ?"
        rows = self._rows(query, (document_id,))
        if not rows:
            return None
        identity, path, title, source_text, text, offsets, layout = rows[0]
        parts = json.loads(layout)
        return Document(
            id=identity,
            path=path,
            title=title,
            source_text=_unpack(source_text),
            text=_unpack(text),
            offsets=OffsetMap.from_bytes(offsets),
            pages=tuple(Page(*page) for page in parts["pages"]),
            sections=tuple(Section(*section) for section in parts["sections"]),
            boilerplate=tuple(Span(*span) for span in parts["boilerplate"]),
            rows=tuple(
                Row(start, end, label, caption, tuple(Cell(*cell) for cell in cells))
                for start, end, label, caption, cells in parts.get("rows", ())
            ),
            notes=tuple(parts.get("notes", ())),
            recognised=tuple(Recognised(*part) for part in parts.get("recognised", ())),
        )

    def figures(self, document_id: str | None, start: int | None, end: int | None) -> list[tuple[str, Figure]]:
        """Figures with their Document's id, in order; of one Document, and within a range of it, where given."""
        if document_id is None:
            rows = self._rows(f"{_FIGURES} ORDER BY d.path, f.start")
        else:
            within = "WHERE d.id = ? AND f.start BETWEEN ? AND ? AND f.end <= ? ORDER BY f.start"
            high = 2**62 if end is None else end
            rows = self._rows(f"{_FIGURES} {within}", (document_id, start or 0, high, high))
        return [_figure(row) for row in rows]

    def find_figures(self, query: FigureQuery, limit: int, offset: int) -> list[tuple[str, Figure]]:
        """The Figures that are asked for, with their Document's id: `limit` of them from the `offset`th."""
        where, values = query.where()
        found = f"{_FIGURES} {where} {query.ordered()} LIMIT ? OFFSET ?"
        return [_figure(row) for row in self._rows(found, (*values, limit, offset))]

    def count_figures(self, query: FigureQuery) -> int:
        """How many Figures are asked for."""
        where, values = query.where()
        joined = "JOIN documents d ON d.number = f.document" if query.document else ""
        return int(self._rows(f"SELECT count(*) FROM figures f {joined} {where}", tuple(values))[0][0])

    def figure_units(self) -> list[tuple[str, int]]:
        """Each unit of the Figures and how many have it, most first."""
        return [
            (unit, count)
            for unit, count in self._rows("SELECT unit, count(*) FROM figures GROUP BY 1 ORDER BY 2 DESC, 1")
        ]

    def figure_years(self) -> list[str]:
        """The years that Figures are about, latest first."""
        query = "SELECT DISTINCT substr(period, 1, 4) FROM figures WHERE period GLOB '[0-9][0-9][0-9][0-9]*' ORDER BY 1 DESC"
        return [row[0] for row in self._rows(query)]

    def chunks(self, numbers: Sequence[int]) -> dict[int, Chunk]:
        """The Chunks with those numbers."""
        marks = ",".join("?" * len(numbers))
        query = (
            "SELECT c.number, d.id, c.start, c.end, c.text, c.page, c.section, c.context FROM chunks c "
            f"JOIN documents d ON d.number = c.document WHERE c.number IN ({marks})"
        )
        return {row[0]: Chunk(*row[1:]) for row in self._rows(query, tuple(numbers))}

    def chunk_rows(self) -> Iterator[tuple[int, str, str, str, bytes]]:
        """(number, title of the Document, what stands above (`Chunk.above`), text, vector) of each Chunk, in order."""
        yield from self._rows(
            "SELECT c.number, d.title, trim(c.section || char(10) || c.context, char(10)), c.text, c.vector FROM chunks c "
            "JOIN documents d ON d.number = c.document ORDER BY c.number"
        )

    def chunk_numbers(self, document_ids: Sequence[str] | None = None) -> list[int]:
        """The numbers of all Chunks, or of those of some Documents, in order."""
        if document_ids is None:
            return [row[0] for row in self._rows("SELECT number FROM chunks ORDER BY number")]
        marks = ",".join("?" * len(document_ids))
        query = f"SELECT c.number FROM chunks c JOIN documents d ON d.number = c.document WHERE d.id IN ({marks}) ORDER BY 1"
        return [row[0] for row in self._rows(query, tuple(document_ids))]

    def notes(self) -> dict[str, tuple[str, ...]]:
        """Document id -> what people are told of it, for those of which something is."""
        told = "SELECT id, json_extract(layout, '$.notes') FROM documents WHERE layout LIKE '%\"notes\": [\"%'"
        return {identity: tuple(json.loads(notes)) for identity, notes in self._rows(told)}

    def names(self, spelling: str) -> list[str]:
        """The names that are spelled so in pinyin."""
        return [
            row[0] for row in self._rows("SELECT DISTINCT name FROM names WHERE spelling = ? ORDER BY 1", (spelling,))
        ]

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise LibraryCorrupt(
                f"{self.path}: damaged ({error}). Restore it, or remove the folder and ingest again."
            ) from error

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()


class _Transaction:
    """All or nothing of what is written within."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> sqlite3.Connection:
        self._store._lock.acquire()
        try:
            self._store._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self._store._lock.release()
            raise self._store._unwritable(error) from error
        return self._store._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        connection = self._store._connection
        try:
            if kind is None:
                connection.execute("UPDATE manifest SET value = value + 1 WHERE name = 'revision'")
            connection.execute("ROLLBACK" if kind else "COMMIT")
        finally:
            self._store._lock.release()
        if isinstance(error, sqlite3.OperationalError):
            raise self._store._unwritable(error) from error


def _insert(connection: sqlite3.Connection, prepared: Prepared) -> list[int]:
    """Write the rows of one Document; the numbers of its Chunks."""
    document = prepared.document
    layout = {
        "pages": [[page.number, page.start, page.end] for page in document.pages],
        "sections": [[section.title, section.start, section.end] for section in document.sections],
        "boilerplate": [[span.start, span.end] for span in document.boilerplate],
        "rows": [
            [row.start, row.end, row.label, row.caption, [[c.start, c.end, c.header] for c in row.cells]]
            for row in document.rows
        ],
        "notes": document.notes,
        "recognised": [[part.start, part.end, part.confidence] for part in document.recognised],
    }
    row = (
        document.id, document.path, document.title, _pack(document.source_text), _pack(document.text),
        document.offsets.to_bytes(), json.dumps(layout, ensure_ascii=False), len(document.pages), len(document.text),
        datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    number = connection.execute(
        "INSERT INTO documents (id, path, title, source_text, text, offsets, layout, pages, characters, added) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    ).lastrowid
    connection.executemany(
        "INSERT INTO chunks (document, start, end, page, section, context, text, vector) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, c.start, c.end, c.page, c.section, c.context, c.text, vector.tobytes())
            for c, vector in zip(prepared.chunks, prepared.vectors, strict=True)
        ),
    )
    connection.executemany(
        "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, f.start, f.end, f.text, f.kind, str(f.value), None if f.high is None else str(f.high),
             f.unit, f.qualifier, f.period, f.label)
            for f in prepared.figures
        ),
    )  # fmt: skip
    names = ((spelling, name, number) for spelling, name in prepared.names)
    connection.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", names)
    made = connection.execute("SELECT number FROM chunks WHERE document = ? ORDER BY number", (number,))
    return [row[0] for row in made]


def _figure(row: tuple[Any, ...]) -> tuple[str, Figure]:
    document_id, text, start, end, kind, value, high, unit, qualifier, period, label = row
    top = None if high is None else Decimal(high)
    return document_id, Figure(text, start, end, kind, Decimal(value), top, unit, qualifier, period, label)


def _pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def _unpack(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
