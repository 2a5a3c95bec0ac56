"""The child process that reads files for a library: it makes of each Document all that the library holds of it."""

from __future__ import annotations

from collections.abc import Sequence

from index.embed import MODEL, load_embedder
from index.prepare import Prepared, prepare_all
from ingest.child import main
from ingest.sandbox import Program
from ingest.types import Document

_ARRAYS = (("numpy", "dtype"), ("numpy", "ndarray"), ("numpy._core.numeric", "_frombuffer"))


def program(embedder: str) -> Program:
    """The program for a library whose vectors `embedder` makes: another than the shipped model is not loaded again."""
    if not embedder.startswith(MODEL):
        return Program()
    return Program("from index.reader import run; run()", frozenset((("index.prepare", "Prepared"), *_ARRAYS)))


def run() -> None:
    """Read and prepare files until there are no more requests."""
    main(_prepared)


def _prepared(documents: Sequence[Document]) -> list[Prepared]:
    return prepare_all(documents, load_embedder(None))
