"""Text as text: nothing of a document or a question is read as HTML, a template or Markdown."""

from __future__ import annotations

import re
from html import escape

_HALVES = re.compile("[\ud800-\udfff\x00]")
"""Halves of characters, and the zero that ends no HTML: no page can carry them."""
_ENTITIES = {char: f"&#{ord(char)};" for char in "`${}[]\\*_~|"}


def esc(text: str) -> str:
    """`text` so that no browser, template or Markdown reader sees anything but text."""
    return "".join(_ENTITIES.get(char, char) for char in escape(_HALVES.sub("\ufffd", text), quote=True))


def lines(text: str) -> str:
    """Escaped text that keeps its lines."""
    return esc(text).replace("\n", "<br>")
