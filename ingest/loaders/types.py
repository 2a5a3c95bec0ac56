"""What a loader takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.types import Recognised, Row, Span


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the source text: `source_text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file says: its text as extracted, its title ("" where it names none), its pages, headings and table rows.

    All offsets count in `text`. `boilerplate` is what a layout shows to be no part of the report: running headers.
    `recognised` was read from pictures. `notes` tell people what was left out, or guessed: "the sheet 草稿 is hidden: left
    out".
    """

    text: str
    title: str = ""
    page_starts: tuple[int, ...] = (0,)
    headings: tuple[Heading, ...] = ()
    boilerplate: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    recognised: tuple[Recognised, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file: its name there, and its bytes."""

    name: str
    data: bytes


OnPage = Callable[[int, int], None]
"""Told after each page: how many are done, and of how many."""


def unheard(done: int, total: int) -> None:
    """An OnPage for callers that want to hear nothing."""


class Loader(Protocol):
    """Reads one format. `data` are the file's bytes, `path` is for messages.

    A loader calls `on_page(done, total)` after each page: the sandbox gives every page its own time, so a loader that
    reports none must be done within the time of one page.
    """

    def __call__(self, path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
        """What the file says; IngestError where it cannot be read."""
        ...
