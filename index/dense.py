"""The vectors of a library, searched as they are in its database this moment: a generation on disk, and what came since.

In: the store. Out: a `VectorStore` that is up to the store's newest revision after each `refresh`. What came since the
generation was made is held in memory and compared exactly; what went since is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embed import Matrix
from index.generations import Generation, Generations
from index.store import Store
from index.vectors import Builder, FaissStore, Scored, VectorFile

LEAST_NEW = 10_000  # rows beside the generation, or a share of it, before another is made
_NEW_SHARE = 5
_TIE = 1e-6  # scores nearer than this are equal
_MOST_TIES = 4  # times k
Progress = Callable[[int, int], None]


class Dense:
    """The Chunks' vectors. `folder` is the library's; None for one in memory."""

    def __init__(self, store: Store, folder: Path | None, dimension: int) -> None:
        self._store = store
        self._generations = Generations(folder) if folder else None
        self.dimension = dimension
        self._name: str | None = None
        self._made: Generation | None = None
        self._file: VectorFile | None = None
        self._recent = FaissStore(dimension)
        self._embedded = ""
        self._revision = self._last = 0

    def refresh(self) -> None:
        """See what the store holds now; to be called within `Store.reading`."""
        embedded = self._store.manifest()["embedded"]
        name = self._generations.current() if self._generations else ""
        if name != self._name or embedded != self._embedded:
            self._reopen(embedded)
        for numbers, vectors in self._store.vectors_after(self._last):
            self._recent.add(numbers, vectors)
            self._last = numbers[-1]
        through = self._made.through if self._made else 0
        for revision, gone in self._store.removed_after(self._revision):
            self._recent.remove(gone)
            if self._file and gone.start <= through:
                self._file.hide(gone)
            self._revision = revision

    def _reopen(self, embedded: str) -> None:
        self._name, self._made, self._file = None, None, None
        self._embedded = embedded
        self._recent = FaissStore(self.dimension)
        self._revision = self._last = 0
        self._name, made = self._on_disk()
        if made is not None and self._generations is not None:
            try:
                self._file = VectorFile(self._generations.path(self._name), made.candidates)
            except (RuntimeError, OSError):
                return  # pruned, or of another FAISS: what it held is read from the store
            self._made, self._revision, self._last = made, made.revision, made.through

    def _fits(self, made: Generation) -> bool:
        manifest = self._store.manifest()
        ours = (manifest["library"], manifest["embedded"], self.dimension)
        return (made.library, made.embedded, made.dimension) == ours and made.revision <= int(manifest["revision"])

    def search(self, query: Matrix, k: int, among: Sequence[int] | None = None) -> Scored:
        """The scores and numbers of the `k` nearest rows and of those as near as the last, best first."""
        asked = k + 1
        while True:
            scores, numbers = self._nearest(query, asked, among)
            if len(scores) < asked or scores[-1] < scores[k - 1] - _TIE or asked >= _MOST_TIES * k:
                break
            asked *= 2
        if len(scores) > k:
            kept = scores >= scores[k - 1] - _TIE
            scores, numbers = scores[kept], numbers[kept]
        return scores, numbers

    def _nearest(self, query: Matrix, k: int, among: Sequence[int] | None) -> Scored:
        found = [self._recent.search(query, k, among)]
        if self._file is not None:
            found.append(self._file.search(query, k, among))
        scores, numbers = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((numbers, -scores))[:k]
        return scores[order], numbers[order]

    def vectors(self, numbers: Sequence[int]) -> Matrix:
        """The rows with those numbers; a zero row where one is gone."""
        rows = np.zeros((len(numbers), self.dimension), dtype=np.float32)
        if self._file is not None and len(self._file):
            there, rows[there] = self._file.vectors(numbers)
        recent = [at for at, number in enumerate(numbers) if number in self._recent]
        rows[recent] = self._recent.vectors([numbers[at] for at in recent])
        return rows

    def __len__(self) -> int:
        return len(self._recent) + (len(self._file) if self._file else 0)

    def due(self, times: int = 1) -> bool:
        """Whether so much came or went since the generation on disk, or `times` as much, that another should be made."""
        if self._generations is None:
            return False
        with self._store.reading():
            made = self._on_disk()[1]
            revision, through, rows = (made.revision, made.through, made.rows) if made else (0, 0, 0)
            gone = sum(len(numbers) for _, numbers in self._store.removed_after(revision) if numbers.start <= through)
            new = self._store.last_chunk() - through
        return new + gone > times * max(LEAST_NEW, rows // _NEW_SHARE)

    def _on_disk(self) -> tuple[str, Generation | None]:
        """The generation that counts, where it is sound and of this library."""
        name = self._generations.current() if self._generations else ""
        if name == self._name:
            return name, self._made
        made = self._generations.read(name) if self._generations and name else None
        return name, made if made and self._fits(made) else None

    def renew(self, queries: Matrix, on_progress: Progress = lambda done, total: None, *, anew: bool = False) -> None:
        """Make a generation of all that the store holds; OSError where it cannot be written.

        `queries` are rows like those that will be asked: what an approximate search is tuned with. `anew` takes nothing
        over from the generation before.
        """
        if self._generations is None:
            return
        with self._store.reading():
            rows = self._store.chunk_count()
            builder = None if anew else self._carried_on(rows)
            if builder is None:
                builder = self._from_store(rows, on_progress)
            manifest = self._store.manifest()
            through = self._store.last_chunk()
        builder.encode(queries)
        made = Generation(
            library=manifest["library"],
            embedded=manifest["embedded"],
            revision=int(manifest["revision"]),
            through=through,
            rows=rows,
            dimension=self.dimension,
            candidates=builder.candidates,
            recall=builder.recall,
        )
        self._generations.publish(made, builder.write)

    def _carried_on(self, rows: int) -> Builder | None:
        """The generation on disk, brought up to the store; None where it cannot be."""
        name, made = self._on_disk()
        if made is None or self._generations is None:
            return None
        builder = Builder.read(self._generations.path(name))
        gone = [n for _, numbers in self._store.removed_after(made.revision) for n in numbers]
        builder.remove([number for number in gone if number <= made.through])
        for numbers, vectors in self._store.vectors_after(made.through):
            builder.add(numbers, vectors)
        return builder if len(builder) == rows else None

    def _from_store(self, rows: int, on_progress: Progress) -> Builder:
        builder = Builder(self.dimension)
        done = 0
        for numbers, vectors in self._store.vectors_after(0):
            builder.add(numbers, vectors)
            done += len(numbers)
            on_progress(done, rows)
        return builder
