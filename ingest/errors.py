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
