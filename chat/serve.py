"""Serving the page: what may be asked of it by whom, and a stop that leaves nothing broken."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote

from chat.answering import Answering
from chat.completions import routes
from chat.figure_table import csv_parts, wish_of
from chat.ui.desk import LARGEST_UPLOAD, Desk
from chat.ui.gate import Accounts, Gate
from chat.ui.harden import LOOPBACK, Harden
from chat.ui.journal import Journal, Watched
from chat.ui.visitors import Visitor
from chat.users import BadUsers

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_STOPPING = 10  # seconds for questions that are being answered


class CannotServe(Exception):
    """The chat cannot be served as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Serving:
    """How the chat is served. `hosts` are the names it answers to beyond loopback, none for any; sizes in bytes."""

    host: str = "127.0.0.1"
    port: int = 7860
    auth_file: Path | None = None
    public: bool = False
    hosts: tuple[str, ...] = ()
    largest_upload: int = LARGEST_UPLOAD
    access_log: str | None = None
    log_questions: bool = False
    threads: int = 120

    @property
    def alone(self) -> bool:
        """Whether it is served to this machine alone."""
        return self.host in _LOOPBACK


def serve(chat: Answering, serving: Serving) -> None:
    """Serve the page until interrupted; CannotServe where the port is in use or nobody would have to sign in."""
    if not serving.alone and serving.auth_file is None and not serving.public:
        raise CannotServe(
            f"{serving.host} is reached from other machines. Add --auth-file FILE (make it with report-chat user add NAME "
            "--auth-file FILE), or --public to let anyone in, who may then ask but not add or remove."
        )
    try:
        accounts = Accounts(serving.auth_file) if serving.auth_file else None
    except BadUsers as error:
        raise CannotServe(str(error)) from error
    _warn_of_plain(accounts, serving.auth_file)
    _check_port(serving.host, serving.port)
    with _log(serving) as journal:
        desk = Desk(chat, largest_upload=serving.largest_upload, told=journal.asked if journal else None)
        desk.uploads.sweep()
        threading.Thread(target=desk.warm, name="warm", daemon=True).start()
        try:
            _run(application(desk, serving, accounts, journal), serving)
        finally:
            desk.close(_STOPPING)
            chat.library.close()


def application(desk: Desk, serving: Serving, accounts: Accounts | None, journal: Journal | None = None) -> FastAPI:
    """The whole of what is served: routes, the Gradio page at the root, and what stands before them."""
    from fastapi import FastAPI

    from chat.app import build_app, mount

    may_change = serving.alone or not serving.public or accounts is not None

    def who(name: str | None) -> Visitor:
        user = accounts.users().get(name or "") if accounts else None
        if accounts is None:
            return Visitor("", may_change)
        return Visitor(user.name, user.role == "editor") if user else Visitor("", may_change=False)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _add_routes(app, desk, who)
    app.router.routes.extend(routes(desk.chat, desk.turnstile))
    mount(app, build_app(desk, who), user_of=(lambda request: request.scope.get("user")) if accounts else None)
    if accounts:
        app.add_middleware(Gate, accounts=accounts)
    app.add_middleware(Harden, hosts=LOOPBACK if serving.alone else serving.hosts)
    if journal:
        app.add_middleware(Watched, journal=journal)
    return app


def _add_routes(app: FastAPI, desk: Desk, who: Callable[[str | None], Visitor]) -> None:
    from fastapi import Request, Response
    from fastapi.responses import JSONResponse, StreamingResponse

    from chat.app import asset

    css = asset("page.css")

    def healthz() -> Response:
        return JSONResponse({"status": "ok", "documents": len(desk.library.documents())})

    def page_css() -> Response:
        return Response(css, media_type="text/css", headers={"cache-control": "no-cache"})

    def figures(request: Request) -> Response:
        wish = wish_of(request.query_params)
        name = 'attachment; filename="figures.csv"'
        headers = {"content-disposition": name, "cache-control": "no-store"}
        return StreamingResponse(
            csv_parts(desk.library, wish.query), media_type="text/csv; charset=utf-8", headers=headers
        )

    async def upload(request: Request) -> Response:
        return await _upload(request, desk, who(request.scope.get("user")))

    for function in (figures, upload):
        function.__annotations__["request"] = Request  # fastapi reads it, and cannot see a name imported in here
    app.get("/healthz", response_model=None)(healthz)
    app.get("/page.css", response_model=None)(page_css)
    app.get("/figures.csv", response_model=None)(figures)
    app.post("/upload", response_model=None)(upload)


async def _upload(request: Request, desk: Desk, visitor: Visitor) -> Response:
    """One file, its name in the query; 403 for readers, 413 for what is too large."""
    import anyio.to_thread
    from fastapi.responses import JSONResponse

    if not visitor.may_change:
        return JSONResponse({"error": "no changes"}, 403)
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > desk.largest_upload:
        return JSONResponse({"error": "too big"}, 413)
    path = await anyio.to_thread.run_sync(desk.uploads.place, unquote(request.query_params.get("name", "")))
    kept = False
    try:
        with path.open("wb") as file:
            size = 0
            async for part in request.stream():
                size += len(part)
                if size > desk.largest_upload:
                    return JSONResponse({"error": "too big"}, 413)
                await anyio.to_thread.run_sync(file.write, part)
        kept = True
        return JSONResponse({"job": desk.uploads.submit(path).id})
    except OSError as error:
        return JSONResponse({"error": error.strerror or "cannot be kept"}, 507)
    finally:
        if not kept:
            desk.uploads.discard(path)


def _warn_of_plain(accounts: Accounts | None, path: Path | None) -> None:
    plain = [user.name for user in accounts.users().values() if not user.hashed] if accounts else []
    if plain:
        print(  # noqa: T201
            f"report-chat: {path} holds passwords as they are ({', '.join(plain[:5])}). Hash each: "
            f"report-chat user add NAME --auth-file {path}",
            file=sys.stderr,
        )


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotServe(
                f"port {port} on {host} cannot be used ({error}). Choose another: --port {port + 1}"
            ) from error


@contextlib.contextmanager
def _log(serving: Serving) -> Iterator[Journal | None]:
    """The access log: to the file that is named, - for standard error; beyond loopback there unless told otherwise."""
    name = serving.access_log or ("" if serving.alone else "-")
    if not name:
        yield None
        return
    try:
        file: IO[str] = sys.stderr if name == "-" else Path(name).open("a", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise CannotServe(
            f"{name}: cannot be written ({error.strerror}). Name another file with --access-log."
        ) from error
    try:
        yield Journal(file, questions=serving.log_questions)
    finally:
        if file is not sys.stderr:
            file.close()


def _run(app: FastAPI, serving: Serving) -> None:
    """Serve until SIGINT or SIGTERM; connections have some seconds to end."""
    import uvicorn

    shown = f"[{serving.host}]" if ":" in serving.host else serving.host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            import anyio.to_thread

            anyio.to_thread.current_default_thread_limiter().total_tokens = serving.threads
            await super().startup(sockets)
            if self.started:
                print(f"report-chat is at http://{shown}:{serving.port}", flush=True)  # noqa: T201

    def leave(*_: Any) -> None:  # noqa: ANN401
        raise SystemExit(0)

    kept = signal.signal(signal.SIGTERM, leave)  # uvicorn raises the signal again when it has stopped
    config = uvicorn.Config(
        app, host=serving.host, port=serving.port, log_level="error", access_log=False, server_header=False,
        timeout_graceful_shutdown=3, timeout_keep_alive=30, limit_concurrency=1000,
    )  # fmt: skip
    try:
        Server(config).run()
    finally:
        signal.signal(signal.SIGTERM, kept)
