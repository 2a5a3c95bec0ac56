"""A cross-encoder reads the question and each of the best Chunks together, and puts them in its own order.

Off unless one is named; none ships with the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from index.embed import ModelNotFound

DEPTH = 30  # Chunks that are read


class Reranker(Protocol):
    """What scores texts for a question."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers, higher is better; of any scale."""
        ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder with one score a pair, by name or path."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(name)
        except (OSError, ValueError) as error:
            raise ModelNotFound.unloaded("reranker", name, "CrossEncoder", error) from error
        labels = int(self._model.config.num_labels)
        if labels != 1:
            raise ModelNotFound(
                f"reranker {name!r} gives {labels} scores a pair, one is needed: choose a CrossEncoder made for ranking."
            )

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score for each text."""
        if not texts:
            return []
        found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in found]


@lru_cache(maxsize=2)
def load_reranker(name: str) -> Reranker:
    """The CrossEncoder called `name`; ModelNotFound where it cannot be loaded."""
    return CrossEncoderReranker(name)


def reranked(
    question: str, best: Sequence[tuple[int, float]], texts: Sequence[str], reranker: Reranker
) -> list[tuple[int, float]]:
    """(number, score) of the Chunks in the reranker's order; the first keeps the first's score, and so on.

    The scores of cross-encoders are of many scales; what reads a score goes on meeting the one that it knows.
    """
    marks = reranker.scores(question, texts)
    order = sorted(range(len(best)), key=lambda at: (-marks[at], at))
    return [(best[at][0], best[place][1]) for place, at in enumerate(order)]
