"""The Gradio page: wiring only. The only file that imports gradio."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from chat.conversation import Conversation
from chat.render import SHOWN
from chat.ui import chips
from chat.ui.desk import Desk
from chat.ui.documents import Removed
from chat.ui.escape import esc
from chat.ui.source import hint_html
from chat.ui.visitors import Visitor
from chat.ui.words import spoken, words_for

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_LANGUAGES = [("简体", "zh-Hans"), ("繁體", "zh-Hant"), ("English", "en")]
_LONGEST_QUESTION = 4000  # characters
_SESSIONS = 1000  # visitors whose conversations are remembered; who was idle longest goes first
_AT_ONCE = 100  # questions that may wait, each in a thread of its own
# Gradio tells nobody of what is done, and does not sum up all past events after each one (as it does for its monitor).
_UNTOLD = {
    "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}  # fmt: skip
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_DIRECT: dict[str, Any] = {**_QUIET, "queue": False}
_WAITING: dict[str, Any] = {**_QUIET, "concurrency_limit": _AT_ONCE}
Who = Callable[[str | None], Visitor]


def asset(name: str) -> str:
    """A file of the page."""
    return resources.files("chat").joinpath(f"ui/assets/{name}").read_text("utf-8")


@dataclass(slots=True)
class _Parts:
    """The components of the page."""

    talked: Any = None
    head: Any = None
    language: Any = None
    talk: Any = None
    examples: Any = None
    progress: Any = None
    box: Any = None
    button: Any = None
    stop: Any = None
    foot: Any = None
    drop: Any = None
    jobs: Any = None
    finder: Any = None
    documents: Any = None
    filters: Any = None
    table: Any = None
    source: Any = None
    exported: Any = None

    @property
    def around(self) -> list[Any]:
        """What depends on the language, the visitor and the library."""
        return [self.head, self.button, self.stop, self.drop, self.finder, self.filters]

    @property
    def shelf(self) -> list[Any]:
        """What depends on the documents and those that are chosen."""
        return [self.talked, self.documents, self.foot, self.talk]

    @property
    def told(self) -> list[Any]:
        """What a question changes."""
        return [self.talk, self.talked, self.box, self.foot, self.examples]


def build_app(desk: Desk, who: Who) -> gr.Blocks:
    """The page over `desk`. All that a visitor does is kept in that visitor's own state; `who` knows those signed in."""
    os.environ.update(_UNTOLD)
    import gradio as gr

    for function in vars(_Acts).values():
        for name, kind in (("event", gr.EventData), ("request", gr.Request)):
            if name in getattr(function, "__annotations__", {}):
                function.__annotations__[name] = kind  # gradio reads it, and cannot see a name imported in here
    with gr.Blocks(title="report-chat", analytics_enabled=False, fill_width=True) as page:
        _wire(page, _laid_out(), _Acts(desk, who))
    page.queue(default_concurrency_limit=8, max_size=500)
    page.state_session_capacity = _SESSIONS
    built: gr.Blocks = page
    return built


def _laid_out() -> _Parts:
    import gradio as gr

    parts = _Parts(talked=gr.State(Conversation()))
    with gr.Row(elem_id="head-row"):
        parts.head = gr.HTML(chips.head_html(0, "en"), elem_id="head", apply_default_css=False)
        parts.language = gr.Radio(
            _LANGUAGES, value="zh-Hans", label="Language · 语言", show_label=False, container=False, elem_id="language"
        )
    with gr.Row(elem_id="work"):
        with gr.Column(elem_id="main", min_width=0):
            with gr.Column(elem_id="tab-chat", elem_classes="tab"):
                _lay_chat(parts)
            with gr.Column(elem_id="tab-documents", elem_classes="tab"):
                parts.drop = gr.HTML("", elem_id="drop", apply_default_css=False)
                parts.jobs = gr.HTML("", elem_id="jobs", apply_default_css=False)
                parts.finder = gr.HTML("", elem_id="finder", apply_default_css=False)
                parts.documents = gr.HTML("", elem_id="documents", apply_default_css=False)
            with gr.Column(elem_id="tab-figures", elem_classes="tab"):
                parts.filters = gr.HTML("", elem_id="filters", apply_default_css=False)
                parts.table = gr.HTML("", elem_id="table", apply_default_css=False)
        with gr.Column(elem_id="aside", min_width=0):
            parts.source = gr.HTML("", elem_id="source", js_on_load=asset("page.js"), apply_default_css=False)
    parts.exported = gr.HTML("", elem_id="exported", apply_default_css=False)
    return parts


def _lay_chat(parts: _Parts) -> None:
    import gradio as gr

    parts.talk = gr.HTML("", elem_id="talk", apply_default_css=False)
    parts.examples = gr.HTML("", elem_id="examples", apply_default_css=False)
    parts.progress = gr.HTML("", elem_id="chat-jobs", apply_default_css=False)
    with gr.Row(elem_id="ask-row"):
        parts.box = gr.Textbox(
            show_label=False, container=False, autofocus=True, elem_id="question", label="Question · 问题", max_lines=6,
            max_length=_LONGEST_QUESTION,
        )  # fmt: skip
        parts.button = gr.Button("", variant="primary", elem_id="ask-button", scale=0)
        parts.stop = gr.Button("", elem_id="stop-button", scale=0)
    parts.foot = gr.HTML("", elem_id="foot", apply_default_css=False)


def _wire(page: gr.Blocks, parts: _Parts, acts: _Acts) -> None:
    """What leads to what. `source` carries all that is clicked (see page.js)."""
    import gradio as gr

    source, state = parts.source, [parts.talked, parts.language]
    page.load(
        acts.arrive, [], [*parts.around, *parts.shelf, parts.language, parts.box, source, parts.jobs], **_DIRECT
    ).then(acts.follow, state, parts.examples, **_DIRECT).then(
        acts.all_figures, [parts.language], parts.table, **_DIRECT
    )
    # One event for every way to ask: two questions of one conversation are never answered at once.
    ways = [parts.box.submit, parts.button.click, source.submit]  # gradio joins none but events of its own names
    asked = gr.on(ways, acts.ask, [parts.box, *state], parts.told, **_WAITING)
    _tell(asked, "submit")
    # Not through the queue: gradio closes its stream when that is empty, and loses what is asked at that moment.
    asked.then(acts.follow, state, parts.examples, **_DIRECT)
    parts.stop.click(acts.halt, state, parts.talk, cancels=[asked], **_DIRECT)
    clicked = {
        "edit": (acts.edit, state, parts.told),
        "judge": (acts.judge, state, [parts.talk, parts.talked]),
        "earlier": (acts.earlier, state, parts.talk),
        "forget": (acts.forget, state, [*parts.told, source]),
        "cite": (acts.show, [parts.language], source),
        "shelf": (acts.change, state, [*parts.around, *parts.shelf, parts.jobs]),
        "refused": (acts.refused, [parts.language], parts.jobs),
        "seek": (acts.seek, state, parts.documents),
        "sift": (acts.sift, [parts.language], parts.table),
        "narrow": (acts.narrow, [parts.language], [parts.filters, parts.table]),
        "export": (acts.export, state, parts.exported),
    }
    for name, wired in clicked.items():
        _tell(getattr(source, name)(*wired, **_DIRECT), name)
    watched = [parts.jobs, parts.progress, parts.documents, parts.head, parts.filters]
    source.watch(acts.watch, state, watched, **{**_WAITING, "trigger_mode": "always_last"})
    spoken_in = [*parts.around, *parts.shelf, parts.box, source, parts.table, parts.jobs, parts.examples]
    parts.language.input(acts.speak, state, spoken_in, **_DIRECT)


def _tell(event: Any, name: str) -> None:  # noqa: ANN401
    """Let page.js know when an event has been dealt with: it holds back the next of its kind until then."""
    done = f'() => {{ document.dispatchEvent(new CustomEvent("done", {{ detail: "{name}" }})); }}'
    for ended in (event.success, event.failure):
        ended(None, js=done, **_DIRECT)


class _Acts:
    """What each event does: reads what the event says, lets the desk do it, and gives the outputs in order."""

    def __init__(self, desk: Desk, who: Who) -> None:
        self._desk = desk
        self._who = who

    def _surroundings(self, speaks: str, guest: Visitor) -> tuple[Any, ...]:
        said = words_for(speaks)
        return (
            self._desk.head(speaks, guest), _update(said["ask"]), _update(said["stop"]),
            self._desk.documents.drop(speaks, guest), self._desk.documents.finder(speaks), self._desk.figures.filters(speaks),
        )  # fmt: skip

    def _shelf(self, past: Conversation, speaks: str, guest: Visitor, removed: Removed = None) -> tuple[Any, ...]:
        desk = self._desk
        held = desk.documents.held(past, speaks, guest, removed)
        return past, held, desk.foot(past, speaks, guest), desk.talk(past, speaks)

    def arrive(self, request: gr.Request) -> tuple[Any, ...]:
        """A visitor comes: in their language, at the place that their link names."""
        kept = request.cookies.get("language", "")
        known = [code for _, code in _LANGUAGES]
        speaks = kept if kept in known else spoken(request.headers.get("accept-language", ""))
        guest = self._who(request.username)
        past = self._desk.visitors.kept(guest)
        place = _update(placeholder=words_for(speaks)["placeholder"])
        shown = self._desk.panel.linked(dict(request.query_params), speaks)
        around, held = self._surroundings(speaks, guest), self._shelf(past, speaks, guest)
        return (*around, *held, speaks, place, shown, self._desk.documents.jobs(speaks))

    def speak(self, past: Conversation, speaks: str, request: gr.Request) -> tuple[Any, ...]:
        """All in another language."""
        guest, desk = self._who(request.username), self._desk
        place = _update(placeholder=words_for(speaks)["placeholder"])
        around, held = self._surroundings(speaks, guest), self._shelf(past, speaks, guest)
        rest = (hint_html(speaks), desk.figures.table({}, speaks), desk.documents.jobs(speaks), desk.next(past, speaks))
        return (*around, *held, place, *rest)

    def ask(
        self, written: str, past: Conversation, speaks: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """A question is written; or it is clicked, or linked to, or asked anew, and then the box is left as it is."""
        clicked = event._data if isinstance(event._data, dict) else {}
        question, box = (str(clicked.get("q", "")), _update()) if clicked else (written, "")
        number, guest = clicked.get("turn"), self._who(request.username)
        if isinstance(number, int) and 0 <= number < len(past.turns):
            question, past = past.turns[number].question, past.until(number)
        held: Conversation = past
        foot = self._desk.foot(past, speaks, guest)
        for shown, now in self._desk.ask(past, question[:_LONGEST_QUESTION], speaks, guest):
            if now is not held:
                held, foot = self._desk.visitors.keep(guest, now), self._desk.foot(now, speaks, guest)
            yield shown, now, box, foot, ""
            box = _update()  # what is written by now is the next question

    def follow(self, past: Conversation, speaks: str) -> str:
        """What may be asked next."""
        return self._desk.next(past, speaks)

    def all_figures(self, speaks: str) -> str:
        """The Figures tab as it is at first."""
        return self._desk.figures.table({}, speaks)

    def edit(self, past: Conversation, speaks: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A question goes back into the box, and what came after it goes."""
        number = event._data.get("turn")
        question = ""
        if isinstance(number, int) and 0 <= number < len(past.turns):
            question, past = past.turns[number].question, past.until(number)
        guest = self._who(request.username)
        foot = self._desk.foot(self._desk.visitors.keep(guest, past), speaks, guest)
        return self._desk.talk(past, speaks), past, question, foot, ""

    def judge(self, past: Conversation, speaks: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A reader says what an answer is worth."""
        guest = self._who(request.username)
        now = self._desk.visitors.keep(guest, self._desk.judge(past, event._data, guest))
        return self._desk.talk(now, speaks, shown=_count(event._data.get("shown"))), now

    def earlier(self, past: Conversation, speaks: str, event: gr.EventData) -> str:
        """Earlier turns are shown too."""
        return self._desk.talk(past, speaks, shown=_count(event._data.get("shown")) + SHOWN)

    def halt(self, past: Conversation, speaks: str) -> str:
        """What was being answered is left."""
        return self._desk.talk(past, speaks)

    def forget(self, past: Conversation, speaks: str, request: gr.Request) -> tuple[Any, ...]:
        """The conversation begins anew."""
        guest = self._who(request.username)
        now = self._desk.visitors.keep(guest, Conversation(scope=past.scope))
        foot = self._desk.foot(now, speaks, guest)
        return self._desk.talk(now, speaks), now, "", foot, self._desk.examples(speaks), hint_html(speaks)

    def show(self, speaks: str, event: gr.EventData) -> str:
        """A place in a document is opened, or closed."""
        return self._desk.panel.source(event._data, speaks)

    def change(self, past: Conversation, speaks: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Documents are chosen or removed, a file is given up."""
        guest = self._who(request.username)
        now, removed, problem = self._desk.documents.change(past, event._data, guest)
        self._desk.visitors.keep(guest, now)
        jobs = self._desk.documents.jobs(speaks)
        if problem:
            jobs = f'<p class="note warn" role="alert">{esc(words_for(speaks)[problem])}</p>{jobs}'
        return (*self._surroundings(speaks, guest), *self._shelf(now, speaks, guest, removed), jobs)

    def watch(self, past: Conversation, speaks: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Added files are read."""
        guest, desk = self._who(request.username), self._desk
        kept = {"__type__": "update"}
        for said, ended in desk.documents.watch(speaks):
            if ended:
                held, form = desk.documents.held(past, speaks, guest), desk.figures.filters(speaks)
                yield said, said, held, desk.head(speaks, guest), form
            else:
                yield said, said, kept, kept, kept

    def refused(self, speaks: str, event: gr.EventData) -> str:
        """A file was not taken."""
        return self._desk.documents.refuse(event._data, speaks)

    def seek(self, past: Conversation, speaks: str, event: gr.EventData, request: gr.Request) -> str:
        """Documents are sought by name."""
        sought = str(event._data.get("name", ""))[:100]
        return self._desk.documents.found(past, sought, speaks, self._who(request.username))

    def sift(self, speaks: str, event: gr.EventData) -> str:
        """Other figures are wished for."""
        return self._desk.figures.table(event._data, speaks)

    def narrow(self, speaks: str, event: gr.EventData) -> tuple[str, str]:
        """All figures of one label are wished for."""
        label = str(event._data.get("label", ""))[:100]
        return self._desk.figures.filters(speaks, label), self._desk.figures.table({"label": label}, speaks)

    def export(self, past: Conversation, speaks: str) -> str:
        """The conversation is taken away."""
        return self._desk.export(past, speaks)


def _update(value: str | None = None, **changes: str) -> dict[str, Any]:
    """A change of a component that is not its value alone, as gradio.update makes it."""
    return {"__type__": "update", **({} if value is None else {"value": value}), **changes}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value <= 10_000 else 0


def mount(app: FastAPI, page: gr.Blocks, *, user_of: Callable[[Any], str | None] | None) -> None:
    """Put the page at the root of `app`; `user_of` names who a request comes from, None where nobody signs in."""
    import gradio as gr

    gr.mount_gradio_app(
        app, page, path="/", footer_links=[], run_history=False, auth_dependency=user_of, show_error=False,
        max_file_size="1kb", ssr_mode=False, enable_monitoring=False, pwa=False, mcp_server=False,
        head='<link rel="stylesheet" href="page.css">', app_kwargs={"openapi_url": None},
    )  # fmt: skip


__all__ = ["asset", "build_app", "mount"]
