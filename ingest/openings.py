"""Patterns that find fast where something may begin.

Python's `re` runs through a text quickly only for a pattern that begins with a character or a set of them; one that
begins with a choice or looks behind first is tried whole at every place. So what may begin here is one character of a
set, and all else is asked once it is met: what it is, what stands before it, and how it goes on.
"""

from __future__ import annotations

import re
from itertools import groupby


def opening(characters: str, *openings: str) -> re.Pattern[str]:
    """Where one of the `openings` begins: each says, of one of the `characters` just read, what must be before and after."""
    return re.compile(f"[{characters}](?:{'|'.join(openings)})")


def beginning(words: str) -> str:
    """An opening for words that begin no later than their first letter: patterns, parted by bars, each with a letter first."""
    ordered = sorted(words.split("|"), key=lambda word: word[0])
    return "(?<![a-z].)(?:{})".format(
        "|".join(
            f"(?<={letter})(?:{'|'.join(word[1:] for word in group)})"
            for letter, group in groupby(ordered, lambda word: word[0])
        )
    )
