"""How each candidate answer in a sentence stands to what is asked: its features."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chat.ask import Ask, measure_of
from chat.candidates import FAR, TYPES, WANTS, Candidate, aside, nearness, restricted, thing_fit, unit_fit
from chat.concepts import Concepts, met_by
from chat.echo import BESIDE, Echo, Echoed
from chat.features import Features
from chat.match import Matcher, Met, places
from chat.names import Profile
from chat.passage import Sentence
from chat.question import Question
from chat.stated import other_end_of_life, outdated, period_agreement
from chat.terms import Term, beside
from chat.whose import PASSING, said_of
from index.glossary import Glossary
from index.library import Library
from index.tokens import words
from index.types import Hit

_LEAD, _SECTION, _HEAD = 0.6, 0.6, 0.8  # what a word counts that is met only before, above, or in the title
_HEADS, _CAPTION = 1.0, 0.8  # what a word counts that is met in the heads of a cell, or over its table
_EVERYDAY = (0.35, 0.75)  # rarities between which a word gains in sense
_AS_IT_STANDS = 0.75  # the strength of a word met as it stands
_SMALL = 10
_OPENING = 2000  # characters of a Document within which it matters where a sentence stands
_KEPT_MEETINGS = 10_000


@dataclass(frozen=True, slots=True)
class Sought:
    """One Ask and what is looked for: its words weighed, the names in their forms, the question's grams and concepts, and the
    term that names what is asked for.
    """

    question: Question
    ask: Ask
    names: Sequence[str]
    terms: Sequence[Term]
    forms: Mapping[str, Sequence[str]]
    echo: Echo
    concepts: Concepts
    measure: Term | None

    @property
    def called(self) -> set[str]:
        """All forms of all names."""
        return {form for each in self.forms.values() for form in each}


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a sentence meets what is sought: each term as met in it and by what stands around it, what it repeats, and how
    surely it states a concept that the question comes near to.
    """

    sentence: Sentence
    hit: Hit
    about: Profile
    met: tuple[tuple[Met, float], ...]
    echoed: Echoed
    named: float
    coverage: float
    stated: float

    @property
    def promise(self) -> float:
        """How much there is to hope for in the sentence."""
        return self.coverage + self.echoed.share + 0.25 * self.hit.score + 0.25 * self.stated


class Describer:
    """Describes sentences and candidates by what is asked."""

    def __init__(self, library: Library, matcher: Matcher) -> None:
        self._library = library
        self._matcher = matcher
        # A refusal asks again with less, of the same words and sentences. By identity: equal sentences are costly to tell.
        self._known: dict[tuple[str, int], tuple[Sentence, Met, float]] = {}

    def sought(self, question: Question, ask: Ask, names: Sequence[str], pool: Sequence[Sentence]) -> Sought:
        """What is looked for in the sentences of the `pool`."""
        terms = self._weighed(ask, names)
        greatest = self._greatest(terms)
        near = Glossary.load().concepts(question.folded)
        concepts = Concepts(near, question.folded, lambda form: min(self._idf(form) / greatest, 1.0))
        measure = measure_of(ask, question.folded)
        return Sought(question, ask, names, terms, self.forms(names), Echo(question, ask, pool), concepts, measure)

    def forms(self, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Each name with all its forms, looked up once for all sentences."""
        return {name: self._matcher.name_forms(name, self._library) for name in names}

    def meeting(self, sought: Sought, sentence: Sentence, hit: Hit, about: Profile) -> Meeting | None:
        """How a sentence meets what is sought; None where it speaks of somebody else or of another report's year."""
        if sought.question.report and (about.period or sought.question.report)[:4] != sought.question.report:
            return None
        named = said_of(sought.forms, sentence, about)
        if named == 0.0 or (named == PASSING and sought.ask.want == "figure"):
            return None  # of whom nothing is said here, no figure is
        if any(self._matcher.is_sibling(term.text, sentence.heads or sentence) for term in sought.terms):
            return None
        stated = sought.concepts.stated(sentence)
        met = tuple(_with(met_by(term.text, stated), *self._met(term.text, sentence, about)) for term in sought.terms)
        total = sum(term.weight for term in sought.terms) or 1.0
        shares = (
            term.weight * max(one.strength, around) for term, (one, around) in zip(sought.terms, met, strict=True)
        )
        coverage, surest = sum(shares) / total, max((one.met.strength for one in stated), default=0.0)
        return Meeting(sentence, hit, about, met, sought.echo.of(sentence), named, coverage, surest)

    def _weighed(self, ask: Ask, names: Sequence[str]) -> list[Term]:
        """The Ask's terms without those of its names, or the names where nothing else is asked of, weighed by how rare
        they are in the library.
        """
        terms = list(beside(ask.terms, names))
        if not any(term.weight >= 1.0 for term in terms):
            terms += [Term(name, 1.0) for name in names if any(term.text in name for term in ask.terms)]
        greatest = self._greatest(terms)
        return [
            Term(
                term.text,
                term.weight
                * (0.3 + 0.7 * min(self._rarity(term.text) / greatest, 1))
                * _sense(self._matcher.rarity(term.text)),
            )
            for term in terms
        ]

    def _greatest(self, terms: Iterable[Term]) -> float:
        """The rarity of the rarest of the terms."""
        return max((self._rarity(term.text) for term in terms), default=1.0) or 1.0

    def _rarity(self, word: str) -> float:
        """The idf of a word; of a word of the other language, that of its commonest translation."""
        return min(self._idf(form) for form in (word, *self._matcher.both_ways(word)))

    def _idf(self, form: str) -> float:
        """The idf of a word, or of the rarest word of a phrase."""
        return max((self._library.idf(word) for word in words(form)), default=0.0)

    def _met(self, word: str, sentence: Sentence, about: Profile) -> tuple[Met, float]:
        """How the word is met in the sentence, and the share it counts by what stands around it."""
        known = self._known.get((word, id(sentence)))
        if known is None:
            if len(self._known) >= _KEPT_MEETINGS:
                self._known.clear()
            met = self._met_inside(word, sentence)
            around = self._around(word, sentence, about) if met.strength < _HEAD else 0.0
            known = self._known[word, id(sentence)] = (sentence, met, around)
        return known[1:]

    def _met_inside(self, word: str, sentence: Sentence) -> Met:
        met = self._matcher.meet(word, sentence)
        for heads, share in ((sentence.heads, _HEADS), (sentence.caption, _CAPTION)):
            if heads and met.strength <= share:
                over = share * self._matcher.meet(word, heads).strength
                met = Met(over, (heads.start,)) if over and over >= met.strength else met
        return met

    def _around(self, word: str, sentence: Sentence, about: Profile) -> float:
        others = {word, *self._matcher.both_ways(word)}
        if any(other in sentence.lead_words for other in others):
            return _LEAD
        if any(other in sentence.section_words for other in others):
            return _SECTION
        return _HEAD if any(len(other) > 1 and other in about.head for other in others) else 0.0

    def described(
        self, sought: Sought, meeting: Meeting, found: Iterable[Candidate]
    ) -> Iterator[tuple[Candidate, Features]]:
        """The candidates of a sentence with their features."""
        total = sum(term.weight for term in sought.terms) or 1.0
        pairs = zip(sought.terms, meeting.met, strict=True)
        weighed = [(term.weight / total, one, around) for term, (one, around) in pairs]
        owner = Met(1.0, tuple(place for form in sought.called for place in places(form, meeting.sentence)))
        shared = self._of_question(sought) | self._of_sentence(sought, meeting, weighed)
        for candidate in found:
            own = self._of_candidate(sought, meeting, candidate)
            within = sum(w * one.strength for w, one, _ in weighed if _stands_in(candidate, one))
            near = sum(w * max(one.strength * nearness(candidate, one), FAR * around) for w, one, around in weighed)
            owned = nearness(candidate, owner) if owner.places else 0.5
            yield candidate, Features(near=near, within=within, owner=owned, **shared, **own)

    def _of_question(self, sought: Sought) -> dict[str, float]:
        question, ask = sought.question, sought.ask
        return {
            "chinese": float(question.language != "en"),
            "want": float(WANTS.index(ask.want)),
            "words": float(sum(term.weight >= 1.0 for term in ask.terms)),
            "named": float(bool(sought.names)),
            "dated": float(question.period is not None),
        }

    def _of_sentence(
        self, sought: Sought, meeting: Meeting, weighed: Sequence[tuple[float, Met, float]]
    ) -> dict[str, float]:
        question, sentence, echoed = sought.question, meeting.sentence, meeting.echoed
        topical = weighed and not sought.names and question.language != "en"
        return {
            "coverage": meeting.coverage,
            "strict": sum(w for w, one, _ in weighed if one.strength >= _AS_IT_STANDS),
            "gap": max((w * (1 - max(one.strength, around)) for w, one, around in weighed), default=0.0),
            "around": sum(w * max(0.0, around - one.strength) for w, one, around in weighed),
            "topic": max(weighed[0][1].strength, weighed[0][2]) if topical else 1.0,
            "measure": _measured(sought, meeting),
            "stated": meeting.stated,
            "echo": echoed.share,
            "run": echoed.run / 10,
            "name": meeting.named,
            "retrieval": min(meeting.hit.score, 1.0),
            "meaning": max(0.0, self._matcher.cosine(question.folded, sentence)),
            "opening": min(sentence.start / _OPENING, 1.0),
            "sized": min((sentence.end - sentence.start) / 100, 9.0),
            "foreign": float((question.language == "en") == sentence.chinese),
        }

    def _of_candidate(self, sought: Sought, meeting: Meeting, candidate: Candidate) -> dict[str, float]:
        question, ask, figure = sought.question, sought.ask, candidate.figure
        sentence, echoed = candidate.sentence, meeting.echoed
        start, end = candidate.start - sentence.start, candidate.end - sentence.start
        first, last = sentence.parts[sentence.part_at(candidate.start)] if not candidate.whole else (0, 0)
        alike = [one for one in sentence.figures if figure is not None and one.kind == figure.kind]
        return {
            "clause": 1.0 if candidate.whole else echoed.within(first - sentence.start, last - sentence.start),
            "left": echoed.within(start - BESIDE, start),
            "right": echoed.within(end, end + BESIDE),
            "led": echoed.led(start),
            "followed": echoed.followed(end),
            "inside": echoed.within(start, end),
            "label": self._labelled(question, candidate, sought.terms),
            "counted": self._matcher.counts(ask.counted, figure.label if figure else ""),
            "kind": candidate.kind,
            "unit": unit_fit(ask, figure),
            "thing": thing_fit(ask, candidate),
            "length": min((end - start) / 10, 9.0),
            "printed_unit": float(bool(figure and figure.unit)),
            "small": float(bool(figure and figure.value < _SMALL and figure.value == int(figure.value))),
            "place": float(sum(one.start < candidate.start for one in alike)),
            "others": float(max(len(alike) - 1, 0)),
            "whole": float(candidate.whole),
            "type": float(TYPES.index(candidate.type)),
            "period": period_agreement(question, ask, candidate, meeting.about.period),
            "aside": max(
                aside(question, candidate),
                float(outdated(question, ask, candidate) or other_end_of_life(question, candidate)),
            ),
            "narrow": max(self._narrow(question, sentence, meeting.about), restricted(question, candidate)),
        }

    def _narrow(self, question: Question, sentence: Sentence, about: Profile) -> float:
        quoted = [name for name in about.quoted if name in sentence.folded and name not in question.folded]
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


def _measured(sought: Sought, meeting: Meeting) -> float:
    """How well the term is met that names what is asked for; 1 where none does."""
    measure, pairs = sought.measure, zip(sought.terms, meeting.met, strict=True)
    return next((max(m.strength, around) for t, (m, around) in pairs if measure and t.text == measure.text), 1.0)


def _with(by_concept: Met | None, met: Met, around: float) -> tuple[Met, float]:
    """How a term is met, with what a concept makes of it."""
    return (by_concept, around) if by_concept is not None and by_concept.strength > met.strength else (met, around)


def _stands_in(candidate: Candidate, met: Met) -> bool:
    return any(candidate.start <= place < candidate.end for place in met.places)


def _sense(rarity: float) -> float:
    """How much of a question's sense a word can carry that is so rare in everyday language: "keep" little, "crop" all."""
    low, high = _EVERYDAY
    return 0.35 + 0.65 * min(max((rarity - low) / (high - low), 0.0), 1.0)
