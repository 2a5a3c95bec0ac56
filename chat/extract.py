"""Hits become Findings: for each thing asked, the Figure, name or sentence that answers it, and how well.

Every candidate (a Figure, a named span, a stretch between marks, or a whole sentence) is described by the same readable
features (`chat.describe`); boosted trees order the candidates and give the probability that one is right
(`chat.confidence`). They were fitted on questions (`chat.train`), none is a rule for one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.ask import Ask
from chat.candidates import Candidate, candidates, differ
from chat.confidence import Judge, standing
from chat.describe import Describer, Sought
from chat.features import Features, Table, tabled
from chat.match import Matcher
from chat.names import Profile, profile
from chat.passage import Reader, Sentence
from chat.question import Question
from chat.when import OTHER
from chat.whose import is_about
from index.library import Library
from index.types import Hit
from ingest.types import Document, Figure, Row

_READ_CLOSELY = 40  # sentences whose candidates are weighed
_KEPT = 8  # Findings of an Ask
_COMPARED = 60  # candidates that those are compared with
_KEPT_PROFILES = 2048


@dataclass(frozen=True, slots=True)
class Finding:
    """What answers one Ask: a range of a Sentence, its Figure where it is one, and the probability that it is right."""

    ask: Ask
    sentence: Sentence
    start: int
    end: int
    figure: Figure | None
    score: float
    confidence: float


class Extractor:
    """Chooses what answers a question among the sentences of its Hits."""

    def __init__(self, library: Library, matcher: Matcher, judge: Judge) -> None:
        self._library = library
        self._matcher = matcher
        self._judge = judge
        self._describer = Describer(library, matcher)
        self._reader = Reader(library)
        self._profiles: dict[str, Profile] = {}

    def profile(self, sentence: Sentence) -> Profile:
        """What the sentence's Document is about."""
        return self.about(sentence.document)

    def about(self, document: Document) -> Profile:
        """What a Document is about."""
        known = self._profiles.get(document.id)
        if known is None:
            if len(self._profiles) >= _KEPT_PROFILES:
                self._profiles.clear()
            known = self._profiles[document.id] = profile(document)
        return known

    def sentences(self, hits: Sequence[Hit]) -> list[Sentence]:
        """All sentences of the Hits."""
        return [sentence for sentence, _ in self._reader.read(hits)]

    def cells(self, document: Document, row: Row) -> list[Sentence]:
        """A row, once for each of its cells."""
        return self._reader.cells(document, row)

    def subjects(self, hits: Sequence[Hit]) -> set[str]:
        """What the Documents of the Hits are about, and the names that they quote."""
        documents = [self._library.document(one) for one in sorted({hit.chunk.document_id for hit in hits})]
        return {name for one in documents for name in (*self.about(one).subjects, *self.about(one).quoted)}

    def reports_of(self, names: Sequence[str], hits: Sequence[Hit]) -> set[str]:
        """The ids of the Documents of the Hits that are about one of the `names`."""
        forms = self._describer.forms(names)
        documents = {hit.chunk.document_id for hit in hits}
        profiles = {one: self.about(self._library.document(one)) for one in sorted(documents)}
        return {one for one, about in profiles.items() if any(is_about(forms[name], name, about) for name in names)}

    def findings(self, question: Question, names: Sequence[str], hits: Sequence[Hit]) -> list[list[Finding]]:
        """For each Ask of the question, its best Findings, best first; a figure that surely answers one answers no later
        one.
        """
        ranked: list[list[Finding]] = []
        taken: set[tuple[str, int]] = set()
        for ask, found, table in self.tables(question, names, hits):
            free = [at for at, one in enumerate(found) if one.figure is None or one.place not in taken]
            ranked.append(self._ranked(ask, [found[at] for at in free], table[free]))
            best = next(iter(ranked[-1]), None)
            if best is not None and best.confidence >= self._judge.threshold:
                taken.add((best.sentence.document.id, best.start))
        return ranked

    def tables(
        self, question: Question, names: Sequence[str], hits: Sequence[Hit]
    ) -> Iterator[tuple[Ask, list[Candidate], Table]]:
        """For each Ask, all its candidates and their features (n, columns): what the reader is fitted to."""
        read = list(self._reader.read(hits))
        words = {word for sentence, _ in read for word in (*sentence.words, *sentence.section_words)}
        words |= {word for sentence, _ in read if sentence.heads for word in sentence.heads.words}
        texts = {question.folded, *(sentence.gist for sentence, _ in read)}
        self._matcher.prepare(words | texts | {term.text for term in question.terms})
        pool = [sentence for sentence, _ in read]
        for ask in question.asks:
            yield ask, *self._table(self._describer.sought(question, ask, names, pool), read)

    def _table(self, sought: Sought, read: Sequence[tuple[Sentence, Hit]]) -> tuple[list[Candidate], Table]:
        """The candidates in the sentences that come nearest to what is sought, and their features."""
        meetings = [
            meeting
            for sentence, hit in read
            if (meeting := self._describer.meeting(sought, sentence, hit, self.profile(sentence))) is not None
        ]
        meetings.sort(key=lambda one: (-one.promise, one.sentence.document.id, one.sentence.start))
        found: list[Candidate] = []
        rows: list[Features] = []
        called = sought.called
        for meeting in meetings[:_READ_CLOSELY]:
            offered = candidates(sought.question, sought.ask, meeting.sentence, meeting.hit, called)
            for candidate, features in self._describer.described(sought, meeting, offered):
                if features.period > OTHER:
                    found.append(candidate)
                    rows.append(features)
        return found, tabled(rows)

    def _ranked(self, ask: Ask, found: Sequence[Candidate], table: Table) -> list[Finding]:
        """The best candidates as Findings, in order."""
        scores = self._judge.order(table, ask.want)
        order = sorted(
            range(len(found)),
            key=lambda at: (-scores[at], found[at].sentence.document.id, found[at].start, found[at].end),
        )[:_COMPARED]
        if not order:
            return []
        ranked = [found[at] for at in order]
        ordered = scores[order]
        kept = range(min(len(order), _KEPT))
        standings = np.array([standing(ordered[at:], _differing(ranked[at:]), len(found)) for at in kept])
        chances = self._judge.confidence(table[order[:_KEPT]], standings, ask.want)
        return [
            Finding(ask, one.sentence, one.start, one.end, one.figure, score=float(score), confidence=float(chance))
            for one, score, chance in zip(ranked, ordered, chances, strict=False)
        ]


def _differing(ranked: Sequence[Candidate]) -> npt.NDArray[np.bool_]:
    """Which of the candidates are other answers than the first."""
    return np.array([differ(one, ranked[0]) for one in ranked], dtype=bool)
