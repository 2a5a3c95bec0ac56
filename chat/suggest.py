"""Example questions made from the library's own figures; each is one that the chat answers with that figure."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Sequence

from chat.answering import Answering
from chat.express import said_period, script
from chat.names import profile
from chat.types import Answer
from index.lexicon import Lexicon
from ingest.fold import fold
from ingest.types import Document, Figure
from ingest.units import NOUN

_SHORTEST, _LONGEST, _LONGEST_ENGLISH = 2, 14, 40
_KINDS = ("amount", "money", "percent")
_TERM = re.compile(rf"(?!每|省|市|地)[\u3400-\u9fff]*(?:{NOUN.pattern})")
_OF_YEAR = re.compile(r"\d{4}(?:-12-31)?")
_TRIED = 60  # figures looked at
_TRIED_NEXT, _NEARBY = 8, 1200  # questions; characters
_PATIENCE = 1.0  # seconds in which next questions are looked for
_SURE = 0.7
_ASKED = {"amount": "{of}{label}有多少？", "money": "{of}{label}是多少？", "percent": "{of}{label}是多少？"}
_ASKED_ENGLISH = {
    "amount": "How many {label} does {of} have?",
    "money": "What was {of}'s {label}?",
    "percent": "What was {of}'s {label}?",
}


def suggestions(chat: Answering, language: str, count: int = 4) -> list[str]:
    """Up to `count` questions, each about another figure, of as many kinds as there are."""
    found: dict[str, str] = {}
    for question, figure in _questions(chat, language):
        kinds = list(found.values())
        if question in found or kinds.count(figure.kind) > count // len(_KINDS):
            continue
        if _answered(chat, question, figure):
            found[question] = figure.kind
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
        subject = _subject(document)
        low, high = max(quote.start - _NEARBY, 0), quote.end + _NEARBY
        figures = [figure for _, figure in chat.library.figures(quote.document_id, low, high) if figure.kind in _KINDS]
        for figure in sorted(figures, key=lambda one: abs(one.start - quote.start)):
            if question := _question(figure, subject, answer.language, dated=True):
                yield question, figure, quote.document_id


def _answered(chat: Answering, question: str, figure: Figure, documents: Collection[str] | None = None) -> bool:
    """Whether the chat answers the question surely, and with that figure."""
    answer = chat.ask(question, documents=documents)
    shown = any(shown.figure.value == figure.value for shown in answer.figures)
    return answer.found and answer.confidence >= _SURE and shown


def _questions(chat: Answering, language: str) -> Iterator[tuple[str, Figure]]:
    tried = 0
    for info in chat.library.each_document():
        document = chat.library.document(info.id)
        for _, figure in chat.library.figures(info.id):
            question = _question(figure, _subject(document), language) if figure.kind in _KINDS else ""
            if question:
                yield question, figure
                tried += 1
            if tried >= _TRIED:
                return


def _subject(document: Document) -> str:
    """The shortest name of the organisation that the Document is most about; "" where there is none."""
    text = fold(document.text)
    names = sorted(profile(document).subjects, key=lambda name: (-text.count(name), len(name)))
    at = text.find(names[0]) if names else -1
    return document.text[at : at + len(names[0])] if at >= 0 else ""


def _question(figure: Figure, subject: str, language: str, *, dated: bool = False) -> str:
    """The question that the Figure answers, `dated` with its period where that is a year's; "" where there is none."""
    label = figure.label.strip().removeprefix(subject).removeprefix("的").strip()
    chinese = _is_chinese(label)
    if not _SHORTEST <= len(label) <= (_LONGEST if chinese else _LONGEST_ENGLISH) or not subject:
        return ""
    if chinese and not _TERM.fullmatch(fold(label)):
        return ""
    if language != "en":
        when = said_period(figure.period, language) if dated and _OF_YEAR.fullmatch(figure.period or "") else ""
        of = f"{subject}{when}的"
        return script(_ASKED[figure.kind].format(of=of, label=label), language) if chinese else ""
    label, subject = _in_english(label), _in_english(subject)
    counted = figure.kind != "amount" or label.endswith("s")
    return _ASKED_ENGLISH[figure.kind].format(of=subject, label=label) if label and subject and counted else ""


def _in_english(text: str) -> str:
    """A label or a name as the lexicon's terms have it in English; "" where they have it not."""
    return Lexicon.load().written(fold(text)) if _is_chinese(text) else text


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)
