"""A language model behind an OpenAI-compatible server. The only file that imports openai.

In: messages. Out: the model's text in pieces, as it comes. Whatever goes wrong ends in an `LlmError` with one line for
people; nothing waits longer than its limit.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from openai import OpenAI

KEYS = ("REPORT_CHAT_LLM_KEY", "OPENAI_API_KEY")
"""Environment variables that may hold the key, the first that is set; a server that wants none gets a word."""
Message = dict[str, str]
_THINKING = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_PER_TOKEN = 8  # characters that one token can be, at most, in an answer
_WINDOW_NAMES = ("max_model_len", "context_length", "context_window", "n_ctx", "n_ctx_train")
_PASSING = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 529))
_SAID = {
    401: "did not accept the key (set REPORT_CHAT_LLM_KEY)",
    403: "refused the key",
    404: "knows no such model or address",
    429: "is over its rate limit",
}


def without_thinking(text: str) -> str:
    """What a model says, without what it thinks aloud."""
    return _THINKING.sub("", text)


class LlmError(Exception):
    """The language model gave no whole answer; the message is one line that says why."""


class Cancelled(LlmError):
    """The answer was no longer wanted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds, and how much to read. `window` is in tokens, 0 to ask the server for it."""

    connect: float = 5.0
    silent: float = 60.0  # between two pieces of an answer, and before the first
    whole: float = 180.0  # one answer from start to end, with retries
    retries: int = 2
    answer: int = 800  # tokens of an answer
    window: int = 0


class LanguageModel(Protocol):
    """What writes: a model at a server, or what stands in for one."""

    name: str

    @property
    def window(self) -> int:
        """How many tokens of prompt and answer the model takes at once."""
        ...

    def stream(self, messages: Sequence[Message], cancelled: threading.Event | None = None) -> Iterator[str]:
        """The answer to `messages`, in pieces."""
        ...


class ServedModel:
    """A model at an OpenAI-compatible server: OpenAI, DashScope, DeepSeek, Ollama, vLLM, llama.cpp."""

    def __init__(self, url: str, name: str, *, key: str | None = None, limits: Limits | None = None) -> None:
        self.url, self.name = url, name
        self.limits = limits or Limits()
        self._key = key or next((os.environ[one] for one in KEYS if os.environ.get(one)), "none")
        self._client: OpenAI | None = None
        self._window = self.limits.window
        self._lock = threading.Lock()

    @property
    def window(self) -> int:
        """The model's window in tokens, as its server tells it; `LEAST_WINDOW` where it tells none."""
        with self._lock:
            if not self._window:
                self._window = self._told_window() or LEAST_WINDOW
            return self._window

    def stream(self, messages: Sequence[Message], cancelled: threading.Event | None = None) -> Iterator[str]:
        """The answer to `messages`, in pieces; LlmError where it does not come, or does not end."""
        end = time.monotonic() + self.limits.whole
        characters, finished = 0, False
        with self._opened(messages, end, cancelled) as pieces:
            try:
                for piece in pieces:
                    if cancelled is not None and cancelled.is_set():
                        raise Cancelled("no longer wanted")
                    if time.monotonic() > end:
                        raise LlmError(f"was not done after {self.limits.whole:.0f} s")
                    text, ends = _read(piece)
                    finished = finished or ends
                    characters += len(text)
                    if characters > self.limits.answer * _PER_TOKEN:
                        raise LlmError("did not stop talking")
                    if text:
                        yield text
            except LlmError:
                raise
            except Exception as error:  # whatever happens, the reader gets an answer
                raise _told(error) from error
        if not finished:
            raise LlmError("broke off")  # a connection that closes looks like an end
        if not characters:
            raise LlmError("said nothing")

    def _opened(self, messages: Sequence[Message], end: float, cancelled: threading.Event | None) -> Any:  # noqa: ANN401
        """The stream of an answer, tried again with growing pauses where the failure may pass."""
        for attempt in range(self.limits.retries + 1):
            try:
                return self._connected().chat.completions.create(
                    model=self.name,
                    messages=list(messages),  # type: ignore[arg-type]
                    max_tokens=self.limits.answer,
                    temperature=0,
                    stream=True,
                )
            except Exception as error:
                pause = _pause(error, attempt)
                if attempt == self.limits.retries or pause is None or time.monotonic() + pause > end:
                    raise _told(error) from error
                if _slept(pause, cancelled):
                    raise Cancelled("no longer wanted") from error
        raise AssertionError("a retry always returns or raises")

    def _connected(self) -> OpenAI:
        if self._client is None:
            try:
                from openai import OpenAI, Timeout
            except ImportError as error:
                raise LlmError("needs the openai package: pip install 'report-chat[llm]'") from error
            times = Timeout(self.limits.silent, connect=self.limits.connect)
            self._client = OpenAI(base_url=self.url, api_key=self._key, timeout=times, max_retries=0)
        return self._client

    def _told_window(self) -> int:
        """The window that the server's list of models gives; 0 where it gives none."""
        try:
            listed = self._connected().models.list()
            mine = next((model for model in listed.data if model.id == self.name), None)
        except Exception:  # noqa: BLE001 - a server need not list its models
            return 0
        told = {**(mine.model_dump() if mine else {})}
        told |= told.get("meta") or {}
        return next((int(told[name]) for name in _WINDOW_NAMES if str(told.get(name) or "").isdigit()), 0)


LEAST_WINDOW = 4096


def _read(piece: Any) -> tuple[str, bool]:  # noqa: ANN401
    """The text of a streamed piece, "" where it has none, and whether it says that the answer ends."""
    choices = getattr(piece, "choices", None)
    if not choices:
        return "", False
    text = getattr(getattr(choices[0], "delta", None), "content", None)
    return text if isinstance(text, str) else "", bool(getattr(choices[0], "finish_reason", None))


def _pause(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before another try: as the server asks, else 0.5, 1, 2 ... and a little; None where it is no use."""
    if isinstance(error, LlmError):
        return None
    status = getattr(error, "status_code", None)
    if status is not None and status not in _PASSING:
        return None
    asked = getattr(getattr(error, "response", None), "headers", {}).get("retry-after", "")
    if asked.replace(".", "", 1).isdigit():
        return float(asked)
    return float(0.5 * 2**attempt + random.uniform(0, 0.25))  # noqa: S311


def _slept(seconds: float, cancelled: threading.Event | None) -> bool:
    """Wait; whether it was cancelled meanwhile."""
    if cancelled is None:
        time.sleep(seconds)
        return False
    return cancelled.wait(seconds)


def _told(error: Exception) -> LlmError:
    """The failure as one line for people."""
    if isinstance(error, LlmError):
        return error
    status = getattr(error, "status_code", None)
    if status is not None:
        return LlmError(_SAID.get(status, f"answered with an error ({status})"))
    kind = type(error).__name__
    if "Timeout" in kind:
        return LlmError("did not answer in time")
    if "Connect" in kind or "Protocol" in kind or "Read" in kind:
        return LlmError("cannot be reached" if "APIConnection" in kind or "Connect" in kind else "broke off")
    return LlmError(f"sent what is no answer ({kind})")
