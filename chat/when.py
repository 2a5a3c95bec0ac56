"""Whether the period that a passage states is the period that a question asks about."""

from __future__ import annotations

from ingest.periods import bounds, covers, is_day, last_day, overlap, same_period

SAME, WITHIN, UNSTATED, OTHER = 1.0, 0.8, 0.4, 0.0


def agreement(asked: str | None, stated: str | None) -> float:
    """How far the `stated` period answers for the `asked` one: SAME, WITHIN, UNSTATED or OTHER.

    A year's end and the year answer for each other, since a stock is stated at the end and a flow over the year. A
    day or a month answers for the year or the part of it that it lies in; a quarter does not answer for its year, nor
    one year for another.
    """
    if asked is None:
        return SAME
    if stated is None:
        return UNSTATED
    if same_period(asked, stated):
        return SAME
    if not bounds(asked) or not bounds(stated):
        return WITHIN if overlap(asked, stated) else OTHER
    if _closes(asked, stated) or _closes(stated, asked):
        return WITHIN
    if covers(asked, stated) and _is_moment(stated):
        return WITHIN
    return OTHER


def _closes(day: str, whole: str) -> bool:
    """Whether `day` is the last day of a `whole` year, half or quarter."""
    return is_day(day) and last_day(whole) == day


def _is_moment(period: str) -> bool:
    """Whether a period is a day or a month: when something happened rather than over what it was counted."""
    found = bounds(period)
    return found is not None and found[0].replace(day=1) == found[1].replace(day=1)
