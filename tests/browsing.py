"""The page served from this process, and a browser that looks at it: no page error, no console error, no foreign request."""

import json
import shutil
import socket
import subprocess
import threading
import time
import uuid
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.request import Request, urlopen

import uvicorn

from chat import ReportChat
from chat.serve import Serving, application
from chat.ui.desk import Desk
from chat.ui.gate import Accounts
from index.intake import ingest_paths
from index.library import Library

ROOT = Path(__file__).parents[1]
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
ASKED = "截至2023年底服务了多少小微用户？"
YEARS = (
    "华兴银行2023年度报告\n截至2023年底,华兴银行服务小微客户260万户,不良贷款率为1.21%。\n"
    "截至2022年底,华兴银行服务小微客户210万户,不良贷款率为1.35%。\n截至2021年底,华兴银行服务小微客户180万户,不良贷款率为1.42%。\n"
)
LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-US"}


class Site:
    """A served page: its address, and the desk behind it."""

    def __init__(self, address, desk, accounts):
        self.address, self.desk, self.accounts = address, desk, accounts


@contextmanager
def site(chat, auth_file=None, **kwargs):
    """The page over `chat`, served from a thread."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    desk = Desk(chat, **kwargs)
    accounts = Accounts(auth_file) if auth_file else None
    app = application(desk, Serving(port=port, auth_file=auth_file), accounts)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    try:
        yield Site(f"http://127.0.0.1:{port}/", desk, accounts)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        desk.close(1)


def library_of(folder, *paths):
    """A chat over the sample report and `paths`, in a folder."""
    with Library.open(folder, create=True) as library:
        outcomes = ingest_paths(library, [ROOT / "data" / "reports", *paths], lambda *_: None)
    assert all(one.outcome == "added" for one in outcomes), outcomes
    return ReportChat.open(folder)


@contextmanager
def chromium():
    """A browser."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=arguments)
        yield opened
        opened.close()


class Guest:
    """Asks over HTTP as the page does, without a browser."""

    def __init__(self, address):
        self._address, self._session = address, uuid.uuid4().hex

    def ask(self, question):
        """What comes back of a question, event by event."""
        body = {"data": [question, None, "en"], "fn_index": self._function, "session_hash": self._session}
        self._call("gradio_api/queue/join", body).read()
        for line in self._call(f"gradio_api/queue/data?session_hash={self._session}"):
            yield line.decode()
            if b'"process_completed"' in line:
                return

    @cached_property
    def _function(self):
        config = json.load(self._call("config"))
        box = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "question")
        return next(one["id"] for one in config["dependencies"] if [box, "submit"] in one["targets"])

    def _call(self, path, body=None):
        request = Request(self._address + path, headers={"content-type": "application/json"})
        return urlopen(request, None if body is None else json.dumps(body).encode(), timeout=60)


class Visits:
    """Opens pages and, at the end, says what went wrong on them."""

    def __init__(self, browser, address):
        self._browser, self._address, self._pages = browser, address, []

    def __call__(self, path="", *, width=1280, scheme="light", language="zh-Hans", address=None, wait="#talk .welcome"):
        context = self._browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce",
            locale=LOCALES[language], has_touch=width < 900, accept_downloads=True,
        )  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults, page.requested = [], []
        page.address = address or self._address
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto(page.address + path)
        page.wait_for_selector(wait)
        if "sign-in" not in wait:
            loaded(page)
        self._pages.append(page)
        return page

    def close(self):
        pages, self._pages = self._pages, []
        for page in pages:
            foreign = [url for url in page.requested if not url.startswith((page.address, "data:", "blob:"))]
            faults = page.faults
            page.context.close()
            assert not faults and not foreign, (faults, foreign)


def loaded(page):
    """Wait until the page asks for nothing more: what is filled last is there."""
    page.wait_for_selector("#table :is(table, .note)", state="attached")


_TURNS = "(document.querySelector('#talk .turn[data-turn]:last-of-type')?.dataset.turn ?? -1)"


def ask(page, question):
    """Ask in the box, and wait for the whole answer."""
    last = int(page.evaluate(_TURNS))
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    answered(page, last + 2)


def answered(page, count):
    """Wait until that many turns are answered, and nothing more is."""
    page.wait_for_function(f"Number({_TURNS}) === {count - 1} && !document.querySelector('#talk .live')")


def settled(page, selector):
    """Wait until what stands there has not changed for half a second: it may be replaced when an answer is there."""
    page.wait_for_function(
        """selector => {
            const now = document.querySelector(selector)?.innerText ?? "", kept = (window.kept ??= {});
            if (kept.text !== now) Object.assign(kept, { text: now, since: performance.now() });
            return now && performance.now() - kept.since > 500;
        }""",
        arg=selector,
    )


def axe_source(folder):
    """The source of axe-core, installed by npm into `folder`; None where npm cannot."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    path = Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8") if done.returncode == 0 and path.is_file() else None
