"""What a question asks of that the reports do not state: a name, a period, or what its own words say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from chat.ask import Ask
from chat.question import Question
from chat.terms import Term, beside

_INTERROGATIVE = re.compile(r"的?(?:在哪[里儿]?|是谁|多少|哪[里儿])$")


class Would(Protocol):
    """Whether a question, of the names given, would be answered."""

    def __call__(self, question: Question, names: Sequence[str]) -> bool:
        """Whether it would."""


def missing(asked: Question, index: int, names: Sequence[str], would: Would) -> list[str]:
    """What of one Ask is not stated: the name or the period that stands in the way, else its own words."""
    alone = replace(asked, asks=(asked.asks[index],))
    unnamed = replace(asked, asks=(_without(asked.asks[index], names),))
    if names and asked.period and would(replace(unnamed, period=None), ()):
        if would(unnamed, ()):
            return list(names)
        if would(replace(alone, period=None), names):
            return [asked.period_text]
    if names and would(unnamed, ()):
        return list(names)
    if asked.period and would(replace(alone, period=None), names):
        return [asked.period_text]
    return [said] if (said := _said(unnamed.asks[0].terms, asked)) else list(names)


def _without(ask: Ask, names: Sequence[str]) -> Ask:
    """The Ask without the words of the names; as it is where nothing else is asked of."""
    terms = beside(ask.terms, names)
    return replace(ask, terms=terms) if any(term.weight >= 1.0 for term in terms) else ask


def _said(terms: Iterable[Term], asked: Question) -> str:
    """The words of the Ask, as the question has them: from its first word of weight to its last."""
    places = [
        (at, at + len(term.text)) for term in terms if term.weight >= 1.0 and (at := asked.folded.find(term.text)) >= 0
    ]
    if not places:
        return ""
    start, end = min(places)[0], max(end for _, end in places)
    if asked.language == "en":
        while end < len(asked.text) and asked.text[end].isalnum():
            end += 1
    return _INTERROGATIVE.sub("", asked.text[start:end].strip(" ,，、?？。"))
