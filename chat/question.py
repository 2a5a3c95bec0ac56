"""What a question asks for: kind of answer, unit, period, and the words that say what it is about."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from chat.asking import (
    AMOUNTS,
    COUNTED,
    ENGLISH_UNIT,
    FAMILIES,
    MEASURE_AFTER,
    MEASURED,
    MONEY,
    PART,
    SEVERAL,
    SHARES,
    THING,
    Form,
    SpanKind,
    Want,
    forms_in,
)
from chat.cantonese import standard
from chat.glossed import put_in_chinese
from chat.instructions import asked_part, is_money
from chat.terms import FAINTLY, Term, blank, terms_of
from index.lexicon import Lexicon
from index.phrases import joined
from index.tokens import words
from ingest.figures import find_figures
from ingest.fold import fold, to_simplified
from ingest.periods import years_of
from ingest.types import Figure, FigureKind
from ingest.units import implied_unit, unit_family

Language = Literal["zh-Hans", "zh-Hant", "en"]
MAX_CHARACTERS = 2000  # a longer question is read up to here: nobody asks more, and reading must end

_OF_MONEY: tuple[FigureKind, ...] = ("money", "amount")
_CONTEXT = 0.35  # what the words of an earlier Ask count for the next
_WHOLE = 0.3  # what the words for the whole count where a part of it is asked for
_MOST_APART = 4
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ufeff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_PARTS = re.compile(r"[?？;；。!！,，]|\band\b|以及|还有|同时|、")
_CONJUNCTION = re.compile(r"、|以及|和|与|及|跟|还有|\band\b|,")
_REPORT = re.compile(
    r"((?:19|20)[0-9]{2})年?度?的?(?:[这那][份本个])?的?(?:esg|可持续发展|社会责任|环境、?社会及?与?(?:公司)?治理|企业社会责任)?(?:年度)?(?:报告|年报)"
    r"|\b((?:19|20)[0-9]{2})(?:'s)? (?:esg |sustainability |annual |integrated |csr )*report\b"
)
_YEAR_BEFORE = re.compile(r"前一年|上一年|上年|去年同期|\b(?:the )?(?:previous|prior) year\b|\bthe year before\b")
_BETWEEN_DATES = ("和", "与", "跟", "及", "、", ",", "and", "&", ", and")
_MOST_YEARS = 6  # of a range that are asked for one by one
_FROM_TO = re.compile(
    r"((?:19|20)[0-9]{2}) ?[-–—~到至] ?((?:19|20)[0-9]{2})(?= ?(?:[这這那]|[两兩三四五六]年))"
)  # 2021到2023这三年
_THAT_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?(?:那|这|這)一?(?:年|个年度|個年度)")  # 2023那年
_SHORT_YEAR = re.compile(
    r"(?:(?<=^)|(?<=[ ,，。、(（]))(1[5-9]|2[0-9])年(?=[^0-9 来间前后内])"
)  # "Northmere 23年把..."


_AMERICA = re.compile(r"\b(?:USA|U\.S\.A\.|U\.S\.|US)(?![\w$])(?! (?:dollar|cent))")  # "us" says nothing


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


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read: several Asks where several things are asked at once.

    `period` is ISO as in `Figure.period`, or None; `apart` are the Asks that its one Ask may be instead, where it names
    several things ("loans and deposits"); `report` is the year of the report that it asks of, where it says so; `given` are the values that the question itself states.
    """

    text: str
    folded: str
    language: Language
    asks: tuple[Ask, ...]
    apart: tuple[Ask, ...]
    period: str | None
    period_text: str
    report: str | None
    given: tuple[Decimal, ...]
    pointed: str = ""

    @property
    def search_text(self) -> str:
        """What to retrieve by: the question, and the words that it takes from an earlier one."""
        taken = [term.text for term in self.terms if term.text not in self.folded]
        return " ".join(part for part in (self.text, *taken, self.pointed) if part)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of all its Asks, each once."""
        return tuple({term.text: term for ask in self.asks for term in ask.terms}.values())


def language_of(text: str) -> Language:
    """The language and script in which `text` is written; Chinese wherever a Chinese word carries the question."""
    han = len(_HAN.findall(text))
    if not han or han < len(_LATIN_WORD.findall(text)):
        return "en"
    return "zh-Hans" if to_simplified(text) == text else "zh-Hant"


def tidy(text: str) -> str:
    """`text` without control characters, its white space folded, cut at `MAX_CHARACTERS`; 2023那年 and 23年 are 2023年, and
    Cantonese is put in standard Chinese.
    """
    whole = text[: 4 * MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    read = " ".join(_CONTROL.sub(" ", whole).split())[:MAX_CHARACTERS]
    read = _AMERICA.sub("United States", read)
    return standard(_SHORT_YEAR.sub(r"20\1年", _THAT_YEAR.sub(r"\1年", _FROM_TO.sub(r"\1年到\2年", read))))


def understand(text: str) -> Question:
    """Read a question that stands alone; one that leans on others is made so by `chat.followup`."""
    return _read(tidy(text))


def _read(said: str) -> Question:
    text, pointed = asked_part(said)
    folded = fold(text)
    figures = find_figures(text)
    dates = [figure for figure in figures if figure.kind == "date" and figure.period]
    forms = forms_in(folded)
    dated = [(figure.start, figure.end) for figure in figures if not _numbers(figure)]
    bare = blank(folded, [*dated, *put_in_chinese(text)])
    asks = _in_periods(_asks(folded, bare, forms), forms, dates, folded)
    if is_money(said) and asks[0].want == "text":  # "What is the goodwill? Answer in USD millions."
        asks = tuple(replace(ask, want="figure", kinds=_OF_MONEY) for ask in asks)
    apart = _apart(folded, bare, forms, asks[0]) if len(asks) == 1 else ()
    return Question(
        text=text,
        folded=folded,
        language=language_of(text),
        asks=asks,
        apart=apart,
        period=dates[-1].period if dates else None,
        period_text=dates[-1].text if dates else "",
        report=next((match[1] or match[2] for match in _REPORT.finditer(folded)), None),
        given=tuple(figure.value for figure in figures if _states(figure)),
        pointed=pointed,
    )


def _in_periods(
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
    for ask, (start, end) in zip(asks, _parts(folded, forms), strict=True):
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


def _states(figure: Figure) -> bool:
    return figure.kind != "date" and not _numbers(figure)


def _numbers(figure: Figure) -> bool:
    """Whether a figure may be part of a term, as in "Scope 1"."""
    return figure.kind == "ordinal" or (figure.kind == "amount" and not figure.unit and figure.value < 10)


def _asks(folded: str, bare: str, forms: list[tuple[Form, int, int]]) -> tuple[Ask, ...]:
    if not forms:
        return (_ask(folded, bare, bare, (0, len(folded)), None, (0, 0)),)
    without = blank(bare, [(start, _measured_to(folded, start, end)) for _, start, end in forms])
    if len(forms) == 1:
        form, start, end = forms[0]
        whole = _ask(folded, bare, without, (0, len(folded)), form, (start, end))
        return _conjuncts(folded, without, whole)
    asks: list[Ask] = []
    for (form, start, end), part in zip(forms, _parts(folded, forms), strict=True):
        ask = _ask(folded, bare, without, part, form, (start, end))
        asks.append(_with_context(ask, asks[-1]) if asks else ask)
    return tuple(asks)


def _measured_to(folded: str, start: int, end: int) -> int:
    """Where an interrogative ends with its measure word, which is no part of what follows: 多少人参保 asks of 参保."""
    measure = MEASURE_AFTER.match(folded, start) if _HAN.match(folded[start : start + 1]) else None
    return max(end, measure.end()) if measure else end


def _with_context(ask: Ask, earlier: Ask) -> Ask:
    """An Ask with what was asked of before it: "... has how many turbines, and what is the capacity?"."""
    own = {term.text for term in ask.terms}
    share = _CONTEXT if any(term.weight >= 1.0 for term in ask.terms) else 1.0
    context = tuple(replace(term, weight=share * term.weight) for term in earlier.terms if term.text not in own)
    return replace(ask, terms=(*ask.terms, *context))


def _parts(folded: str, forms: list[tuple[Form, int, int]]) -> list[tuple[int, int]]:
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


def _ask(
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
        kinds = _kinds(stretch, kinds, unit)
    elif want == "text":
        kinds = _measured(dateless[slice(*part)].strip(" ,，。?？") if form is None else stretch)
        want = "figure" if kinds else "text"
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
    thing = THING.search(folded, at, part[1]) if form and not kinds else None
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
        thing=(thing[1] or thing[2]) if thing else "",
    )


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


def _kinds(stretch: str, kinds: tuple[FigureKind, ...], unit: str) -> tuple[FigureKind, ...]:
    """The kinds that a stretch asks for: a plain 多少 is narrowed by what it is asked of."""
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


def _measured(stretch: str) -> tuple[FigureKind, ...]:
    """The kinds of Figure that a "what is the ..." asks for; none where it does not ask for a figure."""
    if SHARES.search(stretch):
        return ("percent", "points", "amount")
    if MONEY.search(stretch):
        return ("money", "percent")
    return ("amount", "money", "percent", "points", "duration") if MEASURED.search(stretch) else ()


def _conjuncts(folded: str, bare: str, whole: Ask) -> tuple[Ask, ...]:
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
    return _measured(text) or whole.kinds if whole.want == "figure" else whole.kinds


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
    runs = (joined([*before[-i:], *words(mark[0]), *after[:j]]) for i in (1, 2) for j in (1, 2))
    return any(Lexicon.load().translate(run) for run in runs)


def _apart(folded: str, bare: str, forms: list[tuple[Form, int, int]], whole: Ask) -> tuple[Ask, ...]:
    """An Ask for each of a few measured things that "and" joins, whose kinds of figure may differ."""
    if whole.want != "figure":
        return ()
    pieces = _pieces(folded, blank(bare, [(start, end) for _, start, end in forms]))
    if not 1 < len(pieces) <= _MOST_APART or any(not any(term.weight >= 1.0 for term in terms) for terms, _ in pieces):
        return ()
    asks: list[Ask] = []
    for terms, part in pieces:
        text = folded[slice(*part)]
        kinds = _kinds(text, forms[0][0].kinds or whole.kinds, whole.unit) if forms else _measured(text) or whole.kinds
        share_of = asks and kinds[0] == "percent" != asks[-1].kinds[0]
        context = tuple(replace(term, weight=term.weight / 2) for term in asks[-1].terms) if share_of else ()
        asks.append(replace(whole, kinds=kinds, terms=(*terms, *context), counted=(), part=part))
    return tuple(asks)
