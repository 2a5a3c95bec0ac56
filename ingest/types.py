"""What ingest makes: Documents, Chunks and Figures.

Every offset counts code points. `start` is inclusive and `end` exclusive, and both count in `Document.text`
unless the name says `source`.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Literal

from ingest.offsets import OffsetMap
from ingest.record import Record

Qualifier = Literal["", "over", "at_least", "nearly", "about", "under", "at_most"]
"""How the printed number relates to the true one:
超 over, 以上 at_least, 近 nearly, 约 about, 不足 under, 以下 at_most."""

FigureKind = Literal[
    "amount",  # a count or a physical quantity: 5300万, 15种, 237 stores, 12 MtCO2e
    "money",  # 7.2万元, $4.5 million
    "percent",  # 74%, 六成, 一半, two thirds (value in percent: 74, 60, 50, 66.6667)
    "points",  # 1.2个百分点, 30 basis points
    "date",  # 2023年底, 5月13日, FY2022
    "duration",  # 3个年头, 18 months
    "ordinal",  # 第一, 首批, third
    "rank",  # 前10, top 5
]


Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page(Record):
    """One page of a Document; `number` counts from 1. Formats without pages have one page."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section(Record):
    """A heading and the text below it: `start` is where the heading stands, `end` where the next one begins."""

    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell(Record):
    """A value in a table, `text[start:end]`, and the heads of its column, outermost first: "2023年 账面余额"."""

    start: int
    end: int
    header: str


@dataclass(frozen=True, slots=True)
class Row(Record):
    """A row of a table as it stands in the text, `text[start:end]`, on one line.

    `label` names the row, with the rows above that it belongs under ("Scope 1", "其中：研发投入"); `caption` is what
    stands over the table and holds for all of it: its title and the note on its units ("单位：人民币百万元").
    """

    start: int
    end: int
    label: str
    caption: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Recognised(Record):
    """A line that was read from a picture, `text[start:end]`, and how sure that is, from 0 to 1.

    `box` is where it stands: left, top, right and bottom as shares of the page; None in what older versions read.
    """

    start: int
    end: int
    confidence: float
    box: Box | None = None


def _share(box: Box, first: float, last: float) -> Box:
    """The part of a box between two shares of its width."""
    left, top, right, bottom = box
    width = right - left
    return left + max(first, 0.0) * width, top, left + min(last, 1.0) * width, bottom


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """Where a Chunk or a Quote stands."""

    document_id: str
    name: str
    title: str
    page: int
    section: str


@dataclass(frozen=True, slots=True)
class Document(Record):
    """One report.

    `source_text` is what the loader extracted, untouched; `text` is what is left after cleaning, and `offsets` leads
    from `text` back to `source_text`. `boilerplate` spans are kept in the text but never quoted as an answer.
    `rows` are the table rows of the text, in order, `recognised` what was read from pictures. `notes` tell people what of
    the file was left out, or guessed. `id` is made from the content, so the same content has the same id wherever it comes
    from.
    """

    id: str
    path: str
    title: str
    source_text: str
    text: str
    offsets: OffsetMap
    pages: tuple[Page, ...]
    sections: tuple[Section, ...] = ()
    boilerplate: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    recognised: tuple[Recognised, ...] = ()

    @property
    def name(self) -> str:
        """The file name, as shown to people."""
        return PurePath(self.path).name

    def page_at(self, offset: int) -> int:
        """The number of the page (from 1) on which the character at `offset` stands."""
        index = bisect_right(self.pages, offset, key=lambda page: page.start) - 1
        return self.pages[max(index, 0)].number

    def section_at(self, offset: int) -> str:
        """The heading above the character at `offset`; "" where there is none."""
        index = bisect_right(self.sections, offset, key=lambda section: section.start) - 1
        return self.sections[index].title if index >= 0 else ""

    def confidence(self, start: int, end: int) -> float:
        """How sure it is that the file says what stands in the range: 1 but for what was read from pictures."""
        return min((part.confidence for part in self._recognised_in(start, end)), default=1.0)

    def boxes(self, start: int, end: int) -> list[Box]:
        """Where what stands in the range was read from pictures: a box for each line, of a line in part its share."""
        return [
            _share(
                part.box, (start - part.start) / (part.end - part.start), (end - part.start) / (part.end - part.start)
            )
            for part in self._recognised_in(start, end)
            if part.box
        ]

    def _recognised_in(self, start: int, end: int) -> Iterator[Recognised]:
        first = bisect_right(self.recognised, start, key=lambda part: part.end)
        return itertools.takewhile(lambda part: part.start < end, self.recognised[first:])

    def cite(self, offset: int) -> Citation:
        """The Citation of the character at `offset`."""
        return Citation(self.id, self.name, self.title, self.page_at(offset), self.section_at(offset))


@dataclass(frozen=True, slots=True)
class Chunk(Record):
    """A span of one page of one Document: what is embedded and retrieved. `text == document.text[start:end]`.

    `context` is searched with it and never quoted: of a part of a table, what stands over and beside its cells.
    """

    document_id: str
    start: int
    end: int
    text: str
    page: int
    section: str
    context: str = ""

    @property
    def id(self) -> str:
        """A name that is the same on every run: document and range."""
        return f"{self.document_id}:{self.start}-{self.end}"

    @property
    def above(self) -> str:
        """What is searched beside the text: the heading, and the context."""
        return "\n".join(part for part in (self.section, self.context) if part)


@dataclass(frozen=True, slots=True)
class Figure(Record):
    """A number as printed. `text == document.text[start:end]`, qualifier included.

    `value` has 万, 亿, thousand, million applied; shares of any form are in percent (74 for 74%, 60 for 六成, 50 for
    一半). `high` is the upper end of a range. A date has its leading number as value (2023 for 2023年底) and its
    meaning in `period`. `period` is ISO 8601 as far as it is known: "2023-12-31" (a year's end), "2023" (a year),
    "2023-05", "2023-Q1", "2023-H1", "--05-13" (no year printed), "2021/2023" (a range); None where none is stated.
    `unit` is canonical and singular: 户 家 个 元 美元 吨 % 百分点 in Chinese text; customer, store, USD, CNY, tonne, %,
    percentage point in English text; "" where none is stated or implied. `label` is what is counted or measured.
    """

    text: str
    start: int
    end: int
    kind: FigureKind
    value: Decimal
    high: Decimal | None = None
    unit: str = ""
    qualifier: Qualifier = ""
    period: str | None = None
    label: str = ""

    def seen(self, kind: FigureKind, unit: str, period: str | None, label: str) -> Figure:
        """The Figure as its context has it."""
        return Figure(self.text, self.start, self.end, kind, self.value, self.high, unit, self.qualifier, period, label)
