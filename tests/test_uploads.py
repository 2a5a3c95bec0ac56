"""Files that are added through the page: kept, read, told about, cancelled and swept; and what the page remembers."""

import io
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import ReportChat
from chat.ui import shelf
from chat.uploads import FOLDER, Uploads, safe_name
from ingest.problems import problem

TEXT = "2023年服务了12万户客户,收入为3亿元。"
SAME = {"host": "127.0.0.1:7860", "origin": "http://127.0.0.1:7860"}


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


def test_archives_and_mail_are_taken_with_what_they_hold(desk):
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("2021.txt", "2021年服务了7万户客户。")
    with zipfile.ZipFile(outer, "w") as archive:
        for name, data in (
            ("2023.txt", TEXT), ("2022.txt", "2022年服务了10万户客户。"), ("broken.pdf", "%PDF-1.7"), ("program.exe", b"MZ\0"),
            ("older.zip", inner.getvalue()),
        ):  # fmt: skip
            archive.writestr(name, data)
    path = desk.uploads.place("reports.zip")
    path.write_bytes(outer.getvalue())
    job = ended(desk, desk.uploads.submit(path).id)
    assert (job.state, job.files, job.chunks) == ("added", 4, 3)
    assert [(name, why.code) for name, why in job.failed] == [("broken.pdf", "pdf")]
    told = shelf.jobs_html([job], "zh-Hans")
    assert "4 个文件" in told and "broken.pdf" in told and "PDF 已损坏" in told
    assert sorted(info.name for info in desk.library.documents()) == ["2021.txt", "2022.txt", "2023.txt"]
    desk.uploads.sweep()
    assert path.exists()  # its documents are held

    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Stores", "a@example.org", "b@example.org"
    message.set_content("In 2023 it had 310 stores.")
    message.add_attachment(TEXT.encode(), maintype="text", subtype="plain", filename="copy.txt")
    path = desk.uploads.place("stores.eml")
    path.write_bytes(message.as_bytes())
    job = ended(desk, desk.uploads.submit(path).id)
    assert (job.state, job.files) == ("added", 2)
    assert len(desk.library.documents()) == 4  # what it brought was there


def test_an_archive_of_nothing_is_passed_over(desk):
    data = io.BytesIO()
    zipfile.ZipFile(data, "w").close()
    path = desk.uploads.place("empty.zip")
    path.write_bytes(data.getvalue())
    job = ended(desk, desk.uploads.submit(path).id)
    assert (job.state, job.problem) == ("skipped", problem("empty archive")) and not path.exists()


def test_an_archive_can_be_given_up_and_leaves_nothing(desk):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}.txt", f"{number}。{TEXT}")
    path = desk.uploads.place("many.zip")
    path.write_bytes(data.getvalue())
    job = desk.uploads.submit(path)
    while not desk.library.documents():
        time.sleep(0.01)
    desk.uploads.cancel(job.id)
    assert ended(desk, job.id).state == "cancelled"
    until = time.monotonic() + 20
    while desk.library.documents() or path.exists():
        assert time.monotonic() < until
        time.sleep(0.05)


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


def test_figures_are_looked_up_once_until_the_library_changes(desk):
    add(desk, "a.txt")
    before = desk.figures.table({}, "en")
    assert desk.figures.table({}, "en") is before and "12" in before
    add(desk, "b.txt", "2022年服务了7万户客户。")
    after = desk.figures.table({}, "en")
    assert after != before and "b.txt" in after and "b.txt" in desk.figures.filters("en")
