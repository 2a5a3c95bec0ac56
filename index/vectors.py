"""Nearest vectors by inner product. The only file that imports faiss.

Up to EXACT_UP_TO rows each is compared, in half precision. Above, each is compared by a code first, of four bits for two
of its dimensions (product quantization: Jegou, Douze and Schmid, 2011; compared many at a time: André, Kermarrec and Le
Scouarnec, "Cache locality is not enough", VLDB 2015), and the rows whose codes are nearest as they are. How many, the
wanted recall tells, measured on the rows themselves. Inverted lists did not pay: on passages of news, most had to be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index.embed import Matrix

Scored = tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]
EXACT_UP_TO = 30_000  # rows: of fewer, codes save no time
WANTED_RECALL = 0.99  # share of the 10 nearest rows that are found
_CANDIDATES = (200, 400, 800)  # rows that are compared as they are: the fewest that the wanted recall takes
_FOR_EACH = 12  # such rows at least for each that is asked for: with them nearly all nearest are found
_SAMPLE, _ROUNDS = 5_000, 8  # rows that codes are fitted to, and how often: with more they are no better
_AT_ONCE = 20_000  # rows
_SAME = 1e-6  # scores nearer than this are equal
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
        if not len(numbers):
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows: Matrix = self._index.reconstruct_batch(np.asarray(numbers, dtype=np.int64))
        return rows

    def __contains__(self, number: int) -> bool:
        return number in self._numbers

    def __len__(self) -> int:
        return len(self._numbers)


class VectorFile:
    """A FAISS index in a file, mapped into memory and never changed: processes that search it share its pages.

    `candidates` tells that there are codes beside it, and how many rows that these find are compared; 0 where all are.
    """

    def __init__(self, path: Path, candidates: int) -> None:
        self._faiss = _faiss()
        self._index = self._faiss.read_index(str(path), self._faiss.IO_FLAG_MMAP_IFC)
        self._codes = self._faiss.read_index(str(codes_beside(path))) if candidates else None
        self._rows = _Rows(self._index)
        self._candidates = candidates
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
        row = _row(query, self.dimension)
        if self._codes is not None and among is None:
            near = self._near(row, max(self._candidates, _FOR_EACH * k))
            return _compared(row, self._rows, near, k)
        selector = self._shown[0] if self._shown else None
        if among is not None:
            selector = _batch([number for number in among if number not in self._hidden])
        params = None if selector is None else self._faiss.SearchParameters(sel=selector)
        return _search(self._index, row, min(k, int(self._index.ntotal)), params)

    def vectors(self, numbers: Sequence[int]) -> tuple[npt.NDArray[np.bool_], Matrix]:
        """Which of the numbers have a row that is not hidden, and these rows."""
        wanted = np.asarray(numbers, dtype=np.int64)
        held = self._rows.numbers
        places = np.minimum(np.searchsorted(held, wanted), len(held) - 1)  # rows came by number
        there = held[places] == wanted
        if self._hidden:
            there &= np.array([number not in self._hidden for number in numbers], dtype=bool)
        return there, self._rows.at(places[there])

    def _near(self, row: Matrix, count: int) -> npt.NDArray[np.int64]:
        """The places of so many rows that are not hidden, or more, whose codes are nearest."""
        assert self._codes is not None
        wanted, asked = min(count, len(self)), count
        while True:
            near = _nearest_codes(self._codes, row, asked)
            if self._hidden:
                shown = [number not in self._hidden for number in self._rows.numbers[near].tolist()]
                near = near[np.array(shown, dtype=bool)]
            if len(near) >= wanted or asked >= self._codes.ntotal:
                return near
            asked *= 2

    def __len__(self) -> int:
        return int(self._index.ntotal) - len(self._hidden)


class Builder:
    """Makes a FAISS index for a file, with codes beside it where there are many rows."""

    def __init__(self, dimension: int) -> None:
        self._faiss = _faiss()
        self.recall = 1.0
        self.candidates = 0
        self._index = _flat(dimension)
        self._codes: Any = None

    @classmethod
    def read(cls, path: Path) -> Builder:
        """The index of a file, in memory."""
        builder = cls(1)
        builder._index = builder._faiss.read_index(str(path))
        return builder

    def add(self, numbers: Sequence[int], vectors: npt.NDArray[Any]) -> None:
        """Add rows under numbers that are not there yet."""
        if len(numbers):
            rows = np.ascontiguousarray(vectors, dtype=np.float32)
            self._index.add_with_ids(rows, np.asarray(numbers, dtype=np.int64))

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the rows with those numbers."""
        if len(numbers):
            self._index.remove_ids(np.asarray(numbers, dtype=np.int64))

    def encode(self, queries: Matrix) -> None:
        """Make codes of the rows, where these are many, and choose how many that they find are compared.

        `recall` is what share of the nearest rows of the queries are found so.
        """
        self.recall, self.candidates, self._codes = 1.0, 0, None
        if len(self) <= EXACT_UP_TO:
            return
        self._codes = self._coded()
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        exact = [_search(self._index, row[None], _NEAREST, None)[0] for row in rows]
        for self.candidates in _CANDIDATES:
            self.recall = self._recall(rows, exact)
            if self.recall >= WANTED_RECALL:
                return

    def _coded(self) -> Any:  # noqa: ANN401
        """Codes of all rows, under their numbers."""
        dimension = int(self._index.d)
        parts = dimension // 2 if dimension % 2 == 0 else dimension
        codes = self._faiss.IndexPQFastScan(dimension, parts, 4, self._faiss.METRIC_INNER_PRODUCT)
        codes.pq.cp.min_points_per_centroid = 1
        codes.pq.cp.niter = _ROUNDS
        rows = _Rows(self._index)
        codes.train(rows.at(slice(0, None, max(1, len(self) // _SAMPLE))))
        numbered = self._faiss.IndexIDMap(codes)
        for at in range(0, len(self), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            numbered.add_with_ids(rows.at(some), rows.numbers[some])
        return numbered

    def _recall(self, queries: Matrix, exact: Sequence[npt.NDArray[np.float32]]) -> float:
        """The share of rows found that are as near as the exact ones: of rows that are alike, any will do."""
        found = 0
        rows = _Rows(self._index)
        for row, scores in zip(queries, exact, strict=True):
            near = _nearest_codes(self._codes, row[None], self.candidates)
            best, _ = _compared(row[None], rows, near, _NEAREST)
            found += int((best >= scores[-1] - _SAME).sum())
        return found / max(sum(map(len, exact)), 1)

    def numbers(self) -> npt.NDArray[np.int64]:
        """The numbers of its rows, in no order."""
        found: npt.NDArray[np.int64] = self._faiss.vector_to_array(self._index.id_map)
        return found

    def write(self, path: Path) -> None:
        """Write the index to a file, and codes to another; OSError where that cannot be done."""
        try:
            self._faiss.write_index(self._index, str(path))
            if self._codes is not None:
                self._faiss.write_index(self._codes, str(codes_beside(path)))
        except RuntimeError as error:
            raise OSError(f"{path}: cannot be written ({str(error).splitlines()[0]})") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)


def _flat(dimension: int) -> Any:  # noqa: ANN401
    faiss = _faiss()
    return faiss.IndexIDMap2(
        faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    )


def codes_beside(path: Path) -> Path:
    """Where the codes of the rows in an index file are."""
    return path.with_name("codes.faiss")


class _Rows:
    """The rows of an index as they lie in it, under their places; for as long as it is not changed."""

    def __init__(self, index: Any) -> None:  # noqa: ANN401
        faiss = _faiss()
        self._index = index
        self._flat = faiss.downcast_index(index.index)
        codes = self._flat.codes
        self._codes = faiss.rev_swig_ptr(codes.data(), codes.size()).reshape(-1, int(self._flat.code_size))
        self.numbers: npt.NDArray[np.int64] = faiss.vector_to_array(index.id_map)

    def at(self, places: slice | npt.NDArray[np.int64]) -> Matrix:
        """The rows at these places."""
        rows: Matrix = self._flat.sa_decode(np.ascontiguousarray(self._codes[places]))
        return rows


def _nearest_codes(codes: Any, row: Matrix, count: int) -> npt.NDArray[np.int64]:  # noqa: ANN401
    """The places of so many rows whose codes are nearest."""
    near: npt.NDArray[np.int64] = _faiss().downcast_index(codes.index).search(row, min(count, int(codes.ntotal)))[1][0]
    return near[near >= 0]


def _compared(query: Matrix, rows: _Rows, places: npt.NDArray[np.int64], k: int) -> Scored:
    """The scores and numbers of the `k` of the rows at these places that are nearest."""
    scores, numbers = rows.at(places) @ query[0], rows.numbers[places]
    order = np.lexsort((numbers, -scores))[:k]
    return scores[order], numbers[order]


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
