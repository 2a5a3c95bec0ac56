"""The lines of a report that a measure is read from: a question on the gross margin wants gross profit and net sales.

In: a question. Out: the index terms of those lines, each once; none where it names no measure or statement that the table
`lexicon/measures.tsv` has.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from index.stopwords import STOP
from index.tokens import tokenize, words


def read_from(question: str) -> tuple[str, ...]:
    """The terms of what reports print for the measures and statements that `question` names, the longest names first."""
    return tuple(dict.fromkeys(term for lines in _met(question) for term in _terms(lines)))


def read_on(question: str) -> tuple[str, ...]:
    """What reports print for the measures and statements that `question` names, as the table has it."""
    return tuple(line for lines in _met(question) for line in lines)


def _key(text: str) -> str:
    """The words of a text, each between spaces: 毛利率 meets a question however it is cut, "roa" does not meet "road"."""
    return " ".join(["", *(" ".join(words(text)).split()), ""])


@lru_cache(maxsize=16)
def _met(question: str) -> tuple[tuple[str, ...], ...]:
    """The lines of each measure and statement that the question names, the longest names first."""
    said = _key(question)
    met = []
    for name, lines in _table():
        if name in said:
            said = said.replace(name, " | ")
            met.append(lines)
    return tuple(met)


@lru_cache(maxsize=256)
def _terms(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in tokenize("/".join(lines)) if term not in STOP))


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(name as `_key` has it, its lines), the longest names first."""
    text = resources.files("index").joinpath("lexicon/measures.tsv").read_text("utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            names, lines = line.split("\t")
            found.update({_key(name): tuple(lines.split("/")) for name in names.split("/")})
    return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))
