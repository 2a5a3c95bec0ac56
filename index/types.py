"""What index makes: Hits."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.types import Chunk


@dataclass(frozen=True, slots=True)
class Hit:
    """A Chunk and its score for one question. Higher is better, and a list of Hits comes best first."""

    chunk: Chunk
    score: float
