"""Files as people have them: folders, archives, mail, copies, changes, interruptions."""

import json
import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import office_files as make
import pytest

from chat.progress import Progress, printable, table
from index.intake import FileOutcome, Intake, ingest_paths
from index.library import Library
from ingest.files import files_below
from ingest.sandbox import Limits

ROOT = Path(__file__).parents[1]
FIGURES = make.docx(
    make.p("单位：万吨") + make.table(["指标", "2022年", "2023年"], ["范围一排放", "1,180.20", "1,052.33"])
)


def take(library, *paths, **how):
    found = ingest_paths(library, paths, lambda *_: None, intake=Intake(**how))
    return [(Path(one.path).name, one.outcome) for one in found]


@pytest.fixture
def library():
    with Library.in_memory() as opened:
        yield opened


def test_a_folder_of_many_formats(library, tmp_path):
    (tmp_path / "a.docx").write_bytes(FIGURES)
    (tmp_path / "b.docx").write_bytes(FIGURES)
    (tmp_path / "c.html").write_text("<p>绿洲银行服务小微客户260万户。", encoding="utf-8")
    (tmp_path / "d.docx").write_bytes(FIGURES[:500])
    (tmp_path / "e.csv").write_bytes("门店,2023\n直营,12\n".encode("gb18030"))
    calls = []
    found = ingest_paths(
        library, [tmp_path], lambda done, total, one: calls.append((done, total)), intake=Intake(workers=2)
    )
    outcomes = {Path(one.path).name: one for one in found}
    assert [one.outcome for one in found] == ["added", "duplicate", "added", "failed", "added"]
    assert "damaged" in outcomes["d.docx"].reason and outcomes["b.docx"].reason.endswith("a.docx")
    assert calls == [(n, 5) for n in range(1, 6)]
    assert outcomes["a.docx"].chunks and outcomes["a.docx"].figures
    document = library.document(library.find(path=str(tmp_path / "a.docx")).id)
    values = {(f.value, f.unit, f.period) for _, f in library.figures(document.id)}
    assert (Decimal("10523300"), "吨", "2023") in values
    assert document.rows[0].label == "范围一排放" and document.rows[0].caption == "单位：万吨"


def test_what_is_prepared_in_a_child_is_what_is_prepared_here(library, tmp_path):
    text = "截至2023年底，绿洲银行服务小微客户260万户。" * 3
    (tmp_path / "here.txt").write_text(text, encoding="utf-8")
    (tmp_path / "there.html").write_text(f"<p>{text}", encoding="utf-8")
    assert {outcome for _, outcome in take(library, tmp_path)} == {"added"}
    here, there = (library.find(path=str(tmp_path / name)).id for name in ("here.txt", "there.html"))
    assert [f for _, f in library.figures(here)] == [f for _, f in library.figures(there)]
    assert [c.text for c in library.chunks(here)] == [c.text for c in library.chunks(there)]


def test_archives_and_mail_hold_documents(library, tmp_path):
    inner = make.zip_of({"z.txt": "有7家门店。"})
    mail = make.eml("年报", "见附件12。", [("../a.docx", FIGURES), ("b.zip", inner)])
    (tmp_path / "all.zip").write_bytes(
        make.zip_of(
            {"子/a.txt": "有12家门店。", "m.eml": mail, "x.bin": "?", ".hidden.txt": "1", "__MACOSX/a.txt": "2"}
        )
    )
    assert take(library, tmp_path / "all.zip") == [
        ("all.zip", "unpacked"), ("a.txt", "added"), ("m.eml", "added"), ("x.bin", "skipped"),
        ("a.docx", "added"), ("b.zip", "unpacked"), ("z.txt", "added"),
    ]  # fmt: skip
    paths = [info.path.removeprefix(str(tmp_path)) for info in library.documents()]
    assert paths == ["/all.zip/m.eml", "/all.zip/m.eml/a.docx", "/all.zip/m.eml/b.zip/z.txt", "/all.zip/子/a.txt"]
    (tmp_path / "all.zip").write_bytes(make.zip_of({"子/a.txt": "有13家门店。"}))
    assert take(library, tmp_path / "all.zip") == [
        ("all.zip", "unpacked"), ("m.eml", "removed"), ("a.docx", "removed"), ("z.txt", "removed"), ("a.txt", "replaced"),
    ]  # fmt: skip


def test_changed_files_are_replaced_and_others_left(library, tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<p>有12家门店。", encoding="utf-8")
    assert take(library, path) == [("a.html", "added")]
    assert take(library, path) == [("a.html", "unchanged")]
    path.write_text("<p>有13家门店。", encoding="utf-8")
    assert take(library, path) == [("a.html", "replaced")]
    assert len(library.documents()) == 1


def test_an_encoding_that_is_named_is_taken(library, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Größe 12 km".encode("cp850"))
    take(library, path, encoding="cp850")
    assert library.document(library.documents()[0].id).text == "Größe 12 km"
    path.write_bytes(b"\xff\xff 12")
    assert take(library, path, encoding="utf-8") == [("a.txt", "failed")]


def test_limits_hold_for_each_file(library, tmp_path):
    (tmp_path / "a.html").write_text("<p>" + "有12家门店。" * 20_000, encoding="utf-8")
    (tmp_path / "b.html").write_text("<p>有13家门店。", encoding="utf-8")
    assert take(library, tmp_path, limits=Limits(output=200_000)) == [("a.html", "failed"), ("b.html", "added")]


def test_links_stay_in_their_folder(tmp_path):
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (inside / "a.txt").write_text("x")
    (inside / "b.txt").symlink_to(inside / "a.txt")
    (inside / "c.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "d").symlink_to(tmp_path, target_is_directory=True)
    (inside / "e.txt").symlink_to("nowhere")
    (inside / "up").symlink_to(inside, target_is_directory=True)
    os.mkfifo(inside / "pipe.txt")
    found = {one.path.name: one.reason for one in files_below(inside)}
    assert found["a.txt"] == found["b.txt"] == ""
    assert all("out of the folder" in found[name] for name in ("c.txt", "d"))
    assert found["pipe.txt"] == "no regular file" and "nowhere" in found["e.txt"]
    assert [one.reason for one in files_below(inside / "c.txt")] == [""]


def test_names_may_hold_anything(library, tmp_path):
    odd = os.fsencode(tmp_path) + b"/\x1b[2J\xff\n.html"
    Path(os.fsdecode(odd)).write_text("<p>有12家门店。", encoding="utf-8")
    [outcome] = ingest_paths(library, [tmp_path], lambda *_: None)
    assert outcome.outcome == "added"
    assert printable(outcome.path).endswith("\\x1b[2J\\xff\\n.html")
    json.dumps([outcome.path, library.documents()[0].path], ensure_ascii=False).encode()


def test_a_file_of_no_path_fails(library, tmp_path):
    assert take(library, tmp_path / "none.pdf") == [("none.pdf", "failed")]


class Terminal:
    def __init__(self, *, tty):
        self.said, self.tty = "", tty

    def isatty(self):
        return self.tty

    def write(self, text):
        self.said += text

    def flush(self):
        pass


@pytest.mark.parametrize("tty", [True, False])
def test_progress(tty, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal(tty=tty)
    progress = Progress(stream)
    progress.files(2)
    progress.page("/r/a.pdf", 31, 120)
    progress.file(1, 2, FileOutcome("/r/a.pdf", "added", chunks=3, figures=4, notes=("the sheet is hidden",)))
    progress.file(2, 2, FileOutcome("/r/\x1b.txt", "failed", "no text"))
    progress.end()
    assert "[1/2] added     /r/a.pdf (3 chunks, 4 figures)\n            note: the sheet is hidden\n" in stream.said
    assert "[2/2] failed    /r/\\x1b.txt: no text\n" in stream.said
    assert ("a.pdf page 31 of 120" in stream.said) == tty == ("\r\x1b[K" in stream.said)
    assert table(progress.outcomes) == "added          1\nfailed         1\n    /r/\\x1b.txt: no text"


def test_interrupted_ingest_goes_on_where_it_was(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(120):
        (reports / f"{number:03}.html").write_text(f"<p>第{number}号。" + "服务客户12万户。" * 300, encoding="utf-8")
    command = [sys.executable, "-m", "chat", "ingest", str(reports), "--library", str(tmp_path / "library")]
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True, cwd=ROOT)
    while log.read_text().count("\n") < 3 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    said = log.read_text()
    assert "Traceback" not in said  # a busy machine may have let it finish before the signal
    assert (process.returncode, "is kept" in said) in ((130, True), (0, False))
    done = sum(" added " in line for line in said.splitlines())
    assert out.startswith("added ") and int(out.split()[1]) == done
    again = subprocess.run([*command, "--json"], capture_output=True, text=True, cwd=ROOT, timeout=120)
    outcomes = [row["outcome"] for row in json.loads(again.stdout)["files"]]
    assert again.returncode == 0 and len(outcomes) == 120
    assert outcomes.count("unchanged") >= done and set(outcomes) <= {"unchanged", "added"}


def test_one_bad_file_never_stops_the_rest(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").write_text("有12家门店。", encoding="utf-8")
    (tmp_path / "c.txt").write_text("有12家门店。", encoding="utf-8")
    (tmp_path / "d.bin").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    with Library.in_memory() as library:
        found = ingest_paths(library, [tmp_path], lambda *_: None)
    assert [(Path(o.path).name, o.outcome) for o in found] == [
        ("a.txt", "failed"),
        ("b.txt", "added"),
        ("c.txt", "duplicate"),
        ("d.bin", "skipped"),
    ]
