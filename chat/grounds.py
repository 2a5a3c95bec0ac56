"""Where a passage grounds a written sentence: each date and figure equal to one that stands there, of the same thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.called import Forms, named, names_of, speaks_of
from chat.claims import dated, in_period, same_family, unequal
from chat.senses import CHANGES, numbered, opposed, senses, to_or_by, weak_senses
from chat.written import Passage, Sentence, carrying, met
from index.tokens import words
from ingest.periods import covers
from ingest.types import Figure, Span

_CLEARLY = 0.3  # by how much another figure must fit better to be the one that is meant
_MORE_CLEARLY = 0.5  # the same across languages


@dataclass(frozen=True, slots=True)
class Asked:
    """What the question asks of: its names, folded, and its period."""

    names: tuple[str, ...] = ()
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """Where a passage says what a sentence does: a range of the passage's text, and the Figure there where it is one."""

    passage: int
    span: Span
    figure: Figure | None = None


def stated_date(figure: Figure, sentence: Sentence, cited: Sequence[Passage]) -> list[Support] | str:
    """Where what is cited states a date; the reason where nowhere."""
    found: list[Support] = []
    for passage in cited:
        stated = [other for other in passage.figures if other.kind == "date" and other.period]
        at = next((other for other in stated if dated(figure, other.period or "")), None)
        if at is not None and (reason := _of_another_event(figure, sentence, passage)):
            return reason
        if at is not None and _goal_as_fact(figure, at, sentence, passage):
            return f"{figure.text}: what it cites speaks of a goal"
        if at is not None:
            found.append(Support(passage.number, Span(*passage.sentence_of(at.start))))
        elif any(dated(figure, other.period or "") for other in passage.figures if other.period) or (
            passage.about.period and dated(figure, passage.about.period)
        ):
            return []  # the report's own year, or that of its paragraph
    return found or f"{figure.text} is not a date that what it cites states"


def _goal_as_fact(figure: Figure, stated: Figure, sentence: Sentence, passage: Passage) -> bool:
    """Whether a date after the report's year, which a passage states of a goal, is told as that of a fact."""
    year, period = passage.about.period or "", figure.period or ""
    ahead = year.isdigit() and period[:4].isdigit() and period[:4] > year
    goal = "goal" in senses(passage.folded[slice(*passage.sentence_of(stated.start))])
    return ahead and goal and "goal" not in senses(sentence.folded)


def _of_another_event(figure: Figure, sentence: Sentence, passage: Passage) -> str:
    """Why a date is not that of what a sentence without other figures tells; "" where it may be."""
    if any(one.kind != "date" for one in sentence.figures):
        return ""
    told = next(likeliest(sentence, [passage]), None)
    if told is None:
        return ""
    there = [one for one in passage.figures if one.kind == "date" and told.span.start <= one.start < told.span.end]
    if not there or any(dated(figure, one.period or "") for one in there):
        return ""
    return f"{figure.text}: what it cites says {there[0].text} of that"


def grounded(
    figure: Figure, sentence: Sentence, cited: Sequence[Passage], asked: Asked, forms: Forms
) -> list[Support] | str:
    """Where what is cited states a figure; the reason where nowhere."""
    names = names_of(figure, sentence, cited) or (asked.names if not named(sentence.text, cited) else ())
    reasons: dict[str, str] = {}
    found: list[Support] = []
    for passage in cited:
        entity = next((name for name in names if not speaks_of(name, passage, forms)), "")
        for printed in passage.figures:
            if printed.kind == "date":
                continue
            fault, reason = _fault(figure, printed, sentence, passage, cited, asked.period)
            if not fault and entity:
                fault, reason = "entity", f"{figure.text} is not said of {entity}"
            if not fault:
                found.append(Support(passage.number, Span(*passage.sentence_of(printed.start)), printed))
                break
            reasons.setdefault(fault, reason)
    order = ("thing", "sense", "entity", "period", "qualifier", "unit")
    told = next((reasons[name] for name in order if name in reasons), f"{figure.text} is no figure of what it cites")
    return found or told


def twice(figures: Sequence[Figure], cited: Sequence[Passage]) -> str:
    """Why figures of a sentence that are equal may not stand: what is cited has fewer of them; "" where it has as many."""
    for figure in figures:
        equal = [one for one in figures if one.value == figure.value and same_family(one, figure)]
        if len(equal) < 2 or figure.kind == "date":
            continue
        printed = [one for passage in cited for one in passage.figures if not unequal(figure, one, other_language=True)]
        if len(printed) < len(equal):
            return f"{figure.text} is said {len(equal)} times, and {len(printed)} times in what it cites"
    return ""


def _fault(
    figure: Figure,
    printed: Figure,
    sentence: Sentence,
    passage: Passage,
    cited: Sequence[Passage],
    asked: str | None,
) -> tuple[str, str]:
    """(kind of fault, reason) why a claimed figure is not a printed one; ("", "") where it is."""
    other = sentence.chinese != _is_chinese(passage, printed)
    if differs := unequal(figure, printed, other_language=other):
        return differs, f"{figure.text}: what it cites says {printed.text}"
    period, stated = sentence.period_of(figure) or asked, passage.period_of(printed)
    if not in_period(period, stated, passage.about.period) and not _narrower(period, stated, printed, passage):
        return "period", f"{figure.text} is stated for {stated or passage.about.period}, not for {period}"
    base = sentence.base_of(figure)
    if base is not None and not _based(base, printed, passage):
        return "period", f"{figure.text}: it is not compared with {base.text}"
    if reason := _other_sense(figure, printed, sentence, passage, cited):
        return "sense", reason
    reason = _other_thing(figure, printed, sentence, passage, period)
    return ("thing", reason) if reason else ("", "")


def _dates(figure: Figure, passage: Passage) -> list[str]:
    """The periods of the dates in the sentence of a passage's figure."""
    start, end = passage.sentence_of(figure.start)
    return [one.period for one in passage.figures if one.kind == "date" and one.period and start <= one.start < end]


def _narrower(period: str | None, stated: str | None, printed: Figure, passage: Passage) -> bool:
    """Whether a period is a date of the printed figure's own sentence, within that for which it is stated."""
    wide = stated or passage.about.period
    return bool(period and wide and covers(wide, period)) and period in _dates(printed, passage)


def _based(base: Figure, printed: Figure, passage: Passage) -> bool:
    """Whether the sentence of a printed figure has the date that a claim compares with, or says "the year before" of it."""
    own = passage.base_of(printed)
    if own is not None:
        return dated(base, own.period or "")
    others = (period for period in _dates(printed, passage) if period != passage.period_of(printed))
    if any(dated(base, period) for period in others):
        return True
    year = passage.about.period or ""
    before = year.isdigit() and (base.period or "").startswith(str(int(year) - 1))
    return before and "relative year" in senses(passage.folded[slice(*passage.sentence_of(printed.start))])


def _is_chinese(passage: Passage, figure: Figure) -> bool:
    start, end = passage.sentence_of(figure.start)
    return any("\u3400" <= char <= "\u9fff" for char in passage.text[start:end])


def _other_sense(
    figure: Figure, printed: Figure, sentence: Sentence, passage: Passage, cited: Sequence[Passage]
) -> str:
    """Whether a rise is told as a level, a level as a rise, a rise as a fall, an average as a whole, a goal as a fact."""
    claimed = sentence.senses_of(figure)
    stated = passage.senses_of(printed)
    whole = senses(passage.folded[slice(*passage.sentence_of(printed.start))])
    said = senses(sentence.folded) | weak_senses(sentence.folded)
    for name in ("rise", "fall", "average", "goal", "denial"):
        if name in claimed and name not in (stated | passage.senses_before(printed) if name in CHANGES else whole):
            if _foretold(name, printed, passage) or _borne_out(name, figure, sentence, cited):
                continue
            return f"{figure.text}: what it cites speaks of no {name}"
        if name in stated and name not in said and not (name in CHANGES and stated >= set(CHANGES)):
            return f"{figure.text}: what it cites speaks of a {name}"
    ways = {to_or_by(sentence.folded[: figure.start]), to_or_by(passage.folded[: printed.start])}
    if ways == {"to", "by"} and (claimed | stated) & set(CHANGES):
        return f"{figure.text}: by so much and to so much are two things"
    return ""


def _foretold(name: str, printed: Figure, passage: Passage) -> bool:
    """Whether a figure is stated for a year after its report's, which makes it a goal without the word."""
    year, period = passage.about.period or "", passage.period_of(printed) or ""
    return name == "goal" and year.isdigit() and period[:4].isdigit() and period[:4] > year


def _borne_out(name: str, figure: Figure, sentence: Sentence, cited: Sequence[Passage]) -> bool:
    """Whether a change that is told from one figure to a later one is that of the two: "narrowed to 74 from 118"."""
    others = [one for one in sentence.figures if one is not figure and one.kind != "date" and same_family(one, figure)]
    if len(others) != 1 or sentence.begins(others[0]) == sentence.begins(figure):
        return False
    first, last = (figure, others[0]) if sentence.begins(figure) else (others[0], figure)
    years = [
        {
            passage.period_of(one) or passage.about.period
            for passage in cited
            for one in passage.figures
            if one.value == end.value and same_family(one, end)
        }
        for end in (first, last)
    ]
    known = all(len(year) == 1 and None not in year for year in years)
    earlier = known and str(years[0].pop())[:4] < str(years[1].pop())[:4]
    return earlier and (last.value > first.value) == (name == "rise")


def _other_thing(figure: Figure, printed: Figure, sentence: Sentence, passage: Passage, period: str | None) -> str:
    """Whether another figure of the passage, of the same kind, is the one that is stated of what the sentence says."""
    wanted = sentence.words_of(figure)
    if not wanted:
        return ""
    there = numbered(passage.folded[slice(*passage.around(printed))])
    there = there or numbered(passage.folded[slice(*passage.sentence_of(printed.start))])
    said = numbered(sentence.folded[slice(*sentence.around(figure))])
    said = said or {stem: one for stem, one in numbered(sentence.folded).items() if len(one) == 1}
    for stem, numbers in said.items():
        if stem in there and not numbers & there[stem]:
            return f"{figure.text}: what it cites says it of {stem} {', '.join(sorted(there[stem]))}"
    if other := opposed(
        sentence.folded[slice(*sentence.around(figure))], passage.folded[slice(*passage.around(printed))]
    ):
        return f"{figure.text}: what it cites says it of {other}"
    if rival := _labelled(figure, printed, passage):
        return f"{figure.text}: what it cites says {rival.text} of that"
    near = passage.words_of(printed) | passage.words_before(printed)
    own = met(wanted, near, passage.folded[slice(*passage.around(printed))])
    for rival in passage.figures:
        if rival is printed or rival.value == printed.value or not same_family(figure, rival):
            continue
        if not in_period(period, passage.period_of(rival), passage.about.period):
            continue
        fits = met(wanted, passage.words_of(rival), passage.folded[slice(*passage.around(rival))])
        if fits > own + (_CLEARLY if _is_chinese(passage, printed) == sentence.chinese else _MORE_CLEARLY):
            return f"{figure.text}: what it cites says {rival.text} of that"
    return ""


def _labelled(figure: Figure, printed: Figure, passage: Passage) -> Figure | None:
    """The other figure of a passage that counts what a claimed one is said to, where the printed one counts something else."""
    counted = carrying(figure.label)
    if len(counted) < 1 + passage.chinese or not printed.label or counted & carrying(printed.label):
        return None
    others = (one for one in passage.figures if one.value != printed.value and same_family(figure, one))
    return next((one for one in others if counted <= carrying(one.label)), None)


def likeliest(sentence: Sentence, cited: Sequence[Passage]) -> Iterator[Support]:
    """The sentence of each passage cited that says most of what the sentence does."""
    for passage in cited:
        spans = [
            (met(sentence.words, frozenset(words(passage.text[a:b])), passage.folded[a:b]), -a, b)
            for a, b in passage.sentences
        ]
        if spans:
            _, start, end = max(spans)
            yield Support(passage.number, Span(-start, end))
