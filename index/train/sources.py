"""The training pairs: which files, how they are read, and which of them are held apart to be measured on."""

from __future__ import annotations

import io
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SYNONYMS = "synonyms"  # made of the dictionaries: words that these explain alike
DICTIONARIES = frozenset({"cc_cedict", "chinese_wordnet", "english_wordnet", SYNONYMS})
_EXPLAINED = ("cc_cedict", "chinese_wordnet")
_LONGEST_GLOSS, _MOST_ALIKE = 40, 12
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


def synonyms(explained: list[tuple[str, str]], seed: int) -> list[tuple[str, str]]:
    """Pairs of words of one language that one word of the other explains, from pairs of a word and its glosses."""
    alike: dict[str, set[str]] = defaultdict(set)
    for word, glosses in explained:
        for part in re.split(r"[;,/]", re.sub(r"\([^)]*\)", "", glosses)):
            gloss = part.strip().lower().removeprefix("to ")
            if gloss and len(gloss) < _LONGEST_GLOSS:
                alike[gloss].add(word)
                alike[word].add(gloss)
    rng = random.Random(seed)  # noqa: S311
    groups = [sorted(alike[key]) for key in sorted(alike) if 2 <= len(alike[key]) <= _MOST_ALIKE]
    return sorted({(one, other) for group in groups for _ in group for one, other in [rng.sample(group, 2)]})


def sample(folder: Path, name: str, size: int, seed: int) -> list[tuple[str, str]]:
    """At most `size` pairs of a source, drawn at random."""
    if name == SYNONYMS:
        every = synonyms(
            [pair for source in _EXPLAINED if source in names(folder) for pair in pairs(folder, source)], seed
        )
    else:
        every = list(pairs(folder, name))
    random.Random(seed).shuffle(every)  # noqa: S311
    return every[:size]
