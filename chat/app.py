"""The Gradio page: wiring only. The only file that imports gradio."""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat.render import answer_html, esc, question_html, source_html, waiting_html
from chat.report_chat import ReportChat
from chat.suggest import suggestions
from chat.ui.harden import Harden
from chat.ui.words import words_for
from index.errors import LibraryError

if TYPE_CHECKING:
    import gradio as gr

_MOST_TURNS = 40  # shown; each yield sends the whole transcript
_EXAMPLES = 4
_LANGUAGES = [("简体", "zh-Hans"), ("繁體", "zh-Hant"), ("English", "en")]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
Turns = list[tuple[str, str]]


class CannotServe(Exception):
    """The chat cannot be served as asked; the message says what to do."""


def build_app(chat: ReportChat) -> gr.Blocks:
    """The page over `chat`. All that a visitor does is kept in that visitor's own state."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    start = "zh-Hans"
    words = words_for(start)
    with gr.Blocks(title="report-chat", analytics_enabled=False, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="head-row", equal_height=True):
            head = gr.HTML(_head(chat, start), elem_id="head")
            language = gr.Radio(
                _LANGUAGES, value=start, show_label=False, container=False, elem_id="language", scale=0, min_width=260
            )
        with gr.Row(elem_id="work"):
            with gr.Column(scale=6, min_width=320):
                talk = gr.HTML(_welcome(chat, start), elem_id="talk")
                with gr.Row(elem_id="examples"):
                    examples = [gr.Button(text, size="sm", visible=bool(text)) for text in _examples(chat, start)]
                with gr.Row(elem_id="ask-row"):
                    box = gr.Textbox(
                        placeholder=words["placeholder"],
                        show_label=False,
                        container=False,
                        autofocus=True,
                        scale=8,
                        elem_id="question",
                        label="question",
                    )
                    button = gr.Button(words["ask"], variant="primary", scale=1, elem_id="ask-button")
                    clear = gr.Button(words["clear"], scale=0, elem_id="clear")
            with gr.Column(scale=5, min_width=320):
                source = gr.HTML(_hint(start), elem_id="source", js_on_load=_asset("page.js"))

        def ask(question: str, past: Turns, speaks: str) -> Iterator[tuple[Any, ...]]:
            yield from _ask(chat, question, past, speaks)

        def show(event: gr.EventData, speaks: str) -> str:
            return _show(chat, str(event._data.get("ref", "")), speaks)

        show.__annotations__["event"] = gr.EventData  # gradio reads it, and cannot see a name imported in here

        def speak(speaks: str, past: Turns) -> tuple[Any, ...]:
            said = words_for(speaks)
            shown = talk_html(past) if past else _welcome(chat, speaks)
            buttons = [gr.Button(text, visible=bool(text)) for text in _examples(chat, speaks)]
            return (
                _head(chat, speaks),
                shown,
                gr.Textbox(placeholder=said["placeholder"]),
                gr.Button(said["ask"]),
                gr.Button(said["clear"]),
                *buttons,
            )

        outputs = [talk, turns, box]
        for event in (box.submit, button.click):
            event(
                ask,
                [box, turns, language],
                outputs,
                show_progress="hidden",
                api_visibility="private",
                concurrency_limit=8,
            )
        for example in examples:
            example.click(
                ask,
                [example, turns, language],
                outputs,
                show_progress="hidden",
                api_visibility="private",
                concurrency_limit=8,
            )
        clear.click(
            lambda speaks: (_welcome(chat, speaks), [], "", _hint(speaks)),
            [language],
            [*outputs, source],
            show_progress="hidden",
            api_visibility="private",
        )
        source.cite(show, [language], source, queue=False, show_progress="hidden", api_visibility="private")
        language.change(
            speak,
            [language, turns],
            [head, talk, box, button, clear, *examples],
            show_progress="hidden",
            api_visibility="private",
        )
    built: gr.Blocks = page
    return built


def _ask(chat: ReportChat, question: str, past: Turns, speaks: str) -> Iterator[tuple[Any, ...]]:
    """The transcript with the question, then with its direct answer, then with all of it."""
    if not question.strip():
        yield talk_html(past) if past else _welcome(chat, speaks), past, ""
        return
    yield talk_html(past) + question_html(question) + waiting_html(), past, ""
    try:
        answer = chat.ask(question, [asked for asked, _ in past])
    except LibraryError as error:
        shown = f'<div class="turn answer none"><p>{esc(str(error))}</p></div>'
        yield talk_html([*past, (question, shown)]), [*past, (question, shown)], ""
        return
    if answer.found:
        yield talk_html(past) + question_html(question) + answer_html(answer, brief=True), past, ""
    done = [*past, (question[:2000], answer_html(answer))][-_MOST_TURNS:]
    yield talk_html(done), done, ""


def talk_html(turns: Turns) -> str:
    """The conversation."""
    return "".join(question_html(question) + answer for question, answer in turns)


def _show(chat: ReportChat, reference: str, language: str) -> str:
    """The source panel for "document:start:end"; the hint where nothing is named."""
    document_id, _, span = reference.partition(":")
    start, _, end = span.partition(":")
    if not (start.isdecimal() and end.isdecimal()):
        return _hint(language)
    try:
        document = chat.library.document(document_id)
    except LibraryError:
        return _hint(language)
    low, high = min(int(start), len(document.text)), min(int(end), len(document.text))
    return source_html(document, low, high, language) if low < high else _hint(language)


def _head(chat: ReportChat, language: str) -> str:
    words = words_for(language)
    count = len(chat.library.documents())
    return f"<h1>{esc(words['title'])}</h1><p>{esc(words['tagline'])} · {esc(words['document' if count == 1 else 'documents'].format(count=count))}</p>"


def _welcome(chat: ReportChat, language: str) -> str:
    words = words_for(language)
    below = words["tagline"] if chat.library.documents() else words["empty"]
    return f'<div class="welcome"><h2>{esc(words["welcome"])}</h2><p>{esc(below)}</p></div>'


def _hint(language: str) -> str:
    return f'<p class="hint">{esc(words_for(language)["hint"])}</p>'


def _examples(chat: ReportChat, language: str) -> list[str]:
    found = suggestions(chat, language, _EXAMPLES)
    return [*found, *[""] * (_EXAMPLES - len(found))]


def _asset(name: str) -> str:
    return resources.files("chat").joinpath(f"ui/assets/{name}").read_text("utf-8")


def _accounts(path: Path) -> dict[str, str]:
    """User -> password of an auth file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CannotServe(f"{path}: cannot be read ({error.strerror}). Give a file of user:password lines.") from error
    pairs = [line.partition(":") for line in lines if line.strip() and not line.startswith("#")]
    if not pairs or any(not colon or not user or not password for user, colon, password in pairs):
        raise CannotServe(f"{path}: no user:password lines in it. Write one line for each who may sign in.")
    return {user.strip(): password.strip() for user, _, password in pairs}


def _allowed(accounts: dict[str, str], user: str, password: str) -> bool:
    expected = accounts.get(user, "")
    digests = (hashlib.sha256(text.encode()).digest() for text in (expected, password))
    return hmac.compare_digest(*digests) and bool(expected)


def _check(host: str, port: int, auth_file: Path | None, public: bool) -> None:
    if host not in _LOOPBACK and auth_file is None and not public:
        raise CannotServe(f"{host} is reached from other machines. Add --auth-file FILE, or --public to let anyone in.")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotServe(
                f"port {port} on {host} cannot be used ({error}). Choose another: --port {port + 1}"
            ) from error


def serve(chat: ReportChat, *, host: str, port: int, auth_file: Path | None, public: bool) -> None:
    """Serve the page until interrupted; CannotServe where the port is in use or nobody would have to sign in."""
    accounts = _accounts(auth_file) if auth_file else None
    _check(host, port, auth_file, public)
    page = build_app(chat)
    from starlette.middleware import Middleware

    page.queue(default_concurrency_limit=8, max_size=64)
    page.launch(
        server_name=host,
        server_port=port,
        auth=(lambda user, password: _allowed(accounts, user, password)) if accounts else None,
        css=_asset("page.css"),
        share=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        show_error=False,
        quiet=True,
        max_file_size="1mb",
        prevent_thread_lock=True,
        app_kwargs={"middleware": [Middleware(Harden, loopback=host in _LOOPBACK)], "openapi_url": None},
    )
    print(f"report-chat is at http://{host}:{port}", flush=True)  # noqa: T201
    try:
        page.block_thread()
    finally:
        page.close(verbose=False)


__all__ = ["CannotServe", "build_app", "serve"]
