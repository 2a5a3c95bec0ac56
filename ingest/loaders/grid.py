"""The cells of a table become Rows: which lines are its heads, what names a row, what it belongs under.

In: lines of Slots, cells where they stand in the text. Out: Rows in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.types import Cell, Row

_NUMBER = re.compile(
    r"[-+(（≈~约超近<>≤≥−–—*]{0,3}\s?(?:(?:[A-Z]{1,3}\s?)?[$€£¥￥]|[A-Z]{3}\s|人民币|港币|美元)?\s?[-+(（−]?\s?\d[\d,，.]*+"
    r"(?:\s?[^\d\s(（])*+"  # never given back: a cell may be a page of prose that begins with a number
)
_NIL = re.compile(r"[-‐-―−﹣－/]{1,2}|n/?[am]\.?|不适用|不適用|nil", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:FY|CY)?\s?'?(?:19|20)\d{2}\s?[AE]?(?:[-–/~至]\s?(?:19|20)?\d{2}[AE]?)?\s*(?:年度?|财年|年末|年底)?(?:\s?[(（][^()（）]{1,12}[)）])?"
    r"|(?:FY|CY)\s?'?\d{2}|(?:19|20)\d{2}\s?年\s?[^\s,，]{1,10}|(?:19|20)\d{2}[-./]\d{1,2}(?:[-./]\d{1,2})?"
    r"|[QH][1-4]\s?'?(?:FY)?(?:(?:19|20)?\d{2})?|[1-4][QH]\s?'?(?:(?:19|20)?\d{2})?|第?[一二三四1-4]季度?",
    re.IGNORECASE,
)
_UNITS = re.compile(r"(?:计量)?单位|(?:計量)?單位|units?(?: of measure(?:ment)?)?|uom", re.IGNORECASE)
_NOTES = re.compile(r"附注.{0,3}|附註.{0,3}|注释|序号|编号|备注|notes?|ref(?:erence)?s?|no\.|#", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST_CELL = 400  # characters: what is longer is prose that a table lays out
_MOST_HEADS = 5  # lines
_MOST_NAMES = 3  # columns


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell, `text[start:end]` of its document: what it says, and whether the document marks it as a head."""

    start: int
    end: int
    said: str
    head: bool = False


Line = Sequence[Slot | None]
"""A line of a table, a place for each column: a merged cell stands, as one object, in every place that it covers."""


def is_value(said: str) -> bool:
    """Whether a cell says a number, or that there is none, rather than a name or a period."""
    return not _PERIOD.fullmatch(said) and bool(_NUMBER.fullmatch(said) or _NIL.fullmatch(said))


def table_rows(grid: Sequence[Line], caption: str = "", *, heads: int | None = None) -> tuple[Row, ...]:
    """The Rows of a table whose lines are all as long.

    `heads` is how many lines head the columns, where the document says so. A line that says one thing across the table
    names what follows: at the top it joins the caption, below it is put before the labels. Lines that name nothing, or
    hold prose, are left to the text.
    """
    lines = [line for line in grid if _said(line)]
    if len(lines) < 2 or len(lines[0]) < 2:
        return ()
    titles = _titles(lines)
    over = " ".join(dict.fromkeys(part for part in (caption, *(_said(line)[0] for line in lines[:titles])) if part))
    count = _heads(lines[titles:]) if heads is None else max(heads - titles, 0)
    table = lines[titles:]
    headers = [_header(table[:count], column) for column in range(len(table[0]))]
    names = _name_columns(table[count:], headers)
    rows: list[Row] = []
    group = ""
    held = [""] * names
    for index in range(count, len(table)):
        line = table[index]
        if name := _group(line):
            group, held = name, [""] * names
            continue
        label = _label(line, names, held, headers)
        above = {id(slot) for slot in table[index - 1]} if index else set()
        own = [(slot, headers[at]) for at, slot in enumerate(line) if slot and slot.said and id(slot) not in above]
        cells = _cells([(slot, head) for slot, head in own if slot not in line[:names]])
        if cells and label and max(len(slot.said) for slot, _ in own) <= _LONGEST_CELL:
            start, end = min(slot.start for slot, _ in own), max(slot.end for slot, _ in own)
            parts = dict.fromkeys(part for part in (group, label) if part)
            rows.append(Row(start, end, " ".join(parts), over, cells))
    return tuple(rows)


def _said(line: Line) -> list[str]:
    """What the cells of a line say, each cell once."""
    return [slot.said for slot in {id(slot): slot for slot in line if slot}.values() if slot.said]


def _across(line: Line) -> str:
    """What a line says where it says one thing, from its first column on; "" else."""
    said = _said(line)
    return said[0] if len(said) == 1 and line[0] and line[0].said and not is_value(said[0]) else ""


def _titles(lines: Sequence[Line]) -> int:
    count = 0
    while count < len(lines) - 2 and _across(lines[count]):
        count += 1
    return count


def _group(line: Line) -> str:
    """The name that a line gives to the lines below it: one merged cell, or a name that reads as one; "" else.

    A Chinese line without values may as well be one for which there was nothing to report.
    """
    name = _across(line)
    marked = all(slot is line[0] for slot in line) or (line[0] is not None and line[0].head)
    return name if name and (marked or name[-1] in ":：" or not _HAN.search(name)) else ""


def _heads(lines: Sequence[Line]) -> int:
    """How many lines head the columns: those that the document marks, else those before the first value."""
    marked = 0
    for line in lines[:_MOST_HEADS]:
        cells = [slot for slot in line[1:] if slot and slot.said] or [slot for slot in line if slot]
        if not all(slot.head for slot in cells) or any(is_value(slot.said) for slot in cells):
            break
        marked += 1
    if marked:
        return marked
    for index, line in enumerate(lines[: _MOST_HEADS + 1]):
        if any(slot and is_value(slot.said) for slot in line[1:]):
            return index
    return 1 if len(lines) > 2 else 0


def _header(heads: Sequence[Line], column: int) -> str:
    """The heads over a column, outermost first, each once."""
    said = (slot.said for line in heads if (slot := line[column]) is not None)
    return " ".join(dict.fromkeys(part for part in said if part))


def _name_columns(body: Sequence[Line], headers: Sequence[str]) -> int:
    """How many columns from the left name a row: those before the first of values, of units or of a period."""
    for column in range(1, min(len(headers), _MOST_NAMES + 1)):
        said = [slot.said for line in body if (slot := line[column]) is not None and slot.said]
        header = headers[column]
        if _UNITS.fullmatch(header) or _NOTES.fullmatch(header) or _PERIOD.fullmatch(header):
            return column
        if any(is_value(one) for one in said):
            return column
    return 1


def _label(line: Line, names: int, held: list[str], headers: Sequence[str]) -> str:
    """The name of a line; a name that was not printed again (`held`, by column) is taken from the line above.

    Running numbers are no part of it, where a name stands beside them.
    """
    for column in range(names):
        slot = line[column]
        if slot and slot.said:
            held[column] = slot.said
            held[column + 1 :] = [""] * (names - column - 1)
    last = line[names - 1]
    if not (last and last.said) and not any(slot and slot.said for slot in line[:names]):
        return ""
    named = [part for column, part in enumerate(held) if part and not _NOTES.fullmatch(headers[column])]
    return " ".join(dict.fromkeys(named or filter(None, held)))


def _cells(own: Sequence[tuple[Slot, str]]) -> tuple[Cell, ...]:
    """A Cell for each slot, once, with the heads of all the columns that it covers."""
    headers: dict[int, tuple[Slot, list[str]]] = {}
    for slot, header in own:
        headers.setdefault(id(slot), (slot, []))[1].append(header)
    return tuple(
        Cell(slot.start, slot.end, " ".join(dict.fromkeys(part for part in parts if part)))
        for slot, parts in headers.values()
    )
