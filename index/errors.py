"""What can be wrong with a library. Each message names the folder, what was found, and what to do."""

from __future__ import annotations


class LibraryError(Exception):
    """A library that cannot be used as asked."""


class LibraryMissing(LibraryError):
    """There is no library in the folder."""


class LibraryCorrupt(LibraryError):
    """The folder holds something that is no sound library."""


class LibraryVersion(LibraryError):
    """The library was written in another format."""


class EmbedderMismatch(LibraryError):
    """The library's vectors were made by another embedding model."""


class LibraryLocked(LibraryError):
    """Another process is writing to the library."""


class LibraryReadOnly(LibraryError):
    """The library cannot be written to."""


class NoSuchDocument(LibraryError):
    """The library holds no Document of that name."""
