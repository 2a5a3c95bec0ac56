"""EPUB books: the chapters in the order of the spine, each a page."""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from ingest.errors import EncryptedFile, UnreadableFile
from ingest.loaders.html import hidden_note, markup_of, write_html
from ingest.loaders.markup import parse_html, parse_xhtml
from ingest.loaders.package import Package
from ingest.loaders.types import Loaded, OnPage, unheard
from ingest.loaders.writer import Writer

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FONTS = re.compile(r"\.(?:otf|ttf|woff2?|eot)$", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,30};")


def load_epub(path: Path, data: bytes, on_page: OnPage = unheard) -> Loaded:
    """The book's chapters, without its table of contents."""
    package = Package(path, data)
    _unlocked(path, package)
    place = next((one.get("full-path", "") for one in package.xml(_CONTAINER).iter() if one.get("full-path")), "")
    book = package.xml(place)
    folder = posixpath.dirname(place)
    items = {item.get("id", ""): item for item in book.iter(f"{_OPF}item")}
    chapters = [
        posixpath.normpath(posixpath.join(folder, unquote(items[identity].get("href", ""))))
        for reference in book.iter(f"{_OPF}itemref")
        if (identity := reference.get("idref", "")) in items
        and "nav" not in items[identity].get("properties", "").split()
    ]
    chapters = list(dict.fromkeys(chapters))  # a spine that names one file a million times would be a bomb
    if not chapters:
        raise UnreadableFile(path, "no chapters")
    writer, hidden = Writer(), 0
    for number, name in enumerate(chapters, 1):
        if number > 1:
            writer.page()
        if name in package:
            markup = _ENTITY.sub(lambda match: html.unescape(match[0]), markup_of(path, package.read(name)))
            root = parse_xhtml(path, markup)
            root = parse_html(path, markup) if root is None else root
            if root is not None:
                hidden += write_html(writer, root)
        on_page(number, len(chapters))
    return writer.loaded(next((title.text or "" for title in book.iter(_TITLE)), ""), hidden_note(hidden))


def _unlocked(path: Path, package: Package) -> None:
    """EncryptedFile where more than fonts is encrypted."""
    if _ENCRYPTION in package:
        for reference in package.xml(_ENCRYPTION).iter():
            uri = reference.get("URI")
            if uri and not _FONTS.search(uri):
                raise EncryptedFile(path, "copy protection")
