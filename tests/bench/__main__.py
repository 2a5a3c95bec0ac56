"""How long questions and ingest take, and how much memory the chat has: `python -m tests.bench [--texts FILE]`.

Asks the questions of tests/eval/dev.jsonl of the article, and of a library of many passages: those of --texts (JSON
lines with a "text", plain or .xz or .gz), else sentences of the reports of tests/eval in chance order. Times are medians.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from tests.bench.measure import article_library, cold, ingest_rate, served_memory, warm
from tests.bench.passages import given, shuffled

_PASSAGES = 20_000


def main() -> None:
    """Measure, and print a line for each measure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, help='JSON lines with a "text" each, to draw the passages from')
    parser.add_argument("--passages", type=int, default=_PASSAGES, help="how many (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        article = article_library(folder / "article")
        print(f"report-chat ask, from a cold process, over the article: {cold(article):.2f} s", flush=True)
        print(f"a question to an open chat over the article: {_times(warm(article))}", flush=True)
        memory = served_memory(article)
        print(f"memory of the served chat: {memory:.0f} MB" if memory else "memory: no Chromium here", flush=True)
        texts = given(arguments.texts) if arguments.texts else shuffled()
        many, documents, rate = ingest_rate(folder / "many", texts, arguments.passages)
        print(f"ingest of a folder of {documents} texts: {rate:.0f} passages a second, with their figures", flush=True)
        print(
            f"report-chat ask, from a cold process, over {arguments.passages} passages: {cold(many):.2f} s", flush=True
        )
        print(f"a question to an open chat over {arguments.passages} passages: {_times(warm(many))}", flush=True)


def _times(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"{1000 * median:.0f} ms (95 % under {1000 * late:.0f} ms)"


main()
