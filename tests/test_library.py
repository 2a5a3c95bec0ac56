"""A library keeps what it is given, opens again, says what is wrong with it, and has one writer."""

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index import errors
from index.embed import load_embedder
from index.intake import ingest_paths
from index.library import Library
from index.opening import DATABASE
from index.prepare import prepare
from ingest.read import document_from_text
from ingest.types import Cell, Row


@pytest.fixture
def folder(tmp_path, banks):
    with Library.open(tmp_path / "library", create=True) as library:
        for document in banks:
            library.add(document)
    return tmp_path / "library"


def test_library_keeps_what_it_is_given(folder):
    document = document_from_text("丙", "“大山雀”服务了31个省市。\f第二页有5家门店。")
    with Library.open(folder) as library:
        assert library.add(document) == "added"
        assert library.add(document) == "unchanged"
    with Library.open(folder) as library:
        assert library.document(document.id) == document
        assert [f.text for _, f in library.figures(document.id)] == ["31个", "第二", "5家"]
        assert library.names_by_pinyin("Da Shan Que") == ("大山雀",)
        assert library.retrieve("大山雀 省市", 1)[0].chunk.document_id == document.id
        assert library.remove("丙").id == document.id
        assert [info.title for info in library.documents()] == ["乙行2023", "甲行2023"]
        with pytest.raises(errors.NoSuchDocument, match="丙"):
            library.remove("丙")


def test_what_was_prepared_elsewhere_is_added_at_once(folder):
    first, second = document_from_text("丙", "丙行有9家分行。"), document_from_text("丁", "丁行有7家分行。")
    made = [pickle.loads(pickle.dumps(prepare(one, load_embedder(None)))) for one in (first, second, first)]
    again = prepare(document_from_text("丙", "丙行有10家分行。"), load_embedder(None))
    with Library.open(folder) as library:
        assert library.add_prepared([*made, again]) == ["added", "added", "unchanged", "replaced"]
        assert [info.title for info in library.documents()] == ["丁", "丙", "乙行2023", "甲行2023"]
        texts = [hit.chunk.text for hit in library.retrieve("分行", 9)]
        assert {"丙行有10家分行。", "丁行有7家分行。"} <= set(texts) and "丙行有9家分行。" not in texts
        with pytest.raises(errors.EmbedderMismatch):
            library.add_prepared([replace(made[0], embedder="another")])
    with Library.open(folder) as library:
        assert [hit.chunk.text for hit in library.retrieve("分行", 9)] == texts


def test_what_is_derived_is_made_again(folder):
    with Library.open(folder) as library:
        before = library.retrieve("不良贷款率", 2)
    shutil.rmtree(folder / "lexical")
    with Library.open(folder) as library:
        after = library.retrieve("不良贷款率", 2)
    assert [hit.chunk for hit in after] == [hit.chunk for hit in before]
    assert [hit.score for hit in after] == pytest.approx([hit.score for hit in before], rel=1e-2)


def test_reembed(tmp_path, folder, tiny):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    with Library.open(copy) as reader:
        before = reader.retrieve("小微用户", 3)
        said = []
        with Library.reembed(copy, str(tiny), lambda done, total: said.append((done, total))) as library:
            assert library.embedder == "tiny-8"
            after = library.retrieve("小微用户", 3)
        assert said[-1][0] == said[-1][1] == len(list(reader.chunks()))
        assert before and after
        with pytest.raises(errors.EmbedderMismatch, match="reembed"):
            reader.retrieve("小微用户", 3)
    with pytest.raises(errors.EmbedderMismatch, match="tiny-8"):
        Library.open(copy)
    with Library.open(copy, embedding_model=str(tiny)) as library:
        assert library.retrieve("小微用户", 3) == after
    Library.reembed(copy, None).close()
    with Library.open(copy) as library:
        assert [(hit.chunk, round(hit.score, 4)) for hit in library.retrieve("小微用户", 3)] == [
            (hit.chunk, round(hit.score, 4)) for hit in before
        ]


def test_bad_libraries_are_named(tmp_path, folder, tiny):
    with pytest.raises(errors.LibraryMissing, match="report-chat ingest"):
        Library.open(tmp_path / "none")
    with pytest.raises(errors.EmbedderMismatch, match="tiny-8"):
        Library.open(folder, embedding_model=str(tiny))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / DATABASE).write_bytes(b"no database at all, but some bytes" * 100)
    with pytest.raises(errors.LibraryCorrupt, match="broken"):
        Library.open(broken)
    half = tmp_path / "half"
    half.mkdir()
    (half / DATABASE).touch()
    with pytest.raises(errors.LibraryMissing, match="never finished"):
        Library.open(half)
    import sqlite3

    connection = sqlite3.connect(folder / DATABASE)
    connection.execute("UPDATE manifest SET value = '99' WHERE name = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(errors.LibraryVersion, match="99"):
        Library.open(folder)


ASK_AND_ADD = """
import sys
from pathlib import Path
from index.errors import LibraryReadOnly
from index.library import Library
from ingest.read import document_from_text
from ingest.types import Cell, Row
with Library.open(Path(sys.argv[1])) as library:
    print(library.retrieve("乙行小微用户", 1)[0].chunk.text)
    try:
        library.add(document_from_text("新", "新的文档。"))
    except LibraryReadOnly as error:
        print(error)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_read_only_library_answers_and_says_why_it_cannot_grow(folder):
    other = {"user": 65534} if os.geteuid() == 0 else {}  # no permission holds root back
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "library"
        shutil.copytree(folder, copy)
        for path in (*copy.rglob("*"), copy, Path(name)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", ASK_AND_ADD, str(copy)]
        try:
            run = subprocess.run(
                command, cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(root)}, **other
            )
        except PermissionError:
            pytest.skip("this Python is out of reach of other users")
        finally:
            Path(name).chmod(0o755)
            copy.chmod(0o755)
    assert run.returncode == 0, run.stderr
    assert "340万" in run.stdout
    assert f"{copy}: cannot be written" in run.stdout


def test_one_writer_many_readers(folder):
    with Library.open(folder) as writer, Library.open(folder) as reader, Library.open(folder) as second:
        assert len(reader.documents()) == 2
        writer.add(document_from_text("丁", "丁行有7家分行。"))
        assert len(reader.documents()) == 3
        assert reader.retrieve("丁行分行", 1)[0].chunk.text == "丁行有7家分行。"
        with pytest.raises(errors.LibraryLocked, match="is writing"):
            second.add(document_from_text("戊", "戊行有8家分行。"))


def test_killed_while_ingesting(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(30):
        (reports / f"{number:02}.txt").write_text(
            f"第{number}号报告。" + f"服务客户{number + 1}万户。" * 40, encoding="utf-8"
        )
    library = tmp_path / "library"
    command = [sys.executable, "-m", "chat", "ingest", str(reports), "--library", str(library)]
    for delay in (0.8, 1.2, 1.6, 2.2):
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        time.sleep(delay)
        process.kill()
        _, said = process.communicate()
        done = {
            line.split("/reports/")[1][:6] for line in said.splitlines() if " added " in line and line.endswith(")")
        }
        if not (library / DATABASE).is_file():
            continue
        try:
            with Library.open(library) as opened:
                names = {info.name for info in opened.documents()}
                assert done <= names
                assert not names or opened.retrieve("服务客户", 1)
        except errors.LibraryMissing:
            assert not done
    outcomes = []
    with Library.open(library, create=True) as opened:
        ingest_paths(opened, [reports], lambda done, total, outcome: outcomes.append(outcome.outcome))
        assert len(opened.documents()) == 30
        assert set(outcomes) <= {"added", "unchanged"}


def test_rows_of_tables_are_kept(tmp_path):
    document = document_from_text("t", "单位：万元\n项目 2023年 2022年\n研发投入 1,200 900\n")
    start = document.text.index("研发投入")
    row = Row(
        start,
        start + 14,
        "研发投入",
        "单位：万元",
        (Cell(start + 5, start + 10, "2023年"), Cell(start + 11, start + 14, "2022年")),
    )
    with Library.open(tmp_path, create=True) as library:
        library.add(replace(document, rows=(row,)))
    with Library.open(tmp_path) as library:
        assert library.document(document.id).rows == (row,)
