"""What is served, and to whom: sign-in, roles, headers, hosts, and a stop that leaves nothing broken."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from chat import ReportChat
from chat.cli import main
from chat.serve import CannotServe, Serving, application, serve
from chat.ui.gate import Accounts
from chat.ui.visitors import Visitor
from chat.users import write_user
from ingest.read import document_from_text

ROOT = Path(__file__).parents[1]
TEXT = "2023年服务了12万户客户,收入为3亿元。"
SAME = {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}


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
    desk.library.add(document_from_text("a.txt", TEXT))
    info = desk.library.documents()[0]
    from chat.conversation import Conversation

    desk.documents.change(Conversation(), {"act": "remove", "id": info.id}, reader)
    assert desk.library.documents()
    _, removed, _ = desk.documents.change(Conversation(), {"act": "remove", "id": info.id}, editor)
    assert removed == (info.id, "a.txt") and not desk.library.documents()
    desk.documents.change(Conversation(), {"act": "undo", "id": info.id}, reader)
    assert not desk.library.documents()
    desk.documents.change(Conversation(), {"act": "undo", "id": info.id}, editor)
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


def test_a_served_chat_stops_when_it_is_told_to(tmp_path):
    (tmp_path / "users").write_text("ann:plain\n")
    assert main(["ingest", str(ROOT / "data" / "reports"), "--library", str(tmp_path / "library")]) == 0
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
