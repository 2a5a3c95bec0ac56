"""Whether a figure that a sentence claims is a figure of a passage: value, unit, qualifier, and kind; and its period.

Pure functions over Figures. Converted forms are equal (5300万 and 53 million, 1.2 MWh and 1,200 kWh); rounded ones are not.
"""

from __future__ import annotations

from decimal import Decimal

from chat.when import OTHER, WITHIN, agreement
from ingest.periods import covers, same_period
from ingest.types import Figure
from ingest.units import same_unit, unit_family, unit_size

# What translators write for each other: 以上 is "at least", and "over" to most of them.
_TRANSLATED = ({"over", "at_least"}, {"under", "at_most"})
_PRECISE = Decimal("0.0001")  # two thirds is 66.6667 in percent


def unequal(claim: Figure, printed: Figure, *, other_language: bool) -> str:
    """In what a claimed Figure differs from a printed one, the first of kind, value, unit, qualifier; "" in nothing."""
    if not _same_kind(claim, printed):
        return "kind"
    if not _same_value(claim, printed):
        return "value"
    if not counted_in(claim.unit, printed.unit, other_language=other_language):
        return "unit"
    return "" if _same_qualifier(claim, printed, other_language) else "qualifier"


def _same_kind(claim: Figure, printed: Figure) -> bool:
    if claim.kind == printed.kind:
        return True
    kinds = {claim.kind, printed.kind}
    # money whose currency is left out, and 3 months that count as an amount in a table
    return kinds in ({"amount", "money"}, {"amount", "duration"}) and "" in (claim.unit, printed.unit)


def _same_value(claim: Figure, printed: Figure) -> bool:
    ratio = _ratio(claim.unit, printed.unit)
    pairs = [(claim.value, printed.value)]
    if (claim.high is None) != (printed.high is None):
        return False
    if claim.high is not None and printed.high is not None:
        pairs.append((claim.high, printed.high))
    return all(abs(a * ratio - b) <= (_PRECISE if claim.unit == "%" else 0) for a, b in pairs)


def _ratio(claimed: str, printed: str) -> Decimal:
    """How many of the `printed` unit one of the `claimed` is; 1 where the two do not convert."""
    if unit_family(claimed) != unit_family(printed) or unit_family(claimed) == "duration":
        return Decimal(1)
    one, other = unit_size(claimed), unit_size(printed)
    return one / other if one and other else Decimal(1)


def counted_in(claimed: str, printed: str, *, other_language: bool = True) -> bool:
    """Whether what is `claimed` in a unit may be `printed` in another: the same, one that converts, or none."""
    if not claimed or claimed == printed or same_unit(claimed, printed):
        return True  # a unit left out says less, and nothing else
    families = unit_family(claimed), unit_family(printed)
    if not printed:
        return families[0] == "count"
    if families == ("count", "count"):
        return other_language or not (_is_measure(claimed) and _is_measure(printed))
    sizes = unit_size(claimed), unit_size(printed)
    if families == ("mass", "carbon"):
        return sizes[0] == sizes[1]  # tonnes, of what is told elsewhere
    return families[0] == families[1] != "duration" and None not in sizes


def _is_measure(unit: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in unit)


def _same_qualifier(claim: Figure, printed: Figure, other_language: bool) -> bool:
    said = {claim.qualifier, printed.qualifier}
    return len(said) == 1 or (other_language and said in _TRANSLATED)


def in_period(claimed: str | None, printed: str | None, report: str | None) -> bool:
    """Whether a figure `printed` with a period, or without one in a report on the year `report`, is of the `claimed` one."""
    if claimed is None:
        return True
    stated = printed if printed is not None else report
    return stated is None or agreement(claimed, stated) != OTHER


def same_family(one: Figure, other: Figure) -> bool:
    """Whether two Figures could be stated of the same thing, by their kinds and units."""
    families = {unit_family(one.unit), unit_family(other.unit)}
    return one.kind == other.kind and (len(families) == 1 or "" in families)


def dated(claimed: Figure, printed: str) -> bool:
    """Whether a date that is claimed says what a `printed` period says, or less: 2023 for 2023-05."""
    period = claimed.period
    if period is None:
        return False
    return same_period(period, printed) or covers(period, printed) or agreement(period, printed) >= WITHIN
