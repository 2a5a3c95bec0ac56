"""Small stand-ins with checkable numbers."""

import numpy as np


class NumpyStore:
    """The exact answer that every VectorStore must give."""

    def __init__(self, dimension):
        self.dimension = dimension
        self.rows = {}

    def add(self, numbers, vectors):
        self.rows.update(zip(numbers, np.asarray(vectors, dtype=np.float32), strict=True))

    def remove(self, numbers):
        for number in numbers:
            self.rows.pop(number, None)

    def search(self, query, k, among=None):
        kept = [number for number in self.rows if among is None or number in among]
        scores = np.array([self.rows[number] @ query.reshape(-1) for number in kept], dtype=np.float32)
        order = np.lexsort((kept, -scores))[:k] if kept else []
        return scores[order] if kept else scores, np.array([kept[i] for i in order], dtype=np.int64)

    def vectors(self, numbers):
        return np.stack([self.rows[number] for number in numbers])

    def __len__(self):
        return len(self.rows)
