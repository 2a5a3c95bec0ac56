"""Names of a Document by how they are spelled in pinyin, so that "Dashanque" finds 大山雀."""

from __future__ import annotations

import re

from ingest.fold import fold
from ingest.pinyin import spelled

_QUOTED = re.compile(r"[“「『《\"]([\u3400-\u9fff]{2,10})[”」』》\"]")
_ORGANISATION = re.compile(r"([\u3400-\u9fff]{2,4})(?:银行|集团|公司|股份|保险|证券|科技)")


def spelled_names(text: str) -> list[tuple[str, str]]:
    """(pinyin, name) of what a text quotes and of the organisations it names, folded."""
    folded = fold(text)
    found = {match[1] for match in _QUOTED.finditer(folded)}
    for match in _ORGANISATION.finditer(folded):
        ending = match[0][len(match[1]) :]
        found |= {match[1][at:] + ending for at in range(len(match[1]) - 1)}
        found |= {match[1][at:] for at in range(len(match[1]) - 1)}
    return sorted((spelled(name), name) for name in found)
