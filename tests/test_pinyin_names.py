"""Names that an English question spells in pinyin."""

import pytest

from chat import ReportChat
from chat.pinyin_names import in_chinese, in_passages, read_as

NAMES = {"lvsezhongbiaodai": ("绿色中标贷",), "pingan": ("平安",), "dashanque": ("大山雀",)}
PASSAGES = "望潮大桥全长738米,主跨156米,由纪维桢设计。西安在西。"


def names_by_pinyin(spelling):
    return NAMES.get(spelling, ())


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("Lüse Zhongbiao Dai: how many projects?", "绿色中标贷: how many projects?"),
        ("how many projects did lvse zhongbiao dai fund?", "how many projects did 绿色中标贷 fund?"),
        ("How much did Ping An Bank lend?", "How much did Ping An Bank lend?"),  # of a longer name
        ("What can Da Shan Que see?", "What can 大山雀 see?"),
        ("How many green projects?", "How many green projects?"),
    ],
)
def test_known_names(question, right):
    assert in_chinese(question, names_by_pinyin) == right


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("How long is Wangchao Bridge?", "How long is 望潮 bridge?"),
        ("Who is Ji Weizhen?", "Who is 纪维桢?"),
        ("How long is the bridge?", "How long is the bridge?"),
        ("How long is Nanpu Bridge?", "How long is Nanpu Bridge?"),
    ],
)
def test_names_of_passages(question, right):
    assert in_passages(question, names_by_pinyin, PASSAGES) == right


def test_read_as():
    assert read_as("jiweizhen", PASSAGES) == "纪维桢"
    assert read_as("xian", PASSAGES) == "西安"
    assert read_as("weizhens", PASSAGES) == "" == read_as("", PASSAGES)


def test_a_name_that_no_list_has_is_found():
    chat = ReportChat.from_texts({"桥": "望潮大桥于1958年通车,全长738米。", "水": "东江大桥于1990年通车,全长901米。"})
    answer = chat.ask("What is the total length of Wangchao Bridge?")
    assert answer.direct.startswith("738米")
