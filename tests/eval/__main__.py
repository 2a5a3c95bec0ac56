"""Score the answers: `python -m tests.eval [--set NAME] [--files] [--wrong] [--record]`."""

from __future__ import annotations

import argparse
import json

from tests.eval.run import BASELINE, SETS, baseline, on_record, reports_chat, score, texts_of


def main() -> None:
    """Score the sets asked for, and print or record them."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description="Score the answers to the questions.")
    parser.add_argument("--set", choices=[*SETS, "all"], default="all", help="which questions (default: all)")
    parser.add_argument("--files", action="store_true", help="score each file of questions by itself, too")
    parser.add_argument("--wrong", action="store_true", help="name the dev questions that are answered wrongly")
    parser.add_argument("--record", action="store_true", help="write the scores to baseline.json")
    arguments = parser.parse_args()
    record = baseline() if BASELINE.exists() else {}
    for name in SETS if arguments.set == "all" else [arguments.set]:
        chat = reports_chat(texts_of(name))
        evaluation = score(chat, *SETS[name])
        print(f"{name}\n{evaluation.table()}\n")
        for file in SETS[name] if arguments.files and len(SETS[name]) > 1 else ():
            print(f"{file}\n{score(chat, file).table()}\n")
        if arguments.wrong and name.startswith("dev"):  # the test sets stay unseen
            for judged in evaluation.judged:
                if not judged.right:
                    print(f"{judged.expected.id} {judged.expected.kind}: {judged.expected.question}")
        record[name] = on_record(evaluation)
    if arguments.record:
        BASELINE.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main()
