"""Kill writers at random points, and look whether the library holds what they reported: `python -m tests.torture`.

A process that has everything loaded forks writers, so that hundreds of kills fit in minutes. Each writer adds, replaces
and removes documents, rebuilds and asks, and tells a journal before and after each; some have no room to write in. After
each kill the library must open, answer, pass `check`, and hold what the journal says, with or without what was under way.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
SMALL = 60  # chunks beside a generation: one is made every few transactions
NAMES, EDITIONS = 40, 2
MEAN_LIFE = 0.6  # seconds
ROOM = (100_000, 1_500_000)  # bytes that a file may grow to, for a writer without room
WITHOUT_ROOM = 0.25  # share of the writers
MOST_FAILURES = 6  # after which a writer only waits to be killed

PREPARED: dict[tuple[int, int], object] = {}  # what writers add, made before they are forked


class Broken(AssertionError):
    """The library is not what was reported."""


def nursery() -> None:
    """Fork a writer for each line (folder and seed) of standard input, and print its process id."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    sys.path.insert(0, str(ROOT))
    import faiss  # noqa: F401
    import tantivy  # noqa: F401

    from index.embed import load_embedder
    from index.prepare import prepare
    from ingest.read import document_from_text

    chance = random.Random(0)
    for number in range(NAMES):
        for edition in range(EDITIONS):
            text = f"第{number}号报告第{edition}版。" + f"服务客户{edition + 1}万户。" * chance.randint(1, 300)
            PREPARED[number, edition] = prepare(document_from_text(f"{number}.txt", text), load_embedder(None))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        folder, seed = json.loads(line)
        pid = os.fork()
        if pid == 0:
            with suppress(KeyboardInterrupt):
                write(Path(folder), seed)
            os._exit(0)
        print(pid, flush=True)


def write(folder: Path, seed: int) -> None:
    """Change the library until killed."""
    from index import dense, derived
    from index.errors import LibraryError
    from index.library import Library

    dense.LEAST_NEW, derived._OVERDUE = SMALL, 1
    chance = random.Random(seed)
    journal = os.open(folder.parent / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    failures = 0

    def tell(*what: object) -> None:
        nonlocal failures
        os.write(journal, (json.dumps(what, ensure_ascii=False) + "\n").encode())
        failures += what[0] == "failed"
        if failures >= MOST_FAILURES:  # each doubles what the library may hold
            signal.pause()

    if chance.random() < WITHOUT_ROOM:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (chance.randint(*ROOM), resource.RLIM_INFINITY))
    while True:
        try:
            with Library.open(folder, create=True, wait=5) as held:
                for _ in range(chance.randint(1, 12)):
                    step(held, chance, tell)
        except LibraryError as error:
            tell("failed", str(error))
            time.sleep(0.01)


def step(library, chance: random.Random, tell) -> None:
    """One change, told of before and after."""
    from index.errors import LibraryError, NoSuchDocument

    kind = chance.choices(["add", "remove", "rebuild", "ask"], [10, 4, 1, 3])[0]
    try:
        if kind == "add":
            drawn = chance.sample(range(NAMES), chance.randint(1, 4))
            batch = [PREPARED[number, chance.randrange(EDITIONS)] for number in drawn]
            tell("try", {one.document.path: one.document.id for one in batch})
            library.add_prepared(batch)
            tell("done")
        elif kind == "remove":
            name = f"{chance.randrange(NAMES)}.txt"
            tell("try", {name: None})
            with suppress(NoSuchDocument):
                library.remove(name)
            tell("done")
        elif kind == "rebuild":
            library.rebuild()
        else:
            library.retrieve("服务客户", 5)
    except LibraryError as error:
        tell("failed", str(error))


def expected(journal: Path) -> list[dict[str, str]]:
    """What the library may hold, {path: id}: as reported, and where something was under way or failed, with it too."""
    states: list[dict[str, str]] = [{}]
    tried: dict[str, str | None] | None = None
    for line in journal.read_text(encoding="utf-8").splitlines() if journal.exists() else ():
        what, *rest = json.loads(line)
        if what == "try":
            states = _with(states, tried) if tried else states
            tried = rest[0]
        elif what == "done" and tried is not None:
            states, tried = [_changed(state, tried) for state in states], None
        elif what == "failed" and tried is not None:
            states, tried = _with(states, tried), None
    return _with(states, tried) if tried else states


def _changed(state: dict[str, str], change: dict[str, str | None]) -> dict[str, str]:
    return {name: held for name, held in {**state, **change}.items() if held is not None}


def _with(states: list[dict[str, str]], change: dict[str, str | None]) -> list[dict[str, str]]:
    found = [*states, *(_changed(state, change) for state in states)]
    return [state for at, state in enumerate(found) if state not in found[:at]]


def look(folder: Path) -> dict[str, str]:
    """Open the library, ask it, check it; what it holds. Broken says what is wrong."""
    from index.check import check
    from index.errors import LibraryMissing
    from index.library import Library

    allowed = expected(folder.parent / "journal")
    try:
        with Library.open(folder) as library:
            held = {info.path: info.id for info in library.documents()}
            hits = library.retrieve("服务客户", 5)
            sought = {hit.chunk.document_id for hit in hits}
            if held and (not hits or not sought <= set(held.values())):
                raise Broken(f"asked, it gave {len(hits)} chunks of {sought - set(held.values())}")
    except LibraryMissing:
        held = {}
        if {} not in allowed:
            raise
        return held
    if held not in allowed:
        raise Broken(f"it holds {held}, and was reported to hold one of {allowed}")
    wrong = [finding for finding in check(folder, None, lambda *_: None) if finding.wrong]
    if wrong:
        raise Broken(f"{wrong}")
    return held


def torture(folder: Path, kills: int, seed: int, say=lambda done, held: None) -> dict[str, int]:
    """Kill so many writers and look each time; how many times what."""
    folder.mkdir(parents=True, exist_ok=True)
    library = folder / "library"
    chance = random.Random(seed)
    counts = {"kills": 0, "changes": 0, "failures told": 0}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.torture", "--nursery"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as nurse:  # fmt: skip
        for done in range(1, kills + 1):
            print(json.dumps([str(library), chance.randrange(10**9)]), file=nurse.stdin, flush=True)
            pid = int(nurse.stdout.readline())
            time.sleep(min(chance.expovariate(1 / MEAN_LIFE), 3))
            os.kill(pid, signal.SIGKILL)
            while True:
                try:
                    os.kill(pid, 0)
                except ProcessLookupError:
                    break
                time.sleep(0.002)
            held = look(library)
            counts["kills"] = done
            lines = (
                (folder / "journal").read_text(encoding="utf-8").splitlines() if (folder / "journal").exists() else []
            )
            counts["changes"] += sum('"done"' in line for line in lines)
            counts["failures told"] += sum('"failed"' in line for line in lines)
            (folder / "journal").write_text(json.dumps(["try", held]) + '\n["done"]\n', encoding="utf-8")
            counts["changes"] -= 1 if done < kills else 0
            say(done, len(held))
        nurse.stdin.close()
    return counts


def main() -> None:
    """Torture a library of its own, or fork writers for one who does."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nursery", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="what chance begins with (default: another each time)")
    chosen = parser.parse_args()
    if chosen.nursery:
        nursery()
        return
    seed = random.randrange(10**6) if chosen.seed is None else chosen.seed
    print(f"seed {seed}", flush=True)
    started = time.monotonic()

    def say(done: int, held: int) -> None:
        print(f"\r{done} of {chosen.kills} killed, {held} documents held ", end="", flush=True)

    with tempfile.TemporaryDirectory() as name:
        counts = torture(Path(name), chosen.kills, seed, say)
    said = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(f"\nsound after each: {said}, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
