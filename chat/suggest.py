"""Example questions made from the library's own figures; each is one that the chat answers with that figure."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice

from chat.answering import Answering, Unanswered
from chat.askable import owner_of, question_of
from chat.types import Answer
from ingest.fold import fold
from ingest.types import Figure

_KINDS = ("amount", "money", "percent")
_TRIED = 60  # questions
_READ, _AT_MOST = 1000, 3.0  # Documents that they are made of, all over the library; seconds
_TRIED_NEXT, _NEARBY = 8, 1200  # questions; characters
_PATIENCE = 1.0  # seconds in which next questions are looked for
_SURE = 0.7


def suggestions(chat: Answering, language: str, count: int = 4) -> list[str]:
    """Up to `count` questions, each about another figure, of as many kinds as there are."""
    found: dict[str, str] = {}
    labels: set[str] = set()
    for question, figure in _questions(chat, language):
        kinds = list(found.values())
        if fold(figure.label) in labels or kinds.count(figure.kind) > count // len(_KINDS):
            continue
        if _answered(chat, question, figure):
            found[question] = figure.kind
            labels.add(fold(figure.label))
        if len(found) >= count:
            break
    return list(found)


def next_questions(
    chat: Answering, answer: Answer, asked: Sequence[str], count: int = 3, *,
    may_go_on: Callable[[], bool] = lambda: True,
) -> list[str]:  # fmt: skip
    """Up to `count` questions about other figures near the Answer's Quotes, each asked and answered with that figure.

    They are sought for a moment, and no longer than it `may_go_on`.
    """
    found: list[str] = []
    values = {shown.figure.value for shown in answer.figures}
    taken = {fold(question) for question in asked}
    tried, until = 0, time.monotonic() + _PATIENCE
    for question, figure, document_id in _near(chat, answer):
        if len(found) >= count or tried >= _TRIED_NEXT or time.monotonic() > until or not may_go_on():
            break
        if fold(question) in taken or figure.value in values:
            continue
        taken.add(fold(question))
        values.add(figure.value)
        tried += 1
        if _answered(chat, question, figure, [document_id]):
            found.append(question)
    return found


def _near(chat: Answering, answer: Answer) -> Iterator[tuple[str, Figure, str]]:
    """Questions about the Figures around the Answer's Quotes, nearest first."""
    for quote in answer.quotes[:2]:
        document = chat.library.document(quote.document_id)
        owner = owner_of(document)
        low, high = max(quote.start - _NEARBY, 0), quote.end + _NEARBY
        figures = [figure for _, figure in chat.library.figures(quote.document_id, low, high) if figure.kind in _KINDS]
        for figure in sorted(figures, key=lambda one: abs(one.start - quote.start)):
            if question := question_of(figure, document, owner, answer.language):
                yield question, figure, quote.document_id


def _answered(chat: Answering, question: str, figure: Figure, documents: Collection[str] | None = None) -> bool:
    """Whether the chat answers the question surely, with that figure alone."""
    try:
        answer = chat.ask(question, documents=documents)
    except Unanswered:
        return False
    shown = [(shown.figure.value, shown.figure.unit) for shown in answer.figures]
    return answer.found and answer.confidence >= _SURE and shown == [(figure.value, figure.unit)]


def _questions(chat: Answering, language: str) -> Iterator[tuple[str, Figure]]:
    tried = 0
    until = time.monotonic() + _AT_MOST
    step = max(chat.library.document_count() // _READ, 1)
    for info in islice(chat.library.each_document(), 0, None, step):
        if time.monotonic() > until:
            return
        document = chat.library.document(info.id)
        owner = owner_of(document)
        for _, figure in chat.library.figures(info.id):
            question = question_of(figure, document, owner, language) if figure.kind in _KINDS else ""
            if question:
                yield question, figure
                tried += 1
            if tried >= _TRIED:
                return
