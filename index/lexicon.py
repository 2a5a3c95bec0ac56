"""Translations of words between Chinese and English, read one at a time from a small SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources

from index.tokens import stem

_PIVOTS = 4  # translations through which synonyms are sought
_LEAST_SYNONYM = 0.5
_ALIKE = 0.84  # least similarity (difflib ratio) of a misspelt word and what it should be


class Lexicon:
    """Looks up English words and phrases in Chinese (simplified) and Chinese words in English."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.translate = lru_cache(maxsize=50_000)(self._translate)
        self.synonyms = lru_cache(maxsize=50_000)(self._synonyms)

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

    def _synonyms(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words of the same language that are translated alike (staff and employee), weighed, best first."""
        found: dict[str, float] = {}
        for other, weight in self.translate(word)[:_PIVOTS]:
            for back, returned in self.translate(other)[:_PIVOTS]:
                if back != word and weight * returned >= _LEAST_SYNONYM:
                    found[back] = max(found.get(back, 0.0), weight * returned)
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def near(self, word: str) -> str:
        """The English word (its stem) that is spelled most like `word`; "" where none is."""
        key = key_of(word)
        with self._lock:
            rows = self._connection.execute(
                "SELECT key FROM entries WHERE key >= ? AND key < ? AND length(key) BETWEEN ? AND ? AND key NOT LIKE '% %'",
                (key[:1], chr(ord(key[0]) + 1), len(key) - 1, len(key) + 1),
            ).fetchall()
        found = get_close_matches(key, [row[0] for row in rows], n=1, cutoff=_ALIKE)
        return found[0] if found else ""

    def _look_up(self, key: str) -> str:
        with self._lock:
            row = self._connection.execute("SELECT forms FROM entries WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""


def key_of(phrase: str) -> str:
    """The key of an English word or phrase: its stems."""
    return " ".join(stem(word) for word in phrase.lower().replace("-", " ").split())
