"""Which loader reads which file: the only registry."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ingest.errors import IngestError, UnreadableFile, UnsupportedFile
from ingest.loaders.archive import zipped
from ingest.loaders.delimited import delimiter_of, load_delimited
from ingest.loaders.docx import load_docx
from ingest.loaders.epub import load_epub
from ingest.loaders.html import load_html
from ingest.loaders.image import load_image
from ingest.loaders.kinds import HEAD, is_mail, kind_of
from ingest.loaders.mail import attachments, load_mail
from ingest.loaders.markdown import load_markdown
from ingest.loaders.pdf import load_pdf
from ingest.loaders.pptx import load_pptx
from ingest.loaders.text import load_text, text_of
from ingest.loaders.types import Loaded, Loader, Member, OnPage, unheard
from ingest.loaders.xlsx import load_xlsx

LOADERS: dict[str, Loader] = {
    ".txt": load_text,
    ".text": load_text,
    ".md": load_markdown,
    ".markdown": load_markdown,
    ".html": load_html,
    ".csv": load_delimited,
    ".tsv": load_delimited,
    ".pdf": load_pdf,
    ".png": load_image,
    ".jpg": load_image,
    ".tif": load_image,
    ".docx": load_docx,
    ".pptx": load_pptx,
    ".xlsx": load_xlsx,
    ".epub": load_epub,
    ".eml": load_mail,
    ".mht": load_mail,
    ".mhtml": load_mail,
}
UNPACKERS: dict[str, Callable[[Path, bytes], Iterable[Member]]] = {".zip": zipped, ".eml": attachments}
_TEXTS = frozenset((".txt", ".text", ".md", ".markdown", ".html", ".csv", ".tsv", ".eml", ".mht", ".mhtml"))
_SAME = {
    ".htm": ".html", ".xhtml": ".html", ".jpeg": ".jpg", ".tiff": ".tif", ".docm": ".docx", ".dotx": ".docx",
    ".xlsm": ".xlsx", ".xltx": ".xlsx", ".pptm": ".pptx", ".ppsx": ".pptx",
}  # fmt: skip
_MASKS = frozenset((".xls", ".doc", ".ppt"))  # what sites call the HTML and the tables that they export
_NAMES = {
    ".pdf": "a PDF", ".png": "a PNG image", ".jpg": "a JPEG image", ".tif": "a TIFF image", ".docx": "a Word document",
    ".pptx": "a PowerPoint presentation", ".xlsx": "an Excel workbook", ".epub": "an EPUB book", ".zip": "a ZIP archive",
    ".html": "an HTML page", ".csv": "a table of text", ".eml": "a mail", ".txt": "plain text",
}  # fmt: skip
_LARGEST, _LARGEST_TEXT = 400_000_000, 50_000_000  # bytes


def supported() -> tuple[str, ...]:
    """The suffixes that can be read."""
    return tuple(dict.fromkeys((*LOADERS, *UNPACKERS)))


def read_bytes(path: Path, most: int = _LARGEST) -> bytes:
    """The file's bytes; IngestError where it is no file that can be read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnsupportedFile(path, "no regular file", "Name a file, or a folder of files.")
        if about.st_size > most:
            raise UnreadableFile(path, f"{about.st_size:,} bytes", f"Split it into files below {most:,}.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            path, f"cannot be read ({error.strerror})", "Check the path and its permissions."
        ) from error


def readable(path: Path, file: Path) -> bool:
    """Whether a file's name, or how it begins, is that of a format that can be read: what a walk through a folder takes."""
    if _own(path) in LOADERS or path.suffix.lower() in UNPACKERS or path.suffix.lower() in _MASKS:
        return True
    try:
        with file.open("rb") as opened:
            head = opened.read(HEAD)
        kind = kind_of(path, head)
    except (OSError, IngestError):
        return False
    return kind in LOADERS and kind != ".html"


def format_of(path: Path, data: bytes) -> tuple[str, str]:
    """The suffix of the format that a file is in, and a note where its name says another; UnsupportedFile else."""
    own = _own(path)
    kind = kind_of(path, data)
    if kind is None and own not in _TEXTS:
        if own not in LOADERS and own not in UNPACKERS and own not in _MASKS:
            hint = f"Supported are {', '.join(supported())}."
            raise UnsupportedFile(path, f"no loader for {own or 'a file without suffix'}", hint)
        kind = _of_text(path, data)
    kind = kind or own
    if kind not in LOADERS and kind not in UNPACKERS:
        hint = f"Supported are {', '.join(supported())}."
        raise UnsupportedFile(path, f"it is {_NAMES.get(kind, kind)}, for which there is no loader", hint)
    if kind in _TEXTS and len(data) > _LARGEST_TEXT:
        raise UnreadableFile(path, f"{len(data):,} bytes of text", f"Split it into files below {_LARGEST_TEXT:,}.")
    note = (
        "" if kind == own else f"its name says {path.suffix or 'nothing'}, it is {_NAMES.get(kind, kind)}: read as that"
    )
    return kind, note


def in_encoding(path: Path, data: bytes, encoding: str) -> bytes:
    """The bytes of a text file in UTF-8, where its encoding is known; other files as they are."""
    if kind_of(path, data) not in (None, ".html"):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(encoding).removeprefix("\ufeff").encode("utf-8", "replace")
    except UnicodeDecodeError as error:
        found = f"byte {error.start:,} is no text in {encoding}"
        raise UnreadableFile(path, found, "Name another encoding, or none.") from error


def load(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """What the file says, by the loader of the format that it is in."""
    kind, note = format_of(path, data)
    if kind not in LOADERS:
        raise UnsupportedFile(path, f"{_NAMES[kind]}, which is no document itself", "Ingest it, or unpack it first.")
    try:
        loaded = LOADERS[kind](path, data, on_page)
    except UnreadableFile as error:
        if not note:
            raise
        what = (
            f"its name says {path.suffix or 'nothing'}, it is {_NAMES.get(kind, kind)}, and no sound one: {error.found}"
        )
        raise UnsupportedFile(path, what, error.hint) from error
    damaged = loaded.text.count("\ufffd") if kind in _TEXTS else 0
    marked = f"{damaged:,} characters could not be read and are marked \ufffd" if damaged else ""
    notes = tuple(said for said in (note, marked) if said)
    return replace(loaded, notes=(*notes, *loaded.notes)) if notes else loaded


def _own(path: Path) -> str:
    """The suffix of a name, one for each format."""
    suffix = path.suffix.lower()
    return _SAME.get(suffix, suffix)


def _of_text(path: Path, data: bytes) -> str:
    """Which text a file is whose name promises another format."""
    try:
        text = text_of(path, data)
    except UnreadableFile as error:
        found = f"damaged, or no {path.suffix.lower()} file: it begins with {data[:12]!r}"
        raise UnreadableFile(path, found, "Open it, save it again and retry.") from error
    if is_mail(data):
        return ".eml"
    return ".csv" if path.suffix.lower() == ".xls" and delimiter_of(text) else ".txt"
