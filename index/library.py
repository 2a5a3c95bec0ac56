"""A library: a folder of Documents that can be searched.

`library.sqlite` is the truth (see `index.store`). `vectors/` and `lexical/` are made from it, follow it by its revisions
and are never ahead of it (`index.dense`, `index.postings`). One process writes at a time; others read meanwhile, and
see each transaction at their next question.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from index import errors, schema
from index.dense import Dense
from index.embed import Embedder, Matrix, load_embedder
from index.figure_query import FigureQuery
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.lines import mark, statements_of
from index.lock import WriterLock
from index.migrate import STEPS, migrate
from index.names import respelled
from index.postings import Postings
from index.prepare import Prepared, embedded, prepare_all
from index.rerank import DEPTH, Reranker, load_reranker, reranked
from index.retrieve import Match, ranked
from index.store import DocumentInfo, Half, Outcome, Store
from index.types import Hit
from index.vectors import EXACT_UP_TO
from index.wanted import wanted_terms
from ingest.types import Chunk, Document, Figure

DATABASE = "library.sqlite"
_KEPT_DOCUMENTS = 64
_EMBEDDED_AT_ONCE = 512
_OVERDUE = 4  # times as much new as calls for a generation at the end: make one at once
_ASKED_TO_TUNE = 200
_LONGEST_ASKED = 40  # characters
_DIGITS = 4  # of scores: the rest depends on the order in which they were summed
_HEAL_AGAIN = 2.0  # seconds

Notify = Callable[[str], None]
Progress = Callable[[int, int], None]


def _silent(*_: object) -> None:
    """Say nothing."""


class Library:
    """Documents, and the Chunks of them that a question retrieves. Safe to use from several threads."""

    def __init__(self, folder: Path | None, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self.folder = folder
        self._reranker = reranker
        self._store = store
        self._embedder = embedder
        self._lexicon = Lexicon.load()
        self._lock = threading.RLock()
        self._writer = WriterLock(folder) if folder else None
        self._wait = 0.0
        self._notify: Notify = _silent
        self._dense = Dense(store, folder, embedder.dimension)
        self._postings = Postings(store, folder)
        self._seen = -1
        self._healed = -_HEAL_AGAIN
        self._infos: tuple[DocumentInfo, ...] | None = None
        self._documents: OrderedDict[str, Document] = OrderedDict()

    @classmethod
    def open(
        cls, folder: Path, *, embedding_model: str | None = None, reranker: str | None = None, create: bool = False,
        wait: float = 0.0, notify: Notify = _silent,
    ) -> Library:  # fmt: skip
        """The library in `folder`; with `create`, a new one where there is none. LibraryError says what is wrong.

        One that writes waits `wait` seconds for another writer, and tells `notify` for whom. A library of an older
        format is brought to this one first.
        """
        path = folder / DATABASE
        if not path.is_file():
            if not create:
                raise errors.LibraryMissing(
                    f"{folder}: no library here. Make one: report-chat ingest REPORTS --library {folder}"
                )
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise errors.LibraryReadOnly(
                    f"{folder}: cannot be made ({error.strerror}). Choose another folder."
                ) from error
        store = Store(path)
        try:
            manifest = _of_this_format(folder, store, wait, notify)
            if not manifest and not create:
                raise errors.LibraryMissing(
                    f"{folder}: the library was never finished. Make it: report-chat ingest REPORTS --library {folder}"
                )
            embedder = load_embedder(embedding_model)
            if not manifest:
                store.create(embedder.name, embedder.dimension)
            elif manifest["embedder"] != embedder.name:
                raise _mismatch(folder, manifest["embedder"], embedder.name)
        except BaseException:
            store.close()
            raise
        library = cls(folder, store, embedder, load_reranker(reranker) if reranker else None)
        library._wait, library._notify = wait, notify
        return library

    @classmethod
    def reembed(
        cls, folder: Path, embedding_model: str | None, on_progress: Progress = _silent, *, wait: float = 0.0,
        notify: Notify = _silent,
    ) -> Library:  # fmt: skip
        """Make the vectors of the library in `folder` anew with another model, all or none, and open it.

        `on_progress(done, total)` counts Chunks.
        """
        if not (folder / DATABASE).is_file():
            raise errors.LibraryMissing(f"{folder}: no library here. Name the folder of one with --library.")
        store = Store(folder / DATABASE)
        try:
            _of_this_format(folder, store, wait, notify)
            library = cls(folder, store, load_embedder(embedding_model))
            library._wait, library._notify = wait, notify
            library._embed_anew(on_progress)
        except BaseException:
            store.close()
            raise
        return library

    def _embed_anew(self, on_progress: Progress) -> None:
        if self._writer is not None:
            self._writer.acquire(self._wait, self._notify)
        self._store.replace_vectors(self._embedder.name, self._embedder.dimension, self._embedded(on_progress))

    def _embedded(self, on_progress: Progress) -> Iterator[tuple[int, Half]]:
        done, total = 0, self._store.chunk_count()
        for numbers in self._store.numbers_after(0):
            chunks = self._store.chunks(numbers)
            for at in range(0, len(numbers), _EMBEDDED_AT_ONCE):
                some = numbers[at : at + _EMBEDDED_AT_ONCE]
                texts = [embedded(chunks[number].above, chunks[number].text) for number in some]
                yield from zip(some, self._embedder.encode_document(texts).astype(np.float16), strict=True)
                done += len(some)
                on_progress(done, total)

    @classmethod
    def in_memory(cls, *, embedding_model: str | None = None) -> Library:
        """An empty library that is gone when it is closed."""
        embedder = load_embedder(embedding_model)
        store = Store(None)
        store.create(embedder.name, embedder.dimension)
        return cls(None, store, embedder)

    @property
    def embedder(self) -> str:
        """The name of the model that makes the vectors."""
        return self._embedder.name

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Bring to disk what saves the next reader time, let the next writer in, and close the database."""
        with self._lock:
            try:
                if self._writer is not None and self._writer.held and self._dense.due():
                    self._renew()
                self._postings.close()
            finally:
                if self._writer is not None:
                    self._writer.release()
                self._store.close()

    def add(self, document: Document) -> Outcome:
        """Add a Document, in place of an older one with its path; its content is never held twice."""
        return self.add_prepared([self.prepare(document)])[0]

    def prepare(self, document: Document) -> Prepared:
        """What `add_prepared` takes in of a Document."""
        return self.prepare_all([document])[0]

    def prepare_all(self, documents: Sequence[Document]) -> list[Prepared]:
        """What `add_prepared` takes in of each Document."""
        return prepare_all(documents, self._embedder)

    def add_prepared(self, batch: Sequence[Prepared]) -> list[Outcome]:
        """Add Documents that were prepared elsewhere (see `index.prepare`), all or none; they are durable on return."""
        for one in batch:
            if one.embedder != self._embedder.name:
                raise _mismatch(self.folder, self._embedder.name, one.embedder)
        with self._lock:
            self._lock_for_writing()
            stored = self._store.add(batch)
            for prepared, (_, numbers) in zip(batch, stored, strict=True):
                self._postings.know(zip(numbers, prepared.terms, strict=False))
            self._derive()
            return [outcome for outcome, _ in stored]

    def find(self, *, id: str | None = None, path: str | None = None) -> DocumentInfo | None:
        """What is held under an id or a path; None where nothing is."""
        return self._store.document_info("id" if path is None else "path", (id if path is None else path) or "")

    def remove(self, name: str) -> DocumentInfo:
        """Remove the Document with that id, file name, path or title; NoSuchDocument where there is none, or several."""
        with self._lock:
            self._lock_for_writing()
            found = self._store.called(name)
            if len(found) != 1:
                held = "several documents are" if found else "no document is"
                raise errors.NoSuchDocument(f"{held} called {name!r}. See them with: report-chat list")
            self._store.remove(found[0].id)
            self._derive()
            return found[0]

    def rebuild(self, on_progress: Callable[[str, int, int], None] = _silent) -> None:
        """Make all that is derived anew; `on_progress(what, done, total)` counts Chunks."""
        with self._lock:
            self._lock_for_writing()
            if self.folder is None:
                return
            try:
                self._postings.forget()
                self._postings.catch_up(lambda done, total: on_progress("words", done, total))
                self._dense.renew(self._questions(), lambda done, total: on_progress("vectors", done, total), anew=True)
            except OSError as error:
                raise errors.LibraryReadOnly(f"{self.folder}: cannot be written ({error}). Check the disk.") from error

    def _derive(self) -> None:
        """Bring what is derived up to the transaction just made, which stands whatever becomes of this."""
        if self.folder is None:
            return
        try:
            self._postings.catch_up()
        except OSError as error:
            raise errors.LibraryReadOnly(
                f"{self.folder}: the documents are stored, the index of their words cannot be written ({error}). "
                "Check the disk; the next command makes up for it."
            ) from error
        if self._dense.due(_OVERDUE):
            self._renew()

    def _renew(self) -> None:
        """Make a generation of the vectors; without one, questions take longer, and that is all."""
        try:
            self._dense.renew(self._questions())
        except (OSError, errors.LibraryError):
            self._notify(f"{self.folder}: the index of vectors could not be written. Try: report-chat rebuild")

    def _questions(self) -> Matrix:
        """Vectors such as questions have, made of openings of Chunks: to tune an approximate search with."""
        if self._store.chunk_count() <= EXACT_UP_TO:
            return np.zeros((0, self._embedder.dimension), dtype=np.float32)
        step = max(1, self._store.last_chunk() // _ASKED_TO_TUNE)
        chunks = self._store.chunks(range(step, self._store.last_chunk() + 1, step))
        return self._embedder.encode_query([chunk.text[:_LONGEST_ASKED] for chunk in chunks.values()])

    def documents(self) -> tuple[DocumentInfo, ...]:
        """What the library holds, by path."""
        with self._lock, self._store.reading():
            self._refresh()
            if self._infos is None:
                self._infos = self._store.documents()
            return self._infos

    def each_document(self) -> Iterator[DocumentInfo]:
        """What the library holds, by path, read as it is asked for."""
        return self._store.each_document()

    def document_count(self) -> int:
        """How many Documents it holds."""
        return self._store.document_count()

    def chunk_count(self) -> int:
        """How many Chunks its Documents have."""
        return self._store.chunk_count()

    def document(self, document_id: str) -> Document:
        """The Document with that id; NoSuchDocument where there is none."""
        with self._lock:
            known = self._documents.get(document_id)
            if known is None:
                known = self._store.document(document_id)
                if known is None:
                    raise errors.NoSuchDocument(f"no document has the id {document_id!r}")
                self._documents[document_id] = known
                if len(self._documents) > _KEPT_DOCUMENTS:
                    self._documents.popitem(last=False)
            return known

    def notes(self) -> dict[str, tuple[str, ...]]:
        """Document id -> what people are told of it: what of the file was left out, or guessed, or instructs machines."""
        return self._store.notes()

    def figures(
        self, document_id: str | None = None, start: int | None = None, end: int | None = None
    ) -> tuple[tuple[str, Figure], ...]:
        """(document id, Figure), in order: of the library, of one Document, or of a range of it."""
        return tuple(self._store.figures(document_id, start, end))

    def find_figures(self, query: FigureQuery, limit: int = 100, offset: int = 0) -> list[tuple[str, Figure]]:
        """(document id, Figure) of those that are asked for: `limit` of them from the `offset`th."""
        return self._store.find_figures(query, limit, offset)

    def count_figures(self, query: FigureQuery) -> int:
        """How many Figures are asked for."""
        return self._store.count_figures(query)

    def figure_units(self) -> list[tuple[str, int]]:
        """Each unit of the Figures and how many have it, most first."""
        return self._store.figure_units()

    def figure_years(self) -> list[str]:
        """The years that Figures are about, latest first."""
        return self._store.figure_years()

    def chunks(self, document_id: str | None = None) -> Iterator[Chunk]:
        """The Chunks of the library, or of one Document, in order."""
        every = self._store.numbers_after(0) if document_id is None else [self._store.chunk_numbers([document_id])]
        for numbers in every:
            yield from self._store.chunks(numbers).values()

    def retrieve(self, question: str, k: int = 10, *, documents: Collection[str] | None = None) -> list[Hit]:
        """The `k` Chunks that answer best, of all Documents or of those with these ids, best first.

        Equal ones come by Document and place, whatever the order in which the Documents were added.
        """
        with self._lock, self._store.reading():
            self._refresh()
            among = None if documents is None else self._store.chunk_numbers(sorted(documents))
            if among == [] or not len(self._dense):
                return []
            lexical = self._lexical()
            wanted = wanted_terms(question, lexical, self._lexicon, self.names_by_pinyin)
            vector = self._embedder.encode_query([question])
            marked = [mark(one) for one in sorted(statements_of(question))]
            found = ranked(wanted, vector, lexical, self._dense, among=among, marked=marked)
            if not self._reranker:
                return self._hits(found, k)
            hits = self._hits(found, max(k, DEPTH))
            texts = [embedded(hit.chunk.above, hit.chunk.text) for hit in hits]
            best = reranked(question, [(at, hit.score) for at, hit in enumerate(hits)], texts, self._reranker)
            return [Hit(hits[at].chunk, score) for at, score in best[:k]]

    def _hits(self, found: Sequence[Match], k: int) -> list[Hit]:
        """The best `k`; one that has gone since it was indexed is left out."""
        places = self._store.places([one.number for one in found])
        there = [one for one in found if one.number in places]
        best = sorted(there, key=lambda one: (-round(one.rank, _DIGITS), places[one.number]))[:k]
        chunks = self._store.chunks([one.number for one in best])
        return [Hit(chunks[one.number], round(one.score, _DIGITS)) for one in best]

    def idf(self, term: str) -> float:
        """The inverse document frequency of a term of `index.tokens`; the greatest where it stands nowhere."""
        with self._lock:
            return self._lexical().idf(term)

    def names_by_pinyin(self, latin: str) -> tuple[str, ...]:
        """The names that are spelled so: "dashanque" finds 大山雀."""
        return respelled(latin, self._store.names)

    def _refresh(self) -> None:
        """See what has been committed since; within `Store.reading`."""
        revision = self._store.revision()
        if revision == self._seen:
            return
        made_by = self._store.manifest()["embedder"]
        if made_by != self._embedder.name:
            raise _mismatch(self.folder, made_by, self._embedder.name)
        self._dense.refresh()
        self._infos = None
        self._documents.clear()
        self._seen = revision

    def _lexical(self) -> LexicalIndex:
        """The index of words, with all that is stored where that can be had."""
        if not self._postings.refresh():
            self._heal()
        return self._postings.index

    def _heal(self) -> None:
        """Bring the index of words up to the store where no writer is about to, on disk or else in memory."""
        writing = self._writer is None or self._writer.held
        if not writing and time.monotonic() < self._healed + _HEAL_AGAIN:
            return
        self._healed = time.monotonic()
        try:
            if writing or self._writer is None:
                self._postings.catch_up()
            else:
                self._heal_on_disk(self._writer)
        except errors.LibraryLocked:
            return  # who writes brings the index up
        except (errors.LibraryReadOnly, OSError):
            self._postings.in_memory()

    def _heal_on_disk(self, lock: WriterLock) -> None:
        lock.acquire(0, _silent)
        try:
            self._postings.catch_up()
            self._postings.close()
        finally:
            lock.release()

    def _lock_for_writing(self) -> None:
        """Become the one writer; LibraryLocked where another process is."""
        if self._writer is None or self._writer.held:
            return
        self._writer.acquire(self._wait, self._notify)
        made_by = self._store.manifest()["embedder"]
        if made_by != self._embedder.name:
            self._writer.release()
            raise _mismatch(self.folder, made_by, self._embedder.name)


def _of_this_format(folder: Path, store: Store, wait: float, notify: Notify) -> dict[str, str]:
    """The manifest of the library, brought to this format where it is of an older one."""
    manifest = store.manifest()
    if not manifest or manifest.get("format") == str(schema.FORMAT):
        return manifest
    lock = WriterLock(folder)
    if manifest.get("format") in STEPS:
        notify(f"{folder}: bringing the library from format {manifest['format']} to format {schema.FORMAT}")
        lock.acquire(wait, notify)
    try:
        migrate(store)
    finally:
        lock.release()
    return store.manifest()


def _mismatch(folder: Path | None, made_by: str, given: str) -> errors.EmbedderMismatch:
    return errors.EmbedderMismatch(
        f"{folder}: its vectors were made by {made_by}, this is {given}. Name that model with --embedding-model, or "
        f"make them anew with this one: report-chat reembed --library {folder}, and the same --embedding-model, if any."
    )
