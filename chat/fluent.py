"""A fluent answer: a language model writes it from numbered passages, and each sentence passes the gate or is left out.

Sentences are released in order as they pass. From the first that fails on, the rest waits: what failed is sent back once,
all together, and what fails again gives way to the quote.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from chat import reply
from chat.grounds import Support, likeliest
from chat.llm import LanguageModel, Message, without_thinking
from chat.llm_gate import Verdict
from chat.prompt import NOT_FOUND, mending
from chat.types import Answer, LeftOut, Quote, QuotedFigure
from chat.written import Passage, Sentence, cites, with_marks
from ingest.sentences import sentences
from ingest.types import Document, Figure

Judge = Callable[[str], Verdict]
_MOST_SENTENCES = 16
_LEADING_MARKS = re.compile(r"\s*(?:[\[【［]\s*\d[\d\s,，、;；]*[\]】］]\s*)+[.。]?")
_BEGUN_MARK = re.compile(r"\s*(?:[\[【［][\d\s,，、;；]*)?")
_NUMBERED_LINE = re.compile(r"^\s*(\d{1,2})\s*[.)、:：]\s*(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence as written, and the last Verdict on it."""

    text: str
    verdict: Verdict


def written(
    model: LanguageModel, messages: Sequence[Message], judge: Judge, cancelled: threading.Event | None = None
) -> Iterator[Judged]:
    """What the model writes, sentence by sentence, each judged; LlmError where it breaks off."""
    waiting: list[Judged] = []
    said: list[str] = []
    for sentence in _sentences(model.stream(messages, cancelled)):
        said.append(sentence)
        judged = Judged(sentence, judge(sentence))
        if judged.verdict.passed and not waiting:
            yield judged
        else:
            waiting.append(judged)
        if len(said) == _MOST_SENTENCES:
            break
    yield from _mended(model, messages, said, waiting, judge, cancelled)


def _mended(
    model: LanguageModel,
    messages: Sequence[Message],
    said: Sequence[str],
    waiting: Sequence[Judged],
    judge: Judge,
    cancelled: threading.Event | None,
) -> Iterator[Judged]:
    """The sentences that wait, those that failed as the model writes them when it is told why."""
    faults = [(one.text, one.verdict.reason) for one in waiting if not one.verdict.passed]
    if not faults or NOT_FOUND in " ".join(said):
        yield from waiting
        return
    text = "".join(model.stream(mending(messages, " ".join(said), faults), cancelled))
    again = {int(number): line.strip() for number, line in _NUMBERED_LINE.findall(without_thinking(text))}
    number = 0
    for one in waiting:
        if one.verdict.passed:
            yield one
            continue
        number += 1
        better = Judged(again[number], judge(again[number])) if again.get(number) else one
        yield better if better.verdict.passed else one


def _sentences(pieces: Iterator[str]) -> Iterator[str]:
    """The sentences of a text that comes in pieces, each with the marks behind it; without what a model thinks aloud."""
    buffer = ""
    for piece in pieces:
        buffer += piece
        if "<think>" in buffer and "</think>" not in buffer:
            continue
        buffer = without_thinking(buffer)
        *whole, buffer = _cut(buffer)
        yield from whole
    yield from (one.strip() for one in _cut(without_thinking(buffer)) if one.strip())


def _cut(text: str) -> list[str]:
    """The sentences of a text, the last as far as it goes; marks that open one belong to that before it."""
    found: list[str] = []
    at = 0
    for span in sentences(text)[1:]:
        lead = _LEADING_MARKS.match(text, span.start)
        start = lead.end() if lead else span.start
        if _BEGUN_MARK.fullmatch(text, start):
            break  # a mark that is not whole yet, or all that is left
        found.append(text[at:start].strip())
        at = start
    return [*found, text[at:]]


@dataclass
class Draft:
    """The answer that grows from the sentences that pass: its text, its Quotes and its Figures."""

    passages: dict[int, Passage]
    document: Callable[[str], Document]
    language: str
    quotes: list[Quote] = field(default_factory=list)
    figures: list[QuotedFigure] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    first: str = ""  # sentence that passed

    def add(self, judged: Judged) -> str:
        """Take in a sentence, or the quote in place of one that failed; what of it is shown, "" for nothing."""
        if judged.verdict.passed:
            self.first = self.first or judged.text
            numbers = [self._quoted(one) for one in judged.verdict.support]
            shown = with_marks(judged.text, tuple(dict.fromkeys(numbers)))
        else:
            self.left_out.append(LeftOut(judged.text, judged.verdict.reason))
            shown = self._instead(judged.text)
        if shown:
            self.lines.append(shown)
        return shown

    def _quoted(self, support: Support) -> int:
        """The number of the Quote of a Support, which is made where there is none yet."""
        passage = self.passages[support.passage]
        start, end = passage.start + support.span.start, passage.start + support.span.end
        same = (
            one for one in self.quotes if (one.document_id, one.start, one.end) == (passage.document_id, start, end)
        )
        quote = next(same, None)
        if quote is None:
            quote = reply.quote(len(self.quotes) + 1, self.document(passage.document_id), start, end)
            self.quotes.append(quote)
        if support.figure is not None:
            self._figured(support.figure, passage, quote.number)
        return quote.number

    def _figured(self, figure: Figure, passage: Passage, number: int) -> None:
        placed = replace(figure, start=figure.start + passage.start, end=figure.end + passage.start)
        shown = QuotedFigure(placed, number)
        if shown not in self.figures:
            self.figures.append(shown)

    def _instead(self, text: str) -> str:
        """The quote nearest to a sentence that failed, where it cites a passage and its quote is not shown yet."""
        cited = [self.passages[number] for number in cites(text) if number in self.passages]
        support = next(likeliest(Sentence.read(text), cited[:1]), None)
        before = len(self.quotes)
        number = self._quoted(support) if support else 0
        if not number or number <= before:
            return ""
        quote = self.quotes[-1]
        return reply.wording(self.language, "quote", text=" ".join(quote.text.split()), number=number)

    def answer(self, extracted: Answer, writer: str) -> Answer:
        """The Answer, where the reports' own words would be `extracted`; those where no sentence passed."""
        if not self.first:
            told = bool(self.left_out) and extracted.found
            notice = reply.wording(extracted.language, "held back", model=writer) if told else ""
            return replace(extracted, left_out=tuple(self.left_out), notice=notice)
        return replace(
            extracted,
            direct=self._direct(extracted),
            text=("\n" if self.left_out else " " if self.language == "en" else "").join(self.lines),
            figures=tuple(self.figures),
            quotes=tuple(self.quotes),
            related=(),
            writer=writer,
            left_out=tuple(self.left_out),
        )

    def _direct(self, extracted: Answer) -> str:
        """The shortest answer: that of the reports' own words where its quotes are shown too, else the first sentence."""
        spans = [(one.document_id, one.start, one.end) for one in self.quotes]
        if extracted.found and all(
            any(one.document_id == of and start <= one.start and one.end <= end for of, start, end in spans)
            for one in extracted.quotes
        ):
            return extracted.direct
        return with_marks(self.first, ())


def is_not_found(judged: Judged) -> bool:
    """Whether the model says that the passages do not answer."""
    return NOT_FOUND in judged.text.upper()
