"""A library: a folder of Documents that can be searched.

`library.sqlite` is the truth (see `index.store`); `vectors.faiss` and `lexical/` are made from it, carry the revision
that they were made at, and are made again wherever they do not match it.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from index import errors
from index.embed import Embedder, load_embedder
from index.figure_query import FigureQuery
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.names import respelled
from index.prepare import Prepared, embedded, prepare, terms
from index.rerank import DEPTH, Reranker, load_reranker, reranked
from index.retrieve import ranked
from index.store import DocumentInfo, Outcome, Store
from index.types import Hit
from index.vectors import FaissStore
from index.wanted import wanted_terms
from ingest.types import Chunk, Document, Figure

DATABASE = "library.sqlite"
_KEPT_DOCUMENTS = 64
_BATCH = 4096  # Chunks whose terms are committed at once
_EMBEDDED_AT_ONCE = 512


class Library:
    """Documents, and the Chunks of them that a question retrieves. Safe to use from several threads."""

    def __init__(self, folder: Path | None, store: Store, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self.folder = folder
        self._reranker = reranker
        self._store = store
        self._embedder = embedder
        self._lexicon = Lexicon.load()
        self._lock = threading.RLock()
        self._writing: IO[str] | None = None
        self._seen = -1
        self._dense: FaissStore | None = None
        self._lexical: LexicalIndex | None = None
        self._late_terms: dict[int, str] = {}
        self._late_removed: list[int] = []
        self._infos: tuple[DocumentInfo, ...] = ()
        self._documents: OrderedDict[str, Document] = OrderedDict()

    @classmethod
    def open(
        cls, folder: Path, *, embedding_model: str | None = None, reranker: str | None = None, create: bool = False
    ) -> Library:
        """The library in `folder`; with `create`, a new one where there is none. LibraryError says what is wrong."""
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
        manifest = store.manifest()
        if not manifest and not create:
            store.close()
            raise errors.LibraryMissing(
                f"{folder}: the library was never finished. Make it: report-chat ingest REPORTS --library {folder}"
            )
        embedder = load_embedder(embedding_model)
        if not manifest:
            store.create(embedder.name, embedder.dimension)
        elif manifest["embedder"] != embedder.name:
            store.close()
            raise _mismatch(folder, manifest["embedder"], embedder.name)
        return cls(folder, store, embedder, load_reranker(reranker) if reranker else None)

    @classmethod
    def reembed(
        cls,
        folder: Path,
        embedding_model: str | None,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> Library:
        """Make the vectors of the library in `folder` anew with another model, all or none, and open it.

        `on_progress(done, total)` counts Chunks.
        """
        if not (folder / DATABASE).is_file():
            raise errors.LibraryMissing(f"{folder}: no library here. Name the folder of one with --library.")
        store = Store(folder / DATABASE)
        try:
            store.manifest()
            library = cls(folder, store, load_embedder(embedding_model))
            library._embed_anew(on_progress)
        except BaseException:
            store.close()
            raise
        return library

    def _embed_anew(self, on_progress: Callable[[int, int], None]) -> None:
        self._lock_for_writing()
        rows = [(number, embedded(above, text)) for number, _, above, text, _ in self._store.chunk_rows()]
        vectors: dict[int, np.ndarray] = {}
        for at in range(0, len(rows), _EMBEDDED_AT_ONCE):
            some = rows[at : at + _EMBEDDED_AT_ONCE]
            made = self._embedder.encode_document([text for _, text in some])
            vectors.update(zip((number for number, _ in some), made, strict=True))
            on_progress(at + len(some), len(rows))
        self._store.replace_vectors(self._embedder.name, self._embedder.dimension, vectors)

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
        """Write what is derived, let go of the lock, and close the database."""
        with self._lock:
            if self._writing is not None:
                self._commit_terms()
                if self._dense is not None and self.folder is not None:
                    self._dense.save(self.folder, self._store.revision())
                self._writing.close()
                self._writing = None
            self._store.close()

    def add(self, document: Document) -> Outcome:
        """Add a Document, in place of an older one with its path; its content is never held twice."""
        return self.add_prepared([prepare(document, self._embedder)])[0]

    def add_prepared(self, batch: Sequence[Prepared]) -> list[Outcome]:
        """Add Documents that were prepared elsewhere (see `index.prepare`), all or none; they are durable on return."""
        with self._lock:
            for one in batch:
                if one.embedder != self._embedder.name:
                    raise _mismatch(self.folder, self._embedder.name, one.embedder)
            self._begin()
            outcomes, added, removed = self._store.add(batch)
            self._derive(added, removed)
            return outcomes

    def find(self, *, id: str | None = None, path: str | None = None) -> DocumentInfo | None:
        """What is held under an id or a path; None where nothing is."""
        with self._lock:
            return self._store.document_info("id" if path is None else "path", (id if path is None else path) or "")

    def remove(self, name: str) -> DocumentInfo:
        """Remove the Document with that id, file name, path or title; NoSuchDocument where there is none, or several."""
        with self._lock:
            found = [info for info in self.documents() if name in (info.id, info.name, info.path, info.title)]
            if len(found) != 1:
                held = "several documents are" if found else "no document is"
                raise errors.NoSuchDocument(f"{held} called {name!r}. See them with: report-chat list")
            self._begin()
            old = self._store.chunk_numbers([found[0].id])
            self._store.remove(found[0].id)
            self._derive([], old)
            return found[0]

    def _begin(self) -> None:
        """Become the writer, with the indexes as they are before the first change."""
        self._lock_for_writing()
        self._refresh()
        self._opened()

    def _derive(self, added: Sequence[tuple[Prepared, Sequence[int]]], removed: Sequence[int]) -> None:
        """Bring what is derived up to the transaction just made; the lexical index, which commits to disk, later."""
        dense, _ = self._opened()
        dense.remove(removed)
        for prepared, numbers in added:
            dense.add(numbers, prepared.vectors.astype(np.float32))
            self._late_terms.update(zip(numbers, prepared.terms, strict=True))
        for number in removed:
            self._late_terms.pop(number, None)
        self._late_removed += removed
        self._infos = ()
        self._documents.clear()
        if len(self._late_terms) >= _BATCH:
            self._commit_terms()

    def _commit_terms(self) -> None:
        """Commit what the lexical index still lacks."""
        if self._late_terms or self._late_removed:
            _, lexical = self._opened()
            lexical.update(self._late_terms.items(), self._late_removed)
            self._late_terms, self._late_removed = {}, []
            self._note_lexical()

    def documents(self) -> tuple[DocumentInfo, ...]:
        """What the library holds, by path."""
        with self._lock:
            self._refresh()
            if not self._infos:
                self._infos = self._store.documents()
            return self._infos

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
        numbers = self._store.chunk_numbers(None if document_id is None else [document_id])
        for at in range(0, len(numbers), 500):
            found = self._store.chunks(numbers[at : at + 500])
            yield from (found[number] for number in numbers[at : at + 500])

    def retrieve(self, question: str, k: int = 10, *, documents: Collection[str] | None = None) -> list[Hit]:
        """The `k` Chunks that answer best, of all Documents or of those with these ids, best first."""
        with self._lock:
            self._refresh()
            dense, lexical = self._indexes()
            among = None if documents is None else self._store.chunk_numbers(sorted(documents))
            if not len(dense) or among == []:
                return []
            wanted = wanted_terms(question, lexical, self._lexicon, self.names_by_pinyin)
            vector = self._embedder.encode_query([question])
            best = ranked(wanted, vector, lexical, dense, among=among)[: max(k, DEPTH if self._reranker else 0)]
            chunks = self._store.chunks([number for number, _ in best])
            if self._reranker:
                texts = [embedded(chunks[number].section, chunks[number].text) for number, _ in best]
                best = reranked(question, best, texts, self._reranker)
            hits = [Hit(chunks[number], score) for number, score in best[:k]]
            return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))

    def idf(self, term: str) -> float:
        """The inverse document frequency of a term of `index.tokens`; the greatest where it stands nowhere."""
        with self._lock:
            return self._indexes()[1].idf(term)

    def names_by_pinyin(self, latin: str) -> tuple[str, ...]:
        """The names that are spelled so: "dashanque" finds 大山雀."""
        return respelled(latin, self._store.names)

    def _refresh(self) -> None:
        """Forget what another process has changed since."""
        version = self._store.version()
        if version != self._seen:
            if self._seen >= 0 and self._writing is None:
                made_by = self._store.manifest()["embedder"]
                if made_by != self._embedder.name:
                    raise _mismatch(self.folder, made_by, self._embedder.name)
                self._dense = self._lexical = None
                self._infos = ()
                self._documents.clear()
            self._seen = version

    def _indexes(self) -> tuple[FaissStore, LexicalIndex]:
        """What is searched, up to date."""
        self._commit_terms()
        return self._opened()

    def _opened(self) -> tuple[FaissStore, LexicalIndex]:
        """What is searched, read or made at first use; the lexical index may lack what has just been added."""
        if self._dense is None or self._lexical is None:
            revision = self._store.revision()
            dimension = self._embedder.dimension
            self._dense = (
                FaissStore.load(self.folder, revision, dimension) if self.folder else None
            ) or self._dense_anew()
            self._lexical = self._lexical_at(revision) or self._lexical_anew(revision)
        return self._dense, self._lexical

    def _dense_anew(self) -> FaissStore:
        dense = FaissStore(self._embedder.dimension)
        rows = list(self._store.chunk_rows())
        vectors = [np.frombuffer(vector, dtype=np.float16) for *_, vector in rows]
        if rows:
            dense.add([number for number, *_ in rows], np.stack(vectors).astype(np.float32))
        return dense

    def _lexical_at(self, revision: int) -> LexicalIndex | None:
        """The index on disk if it was made at this revision."""
        if self.folder is None:
            return None
        try:
            noted = (self.folder / "lexical.revision").read_text()
            return LexicalIndex(self.folder / "lexical") if noted == str(revision) else None
        except (OSError, ValueError):
            return None

    def _lexical_anew(self, revision: int) -> LexicalIndex:
        rows = [
            (number, " ".join(terms(title, above, text))) for number, title, above, text, _ in self._store.chunk_rows()
        ]
        if self.folder is None or self._writing is None:
            lexical = LexicalIndex(None)
            lexical.update(rows)
            return lexical
        place = self.folder / "lexical"
        for path in place.iterdir() if place.is_dir() else ():
            path.unlink()
        lexical = LexicalIndex(place)
        lexical.update(rows)
        (self.folder / "lexical.revision").write_text(str(revision))
        return lexical

    def _note_lexical(self) -> None:
        if self.folder is not None:
            (self.folder / "lexical.revision").write_text(str(self._store.revision()))

    def _lock_for_writing(self) -> None:
        """Become the one writer; LibraryLocked where another process is."""
        if self.folder is None or self._writing is not None:
            return
        try:
            import fcntl
        except ImportError:  # Windows has no flock; SQLite's own lock still keeps writers apart
            return
        path = self.folder / "LOCK"
        try:
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+")
        except OSError as error:
            raise errors.LibraryReadOnly(
                f"{self.folder}: cannot be written ({error.strerror}). Check its permissions."
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = file.read().strip()
            file.close()
            raise errors.LibraryLocked(
                f"{self.folder}: process {holder} is writing to it. Wait for it, and try again."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._writing = file
        self._dense = self._lexical = None


def _mismatch(folder: Path | None, made_by: str, given: str) -> errors.EmbedderMismatch:
    return errors.EmbedderMismatch(
        f"{folder}: its vectors were made by {made_by}, this is {given}. Name that model with --embedding-model, or "
        f"make them anew with this one: report-chat reembed --library {folder}, and the same --embedding-model, if any."
    )
