"""What is kept of questions: what readers thought of answers, and the access log."""

import io
import json
import subprocess
import sys
from pathlib import Path

from chat.feedback import Feedback
from chat.serve import Serving, application
from chat.ui.journal import Journal

ROOT = Path(__file__).parents[1]


def test_feedback_is_kept_and_shown(tmp_path, chat):
    feedback = Feedback(tmp_path)
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    feedback.note(answer, "up", user="ann")
    feedback.note(chat.ask("不良贷款率是多少?"), "down", reason="missing")
    with (tmp_path / "feedback.jsonl").open("a") as file:
        file.write('{"time": "torn')
    kept = list(feedback.all())
    assert [(one.verdict, one.reason, one.user, one.found) for one in kept] == [
        ("up", "", "ann", True),
        ("down", "missing", "", False),
    ]
    assert kept[0].direct == "超5300万户" and kept[0].quotes[0].startswith("mybank-esg-2023.txt:")
    shown = subprocess.run(
        [sys.executable, "-m", "chat", "feedback", "--library", str(tmp_path), "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert [one["verdict"] for one in json.loads(shown.stdout)] == ["up", "down"]
    plain = subprocess.run(
        [sys.executable, "-m", "chat", "feedback", "--library", str(tmp_path)], capture_output=True, text=True, cwd=ROOT
    )
    assert "超5300万户" in plain.stdout.splitlines()[0]


def test_the_log_holds_no_questions_unless_asked(chat):
    answer = chat.ask("截至2023年底服务了多少小微用户?")
    for questions in (False, True):
        file = io.StringIO()
        Journal(file, questions=questions).asked(answer, "ann")
        row = json.loads(file.getvalue())
        assert row["event"] == "question" and row["user"] == "ann" and row["found"]
        assert ("question" in row) == questions == ("小微" in file.getvalue())


def test_requests_are_logged_without_their_query(desk):
    from starlette.testclient import TestClient

    file = io.StringIO()
    with TestClient(application(desk, Serving(), None, Journal(file)), base_url="http://127.0.0.1:7860") as client:
        client.get("/figures.csv?label=秘密")
        client.get("/", headers={"host": "evil.example"})
    rows = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [(row["path"], row["status"]) for row in rows] == [("/figures.csv", 200), ("/", 421)]
    assert "秘密" not in file.getvalue()
