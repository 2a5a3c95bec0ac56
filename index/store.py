"""The truth of a library: one SQLite database of Documents, Chunks, Figures and vectors.

Adding or removing Documents is one transaction, and each transaction has a revision, one higher than the last. Chunks
are numbered upwards and no number is given twice, so that what is searched (FAISS, BM25) can be brought from any
revision to the newest: Chunks of higher numbers came, and `removals` tells which went.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index import rows, schema
from index.errors import LibraryCorrupt, LibraryReadOnly
from index.figure_query import FigureQuery
from index.prepare import Prepared
from ingest.types import Chunk, Document, Figure

Outcome = Literal["added", "replaced", "unchanged", "duplicate"]
Half = npt.NDArray[np.float16]
_READ_AT_ONCE = 2000  # rows
_FEW = 50
_KEPT_ORDERS = 8
_BUSY = 30  # seconds that a statement waits for another process


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


_INFO = "SELECT id, path, title, pages, characters, added, chunks, figures FROM documents"
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
        self._orders: dict[FigureQuery, tuple[int, npt.NDArray[np.int64]]] = {}

    def _connect(self) -> sqlite3.Connection:
        if self.path is None:
            return sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=_BUSY)
            connection.execute("PRAGMA page_size = 8192")
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
        """Make the tables, all or none, where there are none."""
        made = {
            "format": str(schema.FORMAT),
            "library": uuid.uuid4().hex,
            "embedder": embedder,
            "dimension": str(dimension),
            "embedded": "0",
            "revision": "0",
        }
        with self.changing() as connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'manifest'").fetchone():
                return
            for statement in schema.SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.executemany("INSERT INTO manifest VALUES (?, ?)", made.items())

    def manifest(self) -> dict[str, str]:
        """What the library was made with; empty where nothing has been made yet."""
        with self.reading():
            made = self._rows("SELECT 1 FROM sqlite_master WHERE name = 'manifest'")
            found = self._rows("SELECT name, value FROM manifest") if made else []
        return {str(name): str(value) for name, value in found}

    def revision(self) -> int:
        """How many transactions have changed the library."""
        found = self._rows("SELECT value FROM manifest WHERE name = 'revision'")
        return int(found[0][0]) if found else 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read within is of one revision."""
        with self._lock:
            begun = not self._connection.in_transaction
            try:
                if begun:
                    self._connection.execute("BEGIN")
                yield
            finally:
                if begun and self._connection.in_transaction:
                    self._connection.execute("COMMIT")

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written within; LibraryReadOnly where it cannot be written."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise LibraryReadOnly(
                    f"{self.path}: cannot be written ({error}). Check the disk and the folder's permissions."
                ) from error
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def add(self, batch: Sequence[Prepared]) -> list[tuple[Outcome, range]]:
        """Store Documents with all that was made of them, in place of those that had their paths, all or none.

        What became of each, and the numbers that its Chunks were given.
        """
        outcomes: list[tuple[Outcome, range]] = []
        with self.changing() as connection:
            revision = _next_revision(connection)
            insertion = rows.Insertion(connection)
            for prepared in batch:
                document = prepared.document
                same = connection.execute("SELECT path FROM documents WHERE id = ?", (document.id,)).fetchone()
                if same:
                    outcomes.append(("unchanged" if same[0] == document.path else "duplicate", range(0)))
                    continue
                old = connection.execute("SELECT id FROM documents WHERE path = ?", (document.path,)).fetchone()
                if old:
                    insertion.write()  # it may be of this batch
                    rows.delete(connection, old[0], revision)
                outcomes.append(("replaced" if old else "added", insertion.add(prepared)))
            insertion.write()
        return outcomes

    def remove(self, document_id: str) -> None:
        """Remove a Document and all that was made of it."""
        with self.changing() as connection:
            rows.delete(connection, document_id, _next_revision(connection))

    def replace_vectors(self, embedder: str, dimension: int, vectors: Iterable[tuple[int, Half]]) -> None:
        """Put other vectors, of another embedding model, under the Chunks' numbers."""
        with self.changing() as connection:
            revision = str(_next_revision(connection))
            changed = ((vector.tobytes(), number) for number, vector in vectors)
            connection.executemany("UPDATE vectors SET vector = ? WHERE chunk = ?", changed)
            made = {"embedder": embedder, "dimension": str(dimension), "embedded": revision}
            connection.executemany("UPDATE manifest SET value = ? WHERE name = ?", ((v, n) for n, v in made.items()))

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Every Document, by path."""
        return tuple(map(_info, self._rows(f"{_INFO} ORDER BY path")))

    def each_document(self) -> Iterator[DocumentInfo]:
        """Every Document, by path, some at a time."""
        last = ""
        while found := self._rows(f"{_INFO} WHERE path > ? ORDER BY path LIMIT ?", (last, _FEW)):
            yield from map(_info, found)
            last = found[-1][1]

    def document_count(self) -> int:
        """How many Documents there are."""
        return int(self._rows("SELECT count(*) FROM documents")[0][0])

    def document_info(self, key: Literal["id", "path"], value: str) -> DocumentInfo | None:
        """The Document with that id or path; None where there is none."""
        return next(map(_info, self._rows(f"{_INFO} WHERE {key} = ?", (value,))), None)

    def called(self, name: str) -> list[DocumentInfo]:
        """The Documents with that id, path, file name or title, by path."""
        found = self._rows(f"{_INFO} WHERE id = ? OR path = ? OR title = ?", (name, name, name))
        found += self._rows(f"{_INFO} WHERE substr(path, -length(?) - 1) IN ('/' || ?, '\\' || ?)", (name,) * 3)
        return sorted({info.path: info for info in map(_info, found)}.values(), key=lambda info: info.path)

    def document(self, document_id: str) -> Document | None:
        """The Document with that id; None where there is none."""
        with self.reading():
            found = self._rows(
                "SELECT number, id, path, title, offsets, layout, notes FROM documents WHERE id = ?", (document_id,)
            )
            if not found:
                return None
            number, *row = found[0]
            blocks = self._rows("SELECT text FROM texts WHERE document = ? ORDER BY block", (number,))
            source = self._rows("SELECT text FROM sources WHERE document = ?", (number,))
        try:
            text = "".join(rows.unpack(block) for (block,) in blocks)
            return rows.document(tuple(row), text, rows.unpack(source[0][0]) if source else text)
        except Exception as error:
            raise self._damaged(error) from error

    def figures(self, document_id: str | None, start: int | None, end: int | None) -> list[tuple[str, Figure]]:
        """Figures with their Document's id, in order; of one Document, and within a range of it, where given."""
        if document_id is None:
            found = self._rows(f"{_FIGURES} ORDER BY d.path, f.start")
        else:
            within = "WHERE d.id = ? AND f.start BETWEEN ? AND ? AND f.end <= ? ORDER BY f.start"
            high = 2**62 if end is None else end
            found = self._rows(f"{_FIGURES} {within}", (document_id, start or 0, high, high))
        return [(row[0], rows.figure(row[1:])) for row in found]

    def find_figures(self, query: FigureQuery, limit: int, offset: int) -> list[tuple[str, Figure]]:
        """The Figures that are asked for, with their Document's id: `limit` of them from the `offset`th."""
        if offset:
            found = self._figures_from(query, limit, offset)
        else:
            where, values = query.where()
            found = self._rows(f"{_FIGURES} {where} {query.ordered()} LIMIT ?", (*values, limit))
        return [(row[0], rows.figure(row[1:])) for row in found]

    def _figures_from(self, query: FigureQuery, limit: int, offset: int) -> list[Any]:
        with self.reading():
            places = self._order_of(query)[offset : offset + limit]
            if not len(places):
                return []
            among = f"(f.document, f.start) IN (VALUES {','.join(['(?, ?)'] * len(places))})"
            return self._rows(f"{_FIGURES} WHERE {among} {query.ordered()}", places.flatten().tolist())

    def _order_of(self, query: FigureQuery) -> npt.NDArray[np.int64]:
        """(number of the Document, start) of each Figure that is asked for, in order; kept for those of late, since who
        looks far down the order asks again and again; within `reading`.
        """
        revision = self.revision()
        known = self._orders.get(query)
        if known is None or known[0] != revision:
            where, values = query.where()
            found = self._rows(
                "SELECT f.document, f.start FROM figures f JOIN documents d ON d.number = f.document "
                f"{where} {query.ordered()}", values,
            )  # fmt: skip
            known = self._orders[query] = (revision, np.array(found, dtype=np.int64).reshape(-1, 2))
            if len(self._orders) > _KEPT_ORDERS:
                del self._orders[next(iter(self._orders))]
        return known[1]

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

    def places(self, numbers: Sequence[int]) -> dict[int, tuple[str, int]]:
        """(id of the Document, start) of each of those Chunks that are there."""
        query = (
            "SELECT c.number, d.id, c.start FROM chunks c JOIN documents d ON d.number = c.document WHERE c.number IN"
        )
        return {number: (identity, start) for number, identity, start in self._rows_in(query, numbers)}

    def chunks(self, numbers: Sequence[int]) -> dict[int, Chunk]:
        """Those of the Chunks with these numbers that are there."""
        query = (
            "SELECT c.number, c.document, d.id, c.start, c.end, c.page, c.section, c.context FROM chunks c "
            "JOIN documents d ON d.number = c.document WHERE c.number IN"
        )
        with self.reading():
            found = self._rows_in(query, numbers)
            blocks: dict[tuple[int, int], str] = {}
            return {
                number: Chunk(identity, start, end, self._slice(blocks, document, start, end), page, section, context)
                for number, document, identity, start, end, page, section, context in found
            }

    def _slice(self, blocks: dict[tuple[int, int], str], document: int, start: int, end: int) -> str:
        """`text[start:end]` of a Document; `blocks` keeps what was unpacked for it."""
        first, last = start // schema.BLOCK, (max(end, start + 1) - 1) // schema.BLOCK
        if any((document, block) not in blocks for block in range(first, last + 1)):
            query = "SELECT block, text FROM texts WHERE document = ? AND block BETWEEN ? AND ?"
            try:
                unpacked = {b: rows.unpack(data) for b, data in self._rows(query, (document, first, last))}
            except Exception as error:
                raise self._damaged(error) from error
            blocks.update(((document, block), text) for block, text in unpacked.items())
        text = "".join(blocks.get((document, block), "") for block in range(first, last + 1))
        return text[start - first * schema.BLOCK : end - first * schema.BLOCK]

    def numbers_after(self, after: int) -> Iterator[list[int]]:
        """The numbers of Chunks above `after`, in order, many at once."""
        query = "SELECT number FROM chunks WHERE number > ? ORDER BY number LIMIT ?"
        while numbers := [row[0] for row in self._rows(query, (after, _READ_AT_ONCE))]:
            yield numbers
            after = numbers[-1]

    def titled_chunks(self, numbers: Sequence[int]) -> Iterator[tuple[int, str, str, Chunk]]:
        """(number, title and path of the Document, Chunk) of those of the Chunks that are there."""
        with self.reading():
            chunks = self.chunks(numbers)
            ids = list({chunk.document_id for chunk in chunks.values()})
            called = {
                id: names for id, *names in self._rows_in("SELECT id, title, path FROM documents WHERE id IN", ids)
            }
        return ((number, *called[chunk.document_id], chunk) for number, chunk in chunks.items())

    def vectors_after(self, after: int) -> Iterator[tuple[list[int], Half]]:
        """The numbers above `after`, in order, with their vectors: (rows, dimensions), many rows at once."""
        query = "SELECT chunk, vector FROM vectors WHERE chunk > ? ORDER BY chunk LIMIT ?"
        while found := self._rows(query, (after, _READ_AT_ONCE)):
            numbers = [number for number, _ in found]
            yield numbers, self._matrix([vector for _, vector in found])
            after = numbers[-1]

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, Half]:
        """The vectors of those of the Chunks that are there."""
        found = self._rows_in("SELECT chunk, vector FROM vectors WHERE chunk IN", numbers)
        return {number: np.frombuffer(vector, dtype=np.float16) for number, vector in found}

    def _matrix(self, vectors: Sequence[bytes]) -> Half:
        if len({len(vector) for vector in vectors}) != 1:
            raise self._damaged(ValueError("vectors of different lengths"))
        return np.frombuffer(b"".join(vectors), dtype=np.float16).reshape(len(vectors), -1)

    def removed_after(self, revision: int) -> list[tuple[int, range]]:
        """(revision, numbers of Chunks) of what was removed since that revision, in order."""
        query = "SELECT revision, first, chunks FROM removals WHERE revision > ? ORDER BY revision, first"
        return [(at, range(first, first + count)) for at, first, count in self._rows(query, (revision,))]

    def chunk_count(self) -> int:
        """How many Chunks there are."""
        return int(self._rows("SELECT coalesce(sum(chunks), 0) FROM documents")[0][0])

    def last_chunk(self) -> int:
        """The highest number that any Chunk ever had."""
        found = self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        return int(found[0][0]) if found else 0

    def chunk_numbers(self, document_ids: Sequence[str]) -> list[int]:
        """The numbers of the Chunks of some Documents, in order."""
        found = self._rows_in("SELECT first, chunks FROM documents WHERE id IN", document_ids)
        return sorted(itertools.chain.from_iterable(range(first, first + count) for first, count in found))

    def digest(self, document_id: str) -> bytes:
        """What `rows.digest` was when the Document was stored."""
        return bytes(self._rows("SELECT digest FROM documents WHERE id = ?", (document_id,))[0][0])

    def integrity(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        return [said for (said,) in self._rows("PRAGMA integrity_check(20)") if said != "ok"]

    def strays(self) -> list[str]:
        """The tables that have rows of no Document, or of no Chunk."""
        owned = {
            name: "document NOT IN (SELECT number FROM documents)"
            for name in ("chunks", "figures", "names", "texts", "sources")
        }
        owned["vectors"] = "chunk NOT IN (SELECT number FROM chunks)"
        return [name for name, stray in owned.items() if self._rows(f"SELECT 1 FROM {name} WHERE {stray} LIMIT 1")]

    def notes(self) -> dict[str, tuple[str, ...]]:
        """Document id -> what people are told of it, for those of which something is."""
        told = self._rows("SELECT id, notes FROM documents WHERE notes <> '[]'")
        return {identity: tuple(json.loads(notes)) for identity, notes in told}

    def names(self, spelling: str) -> list[str]:
        """The names that are spelled so in pinyin."""
        return [
            row[0] for row in self._rows("SELECT DISTINCT name FROM names WHERE spelling = ? ORDER BY 1", (spelling,))
        ]

    def _rows_in(self, query: str, values: Sequence[object]) -> list[Any]:
        """The rows of a query that ends in IN, for any number of values."""
        found: list[Any] = []
        for at in range(0, len(values), _READ_AT_ONCE):
            some = tuple(values[at : at + _READ_AT_ONCE])
            found += self._rows(f"{query} ({','.join('?' * len(some))})", some)
        return found

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> LibraryCorrupt:
        return LibraryCorrupt(f"{self.path}: damaged ({error}). Restore it, or remove the folder and ingest again.")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    identity, path, title, pages, characters, added, chunks, figures = row
    return DocumentInfo(identity, Path(path).name, title, path, pages, chunks, figures, characters, added)


def _next_revision(connection: sqlite3.Connection) -> int:
    """Count this transaction: its revision."""
    connection.execute("UPDATE manifest SET value = value + 1 WHERE name = 'revision'")
    return int(connection.execute("SELECT value FROM manifest WHERE name = 'revision'").fetchone()[0])
