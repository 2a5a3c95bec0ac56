"""Which files a path stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or why it is not taken."""

    path: Path
    reason: str = ""


def files_below(path: Path) -> Iterator[Found]:
    """The files in a folder and those in it, by name, without hidden ones; what is named itself is taken as it is.

    Links are followed within the folder alone: a folder from elsewhere may hold one to anything on this machine.
    """
    absolute = path.absolute()
    if absolute.is_dir():
        yield from _walk(absolute, absolute.resolve(), set())
    else:
        yield Found(absolute)


def _walk(folder: Path, top: Path, seen: set[Path]) -> Iterator[Found]:
    real = folder.resolve()
    if real in seen:  # a link that leads back to a folder above it
        return
    seen.add(real)
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Found(folder, f"the folder cannot be read ({error.strerror})")
        return
    for entry in entries:
        if entry.name.startswith((".", "~$")):  # hidden, or what Office writes beside a file that is open
            continue
        if entry.is_symlink() and not entry.resolve().is_relative_to(top):
            yield Found(entry, "a link that leads out of the folder: name the file itself to take it in")
        elif entry.is_dir():
            yield from _walk(entry, top, seen)
        elif entry.is_file():
            yield Found(entry)
        else:
            yield Found(entry, "no regular file" if entry.exists() else "a link that leads nowhere")
