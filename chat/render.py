"""Answers and conversations as HTML. Pure functions; every character of a document or a question is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote as in_url

from chat.conversation import Conversation, Turn, plain_text
from chat.express import express, said_period, script
from chat.series import Point, change
from chat.types import Answer, Quote, QuotedFigure
from chat.ui.chart import columns
from chat.ui.escape import esc, lines
from chat.ui.words import TAGS, words_for
from ingest.types import Figure

_UNSURE = 0.7  # below this the reader is told to check
SHOWN = 12  # turns shown at first, and at each "earlier"
_LONG = 36  # characters from which a direct answer is a sentence rather than a headline
_SCALED = r"(?:[%％‰]|万亿|萬億|[万亿萬億千百]|[ ](?:trillion|billion|million|thousand)\b)"
_NUMBER = re.compile(rf"(?<![A-Za-z])[\d０-９][\d０-９,，]*(?:[.．][\d０-９]+)?(?:{_SCALED})*")
_MARK = re.compile(r"\[(\d{1,3})\]")
_THUMB = (
    '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M7 10v10H4V10h3Zm0 0 4-7c1.5 0 2.6 1.2 2.3 '
    '2.7L12.7 9H18a2 2 0 0 1 2 2.3l-1.1 7A2 2 0 0 1 17 20H7"/></svg>'
)
_REASONS = ("figure", "quote", "missing", "other")


def question_html(question: str) -> str:
    """The reader's question."""
    shown = question if len(question) <= 600 else question[:600] + "…"
    return f'<div class="asked"><p>{lines(shown)}</p></div>'


def waiting_html(language: str, ahead: int = 0) -> str:
    """What stands where the answer will be; `ahead` others are answered before."""
    words = words_for(language)
    said = words["waiting"].format(count=ahead) if ahead else words["working"]
    return f'<div class="answer waiting" aria-busy="true"><p class="status">{esc(said)}</p><span></span><span></span></div>'


def talk_html(conversation: Conversation, language: str, *, shown: int = SHOWN, live: str = "") -> str:
    """The last `shown` turns, and `live`, the turn that is being answered."""
    turns = conversation.turns
    first = max(len(turns) - shown, 0)
    words = words_for(language)
    parts = []
    if first:
        said = esc(words["earlier"].format(count=first))
        parts.append(f'<button type="button" class="earlier" data-act="earlier">{said}</button>')
    last = len(turns) - 1 if not live else -1
    parts += [
        turn_html(number, turn, language, last=number == last) for number, turn in enumerate(turns[first:], first)
    ]
    if live:
        parts.append(f'<article class="turn live">{live}</article>')
    return "".join(parts)


def turn_html(number: int, turn: Turn, language: str, *, last: bool = False) -> str:
    """One question with its answer and what can be done about it."""
    return (
        f'<article class="turn" data-turn="{number}">{question_html(turn.question)}'
        f"{answer_html(turn.answer, language, points=turn.points, tools=_tools(number, turn, language, last=last))}</article>"
    )


def answer_html(answer: Answer, language: str | None = None, *, points: Sequence[Point] = (), tools: str = "") -> str:
    """An Answer as a card: the direct answer, then the quotes with citation chips; or what is missing."""
    words = words_for(answer.language)
    name = esc(words_for(language or answer.language)["answer"])
    opening = f'<section class="answer{{}}" lang="{TAGS.get(answer.language, "en")}" aria-label="{name}">'
    if not answer.found:
        return opening.format(" none") + _understood(answer, words) + _not_found(answer, words) + tools + "</section>"
    parts = [opening.format(" found"), _understood(answer, words), _direct(answer), _written(answer, words)]
    parts += [_context(answer, words), _by_year(answer, tuple(points), words)]
    if answer.confidence < _UNSURE:
        parts.append(f'<p class="unsure">{esc(words["unsure"])}</p>')
    parts += [_quote_html(quote, answer, words) for quote in answer.quotes]
    if answer.missing and not answer.writer:
        parts.append(f'<p class="partly">{esc(answer.text.splitlines()[-1])}</p>')
    parts.append(tools)
    return "".join(parts) + "</section>"


def written_html(text: str, language: str) -> str:
    """An answer while a language model writes it."""
    name = esc(words_for(language)["answer"])
    return f'<section class="answer writing" aria-busy="true" aria-label="{name}"><p class="written">{lines(text)}</p></section>'


def _understood(answer: Answer, words: dict[str, str]) -> str:
    """The question as it was understood, where it leaned on earlier ones; and why a model did not write."""
    said = words["understood"].format(question=answer.standalone) if answer.standalone else ""
    return "".join(f'<p class="note">{esc(line)}</p>' for line in (said, answer.notice) if line)


def _written(answer: Answer, words: dict[str, str]) -> str:
    """What a language model wrote, its marks as chips, and what of it was left out."""
    if not answer.writer:
        return ""
    quotes = {str(quote.number): quote for quote in answer.quotes}
    parts = [
        _chip(quotes[piece], words) if odd and piece in quotes else lines(f"[{piece}]" if odd else piece)
        for odd, piece in ((at % 2, piece) for at, piece in enumerate(_MARK.split(answer.text)))
    ]
    below = words["written by"].format(name=answer.writer)
    out = "".join(f"<li>{esc(one.text)} <small>{esc(one.reason)}</small></li>" for one in answer.left_out)
    said = words["left out"].format(count=len(answer.left_out))
    held = f'<details class="printed"><summary>{esc(said)}</summary><ul>{out}</ul></details>' if out else ""
    return f'<p class="written">{"".join(parts)}</p><p class="note">{esc(below)}</p>{held}'


def _direct(answer: Answer) -> str:
    """The direct answer with its numbers large; a sentence, or several answers, in the size of text."""
    form = " long" if len(answer.direct) > _LONG else ""
    return f'<p class="direct{form}">{_numbered(answer.direct)}</p>'


def _numbered(text: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        parts += [esc(text[at : match.start()]), f'<b class="number">{esc(match[0])}</b>']
        at = match.end()
    return "".join([*parts, esc(text[at:])])


def _context(answer: Answer, words: dict[str, str]) -> str:
    """What the figures count and when, as a line for one and a table for several."""
    figures = [shown for shown in answer.figures if shown.figure.kind != "date"]
    if len({shown.figure.text for shown in figures}) > 1:
        heads = "".join(f'<th scope="col">{esc(words[f"column {name}"])}</th>' for name in ("label", "value", "period"))
        rows = "".join(_figure_row(shown, answer.language) for shown in figures)
        return f'<table class="figures"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
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
    value = _numbered(script(figure.text, language)) + (f" <small>{esc(said)}</small>" if said else "")
    label, period = script(figure.label, language), said_period(figure.period, language)
    return f'<tr><th scope="row">{esc(label)}</th><td>{value}</td><td>{esc(period)}</td></tr>'


def _by_year(answer: Answer, points: tuple[Point, ...], words: dict[str, str]) -> str:
    """The first figure by year: the change in words, and a small chart."""
    if len(points) < 2 or not answer.figures:
        return ""
    figure = answer.figures[0].figure
    own = next((at for at, point in enumerate(points) if point.figure == figure), -1)
    values = [(point.year, _short(point.figure, answer.language), point.figure.value) for point in points]
    name = f"{words['series']}, {script(figure.label, answer.language)}"
    said = _changed(points, figure, answer.language, words)
    caption = f"<figcaption>{esc(said)}</figcaption>" if said else ""
    return f'<figure class="series">{columns(values, name, own)}{caption}</figure>'


def _short(figure: Figure, language: str) -> str:
    match = _NUMBER.search(figure.text)
    minus = "−" if match and figure.value < 0 else ""
    return minus + script(match[0] if match else figure.text, language)[:10]


def _changed(points: tuple[Point, ...], figure: Figure, language: str, words: dict[str, str]) -> str:
    found = change(points, figure)
    if found is None:
        return ""
    ahead = found.earlier.figure == figure
    other = found.later if ahead else found.earlier
    period = said_period(other.figure.period, language)
    if not found.value:
        return words["same"].format(period=period)
    amount = f"{_rounded(abs(found.value))}"
    value = words["points"].format(value=amount) if found.points else f"{amount}%"
    if not found.exact:
        value = words["about"].format(value=value)
    more = found.value > 0
    if ahead:
        return words["next more" if more else "next less"].format(period=period, value=value)
    way = ("higher" if more else "lower") if found.points else ("more" if more else "less")
    return words[way].format(period=period, value=value)


def _rounded(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value < 1 else f"{value:.1f}".rstrip("0").rstrip(".")


def _quote_html(quote: Quote, answer: Answer, words: dict[str, str]) -> str:
    """A Quote in the reader's script, its figures emphasised; as printed, where that differs, a click away."""
    marked = [shown.figure for shown in answer.figures if shown.quote == quote.number]
    shown = script(quote.text, answer.language)
    body = _marked(shown, quote.start, marked)
    place = f"{quote.document} · {words['page'].format(number=quote.page)}"
    if quote.section:
        place += f" · {script(quote.section, answer.language)}"
    printed = (
        f'<details class="printed"><summary>{esc(words["original"])}</summary><p>{lines(quote.text)}</p></details>'
        if shown != quote.text
        else ""
    )
    return f"<blockquote><p>{body} {_chip(quote, words)}</p><footer>{esc(place)}</footer>{printed}</blockquote>"


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
            parts += [lines(text[at:low]), f"<b>{esc(text[low:high])}</b>"]
            at = high
    return "".join([*parts, lines(text[at:])])


def _not_found(answer: Answer, words: dict[str, str]) -> str:
    parts = [f'<p class="direct">{esc(words["none"])}</p><p class="missing">{esc(answer.text)}</p>']
    if answer.related:
        parts.append(f"<h3>{esc(words['related'])}</h3>")
        parts += [_quote_html(quote, answer, words) for quote in answer.related]
    return "".join(parts)


def _tools(number: int, turn: Turn, language: str, *, last: bool) -> str:
    """Copy, link, edit and judge; asking again for the last turn alone, which nothing leans on yet."""
    words = words_for(language)
    parts = []
    if turn.answer.text:
        parts.append(
            f'<button type="button" class="copy" data-text="{esc(plain_text(turn.answer))}" '
            f'data-done="{esc(words["copied"])}">{esc(words["copy"])}</button>'
        )
    link = f"?q={in_url(turn.question)}"
    parts.append(
        f'<button type="button" class="copy link" data-link="{esc(link)}" '
        f'data-done="{esc(words["copied"])}">{esc(words["link"])}</button>'
    )
    parts.append(_button("edit", number, words["edit"]))
    if last:
        parts.append(_button("retry", number, words["retry"]))
    parts.append('<span class="judge">')
    for verdict, name in (("up", "good"), ("down", "bad")):
        pressed = "true" if turn.verdict == verdict else "false"
        parts.append(
            f'<button type="button" class="thumb" data-act="{verdict}" data-turn="{number}" aria-pressed="{pressed}" '
            f'aria-label="{esc(words[name])}" title="{esc(words[name])}">{_THUMB}</button>'
        )
    parts.append("</span>")
    return f'<div class="tools">{"".join(parts)}</div>{_why(number, turn, words)}'


def _button(act: str, number: int, said: str) -> str:
    return f'<button type="button" data-act="{act}" data-turn="{number}">{esc(said)}</button>'


def _why(number: int, turn: Turn, words: dict[str, str]) -> str:
    """What is asked of a reader who did not like the answer."""
    if turn.said_why or turn.verdict == "up":
        return f'<p class="thanks" role="status">{esc(words["thanks"])}</p>'
    if turn.verdict != "down":
        return ""
    buttons = "".join(
        f'<button type="button" data-act="why" data-turn="{number}" data-reason="{reason}">'
        f"{esc(words[f'reason {reason}'])}</button>"
        for reason in _REASONS
    )
    return f'<div class="why" role="group" aria-label="{esc(words["why"])}"><span>{esc(words["why"])}</span>{buttons}</div>'


__all__ = ["answer_html", "esc", "plain_text", "question_html", "talk_html", "turn_html", "waiting_html"]
