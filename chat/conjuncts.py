"""Several things asked for at once, each as an Ask of its own: several questions, subjects, or years."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from chat.ask import Ask, kinds_of, measured
from chat.asking import (
    SEVERAL,
    Form,
)
from chat.terms import FAINTLY, Term, blank, terms_of
from index.lexicon import Lexicon
from index.phrases import joined
from index.tokens import words
from ingest.periods import years_of
from ingest.types import Figure, FigureKind

_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTEXT = 0.35  # what the words of an earlier Ask count for the next
_MOST_APART = 4
_PARTS = re.compile(r"[?？;；。!！,，]|\band\b|以及|还有|同时|、")
_CONJUNCTION = re.compile(r"、|以及|和|与|及|跟|还有|\band\b|,")
_YEAR_BEFORE = re.compile(r"前一年|上一年|上年|去年同期|\b(?:the )?(?:previous|prior) year\b|\bthe year before\b")
_BETWEEN_DATES = ("和", "与", "跟", "及", "、", ",", "and", "&", ", and")
_MOST_YEARS = 6  # of a range that are asked for one by one


def in_periods(
    asks: tuple[Ask, ...], forms: list[tuple[Form, int, int]], dates: list[Figure], folded: str
) -> tuple[Ask, ...]:
    """The Asks with periods of their own: "in 2022 and 2023", "..., and the year before?"."""
    if len(forms) < 2 and len(dates) > 1 and asks[0].want == "figure" and _joined(dates, folded):
        terms = tuple({term.text: term for ask in asks for term in ask.terms}.values())
        return tuple(replace(asks[0], terms=terms, period=date.period) for date in dates)
    years = years_of(dates[0].period or "") if len(dates) == 1 and SEVERAL.search(folded) else ()
    if len(forms) < 2 and len(asks) == 1 and asks[0].want == "figure" and 1 < len(years) <= _MOST_YEARS:
        return tuple(replace(asks[0], period=year) for year in years)  # "各花了多少" of 2021到2023年
    if len(asks) < 2 or not dates or len(asks) != len(forms):
        return asks
    placed: list[Ask] = []
    for ask, (start, end) in zip(asks, parts_of(folded, forms), strict=True):
        own = [date.period for date in dates if start <= date.start < end]
        year = (dates[0].period or "")[:4]
        if _YEAR_BEFORE.search(folded[start:end]) and year.isdigit():
            own = [str(int(year) - 1)]
        placed.append(replace(ask, period=own[-1] if own else None))
    return tuple(placed)


def _joined(dates: list[Figure], folded: str) -> bool:
    """Whether the dates are different years, joined as a list."""
    years = {(date.period or "")[:4] for date in dates}
    gaps = (folded[one.end : other.start].strip() for one, other in itertools.pairwise(dates))
    return len(years) == len(dates) and all(gap in _BETWEEN_DATES for gap in gaps)


def with_context(ask: Ask, earlier: Ask) -> Ask:
    """An Ask with what was asked of before it: "... has how many turbines, and what is the capacity?"."""
    own = {term.text for term in ask.terms}
    share = _CONTEXT if any(term.weight >= 1.0 for term in ask.terms) else 1.0
    context = tuple(replace(term, weight=share * term.weight) for term in earlier.terms if term.text not in own)
    return replace(ask, terms=(*ask.terms, *context))


def parts_of(folded: str, forms: list[tuple[Form, int, int]]) -> list[tuple[int, int]]:
    """The stretch of the question that belongs to each way of asking: cut at the last mark between two of them."""
    cuts = [0]
    for (_, _, end), (_, start, _) in itertools.pairwise(forms):
        marks = [match for match in _PARTS.finditer(folded, end, start)]
        cuts.append(marks[-1].end() if marks else end + _counted_noun(folded[end:start]))
    return list(zip(cuts, [*cuts[1:], len(folded)], strict=True))


def _counted_noun(following: str) -> int:
    """How much of what follows 多少个 is the noun that is counted: its first word, where it is Chinese."""
    first = next(iter(words(following)), "")
    return len(first) if _HAN.match(first) and following.startswith(first) and len(first) > 1 else 0


def conjuncts(folded: str, bare: str, whole: Ask) -> tuple[Ask, ...]:
    """One Ask for each of several subjects asked at once: "A和B分别是多少", "A and B respectively"."""
    if not SEVERAL.search(folded) or whole.want not in ("figure", "date", "duration", "name"):
        return (whole,)
    pieces = [piece for piece in _pieces(folded, bare) if any(term.weight > FAINTLY for term in piece[0])]
    if len(pieces) < 2:
        return (whole,)
    return tuple(
        replace(whole, terms=t, kinds=_own_kinds(folded[slice(*part)], whole), part=part) for t, part in pieces
    )


def _own_kinds(text: str, whole: Ask) -> tuple[FigureKind, ...]:
    """The kinds that one of several subjects asks for: a share and a sum may be asked for at once."""
    return measured(text) or whole.kinds if whole.want == "figure" else whole.kinds


def _pieces(folded: str, bare: str) -> list[tuple[tuple[Term, ...], tuple[int, int]]]:
    """The terms and the range of what conjunctions join."""
    marks = [match for match in _CONJUNCTION.finditer(folded) if not _within_phrase(folded, match)]
    cuts = [0, *(match.end() for match in marks), len(folded)]
    return [(terms_of(bare[start:end]), (start, end)) for start, end in itertools.pairwise(cuts)]


def _within_phrase(folded: str, mark: re.Match[str]) -> bool:
    """Whether what joins belongs to a term: "small and micro customers"."""
    if mark[0] == ",":
        return not re.search(r"\band\b", folded[mark.end() :])
    before, after = words(folded[: mark.start()])[-2:], words(folded[mark.end() :])[:2]
    sides = [(before[-i:], after[:j]) for i in (1, 2) for j in (1, 2)]
    sides += [(after[:1], [*before[-1:], *after[1:2]])]  # "micro and small customers"
    runs = (joined([*one, *words(mark[0]), *other]) for one, other in sides)
    return any(Lexicon.load().listed(run) for run in runs)


def apart_in(folded: str, bare: str, forms: list[tuple[Form, int, int]], whole: Ask) -> tuple[Ask, ...]:
    """An Ask for each of a few measured things that "and" joins, whose kinds of figure may differ."""
    if whole.want != "figure":
        return ()
    pieces = _pieces(folded, blank(bare, [(start, end) for _, start, end in forms]))
    if not 1 < len(pieces) <= _MOST_APART or any(not any(term.weight >= 1.0 for term in terms) for terms, _ in pieces):
        return ()
    asks: list[Ask] = []
    for terms, part in pieces:
        text = folded[slice(*part)]
        kinds = kinds_of(text, forms[0][0].kinds or whole.kinds, whole.unit) if forms else measured(text) or whole.kinds
        share_of = asks and kinds[0] == "percent" != asks[-1].kinds[0]
        context = tuple(replace(term, weight=term.weight / 2) for term in asks[-1].terms) if share_of else ()
        asks.append(replace(whole, kinds=kinds, terms=(*terms, *context), counted=(), part=part))
    return tuple(asks)
