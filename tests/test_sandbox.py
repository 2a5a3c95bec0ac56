"""Files are read in a child process: what they may cost, and how each way of failing is told."""

import os
import threading
import zipfile
from pathlib import Path

import pytest

from ingest import errors, sandbox
from ingest.read import read_document
from ingest.sandbox import Limits, Request, Worker


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("截至2023年底，绿洲银行服务小微客户260万户。", encoding="gb18030")
    return path


Hostile = sandbox.Program


@pytest.fixture
def hostile(monkeypatch, tmp_path):
    """Makes a Markdown file for whose loader, in the child, the code given stands in."""

    def make(code):
        lines = [
            "import ctypes, os, time, ingest.loaders.registry as registry",
            "from ingest.loaders.types import Loaded",
        ]
        lines += ["def evil(path, data, on_page):", *(f"    {line}" for line in code.splitlines())]
        lines += ["registry.LOADERS['.md'] = evil"]
        code = f"exec({chr(10).join(lines)!r}); {sandbox.Program().code}"
        monkeypatch.setattr(sandbox, "Program", lambda: Hostile(code))
        path = tmp_path / "evil.md"
        path.write_text("# x", encoding="utf-8")
        return path

    return make


def test_a_document_is_the_same_as_in_process(report):
    with Worker() as worker:
        assert worker.read(str(report), report) == read_document(report)
        child = worker._process.pid
        assert worker.read(str(report), report) == read_document(report)
        assert worker._process.pid == child


def test_errors_come_back_by_name(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b" ")
    with Worker() as worker:
        with pytest.raises(errors.EmptyDocument, match="no text") as caught:
            worker.read(str(path), path)
        assert caught.value.path == str(path)
        with pytest.raises(errors.UnreadableFile, match="cannot be read"):
            worker.read("gone.txt", tmp_path / "gone.txt")


SLOW = Limits(total_seconds=4)
BUSY = Limits(cpu_seconds=1)
SMALL = Limits(resident=300 << 20, output=1 << 20)


@pytest.mark.parametrize(
    ("limits", "code", "kind", "says"),
    [
        (Limits(seconds=2), "time.sleep(60)", errors.TooSlow, "no further page"),
        (SLOW, "while True:\n    on_page(1, 2); time.sleep(0.1)", errors.TooSlow, "no further page"),
        (BUSY, "while True: pass", errors.TooSlow, "computing"),
        (SMALL, "os.abort()", errors.ReaderCrashed, "SIGABRT"),
        (SMALL, "ctypes.string_at(0)", errors.ReaderCrashed, "SIGSEGV"),
        (SMALL, "os.kill(os.getpid(), 9)", errors.ReaderCrashed, "SIGKILL"),
        (SMALL, "os._exit(0)", errors.ReaderCrashed, "exit code 0"),
        (SMALL, "keep = b'x' * (400 << 20); time.sleep(60)", errors.TooLarge, "memory"),
        (SMALL, "keep = bytearray(1 << 40)", errors.TooLarge, "memory"),
        (SMALL, "return Loaded('x' * (2 << 20))", errors.TooLarge, "text"),
        (SMALL, "raise KeyError('broken')", errors.UnreadableFile, "KeyError"),
        (SMALL, "return evil(path, data, on_page)", errors.UnreadableFile, "nested too deeply"),
        (
            SMALL,
            "print('noise', flush=True); os.write(1, b'noise'); raise ValueError",
            errors.UnreadableFile,
            "ValueError",
        ),
    ],
)
def test_each_way_of_failing_has_a_name_and_the_next_file_is_read(hostile, report, limits, code, kind, says):
    path = hostile(code)
    with Worker(limits) as worker:
        with pytest.raises(kind) as caught:
            worker.read(str(path), path)
        assert type(caught.value) is kind
        assert says in str(caught.value) and str(path) in str(caught.value)
        assert worker.read(str(report), report).text.startswith("截至2023年底")


def test_short_files_are_read_together_and_what_befalls_one_is_its_own(hostile, report, tmp_path):
    evil, empty, packed = hostile("os._exit(3)"), tmp_path / "empty.txt", tmp_path / "packed.txt"
    empty.write_bytes(b" ")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.txt", "有7家门店。")
    expected = [read_document(report), errors.EmptyDocument, ("inner.txt", "有7家门店。"), read_document(report)]
    for paths in ([report, empty, packed, report], [report, empty, packed, report, evil]):
        folders = (str(tmp_path / f"{len(paths)}-{number}") for number in range(len(paths)))
        requests = [
            Request(str(path), str(path), None, folder, 1 << 20) for path, folder in zip(paths, folders, strict=True)
        ]
        with Worker() as worker:
            found = worker.ask_all(requests, lambda *_: None)
        inner = [(name, Path(file).read_text(encoding="utf-8")) for name, file in found[2].members]
        assert [found[0].document, type(found[1]), *inner, found[3].document] == expected
    assert isinstance(found[4], errors.ReaderCrashed) and str(evil) in str(found[4])


def test_each_page_has_its_own_time_and_is_told(hostile):
    path = hostile("for page in range(5):\n    time.sleep(1)\n    on_page(page + 1, 5)\nreturn Loaded('x 1')")
    pages = []
    with Worker(Limits(seconds=4)) as worker:
        assert worker.read(str(path), path, on_page=lambda done, total: pages.append((done, total))).text == "x 1"
    assert pages == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_a_child_that_was_taken_over_makes_nothing_run_here(hostile, tmp_path):
    mark = tmp_path / "mark"
    path = hostile(
        f"import ingest.child, pickle, struct\nclass Bad:\n    def __reduce__(self): return os.mkdir, ({str(mark)!r},)\n"
        "ingest.child.packed = lambda report: (lambda p: struct.pack('>Q', len(p)) + p)(pickle.dumps(Bad()))"
    )
    with Worker() as worker, pytest.raises(errors.ReaderCrashed):
        worker.read(str(path), path)
    assert not mark.exists()


def test_close_from_another_thread_ends_the_child(hostile):
    path = hostile("time.sleep(60)")
    worker = Worker()
    threading.Timer(1.0, worker.close).start()
    with pytest.raises(errors.ReaderCrashed):
        worker.read(str(path), path)
    assert worker._process is None


def test_closing_leaves_no_process(report):
    with Worker() as worker:
        worker.read(str(report), report)
        child = worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
