"""What the panel beside the page does: it opens a place in a Document, as text or as a picture of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat.ui.picture import Pictures
from chat.ui.source import Place, gone_html, hint_html, linked_place, place_of, shown_range, source_html
from index.errors import LibraryError
from index.library import Library
from ingest.types import Document


class Panel:
    """The panel over one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._pictures = Pictures()

    def warm(self) -> None:
        """Be ready to show pages of PDFs, where there are any."""
        if any(info.name.lower().endswith(".pdf") for info in self._library.each_document()):
            self._pictures.warm()

    def source(self, data: Mapping[str, Any], language: str) -> str:
        """The panel for what the page names; the hint where it names nothing."""
        place = place_of(data)
        if place is None:
            return hint_html(language)
        try:
            document = self._library.document(place.document_id)
        except LibraryError:
            return gone_html(language)
        return self._panel(document, place, language)

    def linked(self, parameters: Mapping[str, str], language: str) -> str:
        """The panel for a deep link: ?doc=&page=&start=."""
        wanted = parameters.get("doc", "")
        info = next((info for info in self._library.documents() if wanted and wanted in (info.id, info.name)), None)
        if info is None:
            return gone_html(language) if wanted else hint_html(language)
        document = self._library.document(info.id)
        place = linked_place(parameters, document)
        return self._panel(document, place, language) if place else gone_html(language)

    def _panel(self, document: Document, place: Place, language: str) -> str:
        if place.start >= len(document.text):
            return gone_html(language)
        place = replace(place, end=min(place.end, len(document.text)))
        has_pictures = self._pictures.can_show(document)
        if has_pictures and place.view is None:
            place = replace(place, view="page")
        picture = self._pictures.picture(document, place) if has_pictures and place.view == "page" else None
        low, high = shown_range(document, place)
        figures = [figure for _, figure in self._library.figures(document.id, low, high)]
        return source_html(document, place, language, figures=figures, picture=picture, has_pictures=has_pictures)

    def close(self) -> None:
        """Draw no more pages."""
        self._pictures.close()
