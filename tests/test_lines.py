"""A question on one line of a statement is answered from its row, whatever the statement calls it."""

from decimal import Decimal

import pytest

from chat import ReportChat
from chat.question import understand
from chat.statements import statement_rows
from chat.titled import called_by, calls
from index.library import Library
from index.lines import mark, marks, named, statements_of
from ingest.read import document_from_text
from ingest.types import Document, Page
from tests.test_tables import table

MILLIONS = "(in millions)"
BALANCE = table(
    "Northwind 2021 10K",
    f"NORTHWIND CORPORATION\nCONSOLIDATED BALANCE SHEETS\n{MILLIONS}",
    ["August 29, 2021", "August 30, 2020"],
    [
        ["Cash and cash equivalents", "$ 11,258", "$ 12,277"],
        ["Receivables, net of allowances of $5 and $6", "1,803", "1,550"],
        ["Merchandise inventories", "14,215", "12,242"],
        ["Other current assets", "1,312", "1,023"],
        ["Total current assets", "28,588", "27,092"],
        ["Property and equipment", "33,492", "30,807"],
        ["Less accumulated depreciation", "(10,000)", "(9,000)"],
        ["Property and equipment, net", "23,492", "21,807"],
        ["Total assets", "$ 59,268", "$ 55,556"],
        ["Accounts payable", "16,278", "14,172"],
        ["Total current liabilities", "29,441", "24,844"],
        ["Total liabilities", "41,190", "36,851"],
        ["Total Northwind stockholders’ equity", "17,564", "18,284"],
        ["Total liabilities and equity", "$ 59,268", "$ 55,556"],
    ],
)
BALANCE_WITH_GOODWILL = table(
    "Northwind statements 2021",
    f"CONSOLIDATED BALANCE SHEETS\n{MILLIONS}",
    ["2021", "2020"],
    [["Goodwill", "10", "11"], ["Total assets", "59", "55"], ["Total liabilities", "41", "36"]],
)
FLOWS = table(
    "Northwind 2021 10K, part 2",
    f"NORTHWIND CORPORATION\nCONSOLIDATED STATEMENTS OF CASH FLOWS\n{MILLIONS}",
    ["52 Weeks Ended August 29, 2021", "52 Weeks Ended August 30, 2020"],
    [
        ["Net income including noncontrolling interests", "$ 5,079", "$ 4,059"],
        ["Depreciation and amortization", "1,781", "1,645"],
        ["Accounts payable", "1,838", "2,261"],
        ["Net cash provided by (used in) operating activities", "8,958", "8,861"],
        ["Additions to property and equipment", "(3,588)", "(2,810)"],
        ["Cash dividend payments", "(5,748)", "(1,479)"],
    ],
)
SOUTH = table(
    "某某南风公司2023年年度报告",
    "合并资产负债表\n单位：人民币百万元",
    ["2023年12月31日", "2022年12月31日"],
    [
        ["货币资金", "120", "110"],
        ["应收账款", "80", "70"],
        ["存货", "55", "50"],
        ["流动资产合计", "300", "280"],
        ["固定资产", "410", "400"],
        ["资产总计", "900", "850"],
        ["应付账款", "66", "60"],
        ["长期待摊费用", "7", "6"],
        ["其他流动资产", "9", "8"],
    ],
)


@pytest.fixture(scope="module")
def chat():
    library = Library.in_memory()
    for document in (BALANCE, FLOWS, SOUTH):
        library.add(document)
    return ReportChat(library)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("What is the FY2021 capital expenditure of Northwind? Answer in USD millions.", -3588),
        ("How much was Northwind's capex in FY2020 (in USD millions)?", -2810),
        ("Using only the balance sheet, what is the year end FY2021 net PP&E for Northwind?", 23492),
        ("What is Northwind's year end FY2020 total current liabilities (in USD millions)?", 24844),
        ("What is the year end FY2021 amount of inventories for Northwind in USD millions?", 14215),
        ("What were the trade receivables of Northwind at the end of FY2021?", 1803),
        ("What is Northwind's FY2021 accounts payable? Answer in USD millions.", 16278),
        ("What were total liabilities of Northwind in FY2021?", 41190),
        ("What is Northwind's total shareholders' equity in FY2021?", 17564),
        ("What was Northwind's cash flow from operations in FY2020?", 8861),
        ("How much did Northwind pay out in cash dividends in FY2021 (in USD millions)?", -5748),
        ("Northwind 2021财年的资本开支是多少百万美元？", -3588),
        ("Northwind 2021财年末的总资产是多少？", 59268),
        ("What were Northwind's other current assets in FY2021?", 1312),
        ("南风公司2023年末的总资产是多少？", 900),
        ("南风公司2022年末的货币资金是多少百万元？", 110),
        ("南风公司2023年末的长期待摊费用是多少？", 7),
        ("截至2022年末，南风其他流动资产有多少百万元？", 8),
        ("What were the total assets of 南风 at the end of 2023?", 900),
    ],
)
def test_the_row_of_the_statement_answers(chat, question, value):
    answer = chat.ask(question)
    assert [figure.figure.value for figure in answer.figures] == [Decimal(value) * 10**6]


@pytest.mark.parametrize(
    "question",
    [
        "What is the FY2019 capital expenditure of Northwind?",
        "What is the FY2021 capital expenditure of Southwind?",
        "What is the FY2021 capital expenditure of Northwind's Canadian segment?",
        "Why did accounts payable of Northwind rise in FY2021?",
        "By how much did Northwind's total assets increase in FY2021?",
        "What is the FY2021 capital expenditure?",
        "What were the total assets per share of Northwind in FY2021?",
        "How much was capital expenditure less depreciation and amortization of Northwind in FY2021?",
        "What were the deferred revenues of Northwind in FY2021?",
        "What were the long current assets of Northwind in FY2021?",
        "How many Northwind stores were there in FY2021?",
    ],
)
def test_what_is_not_asked_of_a_line_alone_is_left_to_the_reader(chat, question):
    assert all(chat._lines.findings(heard) == [] for heard in chat.hear(question))


def test_both_years_are_answered(chat):
    answer = chat.ask("What were Northwind's total assets in FY2020 and FY2021?")
    assert sorted(figure.figure.value for figure in answer.figures) == [55556 * 10**6, 59268 * 10**6]


def test_the_longest_name_is_meant():
    (one,) = named("what was the net income attributable to shareholders?")
    assert one.line.printed[0] == "net income attributable to"
    assert len(named("how much is revenue less cost of sales?")) == 2
    assert named(understand("How many shops are there?").folded) == []


@pytest.mark.parametrize(
    ("question", "statements"),
    [
        ("What is the FY2021 capex of Northwind?", {"cash"}),
        ("What was the gross margin in 2021?", {"income"}),
        ("Has the quick ratio improved?", {"balance"}),
        ("Using the balance sheet, what was revenue?", {"balance"}),
        ("What were net sales of the Health segment?", set()),
        ("2021年末的应付账款是多少？", {"balance"}),
        ("How many shops are there?", set()),
    ],
)
def test_the_statements_that_a_question_is_on_are_known(question, statements):
    assert statements_of(question) == statements


def test_the_parts_of_a_statement_are_marked():
    rows = "Total assets\t59,268\t55,556\nTotal liabilities\t41,190\t36,851"
    assert marks("CONSOLIDATED BALANCE SHEET S", rows) == [mark("balance")]
    assert marks("Segment assets", rows) == []
    assert marks("", "Total assets are 59,268 and total liabilities 41,190.") == []
    assert marks("合并利润表", "一、营业收入\t12\t11\n减：营业成本\t7\t6") == [mark("income")]


def test_a_page_of_the_statement_is_found_before_others_that_say_more():
    library = Library.in_memory()
    prose = "Note 3. Goodwill of Northwind. Goodwill in 2021 is the goodwill of shops bought; goodwill is tested each year. "
    library.add(document_from_text("Northwind notes", "\n\n".join(prose + str(number) for number in range(30))))
    library.add(BALANCE_WITH_GOODWILL)
    assert "Goodwill\t" in library.retrieve("What is the year end 2021 goodwill of Northwind?", 1)[0].chunk.text


def test_the_group_comes_before_its_parent():
    rows = [["流动资产合计", "30", "28"], ["固定资产", "41", "40"], ["资产总计", "95", "90"]]
    heads = ["2023年12月31日", "2022年12月31日"]
    group = table("某某南风公司2023年年度报告", "合并资产负债表\n单位：人民币百万元", heads, rows)
    smaller = [[name, *(str(int(value) - 9) for value in values)] for name, *values in rows]
    parent = table("南风", "母公司资产负债表\n单位：人民币百万元", heads, smaller, before=group.text)
    fields = {name: getattr(group, name) for name in type(group).__slots__}
    both = type(group)(**{**fields, "text": parent.text, "source_text": parent.text, "rows": group.rows + parent.rows})
    library = Library.in_memory()
    library.add(both)
    answer = ReportChat(library).ask("南风公司2023年末的总资产是多少？")
    assert [figure.figure.value for figure in answer.figures] == [95 * 10**6]


@pytest.mark.parametrize(
    ("title", "name", "called"),
    [
        ("Johnson Johnson 2022 10K", "j&j", True),
        ("American Express 2022 10K", "amex", True),
        ("BESTBUY_2019_10K", "buy", True),
        ("Costco 2021 10K", "好市多", True),
        ("Costco 2021 10K", "canada", False),
        ("某某南风公司2023年年度报告", "南风", True),
        ("某某南风公司2023年年度报告", "北风", False),
    ],
)
def test_what_a_report_is_called_by(title, name, called):
    assert calls(name, called_by(document_from_text(title, "Text."))) is called


def test_the_statement_comes_before_one_of_a_guarantor_in_the_notes():
    rows = [
        ["Total current assets", "30", "28"],
        ["Goodwill", "41", "40"],
        ["Total assets", "95", "90"],
        ["Accounts payable", "7", "6"],
    ]
    caption, heads = "Consolidated Balance Sheets (in millions)", ["2023", "2022"]
    smaller = [[name, *(str(int(value) - 5) for value in values)] for name, *values in rows]
    first = table("Northwind 2023", caption, heads, rows)
    whole = table("Northwind 2023", caption, heads, [*smaller, ["Inventories", "1", "2"]], before=first.text)
    text, end = whole.text, len(first.text)
    fields = {name: getattr(whole, name) for name in Document.__slots__}
    marks = [0, end, end, end, len(text)]
    pages = tuple(Page(number, marks[number - 1], marks[number]) for number in range(1, 5))
    both = Document(**{**fields, "rows": first.rows + whole.rows, "pages": pages})
    places = {document_row.label: place for place, document_row in statement_rows(both, "balance")}
    assert set(places) == {row.label for row in first.rows}
    assert {both.page_at(row.start) for _, row in statement_rows(both, "balance")} == {1}
