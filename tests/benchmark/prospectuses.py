"""Own questions on whole Chinese prospectuses: the passage found, and the figure or name answered.

`prospectus-dev.jsonl` is for looking at, `prospectus-late.jsonl` for measuring alone: what fails there is not read.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chat import ReportChat
from chat.evaluate import Expected, judge, load_questions
from chat.question import understand
from index.library import Library
from ingest.fold import fold
from ingest.read import read_document
from tests.benchmark.score import Lines, Score

_HERE = Path(__file__).parent
PARTS = {"looked at": "prospectus-dev.jsonl", "kept apart": "prospectus-late.jsonl"}
_HITS = 5


@dataclass(frozen=True)
class Asked:
    """One question, and what became of it when its document alone was asked, and all of them."""

    expected: Expected
    passage: tuple[bool, bool]
    direct: tuple[bool, bool]


def prospectuses(folder: Path) -> Lines:
    """The scores of each part, and of both against the bar."""
    chat, ids = read_prospectuses(folder)
    parts = {part: asked(chat, ids, part) for part in PARTS}
    for part, rows in parts.items():
        yield from _scores(f"Prospectuses, {part}", rows)
    both = [row for rows in parts.values() for row in rows]
    yield from _scores("Prospectuses", both, (0.80, 0.92), (0.55, 0.75))


def read_prospectuses(folder: Path) -> tuple[ReportChat, dict[str, str]]:
    """A chat over the prospectuses of a folder, and the id of each by name."""
    library = Library.in_memory()
    ids: dict[str, str] = {}
    for path in sorted(folder.glob("*.txt.xz")):
        document = read_document(Path(path.stem), lzma.decompress(path.read_bytes()))
        library.add(document)
        ids[path.stem] = document.id
    if not ids:
        raise FileNotFoundError(2, "no prospectus", str(folder))
    return ReportChat(library), ids


def gold(part: str) -> list[tuple[Expected, tuple[str, ...]]]:
    """The questions of a part, and the quotes that each is answered by: any of them will do."""
    path = _HERE / PARTS[part]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(expected, tuple(row["quotes"])) for row, expected in zip(rows, load_questions(path), strict=True)]


def asked(chat: ReportChat, ids: dict[str, str], part: str) -> list[Asked]:
    """Every question of a part, asked of its document and of all."""
    return [_asked(chat, expected, quotes, [ids[expected.document or ""]]) for expected, quotes in gold(part)]


def _asked(chat: ReportChat, expected: Expected, quotes: Sequence[str], own: list[str]) -> Asked:
    passage, direct = [], []
    for among in (own, None):
        hits = chat.library.retrieve(understand(expected.question).search_text, _HITS, documents=among)
        found = [squashed(hit.chunk.text) for hit in hits if hit.chunk.document_id in own]
        passage.append(any(squashed(quote) in text for quote in quotes for text in found))
        direct.append(judge(expected, chat.ask(expected.question, documents=among)).direct is True)
    return Asked(expected, (passage[0], passage[1]), (direct[0], direct[1]))


def squashed(text: str) -> str:
    """A text without the breaks and spaces that a PDF left in it."""
    return "".join(fold(text).split())


def _scores(
    name: str, rows: list[Asked], passage: tuple[float, float] | None = None, figure: tuple[float, float] | None = None
) -> Lines:
    figures = [row for row in rows if row.expected.figures]
    for at, among in enumerate(("of its document", "of all together")):
        found = sum(row.passage[at] for row in rows)
        yield Score(f"{name}: passage in the first 5, {among}", found, len(rows), *(passage or ()))
        right = sum(row.direct[at] for row in figures)
        yield Score(f"{name}: direct figure right, {among}", right, len(figures), *(figure or ()))
