"""Headers that keep the page to itself, and checks of the host and the origin of requests. Pure ASGI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

# Gradio's page needs inline and evaluated scripts of its own; nothing may come from, or go to, another host.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'; object-src 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with "no-referrer", forms would be sent with no origin
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
LOOPBACK = frozenset(("127.0.0.1", "localhost", "[::1]", "testserver"))
# What Gradio serves beside its page, and this page does not use.
_SHUT = ("/gradio_api/upload", "/gradio_api/file", "/gradio_api/proxy", "/gradio_api/stream", "/gradio_api/deep_link")
_LARGEST_BODY = 2_000_000  # bytes of any request but an upload


async def refuse(
    send: Callable[[Message], Awaitable[None]], status: int, said: str, *headers: tuple[bytes, bytes]
) -> None:
    """Answer with a status and one line of text."""
    head = [(b"content-type", b"text/plain; charset=utf-8"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": said.encode()})


def header(scope: Message, name: bytes) -> str:
    """A header of a request; "" where it has none."""
    found: bytes = dict(scope["headers"]).get(name, b"")
    return found.decode("latin-1")


class Harden:
    """Adds the headers; refuses other hosts than those given (DNS rebinding), posts from other pages (CSRF), and
    whatever of Gradio the page does not use. With no hosts given, any is answered.
    """

    def __init__(self, app: App, *, hosts: Collection[str] = LOOPBACK) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no websocket is used

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        refused = self._refused(scope)
        if refused:
            await refuse(sent, *refused)
        else:
            await self._app(scope, receive, sent)

    def _refused(self, scope: Message) -> tuple[int, str] | None:
        """The status and the reason, where the request is not answered."""
        address = header(scope, b"host")
        host = address.rsplit(":", 1)[0] if not address.endswith("]") else address
        if self._hosts and host not in self._hosts:
            return 421, "This chat answers to other names. Its owner can allow this one: --allow-host."
        origin = header(scope, b"origin")
        if scope["method"] not in ("GET", "HEAD") and origin and origin.partition("://")[2] != address:
            return 403, "Sent by another page."
        path = str(scope["path"])
        if path.startswith(_SHUT):
            return 404, "Nothing is here."
        length = header(scope, b"content-length")
        if path != "/upload" and length.isdecimal() and int(length) > _LARGEST_BODY:
            return 413, "Too large."
        return None
