"""One SQLite database that several threads and processes read and write, and the revision that it is at."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import LibraryCorrupt, LibraryReadOnly

_ASKED_AT_ONCE = 2000  # values
_BUSY = 30  # seconds that a statement waits for another process


class Database:
    """The database at `path`, or one in memory for None. Safe to use from several threads."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection = self._connect()

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

    def manifest(self) -> dict[str, str]:
        """What the library was made with; empty where nothing has been made yet."""
        with self.reading():
            made = self.rows("SELECT 1 FROM sqlite_master WHERE name = 'manifest'")
            found = self.rows("SELECT name, value FROM manifest") if made else []
        return {str(name): str(value) for name, value in found}

    def revision(self) -> int:
        """How many transactions have changed the library."""
        found = self.rows("SELECT value FROM manifest WHERE name = 'revision'")
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
                raise self.damaged(error) from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a query; LibraryCorrupt where the file is damaged."""
        try:
            with self._lock:
                return self._connection.execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise self.damaged(error) from error

    def rows_in(self, query: str, values: Sequence[object]) -> list[Any]:
        """The rows of a query that ends in IN, for any number of values."""
        found: list[Any] = []
        for at in range(0, len(values), _ASKED_AT_ONCE):
            some = tuple(values[at : at + _ASKED_AT_ONCE])
            found += self.rows(f"{query} ({','.join('?' * len(some))})", some)
        return found

    def damaged(self, error: Exception) -> LibraryCorrupt:
        """What is raised where what was read makes no sense."""
        return LibraryCorrupt(f"{self.path}: damaged ({error}). Restore it, or remove the folder and ingest again.")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()


def next_revision(connection: sqlite3.Connection) -> int:
    """Count this transaction: its revision."""
    connection.execute("UPDATE manifest SET value = value + 1 WHERE name = 'revision'")
    return int(connection.execute("SELECT value FROM manifest WHERE name = 'revision'").fetchone()[0])
