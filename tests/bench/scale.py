"""What questions, memory and disk cost against the size of a library: `python -m tests.bench.scale --texts FILE`.

Writes the numbers as JSON lines, and a plot of them with --plot (needs matplotlib: `pip install -e '.[bench]'`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import chain, islice
from pathlib import Path

from index.library import Library
from tests.bench.made import Maker, queries, read
from tests.bench.passages import given

ROOT = Path(__file__).parents[2]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_BATCH = 1_000  # Chunks of a transaction
_READ = 2_000  # texts that are read whole, figures and all; the rest is made of their sentences


def main() -> None:
    """Grow one library from size to size, and measure it at each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, required=True, help='JSON lines with a "text" each')
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="chunks (default: %(default)s)")
    parser.add_argument("--library", type=Path, help="where to grow it (default: a folder that is deleted)")
    parser.add_argument("--out", type=Path, help="where to write the numbers")
    parser.add_argument("--plot", type=Path, help="where to draw them")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(chosen.library or Path(name) / "library", chosen.texts, sorted(chosen.sizes), chosen.out)
    if chosen.plot:
        draw(found, chosen.plot)


def measure(folder: Path, path: Path, sizes: list[int], out: Path | None) -> list[dict[str, float]]:
    """What each size costs."""
    texts = list(given(path))
    documents = chain(read(texts[:_READ]), Maker(texts).documents())
    found = []
    with tempfile.TemporaryDirectory() as name:
        asked = Path(name) / "queries.json"
        asked.write_text(json.dumps(queries(texts), ensure_ascii=False), encoding="utf-8")
        for size in sizes:
            seconds, added = grow(folder, documents, size)
            run = subprocess.run([sys.executable, "-m", "tests.bench.ask", str(folder), str(asked)], cwd=ROOT,
                                 check=True, capture_output=True, text=True)  # fmt: skip
            cost = _cost(folder, json.loads(run.stdout)) | {"stored_per_second": added / max(seconds, 1e-9)}
            print("  ".join(f"{name} {value:,.4g}" for name, value in cost.items()), flush=True)
            found.append(cost)
            if out:
                out.write_text("".join(json.dumps(one) + "\n" for one in found), encoding="utf-8")
    return found


def grow(folder: Path, documents, size: int) -> tuple[float, int]:
    """Add documents until the library has so many Chunks; seconds in the library alone, and Chunks added."""
    started = time.perf_counter()
    with Library.open(folder, create=True) as library:
        held = before = library.chunk_count()
        making = 0.0
        while held < size:
            begun = time.perf_counter()
            batch, chunks = [], 0
            while chunks < min(_BATCH, size - held):
                batch += islice(documents, 1)
                chunks += len(batch[-1].chunks)
            making += time.perf_counter() - begun
            outcomes = library.add_prepared(batch)
            held += sum(len(one.chunks) for one, outcome in zip(batch, outcomes, strict=True) if outcome == "added")
    return time.perf_counter() - started - making, held - before


def _cost(folder: Path, asked: dict) -> dict[str, float]:
    ordered = sorted(asked["seconds"])
    with Library.open(folder) as library:
        chunks = library.chunk_count()
        texts = library._store.rows("SELECT sum(characters) FROM documents")[0][0] * 3  # UTF-8 of Chinese
        library.retrieve("小微", 1)
        made = library._derived.dense._made
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and "-wal" not in path.name)
    current = (folder / "vectors" / "CURRENT").read_text() if made else ""
    old = sum(p.stat().st_size for p in folder.glob("vectors/gen-*/*") if p.parent.name != current)
    return {
        "chunks": chunks,
        "p50_ms": 1000 * statistics.median(ordered),
        "p95_ms": 1000 * ordered[int(0.95 * len(ordered))],
        "cpu_ms": 1000 * asked["cpu"],
        "first_s": asked["first"],
        "rss_mb": asked["rss"] / 2**20,
        "private_mb": asked["private"] / 2**20,
        "recall": made.recall if made else 1.0,
        "candidates": made.candidates if made else 0,
        "disk_bytes_per_chunk": (size - old) / chunks,
        "beyond_text_bytes_per_chunk": (size - old - texts) / chunks,
    }


def draw(found: list[dict[str, float]], path: Path) -> None:
    """The costs against the number of Chunks, on logarithmic axes."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    chunks = [one["chunks"] for one in found]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for name, label, style in (("p50_ms", "median", "-o"), ("p95_ms", "95 % under", "--o")):
        left.loglog(chunks, [one[name] for one in found], style, label=label)
    left.set(xlabel="chunks", ylabel="ms a question", title="Retrieving")
    right.loglog(chunks, [one["rss_mb"] for one in found], "-s", label="memory, all (MB)")
    right.loglog(chunks, [one["private_mb"] for one in found], "--s", label="memory, of its own (MB)")
    right.loglog(chunks, [1000 * one["first_s"] for one in found], "-^", label="open and first answer (ms)")
    right.set(xlabel="chunks", title="Memory and opening")
    for axes in (left, right):
        axes.grid(alpha=0.3, which="both")
        axes.legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


if __name__ == "__main__":
    main()
