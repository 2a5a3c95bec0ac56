"""The commands that fill, mend and list a library."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from chat.commands.output import Counter, fail, notify, print_json

if TYPE_CHECKING:
    from index.intake import FileOutcome
    from index.library import Library


def _to_write(chosen: argparse.Namespace, *, create: bool = False) -> Library:
    """The library, to be written to."""
    from index.library import Library

    return Library.open(
        chosen.library, embedding_model=chosen.embedding_model, create=create, wait=chosen.wait, notify=notify
    )


def ingest(chosen: argparse.Namespace) -> int:
    """Add files and folders; 1 where one failed."""
    import codecs

    from chat.progress import Progress, table
    from index.intake import Intake, ingest_paths

    if chosen.encoding:
        try:
            codecs.lookup(chosen.encoding)
        except LookupError:
            return fail(
                f"no encoding is called {chosen.encoding!r}. Known are utf-8, gb18030, big5, utf-16, cp1252, ..."
            )
    how = Intake(encoding=chosen.encoding, workers=chosen.workers)
    progress = Progress()

    def tell() -> int:
        progress.end()
        failed = sum(outcome.outcome == "failed" for outcome in progress.outcomes)
        if chosen.json:
            print_json({"files": _plain(progress.outcomes), "failed": failed})
        else:
            print(table(progress.outcomes))
        return 1 if failed else 0

    try:
        with _to_write(chosen, create=True) as library:
            ingest_paths(
                library, chosen.paths, progress.file, on_page=progress.page, on_total=progress.files, intake=how
            )
    except BaseException:
        if progress.outcomes:  # what was done before Ctrl-C, or before the disk was full, is told too
            tell()
        raise
    return tell()


def _plain(outcomes: Sequence[FileOutcome]) -> list[dict[str, Any]]:
    """The outcomes as plain objects."""
    from dataclasses import asdict

    return [asdict(outcome) for outcome in outcomes]


def remove(chosen: argparse.Namespace) -> int:
    """Remove documents; 1 where one is not there."""
    from index.errors import NoSuchDocument

    code = 0
    with _to_write(chosen) as library:
        for name in chosen.documents:
            try:
                info = library.remove(name)
                print(f"removed {info.name} ({info.chunks} chunks, {info.figures} figures)")
            except NoSuchDocument as error:
                print(f"report-chat: {error}", file=sys.stderr)
                code = 1
    return code


def reembed(chosen: argparse.Namespace) -> int:
    """Make the library's vectors anew with another model."""
    from index.library import Library

    def on_progress(done: int, total: int) -> None:
        print(f"\r{done} of {total} chunks embedded", end="" if done < total else "\n", file=sys.stderr, flush=True)

    with Library.reembed(
        chosen.library, chosen.embedding_model, on_progress, wait=chosen.wait, notify=notify
    ) as library:
        print(f"{library.document_count()} documents now have the vectors of {library.embedder}")
    return 0


def rebuild(chosen: argparse.Namespace) -> int:
    """Make the indexes anew from the database."""
    with _to_write(chosen) as library:
        library.rebuild(Counter())
        print(f"made anew from {library.document_count()} documents, {library.chunk_count()} chunks")
    return 0


def check(chosen: argparse.Namespace) -> int:
    """Say of each part of the library whether it is sound; 1 where one is not."""
    from dataclasses import asdict

    from index.check import check

    found = list(check(chosen.library, chosen.embedding_model, Counter()))
    wrong = [finding for finding in found if finding.wrong]
    if chosen.json:
        print_json({"sound": not wrong, "findings": [asdict(finding) for finding in found]})
        return 1 if wrong else 0
    for finding in found:
        said = f"WRONG: {finding.wrong}" if finding.wrong else "sound"
        print(f"{finding.name:<14}{said}" + (f"  ({finding.seen})" if finding.seen else ""))
    if wrong and all(finding.derived for finding in wrong):
        print(f"The documents are sound. Mend the rest: report-chat rebuild --library {chosen.library}")
    elif wrong:
        print("The database is damaged. Restore the folder, or remove it and ingest the reports again.")
    return 1 if wrong else 0


def list_documents(chosen: argparse.Namespace) -> int:
    """Print the documents of the library, with what was noted of them."""
    from dataclasses import asdict

    from index.library import Library

    with Library.open(chosen.library, embedding_model=chosen.embedding_model) as library:
        documents, notes = library.documents(), library.notes()
    if chosen.json:
        print_json([{**asdict(info), "notes": list(notes.get(info.id, ()))} for info in documents])
        return 0
    for info in documents:
        print(f"{info.name}\t{info.title}\t{info.pages} pages\t{info.chunks} chunks\t{info.figures} figures\t{info.id}")
        for note in notes.get(info.id, ()):
            print(f"    note: {note}")
    return 0
