"""What the page does when something is done to it: state and words in, HTML out. Nothing here knows Gradio."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chat import render
from chat.answering import Answering, Unanswered
from chat.conversation import Conversation, Turn, markdown
from chat.feedback import Feedback, Verdict
from chat.figure_table import by_unit, figure_page, wish_of
from chat.series import Point, series
from chat.suggest import next_questions, suggestions
from chat.turnstile import Busy, Turnstile
from chat.types import Answer
from chat.ui import chips, shelf, table
from chat.ui.escape import esc
from chat.ui.picture import Pictures
from chat.ui.source import Place, gone_html, hint_html, linked_place, place_of, shown_range, source_html
from chat.ui.words import WORDS, words_for
from chat.uploads import Job, Uploads
from index.errors import LibraryError
from index.store import DocumentInfo
from ingest.fold import fold
from ingest.loaders.registry import supported
from ingest.problems import problem
from ingest.types import Document

_EXAMPLES, _NEXT = 4, 3
_MOST_MADE = 64  # views of the Figures tab
_MOST_KEPT = 500  # conversations of those signed in
LARGEST_UPLOAD = 50_000_000  # bytes
Removed = tuple[str, str] | None  # the id and the name of the document that was just taken away
Told = Callable[[Answer, str], None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page: "" where nobody signs in."""

    name: str = ""
    may_change: bool = True


class Desk:
    """The page's work over one chat, for all its visitors."""

    def __init__(self, chat: Answering, *, largest_upload: int = LARGEST_UPLOAD, told: Told | None = None) -> None:
        self.chat = chat
        self.library = chat.library
        self.turnstile = Turnstile(chat.at_once)
        self.uploads = Uploads(chat.library)
        self.pictures = Pictures()
        self.largest_upload = largest_upload
        self._feedback = Feedback(chat.library.folder)
        self._told = told
        self._kept: OrderedDict[str, Conversation] = OrderedDict()
        self._made_of: tuple[DocumentInfo, ...] = ()
        self._made: OrderedDict[tuple[object, ...], str] = OrderedDict()
        self._suggesting = threading.Lock()
        self._suggested_of: tuple[DocumentInfo, ...] = ()
        self._examples: dict[str, list[str]] = {}

    def warm(self) -> None:
        """Open what is searched, and have examples ready, so that the first visitor waits for neither."""
        with contextlib.suppress(Unanswered):
            self.chat.ask("?")
        if any(info.name.lower().endswith(".pdf") for info in self.library.each_document()):
            self.pictures.warm()
        for language in WORDS:
            self._suggested(language)
            self.table({}, language)

    # conversations

    def kept(self, visitor: Visitor) -> Conversation:
        """The conversation of someone signed in, as they left it; a new one for others."""
        return self._kept.get(visitor.name, Conversation())

    def keep(self, visitor: Visitor, conversation: Conversation) -> Conversation:
        """Remember the conversation of someone signed in while this runs."""
        if visitor.name:
            self._kept[visitor.name] = conversation
            self._kept.move_to_end(visitor.name)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return conversation

    # the chat

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

    # the source

    def source(self, data: Mapping[str, Any], language: str) -> str:
        """The panel for what the page names; the hint where it names nothing."""
        place = place_of(data)
        if place is None:
            return hint_html(language)
        try:
            document = self.library.document(place.document_id)
        except LibraryError:
            return gone_html(language)
        return self._panel(document, place, language)

    def linked(self, parameters: Mapping[str, str], language: str) -> str:
        """The panel for a deep link: ?doc=&page=&start=."""
        wanted = parameters.get("doc", "")
        info = next((info for info in self.library.documents() if wanted and wanted in (info.id, info.name)), None)
        if info is None:
            return gone_html(language) if wanted else hint_html(language)
        document = self.library.document(info.id)
        place = linked_place(parameters, document)
        return self._panel(document, place, language) if place else gone_html(language)

    def _panel(self, document: Document, place: Place, language: str) -> str:
        if place.start >= len(document.text):
            return gone_html(language)
        place = replace(place, end=min(place.end, len(document.text)))
        has_pictures = self.pictures.can_show(document)
        if has_pictures and place.view is None:
            place = replace(place, view="page")
        picture = self.pictures.picture(document, place) if has_pictures and place.view == "page" else None
        low, high = shown_range(document, place)
        figures = [figure for _, figure in self.library.figures(document.id, low, high)]
        return source_html(document, place, language, figures=figures, picture=picture, has_pictures=has_pictures)

    # the documents

    def drop(self, language: str, visitor: Visitor) -> str:
        """Where files are dropped."""
        return shelf.drop_html(language, supported(), self.largest_upload, may_change=visitor.may_change)

    def finder(self, language: str) -> str:
        """The form that finds documents."""
        return shelf.finder_html(len(self.library.documents()), language)

    def found(self, conversation: Conversation, sought: str, language: str, visitor: Visitor) -> str:
        """What the library holds that is called so, in either script."""
        wanted = fold(sought.strip())
        if not wanted:
            return self.documents(conversation, language, visitor)
        infos = [info for info in self.library.documents() if wanted in fold(f"{info.name} {info.title}")]
        if not infos:
            return f'<p class="note" role="status">{esc(words_for(language)["none called so"])}</p>'
        return shelf.list_html(infos, conversation.scope, language, may_change=visitor.may_change)

    def documents(self, conversation: Conversation, language: str, visitor: Visitor, removed: Removed = None) -> str:
        """What the library holds."""

        def made() -> str:
            infos = self.library.documents()
            return shelf.list_html(infos, conversation.scope, language, may_change=visitor.may_change, removed=removed)

        if conversation.scope or removed:
            return made()
        return self._once(("documents", language, visitor.may_change), made)

    def jobs(self, language: str) -> str:
        """What becomes of added files."""
        return shelf.jobs_html(self.uploads.jobs(), language)

    def refuse(self, data: Mapping[str, Any], language: str) -> str:
        """Tell of a file that the server did not take, and why."""
        why = str(data.get("why"))
        code = {"too big": "over limit", "no changes": "no changes"}.get(why, "not taken")
        values = {"size": shelf.size_said(self.largest_upload)} if code == "over limit" else {}
        self.uploads.refuse(str(data.get("name", ""))[:200], problem(code, **values))
        return self.jobs(language)

    def watch(self, language: str) -> Iterator[tuple[str, bool]]:
        """What becomes of added files, whenever that changes, and whether one has ended since; until all have."""
        seen: tuple[Job, ...] = ()
        while True:
            jobs = self.uploads.wait(seen, 5.0)
            ended = sum(job.ended for job in jobs) != sum(job.ended for job in seen)
            seen = jobs
            yield shelf.jobs_html(jobs, language), ended
            if all(job.ended for job in jobs):
                return

    def change(
        self, conversation: Conversation, data: Mapping[str, Any], visitor: Visitor
    ) -> tuple[Conversation, Removed, str]:
        """Do what the Documents tab asks for: choose, remove, undo, cancel. Also what was removed, and what went wrong."""
        act, document_id = str(data.get("act")), str(data.get("id", ""))
        if act == "all":
            return replace(conversation, scope=()), None, ""
        if act == "scope":
            rest = tuple(one for one in conversation.scope if one != document_id)
            return replace(conversation, scope=(*rest, document_id) if data.get("on") else rest), None, ""
        if not visitor.may_change:
            return conversation, None, "no changes"
        try:
            if act == "remove":
                info = self.uploads.remove(document_id)
                rest = tuple(one for one in conversation.scope if one != document_id)
                return replace(conversation, scope=rest), (info.id, info.name), ""
            if act == "undo":
                self.uploads.restore(document_id)
            elif act == "cancel":
                self.uploads.cancel(document_id)
        except LibraryError:
            return conversation, None, "in use"
        return conversation, None, ""

    # around

    def head(self, language: str, visitor: Visitor) -> str:
        """The top of the page."""
        return chips.head_html(len(self.library.documents()), language, visitor.name)

    def foot(self, conversation: Conversation, language: str, visitor: Visitor) -> str:
        """What stands below the question."""
        chosen = conversation.scope
        scope = shelf.scope_html(self.library.documents(), chosen, language) if chosen else ""
        return chips.foot_html(language, scope, asked=bool(conversation.turns), may_change=visitor.may_change)

    # the figures

    def filters(self, language: str, label: str = "") -> str:
        """The form of the Figures tab."""

        def made() -> str:
            units, years = self.library.figure_units(), self.library.figure_years()
            return table.filters_html(units, years, self._names(), language, label)

        return self._once(("filters", language, label), made)

    def table(self, data: Mapping[str, Any], language: str) -> str:
        """The rows of the Figures tab."""
        wish = wish_of(data)

        def made() -> str:
            page = figure_page(self.library, wish)
            groups = by_unit(self.library, page.wish.query) if not page.wish.offset and page.total else []
            return table.table_html(page, self._names(), language, groups)

        return self._once(("table", language, wish), made)

    def _once(self, key: tuple[object, ...], made: Callable[[], str]) -> str:
        """What was made for the key, while the library holds the same: every visitor comes by the whole table first."""
        held = self.library.documents()
        if held != self._made_of:
            self._made_of, self._made = held, OrderedDict()
        kept = self._made
        said = kept.get(key)
        if said is None:
            said = kept[key] = made()
            if len(kept) > _MOST_MADE:
                kept.popitem(last=False)
        return said

    def _names(self) -> dict[str, str]:
        return {info.id: info.name for info in self.library.documents()}

    def close(self, seconds: float = 10.0) -> None:
        """Let who is being answered be answered, and stop reading files."""
        self.turnstile.close(seconds)
        self.uploads.close()
        self.pictures.close()


def _number(value: object) -> int | None:
    said = str(value)
    return int(said) if said.isdecimal() and len(said) < 7 else None
