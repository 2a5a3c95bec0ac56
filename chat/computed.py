"""Computed values in a written sentence: whether its formulas hold, and rest on figures of what it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chat.claims import counted_in
from chat.formula import Formula, Quantity
from chat.grounds import Support
from chat.senses import CHANGES, senses
from chat.written import Passage, Sentence
from ingest.types import Figure, Span
from ingest.units import same_unit


def formula_faults(sentence: Sentence, found: Sequence[Formula], cited: Sequence[Passage]) -> Iterator[str]:
    """Why a formula may not stand: it does not compute, an operand is no figure of what is cited, or it goes the other way."""
    for formula in found:
        shown = sentence.text[formula.start : formula.end]
        if formula.fault:
            yield f"{shown}: {formula.fault}"
        printed = [_operand(operand, cited) for operand in formula.operands]
        for operand, figures in zip(formula.operands, printed, strict=True):
            if not figures:
                yield f"{operand.value:f} of {shown} is no figure of what it cites"
        about = re.search(r"[≈约]|about|over|超|近", sentence.folded[formula.result_at - 8 : formula.end])
        if not about and any(figures and all(one.qualifier for _, one in figures) for figures in printed):
            yield f"{shown}: a result of figures that are not exact must say so"
        said = senses(sentence.without_figures) & set(CHANGES)
        if (
            formula.grows
            and len(said) == 1
            and _later(printed[0], printed[1]) * formula.grows * (1 if said == {"rise"} else -1) < 0
        ):
            yield f"{shown}: it goes the other way"


def _later(one: Sequence[tuple[int, Figure]], other: Sequence[tuple[int, Figure]]) -> int:
    """+1 where the first figure is of a later period than the second, -1 where of an earlier, 0 where that is not known."""
    periods = [{figure.period[:4] for _, figure in figures if figure.period} for figures in (one, other)]
    if not all(len(years) == 1 for years in periods):
        return 0
    a, b = (years.pop() for years in periods)
    return (a > b) - (a < b)


def _operand(operand: Quantity, cited: Sequence[Passage]) -> list[tuple[int, Figure]]:
    """The figures of what is cited that an operand may be, with the numbers of their passages."""
    return [
        (passage.number, figure)
        for passage in cited
        for figure in passage.figures
        if figure.kind not in ("date", "ordinal", "rank")
        and figure.value == operand.value
        and counted_in(operand.unit, figure.unit)
    ]


def operands(formula: Formula, cited: Sequence[Passage]) -> Iterator[Support]:
    """Where the operands of a formula stand."""
    by_number = {passage.number: passage for passage in cited}
    for operand in formula.operands:
        for number, figure in _operand(operand, cited)[:1]:
            yield Support(number, Span(*by_number[number].sentence_of(figure.start)), figure)


def computed(figure: Figure, found: Iterable[Formula]) -> bool:
    """Whether a figure stands in a formula, or is the result of one, said again."""
    return any(
        (formula.start <= figure.end - 1 and figure.start < formula.end)
        or (formula.result.value == figure.value and figure.high is None and _in_unit(formula, figure))
        for formula in found
    )


def _in_unit(formula: Formula, figure: Figure) -> bool:
    plain = not formula.result.unit and figure.unit in ("倍", "times")
    return plain or same_unit(formula.result.unit, figure.unit) or formula.result.unit == figure.unit
