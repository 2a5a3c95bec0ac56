"""Many files are read at once, one in each child process, and come back in order."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue

from ingest.errors import IngestError
from ingest.sandbox import Limits, Program, Reading, Request, Worker

# Files that are read, or wait, before the first of them is taken: more of small ones, since what is taken at once is
# written at once, which costs about as much for many files as for one.
_AHEAD, _SMALL_AHEAD, _SMALL_TOGETHER = 16, 512, 4_000_000  # files, files, bytes
_THREADS = 2  # to a child: while it reads one file, the next is looked at
_GATHERED = 0.5  # seconds in which files that are done are gathered, to be taken at once


@dataclass(slots=True)
class Budget:
    """How many bytes an archive, and those in it, may still unpack to."""

    left: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: its name, where its bytes are, and how deep in archives it stands."""

    path: str
    file: Path
    depth: int = 0
    budget: Budget | None = field(default=None, compare=False)


Result = Reading | IngestError | object
"""What was read, or why not, or what the caller knew of the file already."""
Known = Callable[[Source], object | None]
SourcePage = Callable[[Source, int, int], None]


class Pool:
    """Workers, one a core, and the threads that wait for them. A context: at its end no child is left."""

    def __init__(
        self,
        limits: Limits | None = None,
        program: Program | None = None,
        *,
        workers: int | None = None,
        encoding: str | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._encoding = encoding
        self._workers = [Worker(self._limits, program) for _ in range(workers or cores())]
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(_THREADS * len(self._workers), "read")
        self._folder = tempfile.TemporaryDirectory(prefix="report-chat-")
        self._numbers = itertools.count()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=True)
        self._folder.cleanup()

    def read(
        self, sources: Sequence[Source], known: Known, on_page: SourcePage
    ) -> Iterator[list[tuple[Source, Result]]]:
        """The files and those in them, in order, as many at a time as are done, or soon will be.

        `known(source)` is asked before each is read; where it gives something, that is the result. It and
        `on_page(source, done, total)` are called from several threads.
        """
        todo = deque(replace(source, budget=Budget(self._limits.unpacked)) for source in sources)
        pending: deque[tuple[Source, int, Future[Result]]] = deque()
        ahead = 0  # bytes
        while todo or pending:
            while todo and len(pending) < (_SMALL_AHEAD if ahead < _SMALL_TOGETHER else _AHEAD):
                source = todo.popleft()
                size = _size(source.file)
                pending.append((source, size, self._threads.submit(self._one, source, known, on_page)))
                ahead += size
            ready: list[tuple[Source, Result]] = []
            until = time.monotonic() + _GATHERED
            while pending and (not ready or wait([pending[0][2]], max(until - time.monotonic(), 0)).done):
                source, size, future = pending.popleft()
                result = future.result()
                ahead -= size
                ready.append((source, result))
                if isinstance(result, Reading):
                    todo.extendleft(reversed(list(_members(source, result))))
            yield ready

    def _one(self, source: Source, known: Known, on_page: SourcePage) -> Result:
        try:
            settled = known(source)
            return self._read(source, on_page) if settled is None else settled
        except IngestError as error:
            return error
        finally:
            if source.depth:
                source.file.unlink(missing_ok=True)

    def _read(self, source: Source, on_page: SourcePage) -> Reading:
        folder = f"{self._folder.name}/{next(self._numbers)}" if source.depth < self._limits.depth else ""
        left = source.budget.left if source.budget else 0
        request = Request(source.path, str(source.file), self._encoding, folder, left)
        worker = self._free.get()
        try:
            reading = worker.ask(request, lambda done, total: on_page(source, done, total))
        finally:
            self._free.put(worker)
        if source.budget:
            source.budget.left -= sum(Path(file).stat().st_size for _, file in reading.members)
        return reading


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def cores() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _members(source: Source, reading: Reading) -> Iterator[Source]:
    """The files in a file, under its path and their own."""
    for name, file in reading.members:
        yield Source(f"{source.path}/{name}", Path(file), source.depth + 1, source.budget)
