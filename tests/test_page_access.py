"""The page in a real browser for everyone, and for nobody else: keyboard, contrast, hostile words, and signing in."""

import os
import re
from pathlib import Path

import pytest
from browsing import ASKED, BROWSER, Visits, answered, ask, axe_source, library_of, loaded, site
from hostile_words import HURT

from chat.users import write_user

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]


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
