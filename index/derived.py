"""What is made from the database of a library, the index of its words and that of its vectors, kept up to it.

Nothing here is the truth: what cannot be written is made up for later, in memory meanwhile, or by `rebuild`. The caller sees
to it that one thread at a time is in here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from index import errors
from index.dense import Dense
from index.embed import Embedder, Matrix
from index.lexical import LexicalIndex
from index.lock import WriterLock
from index.postings import Postings
from index.store import Store
from index.vectors import EXACT_UP_TO

_OVERDUE = 4  # times as much new as calls for a generation at the end: make one at once
_ASKED_TO_TUNE = 200
_LONGEST_ASKED = 40  # characters
_HEAL_AGAIN = 2.0  # seconds


class Derived:
    """The vectors and the words of the library in `folder`, or of one in memory for None; `writer` is its lock."""

    def __init__(
        self, store: Store, folder: Path | None, embedder: Embedder, writer: WriterLock | None,
        notify: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.dense = Dense(store, folder, embedder.dimension)
        self.postings = Postings(store, folder)
        self._store = store
        self._folder = folder
        self._embedder = embedder
        self._writer = writer
        self._notify = notify
        self._healed = -_HEAL_AGAIN

    def catch_up(self) -> None:
        """Bring all up to the transaction just made, which stands whatever becomes of this."""
        if self._folder is None:
            return
        try:
            self.postings.catch_up()
        except OSError as error:
            raise errors.LibraryReadOnly(
                f"{self._folder}: the documents are stored, the index of their words cannot be written ({error}). "
                "Check the disk; the next command makes up for it."
            ) from error
        if self.dense.due(_OVERDUE):
            self._renew()

    def rebuild(self, on_progress: Callable[[str, int, int], None]) -> None:
        """Make all anew; `on_progress(what, done, total)` counts Chunks."""
        if self._folder is None:
            return
        try:
            self.postings.forget()
            self.postings.catch_up(lambda done, total: on_progress("words", done, total))
            self.dense.renew(self._questions(), lambda done, total: on_progress("vectors", done, total), anew=True)
        except OSError as error:
            raise errors.LibraryReadOnly(f"{self._folder}: cannot be written ({error}). Check the disk.") from error

    def close(self) -> None:
        """Bring to disk what saves the next reader time."""
        if self._writer is not None and self._writer.held and self.dense.due():
            self._renew()
        self.postings.close()

    def _renew(self) -> None:
        """Make a generation of the vectors; without one, questions take longer, and that is all."""
        try:
            self.dense.renew(self._questions())
        except (OSError, errors.LibraryError):
            self._notify(f"{self._folder}: the index of vectors could not be written. Try: report-chat rebuild")

    def _questions(self) -> Matrix:
        """Vectors such as questions have, made of openings of Chunks: to tune an approximate search with."""
        if self._store.chunk_count() <= EXACT_UP_TO:
            return np.zeros((0, self._embedder.dimension), dtype=np.float32)
        step = max(1, self._store.last_chunk() // _ASKED_TO_TUNE)
        chunks = self._store.chunks(range(step, self._store.last_chunk() + 1, step))
        return self._embedder.encode_query([chunk.text[:_LONGEST_ASKED] for chunk in chunks.values()])

    def words(self) -> LexicalIndex:
        """The index of words, with all that is stored where that can be had."""
        if not self.postings.refresh():
            self._heal()
        return self.postings.index

    def _heal(self) -> None:
        """Bring the index of words up to the store where no writer is about to, on disk or else in memory."""
        writing = self._writer is None or self._writer.held
        if not writing and time.monotonic() < self._healed + _HEAL_AGAIN:
            return
        self._healed = time.monotonic()
        try:
            if writing or self._writer is None:
                self.postings.catch_up()
            else:
                self._heal_on_disk(self._writer)
        except errors.LibraryLocked:
            return  # who writes brings the index up
        except (errors.LibraryReadOnly, OSError):
            self.postings.in_memory()

    def _heal_on_disk(self, lock: WriterLock) -> None:
        lock.acquire(0, lambda _: None)
        try:
            self.postings.catch_up()
            self.postings.close()
        finally:
            lock.release()
