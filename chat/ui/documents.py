"""What the Documents tab does: lists, finds, chooses and removes Documents, and tells what becomes of added files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat.conversation import Conversation
from chat.ui import shelf
from chat.ui.escape import esc
from chat.ui.once import Once
from chat.ui.visitors import Visitor
from chat.ui.words import words_for
from chat.uploads import Job, Uploads
from index.errors import LibraryError
from index.library import Library
from ingest.fold import fold
from ingest.loaders.registry import supported
from ingest.problems import problem

Removed = tuple[str, str] | None  # the id and the name of the document that was just taken away


class DocumentsTab:
    """The Documents tab over one library."""

    def __init__(self, library: Library, uploads: Uploads, largest_upload: int, once: Once) -> None:
        self._library = library
        self._uploads = uploads
        self._largest_upload = largest_upload
        self._once = once

    def drop(self, language: str, visitor: Visitor) -> str:
        """Where files are dropped."""
        return shelf.drop_html(language, supported(), self._largest_upload, may_change=visitor.may_change)

    def finder(self, language: str) -> str:
        """The form that finds documents."""
        return shelf.finder_html(len(self._library.documents()), language)

    def found(self, conversation: Conversation, sought: str, language: str, visitor: Visitor) -> str:
        """What the library holds that is called so, in either script."""
        wanted = fold(sought.strip())
        if not wanted:
            return self.held(conversation, language, visitor)
        infos = [info for info in self._library.documents() if wanted in fold(f"{info.name} {info.title}")]
        if not infos:
            return f'<p class="note" role="status">{esc(words_for(language)["none called so"])}</p>'
        return shelf.list_html(infos, conversation.scope, language, may_change=visitor.may_change)

    def held(self, conversation: Conversation, language: str, visitor: Visitor, removed: Removed = None) -> str:
        """What the library holds."""

        def made() -> str:
            infos = self._library.documents()
            return shelf.list_html(infos, conversation.scope, language, may_change=visitor.may_change, removed=removed)

        if conversation.scope or removed:
            return made()
        return self._once.get(("documents", language, visitor.may_change), made)

    def jobs(self, language: str) -> str:
        """What becomes of added files."""
        return shelf.jobs_html(self._uploads.jobs(), language)

    def refuse(self, data: Mapping[str, Any], language: str) -> str:
        """Tell of a file that the server did not take, and why."""
        why = str(data.get("why"))
        code = {"too big": "over limit", "no changes": "no changes"}.get(why, "not taken")
        values = {"size": shelf.size_said(self._largest_upload)} if code == "over limit" else {}
        self._uploads.refuse(str(data.get("name", ""))[:200], problem(code, **values))
        return self.jobs(language)

    def watch(self, language: str) -> Iterator[tuple[str, bool]]:
        """What becomes of added files, whenever that changes, and whether one has ended since; until all have."""
        seen: tuple[Job, ...] = ()
        while True:
            jobs = self._uploads.wait(seen, 5.0)
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
                info = self._uploads.remove(document_id)
                rest = tuple(one for one in conversation.scope if one != document_id)
                return replace(conversation, scope=rest), (info.id, info.name), ""
            if act == "undo":
                self._uploads.restore(document_id)
            elif act == "cancel":
                self._uploads.cancel(document_id)
        except LibraryError:
            return conversation, None, "in use"
        return conversation, None, ""
