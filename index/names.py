"""Names of a Document by how they are spelled in pinyin, so that "Dashanque" finds 大山雀."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.lexicon import Lexicon
from ingest.fold import fold
from ingest.names import companies, organisations, quoted_names
from ingest.pinyin import spelled

_CHINESE = re.compile(r"[\u3400-\u9fff]{2,10}")
_KIND = re.compile(
    r"(?:计划|系统|项目|平台|产品|联盟|行动|工程|基金|贷款|快贷|贷)$"
)  # what a product's name may go without
_SHORTEST = 4  # letters of a spelling: shorter ones fit too many words
_OPENINGS = (2, 3, 4)  # characters by which a longer name is called: 恒曜 for 恒曜电子股份


def spelled_names(text: str) -> list[tuple[str, str]]:
    """(pinyin, name) of what a text quotes and of the organisations it names, folded."""
    folded = fold(text)
    named = {folded[start:end] for start, end in organisations(folded)}
    lexicon = Lexicon.load()
    named |= {folded[start:end] for start, end in companies(folded, lexicon.listed)}
    found = {folded[start:end] for start, end in quoted_names(text)} | named
    found |= {name[:size] for name in named for size in _OPENINGS if len(name) > size}
    found |= {short for name in found if len(short := _KIND.sub("", name)) > 1}
    return sorted((spelled(name), name) for name in found if _CHINESE.fullmatch(name))


def respelled(latin: str, look_up: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
    """The Chinese names that a Latin one spells, by its first words where not by all: "Qinghe Dairy" finds 青禾."""
    parts = latin.lower().replace("'", "").split()
    for count in range(len(parts), 0, -1):
        spelling = "".join(parts[:count])
        found = tuple(look_up(spelling)) if len(spelling) >= _SHORTEST and spelling.isascii() else ()
        if found:
            return found
    return ()
