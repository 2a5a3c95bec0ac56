"""What stands around the text of pages: running headers and footers, page numbers, tables of contents.

In: the parts of each page with their places. Out: those that are no part of the report itself.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.fold import fold

_BAND = 0.12  # of the page's height, at its top and bottom, in which headers and footers stand
_PAGE_NUMBER = re.compile(
    r"[-–—|·\s]*(?:(?:page|p\.|第)\s*)?(?:[0-9]{1,4}|[ivxlc]{1,7}|[a-f]-[0-9]{1,3})(?:\s*页)?(?:\s*(?:of|/|／|共)\s*[0-9]{1,4}(?:\s*页)?)?[-–—|·\s]*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[0-9]+")
_LEADER = re.compile(r"(?:[.．·…_]{3,}|(?:\. ?){4,})\s*[0-9]{1,4}\s*$|\t[0-9]{1,4}\s*$")
_CONTENTS = re.compile(r"(?:table of )?contents|index|目\s*录|目\s*次", re.IGNORECASE)
_NEAR = 6  # pages between two printings of a running line
_REPEATED = 3  # pages
_ENTRY = re.compile(r".{2,120}?[.．·…_\s]*\s([0-9]{1,4})$")


@dataclass(frozen=True, slots=True)
class Placed:
    """A part of a page: its number there, its text, and how far down the page it stands (0 the top, 1 the bottom)."""

    part: int
    text: str
    top: float
    bottom: float


def running(pages: Sequence[Sequence[Placed]]) -> Iterator[tuple[int, int]]:
    """(page, part) of each running header, footer and page number; pages are counted from 0.

    A line in the band at the top or the bottom is one where it comes back, but for its numbers, on pages near by.
    """
    seen: dict[tuple[str, bool], list[tuple[int, int]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for placed in page:
            above, below = placed.bottom < _BAND, placed.top > 1 - _BAND
            if not (above or below):
                continue
            if _PAGE_NUMBER.fullmatch(placed.text):
                yield number, placed.part
            elif len(placed.text) <= 200:
                seen[_NUMBERS.sub("#", " ".join(fold(placed.text).split())), above].append((number, placed.part))
    for places in seen.values():
        if len({number for number, _ in places}) >= min(_REPEATED, max(len(pages) - 1, 2)):
            yield from _near(places)


def _near(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The places that have another within some pages: a title printed twice in a report is none."""
    for at, place in enumerate(places):
        before = at and place[0] - places[at - 1][0] <= _NEAR
        after = at + 1 < len(places) and places[at + 1][0] - place[0] <= _NEAR
        if before or after:
            yield place


def contents(page: Sequence[Placed], pages: int) -> list[int]:
    """The parts of a page that are a table of contents: lines that end in page numbers which rise."""
    entries = [
        (placed.part, int(match[1])) for placed in page if (match := _ENTRY.fullmatch(placed.text.replace("\t", " ")))
    ]
    entries = [(part, number) for part, number in entries if 0 < number <= 2 * pages + 50]
    rising = sum(a[1] <= b[1] for a, b in itertools.pairwise(entries))
    led = sum(bool(_LEADER.search(placed.text)) for placed in page)
    headed = any(_CONTENTS.fullmatch(placed.text.strip()) for placed in page[:4])
    many = len(entries) >= 5 and rising >= 0.8 * (len(entries) - 1) and 2 * len(entries) >= len(page)
    if many and (headed or led >= 0.5 * len(entries) or len({number for _, number in entries}) >= 0.6 * len(entries)):
        first, last = entries[0][0], entries[-1][0]
        return [
            placed.part for placed in page if first <= placed.part <= last or _CONTENTS.fullmatch(placed.text.strip())
        ]
    return []
