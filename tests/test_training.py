import random
from decimal import Decimal

from chat import ReportChat
from chat.evaluate import Expected, ExpectedFigure
from chat.train.cases import AROUND, NEARLY, RIGHT, cases, expected_of
from chat.train.reading import Asked, held_apart, read
from chat.train.traps import subject, traps
from index.train.sources import synonyms

TEXT = "青禾乳业是一家乳品企业,总部位于云州。2023年青禾乳业实现营业收入156.8亿元,比上年增长3.4%。公司共有33座牧场,奶牛21.4万头。董事长为林若川。公司在草原上种了六百万棵树,并为牧民修了路、打了井,又办了三所学校。"


def asked(question, answer, text=TEXT, article="a"):
    return Asked("q", article, text, question, answer, text.index(answer), "zh-Hans")


def test_kinds():
    assert asked("青禾乳业有多少座牧场?", "33座").kind == "figure"
    assert asked("青禾乳业的营业收入?", "156.8亿元").kind == "figure"
    assert asked("青禾乳业的董事长是谁?", "林若川").kind == "person"
    assert asked("青禾乳业的总部在哪里?", "云州").kind == "place"


def test_long_answers_with_one_date_or_figure_are_of_that():
    assert (
        asked("青禾乳业哪一年实现的营收比上年增长3.4%?", "2023年青禾乳业实现营业收入156.8亿元,比上年增长3.4%").kind
        == "date"
    )
    assert asked("青禾乳业有多少座牧场?", "公司共有33座牧场").kind == "figure"
    long = "公司在草原上种了六百万棵树,并为牧民修了路、打了井,又办了三所学校。"
    assert asked("青禾乳业为牧民做了什么?", long).kind == "text"
    said = expected_of(asked("青禾乳业哪一年实现的营收?", "2023年青禾乳业实现营业收入156.8亿元"))
    assert [one.value for one in said.figures] == [2023]


def test_our_questions_have_their_answers_on_this_side(shared):
    own = [item for item in read(shared / "training" / "reading") if "-own-" in item.id]
    assert len(own) >= 90 and not any(held_apart(item) for item in own)
    assert all(item.text.startswith(item.answer, item.start) for item in own)


def test_an_article_is_on_one_side():
    sides = {held_apart(asked("x", "云州", article=f"TRAIN_{number}")) for number in range(40)}
    assert sides == {True, False}
    assert held_apart(asked("x", "云州", article="TRAIN_1")) == held_apart(asked("y", "33座", article="TRAIN_1"))


def test_traps_are_not_answered():
    other = asked("恒曜电子在沿海有多少名身心障碍工程师?", "312名", "恒曜电子有312名身心障碍工程师。", "b")
    item = asked("2023年青禾乳业实现多少营业收入?", "156.8亿元")
    found = {one.trap: one for one in traps(item, [other], random.Random(1))}
    assert "156.8" not in found["removed"].text and "33座" in found["removed"].text
    assert found["year"].question != item.question and "2023" not in found["year"].question
    assert found["subject"].question == "2023年恒曜电子实现多少营业收入?"
    assert found["metric"].question == "青禾乳业在沿海有多少名身心障碍工程师?"


def test_subject_is_what_the_question_names():
    assert subject(asked("青禾乳业有多少座牧场?", "33座")) == "青禾乳业"
    assert subject(asked("公司有多少座牧场?", "33座")) == ""


def test_cases_are_graded():
    chat = ReportChat.from_texts({"青禾乳业": TEXT})
    figure = Expected("a", "青禾乳业有多少座牧场?", "zh-Hans", "single", None, True, names=("33座",))
    (case,) = cases(chat, figure, ("own", "a"), 1.0)
    assert set(case.grades.tolist()) == {0, RIGHT} and case.answerable and case.family == "figure"
    name = Expected("b", "青禾乳业的董事长是谁?", "zh-Hans", "name", None, True, names=("林若川",))
    (case,) = cases(chat, name, ("own", "b"), 1.0)
    assert case.grades.max() == RIGHT and set(case.grades.tolist()) <= {0, AROUND, NEARLY, RIGHT}
    (case,) = cases(chat, Expected("c", "青禾乳业的董事长是谁?", "zh-Hans", "absent", None, False), ("own", "c"), 1.0)
    assert not case.answerable and not case.grades.any()


def test_the_sentence_around_a_figure_is_right_where_no_figure_is_read():
    chat = ReportChat.from_texts({"青禾乳业": TEXT})
    figure = Expected(
        "a", "青禾乳业的牧场怎么了?", "zh-Hans", "single", None, True, (ExpectedFigure(Decimal(33)),), (), "33座"
    )
    (case,) = cases(chat, figure, ("own", "a"), 1.0)
    assert case.family == "span" and set(case.grades.tolist()) == {0, AROUND}


def test_words_that_are_explained_alike():
    explained = [("贷款", "loan; to borrow"), ("借款", "loan (money)"), ("借", "borrow"), ("水", "water")]
    found = {frozenset(pair) for pair in synonyms(explained, 1)}
    assert frozenset(("贷款", "借款")) in found and frozenset(("loan", "borrow")) in found
    assert not any("水" in pair or "water" in pair for pair in found)
