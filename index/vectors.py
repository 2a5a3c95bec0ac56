"""Nearest vectors by inner product. The only file that imports faiss."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.embed import Matrix

Scored = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]


class VectorStore(Protocol):
    """Vectors under numbers. Scores are inner products, best first; equal ones by number."""

    def add(self, numbers: Sequence[int], vectors: Matrix) -> None:
        """Add rows under their numbers; a number that is there already is replaced."""
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the rows with those numbers."""
        ...

    def search(self, query: Matrix, k: int, among: Sequence[int] | None = None) -> Scored:
        """The scores and numbers of the `k` nearest rows to one query row, of those `among` where given."""
        ...

    def vectors(self, numbers: Sequence[int]) -> Matrix:
        """The rows with those numbers."""
        ...

    def __len__(self) -> int: ...


class FaissStore:
    """An exact FAISS index of half-precision rows."""

    def __init__(self, dimension: int) -> None:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # one query is too small a task to share out
        import faiss as untyped

        faiss: Any = untyped  # its calls take arrays where its stubs say otherwise

        self._faiss = faiss
        self.dimension = dimension
        self._index = faiss.IndexIDMap2(
            faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        )
        self._numbers: set[int] = set()

    def add(self, numbers: Sequence[int], vectors: Matrix) -> None:
        """Add rows under their numbers; a number that is there already is replaced."""
        if vectors.shape != (len(numbers), self.dimension):
            raise ValueError(
                f"{len(numbers)} numbers and vectors of shape {vectors.shape}, expected dimension {self.dimension}"
            )
        if not numbers:
            return
        self.remove([number for number in numbers if number in self._numbers])
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(numbers, dtype=np.int64))
        self._numbers.update(numbers)

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the rows with those numbers."""
        there = [number for number in numbers if number in self._numbers]
        if there:
            self._index.remove_ids(np.asarray(there, dtype=np.int64))
            self._numbers.difference_update(there)

    def search(self, query: Matrix, k: int, among: Sequence[int] | None = None) -> Scored:
        """The scores and numbers of the `k` nearest rows to one query row, of those `among` where given."""
        if query.shape[-1] != self.dimension:
            raise ValueError(f"a query of dimension {query.shape[-1]}, expected {self.dimension}")
        count = min(k, len(self._numbers))
        if count <= 0:
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        row = np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)
        options = {}
        if among is not None:
            options["params"] = self._faiss.SearchParameters(
                sel=self._faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            )
        scores, numbers = self._index.search(row, count, **options)
        found = numbers[0] >= 0  # FAISS fills up with -1
        scores, numbers = scores[0][found], numbers[0][found]
        order = np.lexsort((numbers, -scores))
        return scores[order], numbers[order]

    def vectors(self, numbers: Sequence[int]) -> Matrix:
        """The rows with those numbers."""
        rows = [self._index.reconstruct(int(number)) for number in numbers]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._numbers)

    def save(self, folder: Path, revision: int) -> None:
        """Write the index beside a note of the library's revision and its checksum; the note comes last."""
        data = bytes(self._faiss.serialize_index(self._index))
        note = {"revision": revision, "crc32": zlib.crc32(data), "dimension": self.dimension}
        _replace(folder / "vectors.faiss", data)
        _replace(folder / "vectors.json", json.dumps(note).encode())

    @classmethod
    def load(cls, folder: Path, revision: int, dimension: int) -> FaissStore | None:
        """The index that was saved at this revision; None where it is missing, older or damaged."""
        try:
            note = json.loads((folder / "vectors.json").read_bytes())
            data = (folder / "vectors.faiss").read_bytes()
        except (OSError, ValueError):
            return None
        if note != {"revision": revision, "crc32": zlib.crc32(data), "dimension": dimension}:
            return None
        store = cls(dimension)
        store._index = store._faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        store._numbers = set(store._faiss.vector_to_array(store._index.id_map).tolist())
        return store


def _replace(path: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
