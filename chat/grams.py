"""What texts are compared by letter by letter: pairs of Chinese characters, stems of other words, whole numbers."""

from __future__ import annotations

import re

from index.tokens import stem

Gram = tuple[int, str]
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[a-zß-öø-ɏ]+|[0-9]+(?:[.,][0-9]+)*")


def grams(folded: str) -> tuple[Gram, ...]:
    """The grams of folded text with their places, in order."""
    found: list[Gram] = []
    for match in _TOKEN.finditer(folded):
        run, at = match[0], match.start()
        if run[0] < "\u3400":
            found.append((at, run.replace(",", "") if run[0].isdigit() else stem(run)))
        elif len(run) == 1:
            found.append((at, run))
        else:
            found.extend((at + i, run[i : i + 2]) for i in range(len(run) - 1))
    return tuple(found)
