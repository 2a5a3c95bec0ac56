"""Suggested questions: such as people ask, and each is answered with the figure that it was made of."""

from pathlib import Path

import pytest

from chat import ReportChat
from chat.askable import owner_of, question_of
from chat.suggest import _questions, next_questions, suggestions
from chat.things import plural, thing_of
from index.library import Library
from ingest.read import document_from_text, read_document

ROOT = Path(__file__).parents[1]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
REPORTS = [
    "data/reports/mybank-esg-2023.txt",
    *(
        f"tests/eval/reports/{name}"
        for name in (
            "chiyao-auto-2023.txt", "haique-airlines-2022.txt", "halden-energy-2023.md", "lanyue-insurance-2023.txt",
            "lifeng-ipo-prospectus.txt", "northmere-foods-2023.txt", "velmaro-q3-fy2025.txt", "yunling-bank-2023.txt",
        )
    ),
]  # fmt: skip


def opened(*names):
    library = Library.in_memory()
    for name in names:
        library.add(read_document(ROOT / name))
    return ReportChat(library)


@pytest.mark.parametrize("name", REPORTS)
def test_each_is_answered_with_its_own_figure(name):
    chat = opened(name)
    found = {language: suggestions(chat, language) for language in LANGUAGES}
    assert any(len(some) > 1 for some in found.values())
    for language, some in found.items():
        figures = {}
        for question, figure in _questions(chat, language):
            figures.setdefault(question, []).append(figure.value)
        for question in some:
            answer = chat.ask(question)
            assert len(answer.figures) == 1 and answer.figures[0].figure.value in figures[question], question
            assert answer.found and answer.language[:2] == language[:2]
            for after in next_questions(chat, answer, [question]):
                assert after != question and chat.ask(after).found, after


def test_what_the_article_suggests():
    chat = opened("data/reports/mybank-esg-2023.txt")
    assert suggestions(chat, "zh-Hans") == [
        "截至2023年底，网商银行服务了多少小微用户？", "网商银行2023年底的理财余额是多少？", "大山雀识别了多少种作物？",
        "绿色中标贷发放了多少绿色贷款？",
    ]  # fmt: skip
    assert suggestions(chat, "zh-Hant")[0] == "截至2023年底，網商銀行服務了多少小微用戶？"
    assert suggestions(chat, "en") == [
        "How many small and micro customers did MYbank have at the end of 2023?",
        "What was MYbank's wealth management balance at the end of 2023?",
    ]


@pytest.mark.parametrize(
    ("language", "text", "questions"),
    [
        ("zh-Hans", "2023年,公司录得收入31亿元,净利润较上年增加2亿元。", ["华兴银行2023年的收入是多少？"]),
        ("zh-Hans", "截至2023年底,本行拥有有效专利25项。", []),  # 效专利
        ("zh-Hans", "截至2023年底,全国设立分支机构12家,覆盖甘肃等31个省市。", ["华兴银行2023年底有多少家分支机构？"]),
        ("zh-Hans", "2023年,受灾的1.5万小微客户获得延期还款。", []),
        ("zh-Hans", "“大山雀”可识别15种作物,已服务31个省市的169万种植户。", ["大山雀识别了多少种作物？", "大山雀服务了多少个省市？"]),
        ("zh-Hans", "2023年投入安全培训300万元,发放助学金20万元。", ["华兴银行2023年发放了多少助学金？"]),
        ("zh-Hans", "2023年不良贷款率为1.2%,女性员工55%。", ["华兴银行2023年的不良贷款率是多少？"]),
        ("en", "2023年不良贷款率为1.2%。", []),  # whose name nobody knows in English
    ],
)  # fmt: skip
def test_in_chinese_only_what_people_would_ask(language, text, questions):
    assert asked("华兴银行2023年度报告", f"华兴银行2023年度报告。华兴银行{text}", language) == questions


@pytest.mark.parametrize(
    ("language", "text", "questions"),
    [
        ("en", "In 2023 net income was $31 million, an increase of 7%.", ["What was Halden Energy's net income in 2023?"]),
        ("en", "Its bean bill rose by $7 million. We recorded charges of $3 million.", []),
        ("en", "At the end of 2023 it had 310 stores.", ["How many stores did Halden Energy have at the end of 2023?"]),
        ("en", "It sold in 31 countries at a cost of $5 million.", []),
        ("zh-Hans", "In 2023 net income was $31 million.", ["Halden Energy 2023年的净利润是多少？"]),
    ],
)  # fmt: skip
def test_in_english_only_what_people_would_ask(language, text, questions):
    assert (
        asked(
            "Halden Energy 2023 annual report",
            f"Halden Energy is a company. {text} Halden Energy thanks its people.",
            language,
        )
        == questions
    )


def asked(title, text, language):
    library = Library.in_memory()
    document = document_from_text(title, text)
    library.add(document)
    owner = owner_of(document)
    figures = [figure for _, figure in library.figures() if figure.kind in ("amount", "money", "percent")]
    return [question for one in figures if (question := question_of(one, document, owner, language))]


def test_they_are_sought_no_longer_than_they_may_be():
    chat = opened("tests/eval/reports/northmere-foods-2023.txt")
    answer = chat.ask("What was Northmere's operating profit in 2023?")
    assert next_questions(chat, answer, [])
    assert next_questions(chat, answer, [], may_go_on=lambda: False) == []


def test_where_nobody_is_named_nothing_is_suggested():
    document = document_from_text("notes", "In 2023 net income was $31 million.")
    library = Library.in_memory()
    library.add(document)
    assert owner_of(document).name == ""
    assert suggestions(ReportChat(library), "en") == []
    assert thing_of(library.figures()[-1][1], document, "") in ("", "net income")


def test_plurals():
    assert [plural(one) for one in ("subsidiary", "branch", "employee", "people", "small user", "bus")] == [
        "subsidiaries", "branches", "employees", "people", "small users", "buses",
    ]  # fmt: skip
