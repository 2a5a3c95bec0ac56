"""Libraries of older formats become those of this one, each in one transaction: as they were, or wholly new."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping

from index import rows, schema
from index.errors import LibraryVersion
from index.store import Store
from ingest.offsets import OffsetMap
from ingest.types import Document


def migrate(store: Store) -> None:
    """Bring the library to `schema.FORMAT`, format by format; LibraryVersion where its format is unknown."""
    while (found := store.manifest().get("format")) != str(schema.FORMAT):
        step = STEPS.get(str(found))
        if step is None:
            raise LibraryVersion(
                f"{store.path}: written in format {found}, this program reads format {schema.FORMAT}. "
                "Ingest the reports into a new library, or use the version that wrote it."
            )
        with store.changing() as connection:
            if connection.execute("SELECT value FROM manifest WHERE name = 'format'").fetchone()[0] == found:
                step(connection)


def _from_2(connection: sqlite3.Connection) -> None:
    """Formats 1 and 2 kept each Chunk's text beside its Document's, vectors among the Chunks, and no note of removals."""
    for index in ("chunks_of_document", "names_of_document"):
        connection.execute(f"DROP INDEX {index}")
    for table in ("documents", "chunks", "figures", "names", "manifest"):
        connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    for statement in schema.SCHEMA.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO manifest SELECT * FROM old_manifest WHERE name <> 'format'")
    connection.execute(
        "INSERT INTO manifest VALUES ('format', '3'), ('library', hex(randomblob(16))), ('embedded', '0')"
    )
    connection.execute("UPDATE manifest SET value = value + 1 WHERE name = 'revision'")
    connection.execute("INSERT INTO chunks SELECT number, document, start, end, page, section, context FROM old_chunks")
    connection.execute("INSERT INTO vectors SELECT number, vector FROM old_chunks")
    connection.execute("INSERT INTO figures SELECT * FROM old_figures")
    connection.execute("INSERT INTO names SELECT * FROM old_names")
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'old_chunks'").fetchone()
    connection.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'chunks'", (last[0] if last else 0,))
    for (number,) in connection.execute("SELECT number FROM old_documents ORDER BY number").fetchall():
        _document_from_2(connection, number)
    for table in ("chunks", "figures", "names", "documents", "manifest"):
        connection.execute(f"DROP TABLE old_{table}")


def _document_from_2(connection: sqlite3.Connection, number: int) -> None:
    identity, path, title, source_text, text, offsets, layout, pages, characters, added = connection.execute(
        "SELECT id, path, title, source_text, text, offsets, layout, pages, characters, added FROM old_documents "
        "WHERE number = ?",
        (number,),
    ).fetchone()
    first, chunks = connection.execute(
        "SELECT coalesce(min(number), 0), count(*) FROM old_chunks WHERE document = ?", (number,)
    ).fetchone()
    figures = connection.execute("SELECT count(*) FROM old_figures WHERE document = ?", (number,)).fetchone()[0]
    said = Document(
        identity, path, title, rows.unpack(source_text), rows.unpack(text), OffsetMap.from_bytes(offsets), ()
    )
    parts = json.loads(layout)
    notes = json.dumps(parts.pop("notes", []), ensure_ascii=False)
    packed = rows.pack(json.dumps(parts, ensure_ascii=False, separators=(",", ":")))
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, identity, path, title, rows.digest(said), offsets, packed, pages, characters, first, chunks, figures, notes, added),
    )  # fmt: skip
    rows.write_texts(connection, [(number, said)])


def _from_1(connection: sqlite3.Connection) -> None:
    """Format 1 had no context of Chunks."""
    connection.execute("ALTER TABLE chunks ADD COLUMN context TEXT NOT NULL DEFAULT ''")
    connection.execute("UPDATE manifest SET value = '2' WHERE name = 'format'")


STEPS: Mapping[str, Callable[[sqlite3.Connection], None]] = {"1": _from_1, "2": _from_2}
