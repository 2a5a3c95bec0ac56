"""Markdown: text with headings."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.loaders.plain_tables import piped_rows
from ingest.loaders.text import load_text
from ingest.loaders.types import Heading, Loaded, OnPage, unheard

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def load_markdown(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The file's text with its # headings; the first of them is the title."""
    plain = load_text(path, data)
    rows = sorted(
        {row.start: row for row in (*plain.rows, *piped_rows(plain.text))}.values(), key=lambda row: row.start
    )
    found = list(_HEADING.finditer(plain.text))
    title = found[0][2].strip() if found else ""
    headings = tuple(Heading(*match.span(2)) for match in found)
    return Loaded(plain.text, title, plain.page_starts, headings, rows=tuple(rows))
