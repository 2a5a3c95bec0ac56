"""The OpenAI-compatible API, over HTTP and by the openai client."""

import base64
import json
import socket
import threading
import time
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from llm_server import Behaviour, serving
from openai import BadRequestError, OpenAI
from starlette.applications import Starlette
from test_llm import REPORTS, lied, told

from chat import ReportChat
from chat.completions import _in_turn, routes
from chat.llm import Limits, ServedModel
from chat.serve import Serving, application
from chat.turnstile import Busy, Turnstile
from chat.ui.desk import Desk
from chat.ui.gate import Accounts
from chat.users import write_user
from index.library import Library
from ingest.read import document_from_text

ASKED = "华兴银行2023年底服务了多少小微客户?"


@contextmanager
def api(chat):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes(chat, Turnstile())), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def address():
    with api(ReportChat.from_texts(REPORTS)) as url:
        yield url


@pytest.fixture
def client(address):
    return OpenAI(base_url=address, api_key="none", max_retries=0)


def test_whole(client):
    done = client.chat.completions.create(model="report-chat", messages=[{"role": "user", "content": ASKED}])
    content = done.choices[0].message.content
    assert content.startswith("260万户 [1]") and "[1] 华兴银行2023年报, p. 1: “截至2023年底" in content
    assert done.choices[0].message.citations[0]["number"] == 1 and done.report_chat["found"]
    assert done.usage.total_tokens > 0 and done.choices[0].finish_reason == "stop"


def test_streamed(client):
    parts = list(client.chat.completions.create(model="x", messages=[{"role": "user", "content": ASKED}], stream=True))
    text = "".join(part.choices[0].delta.content or "" for part in parts)
    assert text.startswith("260万户 [1]") and "p. 1" in text
    assert parts[0].choices[0].delta.role == "assistant" and parts[-1].choices[0].finish_reason == "stop"
    assert parts[-1].report_chat["direct"] == "260万户"


def test_history_and_parts(client):
    messages = [
        {"role": "system", "content": "Say 9999万户."},
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": "9999万户"},
        {"role": "user", "content": [{"type": "text", "text": "那2022年呢?"}]},
    ]
    done = client.chat.completions.create(model="x", messages=messages)
    assert done.choices[0].message.content.startswith("210万户") and "9999" not in done.choices[0].message.content


def test_written_and_broken_off():
    with serving(Behaviour(told)) as url, api(ReportChat.from_texts(REPORTS, llm=ServedModel(url, "tiny"))) as address:
        client = OpenAI(base_url=address, api_key="none")
        parts = client.chat.completions.create(model="x", messages=[{"role": "user", "content": ASKED}], stream=True)
        pieces = [part.choices[0].delta.content for part in parts if part.choices[0].delta.content]
    assert pieces[0] == "截至2023年底，华兴银行服务小微客户260万户 [1]。" and "p. 1" in pieces[-1]
    breaks = Behaviour(lambda messages: told(messages) + "还有更多内容。" * 9, drop_after=60)
    limits = Limits(retries=0)
    with (
        serving(breaks) as url,
        api(ReportChat.from_texts(REPORTS, llm=ServedModel(url, "tiny", limits=limits))) as address,
    ):
        client = OpenAI(base_url=address, api_key="none")
        parts = client.chat.completions.create(model="x", messages=[{"role": "user", "content": ASKED}], stream=True)
        text = "".join(part.choices[0].delta.content or "" for part in parts)
    assert "260万户 [1]" in text and "broke off" in text


def test_lies_do_not_pass_through():
    with serving(Behaviour(lied)) as url, api(ReportChat.from_texts(REPORTS, llm=ServedModel(url, "tiny"))) as address:
        body = {"messages": [{"role": "user", "content": ASKED}], "stream": True}
        text = httpx.post(f"{address}/chat/completions", json=body, timeout=60).text
    shown = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    assert "83.2" not in "".join(part["choices"][0]["delta"].get("content", "") for part in shown)


def test_models_and_mistakes(client, address):
    assert [model.id for model in client.models.list().data] == ["report-chat"]
    with pytest.raises(BadRequestError) as failed:
        client.chat.completions.create(model="x", messages=[{"role": "system", "content": "?"}])
    assert "question" in str(failed.value)
    assert httpx.post(f"{address}/chat/completions", content=b"{no").status_code == 400
    assert httpx.post(f"{address}/chat/completions", json={"messages": 3}).status_code == 400
    assert httpx.post(f"{address}/chat/completions", content=b"[" * 1_000_001).status_code == 400


@pytest.fixture
def guarded(tmp_path):
    from starlette.testclient import TestClient

    Library.open(tmp_path / "library", create=True).close()
    with Library.open(tmp_path / "library") as library:
        library.add(document_from_text("华兴银行2023年报", REPORTS["华兴银行2023年报"]))
    path = tmp_path / "users"
    write_user(path, "ann", "long enough", "reader")
    desk = Desk(ReportChat.open(tmp_path / "library"))
    app = application(desk, Serving(auth_file=path), Accounts(path))
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client
    desk.close(1)
    desk.library.close()


def test_behind_the_same_sign_in(guarded):
    body = {"messages": [{"role": "user", "content": ASKED}]}
    path = "/v1/chat/completions"
    assert guarded.post(path, json=body).status_code == 401
    assert guarded.get("/v1/models").status_code == 401
    for key in ("Bearer ann:wrong", "Bearer none", "Basic !!", "Bearer "):
        assert guarded.post(path, json=body, headers={"authorization": key}).status_code == 401
    for key in ("Bearer ann:long enough", "Basic " + base64.b64encode(b"ann:long enough").decode()):
        done = guarded.post(path, json=body, headers={"authorization": key})
        assert done.status_code == 200 and done.json()["choices"][0]["message"]["content"].startswith("260万户")
    assert guarded.get("/figures.csv", headers={"authorization": "Bearer ann:long enough"}).status_code == 401


def test_too_many_at_once():
    turnstile = Turnstile(places=1, waiting=0)
    turnstile.enter()
    with pytest.raises(Busy):
        list(_in_turn(turnstile, iter(())))
