"""What readers thought of answers: one JSON object a line in the library's folder."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from chat.types import Answer

FILE = "feedback.jsonl"
_LONGEST = 2000  # characters of a question or an answer kept
Verdict = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reader's verdict on one answer; `reason` is one of figure, quote, missing, other, or "" where none was given."""

    time: str
    user: str
    verdict: str
    reason: str
    question: str
    found: bool
    direct: str
    quotes: tuple[str, ...]


class Feedback:
    """The verdicts kept in a library's folder; nothing is kept of a library in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder else None

    def note(self, answer: Answer, verdict: Verdict, *, reason: str = "", user: str = "") -> None:
        """Keep a verdict; one write of one line, so that several processes may."""
        if self._path is None:
            return
        judgement = Judgement(
            time=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            user=user,
            verdict=verdict,
            reason=reason,
            question=answer.question[:_LONGEST],
            found=answer.found,
            direct=answer.direct[:_LONGEST],
            quotes=tuple(f"{quote.document}:{quote.start}-{quote.end}" for quote in answer.quotes),
        )
        line = json.dumps(asdict(judgement), ensure_ascii=False) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, line.encode("utf-8", "surrogatepass"))
        finally:
            os.close(descriptor)

    def all(self) -> Iterator[Judgement]:
        """The verdicts, oldest first; lines that are not whole (a full disk) are left out."""
        if self._path is None or not self._path.is_file():
            return
        with self._path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                judgement = _read(line)
                if judgement:
                    yield judgement


def _read(line: str) -> Judgement | None:
    try:
        row: dict[str, Any] = json.loads(line)
        return Judgement(**{**row, "quotes": tuple(row["quotes"])})
    except (ValueError, TypeError, KeyError):
        return None
