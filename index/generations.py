"""Immutable generations of a FAISS index on disk, behind a pointer that is replaced in one step.

    vectors/CURRENT                 the name of the generation that counts
    vectors/gen-<revision>-<chance>/index.faiss, codes.faiss (of many rows), manifest.json, verified

A generation is written and synced whole before the pointer names it. Readers hold the one they opened until they see
the pointer changed; the one before stays, for those that are about to open it.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_PIECE = 1 << 22  # bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """What an index file holds: all Chunks up to number `through` that were there at `revision`.

    `candidates` is how many rows are compared of those that their codes find, 0 where all are; `recall` is the share of the
    10 nearest rows that are found so, measured when it was made. `size` and `crc32` are of all its files.
    """

    library: str
    embedded: str
    revision: int
    through: int
    rows: int
    dimension: int
    candidates: int
    recall: float
    size: int = 0
    crc32: int = 0


class Generations:
    """The generations of one library."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "vectors"

    def current(self) -> str:
        """The name of the generation that counts; "" where there is none."""
        try:
            return (self._folder / "CURRENT").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def read(self, name: str) -> Generation | None:
        """What is said of a generation; None where it is missing, incomplete or damaged."""
        try:
            made = Generation(**json.loads((self._folder / name / "manifest.json").read_bytes()))
            return made if name and self._sound(name, made) else None
        except (OSError, ValueError, TypeError):
            return None

    def path(self, name: str) -> Path:
        """Where its index is."""
        return self._folder / name / "index.faiss"

    def _files(self, name: str) -> list[Path]:
        return sorted((self._folder / name).glob("*.faiss"))

    def _sound(self, name: str, made: Generation) -> bool:
        """Whether the files are as they were written; read whole once, and again when one is another."""
        files = self._files(name)
        statuses = [path.stat() for path in files]
        if sum(status.st_size for status in statuses) != made.size:
            return False
        mark = " ".join(f"{status.st_ino}:{status.st_mtime_ns}:{status.st_size}" for status in statuses)
        verified = self._folder / name / "verified"
        try:
            if verified.read_text(encoding="ascii") == mark:
                return True
        except (OSError, UnicodeDecodeError):
            pass  # not read yet
        if crc32(files) != made.crc32:
            return False
        with suppress(OSError):  # where nobody may write, it is read again next time
            verified.write_text(mark, encoding="ascii")
        return True

    def intact(self, name: str, made: Generation) -> bool:
        """Whether every byte of the files is as it was written."""
        try:
            files = self._files(name)
            return sum(path.stat().st_size for path in files) == made.size and crc32(files) == made.crc32
        except OSError:
            return False

    def publish(self, made: Generation, write: Callable[[Path], None]) -> str:
        """Let `write` write the index file, and point to it; its name. OSError where that cannot be done."""
        name = f"gen-{made.revision}-{uuid.uuid4().hex[:8]}"
        place = self._folder / name
        before = self.current()
        place.mkdir(parents=True)
        try:
            write(self.path(name))
            files = self._files(name)
            for path in files:
                _sync(path)
            whole = asdict(made) | {"size": sum(path.stat().st_size for path in files), "crc32": crc32(files)}
            _write(place / "manifest.json", json.dumps(whole, indent=1).encode())
            _sync(place)
            replace(self._folder / "CURRENT", name.encode())
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self.prune({before, name})
        return name

    def prune(self, kept: set[str]) -> None:
        """Delete all generations but the `kept` ones."""
        for path in self._folder.glob("gen-*"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)


def crc32(paths: Sequence[Path]) -> int:
    """The CRC-32 of files, one after another."""
    found = 0
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                found = zlib.crc32(piece, found)
    return found


def replace(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, durably."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        _write(temporary, data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Bring a file, or the entries of a folder, to the disk; not every system can sync a folder."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
