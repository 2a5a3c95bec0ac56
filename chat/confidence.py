"""What orders candidates and says how probably the best of them is right: boosted trees over their features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from chat.features import COLUMNS, Table
from chat.trees import Trees

FIGURE, SPAN = "figure", "span"
FAMILIES = (FIGURE, SPAN)
STANDING = ("score", "margin", "lone", "rivals", "candidates")
"""What is known of a candidate once all are in order: its score, how far that is above the next one with another value,
1 where none comes near, how many do, and how many candidates there are (in hundreds)."""
_NEAR = 1.0  # scores apart by less are near
_ASIDE, _ASIDE_AT = 2.5, COLUMNS.index("aside")


def ordered_by(trees: Trees, table: Table) -> Table:
    """The scores of candidates under trees, less for a change or an addition that nobody asked of: of that the questions
    that trees are fitted to know too few cases.
    """
    scores: Table = trees.scores(table) - _ASIDE * table[:, _ASIDE_AT] if len(table) else np.zeros(0)
    return scores


def family(want: str) -> str:
    """Figures (dates and durations too) are judged by other trees than names, lists and sentences."""
    return FIGURE if want in ("figure", "date", "duration") else SPAN


@dataclass(frozen=True, slots=True)
class Judge:
    """`ordering` ranks the candidates of an Ask, `chance` gives the log odds that one is right, each by family."""

    ordering: Mapping[str, Trees]
    chance: Mapping[str, Trees]
    threshold: float

    @classmethod
    def load(cls) -> Judge:
        """The shipped one, as `chat.train` wrote it."""
        with resources.files("chat").joinpath("reader.npz").open("rb") as file, np.load(file) as arrays:
            ordering = {name: Trees.from_arrays(arrays, f"ordering.{name}") for name in FAMILIES}
            chance = {name: Trees.from_arrays(arrays, f"chance.{name}") for name in FAMILIES}
            return cls(ordering, chance, float(arrays["threshold"]))

    def order(self, table: Table, want: str) -> Table:
        """The score of each candidate, higher is better; `table` as `chat.features.tabled` makes it."""
        return ordered_by(self.ordering[family(want)], table)

    def confidence(self, rows: Table, standing: Table, want: str) -> Table:
        """The probability that each of the candidates answers what is asked; `standing` (n, len(STANDING))."""
        odds = self.chance[family(want)].scores(np.hstack([rows, standing]))
        chances: Table = 1 / (1 + np.exp(-odds))
        return chances


def standing(scores: Table, differs: npt.NDArray[np.bool_], candidates: int) -> list[float]:
    """How a candidate stands to those behind it: their `scores`, its own first; `differs` where they are other answers;
    and how many candidates there are in all.
    """
    rivals = scores[differs]
    margin = float(scores[0] - rivals.max()) if rivals.size else 2 * _NEAR
    near = int((scores[0] - rivals < _NEAR).sum())
    return [float(scores[0]), min(margin, 4 * _NEAR), float(near == 0), float(near), candidates / 100]


CHANCE_COLUMNS = (*COLUMNS, *STANDING)
