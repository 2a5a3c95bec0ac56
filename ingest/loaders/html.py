"""HTML: the text of the page without what surrounds it, with its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.loaders.marks import DOWN, UP, settled
from ingest.loaders.markup import bare_text, parse_html
from ingest.loaders.text import text_of
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import TableCell, Writer

if TYPE_CHECKING:
    from ingest.loaders.markup import HtmlElement

_LEFT_OUT = frozenset(
    "script style noscript template nav footer aside button select input textarea option iframe svg canvas object rt rp "
    "dialog menu head".split()
)
_BLOCK = frozenset(
    "p div section article main li ul ol table tr h1 h2 h3 h4 h5 h6 br hr blockquote pre dl dt dd figure figcaption body "
    "address details summary fieldset caption thead tbody tfoot td th center".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELLS = frozenset(("td", "th"))
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)", re.IGNORECASE)  # fmt: skip
_ASIDE = re.compile(r"\b(?:cookie[-_]?(?:consent|banner|notice|bar|policy)?|gdpr|consent|advert(?:isement)?|ads?|breadcrumbs?|sidebar|share[-_]?(?:bar|buttons?)|social[-_]?(?:share|links)|newsletter|popup|modal)\b", re.IGNORECASE)  # fmt: skip
_ROLES = frozenset("navigation banner contentinfo search complementary dialog alertdialog".split())
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]+)", re.IGNORECASE
)
_SMALL = 1500  # characters: what a class name alone marks as a page's furniture is left out up to here
_BEFORE, _BEHIND = frozenset(("$", "US$", "HK$", "€", "£", "¥", "￥", "(")), frozenset((")", "%", ")%", "）"))
_DEEPEST = 400
_LAYOUT_CELL = 600  # characters: a table with a longer cell lays out a page


def load_html(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The page's own text, a line for each block and table row, with its headings and its title."""
    return read_html(path, markup_of(path, data))


def read_html(path: Path, markup: str) -> Loaded:
    """The same of a page whose encoding is known."""
    root = parse_html(path, markup)
    if root is None:
        return Loaded("")
    writer = Writer()
    notes = hidden_note(write_html(writer, root))
    if not writer.parts:
        for line in bare_text(markup).splitlines():
            writer.line(line)
        notes += ["nested too deeply: its text alone was read"] if writer.parts else []
    return writer.loaded(root.findtext("head/title") or "", notes)


def write_html(writer: Writer, root: HtmlElement) -> int:
    """Write the body of a page; how many characters of it are hidden from who looks at it, and left out."""
    body = root.find("body")
    page = _Page(writer)
    page.write(body if body is not None else root, 0)
    page.line()
    return _hidden(body if body is not None else root)


def hidden_note(hidden: int) -> list[str]:
    """What people are told of that many hidden characters."""
    return [f"{hidden:,} hidden characters: left out"] if hidden else []


def _hidden(node: HtmlElement) -> int:
    """How many characters of text a page's style hides, of what would be read else."""
    count, left = 0, [node]
    while left:
        node = left.pop()
        if _is_hidden(node):
            count += sum(len("".join(text.split())) for text in node.itertext())
        elif not _left_out(node):
            left.extend(node)
    return count


def markup_of(path: Path, data: bytes) -> str:
    """The page as text: by its byte order mark, in the encoding that it declares, or in that under which it reads best."""
    declared = (
        None if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf" else _CHARSET.search(data[:2048])
    )
    if declared:
        name = (declared[1] or declared[2]).decode("ascii").lower()
        try:
            # Pages that say GB 2312 are in its supersets, and those that say Latin-1 in Windows-1252 (WHATWG Encoding).
            return data.decode(
                {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}.get(name, name)
            )
        except (LookupError, UnicodeDecodeError):
            pass
    return text_of(path, data)


class _Page:
    """Writes the text of a tree: what stands between two blocks is a line."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._said: list[str] = []
        self._heading = False

    def write(self, node: HtmlElement, depth: int) -> None:
        if _left_out(node):
            return
        if node.tag == "table" and (table := _table(node)):
            self.line()
            caption = " ".join(_text(node.find("caption")).split()) if node.find("caption") is not None else ""
            self._writer.line(caption, heading=True)
            self._writer.table(table, heads=_heads(node), closed=True)
            return
        block, heading = node.tag in _BLOCK, node.tag in _HEADINGS
        if block:
            self.line()
        self._heading = self._heading or heading
        raised = node.tag == "sup"
        self._said.append(UP * raised + (node.text or ""))
        for child in node:
            if depth < _DEEPEST:
                self.write(child, depth + 1)
            else:
                self._said.append(" ".join(str(text) for text in child.itertext()))
            self._said.append(child.tail or "")
        self._said.append(DOWN * raised)
        if block:
            self.line()
            self._heading = self._heading and not heading

    def line(self) -> None:
        """End a line."""
        text = settled(_SPACE.sub(" ", "".join(self._said)))
        self._said.clear()
        if self._heading:
            self._writer.heading(text)
        else:
            self._writer.line(text)


def _left_out(node: HtmlElement) -> bool:
    """Whether a node is no text, or stands around the text, or is not shown."""
    if not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
        return True
    if _is_hidden(node) or node.get("aria-hidden") == "true" or node.get("role", "") in _ROLES:
        return True
    if node.tag == "header":  # of the page; an article's own has its title
        return not any(above.tag in ("article", "main") for above in node.iterancestors())
    named = f"{node.get('id', '')} {node.get('class', '')}"
    if node.tag == "form" or (node.tag in ("div", "section", "ul", "p", "span") and _ASIDE.search(named)):
        return _small(node)
    return False


def _is_hidden(node: HtmlElement) -> bool:
    """Whether a node is text, and not shown."""
    if not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
        return False
    return node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style") or ""))


def _small(node: HtmlElement) -> bool:
    """Whether a node is too small to hold the page's own text: some sites put all of it into a form."""
    if next(node.iterdescendants("h1", "article", "main"), None) is not None:
        return False
    length = 0
    for text in node.itertext():
        length += len(text.strip())
        if length > _SMALL:
            return False
    return True


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if child.tag == "tr" and not _left_out(child):
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr" and not _left_out(row))


def _table(table: HtmlElement) -> list[list[TableCell]]:
    """The cells of a table; none where it lays out a page: other tables or long text stand in it, or one column."""
    rows = [[cell for cell in row if cell.tag in _CELLS and not _left_out(cell)] for row in _rows(table)]
    if (
        max((len(row) for row in rows), default=0) < 2
        or next(table.iterdescendants("table", *_HEADINGS), None) is not None
    ):
        return []
    lines = [
        _joined(
            [TableCell(_text(cell), _count(cell, "colspan"), _count(cell, "rowspan"), cell.tag == "th") for cell in row]
        )
        for row in rows
    ]
    return [] if any(len(cell.text) > _LAYOUT_CELL for line in lines for cell in line) else lines


def _joined(cells: Sequence[TableCell]) -> list[TableCell]:
    """The cells of a line, with the currency signs, brackets and percent signs that filings put into cells of their own."""
    found: list[TableCell] = []
    for cell in cells:
        last = found[-1] if found else None
        if (
            last
            and last.lines == cell.lines
            and (last.text in _BEFORE or (cell.text in _BEHIND and last.text))
            and cell.text
        ):
            found[-1] = TableCell(last.text + cell.text, last.columns + cell.columns, cell.lines, cell.head)
        else:
            found.append(cell)
    return found


def _heads(table: HtmlElement) -> int | None:
    """How many lines its <thead> has; None where it has none."""
    count = sum(1 for row in _rows(table) if row.getparent().tag == "thead")
    return count or None


def _text(node: HtmlElement | None) -> str:
    """What a cell says, on one line."""
    parts: list[str] = []

    def say(element: HtmlElement, depth: int) -> None:
        raised = element.tag == "sup"
        parts.append(" " * (element.tag in _BLOCK) + UP * raised + (element.text or ""))
        for child in element:
            if not _left_out(child):
                if depth < _DEEPEST:
                    say(child, depth + 1)
                else:
                    parts.append(" ".join(str(text) for text in child.itertext()))
            parts.append(child.tail or "")
        parts.append(DOWN * raised + " " * (element.tag in _BLOCK))

    if node is not None:
        say(node, 0)
    return settled(_SPACE.sub(" ", "".join(parts))).strip()


def _count(cell: HtmlElement, name: str) -> int:
    said = (cell.get(name) or "").strip()
    return max(min(int(said), 1000), 1) if said.isdecimal() and len(said) < 6 else 1
