"""What is made of the rows of tables: figures, chunks, answers."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import ReportChat
from index.library import Library
from ingest.heads import period_of
from ingest.loaders.types import Loaded
from ingest.notes import Measure, measure
from ingest.read import document_from_text
from ingest.split import split
from ingest.tables import figures
from ingest.types import Cell, Document, Row


def table(title, caption, heads, rows, before="", after=""):
    """A Document with one table: each row a label and its cells, in the text parted by tabs."""
    text, found = before, []
    for label, *cells in rows:
        start = len(text)
        text += label
        made = []
        for head, cell in zip(heads, cells, strict=True):
            text += "\t"
            made.append(Cell(len(text), len(text) + len(cell), head))
            text += cell
        found.append(Row(start, len(text), label, caption, tuple(made)))
        text += "\n"
    plain = document_from_text(title, text + after)
    fields = {name: getattr(plain, name) for name in Document.__slots__}
    return Document(**{**fields, "rows": tuple(found)})


CHINESE = table(
    "某某公司2023年年度报告",
    "主要财务指标 单位：人民币百万元",
    ["2023年", "2022年", "同比增减"],
    [
        ["营业收入", "12,345.67", "11,000.00", "12.23%"],
        ["归属于上市公司股东的净利润", "(231.50)", "98.20", "-335.74%"],
        ["研发投入", "1,052.33", "—", "不适用"],
        ["员工人数", "8,321", "8,004", "3.96%"],
        ["每股收益（元/股）", "0.52", "0.48", "8.33%"],
    ],
)
ENGLISH = table(
    "Northwind ESG report 2022",
    "Greenhouse gas emissions (tCO2e)",
    ["2022", "2021", "Baseline 2019"],
    [
        ["Scope 1", "1,234.5", "1,300", "1,500"],
        ["Scope 2 (market-based)", "2,100", "2,250", "2,400"],
        ["Scope 2 (location-based)", "2,900", "–", "3,400"],
    ],
)


def found(document):
    return {(f.label, f.period, f.text): f for f in figures(document)}


def test_unit_and_scale_of_the_caption():
    by = found(CHINESE)
    revenue = by["营业收入", "2023", "12,345.67"]
    assert (revenue.value, revenue.unit, revenue.kind) == (Decimal("12345670000"), "元", "money")
    loss = by["归属于上市公司股东的净利润", "2023", "(231.50)"]
    assert loss.value == Decimal("-231500000")
    assert by["研发投入", "2022", "—"].value == 0
    assert by["员工人数", "2023", "8,321"].value == 8321
    assert by["员工人数", "2023", "8,321"].unit == "人"
    share = by["每股收益（元/股）", "2022", "0.48"]
    assert (share.value, share.unit) == (Decimal("0.48"), "元/股")
    assert by["营业收入", None, "12.23%"].unit == "%"
    assert ("研发投入", None, "不适用") not in by


def test_english_cells():
    by = found(ENGLISH)
    assert by["Scope 1", "2022", "1,234.5"].unit == "tCO2e"
    assert by["Scope 2 (location-based)", "2021", "–"].value == 0
    assert by["Scope 1", "2019", "1,500"].value == 1500


def test_heads_of_the_report_year_and_row_units():
    document = table(
        "2023年年度报告",
        "合并利润表",
        ["单位", "附注", "本期", "上期"],
        [["用电量", "万千瓦时", "5", "120", "(100)"], ["基本每股收益", "元/股", "", "1.2", "1.1"]],
    )
    by = found(document)
    power = by["用电量", "2023", "120"]
    assert (power.value, power.unit) == (Decimal(1200000), "千瓦时")
    assert by["用电量", "2022", "(100)"].value == -1000000
    assert by["基本每股收益", "2023", "1.2"].unit == "元/股"
    assert not any(f.text == "5" for f in by.values())


def test_currency_that_stands_in_some_cells():
    document = table(
        "Example Inc 2022 10-K",
        "Consolidated statements of income (in millions, except per share data)",
        ["Years ended December 31, 2022", "Years ended December 31, 2021"],
        [
            ["Net sales", "$ 34,229", "$ 35,355"],
            ["Cost of sales", "19,232", "18,795"],
            ["Effective tax rate", "9.6 %", "17.8 %"],
            ["Weighted average shares outstanding", "566.0", "579.0"],
            ["Earnings per share, basic", "$ 10.21", "$ 10.23"],
        ],
    )
    by = {(f.label, f.period): f for f in figures(document)}
    assert by["Cost of sales", "2022"].value == 19232000000
    assert by["Cost of sales", "2022"].unit == "USD"
    assert by["Effective tax rate", "2021"].value == Decimal("17.8")
    assert by["Weighted average shares outstanding", "2022"].unit == "share"
    assert by["Weighted average shares outstanding", "2022"].value == 566000000
    assert by["Earnings per share, basic", "2022"].value == Decimal("10.21")


def test_prose_in_cells_is_read_as_prose():
    said = "2023年累计服务了12万户客户，并在28个省份设立了机构，员工满意度得到提升。"
    by = figures(table("2023年报告", "单位：万元", ["说明"], [["概况", said]]))
    assert [f.text for f in by] == ["2023年", "12万户", "28个"]
    assert by[1].value == 120000


@pytest.mark.parametrize(
    ("note", "unit", "scale"),
    [
        ("单位：人民币百万元", "元", 10**6),
        ("单位：千元 币种：人民币", "元", 1000),
        ("除特别注明外，金额单位为人民币万元", "元", 10**4),
        ("范围一（万吨二氧化碳当量）", "吨二氧化碳当量", 10**4),
        ("(in thousands, except per share)", "", 1000),
        ("$ and shares in millions", "USD", 10**6),
        ("RMB'000", "CNY", 1000),
        ("US$m", "USD", 10**6),
        ("Water withdrawal (ML)", "ML", 1),
        ("% of revenue", "%", 1),
        ("Scope 1 (million tonnes CO2e)", "tCO2e", 10**6),
    ],
)
def test_notes(note, unit, scale):
    stated = measure(note)
    assert (stated.unit, stated.scale) == (unit, scale)


@pytest.mark.parametrize(
    "note", ["2022 vs. 2021", "Year ended December 31, 2022", "Total assets", "Less than 1 year", ""]
)
def test_no_notes(note):
    assert measure(note) is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_note_is_read(note):
    stated = measure(note)
    assert stated is None or stated == Measure(stated.unit, stated.scale, stated.spared)
    period_of(note, "2023")


@pytest.mark.parametrize(
    ("head", "period"),
    [
        ("FY2022", "2022"),
        ("2023年12月31日", "2023-12-31"),
        ("本期", "2023"),
        ("上年同期", "2022"),
        ("期初余额", "2022-12-31"),
        ("Q2 2023", "2023-Q2"),
        ("Three Months Ended June 30, 2023", "2023-Q2"),
        ("Six months ended July 1, 2023", "2023-H1"),
        ("Fiscal Years Ended January 28, 2023", "2023"),
        ("2022 vs. 2021", "2022"),
        ("Prior year", "2022"),
        ("Asia Pacific", None),
    ],
)
def test_periods_of_heads(head, period):
    assert period_of(head, "2023") == period


LABELS = st.text(st.sampled_from("营业收入成本研发Scope 12"), min_size=1, max_size=12).filter(str.strip)
CELLS = st.sampled_from(["1,234", "(56.7)", "—", "12.5%", "", "$ 99", "n/a", "2021", "3.2万元", "见附注"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(LABELS, CELLS, CELLS), min_size=1, max_size=40),
    st.sampled_from(["", "报告正文第一段。\n", "x" * 900 + "\n"]),
)
def test_figures_stand_in_their_cells_and_rows_are_never_cut(rows, before):
    document = table("2023", "单位：万元", ["2023年", "2022年"], rows, before, "\n后文。")
    cells = {(cell.start, cell.end) for row in document.rows for cell in row.cells}
    for figure in figures(document):
        assert document.text[figure.start : figure.end] == figure.text
        if document.rows[0].start <= figure.start < document.rows[-1].end:
            assert any(a <= figure.start and figure.end <= b for a, b in cells)
    chunks = split(document)
    for row in document.rows:
        assert any(chunk.start <= row.start and row.end <= chunk.end for chunk in chunks)
    for chunk in chunks:
        assert chunk.text == document.text[chunk.start : chunk.end]


def test_chunks_of_a_table_carry_what_stands_over_them():
    document = table("2023", "研发情况 单位：万元", ["2023年"], [[f"项目{n}", str(n)] for n in range(400)])
    chunks = split(document)
    assert len(chunks) > 3
    assert all("研发情况 单位：万元" in chunk.context and "2023年" in chunk.context for chunk in chunks)
    assert all(chunk.context not in chunk.text for chunk in chunks)


def chat_of(*documents):
    library = Library.in_memory()
    for document in documents:
        library.add(document)
    return ReportChat(library)


@pytest.mark.parametrize(
    ("question", "direct", "value"),
    [
        ("2023年研发投入是多少?", "1,052.33", "1052330000"),
        ("2022年营业收入是多少？", "11,000.00", "11000000000"),
        ("2023年员工人数有多少?", "8,321", "8321"),
        ("2023年归属于上市公司股东的净利润是多少？", "(231.50)", "-231500000"),
    ],
)
def test_chinese_cells_answer(question, direct, value):
    answer = chat_of(CHINESE).ask(question)
    assert answer.found, answer.text
    assert answer.direct.startswith(direct)
    assert answer.to_dict()["figures"][0]["value"] == value
    quote = answer.quotes[0]
    assert "\t" in quote.text and direct in quote.text


@pytest.mark.parametrize(
    ("question", "direct"),
    [
        ("What were Scope 1 emissions in 2022?", "1,234.5"),
        ("What were Scope 1 emissions in 2021?", "1,300"),
        ("What were market-based Scope 2 emissions in 2022?", "2,100"),
        ("How much were the location-based scope 2 emissions in 2022?", "2,900"),
    ],
)
def test_english_cells_answer(question, direct):
    answer = chat_of(ENGLISH).ask(question)
    assert answer.direct.startswith(direct), answer.text


def test_a_year_that_the_table_does_not_have_is_not_answered():
    assert not chat_of(CHINESE).ask("2019年研发投入是多少?").found
    assert not chat_of(ENGLISH).ask("What were Scope 1 emissions in 2016?").found


def test_loaded_rows_reach_the_document():
    assert Loaded("a\t1", rows=(Row(0, 3, "a", "", (Cell(2, 3, "2022"),)),)).rows[0].cells[0].header == "2022"


def test_leaders_and_the_sign_of_the_first_value_are_no_part_of_a_name():
    made = table(
        "Report 2015", "(In thousands)", ["2015", "2014"], [["Trade payables........... $", "93,307", "$ 68,377"]]
    )
    assert {(f.label, f.value, f.unit) for f in figures(made)} == {
        ("Trade payables", Decimal(93_307_000), "USD"),
        ("Trade payables", Decimal(68_377_000), "USD"),
    }
