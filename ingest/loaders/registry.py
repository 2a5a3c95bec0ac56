"""Which loader reads which file: the only registry."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import UnreadableFile, UnsupportedFile
from ingest.loaders.html import load_html
from ingest.loaders.image import load_image
from ingest.loaders.markdown import load_markdown
from ingest.loaders.pdf import load_pdf
from ingest.loaders.text import load_text
from ingest.loaders.types import Loaded, Loader, OnPage, unheard

LOADERS: dict[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".html": load_html,
    ".htm": load_html,
    ".pdf": load_pdf,
    ".png": load_image,
    ".jpg": load_image,
    ".jpeg": load_image,
    ".tif": load_image,
    ".tiff": load_image,
}
_LARGEST = 50_000_000  # bytes


def supported() -> tuple[str, ...]:
    """The suffixes that can be read."""
    return tuple(LOADERS)


def read_bytes(path: Path) -> bytes:
    """The file's bytes; IngestError where it is no file of a supported format that can be read."""
    if path.suffix.lower() not in LOADERS:
        hint = f"Supported are {', '.join(supported())}."
        raise UnsupportedFile(path, f"no loader for {path.suffix or 'a file without suffix'}", hint)
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise UnreadableFile(path, f"{size:,} bytes", f"Split it into files below {_LARGEST:,}.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            path, f"cannot be read ({error.strerror})", "Check the path and its permissions."
        ) from error


def load(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """What the file says, by the loader of its suffix."""
    return LOADERS[path.suffix.lower()](path, data, on_page)
