import json

import pytest

from chat.evaluate import evaluate, load_questions
from tests.eval.run import HERE, PASSAGES, REPORTS, SETS, baseline, drops, reports_chat, score, texts_of


@pytest.fixture(scope="module")
def chats():
    return {texts: reports_chat(texts) for texts in (REPORTS, PASSAGES)}


@pytest.mark.parametrize("name", SETS)
def test_no_score_falls(chats, name):
    evaluation = score(chats[texts_of(name)], *SETS[name])
    assert drops(baseline()[name], evaluation) == []


def test_questions_are_sound(chats):
    libraries = [chat.library for chat in chats.values()]
    texts = {info.name: library.document(info.id).text for library in libraries for info in library.documents()}
    questions = [q for files in SETS.values() for file in files for q in load_questions(HERE / file)]
    assert len(questions) >= 250
    assert len({q.id for q in questions}) == len(questions)
    assert len({q.question for q in questions}) == len(questions)
    for question in questions:
        assert question.found == bool(question.quote and (question.figures or question.names))
        if question.found:
            assert question.quote in texts[question.document]


def test_a_third_is_kept_apart():
    sizes = {name: sum(len(load_questions(HERE / file)) for file in files) for name, files in SETS.items()}
    kept_apart = sum(size for name, size in sizes.items() if name.startswith("test"))
    assert 3 * kept_apart >= 0.9 * sum(sizes.values())


def test_drops_are_told(chats):
    evaluation = evaluate(chats[REPORTS], load_questions(HERE / "dev.jsonl")[:30])
    better = {"right": {key: [right + 1, of] for key, (right, of) in evaluation.scores().items()}}
    assert any(line.startswith("answerable:") for line in drops(better, evaluation))


def test_baseline_is_of_these_questions():
    for name in SETS:
        record = baseline()[name]
        of = sum(record["right"][key][1] for key in ("answerable", "refused"))
        assert of == sum(len(load_questions(HERE / file)) for file in SETS[name])
    assert json.dumps(baseline())
    assert all(path.exists() for path in (*REPORTS, *PASSAGES))
