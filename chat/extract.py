"""Hits become Findings: for each thing asked, the Figure, name or sentence that answers it, and how well.

Every candidate (a Figure, a named span, or a whole sentence) is described by the same readable features; a weighted
sum of them orders the candidates, and `chat.confidence` turns the features of the best into a probability. Both sets
of weights were fitted on questions (`chat.train`), none is a rule for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from chat.confidence import Weights
from chat.match import Matcher, Met
from chat.names import Profile, profile
from chat.passage import Reader, Sentence
from chat.question import Ask, Question, Term
from chat.spans import NamedSpan, spans
from chat.transliteration import calls
from chat.when import OTHER, SAME, UNSTATED, agreement
from index.library import Library
from index.tokens import words
from index.types import Hit
from ingest.names import organisations
from ingest.types import Document, Figure, FigureKind
from ingest.units import same_unit, unit_family

_LEAD, _SECTION, _HEAD = 0.6, 0.6, 0.8  # what a word counts that is met only before, above, or in the title
_DECAY = {0: 1.0, -1: 0.8, -2: 0.6, 1: 0.6}  # by clauses between a word and the figure; farther: 0.45
_FAR = 0.45
_OVER = 0.85  # for each figure, or "and", that stands between within a clause
_EVERYDAY = (0.35, 0.75)  # rarities between which a word gains in sense
_JOINT = re.compile(r"和|与|及|、|,|\band\b")
_MENTIONED = 0.8  # a name that stands around the sentence, or in it beside the name that its Document is about
_PASSING = 0.4  # an organisation that the sentence has though its Document is about another
_SOME_KIND = 0.25  # a whole sentence where a name or a list is asked for
_CLOSE = 0.1  # candidates whose scores differ by less than this are rivals


@dataclass(frozen=True, slots=True)
class Features:
    """How a candidate stands to what is asked, each from 0 to 1."""

    coverage: float  # share of the question's words met in the sentence or around it, by weight
    near: float  # the same, counted by nearness to the candidate
    strict: float  # the share met as they stand (or translated) in the sentence itself
    gap: float  # weight of the heaviest word that is not met
    label: float  # share of what the figure counts that the question asks of
    counted: float  # how well that is what the question wants counted
    kind: float  # 1 for the first kind asked for, less for later ones
    unit: float  # 1 the asked unit, 0 another, .5 none asked
    period: float  # 1 the asked period, .8 within it, .4 unstated
    name: float  # 1 where the names asked of are the sentence's own or its Document's subject
    retrieval: float  # the score of the Hit
    meaning: float  # the cosine of the question and the sentence, as the shipped model embeds them
    topic: float  # how well the first word of a Chinese question that names nobody is met: what it is about
    foreign: float  # 1 where question and sentence are in different languages
    aside: float  # 1 where a change or an addition stands, and the question asks of none
    narrow: float  # 1 where the sentence names a product or a scheme that the question does not
    lone: float  # 1 where no other candidate with another value comes near


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: Sentence
    hit: Hit
    start: int
    end: int
    figure: Figure | None
    kind: float


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

    def findings(self, question: Question, names: Sequence[str], hits: Sequence[Hit]) -> list[list[Finding]]:
        """For each Ask of the question, all its Findings, best first."""
        read = list(self._reader.read(hits))
        words = {word for sentence, _ in read for word in (*sentence.words, *sentence.section_words)}
        texts = {question.folded, *(sentence.folded for sentence, _ in read)}
        self._matcher.prepare(words | texts | {term.text for term in question.terms})
        return [self._ranked(question, ask, names, read) for ask in question.asks]

    def _ranked(
        self, question: Question, ask: Ask, names: Sequence[str], read: Sequence[tuple[Sentence, Hit]]
    ) -> list[Finding]:
        terms = self._weighed(ask, names)
        called = {form for name in names for form in self._matcher.name_forms(name, self._library)}
        found: list[tuple[float, Features, _Candidate]] = []
        for sentence, hit in read:
            if question.report and self.profile(sentence).period not in (question.report, None):
                continue
            named = self._named(names, sentence)
            if named == 0.0 or (named == _PASSING and ask.want == "figure"):
                continue  # of whom nothing is said here, no figure is
            if any(self._matcher.is_sibling(term.text, sentence) for term in terms):
                continue
            met = [self._met(term, sentence) for term in terms]
            for candidate in _candidates(question, ask, sentence, hit, called):
                features = self._features(question, ask, candidate, terms, met, (names, named))
                if features.period > OTHER:
                    found.append((self._weights.order(features, ask.want), features, candidate))
        found.sort(key=lambda item: (-item[0], item[2].sentence.document.id, item[2].start, item[2].end))
        return [self._finding(ask, item, found) for item in found]

    def _finding(
        self,
        ask: Ask,
        item: tuple[float, Features, _Candidate],
        others: Sequence[tuple[float, Features, _Candidate]],
    ) -> Finding:
        score, features, candidate = item
        rivals = (other for value, _, other in others[:8] if score - value < _CLOSE and _differs(other, candidate))
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

    def _named(self, names: Sequence[str], sentence: Sentence) -> float:
        """Whether what the sentence says is said of the names asked of: 1, less where it is unsure, 0 where not."""
        found = [self._of(name, sentence) for name in names]
        if any(is_subject for _, is_subject in found):
            found = [(_MENTIONED if said == _PASSING else said, is_subject) for said, is_subject in found]
        return min((said for said, _ in found), default=1.0)

    def _of(self, name: str, sentence: Sentence) -> tuple[float, bool]:
        """How surely the sentence speaks of `name`, and whether the name is what its Document is about."""
        about = self.profile(sentence)
        forms = self._matcher.name_forms(name, self._library)
        if any(form in subject or subject in form for form in forms for subject in about.subjects):
            return 1.0, True
        if calls(name, about.subjects):
            return 1.0, True
        other = _is_organisation(forms, about)
        if any(form in sentence.folded for form in forms):
            leads = not other or any(_leads(form, sentence) for form in forms)
            return (1.0 if leads else _PASSING), False
        around = (sentence.lead + "\n" + sentence.section).lower()
        if not other and any(form in around for form in forms):
            return _MENTIONED, False
        return (0.9 if any(form in about.head for form in forms) else 0.0), False

    def _met(self, term: Term, sentence: Sentence) -> tuple[Met, float]:
        """How the term is met in the sentence, and the share it counts by what stands around it."""
        met = self._matcher.meet(term.text, sentence)
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
        candidate: _Candidate,
        terms: Sequence[Term],
        met: Sequence[tuple[Met, float]],
        named: tuple[Sequence[str], float],
    ) -> Features:
        names, name = named
        total = sum(term.weight for term in terms) or 1.0
        weighed = list(zip(terms, met, strict=True))
        shares = [max(found.strength, around) for _, (found, around) in weighed]
        near = sum(
            term.weight * max(found.strength * _nearness(candidate, found), _FAR * around)
            for term, (found, around) in weighed
        )
        unmet = [term.weight * (1 - share) for term, share in zip(terms, shares, strict=True)]
        return Features(
            coverage=sum(term.weight * share for term, share in zip(terms, shares, strict=True)) / total,
            near=near / total,
            strict=sum(term.weight for term, (found, _) in weighed if found.strength >= 0.75) / total,
            gap=max(unmet, default=0.0) / total,
            label=self._labelled(candidate, terms),
            counted=self._matcher.counts(ask.counted, candidate.figure.label if candidate.figure else ""),
            kind=candidate.kind,
            unit=_unit(ask, candidate.figure),
            period=self._period(question, candidate),
            name=name,
            retrieval=min(candidate.hit.score, 1.0),
            meaning=max(0.0, self._matcher.cosine(question.folded, candidate.sentence)),
            topic=shares[0] if shares and not names and question.language != "en" else 1.0,
            foreign=float((question.language == "en") == candidate.sentence.chinese),
            aside=_aside(question, candidate),
            narrow=self._narrow(question, candidate.sentence),
            lone=0.0,
        )

    def _narrow(self, question: Question, sentence: Sentence) -> float:
        quoted = [name for name in self.profile(sentence).quoted if name in sentence.folded]
        forms = [term.text for term in question.terms if term.text.isascii()]
        spelled = {name for form in forms for name in self._library.names_by_pinyin(form)}
        return float(any(name not in question.folded and not any(s in name for s in spelled) for name in quoted))

    def _labelled(self, candidate: _Candidate, terms: Sequence[Term]) -> float:
        """How much of what the candidate's figure counts is asked of; half where nothing is known."""
        figure = candidate.figure
        if figure is None or not figure.label:
            return 0.5
        return self._matcher.overlap([term.text for term in terms], figure.label)

    def _period(self, question: Question, candidate: _Candidate) -> float:
        if question.period is None:
            return SAME
        figure, sentence = candidate.figure, candidate.sentence
        if figure is not None and figure.kind == "date" and question.report:
            return SAME  # a report on a year says what was done before it and after
        if (figure is not None and figure.kind == "date") or (figure is not None and figure.period):
            stated = [figure.period]
        else:
            taken = {other.period for other in sentence.figures if other.kind != "date"}
            dates = [other.period for other in sentence.figures if other.kind == "date" and other.period]
            stated = [
                period for period in dates if period not in taken
            ]  # "2.6, against 3.1 in 2022" leaves 2.6 without
        stated = stated or [self.profile(sentence).period]
        best = max(agreement(question.period, period) for period in stated)
        if best == OTHER and figure is not None and figure.kind == "date":
            others = [other.period for other in sentence.figures if other.kind == "date" and other is not figure]
            best = max((agreement(question.period, period) for period in others), default=OTHER)
        return best if best != UNSTATED or self.profile(sentence).period is None else min(best, UNSTATED)


def _candidates(
    question: Question, ask: Ask, sentence: Sentence, hit: Hit, called: Collection[str]
) -> Iterator[_Candidate]:
    """What in the sentence could answer the Ask; what the question names (`called`) does not."""
    if ask.want in ("figure", "date", "duration"):
        for figure in sentence.figures:
            kind = _kind(ask.kinds, figure) * _detail(question, figure)
            if _unlike(ask.unit, figure.unit):
                continue  # asked in hectares, no count of farms will do
            if ask.kinds[0] == "percent" and figure.kind == "amount" and figure.unit:
                continue  # a rate may be a bare number, never a count of something
            if kind and not _given(question, figure):
                yield _Candidate(sentence, hit, figure.start, figure.end, figure, kind)
        return
    if ask.want in ("name", "list"):
        for span in spans(sentence):
            text = sentence.folded[span.start - sentence.start : span.end - sentence.start]
            named = span.kind == "organisation" and any(form in text for form in called)
            if text not in question.folded and text not in called and not named:
                start, end = _whole_figures(sentence, span.start, span.end)
                yield _Candidate(sentence, hit, start, end, None, _span_kind(ask, span))
    yield _Candidate(sentence, hit, sentence.start, sentence.end, None, _SOME_KIND if ask.want != "text" else 1.0)


_PHYSICAL = frozenset("area mass carbon coal energy heat power volume length duration data temperature money".split())


def _unlike(asked: str, stated: str) -> bool:
    """Whether one unit is of a measure and the other of another measure, or a count."""
    if not asked or not stated:
        return False
    one, other = unit_family(asked), unit_family(stated)
    related = {one, other} <= {"mass", "carbon", "coal"} or {one, other} <= {"energy", "heat"}
    return one != other and not related and (one in _PHYSICAL or other in _PHYSICAL)


def _whole_figures(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The range, widened so that it cuts no figure."""
    cut = [figure for figure in sentence.figures if figure.start < end and start < figure.end]
    return min([start, *(figure.start for figure in cut)]), max([end, *(figure.end for figure in cut)])


def _kind(kinds: Sequence[FigureKind], figure: Figure) -> float:
    if figure.kind not in kinds:
        return 0.0
    return 1.0 - 0.5 * kinds.index(figure.kind) / max(len(kinds), 1)


_DAY, _MONTH = (
    re.compile(r"哪[一]?[天日]|几[号日]|what (?:date|day)|which day"),
    re.compile(r"哪[一]?个?月|几月|(?:what|which) month"),
)


def _detail(question: Question, figure: Figure) -> float:
    """How well a date is as exact as asked: a day where a day is asked for."""
    if figure.kind != "date" or not figure.period:
        return 1.0
    parts = figure.period.removeprefix("--").count("-") + (1 if figure.period.startswith("--") else 0)
    least = 2 if _DAY.search(question.folded) else 1 if _MONTH.search(question.folded) else 0
    return 1.0 if parts >= least else 0.3


def _given(question: Question, figure: Figure) -> bool:
    """Whether the figure is one that the question itself states."""
    if figure.kind == "date":
        return question.period is not None and figure.period == question.period
    return figure.value in question.given


def _span_kind(ask: Ask, span: NamedSpan) -> float:
    """How well the kind of a named span fits the way of asking."""
    if span.kind not in ask.spans:
        return 0.3
    return 1.0 - 0.6 * ask.spans.index(span.kind) / len(ask.spans)


def _unit(ask: Ask, figure: Figure | None) -> float:
    if not ask.unit or figure is None or not figure.unit:
        return 0.5
    if same_unit(ask.unit, figure.unit):
        return 1.0
    if ask.unit in ("个", "名", "位") and unit_family(figure.unit) == "count":
        return 0.6
    if {unit_family(ask.unit), unit_family(figure.unit)} in ({"mass", "carbon"}, {"mass", "coal"}):
        return 0.8  # 多少吨 of a figure in tCO2e
    return 0.0


def _nearness(candidate: _Candidate, met: Met) -> float:
    """How near a met word is to the candidate, by clauses."""
    if candidate.start == candidate.sentence.start and candidate.end == candidate.sentence.end:
        return 1.0
    return max((_closeness(candidate, place) for place in met.places), default=_FAR)


def _closeness(candidate: _Candidate, place: int) -> float:
    sentence = candidate.sentence
    distance = sentence.clause_at(place) - sentence.clause_at(candidate.start)
    if distance:
        return _DECAY.get(distance, _FAR)
    low, high = min(place, candidate.start), max(place, candidate.start)
    between = sum(1 for figure in sentence.figures if low < figure.start < high and figure.kind != "date")
    across = place > candidate.end and _JOINT.search(
        sentence.folded, candidate.end - sentence.start, place - sentence.start
    )
    return _OVER**between * (_OVER if across else 1.0)


def _leads(form: str, sentence: Sentence) -> bool:
    """Whether a name opens a clause of the sentence as what the clause is about, rather than in a list or with another."""
    text = sentence.folded
    at = text.find(form)
    while at >= 0:
        before, after = text[:at].rstrip(" “「\"'"), text[at + len(form) : at + len(form) + 1]
        if (not before or before[-1] in ",.;:。!?\n，；：") and after not in "、和与及等跟":
            return True
        at = text.find(form, at + 1)
    return False


def _is_organisation(forms: Iterable[str], about: Profile) -> bool:
    """Whether one of the forms is an organisation rather than a product or a title."""
    return any(organisations(form) for form in forms) and bool(about.subjects)


# A change or an addition, and how a question asks of one.
_CHANGES = (
    (
        re.compile(
            r"较|比|环比|增加|减少|上升|下降|增长|提高|降低|\b(?:up|down|rose|fell|increased|decreased|grew|against|from)\b"
        ),
        re.compile(
            r"增|减|升|降|涨|跌|较|比|变化|多了|少了|\b(?:grow|grew|growth|increas|decreas|chang|ris|rose|fall|fell|drop|reduc|up|down|"
            r"lower|higher|cut|improv)"
        ),
    ),
    (re.compile(r"新增|新发放|新设|净增|\bnew(?:ly)?\b"), re.compile(r"新|增|\bnew|\badd")),
)


def _sense(rarity: float) -> float:
    """How much of a question's sense a word can carry that is so rare in everyday language: "keep" little, "crop" all."""
    low, high = _EVERYDAY
    return 0.35 + 0.65 * min(max((rarity - low) / (high - low), 0.0), 1.0)


def _aside(question: Question, candidate: _Candidate) -> float:
    """Whether what stands before the figure in its clause makes it a change or an addition that nobody asked of."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is None or figure.kind == "date":
        return 0.0
    earlier = [other.end for other in sentence.figures if other.end <= figure.start and other.kind != "date"]
    start = max([sentence.clauses[sentence.clause_at(figure.start)][0], *earlier])
    before = sentence.folded[start - sentence.start : figure.start - sentence.start]
    return float(any(said.search(before) and not asked.search(question.folded) for said, asked in _CHANGES))


def _differs(one: _Candidate, other: _Candidate) -> bool:
    """Whether two candidates are different answers."""
    if one.figure is not None and other.figure is not None:
        return (one.figure.value, one.figure.kind) != (other.figure.value, other.figure.kind)
    if one.figure is None and other.figure is None:
        return not (one.start < other.end and other.start < one.end)
    return False
