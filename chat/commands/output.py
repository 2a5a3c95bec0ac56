"""What commands print."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def fail(message: str) -> int:
    """Say why a command could not be done; its exit code."""
    print(f"report-chat: {message}", file=sys.stderr)
    return 2


def print_json(value: object) -> None:
    """One line of JSON."""
    print(json.dumps(value, ensure_ascii=False))


def print_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """A CSV with a mark of its encoding, so that spreadsheets open it right."""
    sys.stdout.reconfigure(encoding="utf-8-sig", newline="")  # type: ignore[union-attr]
    writer = csv.DictWriter(sys.stdout, columns)
    writer.writeheader()
    writer.writerows(rows)


def notify(said: str) -> None:
    """Tell on standard error what goes on meanwhile."""
    print(said, file=sys.stderr, flush=True)


class Counter:
    """Shows on standard error, a few times a second, how far something has come; silent where it is quick."""

    def __init__(self) -> None:
        self._shown = time.monotonic()
        self._open = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        now = time.monotonic()
        if now - self._shown >= 0.5 or (self._open and done >= total):
            self._open, self._shown = done < total, now
            end = "" if self._open else "\n"
            print(f"\r{what}: {done} of {total} ", end=end, file=sys.stderr, flush=True)
