"""What a Document is called by, and whether a word of a question calls it so.

"JPM" is JPMorgan, "Best Buy" the company of BESTBUY_2019.pdf, 好市多 Costco.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.lexicon import Lexicon
from index.tokens import stem
from ingest.fold import fold
from ingest.types import Document

_HAN = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*(?:[&.][a-z0-9]+)*")
_SHORTEST, _INSIDE = 3, 4  # letters of a word that a longer one may begin or end with, or have inside
_MOST_LETTERS = 5  # of an abbreviation


def latin_words(folded: str) -> list[str]:
    """The English words, names and abbreviations of a folded text."""
    return _LATIN.findall(folded)


def called_by(document: Document) -> frozenset[str]:
    """The words that a Document is called by, of its title and its file name, and the abbreviations of both."""
    parts = [fold(part.replace("_", " ")) for part in (document.title, document.name)]
    words = [latin_words(part) for part in parts]
    short = {one for own in words for one in _abbreviations([word for word in own if word.isalpha()])}
    return frozenset((*(stem(word) for own in words for word in own), *short, *_RUN.findall(" ".join(parts))))


def _abbreviations(words: Sequence[str]) -> set[str]:
    """The first letters of words in a row, and of two the first letters of both: JJ, CVS, amex."""
    found = {
        "".join(word[0] for word in words[at : at + size]) for size in (2, 3, 4) for at in range(len(words) - size + 1)
    }
    for one, other in itertools.pairwise(words):
        found |= {one[:a] + other[:b] for a in (1, 2, 3) for b in (1, 2, 3)}
    return {one for one in found if len(one) <= _MOST_LETTERS}


def calls(name: str, called: frozenset[str]) -> bool:
    """Whether a folded word of a question is one that a Document is called by, in either language."""
    if not _HAN.search(name):
        plain = name.replace("&", "")
        return stem(name) in called or plain in called or any(_is_part(plain, word) for word in called)
    if any(name in word or (len(word) > 1 and word in name) for word in called if _HAN.search(word)):
        return True
    return any(set(form.split()) & called for form, _ in Lexicon.load().translate(name))


def uncalled(run: str, called: frozenset[str]) -> str:
    """A run of Chinese without what it begins with of what a Document is called by: 财务费用 of 南风财务费用."""
    names = [word for word in called if _HAN.search(word)]
    known = (size for size in range(len(run), 1, -1) if any(run[:size] in word for word in names))
    return run[next(known, 0) :]


def _is_part(name: str, word: str) -> bool:
    """Whether a name is part of one that is written together: buy of bestbuy."""
    if len(name) < _SHORTEST or not word.isalpha():
        return False
    return word.startswith(name) or word.endswith(name) or (len(name) >= _INSIDE and name in word)
