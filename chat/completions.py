"""The chat behind `POST /v1/chat/completions`, as OpenAI's API has it, so that any chat client can talk to a library.

The last user message is the question, earlier ones are its history; what assistants said before is not read. The reply is
the Answer's text with its quotes below it, numbered as the marks are, and the whole Answer beside it in `report_chat`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chat.answering import Answering, Unanswered
from chat.prompt import tokens
from chat.turnstile import Busy, Turnstile
from chat.types import Answer
from index.errors import LibraryError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

MODEL = "report-chat"
_BUSY = "Too many questions are waiting: try again in a minute."
_UNANSWERED = "The question could not be answered. Ask it in other words."
_LARGEST = 1_000_000  # bytes of a request
Body = dict[str, Any]


class BadRequest(ValueError):
    """A request that cannot be answered; the message says what is wanted."""


def asked_of(body: object) -> tuple[str, list[str], bool]:
    """(question, earlier questions, whether to stream) of a request's body; BadRequest says what is missing."""
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise BadRequest("messages: a list of {role, content} is wanted.")
    users = [
        _text(message.get("content"))
        for message in body["messages"]
        if isinstance(message, dict) and message.get("role") == "user"
    ]
    if not users or not users[-1].strip():
        raise BadRequest("messages: no question in the last message of the user.")
    return users[-1], users[:-1], body.get("stream") is True


def _text(content: object) -> str:
    """The text of a message's content: a string, or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        str(part.get("text", "")) for part in parts if isinstance(part, dict) and part.get("type") == "text"
    )


def sources(answer: Answer) -> str:
    """The quotes below a text, numbered as its marks: `[1] report.txt, p. 3: "..."`."""
    lines = [f"[{q.number}] {q.document}, p. {q.page}: “{' '.join(q.text.split())}”" for q in answer.quotes]
    lines += [answer.notice] if answer.notice else []
    return "\n".join(lines)


def message(answer: Answer) -> str:
    """The whole reply as plain text: where the text quotes already, places are enough."""
    below = sources(answer)
    return f"{answer.text}\n\n{below}" if below else answer.text


def completion(answer: Answer) -> Body:
    """A `chat.completion` object."""
    content = message(answer)
    used = tokens(answer.question), tokens(content)
    said = {"role": "assistant", "content": content, "citations": [quote.to_dict() for quote in answer.quotes]}
    return {
        **_head("chat.completion"),
        "choices": [{"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": used[0], "completion_tokens": used[1], "total_tokens": sum(used)},
        "report_chat": answer.to_dict(),
    }


def chunks(parts: Iterator[str | Answer]) -> Iterator[Body]:
    """`chat.completion.chunk` objects: the text as it comes, then its sources and the whole Answer."""
    head = _head("chat.completion.chunk")

    def chunk(delta: Body, end: str | None = None, **more: object) -> Body:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}], **more}

    yield chunk({"role": "assistant", "content": ""})
    said = ""
    for part in parts:
        if isinstance(part, str):
            yield chunk({"content": (" " if said and part[:1].isascii() else "") + part})
            said += part
            continue
        rest = message(part)
        if said and part.writer:
            rest = f"\n\n{sources(part)}"
        elif said:
            rest = f"\n\n{rest}"  # the model broke off: the reports' own words after all
        yield chunk({"content": rest})
        cited = [quote.to_dict() for quote in part.quotes]
        yield chunk({"citations": cited}, "stop", report_chat=part.to_dict())


def _head(kind: str) -> Body:
    return {"id": f"chatcmpl-{uuid.uuid4().hex[:24]}", "object": kind, "created": int(time.time()), "model": MODEL}


def routes(chat: Answering, turnstile: Turnstile) -> list[Route]:
    """The routes `/v1/chat/completions` and `/v1/models`; questions take their turn at the `turnstile`."""
    from starlette.routing import Route

    async def complete(request: Request) -> Response:
        return await _complete(chat, turnstile, request)

    async def models(_: Request) -> Response:
        from starlette.responses import JSONResponse

        return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": MODEL}]})

    return [Route("/v1/chat/completions", complete, methods=["POST"]), Route("/v1/models", models)]


async def _complete(chat: Answering, turnstile: Turnstile, request: Request) -> Response:
    import anyio.to_thread
    from starlette.responses import JSONResponse, StreamingResponse

    try:
        question, history, streams = asked_of(await _body(request))
    except BadRequest as error:
        return _error(str(error), 400)
    parts = _in_turn(turnstile, chat.stream(question, history))
    if streams:
        return StreamingResponse(_events(parts), media_type="text/event-stream")
    try:
        *_, answer = await anyio.to_thread.run_sync(list, parts)
    except (LibraryError, Busy, Unanswered) as error:
        return _error(_problem(error), 503)
    assert isinstance(answer, Answer)
    return JSONResponse(completion(answer))


def _in_turn(turnstile: Turnstile, parts: Iterator[str | Answer]) -> Iterator[str | Answer]:
    """The parts of an answer, when it is its turn; Busy where too many wait."""
    ticket = turnstile.enter()
    try:
        for _ in turnstile.wait(ticket):
            pass
        yield from parts
    finally:
        turnstile.leave(ticket)


async def _body(request: Request) -> object:
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _LARGEST:
            raise BadRequest(f"a body of more than {_LARGEST:,} bytes: send less.")
    try:
        return json.loads(data)
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _events(parts: Iterator[str | Answer]) -> Iterator[str]:
    """The chunks as server-sent events; an error as one of them."""
    try:
        for body in chunks(parts):
            yield f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
    except (LibraryError, Busy, Unanswered) as error:
        yield f"data: {json.dumps(_fault(_problem(error), 503), ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _problem(error: Exception) -> str:
    return _BUSY if isinstance(error, Busy) else _UNANSWERED if isinstance(error, Unanswered) else str(error)


def _error(text: str, status: int) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse(_fault(text, status), status)


def _fault(text: str, status: int) -> Body:
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": text, "type": kind, "param": None, "code": status}}
