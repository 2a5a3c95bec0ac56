"""A question on one line of a statement, answered from the row of the statement that has it.

"FY2018 capex of 3M" asks of "Purchases of property, plant and equipment" in the column of 2018 of the cash flow statement,
and has no word in common with it. Where a question names one line (`index.lines`), a year and a company and nothing else,
the row is looked for by what statements print for the line; every other question is left to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from chat.asking import MEASURE_AFTER, forms_in
from chat.extract import Extractor, Finding
from chat.hear import Heard
from chat.names import Profile
from chat.passage import Sentence
from chat.question import Question
from chat.terms import blank
from chat.titled import called_by, calls, latin_words, uncalled
from chat.when import SAME, agreement
from index.library import Library
from index.lines import Line, Statement, is_line, is_titled, named, row_words, squeezed
from index.stopwords import STOP, table
from index.tokens import stem
from index.types import Hit
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.periods import is_day, year_of
from ingest.types import Document, Figure, Row

SURE = 0.9  # of the rows found so on questions that were looked at, more than nine in ten were right
_LEAST_LINES = 3  # that a statement has
_ALIKE = 0.5  # the rank of a row that is called so, but for words that make no difference
_WHOLE = 0.8  # of the lines of the fullest: what no summary has
_UNDER = 0.6  # the rank of a row that is called so with the heading over it
_MAIN = 0.5  # of the lines of the fullest: what the whole statement has, and a summary of it has not
_FEWEST_PAGES = 3
_KEPT = 256  # statements
_PAGE_HEAD = 400  # characters of a page in which the title of a statement stands
_HAN = re.compile(r"[\u3400-\u9fff]")
_RUN = re.compile(r"[\u3400-\u9fff]+")
_TOLD_OF = re.compile(r"\b(?:why|how(?! (?:much|many|large|big|high|low)\b)|explain|describe)\b|为什么|为何|怎么|如何")
_OTHERWISE = re.compile(r"\bper\b|\bshare\b|\bpercent|\bproportion|\bratio\b|\baverage\b|%")
_OF_ONE = re.compile(
    r"母公司(?!所有者|股东)|\bparent(?: company)? only\b|\bparent company\b|information of (?:the )?(?:registrant|parent)|\bschedule i\b"
)
# What may stand beside a line, a year and a company without asking for anything else.
_ASKING = table(
    "amount year end ended ending fiscal annual usd us dollar million billion thousand unadjusted reported gaap line item "
    "spend spent spending pay hold carry record recorded report incur generate generated book company inc corp corporation "
    "group balance sheet statement make made earn earned lose lost money whole overall year-end its their recognize recognized"
)
_PLAIN = _ASKING | table("total net consolidated value expense expenditure cost paid held provided")
_TELLING = frozenset("other long more most same percent percentage share proportion low high large".split())
_SAID_WITHOUT = (STOP - _TELLING) | _ASKING
_PLAIN_CHINESE = re.compile(
    r"的|是|为|有|在|于|了|请|问|其|该|公司|集团|合并|总额|总计|合计|总共|一共|净额|金额|数额|余额|期末|年末|年底|期间|财政年度|财年|会计年度|"
    r"年度|全年|账面|大约|总|净|末|年|达到|实现|发生|支付|共计|报告|数|额|多大|多少|规模"
)
_AROUND_LINE = re.compile(  # what stands around the Chinese name of a line
    r"的|^[是为有在于请问]+|[是为有在于]+$|公司|集团|^合并|总共|一共|期末|年末|年底|期间|财政年度|财年|会计年度|年度|全年|账面|大约|共计|余额$|金额$"
)
_FREE = frozenset(("total", "net", "consolid", "compani", "inc", "corp", "co", "plc", "corpor"))
_CONTRAST = frozenset(
    stem(word)
    for word in "noncontrolling non-controlling controlling minority discontinued continuing per share shares diluted basic gross "
    "accumulated held proceeds margin percent growth rate before".split()
)
_EQUITY = "equity"  # total liabilities and stockholders' equity are no total liabilities

Rank = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A line that is asked for in a period: one that is known or None, and what else the question says (`names`), which may
    be a company; `said` is all that it says.
    """

    line: Line | None
    period: str
    names: tuple[str, ...]
    said: tuple[str, ...]

    def lines(self, own: frozenset[str]) -> list[Line]:
        """What it may be in a Document: the line, where the Document is called (`own`) by all the rest, else one named so."""
        if self.line is not None and all(calls(name, own) for name in self.names):
            return [self.line]
        english = " ".join(word for word in self.said if not _HAN.search(word) and not calls(word, own))
        chinese = [one for word in self.said if _HAN.search(word) and (one := uncalled(word, own))]
        if bool(english) == (len(chinese) == 1):
            return []
        return [Line(one, (english or chinese[0],)) for one in get_args(Statement)]


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
                if (near := _row_rank(line, _name(document, row), row.label, own)) is not None
                and (line is sought.line or near <= _ALIKE)
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
        whole = float(_is_of_one(document, row))
        for _, figure in self._library.figures(document.id, row.start, row.end):
            when = _period_rank(sought.period, figure.period)
            if when is not None and figure.kind in ("money", "amount") and _in_cell(row, figure):
                yield (whole, near, when), figure


def statement_rows(document: Document, statement: Statement) -> list[tuple[int, Row]]:
    """The rows of a statement: of the pages (in a text without pages, of the tables) that have its title and most of the
    lines that such statements have; each with how many of these have more.
    """
    paged = len(document.pages) > _FEWEST_PAGES
    groups: dict[object, list[Row]] = {}
    for row in document.rows:
        groups.setdefault(document.page_at(row.start) if paged else row.caption, []).append(row)
    counted = [
        (sum(is_line(statement, _name(document, row)) for row in rows), rows)
        for rows in groups.values()
        if _is_titled(document, statement, rows, paged=paged)
    ]
    most = max((count for count, _ in counted), default=0)
    kept = [(count, rows) for count, rows in counted if count >= max(_LEAST_LINES, _MAIN * most)]
    if paged and kept:
        kept = _first_whole(document, kept, most)
    return [(sum(other > count for other, _ in kept), row) for count, rows in kept for row in rows]


def _first_whole(document: Document, pages: Sequence[tuple[int, list[Row]]], most: int) -> list[tuple[int, list[Row]]]:
    """The first of the pages that have nearly all the lines, and those beside it: the statement itself, which comes before
    those of guarantors and parents in the notes.
    """
    numbers = [document.page_at(rows[0].start) for _, rows in pages]
    first = next(number for number, (count, _) in zip(numbers, pages, strict=True) if count >= _WHOLE * most)
    return [page for number, page in zip(numbers, pages, strict=True) if abs(number - first) <= 1]


def _is_titled(document: Document, statement: Statement, rows: Sequence[Row], *, paged: bool) -> bool:
    """Whether the title of a statement stands over the rows, or at the head of their page."""
    if any(is_titled(statement, caption) for caption in {row.caption for row in rows}):
        return True
    page = document.pages[document.page_at(rows[0].start) - 1]
    return paged and is_titled(statement, document.text[page.start : page.start + _PAGE_HEAD])


def _is_of_one(document: Document, row: Row) -> bool:
    """Whether a row is of the statement of one company of a group: the parent's, whose lines are called as the group's are."""
    page = document.pages[document.page_at(row.start) - 1]
    head = document.text[page.start : page.start + _PAGE_HEAD] if len(document.pages) > _FEWEST_PAGES else ""
    return bool(_OF_ONE.search(fold(f"{row.caption}\n{head}")))


def _name(document: Document, row: Row) -> str:
    """What a row is called where it stands."""
    return document.text[row.start : row.cells[0].start].strip() if row.cells else row.label


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


def sought_in(question: Question, period: str | None) -> Sought | None:
    """What a question seeks, if that is one line of a statement in one period."""
    found = named(question.folded)
    if period is None or year_of(period) is None:
        return None
    dates = [(one.start, one.end) for one in find_figures(question.text) if one.kind == "date"]
    asking = [(start, max(end, _measured(question.folded, start))) for _, start, end in forms_in(question.folded)]
    said = blank(question.folded, [*dates, *asking])
    rest = blank(said, [(one.start, one.end) for one in found])
    if _OTHERWISE.search(rest):
        return None
    latin = [word for word in _latin(rest) if stem(word) not in _PLAIN]
    chinese = [run for piece in _RUN.findall(rest) for run in _PLAIN_CHINESE.sub(" ", piece).split()]
    runs = [run for piece in _RUN.findall(said) for run in _AROUND_LINE.sub(" ", piece).split()]
    return Sought(found[0].line if len(found) == 1 else None, period, (*latin, *chinese), (*_latin(said), *runs))


def _latin(text: str) -> list[str]:
    """The English words of a text that say something."""
    return [word for word in latin_words(text) if len(word) > 1 and stem(word) not in _SAID_WITHOUT]


def _measured(folded: str, start: int) -> int:
    match = MEASURE_AFTER.match(folded, start)
    return match.end() if match else start


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


def _row_rank(line: Line, name: str, label: str, called: frozenset[str]) -> float | None:
    """How near a row's name is to what is printed for the line, less is nearer; None where it is another line."""
    if _HAN.search(name):
        return _chinese_rank(line, name)
    words = row_words(name)
    over = row_words(label.removesuffix(name))
    above = over if name[:1].islower() else []  # the name began on the line before
    forms = {number: row_words(form) for number, form in enumerate(line.printed) if not _HAN.search(form)}
    ranks = [rank + at for at, form in forms.items() if (rank := _rank(form, words, above, called)) is not None]
    whole = _free([*over, *words], called)
    ranks += [
        _UNDER + at for at, form in forms.items() if len(form) > len(words) and _ends(whole, _free(form, frozenset()))
    ]
    return min(ranks, default=None) if words else None


def _ends(words: Sequence[str], form: Sequence[str]) -> bool:
    """Whether a row's name with the headings over it ends in a form: "Earnings per share: / Diluted"."""
    return list(words[-len(form) :]) == list(form)


def _rank(form: Sequence[str], words: Sequence[str], above: Sequence[str], called: frozenset[str]) -> float | None:
    """How a row's words are those of a form: the same (0), but for words that make no difference, or with more behind."""
    if list(form) == list(words):
        return 0.0
    wanted, said = [_free(form, frozenset()), _free(words, called)]
    if wanted == said:
        return _ALIKE
    if above:
        said = [*_free(above, called), *said]
        at = next((at for at in range(len(said)) if said[at : at + len(wanted)] == wanted), None)
        return None if at is None or set(said[at:]) & (_CONTRAST - set(wanted)) else 0.9
    wanted, said = [[word for word in some if word not in called] for some in (form, words)]
    rest = said[len(wanted) :]
    if said[: len(wanted)] != wanted or set(rest) & _CONTRAST or rest[-1:] == [_EQUITY]:
        return None
    return 0.7 + min(len(rest), 20) / 100


def _free(words: Iterable[str], called: frozenset[str]) -> list[str]:
    return [word for word in words if word not in _FREE and word not in called]


def _chinese_rank(line: Line, name: str) -> float | None:
    """The same of a Chinese name."""
    said = squeezed(name)
    ranks = [
        number + (0.0 if said == form else 0.5)
        for number, form in enumerate(line.printed)
        if said in (form, f"{form}净额", f"{form}合计", f"{form}总额")
    ]
    return min(ranks, default=None)
