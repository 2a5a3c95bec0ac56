"""The language model's part in answering: from a question as read and its Hits to a fluent Answer, or the extracted one."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from chat import reply
from chat.fluent import Draft, is_not_found, written
from chat.followup import Standalone, admissible
from chat.grounds import Asked
from chat.llm import LanguageModel, LlmError
from chat.llm_gate import judge
from chat.match import Matcher
from chat.prompt import prompt, rewording
from chat.question import Question
from chat.types import Answer
from chat.written import Passage
from index.library import Library
from index.types import Hit

_MOST_PASSAGES = 10  # given to the model


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as read, the names it is about, and the Hits for it."""

    asked: Question
    names: tuple[str, ...]
    hits: list[Hit]


class Writer:
    """Has a language model write answers from the passages of a library, and checks what it writes."""

    def __init__(self, llm: LanguageModel, library: Library, matcher: Matcher) -> None:
        self._llm = llm
        self._library = library
        self._matcher = matcher

    def write(
        self, extracted: Answer, reading: Reading, cancelled: threading.Event | None = None
    ) -> Generator[str, None, Answer]:
        """The text piece by piece as it passes; returns the Answer, `extracted` with a notice where the model fails."""
        asked = reading.asked
        passages = self._passages(extracted, reading.hits)
        messages = prompt(asked.text, passages, asked.language, self._llm.window // 2)
        draft = Draft({one.number: one for one in passages}, self._library.document, asked.language)
        of = Asked(reading.names, asked.period)
        try:
            for judged in written(self._llm, messages, lambda text: judge(text, passages, of, self._forms), cancelled):
                if is_not_found(judged):
                    return extracted
                if shown := draft.add(judged):
                    yield shown
        except LlmError as error:
            notice = reply.wording(asked.language, "broke off", model=self._llm.name, reason=str(error))
            return replace(extracted, notice=notice)
        return draft.answer(extracted, self._llm.name)

    def standalone(self, question: str, earlier: Sequence[str], by_rules: Standalone) -> Standalone:
        """The question as the model makes it stand alone; by rules where it does not, or brings in what nobody asked of."""
        try:
            text = "".join(self._llm.stream(rewording(question, earlier))).strip().strip('"“”「」')
        except LlmError:
            return by_rules
        return Standalone(text, by_rules.sure) if admissible(text, question, earlier) else by_rules

    def _passages(self, extracted: Answer, hits: Sequence[Hit]) -> list[Passage]:
        """The numbered passages to write from: the Chunks of the Hits, those that the extracted answer quotes first."""
        quoted = [(quote.document_id, quote.start) for quote in extracted.quotes]
        chunks = [hit.chunk for hit in hits]
        first = [c for c in chunks if any(c.document_id == one and c.start <= at < c.end for one, at in quoted)]
        ordered = list({chunk.id: chunk for chunk in [*first, *chunks]}.values())[:_MOST_PASSAGES]
        return [
            Passage.of_chunk(
                number,
                chunk,
                self._library.document(chunk.document_id),
                [figure for _, figure in self._library.figures(chunk.document_id, chunk.start, chunk.end)],
            )
            for number, chunk in enumerate(ordered, 1)
        ]

    def _forms(self, name: str) -> tuple[str, ...]:
        return self._matcher.name_forms(name, self._library)
