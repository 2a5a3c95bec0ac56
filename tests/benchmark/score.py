"""A line of the benchmark: how many are right, of how many, with a 95 % interval, or a measure of another kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chat.evaluate import wilson


@dataclass(frozen=True)
class Score:
    """`right` of `of` cases; `floor` and `aim` are shares that the project wants, for reading beside it."""

    name: str
    right: int
    of: int
    floor: float | None = None
    aim: float | None = None

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 0.0

    def line(self) -> str:
        low, high = wilson(self.right, self.of)
        wanted = "" if self.floor is None else f"  floor {100 * self.floor:.1f}"
        wanted += "" if self.aim is None else f"  aim {100 * self.aim:.1f}"
        return (
            f"{self.name:<64} {100 * self.share:5.1f} %  ({100 * low:.1f} to {100 * high:.1f}, n = {self.of}){wanted}"
        )


@dataclass(frozen=True)
class Measure:
    """Any other number, already in words: "12.3 ms", "0.84"."""

    name: str
    value: str
    note: str = ""

    def line(self) -> str:
        return f"{self.name:<64} {self.value}  {self.note}".rstrip()


Lines = Iterable[Score | Measure]
