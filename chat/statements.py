"""Where the statements of a Document stand: the rows of its balance sheet, its income statement, its cash flows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.lines import Statement, is_line, is_titled
from ingest.fold import fold
from ingest.types import Document, Row

_LEAST_LINES = 3  # that a statement has
_WHOLE = 0.8  # of the lines of the fullest: what no summary has
_MAIN = 0.5  # of the lines of the fullest: what the whole statement has, and a summary of it has not
_FEWEST_PAGES = 3
_PAGE_HEAD = 400  # characters of a page in which the title of a statement stands
_OF_ONE = re.compile(
    r"母公司(?!所有者|股东)|\bparent(?: company)? only\b|\bparent company\b|information of (?:the )?(?:registrant|parent)|\bschedule i\b"
)


def statement_rows(document: Document, statement: Statement) -> list[tuple[int, Row]]:
    """The rows of a statement: of the pages (in a text without pages, of the tables) that have its title and most of the
    lines that such statements have; each with how many of these have more.
    """
    paged = len(document.pages) > _FEWEST_PAGES
    groups: dict[object, list[Row]] = {}
    for row in document.rows:
        groups.setdefault(document.page_at(row.start) if paged else row.caption, []).append(row)
    counted = [
        (sum(is_line(statement, row_name(document, row)) for row in rows), rows)
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


def is_of_one(document: Document, row: Row) -> bool:
    """Whether a row is of the statement of one company of a group: the parent's, whose lines are called as the group's are."""
    page = document.pages[document.page_at(row.start) - 1]
    head = document.text[page.start : page.start + _PAGE_HEAD] if len(document.pages) > _FEWEST_PAGES else ""
    return bool(_OF_ONE.search(fold(f"{row.caption}\n{head}")))


def row_name(document: Document, row: Row) -> str:
    """What a row is called where it stands."""
    return document.text[row.start : row.cells[0].start].strip() if row.cells else row.label
