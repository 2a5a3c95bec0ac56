"""A question becomes Hits: words lead where they match, meaning where they do not.

The score of a Chunk is its BM25 as a share of the most that what the question looks for could give, plus a share of its
cosine, the more the less of the question the library has in the question's own words. What its Document is called by moves a
Chunk, and is no part of how well it matches. Where no word matches, the cosine alone decides; rank fusion, which forgets how
well a word matched, did worse. The shares of the cosine were learned on questions of the tuning halves of the `retrieval`
benchmark.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.embed import Matrix
from index.lexical import LexicalIndex
from index.vectors import VectorStore
from index.wanted import Wanted, across

CANDIDATES = 60  # taken from each side
MEANING = 0.07  # the share of the cosine
MEANING_ACROSS = 0.25  # what is added to it where the library has nothing in the question's own words
NAMED = 0.25  # what a Document adds that is called by all of the question that any is called by
MARKED = 0.15  # what a Chunk adds that is part of a statement that the question is on
_SATURATED = 2.2  # k1 + 1: what a term can count at most, in idf


@dataclass(frozen=True, slots=True)
class Match:
    """A Chunk found: how well it matches, and what is added to its rank since its Document is called by what is asked."""

    number: int
    score: float
    named: float

    @property
    def rank(self) -> float:
        """What Matches are ordered by."""
        return self.score + self.named


def ranked(
    wanted: Sequence[Wanted],
    vector: Matrix,
    lexical: LexicalIndex,
    dense: VectorStore,
    *,
    among: Sequence[int] | None = None,
    marked: Sequence[str] = (),
) -> list[Match]:
    """The Chunks that answer best, best first, equal ones by number; `vector` is (1, dimensions). `marked` are terms of the
    statements that the question is on (`index.lines`).
    """
    called = names(wanted, lexical)
    called += [(term, MARKED) for term in marked if lexical.frequency(term, "called")]
    cosines = _cosines(vector, dense, among)
    led = shares(wanted, lexical, among, called, beside=cosines)
    missing = [number for number in led if number not in cosines]
    if missing:
        cosines.update(zip(missing, (dense.vectors(missing) @ vector[0]).tolist(), strict=True))
    words = shares(wanted, lexical, list(cosines), depth=len(cosines)) if called else led
    meaning = MEANING + MEANING_ACROSS * across(wanted)
    found = []
    for number, cosine in cosines.items():
        word = words.get(number, 0.0)
        found.append(Match(number, word + meaning * max(cosine, 0.0), led.get(number, 0.0) - word))
    return sorted(found, key=lambda one: (-one.rank, one.number))


def shares(
    wanted: Sequence[Wanted],
    lexical: LexicalIndex,
    among: Sequence[int] | None,
    called: Sequence[tuple[str, float]] = (),
    depth: int = CANDIDATES,
    *,
    beside: Collection[int] = (),
) -> dict[int, float]:
    """For the Chunks that match best and those `beside`, how much of what is wanted they have, in [0, 1], and what
    `called` adds.
    """
    greatest = _SATURATED * sum(one.idf for one in wanted)
    if not greatest:
        return {}
    added = [(term, greatest * share) for term, share in called]
    found = lexical.search([one.forms for one in wanted], depth, among, called=added, beside=beside)
    return {number: score / greatest for number, score in found}


def names(wanted: Sequence[Wanted], lexical: LexicalIndex) -> list[tuple[str, float]]:
    """The terms of the question that Documents are called by, and what each adds of `NAMED`: the rare ones more."""
    forms = dict.fromkeys(form for one in wanted for form, _ in one.forms)
    idfs = {form: lexical.idf(form, "called") for form in forms if lexical.frequency(form, "called")}
    total = sum(idfs.values())
    return [(form, NAMED * idf / total) for form, idf in idfs.items()] if total else []


def _cosines(vector: Matrix, dense: VectorStore, among: Sequence[int] | None) -> dict[int, float]:
    scores, numbers = dense.search(vector, CANDIDATES, among)
    return dict(zip(numbers.tolist(), scores.tolist(), strict=True))
