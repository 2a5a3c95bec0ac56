"""Bytes of a text file become text, whatever their encoding, and never lose one silently."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252")
_PUNCTUATION = frozenset("，。！？；：“”‘’（）《》、—…·【】％％「」『』\u3000①②③④⑤　｜／")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_READS_WELL = 0.5
_SOUND = 20  # characters beyond ASCII for each damaged byte
_MOST_NULS = 0.1  # the share of zero bytes up to which a text may still be UTF-8: UTF-16 has more
_LATIN_START = 0.35  # what a text of Latin letters must be beaten by


class UndecodableBytes(ValueError):
    """No known encoding reads all the bytes as text."""


def decode(data: bytes) -> str:
    """The text of `data`: by its byte order mark, as UTF-8, or in the encoding under which it reads best as a whole.

    A few bytes that are no text in an encoding that all the others are in become U+FFFD, so that they can be seen.
    Raises UndecodableBytes where the bytes are no text in any encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UndecodableBytes(f"a byte order mark of {encoding}, but byte {error.start} is not") from error
    if data.count(0) <= len(data) * _MOST_NULS:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if len(data) % 4 == 0 and data.count(0) >= len(data) / 4:
        for encoding in ("utf-32-le", "utf-32-be"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    best = max(
        ((_score(text, encoding), text) for encoding, text in _readings(data)), default=None, key=lambda it: it[0]
    )
    if best is None or best[0] <= 0:
        raise UndecodableBytes(f"bytes that are no text in UTF-8, {', '.join(_GUESSES)}")
    return best[1]


def _readings(data: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for encoding in _GUESSES:
        try:
            found.append((encoding, data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    return found + _damaged(data)


def _damaged(data: bytes) -> list[tuple[str, str]]:
    """The text in the encodings where single bytes are damaged, and nearly all that are beyond ASCII are not."""
    found: list[tuple[str, str]] = []
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        text = data.decode(encoding, "replace")
        bad = text.count("\ufffd")
        beyond = sum(ord(char) > 127 for char in text)
        if 0 < bad * _SOUND <= beyond and not _CONTROL.search(text) and _score(text, encoding) > _READS_WELL:
            found.append((encoding, text))
    return found


def _score(text: str, encoding: str) -> float:
    """How far a text reads as one: the share of common characters among those beyond ASCII, less what cannot be text."""
    beyond = [char for char in text if ord(char) > 127]
    broken = sum(
        "\ue000" <= char <= "\uf8ff" or char == "\ufffd" or (ord(char) < 32 and char not in "\r\n\t\f") for char in text
    )
    if encoding == "utf-8":  # its sequences do not come about by chance
        return 1.0
    if encoding == "cp1252":
        letters = sum(char.isalpha() for char in beyond)
        return _LATIN_START - 2 * broken / max(len(text), 1) - 0.3 * (letters / max(len(text), 1) > 0.2)
    common = sum(_common(char) for char in beyond)
    plain = sum(32 <= ord(char) < 127 or char in "\r\n\t" for char in text)
    if encoding.startswith("utf-16"):
        return (common + plain) / max(len(text), 1) - 2 * broken / max(len(text), 1)
    return common / max(len(beyond), 1) - 2 * broken / max(len(beyond), 1)


def _common(char: str) -> bool:
    """Whether a character is punctuation or a hanzi of GB 2312 or Big5's first level: in everyday use."""
    if char in _PUNCTUATION:
        return True
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        try:
            return 0xA4 <= char.encode("big5")[0] <= 0xC6
        except UnicodeEncodeError:
            return False
    return 0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3)
