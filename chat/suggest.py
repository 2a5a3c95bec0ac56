"""Example questions made from the library's own figures; each is one that the chat answers with that figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.express import script
from chat.names import profile
from chat.report_chat import ReportChat
from index.lexicon import Lexicon
from ingest.fold import fold
from ingest.types import Document, Figure
from ingest.units import NOUN

_SHORTEST, _LONGEST, _LONGEST_ENGLISH = 2, 14, 40
_KINDS = ("amount", "money", "percent")
_TERM = re.compile(rf"(?!每|省|市|地)[\u3400-\u9fff]*(?:{NOUN.pattern})")
_TRIED = 60  # figures looked at
_SURE = 0.7
_ASKED = {"amount": "{of}{label}有多少？", "money": "{of}{label}是多少？", "percent": "{of}{label}是多少？"}
_ASKED_ENGLISH = {
    "amount": "How many {label} does {of} have?",
    "money": "What was {of}'s {label}?",
    "percent": "What was {of}'s {label}?",
}


def suggestions(chat: ReportChat, language: str, count: int = 4) -> list[str]:
    """Up to `count` questions, each about another figure, of as many kinds as there are."""
    found: dict[str, str] = {}
    for question, figure in _questions(chat, language):
        kinds = list(found.values())
        if question in found or kinds.count(figure.kind) > count // len(_KINDS):
            continue
        answer = chat.ask(question)
        if (
            answer.found
            and answer.confidence >= _SURE
            and any(shown.figure.value == figure.value for shown in answer.figures)
        ):
            found[question] = figure.kind
        if len(found) >= count:
            break
    return list(found)


def _questions(chat: ReportChat, language: str) -> Iterator[tuple[str, Figure]]:
    tried = 0
    for info in chat.library.documents():
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


def _question(figure: Figure, subject: str, language: str) -> str:
    label = figure.label.strip()
    chinese = _is_chinese(label)
    if not _SHORTEST <= len(label) <= (_LONGEST if chinese else _LONGEST_ENGLISH) or not subject:
        return ""
    if chinese and not _TERM.fullmatch(fold(label)):
        return ""
    if language != "en":
        return script(_ASKED[figure.kind].format(of=f"{subject}的", label=label), language) if chinese else ""
    label, subject = _in_english(label), _in_english(subject)
    counted = figure.kind != "amount" or label.endswith("s")
    return _ASKED_ENGLISH[figure.kind].format(of=subject, label=label) if label and subject and counted else ""


def _in_english(text: str) -> str:
    """A label or a name as the lexicon's terms have it in English; "" where they have it not."""
    return Lexicon.load().written(fold(text)) if _is_chinese(text) else text


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)
