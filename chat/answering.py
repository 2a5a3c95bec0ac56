"""Questions answered in processes of their own, several at once: Python runs one thread of a process at a time.

Each opens the library, and sees what others write to it at its next question, as every reader does. One that ends
unasked is started anew, and its question is asked once more.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import Any, Protocol

from chat.hear import earlier_questions
from chat.report_chat import ReportChat
from chat.types import Answer
from index.errors import LibraryError
from index.library import Library
from ingest.pool import cores

_PAYS_FROM = 20_000  # chunks: below that, one process answers a crowd in time
_MOST = 4  # processes, where nobody says how many
_SECONDS = 60.0  # for one answer


class Unanswered(Exception):
    """A question that brought the process down that was to answer it, or took it too long."""


class Answering(Protocol):
    """What answers questions from a library."""

    library: Library
    at_once: int  # questions

    def ask(self, question: str, history: Sequence[Any] = (), *, documents: Collection[str] | None = None) -> Answer:
        """The Answer, as `ReportChat.ask` gives it."""

    def stream(
        self,
        question: str,
        history: Sequence[Any] = (),
        *,
        documents: Collection[str] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[str | Answer]:
        """The pieces of its text, where a language model writes, and the Answer, as `ReportChat.stream` gives them."""


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    history: Sequence[str]
    documents: Sequence[str] | None


class Answerers:
    """`count` processes over the library's folder, asked from any number of threads. A context: at its end none is left."""

    def __init__(self, library: Library, count: int, *, embedding_model: str | None = None) -> None:
        assert library.folder is not None
        self.library = library
        self.at_once = count
        self._all = [_Process(library.folder, embedding_model) for _ in range(count)]
        self._free: LifoQueue[_Process] = LifoQueue()  # the last used has the most at hand
        threading.Thread(target=self._begin, name="answerers", daemon=True).start()

    def __enter__(self) -> Answerers:
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._all:
            one.close()

    def _begin(self) -> None:
        """Start the first alone: where the library's indexes are to be made anew, one does it for all."""
        with contextlib.suppress(LibraryError, Unanswered):
            self._all[0].answer(_Asked("", (), None), hurried=False)
        for one in self._all:
            one.begin()
        for one in self._all:
            self._free.put(one)

    def ask(self, question: str, history: Sequence[Any] = (), *, documents: Collection[str] | None = None) -> Answer:
        """The Answer, from the first process that is free; Unanswered where two of them ended over it."""
        asked = _Asked(question, earlier_questions(history), None if documents is None else tuple(documents))
        process = self._free.get()
        try:
            return process.answer(asked)
        finally:
            self._free.put(process)

    def stream(
        self,
        question: str,
        history: Sequence[Any] = (),
        *,
        documents: Collection[str] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[str | Answer]:
        """The Answer alone: no model writes here, and what is `cancelled` is there in a moment."""
        del cancelled
        yield self.ask(question, history, documents=documents)


class _Process:
    """One process; one question at a time."""

    def __init__(self, folder: Path, embedding_model: str | None) -> None:
        self._folder = folder
        self._model = embedding_model
        self._process: Any = None
        self._line: Connection | None = None
        self._closed = False
        self._lock = threading.RLock()  # held while the process is changed

    def begin(self) -> None:
        """Start the process where it does not run, and do not wait for it."""
        with contextlib.suppress(EOFError):
            self._started()

    def _started(self) -> Connection:
        """What the process is asked through; EOFError where all is closed."""
        with self._lock:
            if self._line is not None and self._process.is_alive():
                return self._line
            self._end()
            if self._closed:
                raise EOFError
            context = multiprocessing.get_context("spawn")
            self._line, line = context.Pipe()
            self._process = context.Process(target=_answer_all, args=(line, self._folder, self._model), daemon=True)
            self._process.start()
            line.close()  # it is the child's: when the child is gone, nothing more can come
            return self._line

    def _end(self) -> None:
        with self._lock:
            process, line, self._process, self._line = self._process, self._line, None, None
            if process is not None and line is not None:
                process.kill()
                process.join()
                line.close()

    def close(self) -> None:
        """End the process, for good."""
        self._closed = True
        self._end()

    def answer(self, asked: _Asked, *, hurried: bool = True) -> Answer:
        """The Answer; where the process ends over it, what the next makes of it."""
        for _ in range(2):
            try:
                line = self._started()
                line.send(asked)
                if not line.poll(_SECONDS if hurried else None):
                    break
                said = line.recv()
            except (EOFError, OSError):
                self._end()
                continue
            if isinstance(said, LibraryError):
                raise said
            assert isinstance(said, Answer)
            return said
        self._end()
        raise Unanswered(asked.question)


def processes_for(library: Library) -> int:
    """How many processes should answer from the library, where nobody says how many; 0 where one is enough for all."""
    count = min(cores(), _MOST)
    return count if count > 1 and library.chunk_count() >= _PAYS_FROM else 0


def _answer_all(line: Connection, folder: Path, embedding_model: str | None) -> None:
    """Answer what comes until nothing more can come; what a child process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    chat = ReportChat.open(folder, embedding_model=embedding_model)
    chat.ask("?")  # opens what is searched
    while True:
        try:
            asked = line.recv()
        except EOFError:
            return
        try:
            said: Answer | LibraryError = chat.ask(asked.question, asked.history, documents=asked.documents)
        except LibraryError as error:
            said = error
        line.send(said)
