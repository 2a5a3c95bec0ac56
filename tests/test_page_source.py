"""The source panel in a real browser: text and pages, their marks, and the ways there and back."""

import pytest
from browsing import ASKED, BROWSER, Visits, ask, library_of, site

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]


def test_source_as_in_the_file_and_back_to_figures(visit):
    page = visit()
    ask(page, "大山雀能识别多少种作物")
    page.wait_for_selector("#source mark")
    page.get_by_role("button", name="文件中的原样").click()
    page.wait_for_selector("#source .raw mark")
    assert "(" in page.inner_text("#source .raw mark")  # the file has notes on pronunciation there
    page.get_by_role("button", name="整理后").click()
    page.wait_for_selector("#source article:not(.raw) mark .fig")
    page.locator("#source mark .fig").first.click()
    page.wait_for_selector("#tab-figures:visible")
    page.wait_for_function("document.querySelector('#filters input').value.length > 1")
    assert page.locator("#table tbody tr").count() >= 1


def test_the_source_stands_beside_what_it_proves(visit):
    page = visit()
    ask(page, ASKED)
    page.wait_for_selector("#source mark")
    page.click("#to-figures")
    assert not page.locator("#source").is_visible()
    page.locator("#table tbody .name").first.click()
    page.locator("#source .page").wait_for()
    page.click("#to-chat")
    assert not page.locator("#source").is_visible()
    page.click("#talk .cite")
    page.locator("#source mark").wait_for()
    ask(page, "网商银行的员工离职率是多少？")
    page.wait_for_selector("#source .page", state="detached")  # it proved another answer


def test_a_pdf_is_read_page_by_page_and_shown_as_it_looks(own, tmp_path):
    from make_pdf import Pdf

    pdf = Pdf()
    for title, said in (
        ("客户", "服务小微客户95万户"), ("贷款", "贷款余额320亿元"), ("风险", "不良贷款率为0.98%"), ("员工", "员工人数为4,210人"),
    ):  # fmt: skip
        pdf.line(f"{title}情况", size=16).paragraph(f"截至2023年底，远东银行{said}，比上一年底有所增长。").page()
    (tmp_path / "远东银行2023.pdf").write_bytes(pdf.bytes())
    visit, _ = own
    page = visit()
    page.click("#to-documents")
    page.set_input_files("#files", tmp_path / "远东银行2023.pdf")
    page.wait_for_selector("#jobs .job.added")
    page.wait_for_selector(".library li >> text=4 页")
    page.click("#to-chat")
    ask(page, "远东银行2023年底的不良贷款率是多少?")
    assert page.inner_text("#talk .direct") == "0.98%"
    page.wait_for_selector("#source .sheet img")
    mark = page.locator("#source .sheet i").first
    assert mark.count() == 1
    sheet, box = page.locator("#source .sheet").bounding_box(), mark.bounding_box()
    assert sheet["y"] < box["y"] < sheet["y"] + sheet["height"] / 4 and box["width"] > sheet["width"] / 3
    page.get_by_role("button", name="下一页").click()
    page.wait_for_selector("#source .where >> text=4 / 4")
    assert page.locator("#source .sheet i").count() == 0
    page.get_by_role("button", name="上一页").click()
    page.wait_for_selector("#source .where >> text=3 / 4")
    page.get_by_role("button", name="放大").click()
    page.wait_for_selector("#source .sheet[style*='150%']")
    page.get_by_role("button", name="文字", exact=True).click()
    page.wait_for_selector("#source mark")


def test_a_page_is_turned_by_keyboard_and_read_on_a_phone(browser, tmp_path):
    from make_pdf import Pdf

    pdf = Pdf()
    parts = ("客户", "服务小微客户95万户"), ("贷款", "贷款余额320亿元"), ("风险", "不良贷款率为0.98%")
    for title, said in parts:
        pdf.line(f"{title}情况", size=16).paragraph(f"截至2023年底，远东银行{said}，比上一年底有所增长。").page()
    (tmp_path / "远东银行.pdf").write_bytes(pdf.bytes())
    with site(library_of(tmp_path / "library", tmp_path / "远东银行.pdf")) as found:
        visits = Visits(browser, found.address)
        page = visits()
        ask(page, "远东银行2023年底的不良贷款率是多少?")
        page.wait_for_selector("#source .sheet img")
        page.focus("#talk .cite")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.matches('#source .page')")  # though it was open already
        page.focus("#source [aria-label='上一页']")
        for number in (2, 1):
            page.keyboard.press("Enter")
            page.wait_for_selector(f"#source .where >> text={number} / 3")
            page.wait_for_selector(f"#source header small >> text=第 {number} 页 · {parts[number - 1][0]}情况")
            if number > 1:  # where there is none before, it cannot have the focus
                page.wait_for_function("document.activeElement.ariaLabel === '上一页'")
        page.get_by_role("button", name="回到引文").click()
        page.wait_for_selector("#source .sheet i")
        assert "第 3 页" in page.inner_text("#source header small")
        phone = visits(width=390)
        ask(phone, "远东银行2023年底的不良贷款率是多少?")
        phone.click("#talk .cite")
        phone.wait_for_selector("#source .sheet[style*='200%'] i")  # all of a page at once could not be read
        phone.wait_for_timeout(500)
        mark, scroll = (
            phone.locator("#source .sheet i").first.bounding_box(),
            phone.locator("#source .scroll").bounding_box(),
        )
        assert scroll["x"] <= mark["x"] < scroll["x"] + 60 and scroll["y"] < mark["y"] < scroll["y"] + scroll["height"]
        for button in phone.locator("#source button").all():
            assert button.bounding_box()["height"] >= 40
        visits.close()
