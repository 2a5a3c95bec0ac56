"""Own questions on annual reports whose answer is one printed figure: its page found, and the figure answered.

Questions are put as analysts put them, in English and Chinese, on figures of all statements. `filings.jsonl` holds the
questions of two parts, of other companies each: "tune" is for looking at, "report" for measuring alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

from chat import ReportChat
from chat.question import understand
from index.library import Library
from ingest.read import read_document
from ingest.types import Document
from tests.benchmark.score import Lines, Score

QUESTIONS = Path(__file__).with_name("filings.jsonl")
FOLDERS = ("benchmarks/financebench-dev/pdfs", "documents")
PARTS = ("tune", "report")
PAGES, _HITS = 5, 60


def run(data: Path) -> Lines:
    documents = {name: document for folder in FOLDERS for name, document in read_folder(data / folder).items()}
    library = library_of(documents.values())
    chat, ids = ReportChat(library), {name: document.id for name, document in documents.items()}
    for part in PARTS:
        asked = questions(part)
        for among, all_together in (("its document", False), ("all together", True)):
            only = [None if all_together else [ids[one["document"]]] for one in asked]
            found = [on_page(library, one, ids, own) for one, own in zip(asked, only, strict=True)]
            yield Score(f"Filings, {part}: page in the first 5, of {among}", sum(found), len(asked))
            right = [answered(chat, one, own) for one, own in zip(asked, only, strict=True)]
            yield Score(f"Filings, {part}: direct figure right, of {among}", sum(right), len(asked))


def questions(part: str) -> list[dict]:
    """The questions of a part, with the document, pages and value of each."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["part"] == part]


@cache
def read_folder(folder: Path) -> dict[str, Document]:
    """The PDFs of a folder by name."""
    if not (paths := sorted(folder.glob("*.pdf"))):
        raise FileNotFoundError(2, "no PDF", str(folder))
    return {path.name: read_document(path) for path in paths}


def library_of(documents: Iterable[Document]) -> Library:
    """A library in memory that holds the Documents."""
    library = Library.in_memory()
    for document in documents:
        library.add(document)
    return library


def on_page(library: Library, question: dict, ids: dict[str, str], among: list[str] | None) -> bool:
    """Whether a page that answers is among the first that are found."""
    hits = library.retrieve(understand(question["question"]).search_text, _HITS, documents=among)
    pages = list(dict.fromkeys((hit.chunk.document_id, hit.chunk.page) for hit in hits))[:PAGES]
    return any((ids[question["document"]], page) in pages for page in question["pages"])


def answered(chat: ReportChat, question: dict, among: list[str] | None) -> bool:
    """Whether the first figure of the answer is the one printed; a loss may be said with or without its sign."""
    figures = chat.ask(question["question"], documents=among).to_dict()["figures"]
    return bool(figures) and abs(Decimal(figures[0]["value"])) == Decimal(question["value"])
