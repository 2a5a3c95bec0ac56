"""The names that a question asks about, and what a Document is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.lexicon import Lexicon
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.names import latin_names, organisations, quoted_names
from ingest.types import Document

_OPENING = re.compile(r"(?:^|\n|[.!?。:：])[ #*\n]*$")  # what stands before the first word of a sentence
_LEGAL = re.compile(r"(?:股份|集团|控股)?(?:有限)?(?:责任)?公司$|股份$| (?:plc|asa|inc|ltd|corp|ag|sa|group)\.?$")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a Document is about: the organisations it speaks of as its subject, and the year it reports on."""

    subjects: frozenset[str]
    names: frozenset[str]
    period: str | None
    head: str


def names_in(question: str, subjects: Iterable[str] = ()) -> tuple[str, ...]:
    """The names, folded, that a question (as asked, not folded) is about; `subjects` are names known beforehand."""
    folded = fold(question)
    ranges = [*organisations(folded), *quoted_names(question), *latin_names(question)]
    found = [folded[start:end] for start, end in ranges]
    found += sorted({short for name in subjects if len(short := _LEGAL.sub("", name)) > 2 and short in folded})
    return tuple(dict.fromkeys(name for name in found if not any(name != other and name in other for other in found)))


@lru_cache(maxsize=256)
def profile(document: Document) -> Profile:
    """What the Document is about."""
    folded = fold(document.text)
    ranges = [*organisations(folded), *_capitalised(document.text)]
    counts = _settled(Counter(folded[start:end] for start, end in ranges))
    head = fold(document.title) + "\n" + fold(document.name) + "\n" + folded[:200]
    most = max(counts.values(), default=0)
    subjects = {name for name, count in counts.items() if (count > 1 and 2 * count >= most) or name in head}
    quoted = {folded[start:end] for start, end in quoted_names(document.text)}
    return Profile(frozenset(subjects), frozenset(quoted | set(counts)), _period(document), head)


def _capitalised(text: str) -> list[tuple[int, int]]:
    """The Latin names of a text, without the common words that are capitalised since they begin a sentence."""
    knows = Lexicon.load().translate
    return [
        (start, end)
        for start, end in latin_names(text)
        if " " in text[start:end]
        or not _OPENING.search(text, max(0, start - 3), start)
        or not knows(fold(text[start:end]))
    ]


def _settled(counts: Counter[str]) -> Counter[str]:
    """Counts in which a name with stray characters before it ("日网商银行") counts for the name that it ends in."""
    settled: Counter[str] = Counter()
    for name, count in counts.items():
        ends = [other for other in counts if name.endswith(other) and counts[other] > count]
        settled[max(ends, key=lambda other: (counts[other], len(other))) if ends else name] += count
    return settled


def _period(document: Document) -> str | None:
    """The year that the Document reports on: that of its title, else the one it names most."""
    titled = [f.period[:4] for f in find_figures(document.title) if f.kind == "date" and f.period]
    if not titled:
        titled = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", document.name)
    if titled:
        return titled[-1]
    years = [f.period[:4] for f in find_figures(document.text[:20_000]) if f.kind == "date" and f.period]
    counts = Counter(year for year in years if year.isdigit())
    return max(counts, key=lambda year: (counts[year], year)) if counts else None
