"""Where a sentence states in the terms of reports what a question puts in other words (`index.glossary`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chat.match import Met, places
from chat.passage import Said
from index.glossary import Concept
from index.tokens import tokenize, words

_HAN = re.compile(r"[\u3400-\u9fff]")
_BESIDE = 0.7  # share of the best score below which a concept is no other reading of the question
_STRENGTH = 1.5  # of a concept met, at a score of 1; at most 1
_SHORTEST = 2  # characters of a Chinese term that is met wherever it stands


@dataclass(frozen=True, slots=True)
class Stated:
    """A concept that a sentence states: how surely, and where."""

    concept: Concept
    met: Met


class Concepts:
    """The concepts of one question, met in sentences; `weigh` tells what a term counts in [0, 1] by how rare it is."""

    def __init__(self, concepts: Sequence[Concept], question: str, weigh: Callable[[str], float]) -> None:
        own = frozenset(words(question))
        self._forms: dict[str, tuple[Concept, float]] = {}
        best = max((concept.score for concept in concepts), default=0.0)
        for concept in (one for one in concepts if one.score >= _BESIDE * best):  # the nearest first
            for form in concept.forms:
                said = form in question if _HAN.search(form) else own.issuperset(words(form))
                if not said and len(form) >= _SHORTEST and form not in self._forms:
                    self._forms[form] = (concept, min(_STRENGTH * concept.score, 1.0) * weigh(form))
        chinese = sorted((form for form in self._forms if _HAN.search(form)), key=len, reverse=True)
        self._chinese = re.compile("|".join(map(re.escape, chinese))) if chinese else None
        self._others = {form: words(form) for form in self._forms if not _HAN.search(form)}

    def stated(self, sentence: Said) -> tuple[Stated, ...]:
        """The concepts that the sentence has a term of, each once, by the term that counts most."""
        best: dict[str, Stated] = {}
        for form, where in self._found(sentence):
            concept, strength = self._forms[form]
            known = best.get(concept.wording)
            if known is None or strength > known.met.strength:
                best[concept.wording] = Stated(concept, Met(strength, where))
        return tuple(best.values())

    def _found(self, sentence: Said) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The terms that stand in the sentence, and where."""
        if self._chinese is not None and sentence.chinese:
            for form in dict.fromkeys(self._chinese.findall(sentence.folded)):
                yield form, places(form, sentence)
        held = frozenset(sentence.words) if self._others else frozenset()
        for form, parts in self._others.items():
            if held.issuperset(parts):
                yield form, places(parts[0], sentence)


def met_by(term: str, stated: Sequence[Stated]) -> Met | None:
    """How well a term of the question is met by the concepts that its wording belongs to; None where it is of none."""
    terms = set(tokenize(term))
    of = [one.met for one in stated if 2 * len(terms & one.concept.shared) >= len(terms)]
    return max(of, key=lambda met: met.strength, default=None)
