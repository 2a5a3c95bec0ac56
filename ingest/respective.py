"""What 分别 and "respectively" pair in order: "2021年、2022年和2023年, 毛利率分别为41.27%、42.85%和44.10%".

In: the figures of a folded text in order. Out: for each value of such a list its period, or the thing that it is said
of. Lists of another length than that of the values pair nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.periods import is_day, shift_years, year_of, years_of
from ingest.types import Figure


class Paired(NamedTuple):
    """What a value of a list is paired with: a period, or the words for what it is said of.

    `follows` says that what stands before the list's first value holds for this one too.
    """

    period: str | None = None
    label: str | None = None
    follows: bool = False


_MARKS = ("分别", "各占", "各为", "respectively")
_MARK = re.compile(r"分别|各[占为]|\brespectively\b")
_ENGLISH = "respectively"
_END = re.compile(r"[。!?！？\n]|;|(?<![0-9])\.(?=\s|$)")
# What stands between the values of a list, and between its dates.
_BETWEEN = re.compile(
    r" ?(?:[、,;]|和|与|及|以及|,? ?and|or)? ?(?:同比|约|为|达|达到)?(?:增长|增加|上升|下降|减少|提升|提高|约为)?(?:了|至|到)? ?(?:of |in |to |for |from )?"
)
_BETWEEN_DATES = re.compile(
    r" ?(?:[、,]|和|与|及|以及|,? ?and|compared (?:to|with)) ?(?:the )?(?:于|在|in |at |for |as of )?"
)
_THROUGH = re.compile(r" ?[至到~–—-] ?")
_ITEMS = re.compile(r"、|以及|和|与|及|,? and |, ")
_BEFORE_ITEMS = re.compile(r"[,。;:：\n]")
_OF_PERIODS = re.compile(r"报告期|各期|各年|近[两二三四五]年|[两二三四五]年(?:里|来|间)")
_LONGEST_ITEM = 24
_FEWEST = 2
_LONGEST_RANGE = 10  # years
_VERB = re.compile(r" (?:was|were|is|are|of|totall?ed|reached|amounted to|stood at)(?: |$)")


def respective(figures: Sequence[Figure], folded: str, text: str) -> dict[int, Paired]:
    """For the index of each value of a list that 分别 or "respectively" marks, what it is paired with.

    `text` is what `folded` was made from, as long as it: labels are taken from there.
    """
    found: dict[int, Paired] = {}
    if not any(mark in folded for mark in _MARKS):
        return found
    lists = _Lists(figures, folded)
    for mark in _MARK.finditer(folded):
        within = _sentence(folded, mark.start(), mark.end())
        values = _values(figures, folded, mark, within)
        if len(values) < _FEWEST:
            continue
        dates = lists.before(mark, within, len(values))
        if dates:
            found.update((i, Paired(period, follows=i > values[0])) for i, period in zip(values, dates, strict=True))
        elif items := _items(folded, within[0], mark, figures[values[0]].start, len(values)):
            labels = _with_shared_end([text[slice(*item)] for item in items])
            found.update((index, Paired(label=item)) for index, item in zip(values, labels, strict=True))
        else:
            found.update((index, Paired(follows=True)) for index in values[1:])
    return found


class _Lists:
    """The lists of dates of a text, and which of them a list of values is paired with."""

    def __init__(self, figures: Sequence[Figure], folded: str) -> None:
        dates = [figure for figure in figures if figure.kind == "date" and figure.period]
        runs = [(run[0].start, run[-1].end, _spelled_out(run)) for run in _date_runs(dates, folded)]
        self._runs = sorted([*runs, *_ranges(dates, folded)])
        self._folded = folded
        self._latest: tuple[int, list[str]] = (0, [])  # where the last list that was paired ends, and with what

    def before(self, mark: re.Match[str], within: tuple[int, int], size: int) -> list[str]:
        """The `size` periods that the values at the mark are for; none where no such list is spoken of.

        The nearest list of the sentence, else that of the values before in the paragraph, else, where "报告期各期" or
        the like is said, the latest of that length.
        """
        low, high = within[0], mark.start() if mark[0] != _ENGLISH else within[1]
        fitting = [(start, end, periods) for start, end, periods in self._runs if len(periods) == size and end <= high]
        own = [periods for start, _, periods in fitting if start >= low]
        place, earlier = self._latest
        if not own and len(earlier) == size and "\n" not in self._folded[place : mark.start()]:
            own = [earlier]
        if not own and _OF_PERIODS.search(self._folded, low, mark.start()):
            own = [periods for _, _, periods in fitting]
        if not own:
            return []
        self._latest = (mark.end(), own[-1])
        return own[-1]


def _sentence(folded: str, start: int, end: int) -> tuple[int, int]:
    """The range of the sentence that a mark stands in."""
    begin = max(
        (match.end() for match in _END.finditer(folded, max(0, start - 300), start)), default=max(0, start - 300)
    )
    close = _END.search(folded, end)
    return begin, close.start() if close else len(folded)


def _values(figures: Sequence[Figure], folded: str, mark: re.Match[str], within: tuple[int, int]) -> list[int]:
    """The indexes of the run of values that the mark speaks of: behind 分别, before "respectively"."""
    chinese = mark[0] != _ENGLISH
    low, high = (mark.end(), within[1]) if chinese else (within[0], mark.start())
    indexes = [index for index, figure in enumerate(figures) if low <= figure.start and figure.end <= high]
    if not chinese:
        indexes = [index for index in indexes if figures[index].kind != "date"]
        return list(reversed(_run(figures, folded, list(reversed(indexes)))))
    while indexes and figures[indexes[0]].kind == "date":
        indexes.pop(0)
    return _run(figures, folded, indexes)


def _run(figures: Sequence[Figure], folded: str, indexes: list[int]) -> list[int]:
    """The first of `indexes` and those that follow it as a list of the same kind."""
    run: list[int] = []
    for index in indexes:
        if run:
            one, other = sorted((figures[run[-1]], figures[index]), key=lambda figure: figure.start)
            if not _BETWEEN.fullmatch(folded[one.end : other.start]):
                break
        run.append(index)
    return run


def _date_runs(dates: Sequence[Figure], folded: str) -> Iterator[list[Figure]]:
    run: list[Figure] = []
    for date in dates:
        if run and not _BETWEEN_DATES.fullmatch(folded[run[-1].end : date.start]):
            yield run
            run = []
        run.append(date)
    if run:
        yield run


def _ranges(dates: Sequence[Figure], folded: str) -> Iterator[tuple[int, int, list[str]]]:
    """Where dates of several years stand as from and to, and the periods between: 2013年末至2016年6月末, of four of them."""
    for first, last in itertools.pairwise(dates):
        if _THROUGH.fullmatch(folded[first.end : last.start]):
            begin, end = str(first.period), str(last.period)
            years = (year_of(end) or 0) - (year_of(begin) or 0)
            if 0 < years <= _LONGEST_RANGE:
                between = (shift_years(begin, later) or begin for later in range(years))
                yield first.start, last.end, [*between, end]


def _spelled_out(run: Sequence[Figure]) -> list[str]:
    """The periods of dates in a row, with a lone range of years as its years, and bare years behind a day as that day of them."""
    periods = [str(date.period) for date in run]
    if len(periods) == 1 and (years := years_of(periods[0])):
        return list(years)
    first_year = year_of(periods[0])
    if is_day(periods[0]) and first_year:
        return [
            shift_years(periods[0], int(period) - first_year) or period if re.fullmatch(r"[0-9]{4}", period) else period
            for period in periods
        ]
    return periods


def _items(folded: str, start: int, mark: re.Match[str], first_value: int, size: int) -> list[tuple[int, int]]:
    """What the values are said of: the `size` things that conjunctions join before the mark, or before the values."""
    high = mark.start() if mark[0] != _ENGLISH else first_value
    opening = [match.end() for match in _BEFORE_ITEMS.finditer(folded, start, high)]
    for begin in (*reversed(opening), start):
        items = _split(folded, begin, high)
        if len(items) == size and all(0 < last - first <= _LONGEST_ITEM for first, last in items):
            return items
        if len(items) > size:
            break
    return []


def _split(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges of what conjunctions join, without the verb and the white space at their ends."""
    verb = _VERB.search(folded, start, end)
    end = verb.start() if verb else end
    marks = [match.span() for match in _ITEMS.finditer(folded, start, end)]
    bounds = zip([start, *(last for _, last in marks)], [*(first for first, _ in marks), end], strict=True)
    return [_stripped(folded, first, last) for first, last in bounds]


def _stripped(folded: str, start: int, end: int) -> tuple[int, int]:
    while start < end and folded[start] in " ,":
        start += 1
    while end > start and folded[end - 1] in " ,":
        end -= 1
    return start, end


def _with_shared_end(items: list[str]) -> list[str]:
    """The items with what the last says for all: 竹南厂, 台中厂的回收率 are 竹南厂的回收率 and 台中厂的回收率."""
    head, of, tail = items[-1].partition("的")
    if of and tail and head and not any("的" in item for item in items[:-1]):
        return [*(f"{item}的{tail}" for item in items[:-1]), items[-1]]
    return items
