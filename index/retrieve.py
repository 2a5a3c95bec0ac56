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
from index.lexical import SATURATED, LexicalIndex
from index.vectors import VectorStore
from index.wanted import Wanted, across

CANDIDATES = 60  # taken from each side
MEANING = 0.07  # the share of the cosine
MEANING_ACROSS = 0.25  # what is added to it where the library has nothing in the question's own words
NAMED = 0.25  # what a Document adds that is called by all of the question that any is called by
MARKED = 0.15  # what a Chunk adds that is part of a statement that the question is on
_MORE = 12  # beside `k`, that are looked at together: enough for four questions of five
_TIE = 2e-4  # ranks that differ by less may be the same as they are shown


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


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question is looked for by: its terms, its vector, (1, dimensions), and the terms of the statements that it is on
    (`index.lines`).
    """

    wanted: Sequence[Wanted]
    vector: Matrix
    marked: Sequence[str] = ()


def ranked(
    sought: Sought,
    lexical: LexicalIndex,
    dense: VectorStore,
    *,
    k: int | None = None,
    among: Sequence[int] | None = None,
) -> list[Match]:
    """The Chunks that answer best, best first, equal ones by number; with `k`, it may be those alone that can be among the
    best `k`.
    """
    wanted, vector = sought.wanted, sought.vector
    called = names(wanted, lexical)
    called += [(term, MARKED) for term in sought.marked if lexical.frequency(term, "called")]
    if k is not None and among is None and not called:
        best = _best(sought, lexical, dense, k)
        if best is not None:
            return best
    cosines = _cosines(vector, dense, among)
    led = shares(wanted, lexical, among, called, beside=cosines)
    missing = [number for number in led if number not in cosines]
    if missing:
        cosines.update(_cosines_of(missing, vector, dense))
    words = shares(wanted, lexical, list(cosines), depth=len(cosines)) if called else led
    meaning = MEANING + MEANING_ACROSS * across(wanted)
    found = []
    for number, cosine in cosines.items():
        word = words.get(number, 0.0)
        found.append(Match(number, word + meaning * max(cosine, 0.0), led.get(number, 0.0) - word))
    return _ordered(found)


def _best(sought: Sought, lexical: LexicalIndex, dense: VectorStore, k: int) -> list[Match] | None:
    """The `k` best Chunks and those as good as the last; None where only a look at all candidates tells.

    Of each the most that it can have is known at once, and few are looked at closely: the threshold algorithm (Fagin, Lotem
    and Naor, "Optimal Aggregation Algorithms for Middleware", PODS 2001).
    """
    forms = [one.forms for one in sought.wanted]
    greatest = SATURATED * sum(one.idf for one in sought.wanted)
    if not greatest:
        return None
    bounds, exact = lexical.likely(forms, CANDIDATES)
    least = min(bounds.values()) / greatest if len(bounds) >= CANDIDATES else 0.0
    meaning = MEANING + MEANING_ACROSS * across(sought.wanted)
    cosines: dict[int, float] = {}

    def looked_at(scores: dict[int, float]) -> list[Match]:
        near = cosines | _cosines_of([one for one in scores if one not in cosines], sought.vector, dense)
        return [Match(one, score / greatest + meaning * max(near[one], 0.0), 0.0) for one, score in scores.items()]

    found = looked_at(bounds) if exact else []
    enough = _last_of(found, k)
    if len(found) >= k and enough > least + meaning:  # which no other has, be it the nearest: no cosine is more than 1
        return _ordered([one for one in found if one.rank >= enough])
    cosines = _cosines(sought.vector, dense, None)
    far = max(min(cosines.values()), 0.0) if len(cosines) >= CANDIDATES else 0.0

    def most(number: int) -> float:
        words = bounds[number] / greatest if number in bounds else least
        return words + meaning * max(cosines.get(number, far), 0.0)

    likely = sorted({*bounds, *cosines} - {one.number for one in found}, key=most, reverse=True)
    while likely and (len(found) < k or most(likely[0]) >= enough):
        some, likely = likely[: k + _MORE], likely[k + _MORE :]
        found += looked_at(dict.fromkeys(some, 0.0) | lexical.scores(forms, some))
        enough = _last_of(found, k)
    if least and enough <= least + meaning * far:
        return None  # as good as one that is not among the likely can be
    return _ordered([one for one in found if one.rank >= enough])


def _last_of(found: Sequence[Match], k: int) -> float:
    """A rank that the best `k` have, and those that are as good as the last."""
    return sorted((one.rank for one in found), reverse=True)[:k][-1] - _TIE if found else 0.0


def _ordered(found: Sequence[Match]) -> list[Match]:
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
    greatest = SATURATED * sum(one.idf for one in wanted)
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


def _cosines_of(numbers: Sequence[int], vector: Matrix, dense: VectorStore) -> dict[int, float]:
    return dict(zip(numbers, (dense.vectors(numbers) @ vector[0]).tolist(), strict=True))


def _cosines(vector: Matrix, dense: VectorStore, among: Sequence[int] | None) -> dict[int, float]:
    scores, numbers = dense.search(vector, CANDIDATES, among)
    return dict(zip(numbers.tolist(), scores.tolist(), strict=True))
