"""What `report-chat ingest` says while it works, on standard error, and at its end.

On a terminal the last line moves: files done, files a second, time left, and the page that is read. Elsewhere each file
is a plain line, and so is a page now and then.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from index.intake import FileOutcome

_OFTEN, _SELDOM = 0.2, 5.0  # seconds between two moves of the last line, and between two plain lines of pages
_ORDER: tuple[
    Literal["added", "replaced", "unchanged", "duplicate", "unpacked", "removed", "skipped", "failed"], ...
] = ("added", "replaced", "unchanged", "duplicate", "unpacked", "removed", "skipped", "failed")
_TOLD = frozenset(("duplicate", "removed", "skipped", "failed"))


def printable(text: str) -> str:
    """The text on one line, what would move a terminal's cursor as escapes: names of files may hold anything."""
    safe = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return safe.encode("utf-8", "backslashreplace").decode()


class Progress:
    """Told of files and pages, from any thread; keeps the outcomes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.outcomes: list[FileOutcome] = []
        self._stream = stream or sys.stderr
        self._moves = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._said = 0.0
        self._done = self._total = self._pages = 0
        self._current: dict[str, tuple[int, int]] = {}

    def files(self, total: int) -> None:
        """How many files there are, as far as is known."""
        self._total = total

    def file(self, done: int, total: int, outcome: FileOutcome) -> None:
        """One more file is done."""
        with self._lock:
            self.outcomes.append(outcome)
            self._done, self._total = done, total
            self._current.pop(outcome.path, None)
            self._clear()
            print(f"[{done}/{total}] {line(outcome)}", file=self._stream)
            if done < total:
                self._move()
            self._stream.flush()

    def page(self, path: str, done: int, total: int) -> None:
        """One more page of a file is done."""
        with self._lock:
            self._pages += 1
            self._current[path] = (done, total)
            if time.monotonic() - self._said >= (_OFTEN if self._moves else _SELDOM):
                self._said = time.monotonic()
                if self._moves:
                    self._clear()
                    self._move()
                elif time.monotonic() - self._started >= _SELDOM:
                    print(
                        f"  {printable(PurePath(path).name)}: page {done} of {total}, {self._rate()}", file=self._stream
                    )
                self._stream.flush()

    def end(self) -> None:
        """Take the moving line away."""
        with self._lock:
            self._clear()
            self._stream.flush()

    def _clear(self) -> None:
        if self._moves:
            self._stream.write("\r\x1b[K")

    def _move(self) -> None:
        if not self._moves:
            return
        pages = ", ".join(f"{printable(PurePath(path).name)} page {a} of {b}" for path, (a, b) in self._current.items())
        said = f"{self._done} of {self._total} files, {self._rate()}{': ' if pages else ''}{pages}"
        self._stream.write(said[: shutil.get_terminal_size().columns - 1])

    def _rate(self) -> str:
        """How fast it goes and how long it will take, as far as that is known."""
        elapsed = max(time.monotonic() - self._started, 0.001)
        parts = [f"{self._pages / elapsed:.0f} pages/s"] if self._pages else []
        if self._done:
            parts += [
                f"{self._done / elapsed:.1f} files/s",
                f"{_length(elapsed / self._done * (self._total - self._done))} left",
            ]
        elif len(self._current) == 1 and (at := next(iter(self._current.values())))[0]:
            parts.append(f"{_length(elapsed / at[0] * (at[1] - at[0]))} left")
        return ", ".join(parts)


def line(outcome: FileOutcome) -> str:
    """What became of one file, on one line."""
    said = f"{outcome.outcome:9} {printable(outcome.path)}"
    if outcome.reason:
        said += f": {printable(outcome.reason)}"
    elif outcome.chunks:
        said += f" ({outcome.chunks} chunks, {outcome.figures} figures)"
    return said + "".join(f"\n            note: {printable(note)}" for note in outcome.notes)


def table(outcomes: Sequence[FileOutcome]) -> str:
    """How many files were added, unchanged, failed ...; and each that is not in the library as itself, with the reason."""
    counts = Counter(outcome.outcome for outcome in outcomes)
    rows: list[str] = []
    for name in _ORDER:
        if counts[name]:
            rows.append(f"{name:9} {counts[name]:>6,}")
            if name in _TOLD:
                some = [outcome for outcome in outcomes if outcome.outcome == name]
                rows += [f"    {printable(one.path)}: {printable(one.reason)}" for one in some]
    return "\n".join(rows) or "nothing to ingest"


def _length(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
