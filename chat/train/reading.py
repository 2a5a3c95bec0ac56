"""Reading-comprehension sets as questions on articles: to fit the reader on, and, held apart, to measure it.

Reads CMRC 2018 (train and trial), DRCD (dev) and TAT-QA (dev; its plain paragraphs) as `data/training/reading` of the
development data holds them, and questions of our own on figures of those paragraphs (`questions_en.jsonl`: the id of the
table that they stand beside, the answer and where it starts), since TAT-QA asks few. Articles are parted by a hash of their name, so that no article is ever on both sides.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.figures import find_figures
from ingest.fold import fold
from ingest.types import Figure

Kind = Literal["figure", "date", "person", "place", "list", "name", "text"]
_OWN = Path(__file__).with_name("questions_en.jsonl")
_PARTS = {"en": 2}  # one of so many articles is held apart, of few articles more
_PARTS_ELSE = 4
_NAME = 24  # characters: a longer answer is no name
_ASKS_FIGURE = re.compile(
    r"多少|几|多[大高长远深重宽]|\bhow (?:many|much|long|large|high|old)\b|\bwhat (?:percent|amount|number|is the number)"
)
_ASKS_DATE = re.compile(
    r"何时|什么时|(?<!多长)(?<!多少)时间|哪[一]?[年天日月]|哪个月|几[年月日]|何年|时候|\bwhen\b|\b(?:what|which) (?:year|date|month)\b"
)
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("person", re.compile(r"谁|哪[一]?位|何人|什么人|\bwho\b")),
    ("place", re.compile(r"哪里|哪儿|何地|何处|什么地方|哪[一]?[个座](?:国家|城市|地区|省|县|州|地方)|\bwhere\b")),
    ("list", re.compile(r"哪些|哪几|\bwhat are\b|\bwhich (?:\w+ )?\w+s\b")),
    ("name", re.compile(r"什么|哪|何|\bwhat\b|\bwhich\b")),
)
_RAW_FIGURE = re.compile(r"[0-9]|[一二两三四五六七八九十百千万亿]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the article that answers it, and where the answer stands in the article's text."""

    id: str
    article: str
    text: str
    question: str
    answer: str
    start: int
    language: str

    @property
    def end(self) -> int:
        """Where the answer ends."""
        return self.start + len(self.answer)

    @property
    def kind(self) -> Kind:
        """What kind of answer is asked for, by the words of the question and the answer itself."""
        question, short, figures = fold(self.question), len(self.answer) <= _NAME, self.figures()
        dates = {one.period for one in figures if one.kind == "date"}
        others = [one for one in figures if one.kind != "date"]
        if _ASKS_DATE.search(question) and (len(dates) == 1 or (short and dates)):
            return "date"
        if _ASKS_FIGURE.search(question) and (len(others) == 1 or (short and _RAW_FIGURE.search(fold(self.answer)))):
            return "figure"
        if short and any(2 * len(one.text) > len(self.answer) for one in others):
            return "figure"
        if re.search(r"为什么|为何|怎么|如何|\bwhy\b|\bhow\b", question):
            return "text"
        kind: Kind = next((kind for kind, asks in _ASKS if asks.search(question)), "text")
        return kind if short or kind == "list" else "text"

    def figures(self) -> list[Figure]:
        """The Figures that stand in the answer, a whole sentence or no more than the Figure."""
        low, high = max(0, self.start - 60), self.end + 40
        around = find_figures(self.text[low:high])
        return [one for one in around if one.start + low < self.end and self.start < one.end + low]


def held_apart(item: Asked) -> bool:
    """Whether the article of a question is kept for measuring."""
    return hashlib.sha256(item.article.encode()).digest()[0] % _PARTS.get(item.language, _PARTS_ELSE) == 0


def read(folder: Path) -> Iterator[Asked]:
    """Every question of the sets in `folder` that has its answer in one passage; FileNotFoundError where one is missing."""
    for name, language in (("cmrc2018_train.jsonl.xz", "zh-Hans"), ("drcd_dev.jsonl.xz", "zh-Hant")):
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            yield from _in_articles([json.loads(line) for line in lines], language)
    own = [json.loads(line) for line in _OWN.read_text(encoding="utf-8").splitlines()]
    with lzma.open(folder / "tatqa_dev.json.xz", "rt", encoding="utf-8") as file:
        for entry in json.load(file):
            yield from _tatqa(entry)
            yield from _own(entry, [row for row in own if row["table"] == entry["table"]["uid"]])


def _in_articles(rows: list[dict[str, Any]], language: str) -> Iterator[Asked]:
    """The questions of rows of the SQuAD form, on articles put together from their passages."""
    passages: dict[str, dict[str, int]] = {}
    for row in rows:
        own = passages.setdefault(_article(row["id"]), {})
        if row["passage"] not in own:
            own[row["passage"]] = sum(len(passage) + 2 for passage in own)
    texts = {article: "\n\n".join(own) for article, own in passages.items()}
    for row in rows:
        article, answer = _article(row["id"]), row["answers"][0]
        start = passages[article][row["passage"]] + answer["start"]
        text = texts[article]
        if row["question"] and text[start : start + len(answer["text"])] == answer["text"]:
            yield Asked(row["id"], article, text, row["question"], answer["text"], start, language)


def _article(id: str) -> str:
    match = re.match(r"(?:TRAIN_|DEV_|TRIAL_)?\d+", id)
    return match[0] if match else id


def _own(entry: dict[str, Any], rows: Sequence[dict[str, Any]]) -> Iterator[Asked]:
    """Our own questions on the paragraphs of an entry of TAT-QA."""
    text = _prose(entry)
    for number, row in enumerate(rows):
        table, answer, start = row["table"], row["answer"], row["start"]
        if text.startswith(answer, start):
            yield Asked(f"{table}-own-{number}", table, text, row["question"], answer, start, "en")


def _prose(entry: dict[str, Any]) -> str:
    return "\n\n".join(part["text"] for part in sorted(entry["paragraphs"], key=lambda part: int(part["order"])))


def _tatqa(entry: dict[str, Any]) -> Iterator[Asked]:
    text = _prose(entry)
    for item in entry["questions"]:
        answer = item["answer"][0] if isinstance(item["answer"], list) and len(item["answer"]) == 1 else None
        if item["answer_from"] == "text" and item["answer_type"] == "span" and isinstance(answer, str):
            start = text.find(answer)
            if start >= 0:
                yield Asked(item["uid"], entry["table"]["uid"], text, item["question"], answer, start, "en")
