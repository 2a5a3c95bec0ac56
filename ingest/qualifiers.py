"""Words beside a number that say how it relates to the true one: 超, 近, 以上, over, nearly, or more."""

from __future__ import annotations

import re
from typing import cast

from ingest.types import Qualifier

_BEFORE: tuple[tuple[Qualifier, str], ...] = (
    ("at_most", "不超过|不超|不高于|不多于|不大于|至多|最多|最高不超过|no more than|not more than|at most|up to|as much as|≤"),
    ("at_least", "不低于|不少于|不小于|至少|最少|at least|a minimum of|no less than|not less than|no fewer than|≥"),
    ("over", "超过|超出|超|逾|突破|破|高于|大于|多于|more than|greater than|in excess of|upwards of|exceeding|exceeds|"
             "exceeded|exceed|surpassing|surpassed|over|above|>"),
    ("nearly", "接近|将近|近|nearly|almost|close to|just under|approaching"),
    ("about", "大约|大概|约为|约合|约|approximately|approx\\.?|about|around|roughly|circa|some|~|≈"),
    ("under", "不足|不到|低于|少于|小于|未满|不满|less than|fewer than|lower than|under|below|<"),
)  # fmt: skip
_AFTER: tuple[tuple[Qualifier, str], ...] = (
    ("at_least", " ?(?:以上|及以上)| or (?:more|above|greater|higher)|\\+"),
    ("at_most", " ?(?:以下|以内|之内|及以下)| or (?:less|fewer|below|lower)"),
    ("about", " ?(?:左右|上下)"),
    ("over", "多(?![元样个的])|余(?![额下])"),
)
_WITHIN = re.compile("内(?![容部蒙在地外])")


def _compile(table: tuple[tuple[Qualifier, str], ...], ending: str) -> re.Pattern[str]:
    """One pattern for all words, each in a group with the name of its qualifier."""

    def bounded(words: str) -> str:
        return "|".join(
            rf"(?<![a-z]){word}" if word[0].isascii() and word[0].isalpha() else word for word in words.split("|")
        )

    rows = (f"(?P<{name}>{bounded(words) if ending else words})" for name, words in table)
    return re.compile(f"(?:{'|'.join(rows)}){ending}")


def _ends(word: str) -> set[str]:
    return {word.replace(r"\.?", last)[-1] for last in (".", "")}


def _by_end() -> dict[str, re.Pattern[str]]:
    """The pattern of the words before a number that end in a character, for each."""
    found = {}
    for end in {end for _, words in _BEFORE for word in words.split("|") for end in _ends(word)}:
        rows = ((name, "|".join(w for w in words.split("|") if end in _ends(w))) for name, words in _BEFORE)
        found[end] = _compile(tuple(row for row in rows if row[1]), r"[ \u00a0]{0,2}$")
    return found


_BEFORE_PATTERNS = _by_end()
"""By the last character of the words: most numbers have none before them, and few words end in the same."""
_AFTER_PATTERN = _compile(_AFTER, "")
_REACH = 16
_SPACES = " \u00a0\n"


def before(folded: str, at: int) -> tuple[Qualifier, int]:
    """The qualifier that ends at `at`, and where it begins; "" and `at` where there is none."""
    start = max(0, at - _REACH)
    near = folded[start:at]
    pattern = _BEFORE_PATTERNS.get(near.rstrip(_SPACES)[-1:])
    match = pattern.search(near) if pattern else None
    return (_name(match), start + match.start()) if match else ("", at)


def after(folded: str, at: int, *, duration: bool = False) -> tuple[Qualifier, int]:
    """The qualifier that begins at `at`, and where it ends; 内 counts after a length of time alone."""
    if duration and (match := _WITHIN.match(folded, at)):
        return "at_most", match.end()
    match = _AFTER_PATTERN.match(folded, at)
    return (_name(match), match.end()) if match else ("", at)


def _name(match: re.Match[str]) -> Qualifier:
    return cast(Qualifier, match.lastgroup)
