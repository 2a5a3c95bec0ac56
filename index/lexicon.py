"""Translations of words between Chinese and English, read one at a time from a small SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from functools import lru_cache
from importlib import resources

from index.tokens import stem


class Lexicon:
    """Looks up English words and phrases in Chinese (simplified) and Chinese words in English."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.translate = lru_cache(maxsize=50_000)(self._translate)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Lexicon:
        """The shipped lexicon."""
        return cls(os.fspath(resources.files("index").joinpath("lexicon/lexicon.sqlite")))  # type: ignore[call-overload]

    def _translate(self, word: str) -> tuple[tuple[str, float], ...]:
        """What a folded word or phrase is in the other language: (translation, weight in (0, 1]), best first."""
        row = self._look_up(word) or self._look_up(key_of(word))
        return (
            tuple((form, int(weight) / 100) for form, weight in (item.rsplit(":", 1) for item in row.split("|")))
            if row
            else ()
        )

    def _look_up(self, key: str) -> str:
        with self._lock:
            row = self._connection.execute("SELECT forms FROM entries WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""


def key_of(phrase: str) -> str:
    """The key of an English word or phrase: its stems."""
    return " ".join(stem(word) for word in phrase.lower().replace("-", " ").split())
