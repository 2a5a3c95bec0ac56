"""How far a sentence repeats a question, and where: what surrounds an answer is what surrounds the interrogative.

Texts are compared by their grams (`chat.grams`). A gram of the
question weighs as much as it is rare among the sentences read (idf).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from chat.ask import Ask
from chat.grams import Gram, grams
from chat.passage import Sentence
from chat.question import Question

_EMPTY = re.compile(r"[的了是在于和与及有为之其个这那该请问多少几什么哪何谁时候]{2}")
_SMALL = frozenset(
    "the a an of to in on for and or by with is are was were be do doe did how many much what which who when where at from".split()
)
BESIDE = 14  # characters on either side in which words are beside a place
_ELSEWHERE = 0.3  # what a gram counts that stands in another part of the question


@dataclass(frozen=True, slots=True)
class Echoed:
    """What a sentence repeats of a question; offsets count in the sentence."""

    share: float  # of the question's weight
    run: int  # the longest run of grams in a row
    places: tuple[int, ...]
    sums: tuple[float, ...]  # of weights, up to each place
    before: tuple[int, ...]  # where what leads up to the interrogative is repeated
    before_sums: tuple[float, ...]
    after: tuple[int, ...]
    after_sums: tuple[float, ...]

    def within(self, start: int, end: int) -> float:
        """The weight repeated in a stretch."""
        return _between(self.places, self.sums, start, end)

    def led(self, start: int) -> float:
        """How much of what leads up to the interrogative leads up to a place."""
        return _between(self.before, self.before_sums, start - BESIDE, start - 1)

    def followed(self, end: int) -> float:
        """How much of what follows the interrogative follows a place."""
        return _between(self.after, self.after_sums, end - 1, end + BESIDE)


def _between(places: Sequence[int], sums: Sequence[float], start: int, end: int) -> float:
    low, high = bisect_left(places, start), bisect_left(places, end)
    return sums[high] - sums[low]


class Echo:
    """The grams of one Ask of a question, weighed among the sentences read."""

    def __init__(self, question: Question, ask: Ask, pool: Sequence[Sentence]) -> None:
        start, end = ask.place
        own = grams(question.folded)
        counts = Counter(gram for sentence in pool for gram in {g for _, g in own} & sentence.gram_set)
        weights: dict[str, float] = {}
        for at, gram in own:
            if (start <= at < end) or _EMPTY.fullmatch(gram) or gram in _SMALL:
                continue
            share = 1.0 if ask.part[0] <= at < ask.part[1] else _ELSEWHERE
            weights[gram] = max(weights.get(gram, 0.0), share * math.log(1 + len(pool) / (0.5 + counts[gram])))
        self._weights = weights
        self.total = sum(weights.values()) or 1.0
        self._before = self._beside([gram for at, gram in own if end and start - BESIDE <= at < start])
        self._after = self._beside([gram for at, gram in own if end and end <= at < end + BESIDE])

    def _beside(self, given: Sequence[str]) -> dict[str, float]:
        """What stands on one side of the interrogative, as shares of its weight."""
        weights = {gram: self._weights[gram] for gram in given if gram in self._weights}
        total = sum(weights.values()) or 1.0
        return {gram: weight / total for gram, weight in weights.items()}

    def of(self, sentence: Sentence) -> Echoed:
        """What a sentence repeats."""
        met = [(at, gram) for at, gram in sentence.grams if gram in self._weights]
        once = sum(self._weights[gram] for gram in {gram for _, gram in met}) / self.total
        places, sums = _summed(met, self._weights, self.total)
        before = _summed([one for one in met if one[1] in self._before], self._before, 1.0)
        after = _summed([one for one in met if one[1] in self._after], self._after, 1.0)
        return Echoed(once, _run(places), places, sums, *before, *after)


def _summed(met: Sequence[Gram], weights: dict[str, float], total: float) -> tuple[tuple[int, ...], tuple[float, ...]]:
    places = tuple(at for at, _ in met)
    return places, (0.0, *accumulate(weights[gram] / total for _, gram in met))


def _run(places: Sequence[int]) -> int:
    longest = current = 0
    last = -9
    for at in places:
        current = current + 1 if at - last == 1 else 1
        longest, last = max(longest, current), at
    return longest
