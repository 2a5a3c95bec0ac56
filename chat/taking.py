"""A file that someone adds becomes Documents of a library: what it says itself, and the files in it, however deep."""

from __future__ import annotations

import itertools
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.library import Library
from index.store import DocumentInfo
from ingest.errors import IngestError
from ingest.loaders.registry import UNPACKERS, no_loader, readable
from ingest.loaders.types import OnPage
from ingest.problems import Problem, problem
from ingest.read import content_id_of
from ingest.sandbox import Limits, Request, Worker
from ingest.types import Document


@dataclass(slots=True)
class Taken:
    """What became of a file: of its Documents those that were `added` (ids), how many the library held already (`known`,
    by the name of the last), and the files in it that failed, by name.
    """

    added: list[str] = field(default_factory=list)
    known: int = 0
    same: str = ""
    outcome: str = "added"
    chunks: int = 0
    figures: int = 0
    notes: list[str] = field(default_factory=list)
    failed: list[tuple[str, Problem]] = field(default_factory=list)
    holds: bool = False
    """Whether it is one that holds others."""


class Skipped(Exception):
    """A file of no Document at all; says why."""

    def __init__(self, what: Problem) -> None:
        super().__init__(str(what))
        self.problem = what


def take(
    library: Library, path: Path, worker: Worker, on_page: OnPage, go_on: Callable[[], bool] = lambda: True
) -> Taken:
    """Read the file and those in it, one after another while it should `go_on`, and add what they say.

    Skipped where its format is not known, IngestError where it cannot be read; of those in it that cannot, all others
    are taken, and those of unknown formats passed over.
    """
    if not readable(path, path):
        raise Skipped(no_loader(path.suffix))
    with tempfile.TemporaryDirectory(prefix="report-chat-") as folder:
        taking = _Taking(library, worker, on_page, Path(folder))
        taking.todo.append((Request(str(path), str(path)), 0))
        while taking.todo and go_on():
            taking.take(*taking.todo.popleft())
    taken = taking.taken
    if taken.holds and not (taken.added or taken.known or taken.failed):
        raise Skipped(problem("empty archive"))
    taken.failed = [(name.removeprefix(f"{path}/"), why) for name, why in taken.failed]
    return taken


class _Taking:
    """What has been taken of a file, and what is still to do."""

    def __init__(self, library: Library, worker: Worker, on_page: OnPage, folder: Path) -> None:
        self.taken = Taken()
        self.todo: deque[tuple[Request, int]] = deque()  # and how deep in archives it stands
        self._library = library
        self._worker = worker
        self._on_page = on_page
        self._folder = folder
        self._left = Limits().unpacked
        self._numbers = itertools.count()

    def take(self, request: Request, depth: int) -> None:
        """Take one file in, and note those in it for later."""
        path, file = Path(request.path), Path(request.file)
        if depth and not readable(path, file):
            return  # beside reports archives hold much else
        if path.suffix.lower() not in UNPACKERS and (same := self._library.find(id=content_id_of(file))):
            self._count(same)
            self.taken.known, self.taken.same = self.taken.known + 1, same.name
            return
        place = str(self._folder / str(next(self._numbers))) if depth < Limits().depth else ""
        try:
            reading = self._worker.ask(replace(request, folder=place, left=self._left), self._on_page)
        except IngestError as error:
            if not depth:
                raise
            self.taken.failed.append((request.path, error.problem))
            return
        self.taken.holds |= bool(reading.members) or reading.document is None
        if reading.document is not None:
            self._add(reading.document)
        for name, member in reading.members:
            self._left -= Path(member).stat().st_size
            self.todo.append((Request(f"{path}/{name}", member), depth + 1))

    def _add(self, document: Document) -> None:
        outcome = self._library.add(document)
        info = self._library.find(id=document.id)
        self._count(info)
        if outcome in ("added", "replaced"):
            self.taken.added.append(document.id)
            self.taken.outcome = outcome
            self.taken.notes += document.notes
        else:
            self.taken.known, self.taken.same = self.taken.known + 1, info.name if info else ""

    def _count(self, info: DocumentInfo | None) -> None:
        self.taken.chunks += info.chunks if info else 0
        self.taken.figures += info.figures if info else 0
