"""The gate of the language model: ways to lie that it catches, true sentences that it lets pass, and its time."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.benchmark.score import Lines, Measure, Score
from tests.gate import cases, desk, judged


def run(_: Path) -> Lines:
    """Lies caught; true sentences passed, of the sets that the gate was grown on and of one that it was not."""
    room = desk()
    lies = cases("lies.jsonl")
    ways = len({lie["way"] for lie in lies})
    yield Score(
        f"lies caught, told in {ways} ways", sum(not judged(lie, room).passed for lie in lies), len(lies), 1.0, 1.0
    )
    times: list[float] = []
    for name, about in (("true-dev.jsonl", "known"), ("true-test.jsonl", "late")):
        passed = 0
        rows = cases(name)
        for row in rows:
            started = time.process_time()
            passed += judged(row, room).passed
            times.append(time.process_time() - started)
        yield Score(f"true sentences that pass, {about} ones", passed, len(rows), 0.98)
    worst = statistics.quantiles(times, n=20)[-1]
    yield Measure(
        "a sentence at the gate",
        f"{1000 * statistics.median(times):.1f} ms of processor time, 95 % below {1000 * worst:.1f} ms",
        "aim 5 ms",
    )
