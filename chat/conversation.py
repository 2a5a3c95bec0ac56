"""A conversation: the turns of one visitor, to lean on, to show and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.series import Point
from chat.types import Answer, Quote

_MOST = 1000  # turns kept
_LONGEST_QUESTION = 2000  # characters


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its Answer; `points` are its first figure by year, `verdict` what the reader thought ("up", "down")."""

    question: str
    answer: Answer
    points: tuple[Point, ...] = ()
    verdict: str = ""
    said_why: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns, oldest first; `scope` holds the ids of the Documents that are asked, none for all of them."""

    turns: tuple[Turn, ...] = ()
    scope: tuple[str, ...] = ()

    @property
    def questions(self) -> list[str]:
        """What was asked so far."""
        return [turn.question for turn in self.turns]

    def plus(self, turn: Turn) -> Conversation:
        """With one turn more; the oldest goes where there are too many."""
        kept = replace(turn, question=turn.question[:_LONGEST_QUESTION])
        return replace(self, turns=(*self.turns, kept)[-_MOST:])

    def until(self, number: int) -> Conversation:
        """The turns before the one with this number (from 0)."""
        return replace(self, turns=self.turns[: max(number, 0)])

    def judged(self, number: int, verdict: str, *, said_why: bool = False) -> Conversation:
        """With the reader's verdict on one turn."""
        if not 0 <= number < len(self.turns):
            return self
        turn = replace(self.turns[number], verdict=verdict, said_why=said_why)
        return replace(self, turns=(*self.turns[:number], turn, *self.turns[number + 1 :]))


def plain_text(answer: Answer) -> str:
    """The Answer with its sources, to paste elsewhere."""
    return "\n".join([answer.text, *(f"[{quote.number}] {_place(quote)}" for quote in answer.quotes)])


def markdown(turns: Sequence[Turn], title: str) -> str:
    """The conversation as Markdown, every Quote with its source; words of documents and questions stay words."""
    parts = [f"# {_said(title)}"]
    for turn in turns:
        answer = turn.answer
        parts.append(f"## {_said(' '.join(turn.question.split()))}")
        parts.append(f"**{_said(answer.direct)}**" if answer.found else _said(answer.text))
        for quote in answer.quotes:
            quoted = "\n> ".join(_said(line) for line in quote.text.splitlines())
            parts.append(f"> {quoted}\n>\n> [{quote.number}] {_said(_place(quote))}")
        if answer.found and answer.missing:
            parts.append(_said(answer.text.splitlines()[-1]))
    return "\n\n".join(parts) + "\n"


def _place(quote: Quote) -> str:
    return f"{quote.document}, p. {quote.page}, {quote.source_start}-{quote.source_end}"


def _said(text: str) -> str:
    """Text with the marks of Markdown and HTML escaped."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|~!$" else char for char in text)
