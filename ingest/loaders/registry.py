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
from ingest.problems import Problem, problem

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


def no_loader(suffix: str) -> Problem:
    """What is wrong with a file whose suffix none of those that can be read has; "" for one without."""
    return problem("no loader" if suffix else "no suffix", suffix=suffix, supported=", ".join(supported()))


def read_bytes(path: Path, most: int = _LARGEST) -> bytes:
    """The file's bytes; IngestError where it is no file that can be read."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise UnsupportedFile(path, "no file")
        if about.st_size > most:
            raise UnreadableFile(path, "large", size=about.st_size, most=most)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path, "unreadable", why=error.strerror) from error


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
            raise UnsupportedFile(path, no_loader(own))
        kind = _of_text(path, data)
    kind = kind or own
    if kind not in LOADERS and kind not in UNPACKERS:
        name = _NAMES.get(kind, kind)
        raise UnsupportedFile(path, "unknown", kind=kind, name=name, supported=", ".join(supported()))
    if kind in _TEXTS and len(data) > _LARGEST_TEXT:
        raise UnreadableFile(path, "large text", size=len(data), most=_LARGEST_TEXT)
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
        raise UnreadableFile(path, "other encoding", at=error.start, encoding=encoding) from error


def load(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """What the file says, by the loader of the format that it is in."""
    kind, note = format_of(path, data)
    if kind not in LOADERS:
        raise UnsupportedFile(path, "archive", kind=kind, name=_NAMES[kind])
    try:
        loaded = LOADERS[kind](path, data, on_page)
    except UnreadableFile as error:
        if not note:
            raise
        said = {"suffix": path.suffix or "nothing", "kind": kind, "name": _NAMES.get(kind, kind)}
        why = error.problem
        raise UnsupportedFile(path, "misnamed", **said, found=why.found, hint=why.hint) from error
    damaged = loaded.text.count("\ufffd") if kind in _TEXTS else 0
    marked = f"{damaged:,} characters could not be read and are marked \ufffd" if damaged else ""
    notes = tuple(said for said in (note, marked) if said)
    return replace(loaded, notes=(*notes, *loaded.notes)) if notes else loaded


def is_text(path: Path) -> bool:
    """Whether a file's name says that it is text, in one of the formats that are."""
    return _own(path) in _TEXTS


def _own(path: Path) -> str:
    """The suffix of a name, one for each format."""
    suffix = path.suffix.lower()
    return _SAME.get(suffix, suffix)


def _of_text(path: Path, data: bytes) -> str:
    """Which text a file is whose name promises another format."""
    try:
        text = text_of(path, data)
    except UnreadableFile as error:
        begin = repr(data[:12])
        raise UnreadableFile(path, "other begin", suffix=path.suffix.lower(), begin=begin) from error
    if is_mail(data):
        return ".eml"
    return ".csv" if path.suffix.lower() == ".xls" and delimiter_of(text) else ".txt"
