"""The passages that the retrieval benchmark searches, and the questions whose passage is known."""

from __future__ import annotations

import json
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.train.sources import pairs
from ingest.read import document_from_text
from ingest.split import split

OWN = tuple(Path(__file__).with_name(name) for name in ("cross-language.jsonl", "other-words.jsonl"))
REWORDED = "in other words"
_FINGERPRINT = 40  # characters by which a news text is known again
_OTHERS = 1000
_SHORTEST = 25  # characters of an English text that is asked for


@dataclass(frozen=True)
class Question:
    """A question and the number of the one text that answers it."""

    text: str
    answer: int


@dataclass
class Pool:
    """Texts, and named sets of questions over them."""

    texts: list[str] = field(default_factory=list)
    sets: dict[str, list[Question]] = field(default_factory=dict)

    def add(self, text: str) -> int:
        """The number of a text that is added."""
        self.texts.append(text)
        return len(self.texts) - 1

    def chunks(self) -> Iterator[tuple[int, str]]:
        """(number of the text, text of a Chunk), cut as a library cuts them."""
        for number, text in enumerate(self.texts):
            for chunk in split(document_from_text(str(number), text)):
                yield number, chunk.text


def news_pool(data: Path, part: str) -> Pool:
    """CRUD-RAG and CMRC 2018 passages, and Chinese sides of parallel texts, among 20,000 news."""
    pool = Pool()
    seen: set[str] = set()
    for name, corpus in (("CRUD-RAG", "crud-qa-dev"), ("CMRC 2018", "cmrc-cluetest")):
        rows = list(_lines(data / "benchmarks" / corpus / "corpus.jsonl.xz"))
        known = {row["id"]: pool.add(row["text"]) for row in rows}
        seen |= {row["text"][:_FINGERPRINT] for row in rows}
        pool.sets[name] = [
            Question(row["query"], known[row["positive"][0]])
            for row in _lines(data / "benchmarks" / corpus / "queries.jsonl.xz")
            if part_of(row["positive"][0]) == part and len(row["positive"]) == 1
        ]
    _add_parallel(pool, data, part, chinese=True)
    for row in _lines(data / "news" / "news-20k.jsonl.xz"):
        if row["text"][:_FINGERPRINT] not in seen:
            pool.add(row["text"])
    return pool


def english_pool(data: Path, part: str) -> Pool:
    """The English sides of parallel texts that no training saw."""
    pool = Pool()
    _add_parallel(pool, data, part, chinese=False)
    return pool


def reports_pool(data: Path, part: str, language: str) -> Pool:
    """Our own passages of reports in a language ("zh" or "en"), among 1,000 other texts of it."""
    pool = Pool()
    _add_own(pool, language, part)
    if language == "zh":
        others = [row["text"] for row in _lines(data / "news" / "news-20k.jsonl.xz", _OTHERS)]
    else:
        others = [en for _, en in pairs(data / "training", "moj_law_parallel", held_apart=True)][:_OTHERS]
    for text in others:
        pool.add(text)
    return pool


def part_of(key: str) -> str:
    """The half that a document is in: what is tuned is tuned on one, what is told is told of the other."""
    return "tune" if zlib.crc32(b"part " + key.encode()) % 2 == 0 else "report"


def _add_own(pool: Pool, language: str, part: str) -> None:
    across, reworded = ("English", "Chinese") if language == "zh" else ("Chinese", "English")
    sets: tuple[list[Question], list[Question]] = ([], [])
    lines = [line for path in OWN for line in path.read_text(encoding="utf-8").splitlines()]
    for row in map(json.loads, lines):
        if row["language"] == language:
            number = pool.add(row["passage"])
            if row["part"] == part:
                for found, key in zip(sets, ("asked_across", "asked_otherwise"), strict=True):
                    found += [Question(text, number) for text in row.get(key, ())]
    pool.sets[f"reports, {across} asked of {reworded}"] = sets[0]
    pool.sets[f"reports, {reworded} {REWORDED}"] = sets[1]


def _add_parallel(pool: Pool, data: Path, part: str, *, chinese: bool) -> None:
    """Texts of one language asked for by their translations."""
    for name, title in (
        ("moj_law_parallel", "statutes"),
        ("d365_headings_zh_en", "ERP headings"),
        ("open_sdg_parallel", "SDG indicators"),
    ):
        held = {en.strip(): zh.strip() for zh, en in pairs(data / "training", name, held_apart=True)}
        both = list({zh: en for en, zh in held.items()}.items())
        asked = []
        for zh, en in both:
            number = pool.add(zh if chinese else en)
            if part_of(en) == part and len(en) >= _SHORTEST:
                asked.append(Question((en if chinese else zh)[:300], number))
        way = "English asked of Chinese" if chinese else "Chinese asked of English"
        pool.sets[f"{title}, {way}"] = asked


def _lines(path: Path, most: int | None = None) -> Iterator[dict]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == most:
                return
            yield json.loads(line)
