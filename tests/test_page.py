"""The page in a real browser, over a real server: questions, answers, and the conversation, on a laptop and a phone."""

from pathlib import Path

import pytest
from browsing import ASKED, BROWSER, answered, ask, loaded, settled

from chat.conversation import Turn
from chat.feedback import Feedback
from chat.ui.visitors import Visitor
from ingest.fold import fold

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]


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
    conversation = found.desk.visitors.kept(Visitor())
    for number in range(1000):
        conversation = conversation.plus(Turn(f"第{number}问", answer))
    found.desk.visitors.kept = lambda _: conversation
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
