"""One writer at a time: a lock on the library's folder, which the system drops when its holder dies.

The only file that imports filelock. Beside the lock stands a note of who holds it, for people to read; the lock itself
decides, so the note of a writer that was killed keeps nobody out.
"""

from __future__ import annotations

import datetime
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryLocked, LibraryReadOnly

if TYPE_CHECKING:
    from filelock import BaseFileLock

_POLLED = 0.1  # seconds


class WriterLock:
    """The right to write to the library in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "writer.json"
        self._lock: BaseFileLock | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._lock is not None

    def acquire(self, wait: float, notify: Callable[[str], None]) -> None:
        """Take the lock, waiting so many seconds at most; LibraryLocked says who holds it, `notify` for whom we wait."""
        if self.held:
            return
        from filelock import FileLock, Timeout

        lock = FileLock(self._folder / "LOCK", mode=0o644, thread_local=False, preserve_lock_file=True)
        try:
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if wait > 0:
                    notify(f"{self._folder}: {self._holder()} is writing to it; waiting up to {wait:.0f} s")
                lock.acquire(timeout=max(wait, 0), poll_interval=_POLLED)
        except Timeout as error:
            raise LibraryLocked(
                f"{self._folder}: {self._holder()} is writing to it. Try again when it is done, or wait longer with --wait."
            ) from error
        except OSError as error:
            raise LibraryReadOnly(
                f"{self._folder}: cannot be written ({error.strerror}). Check its permissions."
            ) from error
        self._lock = lock
        self._sign()

    def release(self) -> None:
        """Let the next writer in."""
        if self._lock is not None:
            self._note.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    def _sign(self) -> None:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        holder = {"process": os.getpid(), "host": socket.gethostname(), "since": now}
        try:
            self._note.write_text(json.dumps(holder), encoding="utf-8")
        except OSError:  # a full disk: who cannot say their name can still remove documents
            self._note.unlink(missing_ok=True)

    def _holder(self) -> str:
        try:
            holder = json.loads(self._note.read_text(encoding="utf-8"))
            return f"process {holder['process']} on {holder['host']} (since {holder['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"
