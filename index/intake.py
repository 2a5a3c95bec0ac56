"""Paths become Documents of a library: files are read in parallel and written in order, and a bad file never stops the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from index.library import Library
from index.prepare import Prepared
from index.reader import program
from index.store import DocumentInfo, Outcome
from ingest.errors import IngestError, UnreadableFile
from ingest.files import files_below
from ingest.loaders.registry import UNPACKERS, no_loader, read_bytes, readable
from ingest.pool import Pool, Result, Source
from ingest.problems import problem
from ingest.read import content_id_of, named, read_document
from ingest.sandbox import Limits, Reading
from ingest.types import Document

_SMALL, _SMALL_TOGETHER = 64_000, 2_000_000  # bytes of plain text that are read faster here than in a child process
_MADE_HERE = 16  # Documents that are prepared here and written together: a large model may take seconds for each
_PLAIN = frozenset((".txt", ".text", ".md", ".markdown"))


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file; `reason` says why where it failed or was skipped, `notes` what of it was left out."""

    path: str
    outcome: Outcome | Literal["unpacked", "removed", "failed", "skipped"]
    reason: str = ""
    chunks: int = 0
    figures: int = 0
    seconds: float = 0.0
    pages: int = 0
    notes: tuple[str, ...] = ()


Progress = Callable[[int, int, FileOutcome], None]
PageProgress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """How files are taken in: the limits of each, the number of processes, the encoding of text (None: found out)."""

    limits: Limits = field(default_factory=Limits)
    workers: int | None = None
    encoding: str | None = None


def ingest_paths(
    library: Library,
    paths: Sequence[Path],
    on_progress: Progress,
    *,
    on_page: PageProgress = lambda path, done, total: None,
    on_total: Callable[[int], None] = lambda total: None,
    intake: Intake | None = None,
) -> list[FileOutcome]:
    """Add every file of `paths`, folders walked in order of names; `on_progress(done, total, outcome)` after each.

    `total` grows where a file holds others; `on_total(total)` tells it before the first is read. `on_page(path, done,
    total)` is called from several threads. What was reported is in the library for good, whatever happens then.
    """
    how = intake or Intake()
    found = list(dict.fromkeys(found for path in paths for found in files_below(path)))
    taking = _Taking(library, how, on_progress, len(found))
    on_total(len(found))
    for one in found:
        if one.reason:
            taking.report(FileOutcome(named(one.path), "skipped", one.reason))
    sources = [Source(named(one.path), one.path) for one in found if not one.reason]
    taking.reads_here = sum(_size(source) for source in sources if _plain(source)) <= _SMALL_TOGETHER
    with Pool(how.limits, program(library.embedder), workers=how.workers, encoding=how.encoding) as pool:
        for ready in pool.read(sources, taking.known, lambda source, done, total: on_page(source.path, done, total)):
            taking.take(ready)
    return taking.outcomes


class _Taking:
    """What has been taken in so far, and how the next files are."""

    def __init__(self, library: Library, how: Intake, on_progress: Progress, total: int) -> None:
        self.outcomes: list[FileOutcome] = []
        self.reads_here = False
        self._library = library
        self._how = how
        self._on_progress = on_progress
        self._total = total
        self._begun: dict[str, float] = {}
        self._fresh = library.document_count() == 0

    def report(self, outcome: FileOutcome) -> None:
        """Tell of one file."""
        self.outcomes.append(outcome)
        self._on_progress(len(self.outcomes), self._total, outcome)

    def known(self, source: Source) -> object | None:
        """The outcome of a file that need not be read, or its Document where it is small; called from several threads."""
        self._begun[source.path] = time.perf_counter()
        path = Path(source.path)
        if not source.file.exists():
            raise UnreadableFile(source.path, "missing")
        if not readable(path, source.file):
            return FileOutcome(source.path, "skipped", str(no_loader(path.suffix)))
        if self._how.encoding is None and path.suffix.lower() not in UNPACKERS:
            short = _plain(source) and _size(source) <= _SMALL
            # Of short texts for an empty library few are held, and those are told apart when they are written.
            same = None if short and self._fresh else self._library.find(id=content_id_of(source.file))
            if same is not None:
                return _held(source.path, same)
            if self.reads_here and short:
                return Reading(read_document(path, read_bytes(source.file)))
        return None

    def take(self, ready: Sequence[tuple[Source, Result]]) -> None:
        """Write what was read, in one transaction or a few, and tell of it."""
        unmade = any(isinstance(result, Reading) and isinstance(result.document, Document) for _, result in ready)
        step = _MADE_HERE if unmade else max(len(ready), 1)
        for at in range(0, len(ready), step):
            self._take(ready[at : at + step])

    def _take(self, ready: Sequence[tuple[Source, Result]]) -> None:
        read = [result.document for _, result in ready if isinstance(result, Reading)]
        made = iter(self._library.prepare_all([document for document in read if isinstance(document, Document)]))
        prepared = [next(made) if isinstance(document, Document) else document for document in read if document]
        written = iter(zip(prepared, self._library.add_prepared(prepared) if prepared else [], strict=True))
        for source, result in ready:
            for outcome in self._outcomes(source, result, written):
                seconds = time.perf_counter() - self._begun.get(source.path, time.perf_counter())
                self.report(replace(outcome, seconds=round(seconds, 3)))

    def _outcomes(
        self, source: Source, result: Result, written: Iterator[tuple[Prepared, Outcome]]
    ) -> Iterator[FileOutcome]:
        if isinstance(result, FileOutcome):
            yield result
        elif isinstance(result, IngestError):
            yield FileOutcome(source.path, "failed", str(result.problem))
        elif isinstance(result, Reading):
            if result.document:
                yield self._added(source, *next(written))
            elif result.members:
                yield FileOutcome(source.path, "unpacked", f"{len(result.members):,} files")
            else:
                yield FileOutcome(source.path, "failed", str(problem("empty archive")))
            self._total += len(result.members)
            if source.depth == 0 and result.members:
                yield from self._gone(source, {f"{source.path}/{name}" for name, _ in result.members})

    def _added(self, source: Source, made: Prepared, outcome: Outcome) -> FileOutcome:
        if outcome in ("unchanged", "duplicate") and (info := self._library.find(id=made.document.id)):
            return _held(source.path, info)
        pages, notes = len(made.document.pages), made.document.notes
        return FileOutcome(source.path, outcome, "", len(made.chunks), len(made.figures), 0.0, pages, notes)

    def _gone(self, source: Source, members: set[str]) -> Iterator[FileOutcome]:
        """Remove the Documents that came from an archive that has them no more."""
        for info in self._library.documents():
            if info.path.startswith(f"{source.path}/") and not any(
                info.path == member or info.path.startswith(f"{member}/") for member in members
            ):
                self._library.remove(info.id)
                self._total += 1
                yield FileOutcome(info.path, "removed", f"{Path(source.path).name} has it no more")


def _held(path: str, info: DocumentInfo) -> FileOutcome:
    """The outcome of a file whose content the library holds."""
    same = info.path == path
    reason = "" if same else f"the same content as {info.path}"
    return FileOutcome(path, "unchanged" if same else "duplicate", reason, info.chunks, info.figures, 0.0, info.pages)


def _plain(source: Source) -> bool:
    return Path(source.path).suffix.lower() in _PLAIN


def _size(source: Source) -> int:
    try:
        return source.file.stat().st_size
    except OSError:
        return 0
