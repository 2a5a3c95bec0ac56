"""XML and HTML become trees, without entities, networks or depths that do harm. The only file that imports lxml."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from ingest.errors import UnreadableFile, UnsafeFile

if TYPE_CHECKING:
    from lxml import etree
    from lxml import html as lxml_html

    Element: TypeAlias = etree._Element
    HtmlElement: TypeAlias = lxml_html.HtmlElement

_ENTITY = re.compile(rb"<!ENTITY|<\0!\0E\0N\0T\0I\0T\0Y|\0<\0!\0E\0N\0T\0I\0T\0Y")
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^<>]{1,10000}>", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARED = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_LARGEST = 10_000_000  # characters of HTML; larger pages cost memory out of proportion


def parse_xml(path: object, data: bytes, *, doctype: bool = False) -> Element:
    """The root of an XML part of the file at `path`; UnsafeFile where it defines entities.

    `doctype` allows a document type, as XHTML has.
    """
    from lxml import etree

    if _ENTITY.search(data):
        raise _defines(path)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(path, "xml", why=error) from error
    if root is None:
        raise UnreadableFile(path, "empty xml")
    if root.getroottree().docinfo.doctype and not doctype:
        raise _defines(path)
    return root


def _defines(path: object) -> UnsafeFile:
    return UnsafeFile(path, "entities")


def parse_html(path: object, markup: str) -> HtmlElement | None:
    """The root of a page; None where there is nothing in it."""
    from lxml import etree, html

    if len(markup) > _LARGEST:
        raise UnreadableFile(path, "long page", size=len(markup), most=_LARGEST)
    markup = _CONTROL.sub("", markup)
    if not markup.strip():
        return None
    # As bytes: a page's own <?xml encoding?> does no harm then, and neither do halves of characters.
    parser = html.HTMLParser(huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root: HtmlElement = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFile(path, "html", why=error) from error
    return root


def parse_xhtml(path: object, markup: str) -> HtmlElement | None:
    """The root of a page that is sound XML, its names without their namespace; None where it is not."""
    try:
        root = parse_xml(path, _DECLARED.sub("", markup).encode("utf-8", "replace"), doctype=True)
    except UnreadableFile:
        return None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def bare_text(markup: str) -> str:
    """What stands between the tags of a page that is too deep to be a tree."""
    return unescape(_TAG.sub("\n", _CONTROL.sub("", markup)))
