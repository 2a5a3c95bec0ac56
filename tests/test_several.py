import pytest

from chat import ReportChat
from chat.hear import of_each_name, of_each_year
from chat.question import understand


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "云岭银行2022年和2023年的净利润分别是多少?",
            ["云岭银行2022年的净利润分别是多少?", "云岭银行2023年的净利润分别是多少?"],
        ),
        ("2022、2023两年的不良率各是多少", ["2022年的不良率各是多少", "2023年的不良率各是多少"]),
        ("2022年末与2023年末的贷款余额", ["2022年末的贷款余额", "2023年末的贷款余额"]),
        ("What was revenue in 2022 and in 2023?", ["What was revenue in 2022?", "What was revenue in 2023?"]),
        ("2023年1月到2023年12月发了多少贷款", ["2023年1月到2023年12月发了多少贷款"]),
        ("2022年的净利润比2023年少多少", ["2022年的净利润比2023年少多少"]),
        ("满意度2022年和前一年分别是几分", ["满意度2022年分别是几分", "满意度2021年分别是几分"]),
        ("净利润是多少", ["净利润是多少"]),
    ],
)
def test_of_each_year(text, parts):
    assert of_each_year(text) == parts


def test_of_each_name():
    names = ["南屏银行", "云岭银行"]
    assert of_each_name("云岭银行和南屏银行的不良率各是多少", names) == [
        "云岭银行的不良率各是多少",
        "南屏银行的不良率各是多少",
    ]
    assert of_each_name("云岭银行收购了南屏银行多少股份", names) == ["云岭银行收购了南屏银行多少股份"]
    english = ["net profit of Yunling Bank in 2023?", "net profit of Nanping Bank in 2023?"]
    assert of_each_name("net profit of Yunling Bank and of Nanping Bank in 2023?", ["yunling", "nanping"]) == english
    assert of_each_name("云岭银行的不良率", names) == ["云岭银行的不良率"]


@pytest.fixture(scope="module")
def banks():
    return ReportChat.from_texts(
        {
            "云岭银行2022年报": "云岭银行2022年报\n2022年,云岭银行实现净利润28.7亿元。不良贷款率为1.42%,拨备覆盖率为215.3%。",
            "云岭银行2023年报": "云岭银行2023年报\n2023年,云岭银行实现净利润30.9亿元。不良贷款率为1.35%,拨备覆盖率为228.6%。",
            "南屏银行2023年报": "南屏银行2023年报\n2023年,南屏银行实现净利润52.4亿元。不良贷款率为0.98%,拨备覆盖率为341.7%。",
        }
    )


def values(answer):
    return [str(shown.figure.value) for shown in answer.figures]


def test_two_years(banks):
    assert values(banks.ask("云岭银行2022年和2023年的净利润分别是多少?")) == ["2870000000", "3090000000"]


def test_two_companies(banks):
    assert values(banks.ask("2023年云岭银行和南屏银行的不良贷款率各是多少?")) == ["1.35", "0.98"]


def test_two_metrics(banks):
    assert values(banks.ask("南屏银行的不良贷款率和拨备覆盖率分别是多少?")) == ["0.98", "341.7"]


def test_one_of_two_is_missing(banks):
    answer = banks.ask("云岭银行2021年和2023年的净利润分别是多少?")
    assert values(answer) == ["3090000000"]
    assert answer.missing == ("2021年",)


@pytest.mark.parametrize(
    "question", ["How many micro and small customers did it serve?", "How many small and micro customers are there?"]
)
def test_a_term_that_joins_is_one_thing(question):
    read = understand(question)
    assert len(read.asks) == 1 and not read.apart
