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


_BEFORE_PATTERN = _compile(_BEFORE, r"[ \u00a0]{0,2}$")
_AFTER_PATTERN = _compile(_AFTER, "")
_REACH = 16
_SPACES = " \u00a0\n"
_ENDS = frozenset(word.replace(r"\.?", ".")[-1] for _, words in _BEFORE for word in words.split("|")) | {"x"}
"""What qualifiers before a number end in: told from the last character, most have none."""


def before(folded: str, at: int) -> tuple[Qualifier, int]:
    """The qualifier that ends at `at`, and where it begins; "" and `at` where there is none."""
    start = max(0, at - _REACH)
    near = folded[start:at]
    match = _BEFORE_PATTERN.search(near) if near.rstrip(_SPACES)[-1:] in _ENDS else None
    return (_name(match), start + match.start()) if match else ("", at)


def after(folded: str, at: int, *, duration: bool = False) -> tuple[Qualifier, int]:
    """The qualifier that begins at `at`, and where it ends; 内 counts after a length of time alone."""
    if duration and (match := _WITHIN.match(folded, at)):
        return "at_most", match.end()
    match = _AFTER_PATTERN.match(folded, at)
    return (_name(match), match.end()) if match else ("", at)


def _name(match: re.Match[str]) -> Qualifier:
    return cast(Qualifier, match.lastgroup)
