"""Reading-comprehension sets as questions with expected answers, to fit the reader's weights on.

Reads CMRC 2018 (train), DRCD (dev) and TAT-QA (dev; its plain paragraphs) as `data/training/reading` of the
development data holds them. Passages of one article make one Document. Some articles are left out of the library, so
that their questions have no answer there, and some questions ask of another year than their passage states.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chat.evaluate import Expected, ExpectedFigure
from ingest.figures import find_figures

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|\b)")
_LEFT_OUT = 0.25  # share of articles that the library does not hold
_OTHER_YEAR = 0.5  # share of questions naming a year that are asked of another year too


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its article and passage, and where its answer stands in the passage."""

    id: str
    article: str
    passage: str
    question: str
    answer: str
    start: int
    language: str


def read(folder: Path) -> Iterator[Asked]:
    """Every question of the sets in `folder` that has its answer in one passage."""
    for name, language in (("cmrc2018_train.jsonl.xz", "zh-Hans"), ("drcd_dev.jsonl.xz", "zh-Hant")):
        with lzma.open(folder / name, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield _squad(row, language)
    with lzma.open(folder / "tatqa_dev.json.xz", "rt", encoding="utf-8") as file:
        for entry in json.load(file):
            yield from _tatqa(entry)


def _squad(row: dict[str, Any], language: str) -> Asked:
    answer = row["answers"][0]
    article = re.match(r"(?:TRAIN_|DEV_|TRIAL_)?\d+", row["id"])
    return Asked(
        id=row["id"],
        article=article[0] if article else row["id"],
        passage=row["passage"],
        question=row["question"],
        answer=answer["text"],
        start=answer["start"],
        language=language,
    )


def _tatqa(entry: dict[str, Any]) -> Iterator[Asked]:
    paragraphs = {str(part["order"]): part["text"] for part in entry["paragraphs"]}
    for item in entry["questions"]:
        answer = item["answer"][0] if isinstance(item["answer"], list) and len(item["answer"]) == 1 else None
        if item["answer_from"] != "text" or item["answer_type"] != "span" or not isinstance(answer, str):
            continue
        places = [(text, text.find(answer)) for order in item["rel_paragraphs"] if (text := paragraphs.get(order))]
        for text, start in places:
            if start >= 0:
                article = entry["table"]["uid"]
                yield Asked(item["uid"], article, text, item["question"], answer, start, "en")
                break


def sample(
    asked: list[Asked], size: int, rng: random.Random, *, figures: float = 0.6
) -> tuple[dict[str, str], list[Expected]]:
    """A library ({title: text}) and `size` questions on it, a share of `figures` of them answered by a Figure."""
    rng.shuffle(asked)
    numeric = [item for item in asked if _figures(item)]
    others = [item for item in asked if len(item.answer) <= 20 and not _figures(item)]
    chosen = numeric[: int(size * figures)] + others[: size - int(size * figures)]
    articles = sorted({item.article for item in chosen})
    absent = set(rng.sample(articles, int(_LEFT_OUT * len(articles))))
    texts: dict[str, dict[str, None]] = defaultdict(dict)
    for item in chosen:
        if item.article not in absent:
            texts[item.article][item.passage] = None
    questions = [_expected(item, item.article not in absent) for item in chosen]
    questions += [other for item in chosen if rng.random() < _OTHER_YEAR and (other := _of_another_year(item, rng))]
    return {title: "\n\n".join(passages) for title, passages in texts.items()}, questions


def _figures(item: Asked) -> tuple[ExpectedFigure, ...]:
    """The Figures that the answer is, where it is hardly more than they."""
    end = item.start + len(item.answer)
    return tuple(
        ExpectedFigure(figure.value, figure.unit)
        for figure in find_figures(item.passage)
        if figure.start < end and item.start < figure.end and figure.end - figure.start >= len(item.answer) - 3
    )


def _expected(item: Asked, found: bool) -> Expected:
    figures = _figures(item) if found else ()
    return Expected(
        id=item.id,
        question=item.question,
        language=item.language,
        kind="reading",
        document=item.article if found else None,
        found=found,
        figures=figures,
        names=(item.answer,) if found and not figures else (),
        quote=item.answer if found else None,
    )


def _of_another_year(item: Asked, rng: random.Random) -> Expected | None:
    """The question asked of a year that its passage does not name; None where it names no year."""
    match = _YEAR.search(item.question)
    if not match:
        return None
    year = str(int(match[1]) + rng.choice((-3, -2, -1, 1, 2, 3)))
    if year in item.passage:
        return None
    question = item.question[: match.start(1)] + year + item.question[match.end(1) :]
    return Expected(item.id + "-year", question, item.language, "trap-year", None, False, (), (), None)
