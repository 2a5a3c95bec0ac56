"""The lines of statements: what questions call them, and what statements print for them.

In: a folded question. Out: the lines that it names, with their places. In: the name of a
row. Out: whether it is a line of a statement. In: a Chunk. Out: the index terms for the statements that it is a part of. The
table is `lexicon/lines.tsv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, get_args

from index.measures import read_on
from index.tokens import stem
from ingest.fold import fold

Statement = Literal["income", "balance", "cash"]
_TITLED: dict[Statement, re.Pattern[str]] = {
    "income": re.compile(
        r"statements?of(?:consolidated)?(?:net)?(?:income|operations|earnings|loss|profitorloss|comprehensiveincome)"
        r"|consolidatedresultsofoperations|incomestatement|profitandloss|利润表|损益表"
    ),
    "balance": re.compile(r"balancesheet|(?:statements?of(?:consolidated)?|consolidated)financial(?:position|condition)|资产负债表|财务状况表"),
    "cash": re.compile(r"statements?of(?:consolidated)?cashflow|cashflows?statement|现金流量表"),
}  # fmt: skip
_ASKED: dict[Statement, re.Pattern[str]] = {
    "income": re.compile(
        r"\b(?:income statements?|statements? of (?:consolidated )?(?:income|operations|earnings)|profit and loss|p&l)\b|利润表|损益表"
    ),
    "balance": re.compile(r"\b(?:balance sheets?|statements? of (?:consolidated )?financial (?:position|condition))\b|资产负债表|财务状况表"),
    "cash": re.compile(r"\b(?:cash flows? statements?|statements? of (?:consolidated )?cash flows?)\b|现金流量表"),
}  # fmt: skip
_OF_PART = re.compile(
    r"\b(?:segments?|divisions?|geograph\w+|regions?)\b|分部|板块|地区"
)  # statements are of the whole
_HAN = re.compile(r"[\u3400-\u9fff]")
_PARENTHESES = re.compile(r"[(（][^()（）]*[)）]")
_NETTED = re.compile(r"[,，]?\s*[-–—]?\s*(?:net of(?! interest)|less(?: accumulated| allowance| reserves)|减[:：]).*$")
_LINKS = frozenset("and of the in on by for to from a our & -".split())
_ROW_MARK = re.compile(
    r"^(?:[一二三四五六七八九十\d]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|其中[:：]|减[:：]|加[:：]|(?:less|add)\b:?)\s*"
)
_TITLED_LINES, _UNTITLED_LINES = 2, 4  # lines of a statement that a part of one has
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


def named(folded: str) -> list[Named]:
    """The lines that a folded question names, each by the longest of its names."""
    chinese, english, lines = _patterns()
    found = {lines[match[0]]: match.span() for match in chinese.finditer(folded)}
    found |= {lines[match.lastindex or 0]: match.span() for match in english.finditer(folded)}
    return sorted((Named(line, *span) for line, span in found.items()), key=lambda one: one.start)


def is_titled(statement: Statement, text: str) -> bool:
    """Whether a text has the title of a statement, be it spaced as it may."""
    return bool(_TITLED[statement].search("".join(fold(text).split())))


def is_line(statement: Statement, name: str) -> bool:
    """Whether a row is called as one of the lines of a statement is."""
    return (squeezed(name) if _HAN.search(name) else tuple(row_words(name))) in _forms(statement)


def row_words(name: str) -> list[str]:
    """The words of a row's English name that tell it from others, as stems."""
    folded = _NETTED.sub(" net", _PARENTHESES.sub(" ", _ROW_MARK.sub("", fold(name).strip())))
    return [stem(word) for word in re.findall(r"[a-z0-9&]+", folded.replace("-", " ")) if word not in _LINKS]


def squeezed(name: str) -> str:
    """A row's Chinese name without its mark, what stands in brackets, and white space."""
    return re.sub(r"[\s、,，:：]", "", _PARENTHESES.sub("", _ROW_MARK.sub("", fold(name).strip())))


def statements_of(question: str) -> set[Statement]:
    """The statements that a question names, or names a line of."""
    folded = fold(question)
    told: set[Statement] = {one for one, pattern in _ASKED.items() if pattern.search(folded)}
    if told or _OF_PART.search(folded):
        return told
    return {one.line.statement for one in named(folded)} | {
        one for line in read_on(question) for one in get_args(Statement) if _belongs(line, one)
    }


@lru_cache(maxsize=1024)
def _belongs(line: str, statement: Statement) -> bool:
    """Whether what a measure is read from is a line of the statement, or is the statement itself."""
    return is_titled(statement, line) or is_line(statement, line)


def mark(statement: Statement) -> str:
    """The index term of the Chunks that are part of a statement."""
    return f"§{statement}"


def marks(above: str, text: str) -> list[str]:
    """The index terms of the statements that a Chunk is part of, by what stands above it and by its rows."""
    names = [line.partition("\t")[0] for line in text.splitlines() if "\t" in line]
    return [mark(one) for one in get_args(Statement) if _is_part(one, f"{above}\n{text}", names)] if names else []


def _is_part(statement: Statement, text: str, names: list[str]) -> bool:
    lines = sum(is_line(statement, name) for name in names)
    return lines >= _UNTITLED_LINES or (lines >= _TITLED_LINES and is_titled(statement, text))


@lru_cache(maxsize=3)
def _forms(statement: Statement) -> frozenset[tuple[str, ...] | str]:
    """What is printed for the lines of a statement, as rows are compared with it."""
    printed = {form for line in _table().values() if line.statement == statement for form in line.printed}
    return frozenset(squeezed(form) if _HAN.search(form) else tuple(row_words(form)) for form in printed)


@lru_cache(maxsize=1)
def _table() -> dict[str, Line]:
    """The lines by what they are called when they are asked for."""
    lines: dict[str, Line] = {}
    text = resources.files("index").joinpath("lexicon/lines.tsv").read_text("utf-8")
    for row in text.splitlines():
        if row and not row.startswith("#"):
            statement, asked, printed = row.split("\t")
            line = Line(statement, tuple(fold(printed).split("/")))  # type: ignore[arg-type]
            for name in fold(asked).split("/"):
                lines.setdefault(name, line)
    return lines


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str | int, Line]]:
    """Patterns of the Chinese names and of the English ones, the longest first, and the line of what they meet: of a Chinese
    name by the name, of an English one, which may be written in more than one way, by the group that it is.
    """
    table = _table()
    names = sorted(table, key=lambda name: (-len(name), name))
    chinese = [name for name in names if _HAN.search(name)]
    english = [name for name in names if not _HAN.search(name)]
    lines: dict[str | int, Line] = {name: table[name] for name in chinese}
    lines |= {group: table[name] for group, name in enumerate(english, 1)}
    either = "|".join(f"({_form(name)})" for name in english)
    first = "".join(sorted({re.escape(name[0]) for name in english}))  # where none begins is passed over at once
    return re.compile("|".join(map(re.escape, chinese))), re.compile(rf"\b(?=[{first}])(?:{either})\b"), lines


def _form(name: str) -> str:
    """A pattern of an English name, with or without "and" between its words."""
    return _BETWEEN.join(re.escape(part) for part in name.split() if part != "and")
