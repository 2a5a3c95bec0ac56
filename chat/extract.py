"""Hits become Findings: for each thing asked, the Figure, name or sentence that answers it, and how well.

Every candidate (a Figure, a named span, or a whole sentence) is described by the same readable features; a weighted
sum of them orders the candidates, and `chat.confidence` turns the features of the best into a probability. Both sets
of weights were fitted on questions (`chat.train`), none is a rule for one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from chat.candidates import FAR, Candidate, aside, candidates, differ, nearness, unit_fit
from chat.confidence import Weights
from chat.features import Features
from chat.match import Matcher, Met
from chat.names import Profile, profile
from chat.passage import Reader, Sentence
from chat.question import Ask, Question, Term
from chat.stated import period_agreement
from chat.when import OTHER
from chat.whose import PASSING, is_about, said_of
from index.library import Library
from index.tokens import words
from index.types import Hit
from ingest.types import Document, Figure

_LEAD, _SECTION, _HEAD = 0.6, 0.6, 0.8  # what a word counts that is met only before, above, or in the title
_HEADS, _CAPTION = 1.0, 0.8  # what a word counts that is met in the heads of a cell, or over its table
_EVERYDAY = (0.35, 0.75)  # rarities between which a word gains in sense
_CLOSE = 0.1  # candidates whose scores differ by less than this are rivals


@dataclass(frozen=True, slots=True)
class Finding:
    """What answers one Ask: a range of a Sentence, its Figure where it is one, and the probability that it is right."""

    ask: Ask
    sentence: Sentence
    start: int
    end: int
    figure: Figure | None
    features: Features
    score: float
    confidence: float


class Extractor:
    """Chooses what answers a question among the sentences of its Hits."""

    def __init__(self, library: Library, matcher: Matcher, weights: Weights) -> None:
        self._library = library
        self._matcher = matcher
        self._weights = weights
        self._reader = Reader(library)
        self._profiles: dict[str, Profile] = {}

    def profile(self, sentence: Sentence) -> Profile:
        """What the sentence's Document is about."""
        return self._profile(sentence.document)

    def _profile(self, document: Document) -> Profile:
        known = self._profiles.get(document.id)
        if known is None:
            known = self._profiles[document.id] = profile(document)
        return known

    def sentences(self, hits: Sequence[Hit]) -> list[Sentence]:
        """All sentences of the Hits."""
        return [sentence for sentence, _ in self._reader.read(hits)]

    def subjects(self, hits: Sequence[Hit]) -> set[str]:
        """What the Documents of the Hits are about, and the names that they quote."""
        documents = [self._library.document(one) for one in sorted({hit.chunk.document_id for hit in hits})]
        return {name for one in documents for name in (*self._profile(one).subjects, *self._profile(one).quoted)}

    def reports_of(self, names: Sequence[str], hits: Sequence[Hit]) -> set[str]:
        """The ids of the Documents of the Hits that are about one of the `names`."""
        forms = self._forms(names)
        documents = {hit.chunk.document_id for hit in hits}
        profiles = {one: self._profile(self._library.document(one)) for one in sorted(documents)}
        return {one for one, about in profiles.items() if any(is_about(forms[name], name, about) for name in names)}

    def _forms(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Each name with all its forms, looked up once for all sentences."""
        return {name: self._matcher.name_forms(name, self._library) for name in names}

    def findings(self, question: Question, names: Sequence[str], hits: Sequence[Hit]) -> list[list[Finding]]:
        """For each Ask of the question, all its Findings, best first."""
        read = list(self._reader.read(hits))
        words = {word for sentence, _ in read for word in (*sentence.words, *sentence.section_words)}
        words |= {word for sentence, _ in read if sentence.heads for word in sentence.heads.words}
        texts = {question.folded, *(sentence.gist for sentence, _ in read)}
        self._matcher.prepare(words | texts | {term.text for term in question.terms})
        return [self._ranked(question, ask, names, read) for ask in question.asks]

    def _ranked(
        self, question: Question, ask: Ask, names: Sequence[str], read: Sequence[tuple[Sentence, Hit]]
    ) -> list[Finding]:
        terms = self._weighed(ask, names)
        forms = self._forms(names)
        called = {form for each in forms.values() for form in each}
        found: list[tuple[float, Features, Candidate]] = []
        for sentence, hit in read:
            if question.report and (self.profile(sentence).period or question.report)[:4] != question.report:
                continue
            named = said_of(forms, sentence, self.profile(sentence))
            if named == 0.0 or (named == PASSING and ask.want == "figure"):
                continue  # of whom nothing is said here, no figure is
            if any(self._matcher.is_sibling(term.text, sentence.heads or sentence) for term in terms):
                continue
            met = [self._met(term, sentence) for term in terms]
            for candidate in candidates(question, ask, sentence, hit, called):
                features = self._features(question, ask, candidate, terms, met, (names, named))
                if features.period > OTHER:
                    found.append((self._weights.order(features, ask.want), features, candidate))
        found.sort(key=lambda item: (-item[0], item[2].sentence.document.id, item[2].start, item[2].end))
        return [self._finding(ask, item, found) for item in found]

    def _finding(
        self,
        ask: Ask,
        item: tuple[float, Features, Candidate],
        others: Sequence[tuple[float, Features, Candidate]],
    ) -> Finding:
        score, features, candidate = item
        rivals = (other for value, _, other in others[:8] if score - value < _CLOSE and differ(other, candidate))
        if next(rivals, None) is None:
            values = {field.name: getattr(features, field.name) for field in fields(features)}
            features = Features(**{**values, "lone": 1.0})
        return Finding(
            ask=ask,
            sentence=candidate.sentence,
            start=candidate.start,
            end=candidate.end,
            figure=candidate.figure,
            features=features,
            score=score,
            confidence=self._weights.confidence(features, ask.want),
        )

    def _weighed(self, ask: Ask, names: Sequence[str]) -> list[Term]:
        """The Ask's terms without those of its names, or the names where nothing else is asked of, weighed by how rare
        they are in the library.
        """
        terms = [term for term in ask.terms if not any(term.text in name for name in names)]
        if not any(term.weight >= 1.0 for term in terms):
            terms += [Term(name, 1.0) for name in names if any(term.text in name for term in ask.terms)]
        greatest = max((self._rarity(term.text) for term in terms), default=1.0) or 1.0
        return [
            Term(
                term.text,
                term.weight
                * (0.3 + 0.7 * min(self._rarity(term.text) / greatest, 1))
                * _sense(self._matcher.rarity(term.text)),
            )
            for term in terms
        ]

    def _rarity(self, word: str) -> float:
        """The idf of a word; of a word of the other language, that of its commonest translation."""
        return min(self._idf(form) for form in (word, *self._matcher.both_ways(word)))

    def _idf(self, form: str) -> float:
        """The idf of a word, or of the rarest word of a phrase."""
        return max((self._library.idf(word) for word in words(form)), default=0.0)

    def _met(self, term: Term, sentence: Sentence) -> tuple[Met, float]:
        """How the term is met in the sentence, and the share it counts by what stands around it."""
        met = self._matcher.meet(term.text, sentence)
        for heads, share in ((sentence.heads, _HEADS), (sentence.caption, _CAPTION)):
            if heads and met.strength <= share:
                over = share * self._matcher.meet(term.text, heads).strength
                met = Met(over, (heads.start,)) if over and over >= met.strength else met
        around = 0.0
        if met.strength < _HEAD:
            around = self._around(term.text, sentence)
        return met, around

    def _around(self, word: str, sentence: Sentence) -> float:
        others = {word, *self._matcher.both_ways(word)}
        if any(other in sentence.lead_words for other in others):
            return _LEAD
        if any(other in sentence.section_words for other in others):
            return _SECTION
        return _HEAD if any(len(other) > 1 and other in self.profile(sentence).head for other in others) else 0.0

    def _features(
        self,
        question: Question,
        ask: Ask,
        candidate: Candidate,
        terms: Sequence[Term],
        met: Sequence[tuple[Met, float]],
        named: tuple[Sequence[str], float],
    ) -> Features:
        names, name = named
        total = sum(term.weight for term in terms) or 1.0
        weighed = list(zip(terms, met, strict=True))
        shares = [max(found.strength, around) for _, (found, around) in weighed]
        near = sum(
            term.weight * max(found.strength * nearness(candidate, found), FAR * around)
            for term, (found, around) in weighed
        )
        unmet = [term.weight * (1 - share) for term, share in zip(terms, shares, strict=True)]
        return Features(
            coverage=sum(term.weight * share for term, share in zip(terms, shares, strict=True)) / total,
            near=near / total,
            strict=sum(term.weight for term, (found, _) in weighed if found.strength >= 0.75) / total,
            gap=max(unmet, default=0.0) / total,
            label=self._labelled(question, candidate, terms),
            counted=self._matcher.counts(ask.counted, candidate.figure.label if candidate.figure else ""),
            kind=candidate.kind,
            unit=unit_fit(ask, candidate.figure),
            period=period_agreement(question, ask, candidate, self.profile(candidate.sentence).period),
            name=name,
            retrieval=min(candidate.hit.score, 1.0),
            meaning=max(0.0, self._matcher.cosine(question.folded, candidate.sentence)),
            topic=shares[0] if shares and not names and question.language != "en" else 1.0,
            foreign=float((question.language == "en") == candidate.sentence.chinese),
            aside=aside(question, candidate),
            narrow=self._narrow(question, candidate.sentence),
            lone=0.0,
        )

    def _narrow(self, question: Question, sentence: Sentence) -> float:
        quoted = [
            name for name in self.profile(sentence).quoted if name in sentence.folded and name not in question.folded
        ]
        if not quoted:
            return 0.0
        forms = [term.text for term in question.terms if term.text.isascii()]
        spelled = {name for form in forms for name in self._library.names_by_pinyin(form)}
        return float(any(not any(s in name for s in spelled) for name in quoted))

    def _labelled(self, question: Question, candidate: Candidate, terms: Sequence[Term]) -> float:
        """How much of what the candidate's figure counts is asked of; half where nothing is known."""
        figure, heads = candidate.figure, candidate.sentence.heads
        if figure is not None and heads and heads.name:  # of a row all words tell: "total assets", not "other assets"
            return self._matcher.overlap(words(question.folded), heads.name)
        if figure is None or not figure.label:
            return 0.5
        return self._matcher.overlap([term.text for term in terms], figure.label)


# A change or an addition, and how a question asks of one.


def _sense(rarity: float) -> float:
    """How much of a question's sense a word can carry that is so rare in everyday language: "keep" little, "crop" all."""
    low, high = _EVERYDAY
    return 0.35 + 0.65 * min(max((rarity - low) / (high - low), 0.0), 1.0)
