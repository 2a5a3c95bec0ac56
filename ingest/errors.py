"""What can go wrong when a path becomes a Document. Each message names the file, what was found, and what to do."""

from __future__ import annotations

from ingest.problems import Problem, problem


class IngestError(Exception):
    """A file that could not be made a Document."""

    def __init__(self, path: object, what: str | Problem, **values: object) -> None:
        """`what` is a Problem, or the code of one (see `ingest.problems`) that is told with the `values`."""
        self.path = str(path)
        self.problem = problem(what, **values) if isinstance(what, str) else what
        super().__init__(f"{path}: {self.problem}")


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
