import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*arguments, stdin=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "chat", *map(str, arguments)], input=stdin, capture_output=True, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment}, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    reports = folder / "reports"
    reports.mkdir()
    text = "截至2023年底，绿洲银行服务小微客户260万户，不良贷款率为1.21%。"
    (reports / "gb.txt").write_bytes(text.encode("gb18030"))
    (reports / "big5.txt").write_bytes("截至2022年底，遠山銀行服務小微客戶95萬戶。".encode("big5hkscs"))
    (reports / "utf16.txt").write_bytes("海风公司2023年营业收入为12.5亿元。".encode("utf-16"))
    (reports / "empty.txt").write_bytes(b"")
    done = run("ingest", reports, "--library", folder / "library", "--json")
    return folder / "library", done


def test_ingest_reports_each_file(library):
    _, done = library
    outcomes = {Path(row["path"]).name: row for row in json.loads(done.stdout)["files"]}
    assert done.returncode == 1
    assert {name: row["outcome"] for name, row in outcomes.items()} == {
        "gb.txt": "added",
        "big5.txt": "added",
        "utf16.txt": "added",
        "empty.txt": "failed",
    }
    assert "no text" in outcomes["empty.txt"]["reason"]


def test_ask(library):
    done = run("ask", "绿洲银行2023年底服务了多少小微客户?", "--library", library[0], "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["found"] and answer["figures"][0]["value"] == "2600000"
    assert {"question", "found", "direct", "text", "figures", "quotes", "related", "confidence", "seconds"} <= set(
        answer
    )
    plain = run("ask", "-", "--library", library[0], stdin="海风公司2023年的营业收入是多少?".encode()).stdout.decode()
    assert plain.startswith("12.5亿元 [1]") and "utf16.txt, page 1" in plain


def test_questions_keep_their_order(library, tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text('{"id": 2, "question": "不良贷款率是多少"}\n{"id": "a", "question": ""}\n', encoding="utf-8")
    lines = run("ask", "--questions", file, "--json", "--library", library[0]).stdout.decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [2, "a"]
    file.write_text('{"id": 1, "question": "x"}\nnot json\n', encoding="utf-8")
    failed = run("ask", "--questions", file, "--json", "--library", library[0])
    assert failed.returncode == 2 and b"line 2" in failed.stderr


def test_list_figures_remove(library):
    names = [row["name"] for row in json.loads(run("list", "--json", "--library", library[0]).stdout)]
    assert names == ["big5.txt", "gb.txt", "utf16.txt"]
    table = run("figures", "--csv", "--document", "gb.txt", "--library", library[0]).stdout
    assert table.startswith(b"\xef\xbb\xbf") and "260万户".encode() in table
    assert run("remove", "utf16.txt", "--library", library[0]).returncode == 0
    assert run("remove", "utf16.txt", "--library", library[0]).returncode == 1


@pytest.mark.parametrize("question", [b"", b"\x00\xff\xfe", "多少".encode() * 50_000, b"<b>**x**</b>"])
def test_odd_questions(library, question):
    done = run("ask", "-", "--library", library[0], stdin=question)
    assert done.returncode == 0 and b"Traceback" not in done.stderr


def test_errors_are_one_clear_line(library, tmp_path):
    missing = run("ask", "x", "--library", tmp_path / "none")
    assert missing.returncode == 2
    assert missing.stderr.decode().count("\n") == 1 and "report-chat ingest" in missing.stderr.decode()
    assert run("list", REPORT_CHAT_LIBRARY=str(tmp_path / "none")).returncode == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        used = run("serve", "--library", library[0], "--port", port)
    assert used.returncode == 2 and f"port {port}" in used.stderr.decode()
    beyond = run("serve", "--library", library[0], "--host", "0.0.0.0", "--port", port)
    assert beyond.returncode == 2 and "--auth-file" in beyond.stderr.decode()


def test_interrupted_ingest_keeps_what_was_done(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(200):
        (reports / f"{number:03}.txt").write_text(f"第{number}号。" + "服务客户12万户。" * 50, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "chat", "ingest", str(reports), "--library", str(tmp_path / "library")],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said = first + process.communicate()[1]
    assert process.returncode in (130, 0)
    assert "Traceback" not in said
    names = {row["name"] for row in json.loads(run("list", "--json", "--library", tmp_path / "library").stdout)}
    assert {line.split("/")[-1][:7] for line in said.splitlines() if " added " in line} <= names


def test_help_teaches():
    said = run("--help").stdout.decode()
    assert all(word in said for word in ("serve", "ingest", "remove", "list", "ask", "figures", "evaluate", "examples"))


def test_readme_commands_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    import re

    for target in set(re.findall(r"`make (\w+)`", readme)):
        assert f"\n{target}:" in targets
    for command in set(re.findall(r"report-chat (\w+)", readme)):
        assert run(command, "--help").returncode == 0, command
    for path in re.findall(r"\]\(([\w./-]+)\)", readme):
        assert (ROOT / path).exists(), path


def test_served_page_answers(library):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "chat", "serve", "--library", str(library[0]), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
    )
    try:
        lines = []
        while not any("report-chat is at" in line for line in lines):
            line = process.stdout.readline()
            assert line, lines
            lines.append(line)
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        with urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
            assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Host": "elsewhere.example"}))
        assert refused.value.code == 421
    finally:
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        process.kill()
        process.wait()
