"""Real PDFs: the evidence found by page, the printed figures answered, the cells in their rows, and the speed."""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation
from pathlib import Path

from chat import ReportChat
from index.library import Library
from ingest.types import Document
from tests.benchmark.cells import made_pdfs, read_cells, real_cells
from tests.benchmark.filings import PAGES, library_of, on_page, read_folder
from tests.benchmark.prospectuses import prospectuses
from tests.benchmark.score import Lines, Measure, Score

_PRINTED = re.compile(r"[$]?-?[0-9][0-9,]*(?:\.[0-9]+)?%?")


def run(data: Path) -> Lines:
    questions = _questions(data / "benchmarks" / "financebench-dev" / "questions.jsonl")
    folder = data / "benchmarks" / "financebench-dev" / "pdfs"
    yield from made_pdfs()
    yield from prospectuses(data / "benchmarks" / "prospectus-dev")
    started = time.process_time()
    documents = read_folder(folder)
    library = library_of(documents.values())
    seconds = time.process_time() - started
    pages = sum(len(document.pages) for document in documents.values())
    yield Measure(
        "PDF through to the index, one core", f"{pages / seconds:.1f} pages/s", "floor 30, aim 100 on two cores"
    )
    yield from _financebench(library, documents, questions)
    reports = read_folder(data / "documents")
    yield from _climretrieve(_questions(data / "benchmarks" / "climretrieve-dev" / "questions.jsonl"), reports)
    yield read_cells({**documents, **reports})
    places = {folder / name: one for name, one in documents.items()}
    yield real_cells({**places, **{data / "documents" / name: one for name, one in reports.items()}})


def _questions(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _financebench(library: Library, documents: dict[str, Document], questions: list[dict]) -> Lines:
    ids = {name: document.id for name, document in documents.items()}
    alone = [on_page(library, q, ids, [ids[q["document"]]]) for q in questions]
    together = [on_page(library, q, ids, None) for q in questions]
    yield Score("FinanceBench-dev: evidence page in the first 5, of its document", sum(alone), len(alone), 0.55, 0.80)
    yield Score("FinanceBench-dev: the same, of all documents", sum(together), len(together), 0.40, 0.70)
    plain = Bm25(
        {
            (name, page.number): document.text[page.start : page.end]
            for name, document in documents.items()
            for page in document.pages
        }
    )
    best = [plain.best(q["question"], q["document"]) for q in questions]
    found = sum(
        any((q["document"], page) in pages for page in q["pages"]) for q, pages in zip(questions, best, strict=True)
    )
    yield Score("  beside it: plain BM25 over the pages of its document", found, len(questions))
    best = [plain.best(q["question"], None) for q in questions]
    found = sum(
        any((q["document"], page) in pages for page in q["pages"]) for q, pages in zip(questions, best, strict=True)
    )
    yield Score("  beside it: plain BM25 over all pages", found, len(questions))
    printed = [q for q in questions if q["reasoning"] == "Information extraction" and _PRINTED.fullmatch(q["answer"])]
    chat = ReportChat(library)
    right = [_answered(chat, q, ids) for q in printed]
    yield Score("FinanceBench-dev: one printed figure, direct figure right", sum(right), len(right), 0.35, 0.60)


def _climretrieve(questions: list[dict], reports: dict[str, Document]) -> Lines:
    """The marked passage's page among the first, asked of its report; questions without one are left out."""
    library = library_of(reports.values())
    ids = {document.name: document.id for document in reports.values()}
    marked = [{**q, "pages": [q["page"]]} for q in questions if q["page"]]
    right = [on_page(library, q, ids, [ids[q["document"]]]) for q in marked]
    yield Score("ClimRetrieve-dev: marked page in the first 5, of its report", sum(right), len(right))


def _answered(chat: ReportChat, question: dict, ids: dict[str, str]) -> bool:
    answer = chat.ask(question["question"], documents=[ids[question["document"]]])
    wanted = _value(question["answer"])
    figures = answer.to_dict()["figures"]
    return bool(figures) and wanted is not None and _same(Decimal(figures[0]["value"]), wanted)


def _value(answer: str) -> Decimal | None:
    match = re.search(r"-?[0-9][0-9,]*(?:\.[0-9]+)?", answer)
    try:
        return Decimal(match[0].replace(",", "")) if match else None
    except InvalidOperation:
        return None


def _same(value: Decimal, wanted: Decimal) -> bool:
    """Whether two values are one in whatever scale the question asks for, as far as the wanted one is exact."""
    for scale in (1, 10**3, 10**6, 10**9):
        near = abs(abs(value) / scale - abs(wanted))
        if near <= max(Decimal("0.006"), abs(wanted) / 2000):
            return True
    return False


class Bm25:
    """BM25 (k1 1.2, b 0.75) over lower-case words and digits: what anybody would try first."""

    def __init__(self, texts: dict[tuple[str, int], str]) -> None:
        self._counts = {key: Counter(self._words(text)) for key, text in texts.items()}
        self._lengths = {key: sum(count.values()) for key, count in self._counts.items()}
        self._frequency = Counter(word for count in self._counts.values() for word in count)

    @staticmethod
    def _words(text: str) -> list[str]:
        return re.findall(r"[a-z]+|[0-9][0-9,.]*|[\u3400-\u9fff]", text.lower())

    def best(self, question: str, document: str | None) -> list[tuple[str, int]]:
        keys = [key for key in self._counts if document in (None, key[0])]
        average = sum(self._lengths[key] for key in keys) / len(keys)
        scores: dict[tuple[str, int], float] = defaultdict(float)
        for word in set(self._words(question)):
            idf = math.log(1 + (len(self._counts) - self._frequency[word] + 0.5) / (self._frequency[word] + 0.5))
            for key in keys:
                if count := self._counts[key][word]:
                    scores[key] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * self._lengths[key] / average))
        return sorted(scores, key=lambda key: (-scores[key], key))[:PAGES]
