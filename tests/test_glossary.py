"""Questions in other words than the report's: the concepts that they come near to, and what these change."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import ReportChat
from chat.concepts import Concepts, met_by
from chat.passage import Heads
from index.embed import load_embedder
from index.glossary import LEAST, Concept, Glossary
from index.train.glossary import build, read

TABLE = Path(__file__).parents[1] / "index" / "lexicon" / "glossary.tsv"
SHIPPED = TABLE.with_suffix(".sqlite")
LINES = """# a comment
客座率/载客率\tload factor\t飞机坐得满不满/上座率\thow full the planes are/empty seats on flights
客座率\tseat occupancy\t座位坐满没有\tseats that were sold
存货周转天数\tinventory turnover days\t货在仓库里压多久\ttime that goods sit in the warehouse
员工流失率\tstaff turnover\t走掉的人占几成\tpeople who left
"""


@pytest.fixture
def own(tmp_path: Path) -> Glossary:
    """A glossary of three concepts."""
    table = tmp_path / "glossary.tsv"
    table.write_text(LINES, encoding="utf-8")
    build(table, tmp_path / "glossary.sqlite")
    return Glossary(str(tmp_path / "glossary.sqlite"), load_embedder(None))


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("How full were their planes last year?", "载客率"),
        ("飞机坐得满吗?", "seat occupancy"),
        ("飛機坐得滿嗎?", "load factor"),
        ("东西在仓库里要压多久才卖掉?", "存货周转天数"),
        ("How many people left?", "员工流失率"),
    ],
)
def test_a_question_in_other_words_leads_to_the_terms_of_its_concept(own: Glossary, question: str, form: str) -> None:
    found = own.concepts(question)
    assert form in found[0].forms
    assert LEAST <= found[0].score <= 1
    assert found[0].shared


def test_the_nearest_wording_scores_highest(own: Glossary) -> None:
    assert own.concepts("上座率")[0].score == pytest.approx(1.0, abs=1e-3)
    assert own.concepts("上座率")[0].score > own.concepts("飞机坐得怎样")[0].score


def test_a_question_of_other_things_leads_nowhere(own: Glossary) -> None:
    assert own.concepts("Who chairs the board?") == ()
    assert own.concepts("") == ()


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text: str) -> None:
    found = Glossary.load().concepts(text)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(LEAST <= one.score <= 1 and one.forms for one in found)


def test_a_question_of_any_length_can_be_asked(own: Glossary) -> None:
    own._connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # as the smallest builds have it
    assert own.concepts("".join(map(chr, range(0x4E00, 0x9F00)))) == ()


def test_a_line_that_lacks_a_field_is_told_by_its_number(tmp_path: Path) -> None:
    table = tmp_path / "glossary.tsv"
    table.write_text("客座率\tload factor\t飞机满不满\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        read(table)


def test_what_is_shipped_is_made_of_the_table() -> None:
    with sqlite3.connect(f"file:{SHIPPED}?mode=ro", uri=True) as connection:
        held = [row[0] for row in connection.execute("SELECT forms FROM concepts ORDER BY number")]
    assert held == ["|".join(entry.forms) for entry in read(TABLE)]


def test_a_concept_is_met_by_its_term_where_the_question_does_not_say_it() -> None:
    concept = Concept(("客座率", "load factor"), 0.6, "飞机坐得满不满", frozenset(("飞机", "满")))
    concepts = Concepts([concept], "飞机坐得满不满?", lambda form: 1.0)
    (stated,) = concepts.stated(Heads("2023年客座率为82.7%。", 100))
    assert stated.met.strength == pytest.approx(0.9)
    assert stated.met.places == (105,)
    assert met_by("飞机", [stated]) == stated.met
    assert met_by("利润", [stated]) is None
    assert concepts.stated(Heads("航班正常率91.4%。", 100)) == ()
    assert concepts.stated(Heads("Its load factors rose.", 0))[0].met.places == (4,)
    assert Concepts([concept], "客座率?", lambda form: 1.0).stated(Heads("客座率为82.7%。", 0)) == ()


def test_beside_a_term_that_is_said_nothing_far_off_is_read_into_a_sentence() -> None:
    near = Concept(("净利润", "net profit"), 0.9, "net profit", frozenset(("net", "profit")))
    far = Concept(("公益",), 0.6, "not just about profit", frozenset(("profit",)))
    sentence = Heads("为公益小店捐资助物超500万元。", 0)
    assert Concepts([near, far], "what was the net profit?", lambda form: 1.0).stated(sentence) == ()
    assert Concepts([far], "is it just profit?", lambda form: 1.0).stated(sentence)


def test_a_passage_is_found_that_shares_no_word_with_the_question() -> None:
    texts = {
        "air": "云栈航空2023年客座率82.7%,航班正常率91.4%。",
        "shop": "汇澄零售员工流失率由27%降至21%,平均工龄3.4年。",
        "bank": "澜江银行不良贷款率为1.18%,拨备覆盖率达到287.6%。",
    }
    library = ReportChat.from_texts(texts).library
    asked = ("飞机坐得满不满?", "走掉的人多不多?", "How much of the lending has gone sour?")
    assert [library.retrieve(question, 3)[0].chunk.text[:2] for question in asked] == ["云栈", "汇澄", "澜江"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("云栈航空飞机座位坐满了几成?", "82.7"),
        ("云栈航空准点的航班占多少?", "91.4"),
        ("澜江银行借出去收不回的贷款占几成?", "1.18"),
        ("What share of Lanjiang Bank's loans went bad?", "1.18"),
    ],
)
def test_an_answer_is_read_that_the_question_has_other_words_for(question: str, value: str) -> None:
    texts = {
        "air": "云栈航空2023年客座率82.7%,旅客3870万人次,航班正常率91.4%。",
        "bank": "澜江银行不良贷款率为1.18%,拨备覆盖率达到287.6%。",
    }
    answer = ReportChat.from_texts(texts).ask(question)
    assert answer.found
    assert str(answer.figures[0].figure.value) == value
