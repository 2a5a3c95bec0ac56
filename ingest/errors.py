"""What can go wrong when a path becomes a Document. Each message names the file, what was found, and what to do."""

from __future__ import annotations


class IngestError(Exception):
    """A file that could not be made a Document."""

    def __init__(self, path: object, found: str, hint: str) -> None:
        super().__init__(f"{path}: {found}. {hint}")
        self.path = str(path)
        self.found = found
        self.hint = hint


class UnsupportedFile(IngestError):
    """The file is of no format that can be read."""


class UnreadableFile(IngestError):
    """The file cannot be opened, or its bytes are no text."""


class EmptyDocument(IngestError):
    """The file holds no text."""


class EncryptedFile(IngestError):
    """The file is locked with a password."""


class MissingExtra(IngestError):
    """The file needs an optional package; `hint` carries the line that installs it."""


class UnsafeFile(IngestError):
    """The file is built to do harm: it unpacks to far more than it is, or leads out of its folder."""


class TooLarge(IngestError):
    """Reading the file takes more memory, or gives more text, than one file may."""


class TooSlow(IngestError):
    """Reading the file, or one page of it, takes longer than it may."""


class ReaderCrashed(IngestError):
    """The process that read the file ended without an answer."""
