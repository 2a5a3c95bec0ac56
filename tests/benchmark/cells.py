"""Cells and text of PDFs against what is known: a second extractor on real reports, and the maker of test PDFs."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path

from ingest.loaders import ocr
from ingest.read import read_document
from ingest.types import Document
from tests.benchmark.score import Lines, Measure, Score
from tests.make_pdf import Pdf

_CELLS = Path(__file__).parents[1] / "golden" / "cells.tsv"
_SAMPLED, _SEED = 40, 20240601
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
_TEXT = (
    "公司坚持绿色发展，全年节约用电一千二百万千瓦时，减少二氧化碳排放八千三百吨。截至2023年底，已有三十七家工厂通过环境管理体系认证，"
    "覆盖全部生产基地的百分之九十二。董事会下设可持续发展委员会，每季度审议一次目标的进展，并向股东公开披露。"
)
_NAMES = (
    "营业收入 营业成本 研发投入 净利润 员工人数 用电量 用水量 范围一排放 范围二排放 培训时长 纳税总额 捐赠支出".split()
)


def real_cells(documents: dict[Path, Document]) -> Score:
    """Of the numbers in lines of two and more, as pdfplumber has them, those that stand whole, in order and behind the
    first word of their line on one line of our text of the page.
    """
    import pdfplumber

    pages = [
        (path, page)
        for path, document in documents.items()
        for page in sorted({document.page_at(row.start) for row in document.rows})
    ]
    chosen = sorted(random.Random(_SEED).sample(pages, min(_SAMPLED, len(pages))))
    right = total = 0
    for path, numbers in groupby(chosen, key=lambda one: one[0]):
        document = documents[path]
        with pdfplumber.open(path) as pdf:
            for _, number in numbers:
                page = document.pages[number - 1]
                ours = document.text[page.start : page.end].split("\n")
                for first, wanted in _plumbed(pdf.pages[number - 1]):
                    right += _covered(wanted, first, ours)
                    total += len(wanted)
    return Score("Real PDFs: numbers whole and in their row (pdfplumber beside)", right, total, 0.97, 0.995)


def _plumbed(page) -> Iterator[tuple[str, list[str]]]:
    """(first word, numbers) of each line of the page that has two and more numbers."""
    words = sorted(page.extract_words(), key=lambda word: (round(word["top"] / 3), word["x0"]))
    for _, line in groupby(words, key=lambda word: round(word["top"] / 3)):
        texts = [word["text"] for word in line]
        numbers = [match[0] for text in texts for match in _NUMBER.finditer(text)]
        names = [text for text in texts if re.fullmatch(r"[A-Za-z]{3,}", text)]
        if len(numbers) > 1 and names:
            yield names[0], numbers


def _covered(wanted: list[str], first: str, ours: Sequence[str]) -> int:
    """How many of the numbers our lines have; those of a table beside the first stand on a line of their own."""
    best = max((_in_order(wanted, line) for line in ours if first in line), default=0)
    rest = wanted[best:]
    return best + (max(_in_order(rest, line) for line in ours) if best and len(rest) > 1 else 0)


def _in_order(wanted: Sequence[str], line: str) -> int:
    """How many of the numbers stand in the line, whole and in order."""
    found = _NUMBER.findall(line)
    return sum(block.size for block in SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks())


@dataclass(frozen=True)
class HandCell:
    """A cell of a report as somebody read it off the page."""

    document: str
    page: int
    row: str
    column: str
    value: str

    def stands_in(self, document: Document) -> bool:
        """Whether a row of the page has the cell: its value whole, below its column's words, beside its row's label."""
        page = document.pages[self.page - 1]
        return any(
            _letters(self.row) in _letters(row.label)
            and _letters(self.value) == _letters(document.text[cell.start : cell.end])
            and all(word in _letters(cell.header) for word in map(_letters, self.column.split()))
            for row in document.rows
            if page.start <= row.start < page.end
            for cell in row.cells
        )


def hand_cells() -> list[HandCell]:
    """The cells of `tests/golden/cells.tsv`."""
    lines = _CELLS.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return [HandCell(name, int(page), row, column, value) for name, page, row, column, value in rows]


def read_cells(documents: dict[str, Document]) -> Score:
    """Of the cells read by hand, those that the documents have, with their row and column."""
    cells = hand_cells()
    right = [cell.stands_in(documents[cell.document]) for cell in cells]
    return Score("Real PDFs: cells read by hand, with row and column", sum(right), len(right), 0.97, 0.995)


def _letters(text: str) -> str:
    """A text without white space and currency signs, which tables set apart from the value."""
    return "".join(text.replace("$", "").split()).casefold()


def made_pdfs() -> Lines:
    """Chinese PDFs made here: one and two columns, ruled and open tables, and scans of the same."""
    chooser = random.Random(_SEED)
    cells = [0, 0]
    text = [0, 0]
    for ruled in (True, False) * 10:
        pdf, wanted = _table(chooser, ruled)
        _count(cells, wanted, read_document(Path("2023.pdf"), pdf.bytes()))
    for columns in (1, 2) * 5:
        said = ["".join(chooser.sample(_TEXT.split("，"), 6)) + "。" for _ in range(columns)]
        written = read_document(Path("a.pdf"), Pdf().columns(*said).bytes()).text
        text[0] += sum(_alike(one, written) for one in said)
        text[1] += sum(map(len, said))
    yield Score("Chinese PDFs made here: cells with row, head and value right", *cells, 0.98, 0.995)
    yield Score("Chinese PDFs made here: characters of paragraphs right", *text, 0.98, 0.995)
    if not ocr.available():
        yield Measure("Chinese scans", "left out: the OCR extra is not installed")
        return
    for dpi in (150, 300):
        cells = [0, 0]
        for ruled in (True, False):
            pdf, wanted = _table(chooser, ruled)
            document = read_document(Path("2023.pdf"), scanned(pdf.bytes(), dpi))
            _count(cells, wanted, document)
        yield Score(f"Chinese scans made here, {dpi} dpi: cells right", *cells, 0.95, 0.98)


def _table(chooser: random.Random, ruled: bool) -> tuple[Pdf, dict[tuple[str, str], str]]:
    """A PDF with a table, and its values by row and head."""
    heads = ["2023年", "2022年", "2021年"][: chooser.choice((2, 3))]
    names = chooser.sample(_NAMES, 8)
    rows = [[name, *(_value(chooser) for _ in heads)] for name in names]
    pdf = Pdf().paragraph(_TEXT).line("主要指标").line("单位：人民币万元", 360)
    pdf.table([["项目", *heads], *rows], [150, *[90] * len(heads)], ruled=ruled).paragraph(_TEXT)
    return pdf, {(row[0], head): value for row in rows for head, value in zip(heads, row[1:], strict=True)}


def _value(chooser: random.Random) -> str:
    number = f"{chooser.uniform(1, 10 ** chooser.randint(1, 6)):,.2f}"
    return chooser.choice((number, number, number, f"({number})", "—", f"{chooser.randint(1, 99)}.5%"))


def _count(cells: list[int], wanted: dict[tuple[str, str], str], document: Document) -> None:
    found = {(r.label, c.header): document.text[c.start : c.end] for r in document.rows for c in r.cells}
    cells[0] += sum(found.get(key) == value for key, value in wanted.items())
    cells[1] += len(wanted)


def _alike(wanted: str, text: str) -> int:
    return sum(block.size for block in SequenceMatcher(None, wanted, text, autojunk=False).get_matching_blocks())


def scanned(data: bytes, dpi: int) -> bytes:
    """The pages of a PDF as pictures of themselves."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader

    made = Pdf()
    for page in pypdfium2.PdfDocument(data):
        out = io.BytesIO()
        page.render(scale=dpi / 72).to_pil().save(out, "PNG")
        made.canvas.drawImage(ImageReader(io.BytesIO(out.getvalue())), 0, 0, 595, 842)
        made.page()
    return made.bytes()
