"""What is searched of texts, and looked for: words, terms, translations, the lines of measures."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import load_embedder
from index.lexicon import Lexicon
from index.measures import read_from
from index.prepare import embedded, prepare, prepare_all, searched
from index.tokens import terms, tokenize, words
from ingest.read import document_from_text


def test_words_and_terms():
    assert words("The users' services rated 5,300 loans") == words("the user service rate 5300 loan")
    assert "5300" in words("超5300萬")
    assert {"小微", "微用"} <= set(tokenize("小微用户"))
    assert tokenize("綠色貸款ＥＳＧ") == tokenize("绿色贷款esg")


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("网商银行報告龘薴麼著𠀀小微用户ＥＳＧesg's&R5,300.万 \n，。aé"), max_size=60),
        max_size=4,
    )
)
def test_terms_of_many_texts_are_those_of_each(texts):
    assert [Counter(row.split()) for row in terms(texts)] == [Counter(tokenize(text)) for text in texts]


@settings(deadline=None)  # the first loads the model
@given(
    st.text(
        st.sampled_from("怎么麼网商银行報告龘𠀀著名小微用户ＥＳＧesg5,300.万\u200d \n\n，。。"),
        min_size=1,
        max_size=900,
    ),
    st.sampled_from(["", "网商银行", "年报 2023"]),
)
def test_terms_of_a_document_are_those_of_its_chunks(text, title):
    document = replace(document_from_text("x", f"{text}。"), title=title)
    made = prepare(document, load_embedder(None))
    searched_for = [searched(title, chunk.above, chunk.text) for chunk in made.chunks]
    assert [Counter(row.split("\n")[0].split()) for row in made.terms] == [
        Counter(tokenize(one)) for one in searched_for
    ]
    alone = load_embedder(None).encode_document([embedded(chunk.above, chunk.text) for chunk in made.chunks])
    assert (made.vectors == alone.astype(np.float16)).all()
    beside = prepare_all([document_from_text("y", "另有12家门店。"), document], load_embedder(None))[1]
    assert replace(beside, vectors=made.vectors) == made and (beside.vectors == made.vectors).all()


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("mybank", "网商银行"),
        ("non-performing loan ratio", "不良贷款率"),
        ("loans", "贷款"),
        ("green", "绿色"),
        ("余额", "balanc"),
        ("chairman", "董事长"),
    ],
)
def test_lexicon(word, other):
    assert other in [form for form, _ in Lexicon.load().translate(word)]


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Is it a capital-intensive business?", {"purchas", "property", "equipment"}),
        ("What is the gross margin?", {"gross", "profit", "sal"}),
        ("公司的毛利率是多少", {"营业", "成本"}),
        ("净资产收益率", {"净利", "权益"}),
    ],
)
def test_lines_of_measures(question, terms):
    assert terms <= set(read_from(question))


def test_names_within_words_are_no_measures():
    assert read_from("How long is the road to the capital?") == ()
