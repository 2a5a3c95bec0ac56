"""The source panel: a Document at the quoted place, as read, as in the file, or as the page looks. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from chat.ui.escape import esc, lines
from chat.ui.words import words_for
from ingest.types import Document, Figure, Page

View = Literal["read", "file", "page"]
_AROUND = 1500  # characters shown on each side of the highlighted span
_LONGEST = 6000  # characters of another page shown
_ZOOMS = (100, 150, 200)


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a Document to look at, and how; `page` is another page than the span's, without highlight."""

    document_id: str
    start: int
    end: int
    view: View | None = None
    page: int | None = None
    zoom: int = 100

    @property
    def reference(self) -> str:
        """The span as the page passes it on: document:start:end."""
        return f"{self.document_id}:{self.start}:{self.end}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it looks: the image as a data URI, and where the span stands on it (left, top, width, height, 0 to 1)."""

    uri: str
    marks: tuple[tuple[float, float, float, float], ...] = ()


def place_of(data: Mapping[str, Any]) -> Place | None:
    """The Place that the page asks for; None where it names none."""
    document_id, _, span = str(data.get("ref", "")).partition(":")
    start, _, end = span.partition(":")
    if not (document_id and start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        return None
    view, page, zoom = data.get("view"), str(data.get("page", "")), str(data.get("zoom", ""))
    return Place(
        document_id,
        int(start),
        int(end),
        view=view if view in get_args(View) else None,
        page=int(page) if page.isdecimal() else None,
        zoom=int(zoom) if zoom.isdecimal() and int(zoom) in _ZOOMS else 100,
    )


def linked_place(parameters: Mapping[str, str], document: Document) -> Place | None:
    """The Place of a deep link (?doc=&page=&start=&end=) in its Document: the sentence's start, or the page."""
    start, end, page = (parameters.get(name, "") for name in ("start", "end", "page"))
    if start.isdecimal() and int(start) < len(document.text):
        high = int(end) if end.isdecimal() and int(end) > int(start) else _line_end(document.text, int(start))
        return Place(document.id, int(start), min(max(high, int(start) + 1), len(document.text)))
    wanted = page_of(document, int(page)) if page.isdecimal() else document.pages[0]
    if wanted is None or wanted.start >= len(document.text):
        return None
    return Place(
        document.id, wanted.start, max(wanted.start + 1, min(_line_end(document.text, wanted.start), wanted.end))
    )


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end > start else len(text)


def page_of(document: Document, number: int) -> Page | None:
    """The page with that number."""
    return next((page for page in document.pages if page.number == number), None)


def hint_html(language: str) -> str:
    """What stands in the panel while nothing is open."""
    return f'<p class="hint">{esc(words_for(language)["hint"])}</p>'


def gone_html(language: str) -> str:
    """What stands in the panel where the document is gone."""
    return f'<p class="hint gone">{esc(words_for(language)["gone"])}</p>'


def source_html(
    document: Document,
    place: Place,
    language: str,
    *,
    figures: Sequence[Figure] = (),
    picture: Picture | None = None,
    has_pictures: bool = False,
) -> str:
    """The panel. `figures` stand in the part shown and lead to their like; `picture` is the page for the view "page"."""
    words = words_for(language)
    view: View = place.view or "read"
    if view == "page" and picture is None:
        view = "read"
    own = document.page_at(place.start)
    number = own if page_of(document, place.page or own) is None else (place.page or own)
    if view == "page" and picture is not None:
        body = _picture(document, picture, number, place.zoom, words)
    elif view == "file":
        body = _as_in_file(document, place, own == number, number)
    else:
        body = _as_read(document, place, figures) if own == number else _page_text(document, number)
    name = esc(f"{words['source']}: {document.name}")
    return (
        f'<div class="page view-{view}" role="region" aria-label="{name}" tabindex="-1">{_header(document, place, number, words)}'
        f'<div class="bar-row">{_views(document, place, view, words, has_pictures=has_pictures)}'
        f"{_pager(document, place, view, number, words)}</div>{body}</div>"
    )


def _header(document: Document, place: Place, number: int, words: dict[str, str]) -> str:
    page = page_of(document, number)
    own = page is None or number == document.page_at(place.start)
    section = document.section_at(place.start if own or page is None else page.start)
    said = words["page"].format(number=number) + (f" · {section}" if section else "")
    link = f"?doc={document.id}&page={number}" + (f"&start={place.start}&end={place.end}" if own else "")
    back = (
        f'<button type="button" class="quiet" data-ref="{esc(place.reference)}" data-view="{place.view or ""}" '
        f'data-zoom="{place.zoom}">{esc(words["back"])}</button>'
    )
    return (
        f"<header><div><b>{esc(document.name)}</b><small>{esc(said)}</small></div><div>{'' if own else back}"
        f'<button type="button" class="copy link" data-link="{esc(link)}" data-done="{esc(words["copied"])}">'
        f"{esc(words['link'])}</button>"
        f'<button type="button" class="close" aria-label="{esc(words["close"])}">×</button></div></header>'
    )


def _views(document: Document, place: Place, view: View, words: dict[str, str], *, has_pictures: bool) -> str:
    """The ways to look at the place that differ here: as read, as in the file, as the page looks."""
    start, end = document.offsets.span(place.start, place.end)
    repaired = document.source_text != document.text
    chosen: list[tuple[View, str]] = [("read", words["as text"] if has_pictures else words["as read"])]
    if repaired and document.source_text[start:end]:
        chosen.append(("file", words["raw"]))
    if has_pictures:
        chosen.insert(0, ("page", words["as page"]))
    if len(chosen) < 2:
        return "<span></span>"
    buttons = (
        f'<button type="button" data-ref="{esc(place.reference)}" data-view="{name}" data-page="{place.page or ""}" '
        f'aria-pressed="{"true" if name == view else "false"}">{esc(said)}</button>'
        for name, said in chosen
    )
    return f'<span class="views" role="group" aria-label="{esc(words["source"])}">{"".join(buttons)}</span>'


def _pager(document: Document, place: Place, view: View, number: int, words: dict[str, str]) -> str:
    """Previous and next page, and zoom where there is a picture."""
    numbers = [page.number for page in document.pages]
    at = numbers.index(number)
    parts: list[str] = []
    if view == "page":
        zoom = _ZOOMS.index(place.zoom)
        for sign, step, name in (("−", zoom - 1, "smaller"), ("+", zoom + 1, "bigger")):
            there = replace(place, zoom=_ZOOMS[step]) if 0 <= step < len(_ZOOMS) else None
            parts.append(_turner(sign, there, number, words[name], view))
    if len(numbers) > 1:
        for sign, step, name in (("‹", at - 1, "before"), ("›", at + 1, "after")):
            there = place if 0 <= step < len(numbers) else None
            parts.append(_turner(sign, there, numbers[step] if there else number, words[name], view))
        said = words["pages"].format(number=number, count=len(numbers))
        parts.insert(-1, f'<span class="where" title="{esc(said)}">{number} / {len(numbers)}</span>')
    return f'<span class="pager">{"".join(parts)}</span>'


def _turner(sign: str, place: Place | None, page: int, name: str, view: View) -> str:
    if place is None:
        return f'<button type="button" aria-label="{esc(name)}" disabled>{sign}</button>'
    return (
        f'<button type="button" data-ref="{esc(place.reference)}" data-view="{view}" data-page="{page}" '
        f'data-zoom="{place.zoom}" aria-label="{esc(name)}" title="{esc(name)}">{sign}</button>'
    )


def shown_range(document: Document, place: Place) -> tuple[int, int]:
    """The part of the text that is shown around a place: within its page, if that has more than the place."""
    page = page_of(document, document.page_at(place.start))
    low, high = (page.start, page.end) if page else (0, len(document.text))
    return max(min(low, place.start), place.start - _AROUND), min(max(high, place.end), place.end + _AROUND)


def _as_read(document: Document, place: Place, figures: Sequence[Figure]) -> str:
    low, high = shown_range(document, place)
    page = page_of(document, document.page_at(place.start))
    first, last = (page.start, page.end) if page else (0, len(document.text))
    start, end = min(place.start, len(document.text)), min(place.end, len(document.text))
    before = _with_figures(document.text, low, start, figures)
    span = _with_figures(document.text, start, end, figures)
    after = _with_figures(document.text, end, high, figures)
    return (
        f'<article tabindex="0">{"… " if low > first else ""}{before}<mark>{span}</mark>{after}'
        f"{' …' if high < last else ''}</article>"
    )


def _with_figures(text: str, low: int, high: int, figures: Sequence[Figure]) -> str:
    """Escaped `text[low:high]`, its figures as links to all of their label: unlike buttons, they run on as words do."""
    parts: list[str] = []
    at = low
    for figure in figures:
        if figure.label and figure.kind != "date" and at <= figure.start and figure.end <= high:
            parts.append(lines(text[at : figure.start]))
            parts.append(
                f'<a class="fig" href="#table" data-label="{esc(figure.label)}" title="{esc(figure.label)}">'
                f"{esc(text[figure.start : figure.end])}</a>"
            )
            at = figure.end
    return "".join([*parts, lines(text[at:high])])


def _as_in_file(document: Document, place: Place, own: bool, number: int) -> str:
    """What the loader found, before any repair."""
    page = page_of(document, number)
    if not own and page is not None:
        low, high = (
            document.offsets.span(page.start, min(page.end, page.start + _LONGEST)) if page.end > page.start else (0, 0)
        )
        return f'<article class="raw" tabindex="0">{lines(document.source_text[low:high])}</article>'
    first, last = shown_range(document, place)
    low, high = document.offsets.span(first, last)
    start, end = document.offsets.span(place.start, place.end)
    source = document.source_text
    return (
        f'<article class="raw" tabindex="0">{lines(source[low:start])}<mark>{lines(source[start:end])}</mark>'
        f"{lines(source[end:high])}</article>"
    )


def _page_text(document: Document, number: int) -> str:
    page = page_of(document, number)
    text = document.text[page.start : min(page.end, page.start + _LONGEST)] if page else ""
    return f'<article tabindex="0">{lines(text)}</article>'


def _picture(document: Document, picture: Picture, number: int, zoom: int, words: dict[str, str]) -> str:
    marks = "".join(
        f'<i style="left:{left:.3%};top:{top:.3%};width:{width:.3%};height:{height:.3%}"></i>'
        for left, top, width, height in picture.marks
    )
    alt = esc(words["picture"].format(name=document.name, number=number))
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{alt}"><div class="sheet" style="width:{zoom}%">'
        f'<img src="{esc(picture.uri)}" alt="{alt}">{marks}</div></div>'
    )
