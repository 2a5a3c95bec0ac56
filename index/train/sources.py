"""The training pairs: which files, how they are read, and which of them are held apart to be measured on."""

from __future__ import annotations

import io
import json
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

DICTIONARIES = frozenset({"cc_cedict", "chinese_wordnet", "english_wordnet"})
PARALLEL = frozenset(
    """moj_law_parallel python_docs_parallel tf_docs_parallel paddle_parallel tatoeba_zh_en d365_headings_zh_en
    d365_projops_parallel open_sdg_parallel""".split()
)
# One pair in so many is kept out of all training, by its English side, so that equal texts stay on one side.
_HELD_APART = {"moj_law_parallel": 40, "d365_headings_zh_en": 20, "open_sdg_parallel": 3}


def names(folder: Path) -> list[str]:
    """The sources in `folder`, by name."""
    return sorted(path.name.removesuffix(".jsonl.zst") for path in folder.glob("*.jsonl.zst"))


def pairs(folder: Path, name: str, *, held_apart: bool = False) -> Iterator[tuple[str, str]]:
    """The (query, passage) pairs of a source: those to train on, or those that are `held_apart`."""
    import zstandard

    with (folder / f"{name}.jsonl.zst").open("rb") as file:
        reader = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), encoding="utf-8")
        for line in reader:
            row = json.loads(line)
            if _is_held_apart(name, row["passage"]) == held_apart:
                yield row["query"], row["passage"]


def _is_held_apart(name: str, passage: str) -> bool:
    every = _HELD_APART.get(name)
    return every is not None and zlib.crc32(passage.strip().lower().encode()) % every == 0


def sample(folder: Path, name: str, size: int, seed: int) -> list[tuple[str, str]]:
    """At most `size` pairs of a source, drawn at random."""
    every = list(pairs(folder, name))
    random.Random(seed).shuffle(every)  # noqa: S311
    return every[:size]
