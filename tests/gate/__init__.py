"""Passages, true sentences about them, and lies about them, for the gate of the language model."""

import json
from pathlib import Path

from chat.llm_gate import Asked, judge
from chat.match import Matcher
from chat.written import Passage
from index.embed import load_embedder
from index.lexicon import Lexicon
from index.library import Library
from ingest.figures import find_figures
from ingest.read import document_from_text, read_document
from ingest.types import Chunk

HERE = Path(__file__).parent
ARTICLE = HERE.parents[1] / "data" / "reports" / "mybank-esg-2023.txt"
EVAL = HERE.parent / "eval" / "reports"
FILES = """
yunling-bank-2023.txt halden-energy-2023.md chiyao-auto-2023.txt lanyue-insurance-2023.txt northmere-foods-2023.txt
quillbrook-software-fy2023.md qinghe-dairy-2023.md haique-airlines-2022.txt hengyao-electronics-2023.txt
nanping-bank-2023.txt northmere-foods-2022.txt
""".split()
REPORTS = json.loads((HERE / "reports.json").read_text(encoding="utf-8"))


def _documents():
    yield "A", read_document(ARTICLE)
    yield from (
        (chr(ord("B") + at), document_from_text(title, text)) for at, (title, text) in enumerate(REPORTS.items())
    )
    yield from ((letter, read_document(EVAL / name)) for letter, name in zip("FGHIJKLMNOP", FILES, strict=True))


def passages():
    """name -> Passage of a paragraph: A1, A2 ... of the article, B1 ... of the first report and so on."""
    found = {}
    for letter, document in _documents():
        at = number = 0
        for line in document.text.splitlines(keepends=True):
            start, end, at = at, at + len(line.rstrip()), at + len(line)
            if end - start > 30:
                number += 1
                chunk = Chunk(document.id, start, end, document.text[start:end], 1, document.section_at(start))
                figures = tuple(f for f in find_figures(document.text) if start <= f.start and f.end <= end)
                found[f"{letter}{number}"] = Passage.of_chunk(len(found) + 1, chunk, document, figures)
    return found


def cases(name):
    """The rows of a file: {"text" with marks such as [A2], "names", "period", ...}."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def desk():
    """(passages, forms of names): what the gate judges with."""
    library = Library.in_memory()
    for _, document in _documents():
        library.add(document)
    matcher = Matcher(load_embedder(None), Lexicon.load())
    return passages(), lambda name: matcher.name_forms(name, library)


def judged(row, room):
    """The Verdict on a row."""
    among, forms = room
    return judge(numbered(row["text"], among), tuple(among.values()), asked(row), forms)


def asked(row):
    return Asked(tuple(row.get("names", ())), row.get("period"))


def numbered(text, among):
    """The text with [A2] as the number of that passage."""
    for name, passage in among.items():
        text = text.replace(f"[{name}]", f"[{passage.number}]")
    return text
