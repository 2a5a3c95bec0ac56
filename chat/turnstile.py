"""A queue in which everyone sees how many are before them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

_EVERY = 1.0  # seconds: to tell many how the line moves costs more than it is worth to them


class Busy(Exception):
    """Too many are waiting, or the chat is stopping."""


class Turnstile:
    """Lets `places` through at once, in order of arrival, and at most `waiting` wait."""

    def __init__(self, places: int = 2, waiting: int = 100, *, every: float = _EVERY) -> None:
        self._places, self._most, self._every = places, places + waiting, every
        self._line: list[object] = []
        self._moved = threading.Condition()
        self._closed = False

    def enter(self) -> object:
        """Take a ticket; Busy where there is no more room. Give it back with `leave`."""
        with self._moved:
            if self._closed or len(self._line) >= self._most:
                raise Busy
            ticket = object()
            self._line.append(ticket)
            return ticket

    def wait(self, ticket: object) -> Iterator[int]:
        """How many are before the ticket, now and then while that changes; ends when it is let through."""
        said, due = 0, time.monotonic() + self._every
        while True:
            with self._moved:
                ahead = self._line.index(ticket) - self._places + 1
                if ahead <= 0:
                    return
                left = due - time.monotonic()
                if ahead == said or left > 0:
                    self._moved.wait(max(left, 0.01) if ahead != said else 1.0)
                    continue
                said, due = ahead, time.monotonic() + self._every
            yield ahead

    @property
    def crowded(self) -> bool:
        """Whether someone waits."""
        return len(self._line) > self._places

    def leave(self, ticket: object) -> None:
        """Give the ticket back; the next may go."""
        with self._moved:
            if ticket in self._line:
                self._line.remove(ticket)
            self._moved.notify_all()

    def close(self, seconds: float) -> bool:
        """Let nobody in any more and wait for who is in; whether all were out in time."""
        deadline = time.monotonic() + seconds
        with self._moved:
            self._closed = True
            while self._line and (left := deadline - time.monotonic()) > 0:
                self._moved.wait(left)
            return not self._line
