"""Documents for libraries of any size: news as it is, then documents made of sentences of news in chance order.

What is made of a sentence (its terms, the sum of its token vectors) is worked out once, and a Chunk of several sentences
has their terms and their mean: just what `prepare` would make of it, for a hundredth of the time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np

from index.embed import load_embedder
from index.prepare import Prepared, prepare
from index.tokens import terms
from ingest.offsets import OffsetMap
from ingest.read import document_from_text
from ingest.sentences import sentences
from ingest.types import Chunk, Document, Page

SENTENCES = 30_000  # that documents are made of
CHUNK = 170  # characters at least: what Chunks of news have
CHUNKS = 4  # of a document made
QUERIES = 200
ASKED = (8, 24)  # characters


def read(texts: Sequence[str]) -> Iterator[Prepared]:
    """Documents of the texts, with figures and all."""
    for number, text in enumerate(texts):
        yield prepare(document_from_text(f"news-{number:06}", text), load_embedder(None))


class Maker:
    """Makes documents without end of the sentences of some texts."""

    def __init__(self, texts: Sequence[str], seed: int = 3) -> None:
        chance = random.Random(seed)
        found = [t[s.start : s.end].strip() for t in texts for s in sentences(t)]
        self._sentences = [one for one in dict.fromkeys(found) if 15 <= len(one) <= 120]
        chance.shuffle(self._sentences)
        del self._sentences[SENTENCES:]
        self._chance = chance
        self._terms = terms(self._sentences)
        self._sums, self._counts = _sums(self._sentences)

    def documents(self) -> Iterator[Prepared]:
        """One after another."""
        name, number = load_embedder(None).name, 0
        while True:
            number += 1
            yield self._document(f"made-{number:07}", name)

    def _document(self, path: str, embedder: str) -> Prepared:
        chunks: list[Chunk] = []
        bags: list[str] = []
        rows = []
        text = ""
        for _ in range(CHUNKS):
            start, chosen = len(text), []
            while len(text) - start < CHUNK:
                chosen.append(self._chance.randrange(len(self._sentences)))
                text += self._sentences[chosen[-1]]
            chunks.append(Chunk(path, start, len(text), text[start:], 1, ""))
            bags.append(" ".join(self._terms[one] for one in chosen))
            rows.append(self._sums[chosen].sum(axis=0) / max(self._counts[chosen].sum(), 1))
            text += "\n"
        matrix = np.stack(rows)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        document = Document(path, path, path, text, text, OffsetMap.identity(len(text)), (Page(1, 0, len(text)),))
        return Prepared(document, tuple(chunks), (), (), tuple(bags), matrix.astype(np.float16), embedder)


def _sums(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The sum of the token vectors of each text, and their number."""
    embedder = load_embedder(None)
    cuts = embedder.cut(list(texts))
    sums = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    for at, one in enumerate(cuts):
        if one.ids:
            sums[at] = embedder._vectors[one.ids].sum(axis=0)
    return sums, np.array([len(one.ids) for one in cuts])


def queries(texts: Sequence[str], seed: int = 4) -> list[str]:
    """Parts of sentences, as long as questions are."""
    chance = random.Random(seed)
    found = [
        t[s.start : s.end].strip()
        for t in chance.sample(list(texts), min(len(texts), 2 * QUERIES))
        for s in sentences(t)
    ]
    long = [one for one in found if len(one) >= ASKED[1]]
    chosen = chance.sample(long, min(len(long), QUERIES))
    asked = []
    for one in chosen:
        size = chance.randint(*ASKED)
        start = chance.randint(0, len(one) - size)
        asked.append(one[start : start + size])
    return asked
