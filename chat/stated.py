"""For which period a candidate is stated: by its own date, its sentence's, its report's; or the year before that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.ask import Ask
from chat.candidates import Candidate
from chat.passage import Sentence
from chat.question import Question
from chat.when import OTHER, SAME, agreement
from ingest.periods import covers, is_day, shift_years
from ingest.reported import same_part_of
from ingest.types import Figure

_BESIDE = 24  # characters between a figure and that of the year before, in brackets behind it

# "9.4%, 上年为9.1%", "up from 68%", "$1.56 billion a year earlier".
_BEFORE = re.compile(
    r"(?:上年末?|上年同期|上一年度?|前一年|去年同期|前年|(?:up|down|rose|rising|risen|fell|falling|fallen|increased|decreased|improved|grew|grown|climbed|dropped|declined|raised|reduced|lowered|cut|expanded) from)"
    r"[^0-9,。;]{0,12}$|\b(?:previous|prior|last|preceding) year\b[^0-9,;]{0,20}$|\bthe year before\b[^0-9,;]{0,12}$"
)
_BEHIND = re.compile(
    r"^[^0-9,。;]{0,12}\b(?:a|one|the) year (?:earlier|before|ago)\b|^[^0-9,。;]{0,8}in the (?:previous|prior) year\b"
)
# "由144克降至120克", "from £3.65 to £3.90": what was before.
_LED = re.compile(r"(?:由|从|自)[^,。;]{0,12}$|\bfrom [^0-9,;.]{0,12}$")
_TURNS = re.compile(
    r"^[^,。;0-9]{0,8}(?:降|升|增|减|提|涨|跌|缩|扩|变|调|改|落|长)[^,。;0-9]{0,4}(?:至|到|为)|^[^,;.0-9]{0,16}\bto [^0-9a-z]{0,4}[0-9]"
)
_DATE_TURNS = re.compile(r"^[^,。;0-9]{0,4}(?:提前|推迟|延后|延迟|顺延|改)[^,。;0-9]{0,3}(?:至|到|为)")
_FROM = re.compile(
    r"从|由|原|之前|以前|此前|峰值|最[多高大]|\bpeak|\bfrom\b|\bbefore\b|\bprevious|\bformer|\bearlier\b|\bused to\b"
)


def is_earlier(candidate: Candidate) -> bool:
    """Whether a figure is what another in its sentence has come from: 144 of "由144克降至120克"."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is None or sentence.heads:
        return False
    turns = _DATE_TURNS if figure.kind == "date" else _TURNS
    before = sentence.folded[max(0, figure.start - sentence.start - 20) : figure.start - sentence.start]
    behind = sentence.folded[figure.end - sentence.start : figure.end - sentence.start + 24]
    return bool(_LED.search(before) and turns.match(behind))


def outdated(question: Question, ask: Ask, candidate: Candidate) -> bool:
    """Whether a figure is what was before a change, and the question asks of no period that is its own and not of before."""
    asked = ask.period or question.period
    if not is_earlier(candidate) or _FROM.search(question.folded):
        return False
    return asked is None or _shares_period(candidate)


def _shares_period(candidate: Candidate) -> bool:
    """Whether the figure behind a candidate is stated for the same period: both of "2024年...由144克降至120克"."""
    figure = candidate.figure
    following = next((one for one in candidate.sentence.figures if figure and one.start >= figure.end), None)
    return figure is not None and following is not None and following.period == figure.period


# The dates of a life in brackets: "(1921年3月9日-2004年11月27日)".
_LIFE = re.compile(r" ?[-–—~至] ?")
_BORN = re.compile(r"生于|出生|诞生|\bborn\b|\bbirth")
_DIED = re.compile(r"死|逝|去世|卒|亡|\bdie[ds]?\b|\bdeath")


def other_end_of_life(question: Question, candidate: Candidate) -> bool:
    """Whether a date is that of a death where a birth is asked for, or the reverse, as biographies print both."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is None or figure.kind != "date":
        return False
    text, base = sentence.folded, sentence.start
    dates = [one for one in sentence.figures if one.kind == "date"]
    at = next((index for index, one in enumerate(dates) if one.start == figure.start), 0)
    begins = at + 1 < len(dates) and bool(_LIFE.fullmatch(text[figure.end - base : dates[at + 1].start - base]))
    ends = at > 0 and bool(_LIFE.fullmatch(text[dates[at - 1].end - base : figure.start - base]))
    born, died = bool(_BORN.search(question.folded)), bool(_DIED.search(question.folded))
    return (begins and died and not born) or (ends and born and not died)


def period_agreement(question: Question, ask: Ask, candidate: Candidate, report: str | None) -> float:
    """How far the period that a candidate is stated for is the one asked for; `report` is the year of its Document."""
    asked = ask.period or question.period
    if asked is None:
        return SAME
    figure = candidate.figure
    if figure is not None and figure.kind == "date":
        # a report on a year says what was done before it and after
        return SAME if question.report else _of_date(asked, figure, candidate)
    stated = _of_year_before(candidate, report) or _in_report(_stated(candidate), report) or [report]
    return max(agreement(asked, period) for period in stated)


def _in_report(periods: Sequence[str | None], report: str | None) -> list[str | None]:
    """The periods as an interim report means them: 2023 is the same half of 2023, and a day may be that of its issue."""
    parts = [same_part_of(report, period) for period in periods if period]
    days = any(period and is_day(period) and not covers(report or "", period) for period in periods)
    late = [report] if days and parts and report and not report.isdigit() else []
    return [*periods, *(part for part in parts if part), *late]


def _of_date(asked: str, figure: Figure, candidate: Candidate) -> float:
    best = agreement(asked, figure.period)
    if best != OTHER:
        return best
    others = (other.period for other in candidate.sentence.figures if other.kind == "date" and other is not figure)
    return max((agreement(asked, period) for period in others), default=OTHER)


def _of_year_before(candidate: Candidate, report: str | None) -> Sequence[str]:
    """The year before the report's, where words around the figure say so and no date stands between."""
    figure, sentence = candidate.figure, candidate.sentence
    earlier = shift_years(report, -1) if report else None
    if figure is None or earlier is None:
        return ()
    ends = [other.end for other in sentence.figures if other.end <= figure.start]
    starts = [other.start for other in sentence.figures if other.start >= figure.end]
    before = sentence.folded[max([sentence.start, *ends]) - sentence.start : figure.start - sentence.start]
    behind = sentence.folded[figure.end - sentence.start : min([sentence.end, *starts]) - sentence.start]
    beside = _beside(figure, sentence)
    turned = is_earlier(candidate) and not figure.period
    return (earlier,) if beside or turned or _BEFORE.search(before) or _BEHIND.search(behind) else ()


def _beside(figure: Figure, sentence: Sentence) -> bool:
    """Whether the figure stands alone in brackets behind another of its kind: "612,000 tonnes (688,000)"."""
    text = sentence.folded
    start, end = figure.start - sentence.start, figure.end - sentence.start
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
        return False
    others = [one for one in sentence.figures if one.end <= figure.start and figure.start - one.end < _BESIDE]
    return bool(others) and (others[-1].kind == figure.kind or not figure.unit)


def _stated(candidate: Candidate) -> list[str | None]:
    """The figure's own period, or the dates of the sentence that no other figure has taken."""
    figure, sentence = candidate.figure, candidate.sentence
    if figure is not None and figure.period:
        return [figure.period]
    dates = [other.period for other in sentence.figures if other.kind == "date" and other.period]
    if figure is None:
        return list(dates)
    taken = {other.period for other in sentence.figures if other.kind != "date"}
    return [period for period in dates if period not in taken]  # "2.6, against 3.1 in 2022" leaves 2.6 without
