"""A question becomes Hits: words lead where they match, meaning where they do not.

The score of a Chunk is its BM25 as a share of the most that the question's words could give, plus a share of its
cosine. Where no word matches, the cosine alone decides; rank fusion, which forgets how well a word matched, did worse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from index.embed import Embedder
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.tokens import tokenize
from index.vectors import VectorStore

CANDIDATES = 60  # taken from each side
_ALPHA = 0.25  # share of the cosine
_ALPHA_FOREIGN = 0.5  # where the question is in another language than most Chunks
_MOST_WORDS = 64
_SATURATED = 2.2  # k1 + 1: what a term can count at most, in idf
_TRANSLATIONS = 6
_HAN = re.compile(r"[\u3400-\u9fff]")

Wanted = list[list[tuple[str, float]]]


def wanted_terms(question: str, lexical: LexicalIndex, lexicon: Lexicon) -> Wanted:
    """The question's terms, each with its translations that stand in the library, weighed; rarest terms first."""
    terms = list(dict.fromkeys(tokenize(question)))
    wanted: Wanted = []
    for term in terms:
        alternatives = [(term, 1.0)] if lexical.frequency(term) else []
        if not alternatives and not term[0].isdigit():
            alternatives = _translated(term, lexical, lexicon)
        wanted.append(alternatives or [(term, 1.0)])
    wanted.sort(key=lambda forms: -max(weight * lexical.idf(form) for form, weight in forms))
    return wanted[:_MOST_WORDS]


def _translated(term: str, lexical: LexicalIndex, lexicon: Lexicon) -> list[tuple[str, float]]:
    """The translations of a term that the library's words hold."""
    found: list[tuple[str, float]] = []
    for form, weight in lexicon.translate(term):
        parts = [part for part in tokenize(form) if lexical.frequency(part)]
        whole = [part for part in parts if part == form.replace(" ", "")] or parts[:2]
        found.extend((part, weight) for part in whole if part not in {known for known, _ in found})
        if len(found) >= _TRANSLATIONS:
            break
    return found


def ranked(
    question: str, lexical: LexicalIndex, dense: VectorStore, embedder: Embedder, lexicon: Lexicon, *,
    among: Sequence[int] | None = None,
) -> list[tuple[int, float]]:  # fmt: skip
    """(number, score) of the Chunks that answer best, best first, equal ones by number."""
    wanted = wanted_terms(question, lexical, lexicon)
    greatest = _SATURATED * sum(max(lexical.idf(form) for form, _ in forms) for forms in wanted)
    words = dict(lexical.search(wanted, CANDIDATES, among)) if wanted else {}
    vector = embedder.encode_query([question])
    cosines = dict(zip(*_listed(dense, vector, among), strict=True))
    missing = [number for number in words if number not in cosines]
    if missing:
        cosines.update(zip(missing, (dense.vectors(missing) @ vector[0]).tolist(), strict=True))
    direct = sum(1 for forms in wanted if forms[0][1] == 1.0 and lexical.frequency(forms[0][0]))
    alpha = _ALPHA if 2 * direct >= len(wanted) else _ALPHA_FOREIGN
    scores = {
        number: words.get(number, 0.0) / (greatest or 1.0) + alpha * max(cosine, 0.0)
        for number, cosine in cosines.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _listed(dense: VectorStore, vector: np.ndarray, among: Sequence[int] | None) -> tuple[list[int], list[float]]:
    scores, numbers = dense.search(vector, CANDIDATES, among)
    return numbers.tolist(), scores.tolist()
