"""Example questions made from the library's own figures: each states what its answer counts."""

from __future__ import annotations

from chat.express import script
from index.library import Library
from ingest.fold import fold
from ingest.types import Figure

_SHORTEST, _LONGEST = 2, 14


def suggestions(library: Library, language: str, count: int = 4) -> list[str]:
    """Up to `count` questions, each about another figure."""
    found: list[str] = []
    for _, figure in library.figures():
        question = _question(figure, language)
        if question and question not in found:
            found.append(question)
        if len(found) >= count:
            break
    return found


def _question(figure: Figure, language: str) -> str:
    label = figure.label.strip()
    chinese = any("\u3400" <= char <= "\u9fff" for char in label)
    if (
        figure.kind not in ("amount", "money")
        or not figure.qualifier
        or not _SHORTEST <= len(fold(label)) <= (_LONGEST if chinese else 40)
    ):
        return ""
    if chinese and language != "en":
        return script(f"{label}有多少？" if figure.kind == "amount" else f"{label}是多少？", language)
    if chinese:
        return ""
    return f"How many {label}?" if figure.kind == "amount" else f"What was the {label}?"
