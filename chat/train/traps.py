"""Questions that an article on their topic does not answer, made from ones that it answers.

Four ways: the sentences with the answer are taken out of the article; the question is asked of another year, of
another subject, or of another metric (that of a question on another article, asked of this article's subject).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from chat.train.reading import Asked
from ingest.fold import fold
from ingest.sentences import sentences

Trap = Literal["removed", "year", "subject", "metric"]
TRAPS: tuple[Trap, ...] = ("removed", "year", "subject", "metric")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_OPENING = re.compile(r"^[《「『“\"]?([^\s（(,，。、《》「」『』“”\"：:;；是為为於于在的]{2,12})")
_MOST_MET = 0.4  # of the pairs of characters of another metric may stand in the article
_LEFT = 60  # characters that an article must keep


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """A question and a text on its topic that does not answer it."""

    trap: Trap
    question: str
    text: str
    language: str


def traps(item: Asked, others: Sequence[Asked], rng: random.Random) -> Iterator[Unanswerable]:
    """What can be made of a question; `others` are questions of the same language on other articles."""
    made = {
        "removed": _removed(item),
        "year": _of_another_year(item, rng),
        "subject": _of_another_subject(item, others, rng),
        "metric": _of_another_metric(item, others, rng),
    }
    for trap in TRAPS:
        if pair := made[trap]:
            yield Unanswerable(trap, *pair, item.language)


def _removed(item: Asked) -> tuple[str, str] | None:
    answer = fold(item.answer)
    text = item.text
    for sentence in reversed(sentences(text)):
        if answer in fold(text[sentence.start : sentence.end]) or sentence.start <= item.start < sentence.end:
            text = text[: sentence.start] + text[sentence.end :]
    return (item.question, text) if len(text.strip()) >= _LEFT else None


def _of_another_year(item: Asked, rng: random.Random) -> tuple[str, str] | None:
    match = _YEAR.search(item.question)
    if not match:
        return None
    year = str(int(match[1]) + rng.choice((-3, -2, -1, 1, 2, 3)))
    question = item.question[: match.start(1)] + year + item.question[match.end(1) :]
    return (question, item.text) if year not in item.text else None


def subject(item: Asked) -> str:
    """What the article is about, as far as the question names it: the longest beginning of the text that it has."""
    match = _OPENING.match(item.text)
    name = match[1] if match else ""
    return next((name[:size] for size in range(len(name), 2, -1) if name[:size] in item.question), "")


def _of_another_subject(item: Asked, others: Sequence[Asked], rng: random.Random) -> tuple[str, str] | None:
    own = subject(item)
    for other in rng.sample(others, min(20, len(others))) if own else ():
        name = subject(other)
        if name and other.article != item.article and name not in item.text and own not in name:
            return item.question.replace(own, name), item.text
    return None


def _of_another_metric(item: Asked, others: Sequence[Asked], rng: random.Random) -> tuple[str, str] | None:
    own = subject(item)
    for other in rng.sample(others, min(40, len(others))) if own else ():
        name = subject(other)
        if not name or other.article == item.article or other.kind != item.kind:
            continue
        rest = fold(other.question.replace(name, " "))
        pairs = {
            rest[at : at + 2] for at in range(len(rest) - 1) if re.fullmatch(r"[\u3400-\u9fff]{2}", rest[at : at + 2])
        }
        text = fold(item.text)
        if len(pairs) >= 6 and sum(pair in text for pair in pairs) <= _MOST_MET * len(pairs):
            return other.question.replace(name, own), item.text
    return None
