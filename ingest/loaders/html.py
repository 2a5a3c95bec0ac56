"""HTML: the text of the page without what surrounds it. The only file that imports lxml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.loaders.text import text_of
from ingest.loaders.types import Heading, Loaded, OnPage, unheard

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 10_000_000  # characters; larger pages cost memory out of proportion
_LEFT_OUT = frozenset(
    "script style noscript template nav header footer aside form button select iframe svg canvas object".split()
)
_BLOCK = frozenset(
    "p div section article main li ul ol table tr h1 h2 h3 h4 h5 h6 br hr blockquote pre dl dt dd figure figcaption body".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DEEPEST = 400


def load_html(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The page's own text, a line for each block and table row, with its headings and its title."""
    from lxml import etree, html

    markup = _CONTROL.sub("", _text(path, data))
    if len(markup) > _LARGEST:
        raise UnreadableFile(path, f"a page of {len(markup):,} characters", f"Split it into parts below {_LARGEST:,}.")
    if not markup.strip():
        return Loaded("")
    parser = html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFile(path, f"HTML that cannot be parsed ({error})", "Save the page again and retry.") from error
    writer = _Writer()
    body = root.find("body")
    writer.write(body if body is not None else root, 0)
    title = root.findtext("head/title") or ""
    return Loaded("".join(writer.parts).strip("\n") + "\n", " ".join(title.split()), headings=tuple(writer.found()))


def _text(path: Path, data: bytes) -> str:
    declared = _CHARSET.search(data[:2048])
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return text_of(path, data)


class _Writer:
    """Writes the text of a tree, and where its headings stand."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[int, int]] = []

    def write(self, node: HtmlElement, depth: int) -> None:
        if not isinstance(node.tag, str) or node.tag in _LEFT_OUT or _hidden(node):
            return
        block = node.tag in _BLOCK
        if block:
            self._line()
        start = self._length
        self._say(node.text)
        for child in node:
            if depth < _DEEPEST:
                self.write(child, depth + 1)
            else:
                self._say(" ".join(str(text) for text in child.itertext()))
            if child.tag in ("td", "th"):
                self._say("\t", raw=True)
            self._say(child.tail)
        if node.tag in _HEADINGS and self._length > start:
            self._headings.append((start, self._length))
        if block:
            self._line()

    def found(self) -> list[Heading]:
        """The headings, in the text without the line breaks before it."""
        text = "".join(self.parts)
        lead = len(text) - len(text.lstrip("\n"))
        return [Heading(start - lead, end - lead) for start, end in self._headings if start >= lead]

    def _say(self, text: str | None, *, raw: bool = False) -> None:
        if not text:
            return
        said = text if raw else _SPACE.sub(" ", text)
        if not raw and (not self.parts or self.parts[-1].endswith(("\n", " ", "\t"))):
            said = said.lstrip(" ")
        if said:
            self.parts.append(said)
            self._length += len(said)

    def _line(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")
            self._length += 1


def _hidden(node: HtmlElement) -> bool:
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(node.get("style") or ""))
    )
