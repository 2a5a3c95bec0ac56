"""What a question tells the answerer is no part of what it asks."""

import pytest

from chat.instructions import asked_part
from chat.names import names_in
from chat.question import understand


@pytest.mark.parametrize(
    ("typed", "asked", "pointed"),
    [
        ("What was revenue in 2022? Answer in USD millions.", "What was revenue in 2022?", ""),
        ("Assume that you are an equity analyst. How much debt is there?", "How much debt is there?", ""),
        (
            "Using only the data shown within the balance sheet, how much cash does Northwind hold?",
            "how much cash does Northwind hold?",
            "balance sheet",
        ),
        ("Please answer the following question: what is the net income?", "what is the net income?", ""),
        ("What was the net profit (in RMB millions) in 2023?", "What was the net profit in 2023?", ""),
        ("2023年营业收入是多少？请以百万元为单位作答。", "2023年营业收入是多少？", ""),
        ("请根据报告回答以下问题：2023年研发投入是多少？", "2023年研发投入是多少？", ""),
        ("According to the 2022 report, what was revenue?", "According to the 2022 report, what was revenue?", ""),
        ("Give me the revenue of 2022.", "Give me the revenue of 2022.", ""),
        ("Please tell me how many users there are.", "Please tell me how many users there are.", ""),
        ("What was revenue in 2022, in USD millions?", "What was revenue in 2022?", ""),
        (
            "What was the profit in FY2022 (as shown in the income statement)?",
            "What was the profit in FY2022?",
            "income statement",
        ),
        (
            "What is the goodwill of Northwind? You may only use the balance sheet.",
            "What is the goodwill of Northwind?",
            "balance sheet",
        ),
        ("Looking only at the balance sheet, how much cash is there?", "how much cash is there?", "balance sheet"),
        (
            "How many millions of dollars from the fund were lent?",
            "How many millions of dollars from the fund were lent?",
            "",
        ),
        ("What was the loss, as the statement of operations has it?", "What was the loss?", "statement of operations"),
        ("回答", "回答", ""),
        ("", "", ""),
    ],
)
def test_instructions_are_left_out(typed, asked, pointed):
    assert asked_part(typed) == (asked, pointed)


def test_statements_pointed_to_are_searched_for_and_not_asked_of():
    question = understand("Based on the details shown in the income statement, what was the net income of 2022?")
    assert "income statement" in question.search_text
    assert not any("statement" in term.text for term in question.terms)


@pytest.mark.parametrize(
    "typed",
    [
        "What is the goodwill of Northwind in FY2022? Answer in USD millions.",
        "What is the goodwill of Northwind in FY2022 (in USD thousands)?",
        "北风公司2022年的商誉是多少百万美元？",
        "北风公司2022年末的商誉？请以百万美元作答。",
    ],
)
def test_an_amount_of_money_is_asked_for(typed):
    asked = understand(typed).asks[0]
    assert (asked.want, asked.kinds[0]) == ("figure", "money")


def test_dates_and_openings_are_no_names():
    assert names_in("What is the FY2018 revenue of Northwind? Answer in USD.", {"northwind"}) == ("northwind",)
    assert names_in("How much information was formed in FY2020 and FY2021?", {"form", "inc"}) == ()
