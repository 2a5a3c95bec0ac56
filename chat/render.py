"""Answers and sources as HTML. Pure functions; every character of a document or a question is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from chat.express import express, said_period, script
from chat.types import Answer, Quote, QuotedFigure
from chat.ui.words import words_for
from ingest.types import Document, Figure

_AROUND = 700  # characters shown on each side of a highlighted span
_UNSURE = 0.7  # below this the reader is told to check


def esc(text: str) -> str:
    """`text` so that no browser, template or Markdown reader sees anything but text."""
    return "".join(_ENTITIES.get(char, char) for char in escape(text, quote=True))


_ENTITIES = {char: f"&#{ord(char)};" for char in "`${}[]\\*_~|"}


def question_html(question: str) -> str:
    """The reader's question."""
    shown = question if len(question) <= 600 else question[:600] + "…"
    return f'<div class="turn asked"><p>{esc(shown)}</p></div>'


def waiting_html() -> str:
    """What stands where the answer will be."""
    return '<div class="turn answer waiting" aria-busy="true"><span></span><span></span></div>'


def answer_html(answer: Answer, language: str | None = None, *, brief: bool = False) -> str:
    """An Answer as a card: the direct answer, then the quotes with citation chips; or what is missing."""
    words = words_for(language or answer.language)
    if not answer.found:
        return _not_found(answer, words)
    parts = [
        '<div class="turn answer" lang="' + esc(answer.language) + '">',
        f'<p class="direct">{esc(answer.direct)}</p>',
    ]
    if not brief:
        parts.append(_context(answer))
        if answer.confidence < _UNSURE:
            parts.append(f'<p class="unsure">{esc(words["unsure"])}</p>')
        parts += [_quote_html(quote, answer.figures, words) for quote in answer.quotes]
        if answer.missing:
            parts.append(f'<p class="partly">{esc(answer.text.splitlines()[-1])}</p>')
        parts.append(_copy(answer, words))
    return "".join(parts) + "</div>"


def _copy(answer: Answer, words: dict[str, str]) -> str:
    return (
        f'<div class="tools"><button type="button" class="copy" data-text="{esc(plain_text(answer))}" '
        f'data-done="{esc(words["copied"])}">{esc(words["copy"])}</button></div>'
    )


def _context(answer: Answer) -> str:
    """What the figures count and when, as a line for one and a table for several."""
    figures = [shown for shown in answer.figures if shown.figure.kind != "date"]
    if len(figures) > 1 and len({shown.figure.text for shown in figures}) > 1:
        return (
            '<table class="figures"><tbody>'
            + "".join(_figure_row(shown, answer.language) for shown in figures)
            + "</tbody></table>"
        )
    pieces = [
        piece
        for shown in figures[:1]
        for piece in (script(shown.figure.label, answer.language), said_period(shown.figure.period, answer.language))
        if piece
    ]
    return f'<p class="counts">{esc(" · ".join(pieces))}</p>' if pieces else ""


def _figure_row(shown: QuotedFigure, language: str) -> str:
    figure = shown.figure
    said = express(figure, language) if language == "en" else ""
    cells = (script(figure.label, language), figure.text, said, said_period(figure.period, language))
    return "<tr>" + "".join(f"<td>{esc(cell)}</td>" for cell in cells if cell is not None) + "</tr>"


def _quote_html(quote: Quote, figures: Sequence[QuotedFigure], words: dict[str, str]) -> str:
    marked = [shown.figure for shown in figures if shown.quote == quote.number]
    body = _marked(quote.text, quote.start, marked)
    place = f"{quote.document} · {words['page'].format(number=quote.page)}" + (
        f" · {quote.section}" if quote.section else ""
    )
    return f"<blockquote><p>{body} {_chip(quote, words)}</p><footer>{esc(place)}</footer></blockquote>"


def _chip(quote: Quote, words: dict[str, str]) -> str:
    reference = esc(f"{quote.document_id}:{quote.start}:{quote.end}")
    label = esc(words["open"].format(number=quote.number))
    return f'<button type="button" class="cite" data-ref="{reference}" aria-label="{label}">{quote.number}</button>'


def _marked(text: str, start: int, figures: Sequence[Figure]) -> str:
    """Escaped text with its figures emphasised."""
    parts: list[str] = []
    at = 0
    for figure in sorted(figures, key=lambda figure: figure.start):
        low, high = figure.start - start, figure.end - start
        if low >= at:
            parts += [esc(text[at:low]), f"<b>{esc(text[low:high])}</b>"]
            at = high
    return "".join([*parts, esc(text[at:])])


def _not_found(answer: Answer, words: dict[str, str]) -> str:
    parts = [
        '<div class="turn answer none" lang="' + esc(answer.language) + '">',
        f'<p class="direct">{esc(words["none"])}</p>',
    ]
    parts.append(f"<p>{esc(answer.text)}</p>")
    if answer.related:
        parts.append(f"<h3>{esc(words['related'])}</h3>")
        parts += [_quote_html(quote, (), words) for quote in answer.related]
    return "".join(parts) + "</div>"


def source_html(document: Document, start: int, end: int, language: str) -> str:
    """The Document around `start:end`, which is highlighted; with the file's own characters where they differ."""
    words = words_for(language)
    low, high = max(0, start - _AROUND), min(len(document.text), end + _AROUND)
    citation = document.cite(start)
    before, span, after = document.text[low:start], document.text[start:end], document.text[end:high]
    source = document.source_text[slice(*document.offsets.span(start, end))]
    place = words["page"].format(number=citation.page) + (f" · {citation.section}" if citation.section else "")
    raw = f"<details><summary>{esc(words['raw'])}</summary><p>{esc(source)}</p></details>" if source != span else ""
    return (
        f'<div class="page" role="region" aria-label="{esc(words["source"])}"><header><div><b>{esc(document.name)}</b>'
        f"<small>{esc(place)}</small></div>"
        f'<button type="button" class="close" aria-label="{esc(words["close"])}">×</button></header>'
        f"<article>{'… ' if low else ''}{_lines(before)}<mark>{_lines(span)}</mark>{_lines(after)}{' …' if high < len(document.text) else ''}"
        f"</article>{raw}</div>"
    )


def _lines(text: str) -> str:
    return esc(text).replace("\n", "<br>")


def plain_text(answer: Answer) -> str:
    """The Answer with its sources, to paste elsewhere."""
    lines = [answer.text]
    lines += [
        f"[{quote.number}] {quote.document}, p. {quote.page}, {quote.source_start}-{quote.source_end}"
        for quote in answer.quotes
    ]
    return "\n".join(lines)
