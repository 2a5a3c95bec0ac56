"""Plain text."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.encoding import UndecodableBytes, decode
from ingest.errors import UnreadableFile
from ingest.loaders.plain_tables import aligned_rows
from ingest.loaders.types import Loaded, OnPage, unheard

_FORM_FEED = re.compile("\f")


def load_text(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The file's text; form feeds begin pages, and lines with the same gaps are tables."""
    text = text_of(path, data)
    starts = [0, *(match.end() for match in _FORM_FEED.finditer(text) if match.end() < len(text))]
    return Loaded(text, page_starts=tuple(starts), rows=aligned_rows(text))


def text_of(path: Path, data: bytes) -> str:
    """The bytes as text, whatever their encoding; UnreadableFile where they are none."""
    try:
        return decode(data)
    except UndecodableBytes as error:
        raise UnreadableFile(path, "no text", why=error) from error
