"""CSV and TSV: one table, its dialect taken from the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.loaders.grid import is_value
from ingest.loaders.text import text_of
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import TableCell, Writer

_DELIMITERS = ",\t;|，"
_SAMPLE = 50  # lines
_LONGEST_CELL = 1_000_000  # characters


def load_delimited(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The lines of the table, tabs between cells; lines of one cell before the heads are its title and notes."""
    text = text_of(path, data)
    records = _records(path, text, delimiter_of(text) or ",")
    while records and not any(records[-1]):
        records.pop()
    writer = Writer()
    first = next((index for index, record in enumerate(records) if not _title(record)), len(records))
    for record in records[:first]:
        writer.line("".join(record))
    width = max((len(record) for record in records), default=0)
    writer.table([[TableCell(cell) for cell in [*record, *[""] * (width - len(record))]] for record in records[first:]])
    return writer.loaded()


def _title(record: list[str]) -> bool:
    """Whether a line has one cell, of words, or none."""
    filled = [cell.strip() for cell in record if cell.strip()]
    return not filled or (len(filled) == 1 and not is_value(filled[0]))


def delimiter_of(text: str) -> str | None:
    """What stands between the cells of a text: the mark that most lines have equally often; None where none does."""
    lines = [line for line in text.splitlines()[: 2 * _SAMPLE] if line.strip()][:_SAMPLE]
    best: tuple[float, str] | None = None
    csv.field_size_limit(_LONGEST_CELL)
    for mark in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
        except csv.Error:  # a cell without end: no table with this mark
            continue
        width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]), default=(1, 0))
        if width > 1 and count > len(lines) / 2:
            share = count / len(lines) + min(width, 20) / 1000
            best = max(best, (share, mark)) if best else (share, mark)
    return best[1] if best else None


def _records(path: Path, text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(path, "table", why=error) from error
