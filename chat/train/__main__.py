"""Fit the weights of the reader and write chat/weights.json.

python -m chat.train --questions tests/eval/dev.jsonl --reports data/reports tests/eval/reports [--reading DIR]
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import asdict
from pathlib import Path

from chat import ReportChat
from chat.evaluate import load_questions
from chat.train.fit import Case, cases, cross_validated, fit
from chat.train.reading import read, sample
from index.intake import ingest_paths
from index.library import Library

_LEFT_OUT = 0.5  # what a question counts that is asked without the Document that answers it
_READING = 0.05  # what a question of the reading sets counts
_SIZES = {"zh-Hans": 700, "zh-Hant": 400, "en": 400}
_SEED = 7


def _of_reports(questions: Path, reports: list[Path]) -> list[list[Case]]:
    library = Library.in_memory()
    ingest_paths(library, reports, lambda done, total, outcome: None)
    return cases(ReportChat(library), load_questions(questions), weight=1.0, left_out=_LEFT_OUT)


def _of_reading(folder: Path) -> list[Case]:
    asked = list(read(folder))
    found: list[Case] = []
    for language, size in _SIZES.items():
        own = [item for item in asked if item.language == language]
        texts, questions = sample(own, size, random.Random(_SEED))
        print(f"reading, {language}: {len(questions)} questions on {len(texts)} texts", flush=True)
        groups = cases(ReportChat.from_texts(texts), questions, weight=_READING, left_out=0.0)
        found += [case for group in groups for case in group]
    return found


def main() -> None:
    """Gather the Cases, say how weights do on held-apart ones, fit to all, and write."""
    parser = argparse.ArgumentParser(prog="python -m chat.train", description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=Path, required=True, help="questions as report-chat evaluate takes them")
    parser.add_argument("--reports", type=Path, nargs="+", required=True, help="the reports that they are about")
    parser.add_argument("--reading", type=Path, help="folder of cmrc2018_train, drcd_dev and tatqa_dev, to add")
    parser.add_argument("--threshold", type=float, default=0.35, help="least confidence of an answer")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "weights.json")
    arguments = parser.parse_args()
    groups = _of_reports(arguments.questions, arguments.reports)
    beside = _of_reading(arguments.reading) if arguments.reading else []
    print(json.dumps(asdict(cross_validated(groups, beside, arguments.threshold)), indent=1))
    weights = fit([*(case for group in groups for case in group), *beside], arguments.threshold)
    arguments.out.write_text(json.dumps(asdict(weights), indent=1) + "\n", encoding="utf-8")


main()
