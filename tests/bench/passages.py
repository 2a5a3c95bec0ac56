"""Texts enough for a library of many passages."""

from __future__ import annotations

import gzip
import json
import lzma
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from ingest.read import read_document
from ingest.sentences import sentences

_OPENERS: dict[str, Callable[..., IO[Any]]] = {".xz": lzma.open, ".gz": gzip.open}
_SENTENCES = 40
_SEED = 5


def given(path: Path) -> Iterator[str]:
    """The "text" of each line."""
    with _OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def shuffled() -> Iterator[str]:
    """Documents of sentences in chance order, with other numbers in them, without end."""
    drawn = random.Random(_SEED)
    reports = [read_document(path) for path in sorted((Path(__file__).parents[1] / "eval" / "reports").iterdir())]
    known = [report.text[span.start : span.end] for report in reports for span in sentences(report.text)]
    while True:
        chosen = drawn.choices(known, k=_SENTENCES)
        yield "\n".join("".join(str(drawn.randint(0, 9)) if c.isdigit() else c for c in one) for one in chosen)
