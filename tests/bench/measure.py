"""The measures: each takes a library's folder, and gives seconds, rates or megabytes."""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chat import ReportChat
from chat.evaluate import load_questions
from index.library import Library
from ingest.read import document_from_text
from ingest.split import split
from tests.browsing import BROWSER, ask, chromium

ROOT = Path(__file__).parents[2]
_COLD_RUNS = 5
_QUESTION = "截至2023年底服务了多少小微用户?"


def questions() -> list[str]:
    """What is asked: the development questions."""
    return [one.question for one in load_questions(ROOT / "tests" / "eval" / "dev.jsonl")]


def article_library(folder: Path) -> Path:
    """A library of the reports that come with the project."""
    command = [sys.executable, "-m", "chat", "ingest", "data/reports", "--library", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def cold(library: Path) -> float:
    """Seconds of a whole `report-chat ask` process, the median of a few."""
    command = [sys.executable, "-m", "chat", "ask", _QUESTION, "--library", str(library)]
    taken = []
    for _ in range(_COLD_RUNS):
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def warm(library: Path) -> list[float]:
    """Seconds of each question to an open chat, asked once before."""
    chat = ReportChat.open(library)
    chat.ask(_QUESTION)
    taken = []
    for question in questions():
        started = time.perf_counter()
        chat.ask(question)
        taken.append(time.perf_counter() - started)
    chat.library.close()
    return taken


def ingest_rate(folder: Path, texts: Iterator[str], passages: int) -> tuple[Path, int, float]:
    """A new library of about so many passages: its folder, how many documents it took, and passages a second.

    They are files in a folder that one `report-chat ingest` takes in, and its whole time counts, from its start to its end.
    """
    files = folder.with_name(f"{folder.name}-files")
    files.mkdir()
    held = 0
    for number, text in enumerate(texts):
        if held >= passages:
            break
        (files / f"{number:06}.txt").write_text(text, encoding="utf-8")
        held += len(split(document_from_text(str(number), text)))
    started = time.perf_counter()
    command = [sys.executable, "-m", "chat", "ingest", str(files), "--library", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    seconds = time.perf_counter() - started
    with Library.open(folder) as library:
        return folder, library.document_count(), library.chunk_count() / seconds


@contextmanager
def served(library: Path, *, program: Sequence[str] = ("-m", "chat")) -> Iterator[tuple[str, int]]:
    """A `report-chat serve` process over the library, run as that program: its address, and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, *program, "serve", "--library", str(library), "--port", port]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # says that it is there
        yield f"http://127.0.0.1:{port}/", process.pid
    finally:
        process.terminate()
        process.wait()


def held(process: int) -> float:
    """Megabytes of memory that a process and those that it started hold."""
    import psutil

    one = psutil.Process(process)
    return sum(each.memory_info().rss for each in (one, *one.children(recursive=True))) / 2**20


def served_memory(library: Path) -> float | None:
    """Megabytes that a served chat holds after questions in a browser; None without a browser."""
    if BROWSER is None:
        return None
    with served(library) as (address, process), chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#talk .welcome")
        for question in questions()[:20]:
            ask(page, question)
        return held(process)
