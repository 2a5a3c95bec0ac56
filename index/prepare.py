"""What is made of a Document before a library takes it in: all that costs time and needs no library.

Pure and picklable, so that it can be done in other processes than the one that writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from index.embed import Embedder
from index.names import spelled_names
from index.stopwords import STOP
from index.tokens import bags, tokenize
from ingest.split import split
from ingest.tables import figures
from ingest.types import Chunk, Document, Figure

_LONGEST_TITLE = 100  # characters
_AT_ONCE = 1024  # Chunks


@dataclass(frozen=True, slots=True)
class Prepared:
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
    texts = [embedded(chunk.above, chunk.text) for chunk in chunks]
    vectors = [  # some at a time: a model holds all the tokens of what it embeds at once
        embedder.encode_document(texts[at : at + _AT_ONCE]).astype(np.float16)
        for at in range(0, max(len(texts), 1), _AT_ONCE)
    ]
    names = called(document.title, document.path)
    counted = terms([searched(document.title, chunk.above, chunk.text) for chunk in chunks])
    return Prepared(
        document=document,
        chunks=tuple(chunks),
        figures=tuple(figures(document)),
        names=tuple(spelled_names(document.text)),
        terms=tuple(f"{bag}\n{names}" for bag in counted),
        vectors=np.concatenate(vectors),
        embedder=embedder.name,
    )


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


def terms(texts: Sequence[str]) -> list[str]:
    """What BM25 counts of each text, with spaces between, in no order."""
    return [" ".join(bag) for bag in bags(texts)]
