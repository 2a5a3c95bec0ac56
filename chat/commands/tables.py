"""The commands that print tables: the figures of a library, and what readers thought of its answers."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from chat.commands.output import fail, print_csv, print_json

if TYPE_CHECKING:
    from ingest.types import Figure

_FIGURE_COLUMNS = "document text value high unit qualifier kind period label start end".split()


def figures(chosen: argparse.Namespace) -> int:
    """Print the figures of the library, or of one document."""
    from index.library import Library

    with Library.open(chosen.library, embedding_model=chosen.embedding_model) as library:
        infos = {info.id: info for info in library.documents()}
        wanted = [i for i, info in infos.items() if chosen.document in (None, info.name, info.path, info.title, i)]
        if chosen.document and not wanted:
            return fail(f"no document is called {chosen.document!r}. See them with: report-chat list")
        rows = [_figure_row(infos[i].name, figure) for i, figure in library.figures() if i in wanted]
    if chosen.json:
        print_json(rows)
    elif chosen.csv:
        print_csv(_FIGURE_COLUMNS, rows)
    else:
        for row in rows:
            print("\t".join(str(row[name] or "") for name in ("document", "text", "value", "unit", "period", "label")))
    return 0


def _figure_row(document: str, figure: Figure) -> dict[str, Any]:
    row = {name: getattr(figure, name) for name in _FIGURE_COLUMNS[1:]}
    high = None if figure.high is None else format(figure.high, "f")
    return {"document": document, **row, "value": format(figure.value, "f"), "high": high}


def feedback(chosen: argparse.Namespace) -> int:
    """Print what readers thought of answers."""
    from dataclasses import asdict

    from chat.feedback import Feedback, Judgement

    judgements = list(Feedback(chosen.library).all())
    if chosen.json:
        print_json([asdict(judgement) for judgement in judgements])
        return 0
    if chosen.csv:
        rows = ({**asdict(one), "quotes": " ".join(one.quotes)} for one in judgements)
        print_csv(list(Judgement.__dataclass_fields__), rows)
        return 0
    for one in judgements:
        said = " ".join(one.direct.split()) if one.found else "(not found)"
        print("\t".join((one.time, one.verdict, one.reason, " ".join(one.question.split()), said)))
    if not judgements:
        print("nobody has judged an answer yet", file=sys.stderr)
    return 0
