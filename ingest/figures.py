"""Figures of a text: every number with qualifier, value, unit, period and what it counts.

In: cleaned text of any script or language. Out: Figures in order, without overlap, each a verbatim slice.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ingest.dates import Dated, read_date
from ingest.fold import fold
from ingest.labels import label, unit_of
from ingest.openings import beginning, opening
from ingest.quantities import quantities
from ingest.respective import Paired, respective
from ingest.types import Figure

_NUMERALS = "一二三四五六七八九十"
# Behind the first digit: what goes on as one of the forms of `read_date` may, or as a year.
_DATE_GOES_ON = (
    r"(?:(?<=1)9|(?<=2)0)[0-9]{2}|(?<=1)[0-8][0-9]{2} {0,2}[年度–—~至到-]|[0-9]{2}年|"
    r"[0-9]?(?: {0,2}(?:[月年]|世纪)|(?:st|nd|rd|th)?[ \n-]{1,2}[a-z]|/|\.[0-9]{1,2}\.|[qh])"
)
_DATE_START = opening(
    f"0-9a-z{_NUMERALS}民",
    rf"(?<=[0-9])(?<![0-9][0-9])(?<![0-9][.,][0-9])(?={_DATE_GOES_ON})",
    r"(?<=民)国",
    r"(?<=[一二])[〇零一二三四五六七八九]{3}(?= {0,2}[财会年])",
    rf"(?<=[{_NUMERALS}])(?<![{_NUMERALS}][{_NUMERALS}])[{_NUMERALS}]{{0,2}}(?:月|世纪|年\()",
    beginning(
        "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]|h[12]|fy|cy|fiscal|financial|calendar|tax y|first|second|"
        "third|fourth|final|last|1st|2nd|3rd|4th|year|end|three months ended|six months ended|nine months ended|quarter ended"
    ),
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9]|[.,][0-9])")
_ALIKE = re.compile(r"(?<=[0-9]年[及和与])(?:19|20)[0-9]{2}(?![0-9.,%万亿千百十个家户人名元位项次条件种台辆吨米公亩])")
_AGE = re.compile("世[纪紀]|年代")  # of no figure the period
_SAME_YEAR = re.compile("(?:同|当|该)年的?$")
_OF_SEVERAL = re.compile(
    r"(?:19|20)[0-9]{2}(?=(?: ?(?:、|和|与|及) ?(?:19|20)[0-9]{2})+ {0,2}年(?:度|年)?(?P<end>[底末])?)"
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|of|for|since|during|by|from|to|until|through|year|and|vs\.?|versus|than|to|late|early|mid|after|before|"
    r"the|compared with|its|our|ended|ending|january|december|june)[ -]|^|[(\n\t,;:/|])$"
)
_YEAR_AFTER = re.compile(
    r"(?:'s)? (?:annual|report|esg|sustainability|results|level|baseline|and|to|was|were|is|,)|[).,;:!?\"'\s]|$"
)
_VALUES = ("amount", "money", "percent", "points")
_LISTED = (", ", " and ", ", and ", "、")
_SENTENCE = re.compile(r"[。!?！？]|(?<![0-9])\.(?=\s|$)|\n")
_TURN = re.compile(r"[。!?！？;；]|(?:(?<![0-9])|(?<=[0-9]{2}))\.(?=\s|$)")
_GOAL = re.compile(
    r"(?:目标|计划|力争|预计|将于|将在|承诺)[^,。;]{0,6}$|(?:^|[,。;、])到$|\b(?:by|until|target\w*|goal|reach\w*)[^.]{0,8}$"
)
_CLAUSE = re.compile(r"[,，;；、]")
_COMPARED = re.compile(
    r"(?:较|比|相比|相较于?|高于|低于|由|从|自|compared (?:with|to)|up from|down from|from|against|versus|vs\.?) ?$"
)
_NEXT_TO = re.compile(r"[ (（]*(?:in|for|as of|at|as at|at the end of|at|by)?[ (（]*$")


def find_figures(text: str) -> tuple[Figure, ...]:
    """Every Figure of `text`, dates included."""
    folded = fold(text)
    taken = bytearray(len(folded))
    dates = _dates(folded, text, taken)
    others = quantities(folded, text, taken)
    figures = _sharing(sorted([*dates, *others], key=lambda figure: figure.start), folded)
    return tuple(_in_context(figures, folded, text))


def _dates(folded: str, text: str, taken: bytearray) -> list[Figure]:
    found: list[Figure] = []
    position = 0
    while match := _DATE_START.search(folded, position):
        at = match.start()
        position = at + 1
        dated = _date_at(folded, at, found[-1].end if found else at)
        if dated is None:
            continue
        start, end, value, period = dated
        while end > at and folded[end - 1] == " ":
            end -= 1
        taken[start:end] = b"\x01" * (end - start)
        unit = "年" if "年" in folded[at:end] else "月" if "月" in folded[at:end] else ""
        found.append(Figure(text[start:end], start, end, "date", Decimal(value), unit=unit, period=period))
        position = end
    return found


def _date_at(folded: str, at: int, earlier: int) -> Dated | None:
    """The date that has its first digit at `at`; the date before it ends at `earlier`."""
    if dated := read_date(folded, at):
        return dated
    if match := _OF_SEVERAL.match(folded, at):  # 2010 of "2010、2009、2008年末"
        return Dated(at, match.end(), int(match[0]), f"{match[0]}-12-31" if match["end"] else match[0])
    if match := _ALIKE.match(folded, at):  # "1959年及1986经历两度婚姻"
        return Dated(at, match.end(), int(match[0]), match[0])
    match = _YEAR.match(folded, at)
    if (
        match
        and _YEAR_AFTER.match(folded, match.end())
        and (_YEAR_BEFORE.search(folded[max(0, at - 16) : at]) or folded[earlier:at] in _LISTED)
    ):
        return Dated(at, match.end(), int(match[0]), match[0])
    return None


def _sharing(figures: list[Figure], folded: str) -> list[Figure]:
    """The figures, those of a list ("1亿、2亿、3亿元") with the unit that is printed at its end."""
    for index in range(len(figures) - 2, -1, -1):
        figure, following = figures[index], figures[index + 1]
        bare = figure.kind == "amount" and not figure.unit and following.kind in ("amount", "money", "duration")
        if bare and folded[figure.end : following.start] in ("、", "和", "与", "及"):
            figures[index] = replace(figure, kind=following.kind, unit=following.unit)
    return figures


def _in_context(figures: list[Figure], folded: str, text: str) -> list[Figure]:
    """The figures with their periods, units that their nouns imply, and labels."""
    done: list[Figure] = []
    periods = _Periods(folded)
    paired = respective(figures, folded, text)
    for index, figure in enumerate(figures):
        periods.reach(figure)
        if figure.kind == "date":
            if (period := periods.completed(figure)) != figure.period:
                figure = replace(figure, period=period)
            trails = index > 0 and _own_period(figures, index - 1, folded) == figure.period
            periods.meet(figure, trails=trails)
            done.append(figure)
            continue
        pair = paired.get(index, Paired())
        name = done[-1].label if pair.follows else pair.label or label(folded, text, figures, index)
        kind, unit = unit_of(figure, folded, name)
        period = pair.period or _own_period(figures, index, folded) or periods.carried
        done.append(figure.seen(kind, unit, period, name))
    return done


class _Periods:
    """Which period governs the figures from place to place: the last date of the sentence, and beyond its end the
    latest that it spoke of, since "4.1 million in 2022, 0.6 million in 2021" is a sentence of 2022, and goals pass.
    A sentence that gives a value before its first date ("收入5亿元,2022年为4亿元") only compares: its dates end with it,
    unless the date is that of its first value ("5 million in 2022"). Of what semicolons part, the latest goes on.
    """

    def __init__(self, folded: str) -> None:
        self.carried: str | None = None
        self._folded = folded
        self._at = 0
        self._spoken_of: list[str] = []  # since the last turn
        self._sentence: list[str] = []  # before that, in the same sentence
        self._before: str | None = None  # what was carried when the sentence began
        self._values = 0  # of the sentence, before its first date
        self._compares = False

    def reach(self, figure: Figure) -> None:
        """Go on to a figure: a paragraph's end forgets all."""
        between = self._folded[self._at : figure.start]
        if "\n" in between:
            self.carried, self._before = None, None
            self._spoken_of, self._sentence, self._values, self._compares = [], [], 0, False
        elif turn := _TURN.search(between):
            if self._spoken_of:
                self.carried = self._before if self._compares else max(self._spoken_of)
                self._sentence += [] if self._compares else self._spoken_of
            if turn[0] not in ";；" or _SENTENCE.search(between):
                self.carried = max(self._sentence, default=self.carried)
                self._sentence = []
            self._before = self.carried
            self._spoken_of, self._values, self._compares = [], 0, False
        self._at = figure.start
        self._values += figure.kind in _VALUES

    def completed(self, date: Figure) -> str | None:
        """The period of a date, a month or day without a year in the year of the date before it: in its sentence, or in its
        paragraph where that is a month or a day too, or the same year is spoken of.
        """
        period, last = date.period, self._spoken_of[-1] if self._spoken_of else self.carried or ""
        if not period or not period.startswith("--") or not re.match("[0-9]{4}", last) or "/" in last:
            return period
        same = _SAME_YEAR.search(self._folded[max(0, date.start - 4) : date.start])
        if not self._spoken_of and not same and not re.match("[0-9]{4}-[0-9]{2}", last):
            return period
        return f"{last[:4]}-{period[2:]}" if same or not last[5:] or period[2:4] >= last[5:7] else period

    def meet(self, date: Figure, *, trails: bool) -> None:
        """Take note of a date; one that `trails` its figure, or is compared with, says nothing of what follows."""
        before = self._folded[max(0, date.start - 14) : date.start]
        if not date.period or _AGE.search(date.text):
            return
        if date.period.startswith("--") or _COMPARED.search(before) or (trails and self.carried):
            return
        if not self._spoken_of:
            self._compares = self._values > (1 if trails else 0)
        if not self._spoken_of and self.carried and _GOAL.search(before):
            self._spoken_of.append(self.carried)
        self.carried = date.period
        if not _GOAL.search(before):
            self._spoken_of.append(date.period)


def _own_period(figures: list[Figure], index: int, folded: str) -> str | None:
    """The period printed directly behind the figure, or compared with before it, in its own clause."""
    figure = figures[index]
    if index + 1 < len(figures):
        following = figures[index + 1]
        gap = folded[figure.end : following.start]
        if (
            following.kind == "date"
            and len(gap) <= 40
            and re.fullmatch(
                r"[^,，。;；、.!?\n]*? ?(?:in|for|as of|at|as at|at the end of|by the end of|by|\(|（) ?(?:the )?", gap
            )
        ):
            return following.period
    if index:
        earlier = figures[index - 1]
        gap = folded[earlier.end : figure.start]
        if earlier.kind == "date" and len(gap) <= 20 and not _CLAUSE.search(gap) and not _SENTENCE.search(gap):
            return earlier.period
    return None
