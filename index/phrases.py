"""Words of a question that stand for one thing: "non-performing loan ratio", 绿色贷款, "Scope 1"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Known = Callable[[str], Sequence[tuple[str, float]]]  # what a word or phrase is in the other language, weighed
LONGEST = 4  # words
_GAP = re.compile(r"[^\w\s'&-]+|\s{2,}|(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])")
_HAN = re.compile(r"[\u3400-\u9fff]")


def stretches(text: str) -> list[str]:
    """Folded `text` cut where words on both sides are no neighbours: at marks, and at gaps beside Chinese."""
    return [stretch for stretch in _GAP.split(text) if stretch.strip()]


def joined(words: Sequence[str]) -> str:
    """Words as one key of the lexicon: Chinese ones run together, others with a space between."""
    return ("" if all(_HAN.match(word) for word in words) else " ").join(words)


def grouped(words: Sequence[str], known: Known, carries: Callable[[str], bool]) -> list[tuple[str, ...]]:
    """`words` (stems, in order) with runs that are `known` as a whole put together, the longest first.

    A run holds a word that `carries` sense; in Chinese, where words are not set apart, each does, or it is a term.
    """
    found: list[tuple[str, ...]] = []
    at = 0
    while at < len(words):
        size = next((n for n in range(LONGEST, 1, -1) if _is_phrase(words[at : at + n], n, known, carries)), 1)
        found.append(tuple(words[at : at + size]))
        at += size
    return found


def _is_phrase(run: Sequence[str], size: int, known: Known, carries: Callable[[str], bool]) -> bool:
    if len(run) != size or not any(map(carries, run)):
        return False
    forms = known(joined(run))
    if not forms:
        return False
    return not _HAN.match(run[0]) or all(map(carries, run)) or forms[0][1] >= 1.0
