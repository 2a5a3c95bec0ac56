"""Chunks seen as sentences: what the reader weighs and quotes."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from chat.grams import Gram, grams
from index.library import Library
from index.tokens import words
from index.types import Hit
from ingest.fold import fold
from ingest.sentences import sentences
from ingest.types import Cell, Chunk, Document, Figure, Row

# A comma between digits belongs to a number.
_CLAUSE_END = re.compile(r"[;:。!?]|,(?!\d)|(?<!\d),| - | – |—")
# What begins another statement between two figures of a clause: "$60 million, of which $46 million", "60亿元及46亿元".
_JOINT = re.compile(
    r"\(?\b(?:and|of which|due to|driven by|because of|offset by|including|excluding|while|whereas|but|compared|from|versus)\b"
    r"|[(、]|其中|以及|由于|而|及|和|与|较"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEAD = 2  # sentences before one in its paragraph that say what it is about
_KEPT_CHUNKS = 512


class Compared:
    """Text, and what it is compared by."""

    text: str

    @cached_property
    def folded(self) -> str:
        """The text as it is compared; as long as `text`."""
        return fold(self.text)

    @cached_property
    def chinese(self) -> bool:
        """Whether it has Chinese characters."""
        return bool(_HAN.search(self.text))


class Said(Compared):
    """Text that words are met in. `start` is its place in `Document.text`."""

    start: int

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words, each once, in order."""
        return tuple(dict.fromkeys(words(self.text)))


@dataclass(frozen=True)
class Heads(Said):
    """What stands over and beside a cell of a table, met as if it stood at the cell: its row's own name and its column's
    head, or what stands above both. `start` is the cell's place in `Document.text`; `column` and `name` are the parts.
    """

    text: str
    start: int
    column: str = ""
    name: str = ""

    @cached_property
    def grams(self) -> tuple[str, ...]:
        """What the heads are compared by with a question (`chat.echo`), each once."""
        return tuple(dict.fromkeys(gram for _, gram in grams(self.folded)))


@dataclass(frozen=True)
class Sentence(Said):
    """One sentence of a Document, with what stands around it. Offsets count in `Document.text`.

    A row of a table is a Sentence for each of its cells: the whole row, with the Figures and the heads of that cell.
    """

    document: Document
    start: int
    end: int
    page: int
    section: str
    lead: str
    figures: tuple[Figure, ...]
    heads: Heads | None = None
    caption: Heads | None = None

    @cached_property
    def gist(self) -> str:
        """What the sentence means, folded: of a row, its heads too."""
        above = [heads.folded for heads in (self.caption, self.heads) if heads]
        return "\n".join([*above, self.folded])

    @cached_property
    def text(self) -> str:  # type: ignore[override]
        """The sentence as it stands."""
        return self.document.text[self.start : self.end]

    @cached_property
    def grams(self) -> tuple[Gram, ...]:
        """What it is compared by with a question (`chat.echo`), with their places in it; heads stand at their cell."""
        over = [
            (heads.start - self.start, gram) for heads in (self.caption, self.heads) if heads for gram in heads.grams
        ]
        return tuple(sorted([*grams(self.folded), *over])) if over else grams(self.folded)

    @cached_property
    def gram_set(self) -> frozenset[str]:
        """Its grams, each once."""
        return frozenset(gram for _, gram in self.grams)

    @cached_property
    def lead_words(self) -> frozenset[str]:
        """The words of the sentences before it in its paragraph."""
        return frozenset(words(self.lead))

    @cached_property
    def section_words(self) -> frozenset[str]:
        """The words of the heading above it."""
        return frozenset(words(self.section))

    @cached_property
    def clauses(self) -> tuple[tuple[int, int], ...]:
        """The ranges of its clauses, in Document offsets, each with its closing mark."""
        cuts = [0, *(match.end() for match in _CLAUSE_END.finditer(self.folded)), len(self.folded)]
        pairs = itertools.pairwise(cuts)
        return tuple((self.start + a, self.start + b) for a, b in pairs if b > a)

    def clause_at(self, offset: int) -> int:
        """The index of the clause in which the character at `offset` stands."""
        return _at(self.clauses, offset)

    @cached_property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """The ranges of its clauses, those with several figures cut where what is said of the next one begins."""
        told = sorted(figure.start for figure in self.figures if figure.kind != "date")
        cuts = {start for start, _ in self.clauses} | {self.start + len(self.folded)}
        for one, other in itertools.pairwise(told):
            if self.clause_at(one) == self.clause_at(other):
                joints = list(_JOINT.finditer(self.folded, one - self.start, other - self.start))
                cuts |= {self.start + joints[-1].start()} if joints else set()
        return tuple(itertools.pairwise(sorted(cuts)))

    def part_at(self, offset: int) -> int:
        """The index of the part in which the character at `offset` stands."""
        return _at(self.parts, offset)


def _at(ranges: Sequence[tuple[int, int]], offset: int) -> int:
    return next((index for index, (_, end) in enumerate(ranges) if offset < end), max(len(ranges) - 1, 0))


class Reader:
    """Turns Hits into Sentences and remembers those of late."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[str, tuple[Sentence, ...]] = {}

    def read(self, hits: Iterable[Hit]) -> Iterator[tuple[Sentence, Hit]]:
        """The Sentences of each Hit, best Hit first."""
        for hit in hits:
            for sentence in self._sentences(hit.chunk):
                yield sentence, hit

    def cells(self, document: Document, row: Row) -> list[Sentence]:
        """A row of a table, once for each cell that holds a Figure."""
        figures = [figure for _, figure in self._library.figures(document.id, row.start, row.end)]
        page, section = document.page_at(row.start), document.section_at(row.start)
        text = document.text[row.start : row.end]
        return list(_cells(document, Chunk(document.id, row.start, row.end, text, page, section), figures, row))

    def _sentences(self, chunk: Chunk) -> tuple[Sentence, ...]:
        kept = self._kept.get(chunk.id)
        if kept is None:
            if len(self._kept) >= _KEPT_CHUNKS:
                self._kept.clear()
            kept = self._kept[chunk.id] = tuple(self._split(chunk))
        return kept

    def _split(self, chunk: Chunk) -> Iterator[Sentence]:
        document = self._library.document(chunk.document_id)
        figures = [figure for _, figure in self._library.figures(chunk.document_id, chunk.start, chunk.end)]
        at = chunk.start
        for row in _rows(document, chunk):
            yield from _prose(document, chunk, figures, at, row.start)
            yield from _cells(document, chunk, figures, row)
            at = row.end
        yield from _prose(document, chunk, figures, at, chunk.end)


def _rows(document: Document, chunk: Chunk) -> Sequence[Row]:
    """The rows that lie in the Chunk."""
    rows = document.rows
    first = bisect_left(rows, chunk.start, key=lambda row: row.start)
    last = bisect_left(rows, chunk.end, first, key=lambda row: row.start)
    return [row for row in rows[first:last] if row.end <= chunk.end]


def _prose(document: Document, chunk: Chunk, figures: Sequence[Figure], start: int, end: int) -> Iterator[Sentence]:
    """The sentences of a range of the Chunk, each with those before it in its paragraph."""
    before: list[tuple[int, int]] = []
    for span in sentences(document.text, start, end):
        lead = [document.text[start:end] for start, end in before[-_LEAD:]]
        if before and "\n" in document.text[before[-1][1] : span.start]:
            before, lead = [], []
        yield Sentence(
            document=document,
            start=span.start,
            end=span.end,
            page=chunk.page,
            section=chunk.section,
            lead=" ".join(lead),
            figures=_within(figures, span.start, span.end),
        )
        before.append((span.start, span.end))


def _cells(document: Document, chunk: Chunk, figures: Sequence[Figure], row: Row) -> Iterator[Sentence]:
    """The row, once for each cell that holds a Figure; once alone where none does."""
    filled = [cell for cell in row.cells if _within(figures, cell.start, cell.end)]
    name = document.text[row.start : row.cells[0].start].strip() if row.cells else row.label
    name = name if name and row.label.endswith(name) else row.label
    above = row.label[: len(row.label) - len(name)].strip()
    for cell in filled or [Cell(row.start, row.end, "")]:
        yield Sentence(
            document=document,
            start=row.start,
            end=row.end,
            page=chunk.page,
            section=chunk.section,
            lead="",
            figures=_within(figures, cell.start, cell.end),
            heads=Heads(f"{name} {cell.header}".strip(), cell.start, cell.header, name),
            caption=Heads(f"{above}\n{row.caption}".strip(), cell.start) if above or row.caption else None,
        )


def _within(figures: Sequence[Figure], start: int, end: int) -> tuple[Figure, ...]:
    return tuple(figure for figure in figures if start <= figure.start and figure.end <= end)
