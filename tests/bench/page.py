"""Whether the page is as quick as it should be over a library of many chunks: `python -m tests.bench.page [--texts FILE]`.

Serves it from a process of its own, asks in Chromium and over HTTP, and prints each measure with its bar; exit 1 where
one is missed. The library is made of --texts (JSON lines with a "text", plain or .xz or .gz), else of sentences of the
reports of tests/eval in chance order.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, cycle, islice
from pathlib import Path

from index.library import Library
from tests.bench.made import Maker, queries, read
from tests.bench.measure import held, questions, served
from tests.bench.passages import given, shuffled
from tests.bench.scale import grow
from tests.browsing import Guest, answered, chromium, loaded

_READ = 8_000  # texts that are read whole, figures and all; the rest is made of their sentences
_SHUFFLED = 1_000
_VISITS, _ASKED = 10, 40
_USERS, _ROUNDS = 20, 5
_TOLD = 100  # questions between two looks at the memory
_SETTLED = 300  # questions after which memory should stay as it is

# Notes when Enter is pressed, and when the answer that comes then is painted.
_STOPWATCH = """last => {
    window.timed = {};
    document.addEventListener("keydown", () => { window.timed.asked = performance.now(); }, { once: true, capture: true });
    const watcher = new MutationObserver(() => {
        const turn = [...document.querySelectorAll("#talk .turn")].at(-1);
        if (!turn?.querySelector(".answer:not(.waiting)") || Number(turn.dataset.turn ?? last + 1) <= last) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => { window.timed.shown = performance.now(); }));
    });
    watcher.observe(document.querySelector("#talk"), { childList: true, subtree: true });
}"""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, and the bar that it must stay below."""

    name: str
    value: float
    bar: float
    unit: str = "ms"

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return self.value <= self.bar

    def __str__(self) -> str:
        said = "holds" if self.holds else "MISSED"
        return f"{self.name}: {self.value:,.3g} {self.unit} (bar {self.bar:,g}) {said}"


def main() -> int:
    """Measure, print, and say whether every bar holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.page", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, help='JSON lines with a "text" each, to make the library of')
    parser.add_argument("--chunks", type=int, default=100_000, help="of the library (default: %(default)s)")
    parser.add_argument(
        "--questions", type=int, default=1_000, help="that memory is watched over (default: %(default)s)"
    )
    parser.add_argument("--library", type=Path, help="where it is, or is made (default: a folder that is deleted)")
    chosen = parser.parse_args()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load}"
    )
    texts = list(given(chosen.texts)) if chosen.texts else list(islice(shuffled(), _SHUFFLED))
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.library or Path(name) / "library"
        grow(folder, chain(read(texts[:_READ]), Maker(texts).documents()), chosen.chunks)
        measures = measure(folder, [*questions(), *queries(texts)], chosen.questions, Path(name) / "reached")
    return 0 if all(one.holds for one in measures) else 1


def measure(library: Path, asked: Sequence[str], count: int, reached: Path) -> list[Measure]:
    """Each measure of the page over the library, printed as it is made; `reached` is a file to be written."""
    with Library.open(library) as opened:
        print(f"{opened.chunk_count():,} chunks of {opened.document_count():,} documents", flush=True)
    found = []
    with served(library, program=("-m", "tests.bench.watched", str(reached))) as (address, process):
        for one in chain(
            in_browser(address, asked), crowd(address, asked), memory(address, process, asked, count), outside(reached)
        ):
            print(one, flush=True)
            found.append(one)
    return found


def in_browser(address: str, asked: Sequence[str]) -> Iterable[Measure]:
    """How long visitors wait for the page, and for answers, in Chromium."""
    foreign: list[str] = []
    with chromium() as browser:

        def visit() -> tuple[float, object]:
            page = browser.new_context(reduced_motion="reduce").new_page()
            page.on("request", lambda request: foreign.append(request.url))
            started = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#talk .welcome")
            page.wait_for_function("document.activeElement.matches('#question textarea')")
            return time.perf_counter() - started, page

        visits = []
        for _ in range(_VISITS + 1):
            seconds, page = visit()
            loaded(page)
            visits.append(seconds)
            if len(visits) <= _VISITS:
                page.context.close()
        yield from _late("page usable", visits[1:], 2000)  # the first visitor waits for what is made once
        yield from _late(
            "question to first answer text, in Chromium",
            [_asked(page, n, q) for n, q in enumerate(asked[:_ASKED])],
            300,
        )
    beyond = {url for url in foreign if not url.startswith((address, "data:", "blob:"))}
    yield Measure("requests of the page to elsewhere", len(beyond), 0, "")


def _asked(page, number: int, question: str) -> float:
    """Seconds from Enter to the first words of the answer."""
    page.fill("#question textarea", question)
    page.evaluate(_STOPWATCH, number - 1)
    page.press("#question textarea", "Enter")
    answered(page, number + 1)
    page.wait_for_function("window.timed.shown")
    return page.evaluate("(window.timed.shown - window.timed.asked) / 1000")


def crowd(address: str, asked: Sequence[str]) -> Iterable[Measure]:
    """How long users wait who all ask at the same moment, again and again."""
    guests, drawn = [Guest(address) for _ in range(_USERS)], cycle(asked)
    taken: list[tuple[float, float]] = []
    with ThreadPoolExecutor(_USERS) as threads:
        for _ in range(_ROUNDS):
            taken += threads.map(_times, guests, list(islice(drawn, _USERS)))
    yield from _late(f"{_USERS} users at once, to first answer text", [first for first, _ in taken], 1500)
    yield from _late(f"{_USERS} users at once, to the whole answer", [whole for _, whole in taken], 1500)


def _times(guest: Guest, question: str) -> tuple[float, float]:
    """Seconds to the first words of the answer, and to all of it."""
    started, first = time.perf_counter(), 0.0
    for event in guest.ask(question):
        if not first and 'class=\\"direct' in event and "answer waiting" not in event:
            first = time.perf_counter() - started
    whole = time.perf_counter() - started
    return first or whole, whole


def memory(address: str, process: int, asked: Sequence[str], count: int) -> Iterable[Measure]:
    """How much the server grows once it is warm, over questions of many visitors."""
    seen = []
    guest = Guest(address)
    for number, question in enumerate(islice(cycle(asked), count), 1):
        if number % 20 == 0:
            guest = Guest(address)
        for _ in guest.ask(question):
            pass
        if number % _TOLD == 0 or number == count:
            seen.append((number, held(process)))
            print(f"  after {number:,} questions: {seen[-1][1]:.0f} MB", flush=True)
    settled = next((size for number, size in seen if number >= _SETTLED), seen[0][1])
    yield Measure(
        f"memory after {count:,} questions against {min(_SETTLED, count)}", 100 * seen[-1][1] / settled, 105, "%"
    )


def outside(reached: Path) -> Iterable[Measure]:
    """Where the server itself went (see `tests.bench.watched`)."""
    print(reached.read_text(encoding="utf-8"), end="")
    yield Measure("requests of the server to elsewhere", len(reached.read_text(encoding="utf-8").splitlines()), 0, "")


def _late(name: str, seconds: Sequence[float], bar: float) -> Iterable[Measure]:
    """What 95 % of them are under; the median is told."""
    ordered = sorted(seconds)
    print(
        f"  {name}: median {1000 * ordered[len(ordered) // 2]:.0f} ms, greatest {1000 * ordered[-1]:.0f} ms of {len(ordered)}"
    )
    yield Measure(f"{name}, 95 % under", 1000 * ordered[max(int(len(ordered) * 0.95 + 0.5) - 1, 0)], bar)


if __name__ == "__main__":
    sys.exit(main())
