"""The gate of the language model: every way to lie is caught, true sentences pass."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.formula import formulas
from chat.llm_gate import judge
from chat.written import Passage, with_marks
from ingest.fold import fold
from ingest.sentences import sentences
from tests.gate import cases, desk, judged, passages

LIES = cases("lies.jsonl")


@pytest.fixture(scope="module")
def room():
    return desk()


@pytest.mark.parametrize("lie", LIES, ids=[f"{at} {lie['way']}" for at, lie in enumerate(LIES)])
def test_lies_are_caught(room, lie):
    assert not judged(lie, room).passed


def test_there_are_sixty_ways_to_lie():
    assert len({lie["way"] for lie in LIES}) >= 60


@pytest.mark.parametrize("name", ["true-dev.jsonl", "true-test.jsonl"])
def test_true_sentences_pass(room, name):
    rows = cases(name)
    held = [(row["text"], verdict.reason) for row in rows if not (verdict := judged(row, room)).passed]
    assert len(held) <= 0.02 * len(rows), held


def test_a_changed_digit_is_caught_in_any_sentence(room):
    chance = random.Random(11)
    for passage in passages().values():
        for span in sentences(passage.text):
            sentence = passage.text[span.start : span.end]
            for match in re.finditer(r"\d", sentence):
                other = str((int(match[0]) + chance.randint(1, 9)) % 10)
                lie = sentence[: match.start()] + other + sentence[match.end() :]
                changed = next(one for one in re.finditer(r"[\d.,]*\d", lie) if one.end() > match.start())
                if re.search(rf"(?<![\d.,]){re.escape(changed[0])}(?![\d]|[.,]\d)", passage.text):
                    continue  # another number of the passage
                assert not judge(f"{lie} [{passage.number}]", [passage], None, room[1]).passed, lie


def test_support_is_where_the_passage_says_it():
    passage = Passage.of_text(
        1, "截至2023年底，华兴银行服务小微客户260万户。不良贷款率为1.21%。", title="华兴银行2023年报", period="2023"
    )
    verdict = judge("不良贷款率是1.21%[1]。", [passage])
    assert [passage.text[one.span.start : one.span.end] for one in verdict.support] == ["不良贷款率为1.21%。"]
    assert [one.figure.text for one in verdict.support] == ["1.21%"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("260万户 - 210万户 = 50万户", ""),
        ("(260万户 - 210万户) / 210万户 = 23.8%", ""),
        ("50% × 5300万户 = 2650万户", ""),
        ("$4.5 million + $1.5 million = $6 million", ""),
        ("1.35% - 1.21% = 0.14个百分点", ""),
        ("1.35% - 1.21% = 0.14%", "百分点"),
        ("120家 + 95家 = 216家", "215"),
        ("120家 + 95人 = 215家", "cannot be added"),
    ],
)
def test_formulas(text, fault):
    (found,) = formulas(fold(text))
    assert fault in found.fault and bool(fault) == bool(found.fault)


@given(st.text(max_size=80))
def test_nothing_unusual_breaks_the_gate(text):
    passage = Passage.of_text(1, "截至2023年底，服务小微客户260万户。In 2023 revenue was $4.5 million.")
    judge(text, [passage])
    judge(text + "[1]", [passage])
    formulas(fold(text))


def test_marks_stand_before_the_closing_mark():
    assert with_marks("服务了260万户 [3]。", (1, 2)) == "服务了260万户 [1][2]。"
    assert with_marks("It served 5 million [3].", (1,)) == "It served 5 million [1]."
