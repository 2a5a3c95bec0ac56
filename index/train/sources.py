"""The training pairs: which files, and how they are read."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

DICTIONARIES = frozenset({"cc_cedict", "chinese_wordnet", "english_wordnet"})


def names(folder: Path) -> list[str]:
    """The sources in `folder`, by name."""
    return sorted(path.name.removesuffix(".jsonl.zst") for path in folder.glob("*.jsonl.zst"))


def pairs(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """The (query, passage) pairs of a source."""
    import zstandard

    with (folder / f"{name}.jsonl.zst").open("rb") as file:
        reader = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
        for line in reader:
            row = json.loads(line)
            yield row["query"], row["passage"]


def sample(folder: Path, name: str, size: int, seed: int) -> list[tuple[str, str]]:
    """At most `size` pairs of a source, drawn at random."""
    every = list(pairs(folder, name))
    random.Random(seed).shuffle(every)  # noqa: S311
    return every[:size]
