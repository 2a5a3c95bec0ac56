"""The lines of statements: what questions call them, and what statements print for them.

In: a folded question. Out: the one line that it names, with its place; none where it names several. The table is
`lexicon/lines.tsv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from ingest.fold import fold

Statement = Literal["income", "balance", "cash"]
_TITLED: dict[Statement, re.Pattern[str]] = {
    "income": re.compile(
        r"statements?of(?:consolidated)?(?:income|operations|earnings|profitorloss|comprehensiveincome)|incomestatement|profitandloss|利润表|损益表"
    ),
    "balance": re.compile(r"balancesheet|statements?of(?:consolidated)?financial(?:position|condition)|资产负债表|财务状况表"),
    "cash": re.compile(r"statements?of(?:consolidated)?cashflow|cashflowstatement|现金流量表"),
}  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff]")
_BETWEEN = r"['’]?s?[ ,-]+(?:(?:and|&) )?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement, and what is printed for it, what is meant first; folded."""

    statement: Statement
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A Line, and where a question names it."""

    line: Line
    start: int
    end: int


def named(folded: str) -> Named | None:
    """The one line that a folded question names, by the longest of its names; None where it names none or several."""
    pattern, lines = _table()
    found = {lines[match.lastindex or 0]: match.span() for match in pattern.finditer(folded)}
    if len(found) != 1:
        return None
    line, (start, end) = next(iter(found.items()))
    return Named(line, start, end)


def is_titled(statement: Statement, text: str) -> bool:
    """Whether a text has the title of a statement, be it spaced as it may."""
    return bool(_TITLED[statement].search("".join(fold(text).split())))


def printed_of(statement: Statement) -> frozenset[str]:
    """What is printed for any line of a statement."""
    return frozenset(form for line in _table()[1].values() if line.statement == statement for form in line.printed)


@lru_cache(maxsize=1)
def _table() -> tuple[re.Pattern[str], dict[int, Line]]:
    """A pattern of all names, the longest first, each in a group of its own, and the lines by group."""
    lines: dict[str, Line] = {}
    text = resources.files("index").joinpath("lexicon/lines.tsv").read_text("utf-8")
    for row in text.splitlines():
        if row and not row.startswith("#"):
            statement, asked, printed = row.split("\t")
            line = Line(statement, tuple(fold(printed).split("/")))  # type: ignore[arg-type]
            for name in fold(asked).split("/"):
                lines.setdefault(name, line)
    names = sorted(lines, key=lambda name: (-len(name), name))
    pattern = "|".join(f"({_form(name)})" for name in names)
    return re.compile(pattern), {group: lines[name] for group, name in enumerate(names, 1)}


def _form(name: str) -> str:
    """A pattern of a name: Chinese as it stands, English as words of their own, with or without "and" between."""
    if _HAN.search(name):
        return re.escape(name)
    parts = [part for part in name.split() if part != "and"]
    return rf"\b{_BETWEEN.join(map(re.escape, parts))}\b"
