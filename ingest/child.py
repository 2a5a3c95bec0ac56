"""The process in which files are read: see `ingest.sandbox`, which starts it. Requests come on standard input."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.errors import IngestError, UnreadableFile, UnsafeFile
from ingest.loaders.registry import LOADERS, UNPACKERS, format_of, in_encoding
from ingest.loaders.types import Member, OnPage
from ingest.problems import Problem
from ingest.read import read_document
from ingest.sandbox import (
    OVER_MEMORY,
    Limits,
    Reading,
    Report,
    Request,
    packed,
    receive,
    too_much_memory,
    too_much_text,
)
from ingest.types import Document

_SPENT = 384 << 20  # bytes of memory: a child that has needed this much is not kept
_LITTLE = 10  # a file that is read in this part of its time leaves enough for what is made of it
_LOOK = 0.05  # seconds between two looks at the memory
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_STATM = Path("/proc/self/statm")


Say = Callable[[bytes], None]
Then = Callable[[Sequence[Document]], Sequence[Any]]


def main(then: Then = lambda documents: documents) -> None:
    """Read files until there are no more requests; what is sent back of Documents is what `then` makes of them."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints is no message

    def say(payload: bytes) -> None:
        view = memoryview(payload)
        while view:
            view = view[out.write(view) :]

    limits: Limits | None = receive(sys.stdin.buffer)
    if limits is None:
        return
    _restrict(limits)
    while (requests := receive(sys.stdin.buffer)) is not None:
        say(_answer(requests, limits, then, say))


def _answer(requests: Sequence[Request], limits: Limits, then: Then, say: Say) -> bytes:
    """The report on requests, packed. Of several, where anything but a file's own error befalls one, none has an outcome."""
    try:
        payload = packed(Report("done", _outcomes(requests, limits, then, say), spent=_resident() > _SPENT))
        if len(payload) <= limits.output:
            return payload
        error: IngestError = too_much_text(requests[0].path, limits)
    except Exception as found:  # noqa: BLE001  a parser may raise anything on a damaged file
        error = _named(found, requests[0].path, limits)
    unknown = (None,) * len(requests)
    return packed(Report("done", unknown if len(requests) > 1 else (_parts(error),), spent=_resident() > _SPENT))


def _named(error: Exception, path: str, limits: Limits) -> IngestError:
    """What befell the reading of a file, as an IngestError."""
    if isinstance(error, IngestError):
        return error
    if isinstance(error, MemoryError):
        return too_much_memory(path, limits)
    if isinstance(error, RecursionError):
        return UnreadableFile(path, "nested")
    return UnreadableFile(path, "damaged", why=f"{type(error).__name__}: {str(error)[:200]}".rstrip("."))


def _parts(error: IngestError) -> tuple[str, str, Problem]:
    return (type(error).__name__, error.path, error.problem)


def _outcomes(requests: Sequence[Request], limits: Limits, then: Then, say: Say) -> tuple[Any, ...]:
    """An outcome for each request, as `Report` has them."""
    begun = time.monotonic()
    found: list[Any] = []
    for at, request in enumerate(requests):
        _restart_clock(limits)

        def on_page(done: int, total: int, at: int = at) -> None:
            say(packed(Report("page", (at, done, total))))
            _restart_clock(limits)

        try:
            found.append(_read(request, limits, on_page, alone=len(requests) == 1))
        except IngestError as error:
            found.append(_parts(error))
    if time.monotonic() - begun > limits.seconds / _LITTLE:
        say(packed(Report("alive")))
    _restart_clock(limits)
    read = [isinstance(one, Reading) and one.document is not None for one in found]
    made = iter(then([one.document for one, there in zip(found, read, strict=True) if there]))
    return tuple(replace(one, document=next(made)) if there else one for one, there in zip(found, read, strict=True))


def _read(request: Request, limits: Limits, on_page: OnPage, *, alone: bool) -> Reading | None:
    """What a file holds; None for an archive that is not asked for alone, since what it may unpack to depends on others."""
    path = Path(request.path)
    try:
        data = Path(request.file).read_bytes()
    except OSError as error:
        raise UnreadableFile(path, "unreadable", why=error.strerror) from error
    if request.encoding:
        data = in_encoding(path, data, request.encoding)
    kind, _ = format_of(path, data)
    if kind in UNPACKERS and not alone:
        return None
    document = read_document(path, data, on_page) if kind in LOADERS else None
    members = tuple(_unpack(request, limits, UNPACKERS[kind](path, data))) if kind in UNPACKERS else ()
    return Reading(document, members)


def _unpack(request: Request, limits: Limits, members: Iterable[Member]) -> Iterator[tuple[str, str]]:
    """Write the files of an archive to the request's folder, under numbers: their names may be anything."""
    if not request.folder:
        raise UnsafeFile(request.path, "archives in archives", depth=limits.depth)
    left = request.left
    Path(request.folder).mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for number, member in enumerate(members):
        left -= len(member.data)
        if left < 0 or number >= limits.members:
            raise UnsafeFile(request.path, "overfull")
        place = Path(request.folder) / f"{number}"
        place.write_bytes(member.data)
        name = _UNPRINTABLE.sub("\ufffd", member.name)
        names.add(name := f"{name} ({number})" if name in names else name)
        yield name, str(place)


def _restrict(limits: Limits) -> None:
    """Set what holds for all files: memory, files written, files open, no core dumps."""
    for what, wanted in (
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS takes no limit of the address space
            resource.setrlimit(what, (most, most))
    threading.Thread(target=_watch, args=(limits,), daemon=True).start()


def _watch(limits: Limits) -> None:
    while _resident() <= limits.resident:
        time.sleep(_LOOK)
    os._exit(OVER_MEMORY)


def _resident() -> int:
    """The memory that this process has in use, in bytes; where only its peak is known, that."""
    try:
        return int(_STATM.read_bytes().split()[1]) * resource.getpagesize()
    except OSError:  # no Linux. There, a peak would count the parent's memory before this program began.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def _restart_clock(limits: Limits) -> None:
    """Give the next page its own processor time: the system ends the process when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1, hard))
