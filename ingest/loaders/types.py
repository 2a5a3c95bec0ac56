"""What a loader takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.types import Row


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the source text: `source_text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file says: its text as extracted, its title ("" where it names none), its pages, headings and table rows.

    All offsets count in `text`.
    """

    text: str
    title: str = ""
    page_starts: tuple[int, ...] = (0,)
    headings: tuple[Heading, ...] = ()
    rows: tuple[Row, ...] = ()


class Loader(Protocol):
    """Reads one format. `data` are the file's bytes, `path` is for messages."""

    def __call__(self, path: Path, data: bytes) -> Loaded:
        """What the file says; IngestError where it cannot be read."""
        ...
