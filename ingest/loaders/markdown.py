"""Markdown: text with headings."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.loaders.text import load_text
from ingest.loaders.types import Heading, Loaded, OnPage, unheard

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def load_markdown(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The file's text with its # headings; the first of them is the title."""
    plain = load_text(path, data)
    found = list(_HEADING.finditer(plain.text))
    title = found[0][2].strip() if found else ""
    return Loaded(plain.text, title, plain.page_starts, tuple(Heading(*match.span(2)) for match in found))
