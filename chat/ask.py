"""One thing asked for: the kind of answer, its unit, what is counted, and the words that say what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chat.asking import (
    AMOUNTS,
    COUNTED,
    ENGLISH_UNIT,
    FAMILIES,
    MEASURE_AFTER,
    MEASURED,
    MONEY,
    PART,
    SHARES,
    THING,
    Form,
    SpanKind,
    Want,
)
from chat.terms import Term, terms_of
from ingest.types import FigureKind
from ingest.units import implied_unit, unit_family

MAX_CHARACTERS = 2000  # a longer question is read up to here: nobody asks more, and reading must end
_MEASURE_OF = re.compile(r"what ")
_BEHIND_NOUN = re.compile(
    r" (?:in|of|on|at|to|for|by|from|with|than|that|which|who|as|per|did|does|do|was|were|is|are|has|have|had|can|could|will)\b|[,;?]|$"
)
_IN_PERCENT = re.compile(r"\bpercentage-wise\b|\bin (?:percent|per cent|percentage terms)\b|\bas a percentage\b|\bin %")
_WHOLE = 0.3  # what the words for the whole count where a part of it is asked for


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked for.

    `kinds` are the kinds of Figure that can answer, `spans` the kinds of name or list, both best first; `unit` is a
    measure word or ""; `counted` are the words for what is counted ("how many green shops": green, shop); `families`
    are those of the units that its subject is measured in. `period` is its own, where the question names several.
    `place` is where the interrogative stands in the folded question, (0, 0) where there is none; `part` the stretch that
    is about this Ask; `thing` what kind of thing is asked for, as it follows 哪个 or 什么 ("国家有...": its beginning).
    """

    want: Want
    kinds: tuple[FigureKind, ...]
    spans: tuple[SpanKind, ...]
    unit: str
    terms: tuple[Term, ...]
    counted: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    period: str | None = None
    place: tuple[int, int] = (0, 0)
    part: tuple[int, int] = (0, MAX_CHARACTERS)
    thing: str = ""


def read_ask(
    folded: str, dateless: str, bare: str, part: tuple[int, int], form: Form | None, place: tuple[int, int]
) -> Ask:
    """What a part of the question asks; `dateless` is the question without its dates, `bare` without its forms too."""
    stretch, at = folded[slice(*part)], place[0]
    measure = MEASURE_AFTER.search(folded, at, part[1])
    unit = measure[1] if measure and measure.start() <= at + 3 else ""
    if not unit and (counted := ENGLISH_UNIT.search(stretch)):
        unit = counted[1]
    want, kinds = (form.want, form.kinds) if form else ("text", ())
    if want == "figure":
        kinds = kinds_of(stretch, kinds, unit)
    elif want == "text" and not (form and form.explains):
        kinds = measured(dateless[slice(*part)].strip(" ,，。?？") if form is None else stretch)
        want = "figure" if kinds else "text"
    things = _things(folded, place, part) if form and not kinds and not form.explains else ""
    if want in ("name", "list") and _MEASURE_OF.match(folded, at) and (kinds := measured(things)):
        want = "figure"  # "what revenue did it report?"
    if (kinds == ("money",) and unit_family(unit) != "money") or kinds[:1] in (("percent",), ("points",)):
        unit = ""  # 放了多少款, 几个百分点
    terms = terms_of(bare[slice(*part)], dateless[slice(*part)])
    if kinds == PART:
        terms = _of_whole(terms, folded, place)
    counted = COUNTED.search(stretch) if want == "figure" else None
    noun = (counted[1] or counted[2]) if counted else ""
    nouns = tuple(_nouns(noun)) if not unit or noun != unit else ()
    if not unit and nouns and kinds[:1] == ("amount",):
        unit = _counted_in(noun, nouns)
    share = bool(kinds) and kinds[0] in ("percent", "points", "money")
    families = () if unit or share else next((families for named, families in FAMILIES if named.search(stretch)), ())
    spans = form.spans if form else ()
    return Ask(
        want,
        kinds,
        spans,
        unit,
        terms,
        counted=nouns,
        families=families,
        place=place,
        part=part,
        thing=things.split()[-1] if things else "",
    )


def measure_of(ask: Ask, folded: str) -> Term | None:
    """The term that names what is asked for: 利率 of 贷款的平均利率是多少, "hours" of "how many training hours did ..."; None
    where none surely does.
    """
    told = [term for term in ask.terms if term.weight >= 1.0]
    if ask.counted:
        return next((term for term in told if term.text == ask.counted[-1]), None)
    start, end = ask.place
    if not end:
        return None
    chinese = re.search(r"[\u3400-\u9fff]", folded)
    noun = (ask.part[0], start) if chinese else (end, _noun_end(folded, end))
    places = {term: folded.find(term.text.split()[-1], *noun) for term in told}
    return max((term for term in told if places[term] >= 0), key=lambda term: places[term], default=None)


def _noun_end(folded: str, start: int) -> int:
    match = _BEHIND_NOUN.search(folded, start)
    return match.start() if match else len(folded)


def _things(folded: str, place: tuple[int, int], part: tuple[int, int]) -> str:
    """What kind of thing is asked for, as it follows the interrogative."""
    found = THING.search(folded, place[0], part[1])
    if found is None or (not found[1] and found.start() != place[0]):  # "where ..., in which lending grew"
        return ""
    return found[1] or found[2] or found[3]


def _of_whole(terms: tuple[Term, ...], folded: str, place: tuple[int, int]) -> tuple[Term, ...]:
    """The terms, those of the whole faint beside those of the part: of 客户里有多少来自农村, 农村 tells."""
    if not any(folded.find(term.text, place[1]) >= 0 for term in terms if term.weight >= 1.0):
        return terms
    return tuple(
        replace(term, weight=_WHOLE * term.weight) if term.text in folded[: place[0]] else term for term in terms
    )


def _nouns(text: str) -> Iterable[str]:
    """The first words that carry sense of what follows "how many", as far as they are one noun phrase."""
    found = [term.text for term in terms_of(text)]
    return found[:1] if re.match(r"[\u3400-\u9fff]", text) else found


def _counted_in(noun: str, nouns: tuple[str, ...]) -> str:
    """The unit that what is counted implies, where it is a count: 人 of 旅客; "supplier" of suppliers."""
    units = (implied_unit(form) and form if form.isascii() else implied_unit(form) for form in (noun, *nouns[::-1]))
    return next((unit for unit in units if unit and unit_family(unit) == "count"), "")


def kinds_of(stretch: str, kinds: tuple[FigureKind, ...], unit: str) -> tuple[FigureKind, ...]:
    """The kinds that a stretch asks for: a plain 多少 is narrowed by what it is asked of."""
    if _IN_PERCENT.search(stretch):
        return ("percent", "points")
    if unit in ("倍",):
        return ("amount", "percent")
    if unit_family(unit) == "duration":
        return ("duration", "amount")
    if unit_family(unit) == "money":
        return ("money",)
    if len(kinds) < 4 or unit:
        return kinds
    if SHARES.search(stretch):
        return ("percent", "points", "amount")
    if MONEY.search(stretch):
        return ("money", "percent", "amount")
    if AMOUNTS.search(stretch.strip()):
        return ("amount", "money", "duration")
    return kinds


def measured(stretch: str) -> tuple[FigureKind, ...]:
    """The kinds of Figure that a "what is the ..." asks for; none where it does not ask for a figure."""
    if SHARES.search(stretch):
        return ("percent", "points", "amount")
    if MONEY.search(stretch):
        return ("money", "percent")
    return ("amount", "money", "percent", "points", "duration") if MEASURED.search(stretch) else ()
