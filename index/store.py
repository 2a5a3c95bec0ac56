"""The truth of a library: one SQLite database of Documents, Chunks, Figures and vectors.

Adding or removing Documents is one transaction, and each transaction has a revision, one higher than the last. Chunks
are numbered upwards and no number is given twice, so that what is searched (FAISS, BM25) can be brought from any
revision to the newest: Chunks of higher numbers came, and `removals` tells which went.
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index import rows, schema
from index.database import Database, next_revision
from index.prepare import Prepared
from index.stored_figures import StoredFigures
from ingest.types import Chunk, Document

Outcome = Literal["added", "replaced", "unchanged", "duplicate"]
Half = npt.NDArray[np.float16]
_READ_AT_ONCE = 2000  # rows
_FEW = 50


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


class Store(Database):
    """Reads and writes the database. Safe to use from several threads."""

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self.figures = StoredFigures(self)

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

    def add(self, batch: Sequence[Prepared]) -> list[tuple[Outcome, range]]:
        """Store Documents with all that was made of them, in place of those that had their paths, all or none.

        What became of each, and the numbers that its Chunks were given.
        """
        outcomes: list[tuple[Outcome, range]] = []
        with self.changing() as connection:
            revision = next_revision(connection)
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
            rows.delete(connection, document_id, next_revision(connection))

    def replace_vectors(self, embedder: str, dimension: int, vectors: Iterable[tuple[int, Half]]) -> None:
        """Put other vectors, of another embedding model, under the Chunks' numbers."""
        with self.changing() as connection:
            revision = str(next_revision(connection))
            changed = ((vector.tobytes(), number) for number, vector in vectors)
            connection.executemany("UPDATE vectors SET vector = ? WHERE chunk = ?", changed)
            made = {"embedder": embedder, "dimension": str(dimension), "embedded": revision}
            connection.executemany("UPDATE manifest SET value = ? WHERE name = ?", ((v, n) for n, v in made.items()))

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Every Document, by path."""
        return tuple(map(_info, self.rows(f"{_INFO} ORDER BY path")))

    def each_document(self) -> Iterator[DocumentInfo]:
        """Every Document, by path, some at a time."""
        last = ""
        while found := self.rows(f"{_INFO} WHERE path > ? ORDER BY path LIMIT ?", (last, _FEW)):
            yield from map(_info, found)
            last = found[-1][1]

    def document_count(self) -> int:
        """How many Documents there are."""
        return int(self.rows("SELECT count(*) FROM documents")[0][0])

    def document_info(self, key: Literal["id", "path"], value: str) -> DocumentInfo | None:
        """The Document with that id or path; None where there is none."""
        return next(map(_info, self.rows(f"{_INFO} WHERE {key} = ?", (value,))), None)

    def called(self, name: str) -> list[DocumentInfo]:
        """The Documents with that id, path, file name or title, by path."""
        found = self.rows(f"{_INFO} WHERE id = ? OR path = ? OR title = ?", (name, name, name))
        found += self.rows(f"{_INFO} WHERE substr(path, -length(?) - 1) IN ('/' || ?, '\\' || ?)", (name,) * 3)
        return sorted({info.path: info for info in map(_info, found)}.values(), key=lambda info: info.path)

    def document(self, document_id: str) -> Document | None:
        """The Document with that id; None where there is none."""
        with self.reading():
            found = self.rows(
                "SELECT number, id, path, title, offsets, layout, notes FROM documents WHERE id = ?", (document_id,)
            )
            if not found:
                return None
            number, *row = found[0]
            blocks = self.rows("SELECT text FROM texts WHERE document = ? ORDER BY block", (number,))
            source = self.rows("SELECT text FROM sources WHERE document = ?", (number,))
        try:
            text = "".join(rows.unpack(block) for (block,) in blocks)
            return rows.document(tuple(row), text, rows.unpack(source[0][0]) if source else text)
        except Exception as error:
            raise self.damaged(error) from error

    def chunks(self, numbers: Sequence[int]) -> dict[int, Chunk]:
        """Those of the Chunks with these numbers that are there."""
        query = (
            "SELECT c.number, c.document, d.id, c.start, c.end, c.page, c.section, c.context FROM chunks c "
            "JOIN documents d ON d.number = c.document WHERE c.number IN"
        )
        with self.reading():
            found = self.rows_in(query, numbers)
            blocks = self._blocks(numbers)
        return {
            number: Chunk(identity, start, end, _slice(blocks, document, start, end), page, section, context)
            for number, document, identity, start, end, page, section, context in found
        }

    def _blocks(self, numbers: Sequence[int]) -> dict[tuple[int, int], str]:
        """What the Chunks with these numbers stand in: the blocks of their Documents, by the Document's number and theirs."""
        query = (
            f"SELECT t.rowid FROM chunks c JOIN texts t ON t.document = c.document AND t.block BETWEEN c.start / {schema.BLOCK} "
            f"AND (max(c.end, c.start + 1) - 1) / {schema.BLOCK} WHERE c.number IN"
        )
        places = sorted({place for (place,) in self.rows_in(query, numbers)})
        packed = self.rows_in("SELECT document, block, text FROM texts WHERE rowid IN", places)
        try:
            return {(document, block): rows.unpack(data) for document, block, data in packed}
        except Exception as error:
            raise self.damaged(error) from error

    def numbers_after(self, after: int) -> Iterator[list[int]]:
        """The numbers of Chunks above `after`, in order, many at once."""
        query = "SELECT number FROM chunks WHERE number > ? ORDER BY number LIMIT ?"
        while numbers := [row[0] for row in self.rows(query, (after, _READ_AT_ONCE))]:
            yield numbers
            after = numbers[-1]

    def titled_chunks(self, numbers: Sequence[int]) -> Iterator[tuple[int, str, str, Chunk]]:
        """(number, title and path of the Document, Chunk) of those of the Chunks that are there."""
        with self.reading():
            chunks = self.chunks(numbers)
            ids = list({chunk.document_id for chunk in chunks.values()})
            called = {
                id: names for id, *names in self.rows_in("SELECT id, title, path FROM documents WHERE id IN", ids)
            }
        return ((number, *called[chunk.document_id], chunk) for number, chunk in chunks.items())

    def vectors_after(self, after: int) -> Iterator[tuple[list[int], Half]]:
        """The numbers above `after`, in order, with their vectors: (rows, dimensions), many rows at once."""
        query = "SELECT chunk, vector FROM vectors WHERE chunk > ? ORDER BY chunk LIMIT ?"
        while found := self.rows(query, (after, _READ_AT_ONCE)):
            numbers = [number for number, _ in found]
            yield numbers, self._matrix([vector for _, vector in found])
            after = numbers[-1]

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, Half]:
        """The vectors of those of the Chunks that are there."""
        found = self.rows_in("SELECT chunk, vector FROM vectors WHERE chunk IN", numbers)
        return {number: np.frombuffer(vector, dtype=np.float16) for number, vector in found}

    def _matrix(self, vectors: Sequence[bytes]) -> Half:
        if len({len(vector) for vector in vectors}) != 1:
            raise self.damaged(ValueError("vectors of different lengths"))
        return np.frombuffer(b"".join(vectors), dtype=np.float16).reshape(len(vectors), -1)

    def removed_after(self, revision: int) -> list[tuple[int, range]]:
        """(revision, numbers of Chunks) of what was removed since that revision, in order."""
        query = "SELECT revision, first, chunks FROM removals WHERE revision > ? ORDER BY revision, first"
        return [(at, range(first, first + count)) for at, first, count in self.rows(query, (revision,))]

    def chunk_count(self) -> int:
        """How many Chunks there are."""
        return int(self.rows("SELECT coalesce(sum(chunks), 0) FROM documents")[0][0])

    def last_chunk(self) -> int:
        """The highest number that any Chunk ever had."""
        found = self.rows("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'")
        return int(found[0][0]) if found else 0

    def chunk_numbers(self, document_ids: Sequence[str]) -> list[int]:
        """The numbers of the Chunks of some Documents, in order."""
        found = self.rows_in("SELECT first, chunks FROM documents WHERE id IN", document_ids)
        return sorted(itertools.chain.from_iterable(range(first, first + count) for first, count in found))

    def digest(self, document_id: str) -> bytes:
        """What `rows.digest` was when the Document was stored."""
        return bytes(self.rows("SELECT digest FROM documents WHERE id = ?", (document_id,))[0][0])

    def integrity(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        return [said for (said,) in self.rows("PRAGMA integrity_check(20)") if said != "ok"]

    def strays(self) -> list[str]:
        """The tables that have rows of no Document, or of no Chunk."""
        owned = {
            name: "document NOT IN (SELECT number FROM documents)"
            for name in ("chunks", "figures", "names", "texts", "sources")
        }
        owned["vectors"] = "chunk NOT IN (SELECT number FROM chunks)"
        return [name for name, stray in owned.items() if self.rows(f"SELECT 1 FROM {name} WHERE {stray} LIMIT 1")]

    def notes(self) -> dict[str, tuple[str, ...]]:
        """Document id -> what people are told of it, for those of which something is."""
        told = self.rows("SELECT id, notes FROM documents WHERE notes <> '[]'")
        return {identity: tuple(json.loads(notes)) for identity, notes in told}

    def names(self, spelling: str) -> list[str]:
        """The names that are spelled so in pinyin."""
        return [
            row[0] for row in self.rows("SELECT DISTINCT name FROM names WHERE spelling = ? ORDER BY 1", (spelling,))
        ]


def _slice(blocks: dict[tuple[int, int], str], document: int, start: int, end: int) -> str:
    """`text[start:end]` of a Document."""
    first, last = start // schema.BLOCK, (max(end, start + 1) - 1) // schema.BLOCK
    text = "".join(blocks.get((document, block), "") for block in range(first, last + 1))
    return text[start - first * schema.BLOCK : end - first * schema.BLOCK]


def _info(row: tuple[Any, ...]) -> DocumentInfo:
    identity, path, title, pages, characters, added, chunks, figures = row
    return DocumentInfo(identity, Path(path).name, title, path, pages, chunks, figures, characters, added)
