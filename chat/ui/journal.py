"""The access log: one JSON object a line, without the words of questions unless they are asked for. Pure ASGI."""

from __future__ import annotations

import datetime
import json
import threading
import time
from typing import IO, Any

from chat.types import Answer
from chat.ui.harden import App, Message

_LEFT_OUT = ("/assets/", "/static/", "/theme.css", "/page.css", "/gradio_api/heartbeat")


class Journal:
    """Writes lines to a file. `questions`: with the words of questions."""

    def __init__(self, file: IO[str], *, questions: bool = False) -> None:
        self._file = file
        self._questions = questions
        self._lock = threading.Lock()

    def write(self, event: str, **fields: object) -> None:
        """One event."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **fields}, ensure_ascii=False)
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def asked(self, answer: Answer, user: str) -> None:
        """A question was answered."""
        said = {"question": answer.question} if self._questions else {}
        milliseconds = round(1000 * sum(answer.seconds.values()), 1)
        self.write(
            "question", user=user, characters=len(answer.question), found=answer.found,
            confidence=round(answer.confidence, 2), milliseconds=milliseconds, **said,
        )  # fmt: skip


class Watched:
    """Notes each request: who, what, how it ended and how long it took; never what a query or a body says."""

    def __init__(self, app: App, *, journal: Journal) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Pass a request on, and note it."""
        path = str(scope.get("path", ""))
        if scope["type"] != "http" or path.startswith(_LEFT_OUT):
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            address = scope["client"][0] if scope.get("client") else ""
            milliseconds = round(1000 * (time.perf_counter() - began), 1)
            self._journal.write(
                "request", user=scope.get("user") or "", address=address, method=scope["method"], path=path[:200],
                status=status, milliseconds=milliseconds,
            )  # fmt: skip
