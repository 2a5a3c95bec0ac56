"""Open a library in a process of its own, ask, and print what it cost as JSON: `python -m tests.bench.ask DIR FILE`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Ask each question of the file (a JSON list)."""
    import psutil

    questions = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    process = psutil.Process()
    started = time.perf_counter()
    from index.library import Library

    imported = time.perf_counter()
    with Library.open(Path(sys.argv[1])) as library:
        library.retrieve(questions[0], 16)
        first = time.perf_counter() - imported
        seconds, cpu = [], time.process_time()
        for question in questions:
            asked = time.perf_counter()
            library.retrieve(question, 16)
            seconds.append(time.perf_counter() - asked)
        cpu = (time.process_time() - cpu) / len(questions)
        held = process.memory_full_info()
    print(json.dumps({"imports": imported - started, "first": first, "seconds": seconds, "cpu": cpu,
                      "rss": held.rss, "private": held.uss}))  # fmt: skip


main()
