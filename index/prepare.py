"""What is made of a Document before a library takes it in: all that costs time and needs no library.

Pure and picklable, so that it can be done in other processes than the one that writes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from index.embed import Embedder, Matrix, StaticEmbedder
from index.lines import marks
from index.names import spelled_names
from index.stopwords import STOP
from index.tokens import Cut, terms, tokenize
from ingest.fold import fold
from ingest.record import Record
from ingest.split import split
from ingest.tables import figures
from ingest.types import Chunk, Document, Figure

_LONGEST_TITLE = 100  # characters
_AT_ONCE = 1024  # Chunks


@dataclass(frozen=True, slots=True)
class Prepared(Record):
    """A Document with its Chunks, Figures and pinyin names; `vectors` and `terms` have a row for each Chunk.

    `vectors` is (Chunks, dimensions), unit rows in half precision; `embedder` names the model that made them. A row of
    `terms` is what BM25 counts of the Chunk, with spaces between, and below it what its Document is called by and the
    statements that it is part of.
    """

    document: Document
    chunks: tuple[Chunk, ...]
    figures: tuple[Figure, ...]
    names: tuple[tuple[str, str], ...]
    terms: tuple[str, ...]
    vectors: npt.NDArray[np.float16]
    embedder: str


def prepare(document: Document, embedder: Embedder) -> Prepared:
    """All that a library holds of a Document."""
    return prepare_all([document], embedder)[0]


def prepare_all(documents: Sequence[Document], embedder: Embedder) -> list[Prepared]:
    """All that a library holds of each Document: of many short ones faster than of one after another.

    One thing is done for all of them before the next, so that what it takes of code and tables stays in the cache.
    """
    if not documents:
        return []
    chunks = [split(document) for document in documents]
    folded = [fold(document.text) for document in documents]
    each = zip(documents, folded, chunks, strict=True)
    vectors, bags = _indexed([(chunk, one.text, form) for one, form, own in each for chunk in own], embedder)
    rows = _rows(documents, chunks, bags)
    found = [tuple(figures(document)) for document in documents]
    names = [tuple(spelled_names(document.text)) for document in documents]
    ends = itertools.accumulate(map(len, chunks))
    return [
        Prepared(document, tuple(own), figured, named, terms, vectors[end - len(own) : end], embedder.name)
        for document, own, figured, named, terms, end in zip(documents, chunks, found, names, rows, ends, strict=True)
    ]


def _indexed(every: Sequence[tuple[Chunk, str, str]], embedder: Embedder) -> tuple[npt.NDArray[np.float16], list[str]]:
    """The vectors of the Chunks, each given with its Document's text as it is and folded, and the terms of each."""
    vectors: list[npt.NDArray[np.float16]] = []
    bags: list[str] = []
    for at in range(0, max(len(every), 1), _AT_ONCE):  # a model holds all the tokens of what it embeds at once
        some = every[at : at + _AT_ONCE]
        texts = [embedded(chunk.above, chunk.text) for chunk, _, _ in some]
        made, cuts = _embed(texts, embedder)
        vectors.append(made.astype(np.float16))
        bags += terms(texts, folded=[_folded(*one) for one in some], cuts=cuts)
    return np.concatenate(vectors), bags


def _rows(documents: Sequence[Document], chunks: Sequence[list[Chunk]], bags: Iterable[str]) -> list[tuple[str, ...]]:
    """The terms of each Document's Chunks, with those of its title where a Chunk lacks it; below them what the Document is
    called by, and the statements that the Chunk is part of.
    """
    left = iter(bags)
    rows = []
    for document, own in zip(documents, chunks, strict=True):
        title, names = document.title[:_LONGEST_TITLE], called(document.title, document.path)
        head = "".join(f" {term}" for term in tokenize(title))
        below = (" ".join([names, *marks(chunk.above, chunk.text)]) for chunk in own)
        heads = ("" if title in chunk.text else head for chunk in own)
        rows.append(tuple(f"{next(left)}{title}\n{under}" for title, under in zip(heads, below, strict=True)))
    return rows


def _embed(texts: Sequence[str], embedder: Embedder) -> tuple[Matrix, list[Cut] | None]:
    """The rows of the texts, and how the shipped model cuts them where it is the one that embeds."""
    if not isinstance(embedder, StaticEmbedder) or not embedder.shipped:
        return embedder.encode_document(texts), None
    cuts = embedder.cut(texts)
    return embedder.means(cuts), cuts


def _folded(chunk: Chunk, text: str, folded: str) -> str:
    """What is embedded of a Chunk of a text, folded: as the text is, where no word reaches over the Chunk's ends."""
    apart = not (_within(text, chunk.start) or _within(text, chunk.end))
    own = folded[chunk.start : chunk.end] if apart else fold(chunk.text)
    return own if embedded(chunk.above, chunk.text) is chunk.text else f"{fold(chunk.above)}\n{own}"


def _within(text: str, at: int) -> bool:
    """Whether a word may stand on both sides of a place."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def embedded(above: str, text: str) -> str:
    """What is embedded of a Chunk: what stands above it too. A Quote never holds more than the text."""
    return text if not above or above in text else f"{above}\n{text}"


def searched(title: str, above: str, text: str) -> str:
    """What is searched of a Chunk: what stands above it and its Document's title too, since few name their company."""
    parts = [part for part in (title[:_LONGEST_TITLE], above) if part and part not in text]
    return "\n".join([*parts, text])


def called(title: str, path: str) -> str:
    """What a Document is called by, its title and file name, as terms with spaces between.

    A question that says "Amazon" and "2017" asks of `AMAZON_2017_10K.pdf`, where hardly a passage says either.
    """
    names = f"{title[:_LONGEST_TITLE]} {PurePath(path).stem}".replace("_", " ")
    return " ".join(term for term in dict.fromkeys(tokenize(names)) if term not in STOP)
