"""Whether a library is sound: the database against itself, and what is derived from it against the database.

Findings that are `derived` are mended by `report-chat rebuild`; others mean that the database itself is damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from index import rows
from index.embed import Embedder, load_embedder
from index.errors import LibraryCorrupt, LibraryMissing
from index.generations import Generations
from index.opening import DATABASE
from index.postings import Postings
from index.prepare import embedded
from index.schema import FORMAT
from index.store import Store
from index.vectors import Builder
from ingest.types import Chunk, Document, Figure

_UNIT = 0.01  # how far from 1 the length of a vector may be
_ALIKE = 0.999  # least cosine of a vector and the same text embedded again
_EMBEDDED_AGAIN = 64
_NAMED = 5  # of what is wrong, at most so many are named

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `wrong` says what is not as it should be, "" where all is well."""

    name: str
    seen: str
    wrong: str = ""
    derived: bool = False


def check(folder: Path, embedding_model: str | None, on_progress: Progress) -> Iterator[Finding]:
    """Look at everything in the library in `folder`; `on_progress(what, done, total)`."""
    path = folder / DATABASE
    if not path.is_file():
        raise LibraryMissing(f"{folder}: no library here. Name the folder of one with --library.")
    store = Store(path)
    try:
        with store.reading():
            yield from _checked(folder, store, load_embedder(embedding_model), on_progress)
    except LibraryCorrupt as error:
        yield Finding("database", "", str(error))
    finally:
        store.close()


def _checked(folder: Path, store: Store, embedder: Embedder, on_progress: Progress) -> Iterator[Finding]:
    problems = store.integrity()
    yield Finding("database", f"revision {store.revision()}", "; ".join(problems[:_NAMED]))
    manifest = store.manifest()
    found = manifest.get("format", "none")
    yield Finding("format", found, "" if found == str(FORMAT) else f"this program reads {FORMAT}: report-chat rebuild")
    if problems or found != str(FORMAT):
        return
    made_by = manifest["embedder"]
    other = "" if made_by == embedder.name else f"this is {embedder.name}; name the model with --embedding-model"
    yield Finding("embedder", made_by, other)
    yield _documents(store, on_progress)
    yield _vectors(store, None if other else embedder, int(manifest["dimension"]), on_progress)
    yield _generation(folder, store)
    yield _lexical(folder, store)


def _documents(store: Store, on_progress: Progress) -> Finding:
    """Texts against their hashes; Chunks and Figures against the texts and the counts."""
    wrong: list[str] = []
    infos = store.documents()
    chunks = figures = 0
    for done, info in enumerate(infos, 1):
        try:
            document = store.document(info.id)
            assert document is not None
            held = list(store.chunks(store.chunk_numbers([info.id])).values())
            counted = [figure for _, figure in store.figures.of(info.id, None, None)]
        except LibraryCorrupt as error:
            wrong.append(f"{info.path}: {error}")
            continue
        if rows.digest(document) != store.digest(info.id):
            wrong.append(f"{info.path}: the text is not what was stored")
        if (len(held), len(counted)) != (info.chunks, info.figures):
            wrong.append(
                f"{info.path}: {len(held)} chunks and {len(counted)} figures of {info.chunks} and {info.figures}"
            )
        wrong += [f"{info.path}: {what}" for what in _misplaced(document, held, counted)]
        chunks, figures = chunks + len(held), figures + len(counted)
        on_progress("documents", done, len(infos))
    strays = store.strays()
    if strays:
        wrong.append(f"rows of no document: {', '.join(strays)}")
    return Finding("documents", f"{len(infos)}, {chunks} chunks, {figures} figures", _named(wrong))


def _misplaced(document: Document, chunks: list[Chunk], figures: list[Figure]) -> Iterator[str]:
    text = document.text
    for chunk in chunks:
        if not 0 <= chunk.start < chunk.end <= len(text) or document.page_at(chunk.start) != chunk.page:
            yield f"the chunk {chunk.start}-{chunk.end} is not in the text or not on page {chunk.page}"
    for figure in figures:
        if text[figure.start : figure.end] != figure.text:
            yield f"the figure {figure.text!r} does not stand at {figure.start}-{figure.end}"
    if document.offsets.length != len(text):
        yield "the offset map is of another text"
    elif text and document.offsets.span(0, len(text))[1] > len(document.source_text):
        yield "the offset map leads beyond the source text"


def _vectors(store: Store, embedder: Embedder | None, dimension: int, on_progress: Progress) -> Finding:
    """A unit row, or a zero one, for each Chunk, and some of them against their texts embedded again."""
    wrong: list[str] = []
    total, done = store.chunk_count(), 0
    for numbers, vectors in store.vectors_after(0):
        if vectors.shape[1] != dimension:
            return Finding("vectors", str(total), f"{vectors.shape[1]} numbers a vector, not {dimension}")
        lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
        odd = ~((np.abs(lengths - 1) < _UNIT) | (lengths == 0))
        wrong += [
            f"that of chunk {number} is of length {length:.3f}"
            for number, length in zip(np.array(numbers)[odd], lengths[odd], strict=True)
        ]
        done += len(numbers)
        on_progress("vectors", done, total)
    if done != total:
        wrong.append(f"{done} for {total} chunks")
    every = [number for numbers in store.numbers_after(0) for number in numbers]
    sample = every[:: max(1, len(every) // _EMBEDDED_AGAIN)]
    if embedder is not None and sample:
        chunks, kept = store.chunks(sample), store.vectors_of(sample)
        again = embedder.encode_document([embedded(chunks[n].above, chunks[n].text) for n in sample])
        for number, row in zip(sample, again, strict=True):
            if number in kept and np.any(row) and float(kept[number].astype(np.float32) @ row) < _ALIKE:
                wrong.append(f"that of chunk {number} is not what {embedder.name} makes of its text")
    return Finding("vectors", str(total), _named(wrong))


def _generation(folder: Path, store: Store) -> Finding:
    """The FAISS index on disk: whole, of this library, and of Chunks that were there at its revision."""
    generations = Generations(folder)
    name = generations.current()
    if not name:
        return Finding("vector index", "none on disk: few chunks, read from the database")
    made = generations.read(name)
    if made is None or not generations.intact(name, made):
        return Finding("vector index", name, "missing, incomplete or damaged", derived=True)
    manifest = store.manifest()
    said = f"{name}: {made.rows} rows, {'exact' if not made.candidates else f'recall {made.recall:.3f}'}"
    if (made.library, made.embedded) != (manifest["library"], manifest["embedded"]) or made.revision > store.revision():
        return Finding("vector index", said, "of another library, or ahead of this one", derived=True)
    gone = {n for _, numbers in store.removed_after(made.revision) for n in numbers}
    wanted = {n for numbers in store.numbers_after(0) for n in numbers if n <= made.through}
    held = set(Builder.read(generations.path(name)).numbers().tolist())
    wrong = "" if held - gone == wanted else f"{len((held - gone) ^ wanted)} chunks more or fewer than in the database"
    return Finding("vector index", said, wrong, derived=True)


def _lexical(folder: Path, store: Store) -> Finding:
    """The BM25 index: each Chunk once, up to the revision that it says."""
    postings = Postings(store, folder)
    whole = postings.refresh()
    try:
        held = postings.index.numbers()
    except ValueError as error:
        return Finding("word index", "", f"damaged ({error})", derived=True)
    wanted = {number for numbers in store.numbers_after(0) for number in numbers}
    said = f"{len(held)} chunks"
    through, gone = max(wanted, default=0), set[int]()
    if note := postings.behind():
        through = note.through
        gone = {number for _, numbers in store.removed_after(note.revision) for number in numbers}
        said += f", {len({number for number in wanted if number > through})} more with the next ingest"
    is_sound = len(held) == len(set(held)) and set(held) - gone == {one for one in wanted if one <= through}
    if is_sound and (whole or note or not wanted):
        return Finding("word index", said)
    wrong = f"not the {len(wanted)} of the database, or made by another version"
    return Finding("word index", said, wrong, derived=True)


def _named(wrong: list[str]) -> str:
    more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    return "; ".join(islice(wrong, _NAMED)) + more
