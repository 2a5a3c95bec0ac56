"""Pages as they look, for Documents whose file is still what it was when it was read.

They are drawn in a child process: a hostile file may bring that down, and the text is shown instead.
"""

from __future__ import annotations

import base64
import multiprocessing
import threading
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from chat.ui.source import Picture, Place, page_of
from ingest.errors import IngestError
from ingest.loaders.registry import supported
from ingest.read import content_id
from ingest.types import Document

_KEPT = 24  # pictures
_SCALE = 1.6  # pixels a point at 100 %
_SECONDS = 20.0


class Pictures:
    """Draws pages, and keeps the last ones. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drawing = threading.Lock()
        self._made: OrderedDict[tuple[str, int, int, int, int], Picture | None] = OrderedDict()
        self._same: dict[tuple[str, int, int], bool] = {}
        self._pool: ProcessPoolExecutor | None = None

    def can_show(self, document: Document) -> bool:
        """Whether the file is one of pages, and is there with the content that was read."""
        path = Path(document.path)
        if path.suffix.lower() != ".pdf" or ".pdf" not in supported():
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
        """The page of a place, with the place marked where it is on it; None where it cannot be drawn."""
        own = document.page_at(place.start)
        number = own if page_of(document, place.page or own) is None else (place.page or own)
        span = (place.start, place.end) if number == own else (0, 0)
        key = (document.id, number, place.zoom, *span)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = self._drawn(document, number, place.zoom / 100 * _SCALE, span)
        with self._lock:
            self._made[key] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made

    def _drawn(self, document: Document, number: int, scale: float, span: tuple[int, int]) -> Picture | None:
        """One page at a time, by one child."""
        with self._drawing:
            try:
                return self._child().submit(_draw, document, number, scale, span).result(_SECONDS)
            except (BrokenProcessPool, TooLate):
                self._end()
                return None
            except (IngestError, OSError):
                return None

    def _child(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        return self._pool

    def warm(self) -> None:
        """Start the child, so that the first page does not wait for it."""
        with self._drawing:
            self._child().submit(_ready)

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.kill()
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the child."""
        self._end()


def _ready() -> None:
    """In the child: load what draws."""
    from ingest.loaders import pdf_pages

    del pdf_pages


def _draw(document: Document, number: int, scale: float, span: tuple[int, int]) -> Picture:
    """In the child: the page as a PNG, and the span's rectangles as shares of it."""
    from ingest.loaders.pdf_pages import page_size, rectangles, render_page

    data = Path(document.path).read_bytes()
    image = render_page(document.path, data, number, scale)
    uri = "data:image/png;base64," + base64.b64encode(image).decode("ascii")
    try:
        found = rectangles(data, document, *span) if span[1] > span[0] else []
    except IngestError:
        found = []
    width, height = page_size(document.path, data, number)
    marks = tuple(
        (one.left / width, one.top / height, (one.right - one.left) / width, (one.bottom - one.top) / height)
        for one in found
        if one.page == number
    )
    return Picture(uri, marks)
