"""The figure gate: nothing reaches the reader that no Quote supports.

It checks, and does not mend: an Answer that does not pass is replaced by one that shows its Quotes alone, or by
"not found" where the Quotes themselves are not what the Document says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from chat.types import Answer, Quote
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.types import Document, Figure

_MARK = re.compile(r"\[\d+\]")


def violations(answer: Answer, document: Callable[[str], Document]) -> list[str]:
    """What the Answer says that its Quotes do not: one line each, none where it may be shown."""
    faults = [fault for quote in (*answer.quotes, *answer.related) for fault in _unquoted(quote, document)]
    quotes = {quote.number: quote for quote in answer.quotes}
    for shown in answer.figures:
        quote = quotes.get(shown.quote)
        figure = shown.figure
        if quote is None or not quote.start <= figure.start <= figure.end <= quote.end:
            faults.append(f"figure {figure.text!r} does not stand in quote {shown.quote}")
        elif quote.text[figure.start - quote.start : figure.end - quote.start] != figure.text:
            faults.append(f"figure {figure.text!r} is not what quote {shown.quote} says at its place")
    if answer.found and not answer.writer:  # what a model writes is judged sentence by sentence: chat.llm_gate
        faults.extend(_unsupported(answer))
    return faults


def _unquoted(quote: Quote, document: Callable[[str], Document]) -> Iterable[str]:
    source = document(quote.document_id)
    if source.text[quote.start : quote.end] != quote.text:
        yield f"quote {quote.number} is not what {source.name} says at {quote.start}-{quote.end}"
    elif source.offsets.span(quote.start, quote.end) != (quote.source_start, quote.source_end):
        yield f"quote {quote.number} does not lead back to the file's own characters"


def _unsupported(answer: Answer) -> Iterable[str]:
    """Each figure that `direct` or `text` states and neither a Quote nor the question does."""
    supported = {value for quote in answer.quotes for value in _values(find_figures(quote.text))}
    supported |= _values(find_figures(answer.question))
    supported |= _values(shown.figure for shown in answer.figures)  # of a cell, its heads have the unit and the scale
    quoted = [fold(form) for quote in answer.quotes for form in (quote.text, " ".join(quote.text.split()))]
    for said in (answer.direct, answer.text):
        for figure in find_figures(_MARK.sub("", said)):
            if not _values([figure]) <= supported and not any(_stands(fold(figure.text), text) for text in quoted):
                yield f"{figure.text!r} stands in no quote"


def _stands(figure: str, quote: str) -> bool:
    """Whether a folded figure stands in a folded quote, not as a part of a longer number."""
    return bool(re.search(rf"(?<![0-9.,]){re.escape(figure)}(?![0-9]|[.,][0-9])", quote))


def _values(figures: Iterable[Figure]) -> set[str]:
    """The figures as comparable values: 5300万 and 53 million are one, dates are compared by what they mean."""
    found: set[str] = set()
    for figure in figures:
        if figure.kind == "date":
            found.add(figure.period or figure.text)
        else:
            found.update(
                format(number.normalize(), "f") for number in (figure.value, figure.high) if number is not None
            )
    return found
