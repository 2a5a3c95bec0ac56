"""The page in a real browser over a real server process."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.fold import fold

ROOT = Path(__file__).parents[1]
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]
ASKED = "截至2023年底服务了多少小微用户？"
HOSTILE = "<img src=x onerror='window.hurt=1'>${window.hurt=2}{{x}}`y`<script>window.hurt=3</script> 多少?"


@contextmanager
def served(folder, *reports):
    """The address of a chat over the reports, in a process of its own."""
    command = [sys.executable, "-m", "chat"]
    library = ["--library", str(folder / "library")]
    subprocess.run([*command, "ingest", "data/reports", *reports, *library], cwd=ROOT, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = (folder / "log").open("w+")
    process = subprocess.Popen(
        [*command, "serve", *library, "--port", port], stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT
    )
    line = process.stdout.readline()
    assert "report-chat is at" in line, (folder / "log").read_text()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    hostile = folder / "hostile.txt"
    hostile.write_text(HOSTILE + "恶意公司服务了77万户客户。", encoding="utf-8")
    with served(folder, str(hostile)) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, address):
    pages = []

    def open_page(width=1280, scheme="light", address=address):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        page.faults, page.asked = [], []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: page.asked.append(request.url))
        page.address = address
        page.goto(address)
        page.wait_for_selector("#question textarea")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        assert page.faults == []
        assert [url for url in page.asked if not url.startswith((page.address, "data:", "blob:"))] == []
        page.context.close()


def ask(page, question):
    count = page.locator("#talk .answer:not(.waiting)").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_function(f"document.querySelectorAll('#talk .answer:not(.waiting):has(.cite)').length > {count}")


@pytest.mark.parametrize(
    ("question", "direct"),
    [
        (ASKED, "超5300万户"),
        ("截至2023年底服務了多少小微用戶？", "超5300萬戶"),
        ("What is the wealth management balance?", "超5000億 (over 500 billion yuan)"),
    ],
)
def test_ask_and_read_the_source(visit, question, direct):
    page = visit()
    ask(page, question)
    assert page.inner_text("#talk .direct") == direct
    page.wait_for_selector("#source mark")  # the first citation opens by itself
    quoted = page.inner_text("#talk blockquote p").rsplit(" ", 1)[0].strip()
    assert fold(page.inner_text("#source mark").replace("\n", "")) == fold(quoted)


def test_not_found_helps(visit):
    page = visit()
    ask(page, "不良贷款率是多少？")
    assert "报告里没有答案" in page.inner_text("#talk .none")
    assert page.locator("#talk .none blockquote").count() >= 1


def test_phone(visit):
    page = visit(width=390, scheme="dark")
    ask(page, ASKED)
    page.click("#talk .cite")
    page.wait_for_selector("#source mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#source .close")
    page.wait_for_selector("#source mark", state="detached")


def test_language_switch_keeps_the_conversation(visit):
    page = visit()
    ask(page, ASKED)
    page.get_by_label("English").check()
    page.wait_for_function("document.querySelector('#head h1').textContent == 'Report chat'")
    assert page.inner_text("#talk .direct") == "超5300万户"


def test_copy_and_clear(visit):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, ASKED)
    page.click("#talk .copy")
    page.wait_for_selector("#talk .copy.done")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("超5300万户 [1]")
    assert "mybank-esg-2023.txt" in copied.splitlines()[-1]
    page.click("#clear")
    page.wait_for_selector("#talk .welcome")
    assert page.locator("#talk .answer").count() == 0
    assert page.locator("#source mark").count() == 0


def test_a_quote_says_where_it_stands(visit):
    page = visit()
    ask(page, ASKED)
    assert page.locator("#talk blockquote footer").is_visible()
    assert page.inner_text("#talk blockquote footer").startswith("mybank-esg-2023.txt · 第 1 页")


def test_examples_are_answered(visit):
    page = visit()
    example = page.locator("#examples button").first
    said = example.inner_text()
    example.click()
    page.wait_for_selector("#talk .answer:not(.waiting):not(.none) .cite")
    assert page.inner_text("#talk .asked") == said


def test_hostile_words_stay_words(visit):
    page = visit()
    ask(page, HOSTILE)
    ask(page, "恶意公司服务了多少客户？")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hurt") is None


@pytest.mark.skipif(
    "REPORT_CHAT_SCREENSHOTS" not in os.environ, reason="set REPORT_CHAT_SCREENSHOTS to a folder to save screenshots"
)
def test_screenshots(visit, tmp_path):
    with served(tmp_path) as address:
        save_screenshots(visit, address, Path(os.environ["REPORT_CHAT_SCREENSHOTS"]))


def save_screenshots(visit, address, folder):
    for name, width, scheme in (
        ("screenshot", 1280, "light"),
        ("screenshot-dark", 1280, "dark"),
        ("screenshot-phone", 390, "light"),
    ):
        page = visit(width, scheme, address)
        ask(page, ASKED)
        if width > 900:
            page.wait_for_selector("#source mark")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
        page.close()
