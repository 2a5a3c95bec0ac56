"""What index makes: Hits."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.types import Chunk


@dataclass(frozen=True, slots=True)
class Hit:
    """A Chunk and its score for one question: how well it matches. Higher is better, and a list of Hits comes best first,
    which heeds what a Document is called by too.
    """

    chunk: Chunk
    score: float
