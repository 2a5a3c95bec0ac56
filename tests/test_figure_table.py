"""Figures of sentences, against a table made by hand: every one of them, and no other."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.figures import find_figures

TABLE = Path(__file__).parent / "golden" / "figures.tsv"
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
CLOSE = Decimal("0.0001")


def expected(cell):
    """(printed, value, high, unit, qualifier, period or None) of a cell."""
    printed, _, said = cell.rpartition("=")
    if said.startswith("@"):
        return printed, None, None, None, None, said[1:]
    value, unit, qualifier, *period = said.split(",")
    low, _, high = value.partition("..")
    return printed, Decimal(low), Decimal(high) if high else None, unit, qualifier, period[0][1:] if period else None


def test_the_table_is_large_and_half_english():
    english = [row for row in ROWS if row[0].isascii() or row[0][0].isascii()]
    assert len(ROWS) >= 200
    assert 0.4 <= len(english) / len(ROWS) <= 0.6


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_every_figure_and_no_other(row):
    sentence, *cells = row
    wanted = [expected(cell) for cell in cells if cell]
    found = find_figures(sentence)
    assert [figure.text for figure in found] == [printed for printed, *_ in wanted]
    for figure, (_, value, high, unit, qualifier, period) in zip(found, wanted, strict=True):
        if value is None:
            assert (figure.kind, figure.period) == ("date", period)
            continue
        assert abs(figure.value - value) < CLOSE
        assert (figure.high, figure.unit, figure.qualifier) == (high, unit, qualifier)
        assert period is None or figure.period == period
