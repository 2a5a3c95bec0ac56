"""What can be wrong with a file: a code for each, and in English what was found and what to do.

Who speaks to people in other languages says it by its code and its values.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.record import Record

INSTALL = "Install what reads scans: pip install 'report-chat[ocr]'"
_AGAIN = "Open it, save it again and retry."
_ANOTHER = "Check that the file is the right one."
_EXPORT = "Export it again."
_UNPACK = "Unpack it yourself first."
_SPLIT = "Split it into smaller files."
_SUPPORTED = "Supported are {supported}."
_HOSTILE = "It is damaged or hostile: export it again."
_PATH = "Check the path and its permissions."

ENGLISH: dict[str, tuple[str, str]] = {
    # the file
    "missing": ("there is no such file", "Check the path."),
    "unreadable": ("cannot be read ({why})", _PATH),
    "no file": ("no regular file", "Name a file, or a folder of files."),
    "large": ("{size:,} bytes", "Split it into files below {most:,}."),
    "large text": ("{size:,} bytes of text", "Split it into files below {most:,}."),
    "empty": ("no text in it", _ANOTHER),
    "damaged": ("damaged, or not what its name says ({why})", _AGAIN),
    "nested": ("nested too deeply", "Save it in a simpler form."),
    "locked": ("locked with a password", "Save it without one and retry."),
    # its format
    "no loader": ("no loader for {suffix}", _SUPPORTED),
    "no suffix": ("no loader for a file without suffix", _SUPPORTED),
    "unknown": ("it is {name}, for which there is no loader", _SUPPORTED),
    "foreign": ("it is {name}, which cannot be read", "Save it as PDF or Word and retry."),
    "open document": ("it is an OpenDocument file", "Save it as Word, Excel or PDF and retry."),
    "binary workbook": ("it is a binary workbook (.xlsb)", "Save it as .xlsx and retry."),
    "old office": ("it is an Office file in the format of before 2007", "Save it as {new} and retry."),
    "misnamed": ("its name says {suffix}, it is {name}, and no sound one: {found}", "{hint}"),
    "other begin": ("damaged, or no {suffix} file: it begins with {begin}", _AGAIN),
    # text
    "no text": ("found {why}", "Save it as UTF-8 text and ingest it again."),
    "other encoding": ("byte {at:,} is no text in {encoding}", "Name another encoding, or none."),
    "table": ("a table that cannot be read ({why})", "Check its quotation marks."),
    "mail": ("a mail that cannot be read ({why})", "Save it again and retry."),
    "long page": ("a page of {size:,} characters", "Split it into parts below {most:,}."),
    "html": ("HTML that cannot be parsed ({why})", "Save the page again and retry."),
    # archives, and files that are
    "archive": ("{name}, which is no document itself", "Ingest it, or unpack it first."),
    "empty archive": ("an archive without files", "Check that it is the right one."),
    "many parts": ("an archive of {count:,} files", "Split it into archives below {most:,}."),
    "bomb": ("an archive of {size:,} bytes that unpacks to {total:,}", _UNPACK),
    "large part": ("{part!r} in it unpacks to {size:,} bytes", _UNPACK),
    "no part": ("damaged: {part!r} is not in it", _AGAIN),
    "leads out": ("a file in it leads out of it ({part!r})", _UNPACK),
    "archives in archives": ("more than {depth} archives within each other", _UNPACK),
    "overfull": ("it unpacks to more than one archive may", _UNPACK),
    "cut short": ("damaged, or cut short ({why})", _AGAIN),
    # Office files and books
    "no document": ("damaged: an Office file without a document", _AGAIN),
    "workbook": ("a damaged workbook ({why})", _AGAIN),
    "many cells": ("a sheet of more than {most:,} cells", _SPLIT),
    "merged cells": ("merged cells over more than {most:,} places", "Take them apart and retry."),
    "no slides": ("a presentation without slides", _ANOTHER),
    "no chapters": ("a book without chapters", _ANOTHER),
    "copy protection": ("a book with copy protection", "Use a copy without it."),
    "xml": ("XML that is damaged ({why})", _AGAIN),
    "empty xml": ("an empty XML part", _AGAIN),
    "entities": ("XML with definitions of its own, which such files never have", _EXPORT),
    # PDF and pictures
    "pdf": ("a damaged PDF ({why})", "Export it again from where it was made."),
    "locked pdf": ("a PDF with a password", "Save it without the password."),
    "no pages": ("a PDF without pages", "Export it again from where it was made."),
    "many pages": ("{count:,} pages", "Split it into files below {most:,} pages."),
    "no such page": ("{count} pages, not page {number}", "Ingest the file again."),
    "other text": ("another text than the library holds", "Ingest the file again."),
    "scans": ("{count:,} pages that are pictures of text", INSTALL),
    "scan": ("a picture of text", INSTALL),
    "picture": ("a picture", INSTALL),
    "large picture": ("{count} pictures of {width} by {height} pixels", "Save it smaller, or in parts."),
    "damaged picture": ("a damaged picture ({why})", _EXPORT),
    "empty picture": ("no text in the picture", _ANOTHER),
    # taking it in
    "in use": ("another program is writing to the library", "Try again in a moment."),
    "not kept": ("it could not be stored ({why})", "Check the disk and the library."),
    "not taken": ("the server did not take it", "Try again in a moment."),
    "over limit": ("larger than the limit of {size}", "Split it into smaller files."),
    "no changes": ("documents are managed by others", "Ask them to add it."),
    # reading it
    "memory": ("reading it takes more than {most:,} MiB of memory", _SPLIT),
    "much text": ("it holds more than {most:,} MiB of text", _SPLIT),
    "slow": ("no further page, and no end, after {seconds} seconds", "Split it into smaller files, or export it again."),
    "computing": (
        "no further page, and no end, after {seconds} seconds of computing",
        "Split it into smaller files, or export it again.",
    ),
    "no answer": ("the process that read it gave no answer", _HOSTILE),
    "crashed": ("the process that read it ended ({how})", _HOSTILE),
}  # fmt: skip
Value = str | int


@dataclass(frozen=True, slots=True)
class Problem(Record):
    """What is wrong with a file: its code in `ENGLISH`, and the values that it is told with."""

    code: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def found(self) -> str:
        """What was found, in English."""
        return ENGLISH[self.code][0].format(**dict(self.values))

    @property
    def hint(self) -> str:
        """What to do about it, in English."""
        return ENGLISH[self.code][1].format(**dict(self.values))

    def __str__(self) -> str:
        return f"{self.found}. {self.hint}"


def problem(code: str, **values: object) -> Problem:
    """A Problem: whole numbers stay, all else is put in words, those of other programs without their full stop."""
    told = ((name, value if isinstance(value, int) else _said(value)) for name, value in values.items())
    return Problem(code, tuple(told))


def _said(value: object) -> str:
    return " ".join(str(value).split()).rstrip(".") if isinstance(value, Exception) else str(value)
