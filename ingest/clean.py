"""Repairs of source text. Each takes a text and names what to cut; what is left keeps its characters as they are.

In: source text. Out: the cleaned text, and the OffsetMap that leads back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.offsets import OffsetMap
from ingest.pinyin import readings, toneless

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_LETTER = r"[A-Za-z\u00c0-\u024f\u0251\u0261\u0300-\u030c\u1e3e\u1e3f]"
_NOTE = re.compile(rf"({_HAN})(\s{{0,3}}[(（]\s?((?:{_LETTER}\s{{0,2}}){{1,8}}[1-5]?)\s?[)）])")
_OPENS_NOTE = re.compile(rf"[(（]\s?{_LETTER}")  # as each note does, and few other parentheses
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:i?a(?:i|o|n|ng)?|i?e(?:i|n|ng|r)?|i(?:n|ng|u|ong)?|o(?:u|ng)?|"
    r"u(?:a|o|i|n|ai|an|ang|e)?|v(?:e|an|n)?)"
)
_DENSE = 3  # toned notes that show that a text carries notes throughout
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\U000e0001-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_RETURN = re.compile(r"\r(?=\n)")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹](?<=\S.)[⁰¹²³⁴⁵⁶⁷⁸⁹]*(?:[,，][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*")
_BEFORE_RAISED = re.compile(r"(?:[A-Za-zµμ]+|[0-9]+|[\u3400-\u9fff])$")
_POWERS = frozenset("m km cm mm dm nm um µm μm ft in yd sq mi hm co nox".split())

Cuts = list[tuple[int, int]]


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Cuts]:
    return lambda text: [match.span() for match in pattern.finditer(text)]


def pinyin_notes(text: str) -> Cuts:
    """Readings printed inside words, 報(bào)告: cut where the reading is one of the character before it.

    A note with a tone mark is cut where it is a syllable and the text is full of such notes; one without must be a
    reading of its character. Capitals (AI, Li), single letters and whatever else stands in parentheses stay.
    """
    if not _OPENS_NOTE.search(text):
        return []
    notes = [(match, *toneless(match[3])) for match in _NOTE.finditer(text)]
    toned = [match for match, plain, tone in notes if tone and plain.islower() and plain in readings(match[1])]
    if len(toned) < _DENSE:
        return []
    return [match.span(2) for match, plain, tone in notes if _is_note(match[1], plain, tone)]


def _is_note(char: str, plain: str, tone: bool) -> bool:
    if not plain.islower():
        return False
    if tone and _SYLLABLE.fullmatch(plain):
        return True
    return (tone or len(plain) > 1) and plain != "xi" and plain in readings(char)


def footnote_marks(text: str) -> Cuts:
    """Raised numbers that lead to a footnote: 1,577¹. Exponents stay: m², CO₂, 10⁶, R²."""
    return [match.span() for match in _RAISED.finditer(text) if not _raises(text, match)]


def _raises(text: str, match: re.Match[str]) -> bool:
    """Whether a raised number belongs to what stands before it: a unit of length, a power of ten, a lone letter."""
    before = _BEFORE_RAISED.search(text, max(0, match.start() - 8), match.start())
    if before is None or len(match[0]) > 1:
        return bool(before and before[0] == "10")
    return (
        match[0] in "²³" and (before[0].lower() in _POWERS or len(before[0]) == 1 or before[0] in "米尺")
    ) or before[0] == "10"


REPAIRS: tuple[tuple[str, Callable[[str], Cuts]], ...] = (
    ("carriage returns", _matches(_RETURN)),
    ("invisible characters", _matches(_INVISIBLE)),
    ("control characters", _matches(_CONTROL)),
    ("pinyin notes", pinyin_notes),
    ("footnote marks", footnote_marks),
)


def clean(source_text: str) -> tuple[str, OffsetMap]:
    """The text after every repair, and the map back to the source text. A lone carriage return becomes a line break."""
    text, offsets = source_text, OffsetMap.identity(len(source_text))
    for _, repair in REPAIRS:
        cuts = repair(text)
        if cuts:
            kept = _kept(cuts, len(text))
            text = "".join(text[start:end] for start, end in kept)
            offsets = OffsetMap.of_kept(kept).after(offsets)
    return text.replace("\r", "\n").replace("\x85", "\n"), offsets


def _kept(cuts: Cuts, length: int) -> list[tuple[int, int]]:
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), length]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
