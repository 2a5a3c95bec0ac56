"""What a language model adds to finding passages: wordings and an order, over HTTP from a scripted server, or nothing."""

import json
import threading
import time

import pytest
from llm_server import Behaviour, passages_of, serving

from chat import ReportChat
from chat.aid import Aid
from chat.cli import main
from chat.llm import Limits, ServedModel
from index.library import Library
from ingest.read import document_from_text

QUICK = Limits(connect=1, silent=0.5, whole=2, retries=0, answer=60)
TEXTS = {f"报告{n}": f"第{n}分行2023年发放绿色贷款{n}2笔。" for n in range(3, 9)} | {
    "lighthouse": "In 2023 the beacons along the coast burned 412 tonnes of fuel."
}
QUESTION = "绿色贷款有多少笔?"
OTHER = "How much did the lighthouses burn?"


class Watched:
    """The Hits that an Aid was given, and those that it made of them."""

    def __init__(self, aid):
        self.aid, self.before, self.after = aid, [], []

    def found(self, question, hits, retrieve, cancelled=None):
        self.before = hits
        self.after = self.aid.found(question, hits, retrieve, cancelled)
        return self.after


def ask(say, *, question=QUESTION, expand=False, rerank=False, cancelled=None, **keywords):
    """What the Hits were and are, what the server was asked, and the seconds it took."""
    behaviour = Behaviour(say, **keywords)
    with serving(behaviour) as url:
        watched = Watched(Aid(ServedModel(url, "tiny", limits=QUICK), expand=expand, rerank=rerank))
        chat = ReportChat.from_texts(TEXTS, aid=watched)
        started = time.perf_counter()
        *_, answer = chat.stream(question, cancelled=cancelled)
        return watched, behaviour.requests, answer, time.perf_counter() - started


def test_the_models_order_is_taken():
    def say(messages):
        texts = passages_of(messages)
        return "Best: " + ", ".join(str(n) for n in texts if "第7分行" in texts[n]) + ", 99, 0"

    watched, (request,), _, _ = ask(say, rerank=True)
    assert "第7分行" in watched.after[0].chunk.text and "第7分行" not in watched.before[0].chunk.text
    rest = [hit.chunk.id for hit in watched.before if "第7分行" not in hit.chunk.text]
    assert [hit.chunk.id for hit in watched.after[1:]] == rest
    assert [hit.score for hit in watched.after] == [hit.score for hit in watched.before]
    assert QUESTION in request["messages"][1]["content"]


def test_other_wordings_are_searched_for_too():
    watched, (request,), _, _ = ask(
        lambda messages: f"1. coast beacons fuel\n- 2023 tonnes of fuel beacons\n{OTHER}\n", question=OTHER, expand=True
    )
    assert "beacons" in watched.after[0].chunk.text
    assert len(watched.after) == len(watched.before)
    assert OTHER in request["messages"][1]["content"] and "412" not in json.dumps(request)


def test_both_are_asked_in_turn():
    _, requests, answer, _ = ask(lambda messages: "2, 1", expand=True, rerank=True)
    assert len(requests) == 2 and answer.question == QUESTION


@pytest.mark.parametrize(
    "failure",
    [
        {"status": [500] * 9},
        {"hang": "start"},
        {"hang": "middle"},
        {"drop_after": 7},
        {"raw": b"{}"},
        {"endless": True},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_model_that_fails_leaves_things_as_they_are(failure):
    watched, requests, answer, seconds = ask(lambda messages: "2, 3, 1 " * 9, expand=True, rerank=True, **failure)
    assert watched.after == watched.before and len(watched.before) > 2
    assert len(requests) == 1 and watched.aid.failures == 1  # it is left alone for a while
    assert answer.found and seconds < 5


@pytest.mark.parametrize("said", ["", "none of them", "I cannot help with that.", "<think>7, 6, 5", "<<<>>>"])
def test_babble_leaves_things_as_they_are(said):
    watched, _, _, _ = ask(lambda messages: said or " ", rerank=True)
    assert watched.after == watched.before


def test_what_is_not_wanted_any_more_is_not_waited_for():
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    watched, _, _, seconds = ask(lambda messages: "1, 2 " * 300, rerank=True, cancelled=cancelled, pause=0.05)
    assert watched.after == watched.before and watched.aid.failures == 0 and seconds < 3


def test_what_is_asked_fits_the_window():
    texts = {f"r{n}": f"绿色贷款{n}笔。" * 300 for n in range(5)}
    behaviour = Behaviour(lambda messages: "1")
    with serving(behaviour) as url:
        aid = Aid(ServedModel(url, "tiny", limits=QUICK), rerank=True)
        ReportChat.from_texts(texts, aid=aid).ask(QUESTION)
    (request,) = behaviour.requests
    assert len(request["messages"][1]["content"]) < 3500  # half of the server's 6,000 tokens, and its rules


def test_commands_take_it_and_tell_its_gain(tmp_path, capsys):
    with Library.open(tmp_path / "library", create=True) as library:
        for title, text in TEXTS.items():
            library.add(document_from_text(title, text))
    place = ["--library", str(tmp_path / "library")]
    row = {
        "id": 1,
        "question": "第7分行2023年发放绿色贷款多少笔?",
        "found": True,
        "figures": [{"value": "72", "unit": "笔"}],
    }
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        json.dumps({**row, "language": "zh-Hans", "kind": "single"}, ensure_ascii=False), encoding="utf-8"
    )
    with serving(Behaviour(lambda messages: "1, 2")) as url:
        model = ["--llm", url, "--llm-model", "tiny"]
        assert main(["evaluate", str(questions), "--gain", *model, *place]) == 0
        said = capsys.readouterr().out
        assert [line.split()[0] for line in said.splitlines()[1:]] == ["none", "expand", "rerank", "both"]
        assert "1 of 1" in said
        assert main(["ask", QUESTION, "--llm-rerank", *model, *place]) == 0
    capsys.readouterr()
    assert main(["ask", QUESTION, "--llm-expand", *place]) == 2
    assert "--llm URL" in capsys.readouterr().err
