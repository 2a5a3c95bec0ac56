"""Boosted regression trees (Friedman, 2001) evaluated in numpy: all rows walk down all trees at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as arrays of (trees, nodes): a node sends a row to its left child where the feature is at most the threshold.

    A leaf is its own child on both sides; the sum of the leaves' values is the score.
    """

    feature: npt.NDArray[np.int16]
    threshold: Table
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: Table
    depth: int

    @classmethod
    def from_arrays(cls, arrays: Any, name: str) -> Trees:  # noqa: ANN401  (what numpy.load gives)
        """The trees called `name` in an archive that `arrays` wrote."""
        parts = (arrays[f"{name}.{part}"] for part in ("feature", "threshold", "left", "right", "value"))
        feature, threshold, left, right, value = parts
        return cls(feature, threshold.astype(float), left, right, value.astype(float), int(arrays[f"{name}.depth"]))

    def arrays(self, name: str) -> dict[str, npt.NDArray[Any]]:
        """What is stored of the trees, under names that begin with `name`."""
        return {
            f"{name}.feature": self.feature,
            f"{name}.threshold": self.threshold.astype(np.float32),
            f"{name}.left": self.left,
            f"{name}.right": self.right,
            f"{name}.value": self.value.astype(np.float32),
            f"{name}.depth": np.array(self.depth),
        }

    def scores(self, table: Table) -> Table:
        """The score of each row of a table (n, features): (n,)."""
        if not len(table):
            return np.zeros(0)
        rows = np.arange(len(table))[:, None]
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(table), len(self.feature)), dtype=np.int16)
        for _ in range(self.depth):
            goes_left = table[rows, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        total: Table = self.value[trees, node].sum(axis=1)
        return total


def mean(several: Sequence[Trees]) -> Trees:
    """Trees whose score is the mean of those of several (bagging; Breiman, 1996)."""
    most = max(one.feature.shape[1] for one in several)

    def together(part: str) -> npt.NDArray[Any]:
        return np.concatenate([_wider(getattr(one, part), most) for one in several])

    feature, threshold, left, right = (together(part) for part in ("feature", "threshold", "left", "right"))
    value = together("value") / len(several)
    return Trees(feature, threshold, left, right, value, max(one.depth for one in several))


def _wider(table: npt.NDArray[Any], width: int) -> npt.NDArray[Any]:
    """A table of nodes with nodes that no tree comes to behind."""
    return np.pad(table, ((0, 0), (0, width - table.shape[1])))
