"""A sentence that was written, or a passage it cites, taken apart once: figures, clauses, words, sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from chat.names import Profile, profile
from chat.passage import Compared
from chat.senses import CHANGES, senses
from index.lexicon import Lexicon
from index.stopwords import STOP
from index.tokens import words
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.pinyin import spelled
from ingest.sentences import sentences
from ingest.types import Chunk, Document, Figure

_HAN = re.compile(r"[\u3400-\u9fff]")
_CLAUSE_END = re.compile(r"[;；:：。!?！？、()（）\n\t|]|[,，](?!\d)|(?<!\d)[,，]| and | while | but |而|\.(?=\s|$)")
_COMPARED = re.compile(
    r"(?:较|比|相比|相较于?|对比|compared (?:with|to)|from|against|versus|vs\.?|than|on)(?: the)? ?$"
)
# what a change began at: from 68%, 由上年的88%, 较2022年的0.46吨
_FROM = re.compile(r"(?:\bfrom|由|从|(?:由|从|较|比)[^,，。;；增减升降]{0,10}的) ?$")
_OF_ONE = re.compile(r"(?:由|从|较|比|\bfrom) ?$")  # what stands before the date of the first of two figures
_MORE_THAN = re.compile(r"^[^,;.]*(?:than|compared (?:with|to)|from|against|versus)(?: (?:in|at|for|the|end|of))* ?$")
_NEAR = 24  # characters between a figure and the date that it is compared with
_TRANSLATIONS = 6
_MARK = re.compile(r"[\[【［]\s*(\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*)\s*[\]】］]")


@dataclass(frozen=True)
class Written(Compared):
    """A text with its Figures; offsets count in `text`."""

    text: str
    figures: tuple[Figure, ...]

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The ranges between marks and conjunctions."""
        cuts = [0, *(match.end() for match in _CLAUSE_END.finditer(self.folded)), len(self.text)]
        return tuple((a, b) for a, b in itertools.pairwise(cuts) if b > a)

    @cached_property
    def without_figures(self) -> str:
        """The folded text with its figures made blank."""
        text = self.folded
        for figure in self.figures:
            text = text[: figure.start] + " " * (figure.end - figure.start) + text[figure.end :]
        return text

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The ranges of its sentences."""
        return tuple((span.start, span.end) for span in sentences(self.text))

    def around(self, figure: Figure) -> tuple[int, int]:
        """The clauses that a figure stands in, as far as no other quantity does; at least what lies between those."""
        start = next((a for a, b in self.clauses if figure.start < b), 0)
        end = next((b for _, b in self.clauses if figure.end <= b), len(self.text))
        others = [other for other in self.figures if other.kind != "date" and other is not figure]
        start = max([start, *(other.end for other in others if other.end <= figure.start)])
        end = min([end, *(other.start for other in others if other.start >= figure.end)])
        return start, end

    def sentence_of(self, at: int) -> tuple[int, int]:
        """The range of the sentence in which the character at `at` stands."""
        return next(((a, b) for a, b in self.sentences if a <= at < b), (0, len(self.text)))

    def words_of(self, figure: Figure) -> frozenset[str]:
        """The words that say what a figure counts: of its clause, and its label."""
        start, end = self.around(figure)
        found = carrying(self.folded[start : figure.start] + " " + self.folded[figure.end : end])
        return found | carrying(figure.label) if figure.label else found

    def words_before(self, figure: Figure) -> frozenset[str]:
        """The words of the clause before that of a figure: "货运收入占六成以上，为547亿元"."""
        start, _ = self.around(figure)
        return carrying(self.folded[max((a for a, b in self.clauses if b <= start), default=start) : start])

    def senses_of(self, figure: Figure) -> frozenset[str]:
        """The senses that its clause gives a figure; what stands between it and the next in the clause is of that one."""
        start, end = self.around(figure)
        earlier = [one for one in self.figures if one.kind != "date" and one.end <= figure.start]
        if earlier and earlier[-1].end == start and self.begins(earlier[-1]):
            start, _ = self.around(earlier[-1])  # "fell from 16.4% to 12.9%"
        closes = any(end == b for _, b in self.clauses)
        found = senses(self.folded[start : end if closes else figure.end])
        return found.difference(CHANGES) if self.begins(figure) else found

    def senses_before(self, figure: Figure) -> frozenset[str]:
        """The senses of the clause before that of a figure, where it has no figure of its own: "新增客户中，超74%"."""
        start, _ = self.around(figure)
        low, high = next(((a, b) for a, b in self.clauses if b == start), (start, start))
        own = any(one.kind != "date" and low <= one.start < high for one in self.figures)
        return frozenset() if own else senses(self.folded[low:high])

    def begins(self, figure: Figure) -> bool:
        """Whether a figure is what a change began at."""
        return bool(_FROM.search(self.folded[max(0, figure.start - 20) : figure.start]))

    def base_of(self, figure: Figure) -> Figure | None:
        """The date that a figure is compared with ("up 6% from 2022", "6% more than in 2022"); None where there is none."""
        for date in self.figures:
            if date.kind != "date" or date.period != figure.period:
                continue
            before = self.folded[max(0, date.start - 16) : date.start]
            between = self.folded[date.end : figure.start]
            if 0 <= figure.start - date.end < _NEAR and _COMPARED.search(before) and between.strip("底末 ") != "的":
                return date
            if 0 <= date.start - figure.end < _NEAR and _MORE_THAN.search(self.folded[figure.end : date.start]):
                return date
        return None

    def period_of(self, figure: Figure) -> str | None:
        """The period of a figure; None where the one it has is what it is compared with, or is that of another."""
        if self.base_of(figure):
            return None
        dates = [one for one in self.figures if one.kind == "date" and one.end <= figure.start]
        if dates and dates[-1].period == figure.period and _OF_ONE.search(self.folded[: dates[-1].start]):
            between = [one for one in self.figures if dates[-1].end <= one.start and one.end <= figure.start]
            return None if between else figure.period
        return figure.period

    @cached_property
    def words(self) -> frozenset[str]:
        """All its words that carry sense."""
        return carrying(self.folded)


@lru_cache(maxsize=8192)
def carrying(text: str) -> frozenset[str]:
    """The words of a text that carry sense, without numbers."""
    return frozenset(word for word in words(text) if word not in STOP and not word[0].isdigit())


@lru_cache(maxsize=32768)
def forms_of(word: str) -> frozenset[str]:
    """A word, and what it is in the other language."""
    return frozenset(
        (word, *(part for form, _ in Lexicon.load().translate(word)[:_TRANSLATIONS] for part in words(form)))
    )


def met(wanted: frozenset[str], there: Written | frozenset[str], text: str) -> float:
    """The share of `wanted` words that stand in a folded `text` or among its words, as they are or translated."""
    if not wanted:
        return 1.0
    among = there.words if isinstance(there, Written) else there
    found = sum(
        1
        for word in wanted
        if any(form in among or (len(form) > 1 and _HAN.match(form) and form in text) for form in forms_of(word))
    )
    return found / len(wanted)


@dataclass(frozen=True)
class Passage(Written):
    """A numbered passage that a sentence may cite: a stretch of a Document, `document.text[start:start + len(text)]`."""

    number: int = 0
    about: Profile = field(default=Profile(frozenset(), frozenset(), None, ""))
    section: str = ""
    document_id: str = ""
    start: int = 0

    @classmethod
    def of_text(cls, number: int, text: str, *, title: str = "", period: str | None = None) -> Passage:
        """A Passage of a text that stands in no library."""
        subject = frozenset((fold(title),)) if title else frozenset()
        return cls(text, find_figures(text), number, Profile(subject, frozenset(), period, fold(title)))

    @classmethod
    def of_chunk(cls, number: int, chunk: Chunk, document: Document, figures: Iterable[Figure]) -> Passage:
        """A Passage of a Chunk; `figures` are those of the Document that stand in it."""
        placed = tuple(replace(one, start=one.start - chunk.start, end=one.end - chunk.start) for one in figures)
        about = profile(document)
        return cls(chunk.text, placed, number, about, chunk.section, document.id, chunk.start)

    @cached_property
    def spelled(self) -> str:
        """Its Chinese as pinyin in one run of letters."""
        return spelled(self.folded) if self.chinese else ""

    @cached_property
    def known(self) -> str:
        """All that is folded of it: its heading, its Document's title, and its text."""
        return "\n".join((self.about.head, fold(self.section), self.folded))


@dataclass(frozen=True)
class Sentence(Written):
    """A sentence that was written, its marks made blank, and the numbers of the passages that it cites."""

    cited: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> Sentence:
        """The sentence, taken apart."""
        bare = _MARK.sub(lambda match: " " * len(match[0]), text)
        return cls(bare, find_figures(bare), cites(text))


def cites(text: str) -> tuple[int, ...]:
    """The numbers of the passages that a sentence cites, each once."""
    return tuple(dict.fromkeys(int(one) for mark in _MARK.findall(text) for one in re.findall(r"\d+", fold(mark))))


def with_marks(text: str, numbers: Sequence[int]) -> str:
    """A written sentence with its own marks in place of what it cites: before its closing mark, "... [1][2]."."""
    bare = re.sub(r"\s+([.。,，;；!！?？])", r"\1", _MARK.sub("", text)).rstrip()
    marks = "".join(f"[{number}]" for number in numbers)
    closing = re.search(r"[.。!！?？;；]?[\"”’」』)）]*$", bare)
    at = closing.start() if closing else len(bare)
    return f"{bare[:at].rstrip()} {marks}{bare[at:]}" if marks else bare
