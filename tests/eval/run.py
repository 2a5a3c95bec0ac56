"""The libraries that the questions are about, and how the scores compare with those on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chat import ReportChat
from chat.evaluate import Evaluation, evaluate, load_questions
from index.intake import ingest_paths
from index.library import Library

HERE = Path(__file__).parent
REPORTS = (HERE.parents[1] / "data" / "reports" / "mybank-esg-2023.txt", HERE / "reports")
PASSAGES = (HERE / "passages",)
BASELINE = HERE / "baseline.json"
SETS = {
    "dev": ("dev.jsonl", "dev-wide.jsonl", "dev-article.jsonl", "dev-cross.jsonl"),
    "test": ("test-zh.jsonl", "test-en.jsonl", "test-wide.jsonl", "test-article.jsonl"),
    "dev-words": ("dev-words.jsonl",),
    "test-words": ("test-words.jsonl",),
}
GATED = ("answerable", "refused", "figure", "name", "quote")


def texts_of(name: str) -> tuple[Path, ...]:
    """What a set of questions is about."""
    return PASSAGES if name.endswith("words") else REPORTS


def reports_chat(texts: Sequence[Path] = REPORTS) -> ReportChat:
    """A chat over all of the texts that questions are about, in memory."""
    library = Library.in_memory()
    for outcome in ingest_paths(library, texts, lambda done, total, outcome: None):
        if outcome.outcome == "failed":
            raise RuntimeError(f"{outcome.path}: {outcome.reason}")
    return ReportChat(library)


def score(chat: ReportChat, *files: str) -> Evaluation:
    """The Evaluation of the questions of some files of this folder."""
    return evaluate(chat, [question for file in files for question in load_questions(HERE / file)])


def on_record(evaluation: Evaluation) -> dict[str, Any]:
    """What is kept of an Evaluation: how many are right, overall and by kind and language."""
    return {
        "right": {key: list(pair) for key, pair in evaluation.scores().items()},
        "unsupported": evaluation.unsupported,
    }


def drops(before: dict[str, Any], evaluation: Evaluation) -> list[str]:
    """Where an Evaluation falls below the record."""
    scores = evaluation.scores()
    found = [
        f"{key}: {scores[key][0]} right of {scores[key][1]}, {before['right'][key][0]} on record"
        for key in GATED
        if key in scores and scores[key][0] < before["right"][key][0]
    ]
    return [*found, *([f"{evaluation.unsupported} unsupported figures"] if evaluation.unsupported else [])]


def baseline() -> dict[str, Any]:
    """The scores on record, by set."""
    record: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return record
