"""Rows of questions to click, and what stands at the top and the foot of the page. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from chat.ui.escape import esc
from chat.ui.words import TAGS, words_for

_TABS = ("chat", "documents", "figures")
_MARK = (
    '<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true"><rect width="32" height="32" rx="9"/>'
    '<path d="M9 22.5V15m7 7.5V9.5m7 13v-5"/></svg>'
)


def questions_html(questions: Sequence[str], said: str) -> str:
    """Questions that ask themselves when they are clicked."""
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" data-ask="{esc(question)}">{esc(question)}</button>' for question in questions
    )
    return f'<div class="chips" role="group" aria-label="{esc(said)}"><span class="lead" aria-hidden="true">{esc(said)}</span>{buttons}</div>'


def head_html(count: int, language: str, user: str = "") -> str:
    """The name of the page, its tabs and its switches."""
    words = words_for(language)
    tabs = "".join(
        f'<button type="button" role="tab" id="to-{tab}" data-tab="{tab}" aria-controls="tab-{tab}" '
        f'aria-selected="false" tabindex="-1">{esc(words[f"tab {tab}"])}</button>'
        for tab in _TABS
    )
    said = words["document" if count == 1 else "documents"].format(count=count)
    leave = f'<a class="quiet" href="logout">{esc(user)} · {esc(words["sign out"])}</a>' if user else ""
    return (
        f'<header class="top" lang="{TAGS.get(language, "en")}">{_MARK}<div class="name"><h1>{esc(words["title"])}</h1>'
        f"<p>{esc(words['tagline'])} · {esc(said)}</p></div>"
        f'<nav><div role="tablist" aria-label="{esc(words["title"])}">{tabs}</div></nav>{leave}'
        f'<button type="button" class="theme" aria-label="{esc(words["theme"])}" title="{esc(words["theme"])}">'
        f'<span aria-hidden="true">◐</span></button></header>'
    )


def foot_html(language: str, scope: str, *, asked: bool, may_change: bool) -> str:
    """What stands below the question: which documents are asked, how the page is used, what is done with all of it."""
    words = words_for(language)
    said = words["help" if may_change else "help reader"]
    hidden = "" if asked else " hidden"
    return (
        f'<div class="foot">{scope}<small class="keys">{esc(said)}</small>'
        f'<button type="button" class="quiet" id="export"{hidden}>{esc(words["export"])}</button>'
        f'<button type="button" class="quiet" id="clear"{hidden}>{esc(words["clear"])}</button></div>'
    )
