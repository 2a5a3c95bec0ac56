"""Nearest vectors by inner product. The only file that imports faiss.

Up to EXACT_UP_TO rows each is compared, in half precision; above, rows are sorted into lists around centroids (an
inverted file: Sivic and Zisserman, "Video Google", 2003; Jegou et al., "Product Quantization for Nearest Neighbor
Search", 2011) and as many lists are probed as the wanted recall takes, measured on the rows themselves.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.embed import Matrix

Scored = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
EXACT_UP_TO = 300_000  # rows
WANTED_RECALL, LEAST_RECALL = 0.99, 0.95  # shares of the 10 nearest rows that are found
_WORTH = 4  # no more than one list of so many is probed for the wanted share
_TRAINED_ON = 40  # rows for each centroid
_ROUNDS = 10  # of k-means
_GROWN = 3.0  # times as many rows as the centroids were made for: make them anew
_NEAREST = 10


class VectorStore(Protocol):
    """Vectors under numbers, to be searched. Scores are inner products, best first; equal ones by number."""

    def search(self, query: Matrix, k: int, among: Sequence[int] | None = None) -> Scored:
        """The scores and numbers of the `k` nearest rows to one query row, of those `among` where given.

        It may give more than `k`, where others are as near as the last.
        """
        ...

    def vectors(self, numbers: Sequence[int]) -> Matrix:
        """The rows with those numbers."""
        ...

    def __len__(self) -> int: ...


def _faiss() -> Any:  # noqa: ANN401 - its calls take arrays where its stubs say otherwise
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # one query is too small a task to share out
    import faiss

    return faiss


class FaissStore:
    """An exact FAISS index of half-precision rows, in memory."""

    def __init__(self, dimension: int) -> None:
        self._faiss = _faiss()
        self.dimension = dimension
        self._index = _flat(dimension)
        self._numbers: set[int] = set()

    def add(self, numbers: Sequence[int], vectors: npt.NDArray[Any]) -> None:
        """Add rows under their numbers; a number that is there already is replaced."""
        if vectors.shape != (len(numbers), self.dimension):
            raise ValueError(
                f"{len(numbers)} numbers and vectors of shape {vectors.shape}, expected dimension {self.dimension}"
            )
        if not len(numbers):
            return
        self.remove(numbers)
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
        params = None
        if among is not None:
            params = self._faiss.SearchParameters(sel=_batch(among))
        return _search(self._index, _row(query, self.dimension), min(k, len(self._numbers)), params)

    def vectors(self, numbers: Sequence[int]) -> Matrix:
        """The rows with those numbers."""
        found = [self._index.reconstruct(int(number)) for number in numbers]
        return np.stack(found) if found else np.zeros((0, self.dimension), dtype=np.float32)

    def __len__(self) -> int:
        return len(self._numbers)


class VectorFile:
    """A FAISS index in a file, mapped into memory and never changed: processes that search it share its pages."""

    def __init__(self, path: Path, probes: int) -> None:
        self._faiss = _faiss()
        inverted = probes > 0
        flag = self._faiss.IO_FLAG_MMAP if inverted else self._faiss.IO_FLAG_MMAP_IFC
        self._index = self._faiss.read_index(str(path), flag)
        self._lists = int(self._index.nlist) if inverted else 0
        self._probes = probes
        self._hidden: set[int] = set()
        self._shown: tuple[Any, ...] = ()
        self.dimension = int(self._index.d)

    def hide(self, numbers: Iterable[int]) -> None:
        """Never give rows with those numbers again."""
        self._hidden.update(numbers)
        if self._hidden:
            hidden = _batch(self._hidden)
            self._shown = (self._faiss.IDSelectorNot(hidden), hidden)

    @property
    def hidden(self) -> int:
        """How many rows are hidden."""
        return len(self._hidden)

    def search(self, query: Matrix, k: int, among: Sequence[int] | None = None) -> Scored:
        """As `VectorStore.search`. Of those `among` the search is exact."""
        faiss = self._faiss
        selector = self._shown[0] if self._shown else None
        if among is not None:
            selector = _batch([number for number in among if number not in self._hidden])
        options = {} if selector is None else {"sel": selector}
        params = None
        if self._lists:
            params = faiss.SearchParametersIVF(nprobe=self._probes if among is None else self._lists, **options)
        elif options:
            params = faiss.SearchParameters(**options)
        return _search(self._index, _row(query, self.dimension), min(k, int(self._index.ntotal)), params)

    def __len__(self) -> int:
        return int(self._index.ntotal) - len(self._hidden)


class Builder:
    """Makes a FAISS index for a file: exact or an inverted file, as the number of rows has it."""

    def __init__(self, dimension: int, rows: int) -> None:
        self._faiss = _faiss()
        self.inverted = rows > EXACT_UP_TO
        self.trained_for = rows if self.inverted else 0
        self.recall = 1.0
        self.probes = 0
        self._dimension = dimension
        self._index = _inverted(dimension, rows) if self.inverted else _flat(dimension)

    @classmethod
    def of_file(cls, path: Path, trained_for: int, rows: int) -> Builder | None:
        """The index of a file, to be carried on; None where so many rows ask for another."""
        if bool(trained_for) != (rows > EXACT_UP_TO) or rows > _GROWN * max(trained_for, EXACT_UP_TO / _GROWN):
            return None
        return cls.read(path, trained_for)

    @classmethod
    def read(cls, path: Path, trained_for: int) -> Builder:
        """The index of a file, in memory."""
        faiss = _faiss()
        index = faiss.read_index(str(path))
        builder = cls.__new__(cls)
        builder._faiss, builder._index, builder._dimension = faiss, index, int(index.d)
        builder.inverted, builder.trained_for, builder.recall, builder.probes = trained_for > 0, trained_for, 1.0, 0
        return builder

    def train(self, sample: Matrix) -> None:
        """Find the centroids of an inverted file in a sample of its rows."""
        if self.inverted:
            threads = self._faiss.omp_get_max_threads()
            self._faiss.omp_set_num_threads(os.cpu_count() or 1)
            self._index.train(np.ascontiguousarray(sample, dtype=np.float32))
            self._faiss.omp_set_num_threads(threads)

    @property
    def sample(self) -> int:
        """How many rows `train` wants."""
        return _TRAINED_ON * int(self._index.nlist) if self.inverted else 0

    def add(self, numbers: Sequence[int], vectors: npt.NDArray[Any]) -> None:
        """Add rows under numbers that are not there yet."""
        if len(numbers):
            rows = np.ascontiguousarray(vectors, dtype=np.float32)
            self._index.add_with_ids(rows, np.asarray(numbers, dtype=np.int64))

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the rows with those numbers."""
        if len(numbers):
            self._index.remove_ids(np.asarray(numbers, dtype=np.int64))

    def tune(self, queries: Matrix) -> None:
        """Choose how many lists are probed: the fewest that find the wanted share of what all of them hold.

        Where that takes so many that little time is saved, the least share will do; `recall` is what was reached.
        """
        if not self.inverted or not len(queries):
            self.probes = 16 if self.inverted else 0
            return
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        lists = int(self._index.nlist)
        exact = self._nearest(rows, lists)
        for wanted, most in ((WANTED_RECALL, lists // _WORTH), (LEAST_RECALL, lists)):
            self.probes, self.recall = 8, self._recall(rows, 8, exact)
            while self.recall < wanted and self.probes < most:
                self.probes = min(math.ceil(self.probes * 1.3), most)
                self.recall = self._recall(rows, self.probes, exact)
            if self.recall >= wanted:
                return

    def _recall(self, queries: Matrix, probes: int, exact: list[list[int]]) -> float:
        found = self._nearest(queries, probes)
        shared = sum(len(set(a) & set(b)) for a, b in zip(found, exact, strict=True))
        return shared / max(sum(map(len, exact)), 1)

    def _nearest(self, queries: Matrix, probes: int) -> list[list[int]]:
        params = self._faiss.SearchParametersIVF(nprobe=probes)
        return [[n for n in row if n >= 0] for row in self._index.search(queries, _NEAREST, params=params)[1].tolist()]

    def numbers(self) -> npt.NDArray[np.int64]:
        """The numbers of its rows, in no order."""
        return _numbers(self._faiss, self._index, inverted=self.inverted)

    def write(self, path: Path) -> None:
        """Write the index to a file; OSError where it cannot be."""
        try:
            self._faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path}: cannot be written ({str(error).splitlines()[0]})") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)


def _flat(dimension: int) -> Any:  # noqa: ANN401
    faiss = _faiss()
    return faiss.IndexIDMap2(
        faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    )


def _inverted(dimension: int, rows: int) -> Any:  # noqa: ANN401
    faiss = _faiss()
    lists = max(64, round(4 * math.sqrt(rows)))
    index = faiss.index_factory(dimension, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = _ROUNDS, 1, _TRAINED_ON
    return index


def _numbers(faiss: Any, index: Any, *, inverted: bool) -> npt.NDArray[np.int64]:  # noqa: ANN401
    if not inverted:
        found: npt.NDArray[np.int64] = faiss.vector_to_array(index.id_map)
        return found
    lists = index.invlists
    parts = [faiss.rev_swig_ptr(lists.get_ids(n), lists.list_size(n)).copy() for n in range(index.nlist)]
    return np.concatenate(parts).astype(np.int64)


def _batch(numbers: Iterable[int]) -> Any:  # noqa: ANN401
    return _faiss().IDSelectorBatch(np.fromiter(numbers, dtype=np.int64))


def _row(query: Matrix, dimension: int) -> Matrix:
    if query.shape[-1] != dimension:
        raise ValueError(f"a query of dimension {query.shape[-1]}, expected {dimension}")
    return np.ascontiguousarray(query.reshape(1, -1), dtype=np.float32)


def _search(index: Any, row: Matrix, k: int, params: Any) -> Scored:  # noqa: ANN401
    if k <= 0:
        return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
    scores, numbers = index.search(row, k, params=params)
    found = numbers[0] >= 0  # FAISS fills up with -1
    scores, numbers = scores[0][found], numbers[0][found]
    order = np.lexsort((numbers, -scores))
    return scores[order], numbers[order]
