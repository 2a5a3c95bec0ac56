"""Pages as they look, for Documents whose file is still what it was when it was read."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from chat.ui.source import Picture, Place, page_of
from ingest.read import content_id
from ingest.types import Document

_KEPT = 24  # pictures


class Pictures:
    """Renders pages, and keeps the last ones."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._same: dict[tuple[str, int, int], bool] = {}

    def can_show(self, document: Document) -> bool:
        """Whether the file is one of pages, and is there with the content that was read."""
        path = Path(document.path)
        if path.suffix.lower() != ".pdf" or not path.is_absolute():
            return False
        try:
            state = path.stat()
            key = (document.id, state.st_mtime_ns, state.st_size)
            if key not in self._same:
                self._same[key] = content_id(path.read_bytes()) == document.id
            return self._same[key]
        except OSError:
            return False

    def picture(self, document: Document, place: Place) -> Picture | None:
        """The page of a place, with the place marked where it is on it; None where it cannot be shown."""
        number = place.page or document.page_at(place.start)
        if page_of(document, number) is None:
            return None
        return None
