"""A question on one line of a statement, answered from the row of the statement that has it.

"FY2018 capex of 3M" asks of "Purchases of property, plant and equipment" in the column of 2018 of the cash flow statement,
and has no word in common with it. Where a question names one line (`index.lines`), a year and a company and nothing else,
the row is looked for by what statements print for the line; every other question is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chat.extract import Extractor, Finding
from chat.hear import Heard
from chat.names import Profile
from chat.passage import Sentence
from chat.row_rank import ALIKE, row_rank
from chat.sought import Sought, sought_in
from chat.statements import is_of_one, row_name, statement_rows
from chat.titled import called_by, calls
from chat.when import SAME, agreement
from index.library import Library
from index.lines import Statement
from index.types import Hit
from ingest.periods import is_day, year_of
from ingest.types import Document, Figure, Row

SURE = 0.9  # of the rows found so on questions that were looked at, more than nine in ten were right
_KEPT = 256  # statements
_TOLD_OF = re.compile(r"\b(?:why|how(?! (?:much|many|large|big|high|low)\b)|explain|describe)\b|为什么|为何|怎么|如何")

Rank = tuple[float, ...]


class Lines:
    """Finds the rows of statements."""

    def __init__(self, library: Library, extractor: Extractor) -> None:
        self._library = library
        self._extractor = extractor
        self._known: dict[tuple[str, Statement], list[tuple[int, Row]]] = {}

    def findings(self, heard: Heard) -> list[list[Finding]]:
        """The Finding of each Ask; none where the question is not on one line of a statement, or no row surely has it."""
        asked = heard.asked
        if _TOLD_OF.search(asked.folded) or len({ask.terms for ask in asked.asks}) > 1:
            return []
        found: list[list[Finding]] = []
        for ask in asked.asks:
            sought = sought_in(asked, ask.period or asked.period) if ask.want in ("figure", "text") else None
            best = self._best(sought, heard.hits) if sought else None
            if best is None:
                return []
            sentence, figure = best
            found.append([Finding(ask, sentence, figure.start, figure.end, figure, score=SURE, confidence=SURE)])
        return found

    def _best(self, sought: Sought, hits: Sequence[Hit]) -> tuple[Sentence, Figure] | None:
        """The cell that has what is sought, of the Document that reports on its year, else of the next."""
        for document in self._documents(sought, hits):
            own = called_by(document)
            fitting = [
                ((place, *rank), row, figure)
                for line in sought.lines(own)
                for place, row in self._rows(document, line.statement)
                if (near := row_rank(line, row_name(document, row), row.label, own)) is not None
                and (line is sought.line or near <= ALIKE)
                for rank, figure in self._cells(sought, document, row, near)
            ]
            if best := _only_best(fitting):
                row, figure = best
                cells = self._extractor.cells(document, row)
                return next((one, figure) for one in cells if figure in one.figures)
        return None

    def _documents(self, sought: Sought, hits: Sequence[Hit]) -> list[Document]:
        """The Documents that are called by all that the question says beside the line, those on its year first."""
        ids = dict.fromkeys(hit.chunk.document_id for hit in hits)
        documents = [self._library.document(one) for one in ids]
        meant = [
            one for one in documents if len(documents) == 1 or any(calls(name, called_by(one)) for name in sought.names)
        ]
        year = year_of(sought.period) or 0
        return sorted(meant, key=lambda one: _years_apart(self._extractor.about(one), year))

    def _rows(self, document: Document, statement: Statement) -> list[tuple[int, Row]]:
        known = self._known.get((document.id, statement))
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[document.id, statement] = statement_rows(document, statement)
        return known

    def _cells(self, sought: Sought, document: Document, row: Row, near: float) -> Iterator[tuple[Rank, Figure]]:
        """The figures of a row in columns of the period, and how near they are: those of the group come first."""
        whole = float(is_of_one(document, row))
        for _, figure in self._library.figures(document.id, row.start, row.end):
            when = _period_rank(sought.period, figure.period)
            if when is not None and figure.kind in ("money", "amount") and _in_cell(row, figure):
                yield (whole, near, when), figure


def _in_cell(row: Row, figure: Figure) -> bool:
    return any(cell.start <= figure.start and figure.end <= cell.end for cell in row.cells)


def _only_best(
    fitting: Sequence[tuple[Rank, Row, Figure]],
) -> tuple[Row, Figure] | None:
    """What fits best; None where nothing does, or what fits as well says something else."""
    ranked = sorted(fitting, key=lambda one: (one[0], one[1].start))
    if not ranked or any(rank == ranked[0][0] and figure.value != ranked[0][2].value for rank, _, figure in ranked):
        return None
    return ranked[0][1:]


def _years_apart(about: Profile, year: int) -> tuple[int, int]:
    """How far a report's year is from a year; of those as far, the later first."""
    reported = year_of(about.period or "") or 0
    return abs(reported - year), -reported


def _period_rank(asked: str, stated: str | None) -> float | None:
    """Whether a column is of the period: the same, or the year that ends on whatever day."""
    if stated is None:
        return None
    if agreement(asked, stated) == SAME:
        return 0.0
    whole = asked.isdigit() or asked.endswith("-12-31")
    return 1.0 if whole and year_of(stated) == year_of(asked) and (stated.isdigit() or is_day(stated)) else None
