"""Plain text."""

from __future__ import annotations

from pathlib import Path

from ingest.encoding import UndecodableBytes, decode
from ingest.errors import UnreadableFile, UnsupportedFile
from ingest.loaders.types import Loaded, OnPage, unheard

_BINARY = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip file"),
)


def load_text(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The file's text; form feeds begin pages."""
    text = text_of(path, data)
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\f" and at + 1 < len(text))]
    return Loaded(text, page_starts=tuple(starts))


def text_of(path: Path, data: bytes) -> str:
    """The bytes as text, whatever their encoding; UnsupportedFile where they are another kind of file."""
    for mark, name in _BINARY:
        if data.startswith(mark):
            raise UnsupportedFile(
                path, f"the name says text, the content is {name}", "Give it the suffix of its format."
            )
    try:
        return decode(data)
    except UndecodableBytes as error:
        raise UnreadableFile(path, f"found {error}", "Save it as UTF-8 text and ingest it again.") from error
