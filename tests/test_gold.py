"""The gold that the benchmark of documents measures against."""

import lzma
from pathlib import Path

import pytest

from ingest.figures import find_figures
from tests.benchmark.cells import hand_cells
from tests.benchmark.prospectuses import PARTS, gold, squashed

SHARED = Path(__file__).parents[2] / "shared" / "data" / "benchmarks" / "prospectus-dev"
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
