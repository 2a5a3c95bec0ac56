"""The gold that the benchmark of documents measures against."""

import lzma
from pathlib import Path

import pypdfium2
import pytest

from ingest.figures import find_figures
from tests.benchmark.cells import hand_cells
from tests.benchmark.filings import FOLDERS, questions
from tests.benchmark.filings import PARTS as FILINGS
from tests.benchmark.prospectuses import PARTS, gold, squashed

DATA = Path(__file__).parents[2] / "shared" / "data"
SHARED = DATA / "benchmarks" / "prospectus-dev"
GOLD = [(expected, quotes) for part in PARTS for expected, quotes in gold(part)]


def test_every_answer_stands_in_its_quotes():
    assert len(GOLD) >= 100
    assert len({expected.id for expected, _ in GOLD}) == len({expected.question for expected, _ in GOLD}) == len(GOLD)
    for expected, quotes in GOLD:
        figures = [figure for quote in quotes for figure in find_figures(quote)]
        for wanted in expected.figures:
            assert any(figure.value == wanted.value for figure in figures), expected.id
        assert not expected.names or any(name in quote for name in expected.names for quote in quotes), expected.id


def test_cells_of_real_reports_are_known():
    cells = hand_cells()
    assert len(set(cells)) == len(cells) >= 200
    assert all(cell.row and cell.column and cell.value and cell.page > 0 for cell in cells)


@pytest.mark.skipif(not SHARED.exists(), reason="the prospectuses are not in the project: ../shared/data is needed")
def test_every_quote_stands_in_its_prospectus():
    texts = {path.stem: squashed(lzma.decompress(path.read_bytes()).decode()) for path in SHARED.glob("*.txt.xz")}
    assert [e.id for e, quotes in GOLD if not all(squashed(quote) in texts[e.document] for quote in quotes)] == []


def test_every_filing_is_asked_of_in_one_part():
    asked = {part: questions(part) for part in FILINGS}
    every = [one for rows in asked.values() for one in rows]
    assert len({one["id"] for one in every}) == len({one["question"] for one in every}) == len(every) >= 60
    tune, report = ({one["document"].split("_")[0] for one in rows} for rows in asked.values())
    assert not tune & report


@pytest.mark.skipif(not DATA.exists(), reason="the filings are not in the project: ../shared/data is needed")
def test_every_figure_stands_on_its_pages():
    files = {path.name: path for folder in FOLDERS for path in (DATA / folder).glob("*.pdf")}
    missing = []
    for one in [one for part in FILINGS for one in questions(part)]:
        pdf = pypdfium2.PdfDocument(files[one["document"]])
        value = float(one["value"])
        forms = [f"{value:,.1f}", *(f"{value / scale:,.0f}" for scale in (1, 10**3, 10**6))]
        texts = [pdf[page - 1].get_textpage().get_text_range() for page in one["pages"]]
        missing += [one["id"] for text in texts if not any(form in text for form in forms)]
    assert missing == []
