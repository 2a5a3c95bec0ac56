"""What is made of a Document before a library takes it in: all that costs time and needs no library.

Pure and picklable, so that it can be done in other processes than the one that writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from index.embed import Embedder, Matrix, StaticEmbedder
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
    `terms` is what BM25 counts of the Chunk, with spaces between, and below it what its Document is called by.
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
    chunks = split(document)
    title, names = document.title[:_LONGEST_TITLE], called(document.title, document.path)
    head = "".join(f" {term}" for term in tokenize(title))
    folded = fold(document.text)
    vectors: list[npt.NDArray[np.float16]] = []
    rows: list[str] = []
    for at in range(0, max(len(chunks), 1), _AT_ONCE):  # a model holds all the tokens of what it embeds at once
        some = chunks[at : at + _AT_ONCE]
        texts = [embedded(chunk.above, chunk.text) for chunk in some]
        made, cuts = _embed(texts, embedder)
        bags = terms(texts, folded=[_folded(chunk, document.text, folded) for chunk in some], cuts=cuts)
        heads = ("" if title in chunk.text else head for chunk in some)
        vectors.append(made.astype(np.float16))
        rows += [f"{bag}{head}\n{names}" for bag, head in zip(bags, heads, strict=True)]
    return Prepared(
        document=document,
        chunks=tuple(chunks),
        figures=tuple(figures(document)),
        names=tuple(spelled_names(document.text)),
        terms=tuple(rows),
        vectors=np.concatenate(vectors),
        embedder=embedder.name,
    )


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
