"""Sentences and what they are cut into."""

import pytest

from chat.match import Matcher
from chat.passage import Heads, Sentence
from index.embed import load_embedder
from index.lexicon import Lexicon
from ingest.figures import find_figures
from ingest.read import document_from_text


def _sentence(text):
    return Sentence(document_from_text("a", text), 0, len(text), 1, "", "", tuple(find_figures(text)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Costs fell $2.2 million, due to rent.", ["Costs fell $2.2 million,", " due to rent."]),
        (
            "Of it $13.9 million is for options and plans and $46.4 million is for units.",
            ["Of it $13.9 million is for options and plans ", "and $46.4 million is for units."],
        ),
        (
            "It had $54.5 million of debt (including $0.7 million of costs).",
            ["It had $54.5 million of debt ", "(including $0.7 million of costs)."],
        ),
        ("研发投入60亿元及专利46件,员工3人。", ["研发投入60亿元", "及专利46件,", "员工3人。"]),
        ("2023年和2024年各有3家店。", ["2023年和2024年各有3家店。"]),
    ],
)
def test_a_clause_with_several_figures_is_cut_where_the_next_is_spoken_of(text, parts):
    sentence = _sentence(text)
    assert [text[start:end] for start, end in sentence.parts] == parts
    for number, (start, end) in enumerate(sentence.parts):
        assert {sentence.part_at(offset) for offset in range(start, end)} == {number}


def test_behind_its_end_is_the_last_part():
    assert _sentence("有3家店,5个人。").part_at(99) == 1


@pytest.mark.parametrize(
    ("asked", "text", "sibling"),
    [
        ("范围三排放", "其中范围一排放71.8万吨。", True),
        ("范围三排放", "其中范围三排放71.8万吨。", False),
        ("scop 3 emission", "Scope 1 emissions were 158,000 tonnes.", True),
        ("scop 3", "范围一排放71.8万吨。", True),
        ("scop 3 emission", "Scope 3 emissions were 9 tonnes.", False),
        ("三农贷款", "涉农贷款612.4亿元。", False),
    ],
)
def test_what_is_numbered_is_told_from_its_siblings(asked, text, sibling):
    matcher = Matcher(load_embedder(None), Lexicon.load())
    assert matcher.is_sibling(asked, Heads(text, 0)) == sibling
