"""Figures of a library by label, unit, period and document, against a plain loop over all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import ReportChat
from index.figure_query import FigureQuery
from ingest.fold import fold
from ingest.read import document_from_text

TEXTS = {
    "甲报2022": "截至2022年底,甲公司服务小微客户210万户,收入5.5亿元,不良率为1.35%。",
    "甲報2023": "截至2023年底,甲公司服務小微客戶260萬戶,收入6.5億元,不良率為1.21%。另有100%_的折扣。",
    "beta": "In 2023, Beta served 4,200 customers and spent $4.5 million on research. Staff grew 12%.",
}


@pytest.fixture(scope="module")
def library():
    return ReportChat.from_texts(TEXTS).library


@given(
    label=st.sampled_from(["", "小微客户", "小微客戶", "客", "customers", "%", "_", "\\", "收入"]),
    unit=st.sampled_from(["", "户", "%", "元", "customer"]),
    period=st.sampled_from(["", "2023", "2022-12", "%"]),
    order=st.sampled_from(["place", "value", "label", "period", "unit"]),
    descending=st.booleans(),
    dates=st.booleans(),
)
def test_as_a_plain_loop_finds_them(library, label, unit, period, order, descending, dates):
    query = FigureQuery(label=label, unit=unit, period=period, order=order, descending=descending, dates=dates)
    wanted = [
        (document, figure)
        for document, figure in library.figures()
        if fold(label) in fold(figure.label)
        and unit in ("", figure.unit)
        and (figure.period or "").startswith(period)
        and (figure.period is not None or not period)
        and (dates or figure.kind not in ("date", "ordinal"))
    ]
    found = library.find_figures(query, 1000)
    assert sorted(found, key=str) == sorted(wanted, key=str)
    assert library.count_figures(query) == len(wanted)
    if order == "value":
        values = [figure.value for _, figure in found]
        assert values == sorted(values, reverse=descending)


def test_pages_together_are_the_whole(library):
    query = FigureQuery(order="value", descending=True)
    whole = library.find_figures(query, 1000)
    paged = [row for at in range(0, len(whole), 3) for row in library.find_figures(query, 3, at)]
    assert paged == whole


def test_pages_are_of_what_the_library_holds_now():
    library = ReportChat.from_texts(TEXTS).library
    query = FigureQuery(order="value")
    before = library.find_figures(query, 1000, 1)
    library.add(document_from_text("gamma", "In 2023, Gamma planted 7 trees."))
    assert len(library.find_figures(query, 1000, 1)) == len(before) + 2
    library.remove("gamma")
    assert library.find_figures(query, 1000, 1) == before
    assert library.find_figures(query, 10, 500) == []


def test_units_and_years(library):
    units = dict(library.figure_units())
    assert units["户"] == 2
    assert sum(units.values()) == len(library.figures())
    assert library.figure_years()[:2] == ["2023", "2022"]


def test_whole_labels_and_one_document(library):
    label = next(figure.label for _, figure in library.figures() if figure.unit == "户")
    assert library.find_figures(FigureQuery(label=label[:-1], whole=True)) == []
    assert library.find_figures(FigureQuery(label=label, whole=True))
    beta = next(info.id for info in library.documents() if info.name == "beta")
    found = library.find_figures(FigureQuery(document=beta))
    assert found
    assert {document for document, _ in found} == {beta}
