"""The page in a real browser, over a real server: what people see and do, in every language, on a laptop and a phone."""

import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from browsing import BROWSER, Guest, Visits, answered, ask, axe_source, chromium, library_of, loaded, settled, site

from chat import ReportChat
from chat.conversation import Turn
from chat.feedback import Feedback
from chat.ui.desk import Visitor
from chat.users import write_user
from ingest.fold import fold

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]
ASKED = "截至2023年底服务了多少小微用户？"
YEARS = (
    "华兴银行2023年度报告\n截至2023年底,华兴银行服务小微客户260万户,不良贷款率为1.21%。\n"
    "截至2022年底,华兴银行服务小微客户210万户,不良贷款率为1.35%。\n截至2021年底,华兴银行服务小微客户180万户,不良贷款率为1.42%。\n"
)
HURT = (
    "<img src=x onerror='hurt()'>", "<script>hurt()</script>", "<svg/onload=hurt()>", "${hurt()}", "{{hurt()}}", "`${hurt()}`",
    "<iframe srcdoc='<script>parent.hurt()</script>'></iframe>", "<details open ontoggle=hurt()>", "javascript:hurt()",
    "[x](javascript:hurt())", "<a href=javascript:hurt()>x</a>", "<body onload=hurt()>", "<input autofocus onfocus=hurt()>",
    "<video><source onerror=hurt()></video>", "<math><mtext></form><img src onerror=hurt()>", "\"><script>hurt()</script>",
    "'-hurt()-'", "</textarea><script>hurt()</script>", "<style>@import'//evil.example/x'</style>", "<marquee onstart=hurt()>",
    "<img src=//evil.example/x>", "![x](http://evil.example/x)", "<link rel=stylesheet href=//evil.example/x>", "<base href=//evil.example/>",
    "{{#each this}}{{hurt}}{{/each}}", "${Object.assign(window,{p:hurt()})}", "\\u003cscript\\u003ehurt()\\u003c/script\\u003e",
    "&lt;script&gt;hurt()&lt;/script&gt;", "<scr<script>ipt>hurt()</script>", "%3Cscript%3Ehurt()%3C/script%3E",
    "<object data=javascript:hurt()>", "<embed src=javascript:hurt()>", "<form action=javascript:hurt()><button>x</button></form>",
    "<button onclick=hurt()>x</button>", "<isindex onfocus=hurt() autofocus>", "<keygen autofocus onfocus=hurt()>", "<audio src onerror=hurt()>",
    "<table background=javascript:hurt()>", "<x onclick=hurt()>x</x>", "<svg><script>hurt()</script></svg>", "<svg><a xlink:href=javascript:hurt()>x</a></svg>",
    "<meta http-equiv=refresh content='0;url=javascript:hurt()'>", "<template><script>hurt()</script></template>", "<noscript><p title='</noscript><img src onerror=hurt()>'>",
    "<!--><script>hurt()</script>-->", "<![CDATA[<script>hurt()</script>]]>", "<p style=background:url(//evil.example/x)>x</p>", "$$\\href{javascript:hurt()}{x}$$",
    "constructor.constructor('hurt()')()", "<plaintext><img src onerror=hurt()>",
)  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    (folder / "华兴银行2023年报.txt").write_text(YEARS, encoding="utf-8")
    (folder / "hostile.txt").write_text("恶意公司服务了77万户客户。" + "\n".join(HURT), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(reports, tmp_path_factory):
    with site(library_of(tmp_path_factory.mktemp("page") / "library", reports)) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser, place):
    visits = Visits(browser, place.address)
    yield visits
    visits.close()


@pytest.fixture
def own(browser, tmp_path, reports):
    """A page of the test's own, to change: (visits, site)."""
    with site(library_of(tmp_path / "library", reports / "华兴银行2023年报.txt"), largest_upload=200_000) as found:
        visits = Visits(browser, found.address)
        yield visits, found
        visits.close()


# answers and their sources


@pytest.mark.parametrize(
    ("language", "question", "direct", "title"),
    [
        ("zh-Hans", ASKED, "超5300万户", "报告问答"),
        ("zh-Hant", "截至2023年底服務了多少小微用戶？", "超5300萬戶", "報告問答"),
        ("en", "What is the wealth management balance?", "超5000億 (over 500 billion yuan)", "Report chat"),
    ],
)
def test_ask_and_read_the_source(visit, language, question, direct, title):
    page = visit(language=language)
    assert page.inner_text("#head h1") == title
    ask(page, question)
    assert page.inner_text("#talk .direct") == direct
    page.wait_for_selector("#source mark")  # the first citation opens by itself
    quoted = page.inner_text("#talk blockquote p").rsplit(" ", 1)[0].strip()
    assert fold(page.inner_text("#source mark").replace("\n", "")) == fold(quoted)
    assert page.locator("#talk blockquote footer").is_visible()
    assert page.inner_text("#talk blockquote footer").startswith("mybank-esg-2023.txt · ")


def test_a_figure_by_year_and_what_follows(visit):
    page = visit()
    ask(page, "华兴银行2023年底服务了多少小微客户?")
    assert "比2022年底多 23.8%" in page.inner_text("#talk .series")
    assert page.get_by_role("img", name="2022 210万").is_visible()
    ask(page, "那2022年呢?")
    assert page.locator("#talk .direct").last.inner_text() == "210万户"
    settled(page, "#examples")
    page.locator("#examples button").first.click()
    answered(page, 3)
    assert page.locator("#talk .answer.found").count() == 3


def test_not_found_helps(visit):
    page = visit()
    ask(page, "网商银行的员工离职率是多少？")
    assert "报告里没有答案" in page.inner_text("#talk .none")
    assert page.locator("#talk .none blockquote").count() >= 1
    page.locator("#examples button").first.wait_for()
    page.locator("#talk .none .cite").first.click()
    page.wait_for_selector("#source mark")


@pytest.mark.parametrize(
    ("language", "question"), [("zh-Hans", ASKED), ("en", "What is the wealth management balance?")]
)
def test_phone(visit, language, question):
    page = visit(width=390, scheme="dark", language=language)
    ask(page, question)
    assert page.locator("#source .page").count() == 0  # it would hide the answer
    page.click("#talk .cite")
    page.wait_for_selector("#source mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.locator("#source .page").bounding_box()
    assert box["y"] > 100 and box["y"] + box["height"] <= 845
    page.click("#source .close")
    page.wait_for_selector("#source mark", state="detached")
    for tab in ("documents", "figures"):
        page.click(f"#to-{tab}")
        assert page.locator(f"#tab-{tab}").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


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


def test_links_lead_to_answers_and_places(visit, place):
    page = visit(f"?q={ASKED}", wait="#talk .answer.found blockquote")
    assert page.inner_text("#talk .direct") == "超5300万户"
    assert page.url == page.address
    document = place.desk.library.document(place.desk.library.documents()[-1].id)
    start = document.text.index("截至2023年底")
    page = visit(f"?doc={document.name}&start={start}", wait="#source mark")
    assert page.inner_text("#source mark").startswith("截至2023年底")
    page = visit("?doc=nothing.pdf", language="en", wait="#source .gone")
    assert "no longer in the library" in page.inner_text("#source")


# the conversation


def test_edit_retry_export_judge_and_clear(own):
    visit, found = own
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    page.click("#talk .copy:not(.link)")
    page.wait_for_selector("#talk .copy.done")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("超5300万户 [1]") and "mybank-esg-2023.txt" in copied.splitlines()[-1]
    page.click("#talk .copy.link")
    page.wait_for_selector("#talk .copy.link.done")
    assert page.evaluate("navigator.clipboard.readText()").startswith(page.address + "?q=")

    page.get_by_role("button", name="重新回答").click()
    answered(page, 1)
    with page.expect_download() as download:
        page.click("#export")
    said = Path(download.value.path()).read_text(encoding="utf-8")
    assert said.startswith("# 报告问答") and "[1] mybank-esg-2023.txt, p. 1" in said

    page.get_by_role("button", name="答得不好").click()
    page.get_by_role("button", name="数字不对").click()
    page.wait_for_selector("#talk .thanks")
    assert [(one.verdict, one.reason) for one in Feedback(found.desk.library.folder).all()] == [
        ("down", ""),
        ("down", "figure"),
    ]

    page.get_by_role("button", name="修改问题").click()
    page.wait_for_selector("#talk .welcome")
    assert page.input_value("#question textarea") == ASKED
    ask(page, "不良贷款率是多少?")
    page.click("#clear")
    page.wait_for_selector("#talk .welcome")
    assert page.locator("#talk .answer").count() == 0 and page.locator("#source mark").count() == 0


class SlowChat(ReportChat):
    """Answers when it is let."""

    def stream(self, *arguments, **keywords):
        self.let.wait(20)
        yield from super().stream(*arguments, **keywords)


def test_stop_and_the_queue(browser):
    slow = SlowChat(ReportChat.from_texts({"a": YEARS}).library)
    slow.let = threading.Event()
    with site(slow) as found:
        visits = Visits(browser, found.address)
        first, second, third = (visits(language="en") for _ in range(3))
        for page in (first, second, third):
            page.fill("#question textarea", "华兴银行2023年底服务了多少小微客户?")
            page.press("#question textarea", "Enter")
            page.wait_for_selector("#talk .waiting")
        third.wait_for_selector("text=Waiting: 1 before you")
        first.get_by_role("button", name="Stop").click()
        first.wait_for_selector("#talk .welcome")
        slow.let.set()
        third.wait_for_selector("#talk .answer.found blockquote")
        second.wait_for_selector("#talk .answer.found blockquote")
        ask(first, "华兴银行2022年底服务了多少小微客户?")
        visits.close()


def test_what_is_asked_while_another_is_answered_waits_for_its_turn(browser):
    slow = SlowChat(ReportChat.from_texts({"a": YEARS}).library)
    slow.let = threading.Event()
    asked = [f"华兴银行{year}年底服务了多少小微客户?" for year in (2023, 2022, 2021)]
    with site(slow) as found:
        visits = Visits(browser, found.address)
        page = visits(language="en")
        clicked = "华兴银行2023年底的不良贷款率是多少?"
        page.evaluate(
            "buttons => document.querySelector('#examples').insertAdjacentHTML('afterend', buttons)",
            "".join(f'<button id="later{number}" data-ask="{clicked}">{number}</button>' for number in range(2)),
        )
        page.fill("#question textarea", asked[0])
        page.press("#question textarea", "Enter")
        page.wait_for_selector("#talk .waiting")
        page.click("#later0")
        page.fill("#question textarea", asked[1])
        page.press("#question textarea", "Enter")
        page.click("#later1")
        slow.let.set()
        answered(page, 4)
        said = [one.split("\n")[0] for one in page.locator("#talk .asked").all_inner_texts()]
        assert said == [asked[0], asked[1], clicked, clicked]
        assert page.input_value("#question textarea") == ""
        slow.let.clear()
        page.fill("#question textarea", asked[2])
        page.click("#later0")
        page.wait_for_selector("#talk .waiting")
        assert page.input_value("#question textarea") == asked[2]  # what is being written is left
        page.press("#question textarea", "Enter")
        slow.let.set()
        answered(page, 6)
        assert page.locator("#talk .asked").last.inner_text() == asked[2]
        visits.close()


def test_quick_clicks_are_not_lost(own):
    visit, found = own
    page = visit(language="en")
    page.click("#to-documents")
    opened, kept = [], found.desk.source
    found.desk.source = lambda data, language: (opened.append(data), time.sleep(0.3), kept(data, language))[2]
    ticks = page.locator(".library input[type=checkbox]")
    assert ticks.count() == 2
    page.evaluate("document.querySelectorAll('.library input').forEach((tick) => tick.click())")
    page.wait_for_function("document.querySelectorAll('.library input:checked').length === 2")
    page.wait_for_selector(".scope >> text=Only 2 of the documents", state="attached")
    page.evaluate("document.querySelectorAll('.library .name').forEach((name) => name.click())")
    last = page.locator(".library .name").last.inner_text()
    page.wait_for_selector(f"#source header >> text={last}")
    assert len(opened) == 2


def test_language_switch_keeps_the_conversation(visit):
    page = visit()
    ask(page, ASKED)
    page.get_by_label("English").check()
    page.wait_for_function("document.querySelector('#head h1').textContent == 'Report chat'")
    assert page.inner_text("#talk .direct") == "超5300万户"
    assert page.get_by_placeholder("Ask the reports").is_visible()
    page.reload()
    page.wait_for_selector("#head h1:text-is('Report chat')")
    loaded(page)


def test_a_thousand_turns_stay_quick(own):
    visit, found = own
    answer = found.desk.chat.ask(ASKED)
    page = visit()
    conversation = found.desk.kept(Visitor())
    for number in range(1000):
        conversation = conversation.plus(Turn(f"第{number}问", answer))
    found.desk.kept = lambda _: conversation
    page.reload()
    page.wait_for_selector("#talk .turn[data-turn='999']")
    loaded(page)
    assert page.locator("#talk .turn").count() == 12
    page.fill("#question textarea", ASKED)
    page.press("#question textarea", "Enter")
    page.wait_for_function(
        "document.querySelector('#talk .turn[data-turn=\"999\"] .asked').textContent.includes('截至')"
    )
    assert page.locator("#talk .turn").count() == 12
    page.click("#talk .earlier")
    page.wait_for_function("document.querySelectorAll('#talk .turn').length === 24")


# documents and figures


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


# reached by everyone


def test_by_keyboard_alone(visit):
    page = visit(language="en")
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    page.keyboard.type("What is the wealth management balance?")
    page.keyboard.press("Enter")
    answered(page, 1)
    page.wait_for_selector("#source mark")
    page.keyboard.press("Escape")
    page.wait_for_selector("#source mark", state="detached")
    page.focus("#talk .cite")
    page.keyboard.press("Enter")
    page.wait_for_selector("#source mark")
    page.wait_for_function("document.activeElement.matches('#source .page')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#talk .cite')")
    page.focus("#to-chat")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "to-documents"
    assert page.locator("#tab-documents").is_visible() and not page.locator("#tab-chat").is_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#tab-figures").is_visible()


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    source = axe_source(tmp_path_factory.mktemp("axe"))
    if source is None:
        pytest.skip("npm cannot install axe-core here")
    return source


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "zh-Hans"), ("dark", 390, "en")])
def test_nothing_stands_in_the_way(visit, axe, scheme, width, language):
    page = visit(scheme=scheme, width=width, language=language)
    page.evaluate(axe)
    ask(page, "华兴银行2023年底服务了多少小微客户?")
    ask(page, "网商银行的员工离职率是多少？")
    page.locator("#talk .cite").first.click()
    page.wait_for_selector("#source mark")
    found = []
    for tab in ("chat", "documents", "figures"):
        page.evaluate("name => document.querySelector(`#to-${name}`).click()", tab)
        page.wait_for_timeout(200)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found += [
            (tab, one["id"], [node["html"][:150] for node in one["nodes"]][:3])
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_hostile_words_stay_words(visit):
    page = visit(language="en")
    page.evaluate("() => { window.hurt = () => { window.hurts = (window.hurts ?? 0) + 1 } }")
    for at in range(0, len(HURT), 10):
        ask(page, "恶意公司服务了多少客户？" + " ".join(HURT[at : at + 10]))
    ask(page, "恶意公司服务了多少客户？")
    page.wait_for_selector("#source mark")
    page.click("#to-figures")
    page.fill("#filters input[name=label]", HURT[0])
    page.wait_for_selector("#table .note")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurts ?? 0") == 0
    assert HURT[0] in page.locator("#talk .asked").first.inner_text()


# others


def test_signing_in(browser, tmp_path, reports):
    users = tmp_path / "users"
    write_user(users, "ann", "password of ann", "editor")
    write_user(users, "rob", "password of rob", "reader")
    with site(library_of(tmp_path / "library", reports / "华兴银行2023年报.txt"), auth_file=users) as found:
        visits = Visits(browser, found.address)
        page = visits(language="en", wait=".sign-in form")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        sign_in(page, "ann", "wrong")
        page.wait_for_selector(".problem")
        page.faults.clear()  # the browser notes that it was refused
        sign_in(page, "ann", "password of ann")
        page.wait_for_selector("#talk .welcome")
        loaded(page)
        ask(page, ASKED)
        page.reload()
        page.wait_for_selector("#talk .answer.found blockquote")  # kept for who signs in
        assert page.get_by_text("ann · Sign out").is_visible()
        reader = visits(language="zh-Hant", width=390, wait=".sign-in form")
        sign_in(reader, "rob", "password of rob")
        reader.wait_for_selector("#talk .welcome")  # and for nobody else
        reader.click("#to-documents")
        assert "文件由他人管理" in reader.inner_text("#drop")
        assert reader.locator("[data-shelf=remove]").count() == 0
        loaded(page)
        page.get_by_text("ann · Sign out").click()
        page.wait_for_selector(".sign-in form")
        page.faults[:] = [fault for fault in page.faults if not LEFT.search(fault)]
        visits.close()


# What Gradio says of requests that end since the page is left.
LEFT = re.compile("signal is aborted|Connection errored out")


def sign_in(page, name, password):
    page.fill("[name=user]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def test_twenty_at_once(place):
    with ThreadPoolExecutor(20) as guests:
        answers = list(guests.map(lambda _: "".join(Guest(place.address).ask(ASKED)), range(20)))
    assert all("5300" in said and '"success":true' in said.replace(" ", "") for said in answers)


# what the README shows


@pytest.mark.skipif(
    "REPORT_CHAT_SCREENSHOTS" not in os.environ, reason="set REPORT_CHAT_SCREENSHOTS to a folder to save screenshots"
)
def test_screenshots(browser, tmp_path, reports):
    folder = Path(os.environ["REPORT_CHAT_SCREENSHOTS"])
    with site(library_of(tmp_path / "library", reports / "华兴银行2023年报.txt")) as found:
        visit = Visits(browser, found.address)
        for name, width, scheme, question in (
            ("screenshot", 1280, "light", ASKED), ("screenshot-dark", 1280, "dark", "华兴银行2023年底服务了多少小微客户?"),
            ("screenshot-phone", 390, "light", ASKED),
        ):  # fmt: skip
            page = visit(width=width, scheme=scheme)
            ask(page, question)
            page.locator("#examples button").first.wait_for()
            page.wait_for_timeout(800)
            page.screenshot(path=folder / f"{name}.png")
        page = visit(language="en")
        page.click("#to-figures")
        page.wait_for_selector("#table tbody tr")
        page.screenshot(path=folder / "screenshot-figures.png")
        visit.close()
