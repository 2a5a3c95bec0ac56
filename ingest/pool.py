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
from ingest.loaders.registry import is_text
from ingest.sandbox import Limits, Program, Reading, Request, Worker

# Files that are read, or wait, before the first of them is taken: more of small ones, since what is taken at once is
# written at once, which costs about as much for many files as for one.
_AHEAD, _SMALL_AHEAD, _SMALL_TOGETHER = 16, 1024, 4_000_000  # files, files, bytes
_THREADS = 2  # to a child: while it reads some files, the next are looked at
_SHORT, _AT_ONCE = 32_000, 32  # bytes of a text that a child is given with others, and how many at most
_GATHERED = 1.0  # seconds in which files that are done are gathered, to be taken at once


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
        pending: deque[tuple[list[Source], int, Future[list[Result]]]] = deque()
        files = size = 0  # of what is pending
        ready: list[tuple[Source, Result]] = []
        until = 0.0
        while todo or pending:
            while todo and files < (_SMALL_AHEAD if size < _SMALL_TOGETHER else _AHEAD):
                some, added = self._together(todo)
                pending.append((some, added, self._threads.submit(self._some, some, known, on_page)))
                files, size = files + len(some), size + added
            if ready and not wait([pending[0][2]], max(until - time.monotonic(), 0)).done:
                yield ready
                ready = []
            until = until if ready else time.monotonic() + _GATHERED
            some, added, future = pending.popleft()
            results = list(zip(some, future.result(), strict=True))
            files, size = files - len(some), size - added
            ready += results
            todo.extendleft(reversed([member for one in results for member in _members(*one)]))
        if ready:
            yield ready

    def _together(self, todo: deque[Source]) -> tuple[list[Source], int]:
        """Take from those to read the next, and short texts behind it where it is one; their bytes. All children get some."""
        some = [todo.popleft()]
        size = _size(some[0].file)
        most = min(_AT_ONCE, 1 + len(todo) // (_THREADS * len(self._workers)))
        short = _is_short(some[0], size)
        while short and todo and len(some) < most:
            following = _size(todo[0].file)
            if not _is_short(todo[0], following):
                break
            some.append(todo.popleft())
            size += following
        return some, size

    def _some(self, sources: Sequence[Source], known: Known, on_page: SourcePage) -> list[Result]:
        try:
            found = [_settled(source, known) for source in sources]
            unread = [source for source, one in zip(sources, found, strict=True) if one is None]
            read = iter(self._read(unread, on_page) if unread else [])
            return [next(read) if one is None else one for one in found]
        finally:
            for source in sources:
                if source.depth:
                    source.file.unlink(missing_ok=True)

    def _read(self, sources: Sequence[Source], on_page: SourcePage) -> list[Reading | IngestError]:
        requests = [self._request(source) for source in sources]
        worker = self._free.get()
        try:
            found = worker.ask_all(requests, lambda at, done, total: on_page(sources[at], done, total))
        finally:
            self._free.put(worker)
        for source, reading in zip(sources, found, strict=True):
            if source.budget and isinstance(reading, Reading):
                source.budget.left -= sum(Path(file).stat().st_size for _, file in reading.members)
        return found

    def _request(self, source: Source) -> Request:
        folder = f"{self._folder.name}/{next(self._numbers)}" if source.depth < self._limits.depth else ""
        left = source.budget.left if source.budget else 0
        return Request(source.path, str(source.file), self._encoding, folder, left)


def _settled(source: Source, known: Known) -> object | None:
    """What `known` says of a file, or the IngestError that it raises."""
    try:
        return known(source)
    except IngestError as error:
        return error


def _is_short(source: Source, size: int) -> bool:
    return size <= _SHORT and is_text(Path(source.path))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def cores() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _members(source: Source, result: Result) -> Iterator[Source]:
    """The files that were found in a file, under its path and their own."""
    for name, file in result.members if isinstance(result, Reading) else ():
        yield Source(f"{source.path}/{name}", Path(file), source.depth + 1, source.budget)
