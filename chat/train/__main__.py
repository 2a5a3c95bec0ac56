r"""Fit the reader and write chat/reader.npz.

python -m chat.train --questions tests/eval/dev{,-wide,-article,-cross}.jsonl --reports data/reports tests/eval/reports \
    --questions tests/eval/dev-words.jsonl --reports tests/eval/passages --reading DIR
"""

from __future__ import annotations

import argparse
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from chat.confidence import FAMILIES
from chat.train.cases import Case
from chat.train.fit import Held, fit, held_back
from chat.train.gather import of_reading, own

_READING = 0.3  # what a question of the reading sets counts, beside one of the project's own
_FEW = 2.0  # and one of those in English, which are few


def main() -> None:
    """Gather the Cases, say how trees do on Cases that they have not seen, fit to all, and write."""
    parser = argparse.ArgumentParser(prog="python -m chat.train", description=(__doc__ or "").splitlines()[0])
    several: dict[str, Any] = {"type": Path, "nargs": "+", "action": "append", "required": True}
    parser.add_argument(
        "--questions", **several, help="questions as report-chat evaluate takes them; may be given again"
    )
    parser.add_argument("--reports", **several, help="the reports that they are about; as often, in the same order")
    parser.add_argument("--reading", type=Path, required=True, help="folder of cmrc2018_train, drcd_dev and tatqa_dev")
    parser.add_argument("--threshold", type=float, default=0.3, help="least confidence of an answer (default: 0.3)")
    parser.add_argument("--processes", type=int, default=2, help="how many read at once (default: 2)")
    parser.add_argument(
        "--cases", type=Path, help="file to keep what was gathered in, and to take it from if it is there"
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "reader.npz")
    arguments = parser.parse_args()
    if len(arguments.questions) != len(arguments.reports):
        parser.error("--questions and --reports must be given equally often")
    given = _gathered(arguments)
    for name in FAMILIES:
        _report(name, held_back([case for case in given if case.family == name]))
    judge = fit(given, arguments.threshold)
    arrays = {"threshold": np.array(judge.threshold)}
    for name in FAMILIES:
        arrays |= judge.ordering[name].arrays(f"ordering.{name}") | judge.chance[name].arrays(f"chance.{name}")
    np.savez_compressed(arguments.out, allow_pickle=False, **arrays)
    print(f"{arguments.out}: {arguments.out.stat().st_size // 1024} KiB")


def _gathered(arguments: argparse.Namespace) -> list[Case]:
    if arguments.cases and arguments.cases.exists():
        with arguments.cases.open("rb") as file:
            given: list[Case] = pickle.load(file)  # noqa: S301  (written here)
    else:
        given = [
            case
            for questions, reports in zip(arguments.questions, arguments.reports, strict=True)
            for case in own(questions, reports)
        ]
        print(f"own questions: {len(given)} cases", flush=True)
        given += of_reading(arguments.reading, arguments.processes)
        if arguments.cases:
            arguments.cases.write_bytes(pickle.dumps(given))
    return [case if case.source == "own" else replace(case, weight=_counts(case) * case.weight) for case in given]


def _counts(case: Case) -> float:
    return _FEW if case.source.endswith(" en") else _READING


def _report(family: str, held: list[Held]) -> None:
    """How Cases came out of which the trees had not seen the question, by where they come from."""
    for source in sorted({one.case.source for one in held}):
        asked = [one for one in held if one.case.source == source and one.case.answerable]
        trapped = [one for one in held if one.case.source == source and not one.case.answerable]
        right = sum(one.right for one in asked) / max(len(asked), 1)
        print(f"{family}, {source}: right first {right:.3f} of {len(asked)}; by threshold, right and shown / refused:")
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
            shown = sum(one.right and one.chance >= threshold for one in asked) / max(len(asked), 1)
            refused = sum(one.chance < threshold for one in trapped) / max(len(trapped), 1)
            print(f"   {threshold:.1f}  {shown:.3f} / {refused:.3f}")


main()
