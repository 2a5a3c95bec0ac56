"""How the database of a library is opened: it is there or made, of this format, and of the model that is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index import errors, schema
from index.embed import Embedder, load_embedder
from index.lock import WriterLock
from index.migrate import STEPS, migrate
from index.store import Store

DATABASE = "library.sqlite"

Notify = Callable[[str], None]


def opened(
    folder: Path, embedding_model: str | None, *, create: bool, wait: float, notify: Notify
) -> tuple[Store, Embedder]:
    """The store of the library in `folder` and the model of its vectors; with `create`, a new one where there is none."""
    _see_to(folder, create=create)
    store = Store(folder / DATABASE)
    try:
        manifest = of_this_format(folder, store, wait, notify)
        if not manifest and not create:
            raise errors.LibraryMissing(
                f"{folder}: the library was never finished. Make it: report-chat ingest REPORTS --library {folder}"
            )
        embedder = load_embedder(embedding_model)
        if not manifest:
            store.create(embedder.name, embedder.dimension)
        elif manifest["embedder"] != embedder.name:
            raise mismatch(folder, manifest["embedder"], embedder.name)
    except BaseException:
        store.close()
        raise
    return store, embedder


def _see_to(folder: Path, *, create: bool) -> None:
    """Make the folder where no library is in it; LibraryMissing where none is to be made."""
    if (folder / DATABASE).is_file():
        return
    if not create:
        raise errors.LibraryMissing(
            f"{folder}: no library here. Make one: report-chat ingest REPORTS --library {folder}"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise errors.LibraryReadOnly(f"{folder}: cannot be made ({error.strerror}). Choose another folder.") from error


def of_this_format(folder: Path, store: Store, wait: float, notify: Notify) -> dict[str, str]:
    """The manifest of the library, brought to this format where it is of an older one."""
    manifest = store.manifest()
    if not manifest or manifest.get("format") == str(schema.FORMAT):
        return manifest
    lock = WriterLock(folder)
    if manifest.get("format") in STEPS:
        notify(f"{folder}: bringing the library from format {manifest['format']} to format {schema.FORMAT}")
        lock.acquire(wait, notify)
    try:
        migrate(store)
    finally:
        lock.release()
    return store.manifest()


def mismatch(folder: Path | None, made_by: str, given: str) -> errors.EmbedderMismatch:
    """What is said where the vectors are of another model than the one given."""
    return errors.EmbedderMismatch(
        f"{folder}: its vectors were made by {made_by}, this is {given}. Name that model with --embedding-model, or "
        f"make them anew with this one: report-chat reembed --library {folder}, and the same --embedding-model, if any."
    )
