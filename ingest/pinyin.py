"""Readings of Chinese characters; the only file that imports pypinyin."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.fold import to_simplified

if TYPE_CHECKING:
    from pypinyin.core import Pinyin

_TONES = {"\u0300", "\u0301", "\u0304", "\u030c", "\u0306"}
_LOOK_ALIKES = str.maketrans({"ɡ": "g", "ɑ": "a"})


def toneless(syllable: str) -> tuple[str, bool]:
    """A syllable in plain letters with v for ü, and whether it carries a tone (mark or digit)."""
    letters: list[str] = []
    toned = False
    for char in unicodedata.normalize("NFD", "".join(syllable.split()).translate(_LOOK_ALIKES)):
        if char in _TONES or char in "12345":
            toned = True
        elif char == "\u0308":
            letters[-1:] = ["v"] if letters and letters[-1] == "u" else letters[-1:]
        else:
            letters.append(char)
    return "".join(letters), toned


@lru_cache(maxsize=8192)
def readings(char: str) -> frozenset[str]:
    """Every toneless reading of a character, in either script."""
    from pypinyin import Style, pinyin

    found: set[str] = set()
    for form in {char, to_simplified(char)}:
        for group in pinyin(form, style=Style.NORMAL, heteronym=True, v_to_u=False, errors="ignore"):
            found.update(group)
    return frozenset(found | {reading.replace("v", "u") for reading in found})


@lru_cache(maxsize=32_768)  # documents name the same companies again and again
def spelled(text: str) -> str:
    """`text` as its most usual readings in one run of letters: 大山雀 is dashanque."""
    return "".join(map(_spelled_word, _reader().seg(to_simplified(text))))


@lru_cache(maxsize=1)
def _reader() -> Pinyin:
    from pypinyin.core import Pinyin

    return Pinyin()


@lru_cache(maxsize=32_768)  # and names are of the same words
def _spelled_word(word: str) -> str:
    return "".join(_reader().lazy_pinyin([word])).lower()
