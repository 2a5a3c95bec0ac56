"""What a language model may add to finding passages: other wordings to search by, and an order of what was found.

Each is off unless it is asked for. Where the model fails, is late, or is not wanted any more, what was found stands as it
was; a server that failed is left alone for a while, so that it holds up one question and not all of them.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from chat.llm import Cancelled, LanguageModel, Limits, LlmError, Message, without_thinking
from chat.prompt import ordering, wordings
from index.types import Hit
from ingest.fold import fold
from ingest.types import Chunk

HURRIED = Limits(connect=2.0, silent=6.0, whole=8.0, retries=0, answer=200)
"""What a model is given that helps to find: a reader waits for the first word meanwhile."""
_MOST_WORDINGS = 3
_LONGEST = 200  # characters of a wording
_REST = 60.0  # seconds after a failure
_RANK = 60  # of reciprocal rank fusion (Cormack et al. 2009)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)、])\s*")


class Aid:
    """Has a language model help to find passages. Safe to use from several threads."""

    def __init__(self, llm: LanguageModel, *, expand: bool = False, rerank: bool = False) -> None:
        self._llm = llm
        self._expand, self._rerank = expand, rerank
        self._rests_until = 0.0
        self.failures = 0

    def found(
        self,
        question: str,
        hits: list[Hit],
        retrieve: Callable[[str], list[Hit]],
        cancelled: threading.Event | None = None,
    ) -> list[Hit]:
        """The Hits of the question, with what its other wordings find, in the model's order; as many, with their scores."""
        if hits and self._expand:
            others = self._asked(wordings(question), cancelled)
            hits = _fused([hits, *(retrieve(one) for one in _lines(others, question))])[: len(hits)]
        if len(hits) > 1 and self._rerank:
            texts = [hit.chunk.text for hit in hits]
            order = _numbers(self._asked(ordering(question, texts, self._llm.window // 2), cancelled), len(hits))
            hits = _placed([hits[at].chunk for at in order], hits)
        return hits

    def _asked(self, messages: Sequence[Message], cancelled: threading.Event | None) -> str:
        """What the model says; "" where it does not, or rests."""
        if time.monotonic() < self._rests_until:
            return ""
        try:
            return without_thinking("".join(self._llm.stream(messages, cancelled)))
        except Cancelled:
            return ""
        except LlmError:
            self._rests_until = time.monotonic() + _REST
            self.failures += 1
            return ""


def _lines(said: str, question: str) -> list[str]:
    """The wordings in what a model says, each once and none the question itself."""
    lines = [_BULLET.sub("", line).strip().strip('"“”「」') for line in said.splitlines()]
    kept = {fold(line): line for line in lines if 0 < len(line) <= _LONGEST and fold(line) != fold(question)}
    return list(kept.values())[:_MOST_WORDINGS]


def _numbers(said: str, count: int) -> list[int]:
    """The places (from 0) of the numbers (from 1) in what a model says, each once; then those that it left out."""
    named = [int(one) - 1 for one in re.findall(r"(?<!\d)\d{1,3}(?!\d)", said)]
    return list(dict.fromkeys([*(at for at in named if 0 <= at < count), *range(count)]))


def _fused(lists: Sequence[Sequence[Hit]]) -> list[Hit]:
    """The Chunks of several lists by reciprocal rank, with the scores of the first list by place."""
    marks: dict[str, float] = {}
    chunks: dict[str, Chunk] = {}
    for hits in lists:
        for place, hit in enumerate(hits):
            chunks.setdefault(hit.chunk.id, hit.chunk)
            marks[hit.chunk.id] = marks.get(hit.chunk.id, 0.0) + 1 / (_RANK + place)
    order = sorted(chunks, key=lambda one: -marks[one])
    return _placed([chunks[one] for one in order], lists[0])


def _placed(chunks: Iterable[Chunk], hits: Sequence[Hit]) -> list[Hit]:
    """The first Chunks with the scores that the Hits have by place: what reads a score meets the scale that it knows."""
    return [Hit(chunk, hit.score) for chunk, hit in zip(chunks, hits, strict=False)]
