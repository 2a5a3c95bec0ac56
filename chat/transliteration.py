"""Latin names in Chinese characters: 哈尔登 for Halden, 诺斯米尔 for Northmere, compared by their consonants.

A transliteration keeps the consonants of a name roughly and its vowels hardly; b and p, d and t, l and r fall together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from index.lexicon import Lexicon
from ingest.pinyin import spelled

# Runs of characters, cut at those that no transliteration is written with.
_HAN_RUN = re.compile(r"(?:(?![的了是有多少在和与及或年月日几哪什么吗呢被把从由为对其])[\u3400-\u9fff]){2,}")
_SIZES = (5, 4, 3, 2)  # characters of a transliterated name
_LEAST = 3  # consonants: fewer fit too many words
_ALIKE = 0.8  # least similarity (difflib ratio) of two long rows of consonants; short ones are the same
_LONG = 5
_CLUSTERS = (("ph", "f"), ("th", "s"), ("sh", "s"), ("ch", "s"), ("ck", "k"), ("gh", ""), ("wh", "w"), ("ng", "n"))
_CLASSES = str.maketrans(
    {"b": "p", "d": "t", "g": "k", "c": "k", "q": "k", "r": "l", "v": "f", "z": "s", "j": "s", "x": "s"}
)
_PINYIN = (("zh", "s"), ("ch", "s"), ("sh", "s"), ("ng", "n"), ("q", "s"), ("c", "s"))


def transliterates(chinese: str, latin: str) -> bool:
    """Whether a Chinese name may be the first word of a Latin one in Chinese characters."""
    first = latin.split()[0] if latin.split() else ""
    one, other = _of_chinese(chinese), _of_latin(first)
    if min(len(one), len(other)) < _LEAST or one[0] != other[0]:
        return False
    if max(len(one), len(other)) < _LONG:
        return one == other
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE


@lru_cache(maxsize=4096)
def calls(name: str, subjects: frozenset[str]) -> bool:
    """Whether a Chinese name, or what it begins with, is one of the `subjects` in Chinese characters."""
    return bool(transliterations(name, subjects))


def transliterations(question: str, names: Iterable[str]) -> list[str]:
    """The pieces of a folded question that are one of the Latin `names` in Chinese characters, the longest of each run."""
    latin = [name for name in names if name.isascii()]
    found: list[str] = []
    known = Lexicon.load().listed  # a transliteration has no words in it
    for run in _HAN_RUN.findall(question) if latin else ():
        pieces = (run[at : at + size] for size in _SIZES for at in range(len(run) - size + 1))
        pieces = (piece for piece in pieces if not any(known(piece[at : at + 2]) for at in range(len(piece) - 1)))
        best = max(((_closeness(piece, name), piece) for piece in pieces for name in latin), default=(0.0, ""))
        if best[0] >= _ALIKE:
            found.append(best[1])
    return found


def _closeness(piece: str, name: str) -> float:
    if not transliterates(piece, name):
        return 0.0
    return SequenceMatcher(None, _of_chinese(piece), _of_latin(name.split()[0])).ratio()


@lru_cache(maxsize=4096)
def _of_chinese(text: str) -> str:
    """The consonants of the reading, by class; a syllable er is an l."""
    return "".join(_consonants(_syllable(spelled(char))) for char in text)


def _syllable(letters: str) -> str:
    if letters == "er":
        return "l"
    for cluster, instead in _PINYIN:
        letters = letters.replace(cluster, instead)
    return letters


@lru_cache(maxsize=4096)
def _of_latin(word: str) -> str:
    word = word.lower()
    for cluster, instead in _CLUSTERS:
        word = word.replace(cluster, instead)
    head, tail = word[:1], word[1:].replace("h", "")
    return re.sub(r"(.)\1+", r"\1", _consonants(head + tail))


def _consonants(letters: str) -> str:
    return re.sub("[aeiouüvyw]", "", letters.translate(_CLASSES))
