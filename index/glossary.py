"""What reports call what people put in other words: a dictionary read from the wordings to the terms.

"How full were the planes?" has no word of a report that states a load factor. Here it comes near to a wording of that concept,
and the terms of the concept can be looked for: query expansion by the concept that the whole question comes nearest to, as
Qiu and Frei, "Concept Based Query Expansion" (SIGIR 1993), not word by word.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from index.embed import Embedder, load_embedder
from index.stopwords import STOP
from index.tokens import tokenize
from ingest.fold import fold

LEAST = 0.3  # score of a concept that a question is taken to speak of
_MOST = 5  # concepts of a question
_NEAREST = 50  # wordings whose meaning is compared
_UNKNOWN = 5.0  # the idf of a word that is in no wording
_AT_ONCE = 500  # terms that are looked up together: some builds of SQLite take few thousands
_KEPT = 1024  # questions whose concepts are remembered

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question may speak of: the `forms` that reports have for it, folded, of both languages; how near the question
    comes to its nearest `wording`, in (0, 1]; and the index terms that it shares with that.
    """

    forms: tuple[str, ...]
    score: float
    wording: str
    shared: frozenset[str]


class Glossary:
    """Finds the concepts that a question speaks of, in either language."""

    def __init__(self, path: str, embedder: Embedder) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._embedder = embedder
        held = dict(self._connection.execute("SELECT name, held FROM arrays"))
        self._concepts: Numbers = np.frombuffer(held["concepts"], dtype=np.int32)
        self._weights = np.frombuffer(held["weights"], dtype=np.float32)
        self.concepts = lru_cache(maxsize=_KEPT)(self._find)

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Glossary:
        """The shipped one."""
        path = resources.files("index").joinpath("lexicon/glossary.sqlite")
        return cls(os.fspath(path), load_embedder(None))  # type: ignore[call-overload]

    def _find(self, question: str) -> tuple[Concept, ...]:
        """The concepts that a question speaks of, the nearest first.

        How near a wording is: its cosine, and the geometric mean of the shares, by idf, that question and wording have of each
        other, half and half.
        """
        terms = content(question)
        known = self._known(terms)
        if not known:
            return ()
        numbers, at = np.unique(np.concatenate([found for _, found in known.values()]), return_inverse=True)
        idfs = np.concatenate([np.full(len(found), idf) for idf, found in known.values()])
        shared = np.bincount(at, weights=idfs)
        whole = sum(known[term][0] if term in known else _UNKNOWN for term in terms)
        met = shared / np.sqrt(self._weights[numbers] * whole)
        nearest = np.argsort(-met, kind="stable")[:_NEAREST]
        said = self._said(numbers[nearest].tolist())
        vectors = self._embedder.encode_query([question, *said])
        scores = (met[nearest] + vectors[1:] @ vectors[0]) / 2
        best: dict[int, Concept] = {}
        for place in np.argsort(-scores, kind="stable").tolist():
            concept = int(self._concepts[numbers[nearest[place]]])
            if scores[place] < LEAST or len(best) == _MOST:
                break
            if concept not in best:
                both = frozenset(content(said[place])) & terms.keys()
                best[concept] = Concept(self._forms(concept), min(float(scores[place]), 1.0), said[place], both)
        return tuple(best.values())

    def _known(self, terms: dict[str, None]) -> dict[str, tuple[float, Numbers]]:
        """The idf of each term that wordings have, and the numbers of these."""
        keys, rows = list(terms), []
        for at in range(0, len(keys), _AT_ONCE):
            some = keys[at : at + _AT_ONCE]
            marks = ",".join("?" * len(some))
            query = f"SELECT term, idf, wordings FROM terms WHERE term IN ({marks})"  # noqa: S608  (marks alone)
            with self._lock:
                rows += self._connection.execute(query, some).fetchall()
        return {term: (idf, np.frombuffer(numbers, dtype=np.int32)) for term, idf, numbers in sorted(rows)}

    def _said(self, numbers: list[int]) -> list[str]:
        marks = ",".join("?" * len(numbers))
        query = f"SELECT number, said FROM wordings WHERE number IN ({marks})"  # noqa: S608  (marks alone)
        with self._lock:
            said = dict(self._connection.execute(query, numbers).fetchall())
        return [said[number] for number in numbers]

    def _forms(self, concept: int) -> tuple[str, ...]:
        with self._lock:
            row = self._connection.execute("SELECT forms FROM concepts WHERE number = ?", (concept,)).fetchone()
        return tuple(row[0].split("|"))


def content(text: str) -> dict[str, None]:
    """The index terms of a text that say something, each once, in order."""
    return dict.fromkeys(term for term in tokenize(fold(text)) if term not in STOP and not term.isdigit())
