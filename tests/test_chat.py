import gc
from dataclasses import replace

import pytest

from chat import ReportChat
from chat.evaluate import unsupported
from chat.gate import violations
from chat.passage import Sentence
from chat.question import language_of, understand
from ingest.figures import find_figures

TWINS = {
    "华兴银行2022年报": "截至2022年底,华兴银行服务小微客户210万户,不良贷款率为1.35%。",
    "华兴银行2023年报": "截至2023年底,华兴银行服务小微客户260万户,不良贷款率为1.21%。",
    "远东银行2023年报": "截至2023年底,远东银行服务小微客户95万户,不良贷款率为0.98%。",
}


@pytest.fixture(scope="module")
def twins():
    return ReportChat.from_texts(TWINS)


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("截至2023年底服务了多少小微用户?", "53000000", "户"),
        ("截至2023年底，網商銀行代銷的理財餘額是多少？", "500000000000", "元"),
        ("大山雀能识别多少种作物", "15", "种"),
        ("绿色中标贷发放了多少贷款?", "963000000", "元"),
        ("农村和县域的客户占比是多少?", "50", "%"),
        ("客户里有多少是农村来的?", "50", "%"),
        ("How many customers are from rural areas?", "50", "%"),
        ("助微计划有多少金融机构加入", "120", "家"),
        ("What is the wealth management balance?", "500000000000", "元"),
        ("How many crops can Dashanque identify?", "15", "种"),
    ],
)
def test_one_figure(chat, question, value, unit):
    answer = chat.ask(question)
    assert answer.found, answer.text
    shown = answer.to_dict()["figures"][0]
    assert (shown["value"], shown["unit"]) == (value, unit)
    assert unsupported(answer) == 0


@pytest.mark.parametrize(
    "question",
    [
        "不良贷款率是多少?",
        "截至2021年底服务了多少小微用户?",
        "平安银行服务了多少小微用户?",
        "网商银行成立于哪一年?",
        "What was the net profit?",
        "今天天气怎么样",
    ],
)
def test_what_is_not_there_is_not_found(chat, question):
    answer = chat.ask(question)
    assert not answer.found
    assert answer.direct == "" and answer.quotes == () and answer.figures == ()
    assert answer.text and answer.related


def test_what_is_missing_is_named(chat):
    assert chat.ask("截至2021年底服务了多少小微用户?").missing == ("2021年底",)
    assert chat.ask("平安银行服务了多少小微用户?").missing == ("平安银行",)


def test_names_and_dates(chat):
    assert chat.ask("董事长是谁").direct == "金晓龙"
    assert chat.ask("董事長是誰").direct == "金曉龍"
    assert chat.ask("公益小店联盟什么时候发起的").direct == "2021年5月"


def test_several_at_once(chat):
    answer = chat.ask("绿色中标贷给多少个项目放了多少钱")
    assert [str(shown.figure.value) for shown in answer.figures] == ["3465", "963000000"]


def test_english_reply_says_the_figure_both_ways(chat):
    assert chat.ask("What is the wealth management balance?").direct == "超5000億 (over 500 billion yuan)"


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("华兴银行2023年底服务了多少小微客户?", "2600000"),
        ("华兴银行2022年底服务了多少小微客户?", "2100000"),
        ("远东银行2023年底的不良贷款率是多少?", "0.98"),
    ],
)
def test_near_twins(twins, question, value):
    assert twins.ask(question).to_dict()["figures"][0]["value"] == value


@pytest.mark.parametrize("question", ["远东银行2022年底服务了多少小微客户?", "海通银行2023年底的不良贷款率是多少?"])
def test_near_twins_that_are_not_there(twins, question):
    assert not twins.ask(question).found


def test_follow_up(twins):
    history = ["华兴银行2023年底服务了多少小微客户?"]
    assert twins.ask("那2022年底呢?", history).to_dict()["figures"][0]["value"] == "2100000"


def test_quotes_are_slices_and_lead_back(chat):
    answer = chat.ask("大山雀能识别多少种作物")
    quote = answer.to_dict()["quotes"][0]
    document = chat.library.document(answer.quotes[0].document_id)
    assert document.text[quote["start"] : quote["end"]] == quote["text"]
    assert "(" in document.source_text[quote["source_start"] : quote["source_end"]]  # the file has pinyin notes there
    shown = answer.figures[0].figure
    assert document.text[shown.start : shown.end] == shown.text


def test_gate_catches_what_no_quote_says(chat):
    answer = chat.ask("大山雀能识别多少种作物")
    lookup = chat.library.document
    assert violations(answer, lookup) == []
    assert violations(replace(answer, direct="16种"), lookup)
    assert violations(replace(answer, text="增长20%。" + answer.text), lookup)
    assert violations(replace(answer, quotes=(replace(answer.quotes[0], text="大山雀"),)), lookup)
    assert violations(replace(answer, quotes=()), lookup)


@pytest.mark.parametrize(
    "question",
    ["", "   ", "\x00\x07", "<img src=x onerror=alert(1)>多少?", "**多少** [a](b)", "多少" * 50_000, "\ud800"],
)
def test_odd_questions(chat, question):
    answer = chat.ask(question)
    assert answer.text
    answer.to_dict()


def test_empty_library():
    assert not ReportChat.from_texts({}).ask("多少?").found


def test_languages():
    assert [
        language_of(text) for text in ("服务了多少用户", "服務了多少用戶", "How many users?", "MYbank的ESG报告")
    ] == ["zh-Hans", "zh-Hant", "en", "zh-Hans"]


def test_question_is_read():
    question = understand("截至2023年底，服务了多少家小微企业?")
    assert (question.period, question.asks[0].want, question.asks[0].unit) == ("2023-12-31", "figure", "家")


def test_the_named_documents_alone_answer(twins):
    ids = {info.name: info.id for info in twins.library.documents()}
    question = "服务了多少小微客户?"
    for name, value in (("远东银行2023年报", "950000"), ("华兴银行2022年报", "2100000")):
        answer = twins.ask(question, documents=[ids[name]])
        assert [quote.document for quote in answer.quotes] == [name]
        assert answer.to_dict()["figures"][0]["value"] == value
    assert not twins.ask(question, documents=[]).found


def test_half_a_character_pair_does_no_harm():
    answer = ReportChat.from_texts({"report": "2023年服务了12万户\ud800客户。"}).ask("2023年服务了多少客户?")
    assert answer.direct == "12万户"


def test_what_is_near_cuts_no_figure():
    text = "".join(f"第{number}项贷款余额为{number}1,234.5万元，" for number in range(10, 40)) + "。"
    chat = ReportChat.from_texts({"a": text})
    answer = chat.ask("月球上有几家分店?")
    assert not answer.found and answer.related
    whole = {figure.text for figure in find_figures(text)}
    assert all(figure.text in whole for quote in answer.related for figure in find_figures(quote.text))


def test_what_was_read_long_ago_is_let_go(monkeypatch):
    monkeypatch.setattr("chat.passage._KEPT_CHUNKS", 20)
    monkeypatch.setattr("chat.describe._KEPT_MEETINGS", 200)
    towns = [f"第{number}镇" for number in range(60)]
    chat = ReportChat.from_texts({town: f"{town}2023年有{number}0户居民。" for number, town in enumerate(towns, 1)})
    for town in towns:
        chat.ask(f"{town}有多少户居民?")
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, Sentence) and one.document.text.startswith("第")]
    assert len(kept) < 45
