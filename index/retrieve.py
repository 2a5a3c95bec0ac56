"""A question becomes Hits: words lead where they match, meaning where they do not.

The score of a Chunk is its BM25 as a share of the most that what the question looks for could give, plus a share of its
cosine, the more the less of the question the library has in the question's own words. Where no word matches, the
cosine alone decides; rank fusion, which forgets how well a word matched, did worse. The shares were
learned on questions of the tuning halves of the `retrieval` benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.embed import Matrix
from index.lexical import LexicalIndex
from index.vectors import VectorStore
from index.wanted import Wanted

CANDIDATES = 60  # taken from each side
MEANING = 0.1  # the share of the cosine
MEANING_ACROSS = 0.2  # what is added to it where the library has nothing in the question's own words
_SATURATED = 2.2  # k1 + 1: what a term can count at most, in idf


def ranked(
    wanted: Sequence[Wanted],
    vector: Matrix,
    lexical: LexicalIndex,
    dense: VectorStore,
    *,
    among: Sequence[int] | None = None,
) -> list[tuple[int, float]]:
    """(number, score) of the Chunks that answer best, best first, equal ones by number; `vector` is (1, dimensions)."""
    words, cosines = shares(wanted, lexical, among), _cosines(vector, dense, among)
    unread = [number for number in cosines if number not in words]
    if unread and words:
        words |= shares(wanted, lexical, unread)
    missing = [number for number in words if number not in cosines]
    if missing:
        cosines.update(zip(missing, (dense.vectors(missing) @ vector[0]).tolist(), strict=True))
    meaning = MEANING + MEANING_ACROSS * across(wanted)
    scores = {number: words.get(number, 0.0) + meaning * max(cosine, 0.0) for number, cosine in cosines.items()}
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def shares(wanted: Sequence[Wanted], lexical: LexicalIndex, among: Sequence[int] | None) -> dict[int, float]:
    """For the Chunks that match best, how much of what is wanted they have, in [0, 1]."""
    greatest = _SATURATED * sum(one.idf for one in wanted)
    if not greatest:
        return {}
    found = lexical.search([one.forms for one in wanted], CANDIDATES, among)
    return {number: score / greatest for number, score in found}


def across(wanted: Sequence[Wanted]) -> float:
    """What share of what is wanted the library does not have in the question's own words, in [0, 1]."""
    total = sum(one.idf for one in wanted)
    return 1 - sum(one.idf for one in wanted if one.direct) / total if total else 1.0


def _cosines(vector: Matrix, dense: VectorStore, among: Sequence[int] | None) -> dict[int, float]:
    scores, numbers = dense.search(vector, CANDIDATES, among)
    return dict(zip(numbers.tolist(), scores.tolist(), strict=True))
