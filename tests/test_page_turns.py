"""Many questions at once and quick clicks, in a real browser: each waits for its turn, and none is lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from browsing import ASKED, BROWSER, YEARS, Guest, Visits, answered, ask, site

from chat import ReportChat

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")]


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
    opened, kept = [], found.desk.panel.source
    found.desk.panel.source = lambda data, language: (opened.append(data), time.sleep(0.3), kept(data, language))[2]
    ticks = page.locator(".library input[type=checkbox]")
    assert ticks.count() == 2
    page.evaluate("document.querySelectorAll('.library input').forEach((tick) => tick.click())")
    page.wait_for_function("document.querySelectorAll('.library input:checked').length === 2")
    page.wait_for_selector(".scope >> text=Only 2 of the documents", state="attached")
    page.evaluate("document.querySelectorAll('.library .name').forEach((name) => name.click())")
    last = page.locator(".library .name").last.inner_text()
    page.wait_for_selector(f"#source header >> text={last}")
    assert len(opened) == 2


def test_twenty_at_once(place):
    with ThreadPoolExecutor(20) as guests:
        answers = list(guests.map(lambda _: "".join(Guest(place.address).ask(ASKED)), range(20)))
    assert all("5300" in said and '"success":true' in said.replace(" ", "") for said in answers)
