"""Questions in one language find passages in the other, by translations learned from parallel texts."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.library import Library
from index.retrieve import shares
from index.tokens import tokenize
from index.train.alignment import Tables, _model
from index.train.crossings import crossings
from index.wanted import across, wanted_terms
from ingest.read import document_from_text

PAIRS = {"银行": "bank", "贷款": "loan", "员工": "employ", "排放": "emission", "客户": "customer", "水": "water"}
LEXICON = Lexicon.load()


def sides(count, seed=1):
    rng = random.Random(seed)
    for _ in range(count):
        chosen = rng.sample(sorted(PAIRS), 3)
        yield chosen, [*(PAIRS[word] for word in chosen), "the"]


def test_alignment_finds_what_goes_together():
    pairs = list(sides(60))
    table = _model(pairs, np.ones(len(pairs)))
    for chinese, english in PAIRS.items():
        forms = table[chinese]
        assert max(forms, key=forms.get) == english
        assert 0 < sum(forms.values()) <= 1 + 1e-9
    reversed_table = _model([(english, chinese) for chinese, english in pairs], np.ones(len(pairs)))
    assert max(reversed_table["loan"], key=reversed_table["loan"].get) == "贷款"


def test_alignment_heeds_places():
    pairs = [(["一", "二"], ["one", "two"]), (["一", "二"], ["one", "two"])]
    table = _model(pairs, np.array([5.0, 5.0]))
    assert table["一"]["one"] > 0.8 > table["一"].get("two", 0)


def test_crossings_lead_to_the_other_language():
    tables = Tables({"贷款": {"loan": 0.7, "贷": 0.1}, "的": {"of": 0.5}}, {"loan": {"贷款": 0.8, "借款": 0.2}})
    listed = {"loan": (("贷款", 0.9), ("放款", 1.0)), "thrift": (("节俭", 0.9),), "loan book": (("贷款余额", 1.0),)}
    rows = dict(crossings(tables, listed))
    assert rows == {"贷款": "loan:100", "loan": "放款:100|贷款:100", "thrift": "节俭:45"}


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("supplier", "供应商"),
        ("emission", "排放"),
        ("employ", "员工"),
        ("audit", "审计"),
        ("complaint", "投诉"),
        ("贷款", "loan"),
        ("董事", "director"),
        ("供应商", "supplier"),
    ],
)
def test_shipped_crossings(word, other):
    forms = dict(LEXICON.crossing(word))
    assert forms[other] == max(forms.values())
    assert all(0 < weight <= 1 for weight in forms.values())


def test_words_of_everyday_say_little():
    assert LEXICON.everyday_idf("the") < 2 < LEXICON.everyday_idf("bank") < LEXICON.everyday_idf("zzz") == float("inf")
    assert LEXICON.everyday_idf("什么") < 2 < LEXICON.everyday_idf("银行")


def index_of(*texts):
    lexical = LexicalIndex(None)
    lexical.add((number, " ".join(tokenize(text))) for number, text in enumerate(texts))
    lexical.commit()
    return lexical


def no_names(latin):
    return ()


def test_what_is_wanted_of_another_language():
    lexical = index_of("银行向客户发放贷款", "公司减少温室气体排放", "员工培训", "the end of it")
    wanted = wanted_terms("How many loans did the bank grant to customers?", lexical, LEXICON, no_names)
    best = max(shares(wanted, lexical, None).items(), key=lambda item: item[1])
    assert best[0] == 0 and 0 < best[1] <= 1
    assert across(wanted) > 0.5
    the = next(one for one in wanted if one.forms[0][0] == "the")
    assert the.direct and the.idf <= LEXICON.everyday_idf("the") + 1e-9


def test_what_is_wanted_in_its_own_words():
    lexical = index_of("银行向客户发放贷款", "公司减少温室气体排放", "员工培训")
    wanted = wanted_terms("银行发放贷款", lexical, LEXICON, no_names)
    assert across(wanted) == 0
    assert all(one.direct for one in wanted)
    assert max(shares(wanted, lexical, None)) == 0


def test_what_reports_write_is_another_form_of_what_is_said():
    texts = [
        *(f"营业收入{number}亿元" for number in range(20)),
        *(f"收入{number}元" for number in range(5)),
        "净利润9亿元",
    ]
    lexical = index_of(*texts)
    wanted = wanted_terms("收入", lexical, LEXICON, no_names)
    (said,) = wanted  # so that a text that has both forms counts no more than one that has either
    assert {form for form, _ in said.forms} == {"收入", "营业", "业收"} and said.direct
    earned = wanted_terms("赚了多少", lexical, LEXICON, no_names)
    assert max(shares(earned, lexical, None).items(), key=lambda item: item[1])[0] == 25


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="银行贷款客户 bankloustmerg12.%?", max_size=40))
def test_wanted_is_sound(question):
    lexical = index_of("银行向客户发放贷款12亿元", "the bank lent 12 million")
    wanted = wanted_terms(question, lexical, LEXICON, no_names)
    assert [one.idf for one in wanted] == sorted((one.idf for one in wanted), reverse=True)
    for one in wanted:
        assert one.forms and all(0 < weight <= 1 for _, weight in one.forms)
        assert one.idf == pytest.approx(max(weight * lexical.idf(form) for form, weight in one.forms))
    assert all(0 <= share <= 1.0001 for share in shares(wanted, lexical, None).values())
    assert 0 <= across(wanted) <= 1


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("How much did Lanjiang Bank lend to small enterprises?", "澜江银行"),
        ("What share of packaging is recyclable?", "乳业"),
        ("Who supervises the board?", "监事"),
        ("船舶燃料的排放是多少?", "ships"),
        ("供应商审计了几家?", "suppliers"),
    ],
)
def test_library_crosses_languages(question, right):
    texts = [
        "澜江银行全年向小微企业发放贷款462亿元。",
        "乳业公司的可回收包装占93%。",
        "监事会由五人组成,监督董事会。",
        "Fuel burnt by our ships caused emissions of 4,000 tonnes.",
        "We audited 31 suppliers during the year.",
    ]
    with Library.in_memory() as library:
        for number, text in enumerate(texts):
            library.add(document_from_text(f"report {number}", text))
        assert right in library.retrieve(question, 1)[0].chunk.text
