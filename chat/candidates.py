"""Candidates: what in a sentence could answer an Ask, and how each stands to the words around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chat.ask import Ask
from chat.match import Met
from chat.passage import Sentence
from chat.question import Question
from chat.spans import NamedSpan, spans, stretches
from index.lexicon import Lexicon, key_of
from index.types import Hit
from ingest.fold import fold
from ingest.types import Figure, FigureKind
from ingest.units import same_unit, unit_family

_DECAY = {0: 1.0, -1: 0.8, -2: 0.6, 1: 0.6}  # by parts of a sentence between a word and the figure; farther: 0.45
FAR = 0.45
_NIL = 0.5  # the kind of a dash in a table, which says that there is none
_HAS_NUMBER = re.compile(r"\w")
_OVER = 0.85  # for each figure, or "and", that stands between within a part
_JOINT = re.compile(r"和|与|及|、|,|\band\b")
_SOME_KIND = 0.25  # a whole sentence where a name or a list is asked for
_SOME_YEAR = 0.6  # a year that is printed like a number of years, where a date is asked for
_LEAST_YEAR = 100
_NUMERALS = "元一二三四五六七八九十百"
_ASKS_AGE = re.compile(r"时期|时代|年代|朝代|哪[一个]*朝")
_AGE = re.compile(  # 罗马帝国时期, 唐朝, 乾隆年间
    r"(?:(?<![\u3400-\u9fff·])|(?<=[于在是为自从至到即由]))((?:(?![于在是为自从至到即由的了])[\u3400-\u9fff·]){1,8}?(?:时期|时代|年间|王朝|[\u3400-\u9fff]朝(?!廷|向|着|[阳鲜])|[唐宋元明清汉晋隋秦周夏商]代)"
    r"(?:初年?|末年?|[初中晚后前]期|中叶)?)"
)
_REPORT = re.compile(
    r"(?:度|年度)?的?(?:(?:企业|公司)?(?:esg|可持续发展|社会责任|环境、?社会及?与?(?:公司)?治理|半?年度|中期|季度|审计|财务)(?:\([a-z]+\))?){0,2}(?:报告|年报)"
    r"|(?:'s)? (?:(?:annual|interim|esg|sustainability|integrated|financial) ){0,2}reports?\b"
)
_HEADS = frozenset("人 名 位 户 人次".split())  # people, by themselves or by their accounts
_YEAR_ALONE = re.compile("[0-9]{4}(?:/[0-9]{4})?")
_PRINTED_YEAR = re.compile(r"年|[0-9]{4}|世纪|century|\b(?:fy|q[1-4]|h[12])|[0-9]{2}s\b|fiscal")
_ERA = re.compile(r"[\u3400-\u9fff]{2}")
WANTS = ("figure", "date", "duration", "name", "list", "text")
TYPES = (
    *("amount", "money", "percent", "points", "date", "duration", "ordinal", "rank"),
    *("person", "place", "organisation", "title", "name", "list", "stretch", "sentence"),
)
_PHYSICAL = frozenset("area mass carbon coal energy heat power volume length duration data temperature money".split())
_YEAR, _DAY, _MONTH = (
    re.compile(r"哪[一几]?年|何年|几年|(?:what|which) year"),
    re.compile(r"哪[一]?[天日]|几[号日]|what (?:date|day)|which day"),
    re.compile(r"哪[一]?个?月|几月|(?:what|which) month"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A range of a Sentence that may answer: its Figure where it is one, what it is (one of `TYPES`), and how well that
    fits the Ask.
    """

    sentence: Sentence
    hit: Hit
    start: int
    end: int
    figure: Figure | None
    kind: float
    type: str = "sentence"

    @property
    def says(self) -> tuple[str, str]:
        """What it says, alike for all that say the same."""
        if self.figure is not None:
            return self.figure.kind, self.figure.period or str(self.figure.value.normalize())
        return "", self.sentence.folded[self.start - self.sentence.start : self.end - self.sentence.start]

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: the id of its Document, and its start."""
        return self.sentence.document.id, self.start

    @property
    def whole(self) -> bool:
        """Whether it is all of its sentence."""
        return self.start == self.sentence.start and self.end == self.sentence.end


def candidates(
    question: Question, ask: Ask, sentence: Sentence, hit: Hit, called: Collection[str]
) -> Iterator[Candidate]:
    """What in the sentence could answer the Ask; what the question names (`called`) does not."""
    if ask.want in ("figure", "date", "duration"):
        yield from _figures(question, ask, sentence, hit)
        if ask.want == "date" and _ASKS_AGE.search(question.folded):
            yield from _ages(sentence, hit)
        return
    if ask.want in ("name", "list"):
        for span in _named(sentence):
            text = sentence.folded[span.start - sentence.start : span.end - sentence.start]
            named = span.kind == "organisation" and any(form in text for form in called)
            if text not in question.folded and text not in called and not named:
                start, end = _whole_figures(sentence, span.start, span.end)
                yield Candidate(sentence, hit, start, end, None, _span_kind(ask, span), span.kind)
    yield Candidate(sentence, hit, sentence.start, sentence.end, None, _SOME_KIND if ask.want != "text" else 1.0)


def _figures(question: Question, ask: Ask, sentence: Sentence, hit: Hit) -> Iterator[Candidate]:
    """The Figures of the sentence that are of a kind and a measure asked for, and that the question itself does not state."""
    for figure in sentence.figures:
        kind = _kind(ask.kinds, figure) * _detail(question, figure) * (1.0 if _HAS_NUMBER.search(figure.text) else _NIL)
        if ask.want == "date" and is_year(figure, sentence):
            kind = _SOME_YEAR
        if ask.want == "date" and not _YEAR.search(question.folded) and _in_title(figure, sentence):
            continue
        if ask.want != "date" and (_unlike(ask.unit, figure.unit) or _of_another_measure(ask, figure)):
            continue  # asked in hectares, no count of farms will do
        if ask.kinds[0] == "percent" and "amount" in ask.kinds[2:] and figure.kind == "amount" and figure.unit:
            continue  # a rate may be a bare number, never a count of something
        if kind and not _given(question, figure):
            yield Candidate(sentence, hit, figure.start, figure.end, figure, kind, figure.kind)


def _in_title(figure: Figure, sentence: Sentence) -> bool:
    """Whether a date belongs to what a report is called, and tells when nothing happened: 2023年 of "发布2023年ESG报告"."""
    return bool(_REPORT.match(sentence.folded, figure.end - sentence.start))


def _ages(sentence: Sentence, hit: Hit) -> Iterator[Candidate]:
    """The ages, reigns and dynasties that the sentence names."""
    for match in _AGE.finditer(sentence.folded):
        start, end = (sentence.start + place for place in match.span(1))
        yield Candidate(sentence, hit, start, end, None, 1.0, "stretch")


def _named(sentence: Sentence) -> Iterator[NamedSpan]:
    """The names and lists of the sentence, and the stretches that are none of them."""
    taken: set[tuple[int, int]] = set()
    for span in (*spans(sentence), *stretches(sentence)):
        if (span.start, span.end) not in taken and span.end - span.start < sentence.end - sentence.start - 1:
            taken.add((span.start, span.end))
            yield span


def is_year(figure: Figure, sentence: Sentence) -> bool:
    """Whether what is printed like a number of years names one: 853年, 公元前216年, 光绪十九年, 90年代."""
    if figure.unit != "年" or figure.kind != "duration" or figure.qualifier or figure.value != int(figure.value):
        return False
    start, end = figure.start - sentence.start, figure.end - sentence.start
    before, after = sentence.folded[max(start - 2, 0) : start], sentence.folded[end : end + 1]
    era = figure.text[0] in _NUMERALS and len(before) == 2 and bool(_ERA.fullmatch(before))
    return figure.value >= _LEAST_YEAR or after == "代" or before.endswith(("元", "前")) or era


def thing_fit(ask: Ask, candidate: Candidate) -> float:
    """How well the candidate is, by its ending, the kind of thing asked for: 北京大学 where 哪所大学, or "which
    university"; half where unknown.
    """
    if not ask.thing:
        return 0.5
    sentence = candidate.sentence
    said = sentence.folded[candidate.start - sentence.start : candidate.end - sentence.start]
    return max(_is_thing(form, said) * weight for form, weight in _things(ask.thing, sentence.chinese))


def _is_thing(thing: str, said: str) -> float:
    if thing.isascii():
        return float(thing in said)
    best = max((size for size in range(1, len(thing) + 1) if said.endswith(thing[:size])), default=0)
    return 1.0 if best > 1 or best == len(thing) else 0.8 if best else 0.3 * (thing[:2] in said)


@lru_cache(maxsize=1024)
def _things(thing: str, chinese: bool) -> tuple[tuple[str, float], ...]:
    """What a kind of thing is called in a sentence of a language, with weights."""
    own = thing.rstrip("s") if thing.isascii() else thing
    if thing.isascii() != chinese:
        return ((own, 1.0),)
    return ((own, 1.0), *Lexicon.load().translate(key_of(thing) if thing.isascii() else thing))


def _unlike(asked: str, stated: str) -> bool:
    """Whether one unit is of a measure and the other of another measure, or a count."""
    if not asked or not stated:
        return False
    one, other = unit_family(asked), unit_family(stated)
    return not _related(one, other) and (one in _PHYSICAL or other in _PHYSICAL)


def _of_another_measure(ask: Ask, figure: Figure) -> bool:
    """Whether the figure is of a measure, and none of those that its subject is measured in: years of a height."""
    family = unit_family(figure.unit) if figure.unit else ""
    return bool(ask.families) and family in _PHYSICAL and not any(_related(one, family) for one in ask.families)


def _related(one: str, other: str) -> bool:
    alike = {one, other} <= {"mass", "carbon", "coal"} or {one, other} <= {"energy", "heat"}
    return one == other or alike


def _whole_figures(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The range, widened so that it cuts no figure."""
    cut = [figure for figure in sentence.figures if figure.start < end and start < figure.end]
    return min([start, *(figure.start for figure in cut)]), max([end, *(figure.end for figure in cut)])


def _kind(kinds: Sequence[FigureKind], figure: Figure) -> float:
    if figure.kind not in kinds:
        return 0.0
    return 1.0 - 0.5 * kinds.index(figure.kind) / max(len(kinds), 1)


def _detail(question: Question, figure: Figure) -> float:
    """How well a date is as exact as asked: a day where a day is asked for."""
    if figure.kind != "date" or not figure.period:
        return 1.0
    if _YEAR.search(question.folded) and not _PRINTED_YEAR.search(fold(figure.text)):
        return 0.0
    if _DAY.search(question.folded) and _YEAR_ALONE.fullmatch(figure.period):
        return 0.0  # who asks for the day is not told the year
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


def unit_fit(ask: Ask, figure: Figure | None) -> float:
    """How well the figure's unit is the one asked for: 1 the same, 0 another, half where either is unknown."""
    if figure is None or not figure.unit:
        return 0.5
    if ask.families:
        return float(unit_family(figure.unit) in ask.families and "/" not in figure.unit)
    if not ask.unit:
        return 0.5
    if same_unit(ask.unit, figure.unit):
        return 1.0
    if ask.unit in ("个", "名", "位") and unit_family(figure.unit) == "count":
        return 0.6
    if {ask.unit, figure.unit} <= _HEADS:
        return 0.6
    if {unit_family(ask.unit), unit_family(figure.unit)} in ({"mass", "carbon"}, {"mass", "coal"}):
        return 0.8  # 多少吨 of a figure in tCO2e
    return 0.0


def nearness(candidate: Candidate, met: Met) -> float:
    """How near a met word is to the candidate, by parts of the sentence."""
    if candidate.whole:
        return 1.0
    return max((_closeness(candidate, place) for place in met.places), default=FAR)


def _closeness(candidate: Candidate, place: int) -> float:
    sentence = candidate.sentence
    distance = sentence.part_at(place) - sentence.part_at(candidate.start)
    if distance:
        return _DECAY.get(distance, FAR)
    low, high = min(place, candidate.start), max(place, candidate.start)
    between = sum(1 for figure in sentence.figures if low < figure.start < high and figure.kind != "date")
    across = place > candidate.end and _JOINT.search(
        sentence.folded, candidate.end - sentence.start, place - sentence.start
    )
    return _OVER**between * (_OVER if across else 1.0)


_POINTS = re.compile(r"点|趴|points?\b|bps\b|spread|利差")
_SAID_OF_THEM = re.compile(r"([\u3400-\u9fff、]{4,})的$")
_CHANGES = (
    (
        re.compile(
            r"较|比|环比|增加|减少|上升|下降|增长|提高|降低|\b(?:up|down|rose|fell|increased|decreased|grew|against|improved|declined|dropped|narrowed|widened)\b"
        ),
        re.compile(
            r"增|减|升|降|涨|跌|较|比|变化|多了|少了|\b(?:grow|grew|growth|increas|decreas|chang|ris|rose|fall|fell|drop|reduc|up|down|"
            r"lower|higher|cut|improv|declin|narrow|widen)"
        ),
    ),
    (re.compile(r"新增|新发放|新设|净增|\bnew(?:ly)?\b"), re.compile(r"新|增|\bnew|\badd")),
)


def aside(question: Question, candidate: Candidate) -> float:
    """Whether what stands before the figure in its clause makes it a change or an addition that nobody asked of."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is None or figure.kind == "date":
        return 0.0
    earlier = [other.end for other in sentence.figures if other.end <= figure.start and other.kind != "date"]
    start = max([sentence.clauses[sentence.clause_at(figure.start)][0], *earlier])
    before = sentence.folded[start - sentence.start : figure.start - sentence.start]
    if sentence.heads:
        before = fold(sentence.heads.column)
    if figure.kind == "points" and not _CHANGES[0][1].search(question.folded) and not _POINTS.search(question.folded):
        return 1.0  # of a ratio, points are a change
    return float(any(said.search(before) and not asked.search(question.folded) for said, asked in _CHANGES))


def restricted(question: Question, candidate: Candidate) -> float:
    """Whether a figure counts only those of whom its clause says something that the question does not: 遭受水灾的1.5万客户."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is None or sentence.heads:
        return 0.0
    start = sentence.clauses[sentence.clause_at(figure.start)][0]
    said = _SAID_OF_THEM.search(sentence.folded[start - sentence.start : figure.start - sentence.start])
    if said is None:
        return 0.0
    pairs = (said[1][at : at + 2] for at in range(len(said[1]) - 1))
    return float(not any(pair in question.folded for pair in pairs))


def differ(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are different answers: other values, or other words at another place."""
    if one.says == other.says:
        return False
    if one.figure is not None or other.figure is not None:
        return True
    same = one.sentence.document.id == other.sentence.document.id
    return not (same and one.start < other.end and other.start < one.end)
