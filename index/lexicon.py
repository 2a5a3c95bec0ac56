"""Translations of words between Chinese and English, read one at a time from a small SQLite file."""

from __future__ import annotations

import math
import os
import re
import sqlite3
import threading
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache
from importlib import resources

from index.tokens import stem

_HAN = re.compile(r"[\u3400-\u9fff]+$")
_PIVOTS = 4  # translations through which synonyms are sought
_LEAST_SYNONYM = 0.5
_LEARNED, _LEAST_LEARNED = 0.95, 0.4  # the weight of what parallel texts translate a word by; a less likely one is left
_MOST = 16  # translations of a word
_WRITTEN = 1.0  # the weight of what reports write for what people say
_KEPT_WORDS = 16_384  # whose translations are remembered: those of a few hundred questions
_ALIKE = 0.84  # least similarity (difflib ratio) of a misspelt word and what it should be


class Lexicon:
    """Looks up English words and phrases in Chinese (simplified) and Chinese words in English."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self.translate = lru_cache(maxsize=_KEPT_WORDS)(self._translate)
        self.listed = lru_cache(maxsize=_KEPT_WORDS)(self._listed)
        self.synonyms = lru_cache(maxsize=_KEPT_WORDS)(self._synonyms)
        self.crossing = lru_cache(maxsize=_KEPT_WORDS)(self._crossing)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Lexicon:
        """The shipped lexicon."""
        return cls(os.fspath(resources.files("index").joinpath("lexicon/lexicon.sqlite")))  # type: ignore[call-overload]

    def _listed(self, word: str) -> tuple[tuple[str, float], ...]:
        """What the dictionaries and the terms of reports have a folded word or phrase as; nothing where it is none."""
        row = self._look_up(word) or self._look_up(key_of(word))
        return _weighed(row) if row else ()

    def _translate(self, word: str) -> tuple[tuple[str, float], ...]:
        """What a folded word or phrase is in the other language: (translation, weight in (0, 1]), best first.

        Of a word, what parallel texts were seen to translate it by leads what dictionaries list of it: these list "Gansu"
        as every county that it has.
        """
        found = dict(self.listed(word))
        if " " not in word:
            for form, weight in self.crossing(word) or self.crossing(key_of(word)):
                if weight >= _LEAST_LEARNED:
                    found[form] = max(found.get(form, 0.0), _LEARNED * weight)
        return tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))[:_MOST])

    def _crossing(self, word: str) -> tuple[tuple[str, float], ...]:
        """The index terms (`index.tokens`) that stand for a word in the other language, with weights in (0, 1]."""
        with self._lock:
            row = self._connection.execute("SELECT forms FROM crossings WHERE key = ?", (word,)).fetchone()
        return _weighed(row[0]) if row else ()

    def everyday_idf(self, term: str) -> float:
        """The inverse document frequency of an index term in everyday sentences and questions; infinite where unknown."""
        return self._everyday.get(term, math.inf)

    @cached_property
    def _everyday(self) -> dict[str, float]:
        with self._lock:
            return {key: idf / 100 for key, idf in self._connection.execute("SELECT key, idf FROM everyday")}

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms of reports that the lexicon leads with, of both languages."""
        with self._lock:
            rows = self._connection.execute("SELECT key FROM entries WHERE forms LIKE '%:100%' ORDER BY key").fetchall()
        return tuple(row[0] for row in rows)

    @cached_property
    def spoken(self) -> re.Pattern[str]:
        """What people say for what reports write otherwise, in folded text, the longest first; no words of reports."""
        with self._lock:
            rows = self._connection.execute("SELECT key FROM synonyms").fetchall()
        written = set(self.terms)
        keys = sorted((key for (key,) in rows if key not in written), key=lambda key: (-len(key), key))
        chinese, english = ([key for key in keys if key.isascii() is ascii] for ascii in (False, True))
        return re.compile(f"{starting(chinese)}|\\b{starting(english)}\\b")

    @cached_property
    def printed(self) -> re.Pattern[str]:
        """The Chinese terms of reports of three characters and more, the longest first, in folded text."""
        keys = sorted((key for key in self.terms if len(key) > 2 and _HAN.match(key)), key=lambda key: (-len(key), key))
        return re.compile("|".join(map(re.escape, keys)))

    def reported(self, said: str) -> tuple[str, ...]:
        """What reports write, in either language, for a folded word or phrase that people say."""
        with self._lock:
            row = self._connection.execute("SELECT forms FROM synonyms WHERE key = ?", (said,)).fetchone()
        return tuple(row[0].split("|")) if row else ()

    def _synonyms(self, word: str) -> tuple[tuple[str, float], ...]:
        """What reports write for a word, and words that are translated alike (staff and employee), best first."""
        found = dict.fromkeys(self.reported(word), _WRITTEN)
        for other, weight in self.translate(word)[:_PIVOTS]:
            for back, returned in self.translate(other)[:_PIVOTS]:
                if back != word and weight * returned >= _LEAST_SYNONYM:
                    found[back] = max(found.get(back, 0.0), weight * returned)
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def rarity(self, word: str) -> float:
        """How rare a word (its stem), or the rarest word of a phrase, is in everyday language: 1 where it is unknown."""
        return max((self._rarities.get(part, 1.0) for part in word.split()), default=1.0)

    @cached_property
    def _rarities(self) -> dict[str, float]:
        with self._lock:
            return {key: share / 100 for key, share in self._connection.execute("SELECT key, rarity FROM rarities")}

    def written(self, term: str) -> str:
        """A folded Chinese term of reports as it is written in English; "" where it is none."""
        with self._lock:
            row = self._connection.execute("SELECT form FROM written WHERE key = ?", (term,)).fetchone()
        return str(row[0]) if row else ""

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


def _weighed(forms: str) -> tuple[tuple[str, float], ...]:
    return tuple((form, int(weight) / 100) for form, weight in (item.rsplit(":", 1) for item in forms.split("|")))


def starting(forms: Sequence[str]) -> str:
    """A pattern of any of the forms, the first that fits; where none begins it is passed over at once."""
    first = "".join(sorted({re.escape(form[0]) for form in forms}))
    return f"(?=[{first}])(?:{'|'.join(map(re.escape, forms))})"


def key_of(phrase: str) -> str:
    """The key of an English word or phrase: its stems."""
    return " ".join(stem(word) for word in phrase.lower().replace("-", " ").split())
