"""Signing in: who has a session passes, others see the sign-in page. Pure ASGI."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from chat.ui.escape import esc
from chat.ui.harden import App, Message, header, refuse
from chat.ui.words import TAGS, spoken, words_for
from chat.users import Attempts, BadUsers, User, hash_password, matches, read_users

_HOURS = 12  # that a session lasts
_OPEN = ("/healthz", "/page.css", "/login")
_FOR_PROGRAMS = "/v1/"  # below this a key will do
_LONGEST_FORM = 4096  # bytes
_NOBODY = hash_password("nobody")  # what is compared where there is no such user: it takes as long


class Accounts:
    """The users of a file, read anew when it changes; sessions, and attempts to sign in."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._users = read_users(path)
        self._read_at = path.stat().st_mtime_ns
        self._sessions: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()
        self._keys: dict[str, str] = {}
        self.attempts = Attempts(clock=clock)

    def users(self) -> dict[str, User]:
        """Name -> User, as the file has them now; as it had them where it cannot be read any more."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed != self._read_at:
                self._users, self._read_at = read_users(self._path), changed
        except (OSError, BadUsers):
            pass
        return self._users

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, float]:
        """A session's token, and 0; or "" and the seconds to wait until the next try (0: the password was wrong)."""
        keys = (f"address {address}", f"name {name}")
        waiting = self.attempts.wait(*keys)
        if waiting:
            return "", waiting
        user = self.users().get(name)
        right = matches(user.secret if user else _NOBODY, password)
        if user is None or not right:
            self.attempts.fail(*keys)
            return "", 0.0
        self.attempts.succeed(*keys)
        token = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            self._sessions = {key: held for key, held in self._sessions.items() if held[1] > now}
            self._sessions[token] = (name, now + _HOURS * 3600)
        return token, 0.0

    def user(self, token: str) -> User | None:
        """Who has the session; None where it has ended, or the user is gone."""
        with self._lock:
            name, until = self._sessions.get(token, ("", 0.0))
        return self.users().get(name) if name and until > self._clock() else None

    def by_key(self, key: str, address: str) -> User | None:
        """Who has "name:password" as a program's key: signed in once, then known by the session that this began."""
        mark = hashlib.sha256(key.encode()).hexdigest()
        user = self.user(self._keys.get(mark, ""))
        if user is None:
            name, _, password = key.partition(":")
            token, _ = self.sign_in(name, password, address)
            user = self.user(token)
            if user is not None:
                self._keys[mark] = token
        return user

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(token, None)


class Gate:
    """Lets through who is signed in, with `scope["user"]` set; shows others the way in."""

    def __init__(self, app: App, *, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Pass a request on, or have its sender sign in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, token = str(scope["path"]), _token(scope)
        user = self._accounts.user(token)
        if user is None and path.startswith(_FOR_PROGRAMS) and (key := _key(scope)):
            user = await _of_key(self._accounts, key, scope)
        if path == "/login" and scope["method"] == "POST":
            await self._sign_in(scope, receive, send)
        elif path == "/login":
            await _page(scope, send, 200)
        elif path == "/logout":
            self._accounts.sign_out(token)
            await refuse(send, 303, "", (b"location", b"login"), (b"set-cookie", _cookie("", 0, scope)))
        elif user is None and path not in _OPEN:
            if path == "/" and scope["method"] == "GET":
                await refuse(send, 303, "", (b"location", b"login"))
            else:
                await refuse(send, 401, "Sign in first.")
        else:
            scope["user"] = user.name if user else None
            await self._app(scope, receive, send)

    async def _sign_in(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401
        import anyio.to_thread

        form = parse_qs((await _body(receive)).decode("utf-8", "replace"))
        name, password = form.get("user", [""])[0].strip(), form.get("password", [""])[0]
        address = scope["client"][0] if scope.get("client") else ""
        token, waiting = await anyio.to_thread.run_sync(self._accounts.sign_in, name, password, address)
        if token:
            cookie = _cookie(token, _HOURS * 3600, scope)
            await refuse(send, 303, "", (b"location", b"./"), (b"set-cookie", cookie))
        else:
            await _page(scope, send, 429 if waiting else 403, waiting=waiting, wrong=True)


async def _of_key(accounts: Accounts, key: str, scope: Message) -> User | None:
    import anyio.to_thread

    address = scope["client"][0] if scope.get("client") else ""
    return await anyio.to_thread.run_sync(accounts.by_key, key, address)


def _key(scope: Message) -> str:
    """The "name:password" of a program's request: as its bearer token (an API key), or as HTTP Basic has it; "" for none."""
    kind, _, told = header(scope, b"authorization").partition(" ")
    if kind.lower() == "bearer":
        return told.strip()
    if kind.lower() == "basic":
        with contextlib.suppress(binascii.Error, UnicodeDecodeError):
            return base64.b64decode(told, validate=True).decode()
    return ""


async def _body(receive: Any) -> bytes:  # noqa: ANN401
    parts = b""
    while len(parts) <= _LONGEST_FORM:
        message = await receive()
        parts += message.get("body", b"")
        if not message.get("more_body"):
            break
    return parts[:_LONGEST_FORM]


def _name(scope: Message) -> str:
    """The session cookie's name: of its own for each port, since cookies know none."""
    return f"report-chat-{(scope.get('server') or ('', 0))[1]}"


def _token(scope: Message) -> str:
    try:
        cookies = SimpleCookie(header(scope, b"cookie"))
    except CookieError:
        return ""
    morsel = cookies.get(_name(scope))
    return morsel.value if morsel else ""


def _cookie(token: str, seconds: int, scope: Message) -> bytes:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{_name(scope)}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}".encode()


async def _page(scope: Message, send: Any, status: int, *, waiting: float = 0.0, wrong: bool = False) -> None:  # noqa: ANN401
    language = spoken(header(scope, b"accept-language"))
    html = sign_in_html(language, waiting=waiting, wrong=wrong)
    head = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store")]
    if waiting:
        head.append((b"retry-after", str(int(waiting) + 1).encode()))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": html.encode()})


def sign_in_html(language: str, *, waiting: float = 0.0, wrong: bool = False) -> str:
    """The sign-in page."""
    words = words_for(language)
    problem = words["slow down"].format(seconds=int(waiting) + 1) if waiting else words["wrong"] if wrong else ""
    said = f'<p class="problem" role="alert">{esc(problem)}</p>' if problem else ""
    return (
        f'<!doctype html><html lang="{TAGS.get(language, "en")}"><head><meta charset="utf-8"><title>{esc(words["sign in"])} · '
        f'{esc(words["title"])}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="page.css"></head><body class="sign-in"><main>'
        f'<form method="post" action="login"><h1>{esc(words["title"])}</h1><p>{esc(words["sign in below"])}</p>{said}'
        f'<label>{esc(words["user"])}<input name="user" autocomplete="username" required autofocus></label>'
        f'<label>{esc(words["password"])}<input name="password" type="password" autocomplete="current-password" required></label>'
        f'<button type="submit">{esc(words["sign in"])}</button></form></main></body></html>'
    )
