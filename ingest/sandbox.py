"""Files are read in a child process, so that a hostile one can hang, crash or fill only that.

A Worker keeps one child (`ingest.child`) and gives it one file after another, or several short ones together. The limits
hold for each file, and for each page of it where the loader reports pages; whatever ends the child is told as a named
IngestError, and the next file gets a new child. The child runs as the same user: it bounds what a file costs, it is no wall against foreign code.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from ingest import errors
from ingest.loaders.types import OnPage, unheard
from ingest.problems import Problem
from ingest.record import Record
from ingest.types import Document

OVER_MEMORY = 77  # the exit code of a child that saw itself grow too large
_HEAD = struct.Struct(">Q")  # the length of the message that follows
_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    seconds: float = 120.0
    """Wall time until the next page is reported, or the file is done."""
    total_seconds: float = 3600.0
    """Wall time for the whole file."""
    cpu_seconds: int = 60
    """Processor time until the next page is reported, or the file is done."""
    address_space: int = 4096 * _MEBIBYTE
    """Bytes that may be mapped (where the system can limit it: Linux)."""
    resident: int = 1536 * _MEBIBYTE
    """Bytes of memory in use."""
    output: int = 256 * _MEBIBYTE
    """Bytes of the Document as it is handed over."""
    written: int = 1024 * _MEBIBYTE
    """Bytes of one file that is unpacked."""
    open_files: int = 256
    unpacked: int = 2048 * _MEBIBYTE
    """Bytes that one archive, and the archives in it, may unpack to."""
    members: int = 20_000
    """Files in one archive."""
    depth: int = 3
    """How many archives may stand within each other."""


@dataclass(frozen=True, slots=True)
class Request(Record):
    """One file to read: `path` is its name in messages and in the Document, `file` where its bytes are.

    Files in it are written to `folder`, `left` bytes of them at most.
    """

    path: str
    file: str
    encoding: str | None = None
    folder: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class Reading(Record):
    """What a file was found to hold: a Document (or what is made of one), and files: (name, where its bytes are)."""

    document: Any = None
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report(Record):
    """What a child says: "page" with (which file, done, total), "alive", or at the end "done" with an outcome for each file: a
    Reading, or the parts of an IngestError (kind, path, Problem), or None where it wants to be asked for that file alone.
    """

    kind: Literal["page", "alive", "done"]
    value: Any = None
    spent: bool = False
    """Whether the child has grown so large that the next file should have a new one."""


OnPageOf = Callable[[int, int, int], None]
"""Told after each page which of several files it is of, how many are done, and of how many."""
_TYPES = frozenset(
    (
        ("ingest.offsets", "OffsetMap"),
        ("ingest.sandbox", "Report"),
        ("ingest.sandbox", "Reading"),
        ("ingest.problems", "Problem"),
        ("decimal", "Decimal"),
    )
)


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs, and the types beside Documents that it may answer with: (module, name)."""

    code: str = "from ingest.child import main; main()"
    types: frozenset[tuple[str, str]] = frozenset()


class _Unpickler(pickle.Unpickler):
    """Knows the types of answers alone, so that a child that a file has taken over cannot make this process run code."""

    def __init__(self, data: bytes, types: frozenset[tuple[str, str]]) -> None:
        super().__init__(io.BytesIO(data))
        self._types = types

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if (module == "ingest.types" and name[:1].isupper()) or (module, name) in self._types:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")


def packed(message: object) -> bytes:
    """One message with its length before it."""
    payload = pickle.dumps(message, protocol=5)
    return _HEAD.pack(len(payload)) + payload


def receive(stream: IO[bytes]) -> Any:  # noqa: ANN401
    """The next message of a stream that is trusted; None at its end."""
    head = stream.read(_HEAD.size)
    return pickle.loads(stream.read(_HEAD.unpack(head)[0])) if len(head) == _HEAD.size else None  # noqa: S301


class Worker:
    """Reads files in a child process. One thread at a time; `close` may be called from any."""

    def __init__(self, limits: Limits | None = None, program: Program | None = None) -> None:
        self.limits = limits or Limits()
        self._program = program or Program()
        self._types = _TYPES | self._program.types
        self._process: subprocess.Popen[bytes] | None = None
        self._selector = selectors.DefaultSelector()  # of what the child says
        self._closed = False
        self._lock = threading.Lock()  # held while the child is changed
        self._busy = threading.Lock()  # held while it is asked

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()
        with self._busy:  # who waits for it sees its end first: a pipe that is closed meanwhile would never tell
            self._end()

    def read(self, path: str, file: Path, *, encoding: str | None = None, on_page: OnPage = unheard) -> Document:
        """The Document in `file`, under the name `path`; IngestError where it cannot be read within the limits."""
        document: Document = self.ask(Request(path, str(file), encoding), on_page).document
        return document

    def ask(self, request: Request, on_page: OnPage = unheard) -> Reading:
        """What the child makes of a request; IngestError where it fails, or passes a limit."""
        found = self._asked([request], lambda _, done, total: on_page(done, total))[0]
        if isinstance(found, errors.IngestError):
            raise found
        if found is None:
            raise errors.ReaderCrashed(request.path, "no answer")
        return found

    def ask_all(self, requests: Sequence[Request], on_page: OnPageOf) -> list[Reading | errors.IngestError]:
        """What the child makes of each request. Short files are read faster together; where that fails, each is asked for
        alone, which shows whose fault it was.
        """
        found: list[Reading | errors.IngestError | None] = [None] * len(requests)
        if len(requests) > 1:
            with contextlib.suppress(errors.IngestError):
                found = self._asked(requests, on_page)
        return [
            self._alone(request, at, on_page) if one is None else one
            for at, (request, one) in enumerate(zip(requests, found, strict=True))
        ]

    def _alone(self, request: Request, at: int, on_page: OnPageOf) -> Reading | errors.IngestError:
        try:
            return self.ask(request, lambda done, total: on_page(at, done, total))
        except errors.IngestError as error:
            return error

    def _asked(self, requests: Sequence[Request], on_page: OnPageOf) -> list[Reading | errors.IngestError | None]:
        path = requests[0].path
        with self._busy:
            try:
                process = self._started()
                assert process.stdin is not None
                process.stdin.write(packed(tuple(requests)))
                process.stdin.flush()
                return self._answer(process, path, len(requests), on_page)
            except (BrokenPipeError, EOFError):
                raise self._ended(path) from None
            except pickle.UnpicklingError:
                self._end()
                raise errors.ReaderCrashed(path, "no answer") from None
            except BaseException:
                self._end()  # it may be in the middle of anything
                raise

    def _answer(
        self, process: subprocess.Popen[bytes], path: str, files: int, on_page: OnPageOf
    ) -> list[Reading | errors.IngestError | None]:
        began = time.monotonic()
        while True:
            left = min(began + self.limits.total_seconds - time.monotonic(), self.limits.seconds)
            try:
                report = self._report(process, time.monotonic() + left, path)
            except TimeoutError:
                raise errors.TooSlow(path, "slow", seconds=round(time.monotonic() - began)) from None
            if report.kind == "page":
                at, done, total = _numbers(report.value)
                on_page(min(max(at, 0), files - 1), done, total)
            if report.kind in ("page", "alive"):
                continue
            found = _found(report.value, files)
            if report.spent or any(isinstance(one, errors.TooLarge) for one in found):
                self._end()
            return found

    def _report(self, process: subprocess.Popen[bytes], until: float, path: str) -> Report:
        """The child's next message, waited for until then."""
        assert process.stdout is not None
        descriptor = process.stdout.fileno()

        def exactly(size: int) -> bytes:
            parts = bytearray()
            while len(parts) < size:
                if not self._selector.select(max(until - time.monotonic(), 0)):
                    raise TimeoutError
                part = os.read(descriptor, min(size - len(parts), _MEBIBYTE))
                if not part:
                    raise EOFError
                parts += part
            return bytes(parts)

        (size,) = _HEAD.unpack(exactly(_HEAD.size))
        if size > self.limits.output:
            raise too_much_text(path, self.limits)
        report = _Unpickler(exactly(size), self._types).load()
        if not isinstance(report, Report):
            raise pickle.UnpicklingError("no report")
        return report

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        with self._lock:
            if self._closed:
                raise EOFError
            code = f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r}); {self._program.code}"
            self._process = subprocess.Popen(  # noqa: S603  this interpreter, with code that is written here
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for this process alone
                env={
                    **os.environ,
                    "OMP_NUM_THREADS": "1",
                    "TOKENIZERS_PARALLELISM": "false",
                },  # as many children as cores
            )
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._selector = selectors.DefaultSelector()
            self._selector.register(self._process.stdout, selectors.EVENT_READ)
            self._process.stdin.write(packed(self.limits))
        return self._process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        self._selector.close()
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what was still to be written has no reader
                if stream is not None:
                    stream.close()

    def _ended(self, path: str) -> errors.IngestError:
        """Why the child has gone."""
        process = self._process
        code = None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(5)
        self._end()
        if code == OVER_MEMORY:
            return too_much_memory(path, self.limits)
        if code == -signal.SIGXCPU:
            return errors.TooSlow(path, "computing", seconds=self.limits.cpu_seconds)
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        return errors.ReaderCrashed(path, "crashed", how=how)


def _numbers(said: Any) -> tuple[int, int, int]:  # noqa: ANN401
    """What a report says of a page, where it does."""
    if not isinstance(said, tuple) or [type(one) for one in said] != [int] * 3:
        raise pickle.UnpicklingError("no page")
    return said


def _found(said: Any, files: int) -> list[Reading | errors.IngestError | None]:  # noqa: ANN401
    """The outcome of each file in a report, where it has them."""
    if not isinstance(said, tuple) or len(said) != files:
        raise pickle.UnpicklingError("not an outcome for each file")
    return [one if one is None or isinstance(one, Reading) else _error(one) for one in said]


def _error(parts: Any) -> errors.IngestError:  # noqa: ANN401
    if not isinstance(parts, tuple) or [type(one) for one in parts] != [str, str, Problem]:
        raise pickle.UnpicklingError("no reading")
    kind, path, what = parts
    known = getattr(errors, kind, errors.UnreadableFile)
    try:
        error: errors.IngestError = known(path, what)
    except (KeyError, ValueError, TypeError, AttributeError) as broken:
        raise pickle.UnpicklingError("no problem") from broken
    return error


def too_much_memory(path: str, limits: Limits) -> errors.TooLarge:
    """The error of a file that takes more memory than it may."""
    return errors.TooLarge(path, "memory", most=limits.resident // _MEBIBYTE)


def too_much_text(path: str, limits: Limits) -> errors.TooLarge:
    """The error of a file that says more than it may."""
    return errors.TooLarge(path, "much text", most=limits.output // _MEBIBYTE)
