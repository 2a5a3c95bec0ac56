"""What a file is, by what is in it as well as by its suffix."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from ingest.errors import EncryptedFile, UnsupportedFile

HEAD = 4096  # bytes that tell most kinds
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3\0", "a database"),
)
_HTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)  # fmt: skip
_MAIL = re.compile(rb"^(?:[A-Za-z-]{2,40}: ?[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3,}", re.MULTILINE)
_PARTS = ((b"wordprocessingml", ".docx"), (b"presentationml", ".pptx"), (b"sheet.binary", "xlsb"), (b"spreadsheetml", ".xlsx"))  # fmt: skip
_OLD = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pptx", ".wps": ".docx", ".et": ".xlsx", ".dps": ".pptx"}


def kind_of(path: Path, data: bytes) -> str | None:
    """The suffix of the format that the bytes are in; None where they may be text of any sort, or nothing known.

    The first `HEAD` bytes are enough to tell all but the formats that are ZIP archives. UnsupportedFile and
    EncryptedFile where they are a known format that cannot be read.
    """
    zipped = data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))
    if b"%PDF-" in data[:1024] and not zipped:  # which may hold a PDF as it is
        return ".pdf"
    for mark, suffix in _MAGIC:
        if data.startswith(mark):
            return suffix
    if zipped:
        return _zipped(path, data)
    if data.startswith(_OLD_OFFICE):
        raise _old_office(path, data)
    for mark, name in _FOREIGN:
        if data.startswith(mark) and not (mark == b"MZ" and b"\0" not in data[:HEAD]):
            raise UnsupportedFile(path, "foreign", name=name)
    if _HTML.search(data[:HEAD]):
        return ".html"
    return None


def is_mail(data: bytes) -> bool:
    """Whether the bytes begin as a mail does."""
    head = data[:HEAD]
    return bool(_MAIL.match(head)) and b"mime-version:" in head.lower()


def _zipped(path: Path, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            about = "[Content_Types].xml" if "[Content_Types].xml" in names else "mimetype"
            if about not in names:
                return ".zip"
            with archive.open(about) as part:
                said = part.read(1_000_000)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return path.suffix.lower() if path.suffix.lower() in (".docx", ".pptx", ".xlsx", ".epub") else ".zip"
    if about == "mimetype":
        if b"epub" in said:
            return ".epub"
        if b"opendocument" in said:
            raise UnsupportedFile(path, "open document")
        return ".zip"
    for mark, suffix in _PARTS:
        if mark in said:
            if not suffix.startswith("."):
                raise UnsupportedFile(path, "binary workbook")
            return suffix
    return ".zip"


def _old_office(path: Path, data: bytes) -> UnsupportedFile | EncryptedFile:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return EncryptedFile(path, "locked")
    new = _OLD.get(path.suffix.lower(), ".docx or .xlsx")
    return UnsupportedFile(path, "old office", new=new)
