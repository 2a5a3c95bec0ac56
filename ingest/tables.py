"""What is made of the rows of tables: Figures that know their unit, period and name from the heads around them.

In: a Document and its rows. Out: Figures in order, and the context of a range: what stands over and beside its cells.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from ingest.figures import find_figures
from ingest.fold import fold
from ingest.heads import period_of
from ingest.notes import Measure, measure
from ingest.numbers import exact
from ingest.reported import reported_year
from ingest.types import Cell, Document, Figure, Row
from ingest.units import CURRENCIES, find_unit, implied_unit, unit_family, unit_name

_HAN = re.compile(r"[\u3400-\u9fff]")
_NIL = re.compile(r"[-‐-―−﹣－]{1,2}")
_MINUS = re.compile(r"^[^\w]*[(（][^()（）]*[0-9][^()（）]*[)）][^\w]*$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_UNIT_HEAD = re.compile(r"(?:计量)?单位|units?(?: of measure(?:ment)?)?|uom")
_NOTE_HEAD = re.compile(r"附注.{0,3}|注释.{0,3}|序号|页码|备注|notes?|note no\.?|ref(?:erence)?s?|pages?|no\.|#")
_COUNTED = re.compile(
    r"\b(?:employees|headcount|stores|warehouses|customers|members|subscribers|number of|square feet|locations)\b"
)
_SHARES = re.compile(r"(?<!per )\bshares?\b(?! (?:price|capital|premium|based))")
_PER_SHARE = re.compile(r"\bper (?:\w+ ){0,2}share\b|每股")
_PERCENT = re.compile(
    r"占比|比例|百分比|(?<!周转)(?<!汇)(?<!盈)(?<!净)(?<!倍)率(?:$|[(（])|\b(?:percentage|percent)\b|%"
)
_RATIO = re.compile(r"\b(?:margin|rate|ratio|yield|turnover)s?\b|周转率|市[盈净]率|比率|倍数|\btimes\b")
_LEADERS = re.compile(
    r"(?:[.…·‥]{3,}|(?: \.){3,})[\s$€£¥]*$"
)  # from a name to its first value, whose sign may be met first
_SMALL = 100  # a rate printed without its sign is not larger
_LONGEST_CONTEXT = 300  # characters


def figures(document: Document) -> list[Figure]:
    """Every Figure of a Document, in order: of its prose and of the cells of its tables, not of boilerplate."""
    cells = _of_tables(document) if document.rows else []
    elsewhere = sorted(
        [(span.start, span.end) for span in document.boilerplate] + [(row.start, row.end) for row in document.rows]
    )
    prose = [figure for figure in find_figures(document.text) if not _within(figure, elsewhere)]
    return sorted([*prose, *cells], key=lambda figure: figure.start)


def _of_tables(document: Document) -> list[Figure]:
    year = reported_year(document.title, document.name, document.text)
    return [figure for table in tables(document.rows) for figure in _of_table(document.text, table, year)]


def _within(figure: Figure, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a figure touches one of the ranges, which are in order."""
    at = bisect_left(ranges, (figure.end,)) - 1
    return at >= 0 and figure.start < ranges[at][1]


def tables(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each table, in order: those that follow each other under one caption."""
    for _, group in groupby(rows, key=lambda row: row.caption):
        yield list(group)


def _of_table(text: str, table: Sequence[Row], year: str | None) -> Iterator[Figure]:
    stated = measure(table[0].caption) or Measure()
    if not stated.unit and (currency := _currency(text, table)):
        stated = replace(stated, unit=currency)
    for row in table:
        yield from _of_row(text, row, stated, year)


def _currency(text: str, table: Sequence[Row]) -> str:
    """The currency whose sign stands in some cells of a table, though not in all."""
    for row in table:
        for cell in row.cells:
            sign = re.match(r"(?:us|hk)?[$€£¥]", fold(text[cell.start : cell.end]).strip())
            if sign and sign[0] in CURRENCIES:
                return unit_name(CURRENCIES[sign[0]], bool(_HAN.search(row.label)))
    return ""


def _of_row(text: str, row: Row, stated: Measure, year: str | None) -> Iterator[Figure]:
    """The Figures of the cells of a row; `stated` is what holds for the whole table."""
    label = _LEADERS.sub("", row.label)
    own = measure(label)
    for cell in row.cells:
        if _UNIT_HEAD.fullmatch(fold(cell.header).strip()):
            own = measure(text[cell.start : cell.end]) or own
    for cell in row.cells:
        head = fold(cell.header).strip()
        if _UNIT_HEAD.fullmatch(head) or _NOTE_HEAD.fullmatch(head):
            continue
        period = period_of(cell.header, year) or period_of(row.label, year, whole=True) or period_of(row.caption, year)
        for figure in _of_cell(text, cell, period):
            if figure.kind == "date" or not _is_value(text, cell, figure):
                yield replace(figure, period=figure.period or period, label=figure.label or label)
            else:
                measured = _measured(figure, label, cell.header, own, stated)
                yield replace(measured, period=period, label=label)


def _of_cell(text: str, cell: Cell, period: str | None) -> list[Figure]:
    """The Figures printed in a cell, a minus in brackets and a dash for nil read as accountants write them."""
    printed = text[cell.start : cell.end]
    lead = len(printed) - len(printed.lstrip())
    body = printed.strip()
    at = cell.start + lead
    if _NIL.fullmatch(body):
        return [Figure(body, at, at + len(body), "amount", Decimal(0))]
    found = [replace(f, start=f.start + at, end=f.end + at) for f in find_figures(body)]
    if _YEAR.fullmatch(body) and period:
        found = [replace(found[0], kind="amount", value=Decimal(body), unit="", period=None)] if found else []
    if not found and body.isdecimal() and body.isascii():  # a lone year is read as a number of another kind
        found = [Figure(body, at, at + len(body), "amount", Decimal(body))]
    if len(found) == 1 and _MINUS.match(body) and found[0].value > 0:
        one = found[0]
        return [replace(one, text=body, start=at, end=at + len(body), value=-one.value)]
    return found


def _is_value(text: str, cell: Cell, figure: Figure) -> bool:
    """Whether the figure is what its cell says, rather than one of a sentence in it."""
    rest = text[cell.start : figure.start] + text[figure.end : cell.end]
    return sum(char.isalnum() for char in rest) <= max(2, (figure.end - figure.start) // 2)


def _measured(figure: Figure, label: str, header: str, own: Measure | None, stated: Measure) -> Figure:
    """The figure with the unit and the scale of the nearest note: its own print, its row, its column, its table."""
    if figure.kind in ("percent", "points", "duration", "rank", "ordinal"):
        return figure
    name, head = fold(label), fold(header)
    chinese = bool(_HAN.search(label + header))
    column = measure(header)
    if figure.unit and figure.kind != "money":
        return figure
    nearest = own if own and own.unit else column if column and column.unit else None
    if nearest is None:
        nearest = _implied(figure, name, head, stated, chinese)
        nearest = replace(nearest, scale=max((m.scale for m in (own, column) if m), default=Decimal(1)) * nearest.scale)
    elif nearest.scale == 1 and not stated.unit and unit_family(nearest.unit) in ("money", "count"):
        nearest = replace(nearest, scale=stated.scale)
    return _scaled(figure, nearest)


def _implied(figure: Figure, name: str, head: str, stated: Measure, chinese: bool) -> Measure:
    """What holds for the whole table, where the row's name does not make it something else: a rate, a count, per share."""
    if _PERCENT.search(head) or _PERCENT.search(name):
        return Measure("%")
    if _RATIO.search(name) and abs(figure.value) <= _SMALL:
        return Measure()
    if _PER_SHARE.search(name):
        currency = stated.unit if unit_family(stated.unit) == "money" else ""
        return Measure(f"{currency}/{'股' if chinese else 'share'}" if currency else "")
    money = unit_family(stated.unit) == "money"
    if _SHARES.search(name):
        spared = re.search(r"(?<!per )\bshares?\b", stated.spared)
        return Measure("share", Decimal(1) if spared else stated.scale)
    counted = implied_unit(name.split("(")[0].strip()) if chinese else "" if not _COUNTED.search(name) else "count"
    if counted and counted != "元" and (money or not stated.unit):
        return Measure("" if counted == "count" else counted, Decimal(1) if money or chinese else stated.scale)
    return stated


def _scaled(figure: Figure, by: Measure) -> Figure:
    """The figure in the unit of a Measure; a number that is printed with 万 or million has its scale already."""
    unit = figure.unit or by.unit
    found = find_unit(unit.split("/")[0]) if unit else None
    kind = found.kind if found else "amount"
    scale = Decimal(1) if _has_scale(figure) else by.scale
    high = None if figure.high is None else exact(figure.high * scale)
    return replace(figure, unit=unit, kind=kind, value=exact(figure.value * scale), high=high)


def _has_scale(figure: Figure) -> bool:
    return bool(re.search(r"[万亿]|thousand|million|billion|\b(?:mn|bn)\b|[0-9][kmb]\b", fold(figure.text)))


def context(rows: Sequence[Row], text: str) -> str:
    """What stands over and beside the cells of some rows and not in `text`: captions, heads, names above."""
    parts = dict.fromkeys(
        part for row in rows for part in (row.caption, *(cell.header for cell in row.cells), row.label)
    )
    said = [part.strip() for part in parts if part.strip() and part.strip() not in text]
    return "\n".join(said)[:_LONGEST_CONTEXT]
