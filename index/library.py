"""A library: a folder of Documents that can be searched.

`library.sqlite` is the truth (see `index.store`). `vectors/` and `lexical/` are made from it, follow it by its revisions
and are never ahead of it (`index.derived`). One process writes at a time; others read meanwhile, and
see each transaction at their next question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

from index import errors
from index.derived import Derived
from index.embed import Embedder, load_embedder
from index.figure_query import FigureQuery
from index.lexicon import Lexicon
from index.lines import mark, statements_of
from index.lock import WriterLock
from index.names import respelled
from index.opening import DATABASE, Notify, mismatch, of_this_format, opened
from index.prepare import Prepared, embedded, prepare_all
from index.reembed import replace_vectors
from index.rerank import DEPTH, Reranker, load_reranker, reranked
from index.retrieve import Match, Sought, ranked
from index.store import DocumentInfo, Outcome, Store
from index.types import Hit
from index.wanted import wanted_terms
from ingest.types import Chunk, Document, Figure

_KEPT_DOCUMENTS = 64
_DIGITS = 4  # of scores: the rest depends on the order in which they were summed

Progress = Callable[[int, int], None]


def _silent(*_: object) -> None:
    """Say nothing."""


class Library:
    """Documents, and the Chunks of them that a question retrieves. Safe to use from several threads."""

    def __init__(
        self, folder: Path | None, store: Store, embedder: Embedder, reranker: Reranker | None = None, *,
        wait: float = 0.0, notify: Notify = _silent,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._reranker = reranker
        self._store = store
        self._embedder = embedder
        self._lexicon = Lexicon.load()
        self._lock = threading.RLock()
        self._writer = WriterLock(folder) if folder else None
        self._wait = wait
        self._notify = notify
        self._derived = Derived(store, folder, embedder, self._writer, notify)
        self._seen = -1
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
        store, embedder = opened(folder, embedding_model, create=create, wait=wait, notify=notify)
        return cls(folder, store, embedder, load_reranker(reranker) if reranker else None, wait=wait, notify=notify)

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
            of_this_format(folder, store, wait, notify)
            library = cls(folder, store, load_embedder(embedding_model), wait=wait, notify=notify)
            if library._writer is not None:
                library._writer.acquire(wait, notify)
            replace_vectors(store, library._embedder, on_progress)
        except BaseException:
            store.close()
            raise
        return library

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
                self._derived.close()
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
                raise mismatch(self.folder, self._embedder.name, one.embedder)
        with self._lock:
            self._lock_for_writing()
            stored = self._store.add(batch)
            for prepared, (_, numbers) in zip(batch, stored, strict=True):
                self._derived.postings.know(zip(numbers, prepared.terms, strict=False))
            self._derived.catch_up()
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
            self._derived.catch_up()
            return found[0]

    def rebuild(self, on_progress: Callable[[str, int, int], None] = _silent) -> None:
        """Make all that is derived anew; `on_progress(what, done, total)` counts Chunks."""
        with self._lock:
            self._lock_for_writing()
            self._derived.rebuild(on_progress)

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
        return tuple(self._store.figures.of(document_id, start, end))

    def find_figures(self, query: FigureQuery, limit: int = 100, offset: int = 0) -> list[tuple[str, Figure]]:
        """(document id, Figure) of those that are asked for: `limit` of them from the `offset`th."""
        return self._store.figures.find(query, limit, offset)

    def count_figures(self, query: FigureQuery) -> int:
        """How many Figures are asked for."""
        return self._store.figures.count(query)

    def figure_units(self) -> list[tuple[str, int]]:
        """Each unit of the Figures and how many have it, most first."""
        return self._store.figures.units()

    def figure_years(self) -> list[str]:
        """The years that Figures are about, latest first."""
        return self._store.figures.years()

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
            if k < 1 or among == [] or not len(self._derived.dense):
                return []
            lexical = self._derived.words()
            wanted = wanted_terms(question, lexical, self._lexicon, self.names_by_pinyin)
            vector = self._embedder.encode_query([question])
            marked = [mark(one) for one in sorted(statements_of(question))]
            find = partial(ranked, Sought(wanted, vector, marked), lexical, self._derived.dense, among=among)
            depth = max(k, DEPTH) if self._reranker else k
            best = find(k=depth)
            hits = self._hits(best, depth)
            if len(hits) < min(depth, len(best)):  # some have gone since they were indexed
                hits = self._hits(find(), depth)
            if not self._reranker:
                return hits
            texts = [embedded(hit.chunk.above, hit.chunk.text) for hit in hits]
            order = reranked(question, [(at, hit.score) for at, hit in enumerate(hits)], texts, self._reranker)
            return [Hit(hits[at].chunk, score) for at, score in order[:k]]

    def _hits(self, found: Sequence[Match], k: int) -> list[Hit]:
        """The best `k`, equal ones by Document and place; one that has gone since it was indexed is left out."""
        ranks = [round(one.rank, _DIGITS) for one in found]
        near = [one for one, rank in zip(found, ranks, strict=True) if rank >= ranks[:k][-1]]
        chunks = self._store.chunks([one.number for one in near])
        if len(chunks) < len(near) < len(found):
            near, chunks = list(found), self._store.chunks([one.number for one in found])
        there = [(round(one.rank, _DIGITS), chunks[one.number], one.score) for one in near if one.number in chunks]
        there.sort(key=lambda one: (-one[0], one[1].document_id, one[1].start))
        return [Hit(chunk, round(score, _DIGITS)) for _, chunk, score in there[:k]]

    def idf(self, term: str) -> float:
        """The inverse document frequency of a term of `index.tokens`; the greatest where it stands nowhere."""
        with self._lock:
            return self._derived.words().idf(term)

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
            raise mismatch(self.folder, made_by, self._embedder.name)
        self._derived.dense.refresh()
        self._infos = None
        self._documents.clear()
        self._seen = revision

    def _lock_for_writing(self) -> None:
        """Become the one writer; LibraryLocked where another process is."""
        if self._writer is None or self._writer.held:
            return
        self._writer.acquire(self._wait, self._notify)
        made_by = self._store.manifest()["embedder"]
        if made_by != self._embedder.name:
            self._writer.release()
            raise mismatch(self.folder, made_by, self._embedder.name)
