"""The BM25 index of a library, brought up to its database revision by revision.

`lexical.json` tells up to which revision and Chunk `lexical/` has come. It is written after the index commits, so it
may lag behind but never runs ahead; what lies between is written again, which changes nothing.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from index.generations import replace
from index.lexical import LexicalIndex, engine
from index.lines import marks
from index.prepare import called, searched
from index.store import Store
from index.tokens import terms, tokenize

Progress = Callable[[int, int], None]
_SAMPLE = "網商銀行2023年ESG報告: 服务小微用户超5,300萬, companies' loans rose 1.5% to R&D-led firms"
_ROWS = "Consolidated Balance Sheets\nTotal assets\t12\t11\nTotal liabilities\t7\t6"


@dataclass(frozen=True, slots=True)
class Note:
    """What the index holds: all Chunks up to number `through` that were there at `revision`, as `terms` of ours."""

    library: str
    revision: int
    through: int
    terms: str


_NOTHING = Note("", 0, 0, "")


class Postings:
    """The lexical index of the library in `folder`, or of one in memory for None."""

    def __init__(self, store: Store, folder: Path | None) -> None:
        self._store = store
        self._folder = folder
        self._index: LexicalIndex | None = None
        self._note = _NOTHING
        self._known: dict[int, str] = {}
        self._writing = False

    @property
    def index(self) -> LexicalIndex:
        """What is searched: nothing where nothing has been written yet."""
        if self._index is None:
            there = self._place is not None and (self._place / "meta.json").is_file()
            self._index = LexicalIndex(self._place if there else None)
        return self._index

    @property
    def _place(self) -> Path | None:
        return self._folder / "lexical" if self._folder else None

    def refresh(self) -> bool:
        """See what has been committed; whether that is all that the store holds."""
        revision = self._store.revision()
        if self._note.revision == revision and self._index is not None:
            return True
        if self._folder is None:
            return False
        noted = self._noted()
        if noted is None:
            return False
        try:
            if noted.through < self._note.through or noted.library != self._note.library:
                self._close_index()  # made anew
            if noted != self._note or self._index is None:
                self.index.reload()
                self._note = noted
        except (ValueError, OSError):
            return False
        return noted.revision == revision

    def _noted(self) -> Note | None:
        """The note on disk where it fits the index, the store and this program; None else."""
        if self._folder is None or not (self._folder / "lexical" / "meta.json").is_file():
            return None
        try:
            note = Note(**json.loads((self._folder / "lexical.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        manifest = self._store.manifest()
        fits = note.library == manifest["library"] and note.terms == _fingerprint()
        return note if fits and note.revision <= int(manifest["revision"]) else None

    def behind(self) -> Note | None:
        """Up to where the index on disk has come where it is sound and behind the store; the next write catches up."""
        note = self._noted()
        return note if note is not None and note.revision < self._store.revision() else None

    def know(self, terms: Iterable[tuple[int, str]]) -> None:
        """Take (number, terms) of Chunks just stored, which `catch_up` then need not work out."""
        self._known.update(terms)

    def catch_up(self, on_progress: Progress = lambda done, total: None) -> None:
        """Bring the index to the store's newest revision; OSError where it cannot be written."""
        try:
            self._catch_up(on_progress)
        except ValueError as error:  # what tantivy says of all that goes wrong on a disk
            self._close_index()
            raise OSError(f"{self._place}: cannot be written ({error})") from error

    def _catch_up(self, on_progress: Progress) -> None:
        if self._folder is not None and not self._writing:
            self._open_for_writing()
        with self._store.reading():
            manifest = self._store.manifest()
            last, total = self._store.last_chunk(), self._store.chunk_count()
            removed = [numbers for _, numbers in self._store.removed_after(self._note.revision)]
            gone = [numbers for numbers in removed if numbers.start <= self._note.through]
            if not self._writing:
                gone.append(range(self._note.through + 1, 2**62))  # committed, and not noted
            done = 0
            self.index.remove(gone)
            for numbers in self._store.numbers_after(self._note.through):
                self.index.add(self._terms(numbers))
                done += len(numbers)
                on_progress(done, total)
        self.index.commit()
        self._known = {}
        self._note = Note(manifest["library"], int(manifest["revision"]), last, _fingerprint())
        self._writing = True
        if self._folder is not None:
            replace(self._folder / "lexical.json", json.dumps(asdict(self._note)).encode())

    def _terms(self, numbers: list[int]) -> Iterable[tuple[int, str]]:
        unknown = [number for number in numbers if number not in self._known]
        yield from ((number, self._known[number]) for number in numbers if number in self._known)
        found = list(self._store.titled_chunks(unknown)) if unknown else []
        bags = terms([searched(title, chunk.above, chunk.text) for _, title, _, chunk in found])
        for bag, (number, title, path, chunk) in zip(bags, found, strict=True):
            yield number, f"{bag}\n{' '.join([called(title, path), *marks(chunk.above, chunk.text)])}"

    def _open_for_writing(self) -> None:
        """The index on disk where it is sound and ours; an empty one else."""
        self._close_index()
        note = self._noted()
        try:
            if note is None:
                self.forget()
            self._index, self._note = LexicalIndex(self._place), note or _NOTHING
        except (ValueError, OSError):
            self.forget()
            self._index = LexicalIndex(self._place)

    def forget(self) -> None:
        """Delete the index; the next `catch_up` makes it anew."""
        self._close_index()
        self._note, self._writing = _NOTHING, False
        if self._folder is not None and self._place is not None:
            (self._folder / "lexical.json").unlink(missing_ok=True)
            shutil.rmtree(self._place, ignore_errors=True)

    def in_memory(self) -> None:
        """Make the index anew in memory, where the folder cannot be written to."""
        self._close_index()
        self._folder, self._note, self._writing = None, _NOTHING, True
        self.catch_up()

    def _close_index(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index, self._writing = None, False

    def close(self) -> None:
        """Wait for what is being written."""
        self._close_index()


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    """What the terms of a Chunk are made by: a text's terms, and the engine that holds them."""
    made = f"{' '.join(tokenize(_SAMPLE))}\n{called(_SAMPLE, _SAMPLE)}\n{marks(_SAMPLE, _ROWS)}"
    return f"{zlib.crc32(made.encode()):08x}-{engine()}"
