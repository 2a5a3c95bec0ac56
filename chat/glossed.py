"""What a question says twice, once in each language: Ji Weizhen (紀維楨), 倡议(SBTi)."""

from __future__ import annotations

import re

_BEFORE_CHINESE = re.compile(r"(?:[A-Z][\w&'-]* )*[A-Z][\w&'-]*(?: [a-z]+){0,2} ?(?=[(（][\u3400-\u9fff]{2,12}[)）])")
_BEHIND_CHINESE = re.compile(r"(?<=[\u3400-\u9fff][(（])[A-Za-z][\w&' .-]*(?=[)）])")


def put_in_chinese(text: str) -> list[tuple[int, int]]:
    """The ranges of Latin names, with what they are names of, that stand before their Chinese in brackets: Shankou town."""
    return [match.span() for match in _BEFORE_CHINESE.finditer(text)]


def said_twice(text: str) -> list[tuple[int, int]]:
    """Those, and what stands in brackets behind its Chinese."""
    return [*put_in_chinese(text), *(match.span() for match in _BEHIND_CHINESE.finditer(text))]
