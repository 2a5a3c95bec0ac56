"""Paths become Documents of a library, one by one: a bad file never stops the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.library import Library
from index.store import Outcome
from ingest.errors import IngestError, UnreadableFile
from ingest.loaders.registry import read_bytes, supported
from ingest.read import content_id, read_document


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file; `reason` says why where it failed or was skipped."""

    path: str
    outcome: Outcome | Literal["failed", "skipped"]
    reason: str = ""
    chunks: int = 0
    figures: int = 0
    seconds: float = 0.0


Progress = Callable[[int, int, FileOutcome], None]


def ingest_paths(library: Library, paths: Sequence[Path], on_progress: Progress) -> list[FileOutcome]:
    """Add every file of `paths`, folders walked in order of names; `on_progress(done, total, outcome)` after each."""
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    outcomes: list[FileOutcome] = []
    for number, file in enumerate(files, 1):
        started = time.perf_counter()
        outcome = _ingest(library, file, started)
        outcomes.append(outcome)
        on_progress(number, len(files), outcome)
    return outcomes


def _files(path: Path) -> Iterator[Path]:
    """The files below `path`, without hidden ones; what is named itself is taken whatever it is."""
    if not path.is_dir():
        yield path.absolute()
        return
    yield from sorted(_walk(path.absolute(), set()))


def _walk(folder: Path, seen: set[Path]) -> Iterable[Path]:
    real = folder.resolve()
    if real in seen:  # a link that leads back to a folder above it
        return
    seen.add(real)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _walk(entry, seen)
        else:
            yield entry


def _ingest(library: Library, file: Path, started: float) -> FileOutcome:
    if file.suffix.lower() not in supported() and file.is_file():
        reason = f"no loader for {file.suffix or 'a file without suffix'}; supported are {', '.join(supported())}"
        return FileOutcome(str(file), "skipped", reason)
    try:
        data = read_bytes(file)
        same = library.find(id=content_id(data))
        if same is not None:
            outcome: Outcome = "unchanged" if same.path == str(file) else "duplicate"
            reason = "" if outcome == "unchanged" else f"the same content as {same.path}"
            return FileOutcome(str(file), outcome, reason, same.chunks, same.figures, time.perf_counter() - started)
        document = read_document(file, data)
        outcome = library.add(document)
    except IngestError as error:
        return FileOutcome(str(file), "failed", f"{error.found}. {error.hint}", seconds=time.perf_counter() - started)
    except RecursionError:
        problem = UnreadableFile(file, "nested too deeply", "Save it in a simpler form.")
        return FileOutcome(str(file), "failed", str(problem), seconds=time.perf_counter() - started)
    info = library.find(id=document.id)
    counts = (info.chunks, info.figures) if info else (0, 0)
    return FileOutcome(str(file), outcome, "", *counts, time.perf_counter() - started)
