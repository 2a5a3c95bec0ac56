"""Questions answered in other processes: as in this one, several at once, whatever becomes of a process."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chat import ReportChat
from chat.answering import Answerers, Unanswered, processes_for
from chat.cli import main
from chat.conversation import Conversation
from chat.ui.desk import Desk
from chat.ui.visitors import Visitor
from index.errors import EmbedderMismatch
from index.library import Library
from index.opening import DATABASE
from ingest.read import document_from_text

ROOT = Path(__file__).parents[1]
TEXTS = {
    "华兴银行2023": "2023年,华兴银行服务客户260万户,收入为31亿元。2022年,华兴银行服务客户210万户。",
    "远东银行2023": "2023年,远东银行服务客户95万户。",
}
ASKED = "华兴银行2023年服务了多少客户?"


class Deadly(str):
    """A question that ends the process that takes it in."""

    def __reduce__(self):
        return os._exit, (1,)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("answering") / "library"
    with Library.open(path, create=True) as library:
        for title, text in TEXTS.items():
            library.add(document_from_text(title, text))
    return path


@pytest.fixture(scope="module")
def chat(folder):
    opened = ReportChat.open(folder)
    yield opened
    opened.library.close()


@pytest.fixture(scope="module")
def answerers(chat):
    with Answerers(chat.library, 2) as made:
        yield made


def said(answer):
    return {**answer.to_dict(), "seconds": None}


def test_answers_are_as_in_one_process(chat, answerers):
    held = [info.id for info in chat.library.documents() if "远东" in info.name]
    for question, history, documents in (
        (ASKED, (), None), ("那2022年呢?", [ASKED], None), (ASKED, (), held), ("服务了多少客户?", (), held), ("", (), None),
    ):  # fmt: skip
        asked = said(chat.ask(question, history, documents=documents))
        assert said(answerers.ask(question, history, documents=documents)) == asked
        assert [said(one) for one in answerers.stream(question, history, documents=documents)] == [asked]


def test_many_are_answered_at_once(chat, answerers):
    asked = [ASKED, "远东银行服务了多少客户?", "华兴银行2023年的收入是多少?"] * 4
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(answerers.ask, asked))
    assert [one.direct for one in found] == [chat.ask(one).direct for one in asked]


def test_a_process_that_ends_is_made_up_for(answerers):
    for one in answerers._all:
        os.kill(one._process.pid, signal.SIGKILL)
    assert answerers.ask(ASKED).direct == "260万户"
    with pytest.raises(Unanswered):
        answerers.ask(Deadly(ASKED))
    assert answerers.ask(ASKED).direct == "260万户"


def test_a_process_that_takes_too_long_is_ended(answerers, monkeypatch):
    monkeypatch.setattr("chat.answering._SECONDS", 0.0)
    with pytest.raises(Unanswered):
        answerers.ask(ASKED)
    monkeypatch.undo()
    assert answerers.ask(ASKED).direct == "260万户"


def test_what_comes_to_the_library_is_seen(tmp_path):
    with Library.open(tmp_path, create=True) as library, Answerers(library, 1) as one:
        assert not one.ask(ASKED).found
        library.add(document_from_text("华兴银行2023", TEXTS["华兴银行2023"]))
        assert one.ask(ASKED).direct == "260万户"
        with sqlite3.connect(tmp_path / DATABASE) as connection:
            connection.execute("UPDATE manifest SET value = 'another' WHERE name = 'embedder'")
            connection.execute("UPDATE manifest SET value = value + 1 WHERE name = 'revision'")
        with pytest.raises(EmbedderMismatch, match="another"):
            one.ask(ASKED)


def test_the_page_says_that_a_question_was_not_answered(answerers):
    desk = Desk(answerers)
    assert desk.turnstile._places == 2
    *_, (shown, after) = desk.ask(Conversation(), Deadly(ASKED), "en", Visitor())
    assert "could not be answered" in shown and after == Conversation()
    *_, (shown, after) = desk.ask(Conversation(), ASKED, "en", Visitor())
    assert after.turns[0].answer.direct == "260万户"
    desk.close(1)


def test_no_process_outlives_who_started_it(folder):
    program = (
        "import sys; from pathlib import Path; from chat.answering import Answerers; from index.library import Library\n"
        "if __name__ == '__main__':\n"
        "    answerers = Answerers(Library.open(Path(sys.argv[1])), 2)\n"
        "    answerers.ask('?')\n"
        "    print(*(one._process.pid for one in answerers._all), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    children = [int(one) for one in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait()
    until = time.monotonic() + 20
    while any(map(runs, children)):
        assert time.monotonic() < until
        time.sleep(0.1)


def runs(process):
    """Whether there is such a process, but for what is left of one that nobody has waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_there_are_processes_where_they_pay(chat, monkeypatch):
    assert processes_for(chat.library) == 0
    monkeypatch.setattr("chat.answering._PAYS_FROM", 1)
    monkeypatch.setattr("chat.answering.cores", lambda: 64)
    assert processes_for(chat.library) == 4
    monkeypatch.setattr("chat.answering.cores", lambda: 1)
    assert processes_for(chat.library) == 0


def test_models_that_take_part_answer_from_one_process(folder, capsys):
    command = [
        "serve",
        "--library",
        str(folder),
        "--llm",
        "http://127.0.0.1:9/v1",
        "--llm-model",
        "x",
        "--workers",
        "2",
    ]
    assert main(command) == 2
    assert "--workers" in capsys.readouterr().err


def test_one_alone_makes_indexes_anew(folder):
    shutil.rmtree(folder / "lexical")
    with Library.open(folder) as library, Answerers(library, 3) as three, ThreadPoolExecutor(6) as threads:
        assert {one.direct for one in threads.map(three.ask, [ASKED] * 6)} == {"260万户"}
    with Library.open(folder) as library, Answerers(library, 2):
        pass  # closed before they have begun
