"""ZIP archives: each file in one is a Document of its own."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from ingest.errors import UnsafeFile
from ingest.loaders.package import open_zip, read_part
from ingest.loaders.types import Member

_UTF8 = 0x800  # the flag of a name in UTF-8


def zipped(path: Path, data: bytes) -> Iterator[Member]:
    """The files of an archive, without hidden ones; UnsafeFile where a name leads out of it, or it is a bomb."""
    archive = open_zip(path, data)
    parts = [(part, _name(part)) for part in archive.infolist() if not part.is_dir()]
    for _, name in parts:
        place = PurePosixPath(name.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts or ":" in name[:3]:
            raise UnsafeFile(path, "leads out", part=name)
    for part, name in parts:
        hidden = any(step.startswith(".") or step == "__MACOSX" for step in PurePosixPath(name).parts)
        if not hidden and not stat.S_ISLNK(part.external_attr >> 16):
            yield Member(name.replace("\\", "/"), read_part(path, archive, part.filename))


def _name(part: ZipInfo) -> str:
    """The name of a file; Chinese Windows writes it in GB 18030 and does not say so."""
    if part.flag_bits & _UTF8:
        return part.filename
    try:
        written = part.filename.encode("cp437")
    except UnicodeEncodeError:
        return part.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename
