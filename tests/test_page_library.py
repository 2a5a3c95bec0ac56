"""Documents and figures in a real browser: added, asked alone, removed, brought back, filtered and taken away."""

from pathlib import Path

import pytest
from browsing import BROWSER, ask

from ingest.read import document_from_text

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]


def test_documents_are_added_asked_alone_removed_and_brought_back(own, tmp_path):
    visit, found = own
    page = visit(language="en")
    page.click("#to-documents")
    report = tmp_path / "远东银行2023年报.txt"
    report.write_text("截至2023年底,远东银行服务小微客户95万户。", encoding="utf-8")
    bad, large, other = tmp_path / "empty.txt", tmp_path / "large.txt", tmp_path / "program.exe"
    bad.write_text(" ")
    large.write_text("x" * 300_000)
    other.write_text("MZ")
    page.set_input_files("#files", [report, bad, large, other])
    page.wait_for_selector("#jobs .job.added >> text=远东银行2023年报.txt")
    assert "No text in it." in page.inner_text("#jobs .job.failed:has-text('empty.txt')")
    assert "Larger than the limit" in page.inner_text("#jobs .job.failed:has-text('large.txt')")
    page.wait_for_selector("#jobs .job.skipped:has-text('program.exe') >> text=No loader")
    assert page.locator(".library li").count() == 3
    assert "3 documents" in page.inner_text("#head p")

    page.get_by_label("Ask only 远东银行2023年报.txt").check()
    page.click("#to-chat")
    page.wait_for_selector(".scope >> text=Only 远东银行2023年报.txt")
    ask(page, "服务了多少小微客户?")
    assert page.inner_text("#talk .direct") == "95万户"
    page.get_by_role("button", name="Ask all").click()
    page.wait_for_selector(".scope", state="detached")

    page.click("#to-documents")
    page.get_by_role("button", name="Remove 远东银行2023年报.txt").click()
    page.wait_for_function("document.querySelectorAll('.library li').length === 2")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelectorAll('.library li').length === 3")
    assert found.desk.chat.ask("远东银行2023年底服务了多少小微客户?").found


def test_files_are_dropped_into_the_chat(own):
    visit, found = own
    page = visit()
    data = page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['截至2023年底,远东银行服务小微客户95万户。'], '远东.txt')); return data; }"
    )
    page.dispatch_event("#question textarea", "dragover", {"dataTransfer": data})
    page.dispatch_event("#question textarea", "drop", {"dataTransfer": data})
    page.wait_for_selector("#chat-jobs .job.added >> text=远东.txt")
    ask(page, "远东银行2023年底服务了多少小微客户?")
    assert page.inner_text("#talk .direct") == "95万户"
    assert {info.name for info in found.desk.library.documents()} >= {"远东.txt"}


def test_figures_are_filtered_sorted_and_lead_to_their_source(visit):
    page = visit(language="en")
    page.click("#to-figures")
    page.wait_for_selector("#table tbody tr")
    whole = page.locator("#table tbody tr").count()
    page.fill("#filters input[name=label]", "小微客户")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length === 4")
    assert whole > 4
    page.locator("th button[data-order=value]").click()
    page.wait_for_selector("th[aria-sort=descending]")
    assert page.locator("#table td.number").all_inner_texts() == ["260万户", "210万户", "180万户", "1.5萬"]
    with page.expect_download() as download:
        page.click("#table a.button")
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and len(data.decode("utf-8-sig").splitlines()) == 5
    page.select_option("#filters select[name=year]", "2022")
    page.wait_for_function("document.querySelectorAll('#table tbody tr').length === 1")
    page.locator("#table tbody .name").click()
    page.wait_for_selector("#source mark")
    assert page.inner_text("#source mark") == "210万户"


def test_documents_are_found_by_name_where_there_are_many(own):
    visit, found = own
    for number in range(30):
        found.desk.library.add(document_from_text(f"支行{number}號年报", f"支行{number}服务客户{number + 5}万户。"))
    page = visit()
    page.click("#to-documents")
    assert page.locator(".library li").count() == 32
    page.get_by_label("查找文档").fill("支行7号")  # in either script
    page.wait_for_function("document.querySelectorAll('.library li').length === 1")
    page.get_by_label("只问这份：支行7號年报").check()
    page.wait_for_selector(".scope", state="attached")
    page.wait_for_function("document.querySelectorAll('.library li').length === 1")  # still
    assert page.get_by_label("只问这份：支行7號年报").is_checked()
    page.get_by_label("查找文档").fill("没有这样的")
    page.wait_for_selector("#documents >> text=没有这样名称的文档")


def test_what_was_added_leaves_the_chat_when_it_was_seen(own, tmp_path):
    visit, _ = own
    page = visit()
    (tmp_path / "远东.txt").write_text("截至2023年底,远东银行服务小微客户95万户。", encoding="utf-8")
    page.set_input_files("#files", tmp_path / "远东.txt")
    page.wait_for_selector("#chat-jobs .job.added")
    ask(page, "远东银行2023年底服务了多少小微客户?")
    assert not page.locator("#chat-jobs").is_visible()
    page.click("#to-documents")
    assert page.locator("#jobs .job.added").is_visible()
