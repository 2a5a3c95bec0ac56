"""What the page does: the conversation here, each tab and the panel in a file of its own. State and words in, HTML out.

Nothing here knows Gradio.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chat import render
from chat.answering import Answering, Unanswered
from chat.conversation import Conversation, Turn, markdown
from chat.feedback import Feedback, Verdict
from chat.series import Point, series
from chat.suggest import next_questions, suggestions
from chat.turnstile import Busy, Turnstile
from chat.types import Answer
from chat.ui import chips, shelf
from chat.ui.documents import DocumentsTab
from chat.ui.escape import esc
from chat.ui.figures import FiguresTab
from chat.ui.once import Once
from chat.ui.panel import Panel
from chat.ui.visitors import Visitor, Visitors
from chat.ui.words import WORDS, words_for
from chat.uploads import Uploads
from index.errors import LibraryError
from index.store import DocumentInfo

_EXAMPLES, _NEXT = 4, 3
LARGEST_UPLOAD = 50_000_000  # bytes
Told = Callable[[Answer, str], None]


class Desk:
    """The page's work over one chat, for all its visitors."""

    def __init__(self, chat: Answering, *, largest_upload: int = LARGEST_UPLOAD, told: Told | None = None) -> None:
        self.chat = chat
        self.library = chat.library
        self.turnstile = Turnstile(chat.at_once)
        self.uploads = Uploads(chat.library)
        self.largest_upload = largest_upload
        self.visitors = Visitors()
        self.panel = Panel(chat.library)
        once = Once(chat.library)
        self.documents = DocumentsTab(chat.library, self.uploads, largest_upload, once)
        self.figures = FiguresTab(chat.library, once)
        self._feedback = Feedback(chat.library.folder)
        self._told = told
        self._suggesting = threading.Lock()
        self._suggested_of: tuple[DocumentInfo, ...] = ()
        self._examples: dict[str, list[str]] = {}

    def warm(self) -> None:
        """Open what is searched, and have examples ready, so that the first visitor waits for neither."""
        with contextlib.suppress(Unanswered):
            self.chat.ask("?")
        self.panel.warm()
        for language in WORDS:
            self._suggested(language)
            self.figures.table({}, language)

    def ask(
        self, conversation: Conversation, question: str, language: str, visitor: Visitor
    ) -> Iterator[tuple[str, Conversation]]:
        """The transcript with the question, with how many are before it, with what is written of its answer, with all of it."""
        if not question.strip():
            yield self.talk(conversation, language), conversation
            return
        asked = render.question_html(question)
        yield render.talk_html(conversation, language, live=asked + render.waiting_html(language)), conversation
        try:
            ticket = self.turnstile.enter()
        except Busy:
            yield self._failed(conversation, question, words_for(language)["busy"]), conversation
            return
        try:
            for ahead in self.turnstile.wait(ticket):
                yield (
                    render.talk_html(conversation, language, live=asked + render.waiting_html(language, ahead)),
                    conversation,
                )
            for answer in self._answers(conversation, question):
                if isinstance(answer, str):
                    live = asked + render.written_html(answer, language)
                    yield render.talk_html(conversation, language, live=live), conversation
                    continue
                done = conversation.plus(Turn(question, answer, self._points(answer)))
                yield render.talk_html(done, language), done
                if self._told:
                    self._told(answer, visitor.name)
        except LibraryError as error:
            yield self._failed(conversation, question, str(error)), conversation
        except Unanswered:
            yield self._failed(conversation, question, words_for(language)["unanswered"]), conversation
        finally:
            self.turnstile.leave(ticket)

    def _answers(self, conversation: Conversation, question: str) -> Iterator[str | Answer]:
        """The text as far as a language model has written it, where one writes; then the Answer."""
        scope = None
        if conversation.scope:
            held = {info.id for info in self.library.documents()}
            scope = [one for one in conversation.scope if one in held] or None
        cancelled, written = threading.Event(), ""
        try:
            for piece in self.chat.stream(question, conversation.questions, documents=scope, cancelled=cancelled):
                if isinstance(piece, str):
                    written += piece
                yield written if isinstance(piece, str) else piece
        finally:
            cancelled.set()

    def _points(self, answer: Answer) -> tuple[Point, ...]:
        """The first figure by year."""
        for shown in answer.figures[:1]:
            quote = next((quote for quote in answer.quotes if quote.number == shown.quote), None)
            if quote:
                return series(self.library, quote.document_id, shown.figure)
        return ()

    def _failed(self, conversation: Conversation, question: str, said: str) -> str:
        problem = f'<section class="answer none" role="alert"><p>{esc(said)}</p></section>'
        return render.talk_html(conversation, "en", live=render.question_html(question) + problem)

    def talk(self, conversation: Conversation, language: str, *, shown: int = 0) -> str:
        """The conversation; a welcome where there is none yet."""
        if not conversation.turns:
            return self.welcome(language)
        return render.talk_html(conversation, language, shown=shown or render.SHOWN)

    def welcome(self, language: str) -> str:
        """What stands where nothing was asked yet."""
        words = words_for(language)
        below = words["welcome below"] if self.library.documents() else words["empty"]
        return f'<div class="welcome"><h2>{esc(words["welcome"])}</h2><p>{esc(below)}</p></div>'

    def examples(self, language: str) -> str:
        """Questions that this library answers."""
        return chips.questions_html(self._suggested(language), words_for(language)["try"])

    def _suggested(self, language: str) -> list[str]:
        with self._suggesting:  # once for all who come
            held = self.library.documents()
            if held != self._suggested_of:
                self._suggested_of, self._examples = held, {}
            if language not in self._examples:
                self._examples[language] = suggestions(self.chat, language, _EXAMPLES)
            return self._examples[language]

    def next(self, conversation: Conversation, language: str) -> str:
        """Questions that the last answer's own passage answers too; what may be asked at all, where nothing was found."""
        if not conversation.turns:
            return self.examples(language)
        answer, asked = conversation.turns[-1].answer, conversation.questions
        words = words_for(language)
        found = []
        if answer.found:
            found = next_questions(self.chat, answer, asked, _NEXT, may_go_on=lambda: not self.turnstile.crowded)
        if found:
            return chips.questions_html(found, words["next"])
        return chips.questions_html([one for one in self._suggested(language) if one not in asked], words["try"])

    def judge(self, conversation: Conversation, data: Mapping[str, Any], visitor: Visitor) -> Conversation:
        """Note what a reader thought of a turn."""
        number, act = _number(data.get("turn")), str(data.get("act"))
        if number is None or number >= len(conversation.turns):
            return conversation
        reason = str(data.get("reason", "")) if act == "why" else ""
        verdict: Verdict = "up" if act == "up" else "down"
        self._feedback.note(conversation.turns[number].answer, verdict, reason=reason[:20], user=visitor.name)
        return conversation.judged(number, verdict, said_why=act == "why")

    def export(self, conversation: Conversation, language: str) -> str:
        """The conversation as Markdown, in an element that the page turns into a file."""
        said = markdown(conversation.turns, words_for(language)["title"])
        return f'<pre data-file="report-chat.md">{esc(said)}</pre>' if conversation.turns else ""

    def head(self, language: str, visitor: Visitor) -> str:
        """The top of the page."""
        return chips.head_html(len(self.library.documents()), language, visitor.name)

    def foot(self, conversation: Conversation, language: str, visitor: Visitor) -> str:
        """What stands below the question."""
        chosen = conversation.scope
        scope = shelf.scope_html(self.library.documents(), chosen, language) if chosen else ""
        return chips.foot_html(language, scope, asked=bool(conversation.turns), may_change=visitor.may_change)

    def close(self, seconds: float = 10.0) -> None:
        """Let who is being answered be answered, and stop reading files."""
        self.turnstile.close(seconds)
        self.uploads.close()
        self.panel.close()


def _number(value: object) -> int | None:
    said = str(value)
    return int(said) if said.isdecimal() and len(said) < 7 else None
