"""The chat: a library opened, and questions answered from it."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from chat import reply
from chat.aid import Aid
from chat.ask import MAX_CHARACTERS, Ask
from chat.confidence import Judge
from chat.express import script
from chat.extract import Extractor, Finding
from chat.followup import Standalone, standalone
from chat.gate import violations
from chat.hear import HITS, Heard, Listener, earlier_questions
from chat.lines import Lines
from chat.llm import LanguageModel
from chat.match import Matcher
from chat.missing import missing
from chat.question import Question, language_of, tidy, understand
from chat.terms import beside
from chat.types import Answer, Quote, QuotedFigure
from chat.writer import Reading, Writer
from index.embed import load_embedder
from index.lexicon import Lexicon
from index.library import Library
from index.types import Hit
from ingest.read import document_from_text

_BESIDE = 0.4  # of the threshold: the confidence that a figure needs in the sentence that answers the rest
_RELATED = 3  # passages offered where nothing answers
_LONGEST_QUOTE = 400  # characters
_LONGEST_RELATED = 160


class ReportChat:
    """Answers questions from a Library, each with the Quotes that it rests on."""

    at_once = 2  # questions: one is read while another waits for the disk, or for a language model

    def __init__(self, library: Library, llm: LanguageModel | None = None, *, aid: Aid | None = None) -> None:
        self.library = library
        self._judge = Judge.load()
        matcher = Matcher(load_embedder(None), Lexicon.load())
        self.extractor = Extractor(library, matcher, self._judge)
        self._listener = Listener(library, self.extractor, aid)
        self._lines = Lines(library, self.extractor)
        self._writer = Writer(llm, library, matcher) if llm else None

    @classmethod
    def open(
        cls,
        library: str | Path,
        *,
        embedding_model: str | None = None,
        reranker: str | None = None,
        llm: LanguageModel | None = None,
        aid: Aid | None = None,
    ) -> ReportChat:
        """A chat over the library in that folder; `index.errors.LibraryError` where it cannot be opened.

        `embedding_model` and `reranker` name sentence-transformers models; ModelNotFound where one cannot be loaded.
        With `llm` (`chat.llm.ServedModel`), it writes the answers, and what it writes is checked sentence by sentence; an
        `aid` (`chat.aid.Aid`) has one help to find passages.
        """
        return cls(Library.open(Path(library), embedding_model=embedding_model, reranker=reranker), llm, aid=aid)

    @classmethod
    def from_texts(
        cls,
        texts: Mapping[str, str],
        *,
        embedding_model: str | None = None,
        llm: LanguageModel | None = None,
        aid: Aid | None = None,
    ) -> ReportChat:
        """A chat over {title: text}, in memory."""
        library = Library.in_memory(embedding_model=embedding_model)
        for title, text in texts.items():
            library.add(document_from_text(title, text))
        return cls(library, llm, aid=aid)

    def ask(self, question: str, history: Sequence[Any] = (), *, documents: Collection[str] | None = None) -> Answer:
        """Answer `question`; `history` holds the earlier questions, oldest first (strings, or {"role", "content"}).

        `documents` are the ids of those that may answer; all of them where it is None.
        """
        *_, answer = self.stream(question, history, documents=documents)
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Any] = (),
        *,
        documents: Collection[str] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[str | Answer]:
        """Answer as `ask` does: first each piece of the text as it may be shown, where a language model writes; then the
        Answer, which holds whatever came before. Closing the iterator, or setting `cancelled`, stops the model.
        """
        started = time.perf_counter()
        stands = self._standalone(question, earlier_questions(history), documents)
        heard = self._read(question, stands.text, documents, cancelled)
        if isinstance(heard, Answer):
            yield heard
            return
        retrieved = time.perf_counter()
        answer = self._gated(self._answer(question, heard))
        if not stands.sure and not answer.found:
            stands = Standalone(question)
            plain = self._read(question, question, documents, cancelled)
            if not isinstance(plain, Answer):
                heard, answer = plain, self._gated(self._answer(question, plain))
        reading = _whole(stands.text, heard)
        if self._writer is not None and (answer.found or not self._names_what_is_missing(answer, reading)):
            answer = self._gated((yield from self._writer.write(answer, reading, cancelled)))
        seconds = {"retrieve": retrieved - started, "answer": time.perf_counter() - retrieved}
        alone = "" if stands.text == tidy(question) else script(stands.text, answer.language)
        yield replace(answer, seconds=seconds, standalone=alone)

    def _standalone(self, question: str, earlier: Sequence[str], documents: Collection[str] | None) -> Standalone:
        """The question as it stands alone after `earlier` ones, by the language model where there is one, else by rules."""
        if not earlier or not tidy(question) or not self.library.documents():
            return Standalone(tidy(question))
        hits = self.library.retrieve(" ".join([*earlier[-1:], question])[:MAX_CHARACTERS], HITS, documents=documents)
        by_rules = standalone(question, earlier, self.extractor.subjects(hits))
        if self._writer is None or by_rules.text == tidy(question):
            return by_rules
        return self._writer.standalone(question, earlier, by_rules)

    def _read(
        self, question: str, text: str, documents: Collection[str] | None, cancelled: threading.Event | None
    ) -> list[Heard] | Answer:
        """What is asked, as it stands alone in `text`, and the Hits for it; the Answer where nothing is to be asked."""
        language = language_of(question if question != text else tidy(text))
        if not understand(text).folded:
            return Answer(question, text=reply.wording(language, "empty"), language=language)
        if not self.library.document_count():
            return Answer(question, text=reply.wording(language, "no documents"), language=language)
        return [
            replace(one, asked=replace(one.asked, language=language)) for one in self.hear(text, documents, cancelled)
        ]

    def hear(
        self, text: str, documents: Collection[str] | None = None, cancelled: threading.Event | None = None
    ) -> list[Heard]:
        """What a question that stands alone asks, and the passages to read for it; one for each of several companies or
        years.
        """
        return self._listener.hear(text, documents, cancelled)

    def _names_what_is_missing(self, answer: Answer, reading: Reading) -> bool:
        """Whether the name or the period that is asked of is what the reports do not speak of: nothing to write then."""
        stands_in_the_way = {*reading.names, reading.asked.period_text} - {""}
        return bool(stands_in_the_way & set(answer.missing))

    def _answer(self, question: str, heard: Sequence[Heard]) -> Answer:
        ranked: list[tuple[Heard, int, list[Finding]]] = []
        for part in heard:
            found = (
                self._lines.findings(part)
                or self._apart(part)
                or self.extractor.findings(part.asked, part.names, part.hits)
            )
            ranked += [(part, index, one) for index, one in enumerate(found)]
        best = self._shown(_each_its_own([one for _, _, one in ranked]))
        lacking = tuple(
            dict.fromkeys(
                item
                for (part, index, _), one in zip(ranked, best, strict=True)
                if one is None
                for item in missing(part.asked, index, part.names, partial(self._would, hits=part.hits))
            )
        )
        asked = heard[0].asked
        if not any(best):
            return self._not_found(question, asked, lacking, heard[0].hits, [one for _, _, one in ranked])
        return _found(question, asked, [found for found in best if found], lacking)

    def _apart(self, heard: Heard) -> list[list[Finding]]:
        """The Findings of what the question joins with "and", where each is found surely and at a place of its own."""
        asked, names, hits = heard.asked, heard.names, heard.hits
        if not asked.apart or not all(self._says_more(ask, names) for ask in asked.apart):
            return []
        ranked = self.extractor.findings(replace(asked, asks=asked.apart), names, hits)
        if not all(found and found[0].figure and self._sure(found[0]) for found in ranked):
            return []
        places = {(found[0].sentence.document.id, found[0].start) for found in ranked}
        return ranked if len(places) == len(ranked) else []

    def _says_more(self, ask: Ask, names: Sequence[str]) -> bool:
        """Whether the Ask has words beside the names."""
        return any(term.weight >= 1.0 for term in beside(ask.terms, names))

    def _shown(self, best: Sequence[Finding | None]) -> list[Finding | None]:
        """Those that are sure enough; where several things are asked, one beside a sure one may be less so."""
        sure = [one is not None and self._sure(one) for one in best]
        beside = {
            (one.sentence.document.id, one.sentence.start)
            for one, is_sure in zip(best, sure, strict=True)
            if one and is_sure
        }
        least = _BESIDE * self._judge.threshold
        return [
            one
            if one
            and (is_sure or (one.confidence >= least and (one.sentence.document.id, one.sentence.start) in beside))
            else None
            for one, is_sure in zip(best, sure, strict=True)
        ]

    def _sure(self, finding: Finding) -> bool:
        return finding.confidence >= self._judge.threshold

    def _would(self, question: Question, names: Sequence[str], hits: Sequence[Hit]) -> bool:
        """Whether the question would be answered if it asked less."""
        ranked = self.extractor.findings(question, names, hits)[0]
        return bool(ranked) and self._sure(ranked[0])

    def _not_found(
        self,
        question: str,
        asked: Question,
        missing: tuple[str, ...],
        hits: Sequence[Hit],
        ranked: Sequence[Sequence[Finding]],
    ) -> Answer:
        confidence = max((found[0].confidence for found in ranked if found), default=0.0)
        return Answer(
            question,
            text=reply.not_found(missing, asked.language),
            related=tuple(self._related(hits)),
            missing=missing,
            confidence=confidence,
            language=asked.language,
        )

    def _related(self, hits: Sequence[Hit]) -> Iterable[Quote]:
        for number, hit in enumerate(hits[:_RELATED], 1):
            chunk, document = hit.chunk, self.library.document(hit.chunk.document_id)
            end = min(chunk.end, chunk.start + _LONGEST_RELATED)
            figures = self.library.figures(document.id, chunk.start, chunk.end)
            cut = [one.start for _, one in figures if one.start < end < one.end]  # a figure is whole or not there
            yield reply.quote(number, document, chunk.start, min([end, *cut]))

    def _gated(self, answer: Answer) -> Answer:
        """The Answer if it passes the gate; else its Quotes alone; else "not found"."""
        if not violations(answer, self.library.document):
            return answer
        text = reply.text((), answer.quotes, (), answer.language)
        bare = replace(answer, direct=answer.quotes[0].text if answer.quotes else "", text=text, figures=())
        if answer.found and not violations(bare, self.library.document):
            return bare
        return Answer(answer.question, text=reply.not_found((), answer.language), language=answer.language)


def _whole(text: str, heard: Sequence[Heard]) -> Reading:
    """All that was heard as one, for who writes the answer."""
    if len(heard) == 1:
        return Reading(heard[0].asked, tuple(heard[0].names), heard[0].hits)
    names = dict.fromkeys(name for one in heard for name in one.names)
    hits = {hit.chunk.id: hit for one in heard for hit in one.hits}
    return Reading(replace(understand(text), language=heard[0].asked.language), tuple(names), list(hits.values()))


def _each_its_own(ranked: Sequence[Sequence[Finding]]) -> list[Finding | None]:
    """The best Finding of each Ask, of figures one that answers no earlier Ask."""
    taken: set[tuple[str, int]] = set()
    chosen: list[Finding | None] = []
    for found in ranked:
        free = (one for one in found if one.figure is None or (one.sentence.document.id, one.start) not in taken)
        best = next(free, None)
        if best is not None:
            taken.add((best.sentence.document.id, best.start))
        chosen.append(best)
    return chosen


def _found(question: str, asked: Question, findings: Sequence[Finding], missing: tuple[str, ...]) -> Answer:
    quotes: list[Quote] = []
    figures: list[QuotedFigure] = []
    directs: list[tuple[str, int]] = []
    for finding in findings:
        quote = _quote(finding, quotes)
        if quote not in quotes:
            quotes.append(quote)
        said = reply.direct(finding, asked.language)
        if (said, quote.number) not in directs:
            directs.append((said, quote.number))
            figures.extend(reply.figures(finding, quote))
    return Answer(
        question=question,
        direct=reply.wording(asked.language, "join").join(said for said, _ in directs),
        text=reply.text(directs, quotes, missing, asked.language),
        figures=tuple(figures),
        quotes=tuple(quotes),
        missing=missing,
        confidence=min(finding.confidence for finding in findings),
        language=asked.language,
    )


def _quote(finding: Finding, quotes: Sequence[Quote]) -> Quote:
    """The Quote of a Finding's sentence: one that is there already, else the next."""
    sentence = finding.sentence
    start, end = sentence.start, sentence.end
    if end - start > _LONGEST_QUOTE:
        clauses = sentence.clauses
        start = clauses[max(sentence.clause_at(finding.start) - 1, 0)][0]
        end = max(clauses[min(sentence.clause_at(finding.end - 1) + 1, len(clauses) - 1)][1], finding.end)
    for quote in quotes:
        if quote.document_id == sentence.document.id and quote.start <= start and end <= quote.end:
            return quote
    return reply.quote(len(quotes) + 1, sentence.document, start, end)
