"""Who may come in and what they may do: users, sessions, the queue, uploads, feedback, headers and the access log."""

import io
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import ReportChat
from chat.feedback import Feedback
from chat.serve import CannotServe, Serving, application, serve
from chat.turnstile import Busy, Turnstile
from chat.ui.desk import Desk, Visitor
from chat.ui.gate import Accounts
from chat.ui.journal import Journal
from chat.uploads import FOLDER, Uploads, safe_name
from chat.users import Attempts, BadUsers, hash_password, matches, read_users, remove_user, write_user
from index.library import Library
from ingest.problems import problem

ROOT = Path(__file__).parents[1]
TEXT = "2023年服务了12万户客户,收入为3亿元。"
SAME = {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}


@pytest.fixture
def desk(tmp_path):
    Library.open(tmp_path / "library", create=True).close()
    desk = Desk(ReportChat.open(tmp_path / "library"), largest_upload=100_000)
    yield desk
    desk.close(1)
    desk.library.close()


@pytest.fixture
def client(desk):
    from starlette.testclient import TestClient

    with TestClient(application(desk, Serving(), None), base_url="http://127.0.0.1:7860") as client:
        yield client


# users


@given(st.text(max_size=20), st.text(max_size=20))
def test_plain_passwords_match_themselves_alone(secret, password):
    assert matches(secret, password) == (secret == password and bool(secret))


def test_hashes_match_their_password_alone():
    secret = hash_password("correct horse 正确")
    assert (
        matches(secret, "correct horse 正确") and not matches(secret, "correct horse") and not matches(secret, secret)
    )
    assert hash_password("correct horse 正确") != secret
    assert "correct" not in secret


def test_users_are_kept_hashed(tmp_path):
    path = tmp_path / "folder" / "users"
    assert not write_user(path, "ann", "long enough", "editor")
    assert not write_user(path, "bob", "long enough", "reader")
    assert write_user(path, "ann", "another one", "reader")
    users = read_users(path)
    assert {user.name: (user.role, user.hashed) for user in users.values()} == {
        "ann": ("reader", True),
        "bob": ("reader", True),
    }
    assert matches(users["ann"].secret, "another one") and not matches(users["ann"].secret, "long enough")
    assert path.stat().st_mode & 0o077 == 0
    assert remove_user(path, "ann") and not remove_user(path, "ann")
    assert "long enough" not in path.read_text()


def test_old_files_are_read(tmp_path):
    path = tmp_path / "users"
    path.write_text("# who\nann:secret:with:colons\n\n bob : x \n", encoding="utf-8")
    users = read_users(path)
    assert matches(users["ann"].secret, "secret:with:colons") and matches(users["bob"].secret, "x")
    assert not users["ann"].hashed and users["ann"].role == "editor"


@pytest.mark.parametrize(
    "text",
    ["", "# nobody\n", "ann\n", ":x\n", "ann:\n", "ann:$scrypt$broken\n", f"ann:{hash_password('x' * 9)}:king\n"],
)
def test_bad_files_are_named(tmp_path, text):
    path = tmp_path / "users"
    path.write_text(text)
    with pytest.raises(BadUsers, match="users"):
        read_users(path)
    with pytest.raises(CannotServe):
        serve(ReportChat.from_texts({}), Serving(auth_file=path))


@pytest.mark.parametrize(
    ("name", "password"), [("", "long enough"), ("a b", "long enough"), ("a:b", "long enough"), ("a", "short")]
)
def test_bad_names_and_passwords_are_refused(tmp_path, name, password):
    with pytest.raises(BadUsers):
        write_user(tmp_path / "users", name, password)
    assert not (tmp_path / "users").exists()


def test_attempts_are_limited_for_a_while():
    now = [0.0]
    attempts = Attempts(most=3, seconds=60, clock=lambda: now[0])
    for _ in range(3):
        assert attempts.wait("a", "b") == 0
        attempts.fail("a", "b")
    assert attempts.wait("a") == 60 and attempts.wait("b", "c") == 60 and attempts.wait("c") == 0
    now[0] = 59.0
    assert attempts.wait("a") == 1
    now[0] = 61.0
    assert attempts.wait("a") == 0
    attempts.fail("a")
    attempts.succeed("a")
    assert attempts.wait("a") == 0


def test_accounts_are_read_anew_and_sessions_end(tmp_path):
    now = [0.0]
    path = tmp_path / "users"
    write_user(path, "ann", "long enough")
    accounts = Accounts(path, clock=lambda: now[0])
    token, _ = accounts.sign_in("ann", "long enough", "1.2.3.4")
    assert token and accounts.user(token).name == "ann"
    assert accounts.user("x") is None and accounts.user("") is None
    assert accounts.sign_in("ann", "wrong", "1.2.3.4") == ("", 0.0)
    assert accounts.sign_in("nobody", "long enough", "1.2.3.4") == ("", 0.0)
    now[0] = 13 * 3600
    assert accounts.user(token) is None
    token, _ = accounts.sign_in("ann", "long enough", "1.2.3.4")
    write_user(path, "bob", "long enough")
    remove_user(path, "ann")
    assert accounts.user(token) is None
    assert accounts.sign_in("bob", "long enough", "1.2.3.4")[0]


# what is answered, and to whom


def signed_in(desk, tmp_path, **roles):
    from starlette.testclient import TestClient

    path = tmp_path / "users"
    for name, role in roles.items():
        write_user(path, name, f"password of {name}", role)
    return TestClient(application(desk, Serving(auth_file=path), Accounts(path)), base_url="http://127.0.0.1:7860")


def test_nobody_comes_in_without_signing_in(desk, tmp_path):
    with signed_in(desk, tmp_path, ann="editor") as client:
        assert client.get("/", follow_redirects=False).headers["location"] == "login"
        for path in ("/config", "/gradio_api/info", "/figures.csv", "/gradio_api/queue/data", "/theme.css"):
            assert client.get(path, follow_redirects=False).status_code == 401, path
        assert client.post("/upload?name=a.txt", content=TEXT, headers=SAME).status_code == 401
        assert client.post("/gradio_api/queue/join", json={}, headers=SAME).status_code == 401
        assert client.get("/healthz").status_code == 200
        page = client.get("/login", headers={"accept-language": "zh-TW"})
        assert "登入" in page.text and 'lang="zh-TW"' in page.text
        wrong = client.post("/login", data={"user": "ann", "password": "<script>"}, headers=SAME)
        assert wrong.status_code == 403 and "<script>" not in wrong.text
        right = client.post(
            "/login", data={"user": "ann", "password": "password of ann"}, headers=SAME, follow_redirects=False
        )
        assert right.status_code == 303
        assert "HttpOnly" in right.headers["set-cookie"] and "SameSite=Lax" in right.headers["set-cookie"]
        assert client.get("/").status_code == 200
        assert client.get("/figures.csv").status_code == 200
        client.get("/logout", follow_redirects=False)
        assert client.get("/figures.csv").status_code == 401


def test_guessing_is_slowed_down(desk, tmp_path):
    with signed_in(desk, tmp_path, ann="editor") as client:
        for _ in range(5):
            assert client.post("/login", data={"user": "ann", "password": "x"}, headers=SAME).status_code == 403
        refused = client.post("/login", data={"user": "ann", "password": "password of ann"}, headers=SAME)
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) > 200


def test_readers_may_not_add(desk, tmp_path):
    with signed_in(desk, tmp_path, rob="reader") as client:
        client.post("/login", data={"user": "rob", "password": "password of rob"}, headers=SAME)
        assert client.get("/").status_code == 200
        assert client.post("/upload?name=a.txt", content=TEXT, headers=SAME).status_code == 403
    reader, editor = Visitor("rob", may_change=False), Visitor("ann")
    add(desk, "a.txt")
    info = desk.library.documents()[0]
    from chat.conversation import Conversation

    desk.change(Conversation(), {"act": "remove", "id": info.id}, reader)
    assert desk.library.documents()
    _, removed, _ = desk.change(Conversation(), {"act": "remove", "id": info.id}, editor)
    assert removed == (info.id, "a.txt") and not desk.library.documents()
    desk.change(Conversation(), {"act": "undo", "id": info.id}, reader)
    assert not desk.library.documents()
    desk.change(Conversation(), {"act": "undo", "id": info.id}, editor)
    assert [one.id for one in desk.library.documents()] == [info.id]


def test_the_public_may_ask_alone(desk):
    from starlette.testclient import TestClient

    app = application(desk, Serving(host="0.0.0.0", public=True), None)
    with TestClient(app, base_url="http://chat.example") as client:
        assert client.get("/").status_code == 200
        assert client.post("/upload?name=a.txt", content=TEXT).status_code == 403


def test_headers_hosts_and_origins(client):
    page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
    assert page.headers["x-content-type-options"] == "nosniff" and page.headers["referrer-policy"] == "same-origin"
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    other = {"host": "127.0.0.1:7860", "origin": "http://evil.example"}
    assert client.post("/upload?name=a.txt", content=TEXT, headers=other).status_code == 403
    assert client.post("/gradio_api/queue/join", json={}, headers={**other, "origin": "null"}).status_code == 403
    for path in ("/gradio_api/upload", "/gradio_api/file=/etc/passwd", "/gradio_api/proxy=http://x"):
        assert client.get(path).status_code == 404
    assert client.post("/gradio_api/upload", headers=SAME, files={"files": b"x"}).status_code == 404
    assert client.post("/gradio_api/queue/join", headers=SAME, content=b"x" * 2_000_001).status_code == 413
    assert client.get("/openapi.json").status_code in (404, 405)


def test_named_hosts_beyond_this_machine(desk):
    from starlette.testclient import TestClient

    app = application(desk, Serving(host="0.0.0.0", public=True, hosts=("chat.example",)), None)
    with TestClient(app, base_url="http://chat.example") as client:
        assert client.get("/healthz").json()["status"] == "ok"
        assert client.get("/healthz", headers={"host": "10.0.0.1"}).status_code == 421


def test_beyond_this_machine_somebody_must_sign_in():
    with pytest.raises(CannotServe, match="--auth-file"):
        serve(ReportChat.from_texts({}), Serving(host="0.0.0.0"))


# files


def add(desk, name, text=TEXT):
    path = desk.uploads.place(name)
    path.write_text(text, encoding="utf-8")
    return ended(desk, desk.uploads.submit(path).id)


def ended(desk, job_id):
    seen = ()
    for _ in range(200):
        seen = desk.uploads.wait(seen, 1)
        job = desk.uploads.jobs_by_id(job_id)
        if job is None or job.ended:
            return job
    raise AssertionError(seen)


def test_files_are_added_kept_and_told_about(client, desk):
    answer = client.post("/upload?name=%E6%8A%A5%E5%91%8A.txt", content=TEXT.encode(), headers=SAME)
    assert answer.status_code == 200
    job = ended(desk, answer.json()["job"])
    assert (job.state, job.name) == ("added", "报告.txt") and job.chunks == 1 and job.figures >= 2
    info = desk.library.documents()[0]
    assert Path(info.path).read_text(encoding="utf-8") == TEXT
    assert Path(info.path).is_relative_to(desk.library.folder / FOLDER)
    assert add(desk, "again.txt").state == "duplicate"
    assert [path.name for path in (desk.library.folder / FOLDER).rglob("*") if path.is_file()] == ["报告.txt"]
    assert desk.chat.ask("服务了多少户客户?").found


def test_what_cannot_be_read_says_why(client, desk):
    assert add(desk, "a.exe").state == "skipped"
    empty = add(desk, "a.txt", " ")
    assert empty.state == "failed" and empty.problem == problem("empty")
    assert client.post("/upload?name=a.txt", content=b"x" * 100_001, headers=SAME).status_code == 413

    def endless():
        for _ in range(3):
            yield b"x" * 50_000

    assert client.post("/upload?name=a.txt", content=endless(), headers=SAME).status_code == 413
    assert not [path for path in (desk.library.folder / FOLDER).rglob("*") if path.is_file()]


def test_what_waits_can_be_cancelled(desk):
    paths = [desk.uploads.place(f"{number}.txt") for number in range(3)]
    for number, path in enumerate(paths):
        path.write_text(f"{number}。{TEXT}", encoding="utf-8")
    jobs = [desk.uploads.submit(path) for path in paths]
    desk.uploads.cancel(jobs[2].id)
    assert [ended(desk, job.id).state for job in jobs] == ["added", "added", "cancelled"]
    assert len(desk.library.documents()) == 2
    desk.uploads.forget()
    assert desk.uploads.jobs() == ()


def test_what_is_being_read_can_be_cancelled(desk):
    path = desk.uploads.place("long.txt")
    path.write_text(TEXT * 200_000, encoding="utf-8")
    job = desk.uploads.submit(path)
    while desk.uploads.jobs_by_id(job.id).state == "queued":
        time.sleep(0.01)
    desk.uploads.cancel(job.id)
    assert desk.uploads.jobs_by_id(job.id).state == "cancelled"
    assert add(desk, "after.txt").state == "added"
    assert [info.name for info in desk.library.documents()] == ["after.txt"]


def test_files_of_no_document_are_swept(desk):
    add(desk, "kept.txt")
    stray = desk.uploads.place("stray.txt")
    stray.write_text("x")
    desk.uploads.sweep()
    assert not stray.parent.exists()
    assert Path(desk.library.documents()[0].path).exists()


@given(st.text(max_size=200))
def test_names_lead_nowhere(name):
    safe = safe_name(name)
    assert safe and "/" not in safe and "\\" not in safe and safe not in (".", "..") and len(safe) <= 131
    assert "\x00" not in safe and safe == safe.strip(" ")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\报告.pdf", "报告.pdf"),
        ("a\x00b.txt", "a_b.txt"),
        ("", "file"),
        ("..", "file"),
        (".env", "env"),
    ],
)
def test_odd_names(name, safe):
    assert safe_name(name) == safe


def test_uploads_of_a_library_in_memory_are_temporary():
    chat = ReportChat.from_texts({})
    uploads = Uploads(chat.library)
    place = uploads.place("a.txt")
    place.write_text(TEXT)
    uploads.close()
    assert not place.exists()


# the queue


def test_everyone_sees_how_many_are_before():
    turnstile = Turnstile(places=1, waiting=2, every=0)
    first, second, third = turnstile.enter(), turnstile.enter(), turnstile.enter()
    with pytest.raises(Busy):
        turnstile.enter()
    assert list(turnstile.wait(first)) == [] and turnstile.crowded
    waiting = turnstile.wait(third)
    assert next(waiting) == 2
    turnstile.leave(first)
    assert next(waiting) == 1
    turnstile.leave(second)
    assert list(waiting) == [] and not turnstile.crowded
    assert not turnstile.close(0.01)
    turnstile.leave(third)
    assert turnstile.close(0.01)
    with pytest.raises(Busy):
        turnstile.enter()


def test_a_line_that_moves_fast_is_not_told_of():
    turnstile = Turnstile(places=1, every=60)
    first, second = turnstile.enter(), turnstile.enter()
    threading.Timer(0.05, turnstile.leave, [first]).start()
    assert list(turnstile.wait(second)) == []


def test_many_at_once_are_all_answered():
    turnstile, most, now, lock = Turnstile(places=2), 0, 0, threading.Lock()

    def pass_through():
        nonlocal most, now
        ticket = turnstile.enter()
        for _ in turnstile.wait(ticket):
            pass
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.005)
        with lock:
            now -= 1
        turnstile.leave(ticket)

    threads = [threading.Thread(target=pass_through) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert now == 0 and most <= 2


# feedback and the access log


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


# the commands


def run(*arguments, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "chat", *arguments], input=stdin, capture_output=True, text=True, cwd=ROOT, timeout=120
    )


def test_user_commands(tmp_path):
    path = str(tmp_path / "users")
    assert (
        "added ann (reader)"
        in run("user", "add", "ann", "--role", "reader", "--auth-file", path, stdin="long enough\n").stdout
    )
    assert run("user", "list", "--auth-file", path).stdout == "ann\treader\thashed\n"
    short = run("user", "add", "bob", "--auth-file", path, stdin="x\n")
    assert short.returncode == 2 and "at least 8" in short.stderr
    assert run("user", "remove", "bob", "--auth-file", path).returncode == 2
    assert run("user", "remove", "ann", "--auth-file", path).returncode == 0


def test_a_served_chat_stops_when_it_is_told_to(tmp_path):
    (tmp_path / "users").write_text("ann:plain\n")
    run("ingest", "data/reports", "--library", str(tmp_path / "library"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "chat", "serve", "--library", str(tmp_path / "library"), "--port", port, "--auth-file", str(tmp_path / "users")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert "report-chat is at" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "report-chat user add NAME" in said and "Traceback" not in said


def test_figures_are_looked_up_once_until_the_library_changes(desk):
    add(desk, "a.txt")
    before = desk.table({}, "en")
    assert desk.table({}, "en") is before and "12" in before
    add(desk, "b.txt", "2022年服务了7万户客户。")
    after = desk.table({}, "en")
    assert after != before and "b.txt" in after and "b.txt" in desk.filters("en")
