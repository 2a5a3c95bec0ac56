"""ZIP archives opened with care, and the parts of Office and EPUB files in them."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import EncryptedFile, UnreadableFile, UnsafeFile
from ingest.loaders.markup import parse_xml

if TYPE_CHECKING:
    from ingest.loaders.markup import Element

_LARGEST = 400_000_000  # bytes that one archive may unpack to
_LARGEST_PART = 200_000_000
_RATIO = 200  # how many times its size an archive may unpack to, above a size where that matters
_SMALL = 20_000_000
_MOST_PARTS = 20_000
_SCHEMAS = b"http://schemas.openxmlformats.org"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _SCHEMAS + b"/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _SCHEMAS + b"/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", _SCHEMAS + b"/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/presentationml/main", _SCHEMAS + b"/presentationml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/chart", _SCHEMAS + b"/drawingml/2006/chart"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _SCHEMAS + b"/drawingml/2006/main"),
)
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def open_zip(path: object, data: bytes, *, most: int = _LARGEST) -> zipfile.ZipFile:
    """The archive; UnsafeFile where it is built to unpack to far more than it is, EncryptedFile where it is locked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
        raise damaged(path, error) from error
    if len(parts) > _MOST_PARTS:
        raise UnsafeFile(path, "many parts", count=len(parts), most=_MOST_PARTS)
    total = sum(part.file_size for part in parts)
    if total > most or total > max(_SMALL, _RATIO * len(data)):
        raise UnsafeFile(path, "bomb", size=len(data), total=total)
    if any(part.flag_bits & 1 for part in parts):
        raise EncryptedFile(path, "locked")
    return archive


def read_part(path: object, archive: zipfile.ZipFile, name: str, most: int = _LARGEST_PART) -> bytes:
    """The bytes of one file of an archive, no more than its directory says and `most` allows."""
    try:
        size = archive.getinfo(name).file_size
        if size > most:
            raise UnsafeFile(path, "large part", part=name, size=size)
        with archive.open(name) as part:
            return part.read(size + 1)
    except KeyError as error:
        raise UnreadableFile(path, "no part", part=name) from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError, OSError) as error:
        raise damaged(path, error) from error


def damaged(path: object, error: Exception) -> UnreadableFile:
    """The error of an archive that cannot be read."""
    return UnreadableFile(path, "cut short", why=error)


class Package:
    """An Office or EPUB file: its parts by name."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self._archive = open_zip(path, data)
        self._names = {name.lower().lstrip("/"): name for name in self._archive.namelist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part; UnreadableFile where it has none of that name."""
        return read_part(self.path, self._archive, self._names.get(name.lower(), name))

    def names(self, suffix: str) -> list[str]:
        """The names of its parts with that suffix."""
        return [name for name in self._names if name.endswith(suffix)]

    def xml(self, name: str, *, doctype: bool = False) -> Element:
        """The root of a part, in the namespaces of ECMA-376 first edition where it uses those of "strict" files."""
        data = self.read(name)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return parse_xml(self.path, data, doctype=doctype)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to within the file: id to (kind, name of the part)."""
        folder, base = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{base}.rels")
        if relations not in self:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in self.xml(relations).iter(f"{_RELATIONS}Relationship"):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = relation.get("Type", "").rsplit("/", 1)[-1]
                found[relation.get("Id", "")] = (kind, posixpath.normpath(place))
        return found

    def main(self) -> str:
        """The name of the part that the file is about."""
        for kind, name in self.related("").values():
            if kind == "officeDocument":
                return name
        raise UnreadableFile(self.path, "no document")

    def title(self) -> str:
        """The title among the file's properties; "" where there is none."""
        if "docProps/core.xml" not in self:
            return ""
        return str(self.xml("docProps/core.xml").findtext("{http://purl.org/dc/elements/1.1/}title") or "").strip()
