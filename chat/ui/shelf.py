"""The Documents tab as HTML: where files are dropped, what becomes of them, and what the library holds. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chat.ui.escape import esc
from chat.ui.problems import said as problem_said
from chat.ui.words import counted, words_for
from chat.uploads import Job
from index.store import DocumentInfo

_MOST = 200  # documents listed
_OVERSEEN = 20  # documents
_SAME = frozenset(("TEXT", "MARKDOWN", "MHTML"))  # suffixes of formats that have a shorter one
_MOST_FAILED = 5  # files of an archive that are told of


def size_said(size: int) -> str:
    """A file size as people read it."""
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} kB"


def drop_html(language: str, formats: Sequence[str], largest: int, *, may_change: bool) -> str:
    """Where files are dropped or chosen; a word on why not, where the visitor may not."""
    words = words_for(language)
    if not may_change:
        return f'<p class="note">{esc(words["no changes"])}</p>'
    accepted = esc(",".join(formats))
    named = " ".join(sorted({one.lstrip(".").upper() for one in formats} - _SAME))
    below = words["formats"].format(formats=named, size=size_said(largest))
    return (
        f'<div class="drop" data-most="{largest}" data-accept="{accepted}"><p>{esc(words["drop"])} '
        f'<label class="choose"><input type="file" id="files" multiple accept="{accepted}"><span>{esc(words["choose"])}</span></label></p>'
        f"<small>{esc(below)}</small></div>"
    )


def jobs_html(jobs: Sequence[Job], language: str) -> str:
    """What becomes of the files that were added: one line each, latest first."""
    if not jobs:
        return ""
    rows = "".join(_job(job, language) for job in reversed(jobs))
    return f'<ul class="jobs" aria-live="polite">{rows}</ul>'


def _job(job: Job, language: str) -> str:
    words = words_for(language)
    state = job.state if job.ended else ("queued" if job.state == "queued" else "reading")
    said = words["adding"].format(name=job.name) if state == "reading" else words[state]
    parts = [f'<b>{esc(job.name)}</b> <span class="state">{esc(said)}</span>']
    if state == "reading":
        if job.pages:
            parts.append(f"<small>{esc(words['adding page'].format(number=job.page, count=job.pages))}</small>")
            parts.append(f'<progress max="{job.pages}" value="{job.page}" aria-label="{esc(job.name)}"></progress>')
        else:
            parts.append(f'<progress aria-label="{esc(job.name)}"></progress>')
    if not job.ended:
        parts.append(
            f'<button type="button" data-shelf="cancel" data-id="{esc(job.id)}" '
            f'aria-label="{esc(words["cancel"])}: {esc(job.name)}">{esc(words["cancel"])}</button>'
        )
    if job.chunks:
        counts = [counted(language, "chunks", job.chunks), counted(language, "figures", job.figures)]
        counts[:0] = [counted(language, "files", job.files)] if job.files else []
        parts.append(f"<small>{esc(' · '.join(counts))}</small>")
    reason = problem_said(job.problem, language) if job.problem else job.told
    if reason:
        parts.append(f'<p class="reason">{esc(reason)}</p>')
    for name, problem in job.failed[:_MOST_FAILED]:
        parts.append(f'<p class="reason"><b>{esc(name)}</b> {esc(problem_said(problem, language))}</p>')
    if len(job.failed) > _MOST_FAILED:
        more = words["more failed"].format(count=len(job.failed) - _MOST_FAILED)
        parts.append(f'<p class="reason">{esc(more)}</p>')
    return f'<li class="job {state}">{"".join(parts)}</li>'


def finder_html(count: int, language: str) -> str:
    """The form that finds Documents by name, where there are more than can be overseen."""
    if count <= _OVERSEEN:
        return ""
    said = esc(words_for(language)["find document"])
    return (
        f'<form class="filters finder" role="search"><label><span>{said}</span>'
        f'<input type="search" name="name" maxlength="100"></label></form>'
    )


def list_html(
    infos: Sequence[DocumentInfo],
    scope: Collection[str],
    language: str,
    *,
    may_change: bool,
    removed: tuple[str, str] | None = None,
) -> str:
    """What the library holds, with what may be done; `removed` is the id and name of what was just taken away."""
    words = words_for(language)
    parts: list[str] = []
    if removed:
        parts.append(
            f'<p class="removed" role="status">{esc(words["removed"].format(name=removed[1]))} '
            f'<button type="button" data-shelf="undo" data-id="{esc(removed[0])}">{esc(words["undo"])}</button></p>'
        )
    if not infos:
        return "".join([*parts, f'<p class="note">{esc(words["no documents"])}</p>'])
    said = (
        words["scope help"] if len(infos) <= _MOST else words["first of"].format(shown=_MOST, count=f"{len(infos):,}")
    )
    parts.append(f'<p class="note" role="status">{esc(said)}</p>')
    rows = "".join(_document(info, info.id in scope, language, may_change=may_change) for info in infos[:_MOST])
    return "".join([*parts, f'<ul class="library">{rows}</ul>'])


def _document(info: DocumentInfo, chosen: bool, language: str, *, may_change: bool) -> str:
    words = words_for(language)
    counts = " · ".join(counted(language, thing, getattr(info, thing)) for thing in ("pages", "chunks", "figures"))
    added = words["added on"].format(date=info.added[:10])
    only = esc(words["only"].format(name=info.name))
    remove = (
        f'<button type="button" class="quiet" data-shelf="remove" data-id="{esc(info.id)}" '
        f'aria-label="{esc(words["remove which"].format(name=info.name))}">{esc(words["remove"])}</button>'
        if may_change
        else ""
    )
    title = f"<small>{esc(info.title)}</small>" if info.title not in (info.name, info.path) else ""
    return (
        f'<li><label class="tick"><input type="checkbox" data-shelf="scope" data-id="{esc(info.id)}" aria-label="{only}"'
        f'{" checked" if chosen else ""}></label><div><button type="button" class="name" data-ref="{esc(info.id)}:0:1" '
        f'data-page="1">{esc(info.name)}</button>{title}<small>{esc(counts)} · {esc(added)}</small></div>{remove}</li>'
    )


def scope_html(infos: Sequence[DocumentInfo], scope: Collection[str], language: str) -> str:
    """Which documents are asked, as a chip below the question."""
    words = words_for(language)
    names = [info.name for info in infos if info.id in scope]
    if not names:
        return ""
    said = words["scope one"].format(name=names[0]) if len(names) == 1 else words["scope some"].format(count=len(names))
    return f'<span class="scope"><span>{esc(said)}</span> <button type="button" data-shelf="all">{esc(words["scope off"])}</button></span>'
