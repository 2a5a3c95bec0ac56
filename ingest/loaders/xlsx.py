"""Excel workbooks: a sheet is a page, values as they are shown. The only file that imports openpyxl."""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile, UnsafeFile
from ingest.loaders.grid import is_value
from ingest.loaders.number_format import shown
from ingest.loaders.package import Package
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import TableCell, Writer

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_DOCTYPE = re.compile(rb"<!\s?(?:DOCTYPE|ENTITY)|<\0!\0D\0O\0C\0|\0<\0!\0D\0O\0C", re.IGNORECASE)
_UNCOUNTED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s?/>|<v></v>)?\s*</c>")
_MERGED = re.compile(rb"<mergeCell\s[^>]*?ref=\"([A-Za-z]{1,3})(\d{1,9}):([A-Za-z]{1,3})(\d{1,9})\"")
_MOST_CELLS = 3_000_000
_WIDEST = 1000  # columns of a merged cell

Place = tuple[int, int]  # row and column, from 1


def load_xlsx(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The visible sheets in order, each table of them with its heads; what is hidden is left out and said."""
    package = Package(path, data)
    notes = list(_checked(path, package))
    book = _opened(path, data)
    writer = Writer()
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    notes += [f"the sheet {sheet.title!r} is hidden: left out" for sheet in book.worksheets if sheet not in sheets]
    for number, sheet in enumerate(sheets, 1):
        if number > 1:
            writer.page()
        notes += _sheet(writer, sheet, named=len(sheets) > 1 or not sheet.title.lower().startswith("sheet"))
        on_page(number, len(sheets))
    return writer.loaded(package.title(), notes)


def _checked(path: Path, package: Package) -> Iterator[str]:
    """What is to be said of the sheets as they are stored; UnsafeFile where one defines entities."""
    for name in package.names(".xml"):
        part = package.read(name)
        if _DOCTYPE.search(part[:4096]):
            raise UnsafeFile(path, "entities")
        if name.startswith("xl/worksheets/") and part.count(b"<c ") > _MOST_CELLS:
            raise UnreadableFile(path, "many cells", most=_MOST_CELLS)
        if sum(_area(*match.groups()) for match in _MERGED.finditer(part)) > _MOST_CELLS:
            raise UnsafeFile(path, "merged cells", most=_MOST_CELLS)
        if name.startswith("xl/worksheets/") and (missing := len(_UNCOUNTED.findall(part))):
            yield f"{missing:,} formulas have no stored result: open it in a spreadsheet program and save it"


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> int:
    """How many places a merged cell covers: openpyxl keeps an object for each."""

    def number(letters: bytes) -> int:
        return sum((letter - 64) * 26**place for place, letter in enumerate(reversed(letters.upper())))

    return (number(right) - number(left) + 1) * (int(bottom) - int(top) + 1)


def _opened(path: Path, data: bytes) -> Workbook:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
        try:
            return openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        except Exception as error:
            raise UnreadableFile(path, "workbook", why=f"{type(error).__name__}: {error}".rstrip(".")) from error


def _sheet(writer: Writer, sheet: Worksheet, *, named: bool) -> Iterator[str]:
    if named:
        writer.heading(sheet.title)
    cells, hidden = _visible(sheet)
    areas = _areas(sheet, cells)
    for block in _tables(cells):
        first = next((index for index, row in enumerate(block) if not _alone(cells[row])), len(block))
        for row in block[:first]:
            writer.line(next(iter(cells[row].values())))
        columns = sorted({column for row in block[first:] for column in cells[row]})
        writer.table([list(_line(row, columns, cells[row], areas)) for row in block[first:]])
    if hidden:
        yield f"{hidden:,} cells in hidden rows or columns of {sheet.title!r}: left out"


def _visible(sheet: Worksheet) -> tuple[dict[int, dict[int, str]], int]:
    """What each visible cell shows, by row and column, without those that are empty; and how many are hidden."""
    out_rows = {number for number, about in sheet.row_dimensions.items() if about.hidden}
    out_columns = {
        column
        for about in sheet.column_dimensions.values()
        if about.hidden
        for column in range(about.min or 0, (about.max or 0) + 1)
    }
    cells: dict[int, dict[int, str]] = {}
    hidden = 0
    for (row, column), cell in sorted(sheet._cells.items()):  # iter_rows would walk every place up to the last
        said = " ".join(shown(cell.value, cell.number_format).split())
        if said and (row in out_rows or column in out_columns):
            hidden += 1
        elif said:
            cells.setdefault(row, {})[column] = said
    return cells, hidden


def _areas(sheet: Worksheet, cells: dict[int, dict[int, str]]) -> dict[Place, tuple[Place, int, int]]:
    """Where merged cells are: each place that one covers in a row with text, with its corner, last row and last column."""
    rows = sorted(cells)
    found: dict[Place, tuple[Place, int, int]] = {}
    for area in sheet.merged_cells.ranges:
        for row in rows[bisect_left(rows, area.min_row) : bisect_right(rows, area.max_row)]:
            for column in range(area.min_col, min(area.max_col, area.min_col + _WIDEST) + 1):
                found[row, column] = ((area.min_row, area.min_col), area.max_row, area.max_col)
    return found


def _tables(cells: dict[int, dict[int, str]]) -> Iterator[list[int]]:
    """The rows of each table: a new one begins behind an empty row where the next row of several cells is of heads."""
    block: list[int] = []
    for row in cells:
        if block and row > block[-1] + 1 and _heads_next(row, cells):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _heads_next(row: int, cells: dict[int, dict[int, str]]) -> bool:
    """Whether the first row of several cells, from this one on without a gap, holds no values behind its first cell."""
    while row in cells and _alone(cells[row]):
        row += 1
    return row not in cells or not any(is_value(said) for said in list(cells[row].values())[1:])


def _alone(cells: dict[int, str]) -> bool:
    return len(cells) == 1 and not is_value(next(iter(cells.values())))


def _line(
    row: int, columns: Sequence[int], cells: dict[int, str], areas: dict[Place, tuple[Place, int, int]]
) -> Iterator[TableCell]:
    """The cells of a row, without those that a merged cell covers."""
    for column in columns:
        corner, last_row, last_column = areas.get((row, column), ((row, column), row, column))
        if corner == (row, column):
            across = sum(column <= one <= last_column for one in columns)
            yield TableCell(cells.get(column, ""), across, last_row - row + 1)
