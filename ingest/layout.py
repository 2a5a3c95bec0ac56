"""The words of a page, with their boxes, become lines and paragraphs in reading order.

In: Words in the order in which they are to be read, line by line, from a PDF's text or from recognised scans. Out:
Lines, and Written text in which each character leads back to the glyph that it was made from. Units are points (or
pixels); y counts downwards from the top of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_FIRST_CJK = "\u2e80"
_ENDS = re.compile(r"[。！？!?；;.:：…]['\"”’）)\]】]*$")
_ITEM = re.compile(
    r"\s*(?:[-*•·●▪■◆▶➢○◦‣–—]\s?|[0-9]{1,2}[.)、](?!\d)|[（(][0-9a-z一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章节条])"
)
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NO_GLYPH = -1
"""In place of a glyph's number: a space or a line break that the page does not have."""


@dataclass(slots=True)
class Word:
    """Characters without space between them, `glyphs` their numbers on the page. `broken` says that a hyphen at the
    end of its line parts it from the next.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    glyphs: list[int]
    broken: bool = False

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(slots=True)
class Line:
    """Words on one baseline, from left to right; of a scan, how sure it is that they are what is read (0 to 1)."""

    words: list[Word]
    bold: bool = False
    confidence: float = 1.0

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max([word.right for word in self.words])

    @property
    def top(self) -> float:
        """The top of its highest word."""
        return min([word.top for word in self.words])

    @property
    def bottom(self) -> float:
        """The bottom of its lowest word."""
        return max([word.bottom for word in self.words])

    @property
    def size(self) -> float:
        """The height of its longest word: that of most of its characters."""
        lengths = [len(word.text) for word in self.words]
        return self.words[lengths.index(max(lengths))].height

    @property
    def text(self) -> str:
        """Its words, with a space between those that have one."""
        parts = [self.words[0].text] if self.words else []
        for before, word in pairwise(self.words):
            parts += [" ", word.text] if _spaced(before, word, new_line=False) else [word.text]
        return "".join(parts)


@dataclass(slots=True)
class Written:
    """Text, and for each character the number of its glyph (NO_GLYPH where it has none)."""

    text: str = ""
    glyphs: list[int] = field(default_factory=list)

    def add(self, text: str, glyphs: Sequence[int] | None = None) -> None:
        """Write more."""
        self.text += text
        self.glyphs.extend(glyphs if glyphs is not None else [NO_GLYPH] * len(text))


def raised(words: Iterable[Word]) -> None:
    """Write small raised digits behind a character as what they are: ¹ of a footnote, ² of a square."""
    for before, word in pairwise(words):
        small = word.height <= 0.85 * before.height and word.bottom < before.bottom - 0.12 * before.height
        near = word.left - before.right < 0.3 * before.height and word.left >= before.right - 0.5 * before.height
        if small and near and re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{1,2})*", word.text):
            word.text = word.text.translate(_SUPERSCRIPTS)


def unstacked(pieces: Iterable[Line]) -> Iterator[Line]:
    """The lines, letters that stand below or above each other (vertical or turned text) as one word of a line."""
    stack: list[Line] = []
    for piece in pieces:
        if stack and _stacks(stack[-1], piece):
            stack.append(piece)
            continue
        yield from _one_word(stack)
        stack = [piece]
    yield from _one_word(stack)


def _stacks(before: Line, piece: Line) -> bool:
    one, other = before.words[0], piece.words[0]
    letters = len(before.words) == len(piece.words) == len(one.text) == len(other.text) == 1
    if not (letters and one.text.isalpha() and other.text.isalpha()):
        return False
    shared = min(one.right, other.right) - max(one.left, other.left)
    apart = max(other.top - one.bottom, one.top - other.bottom)
    return shared > 0.5 * min(one.right - one.left, other.right - other.left) and apart < 0.5 * one.height


def _one_word(stack: Sequence[Line]) -> Iterator[Line]:
    if len(stack) < 3:
        yield from stack
        return
    words = [line.words[0] for line in stack]
    yield Line(
        [
            Word(
                "".join(word.text for word in words),
                min(word.left for word in words),
                min(word.top for word in words),
                max(word.right for word in words),
                max(word.bottom for word in words),
                [glyph for word in words for glyph in word.glyphs],
            )
        ]
    )


def on_lines(pieces: Iterable[Line]) -> list[Line]:
    """The lines, those that follow each other on one baseline joined: a PDF often breaks them."""
    lines: list[Line] = []
    for piece in pieces:
        if lines and _goes_on(lines[-1], piece):
            lines[-1].words.extend(piece.words)
            lines[-1].confidence = min(lines[-1].confidence, piece.confidence)
        else:
            lines.append(piece)
    return lines


def _goes_on(line: Line, piece: Line) -> bool:
    shared = min(line.bottom, piece.bottom) - max(line.top, piece.top)
    small = min(line.bottom - line.top, piece.bottom - piece.top)
    return shared > 0.55 * small and piece.left >= line.right - 0.3 * small


def paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    edges = _right_edges(lines)
    together: list[Line] = []
    for index, line in enumerate(lines):
        if together and not _wraps(together, line, edges[index - 1]):
            yield together
            together = []
        together.append(line)
    if together:
        yield together


def _right_edges(lines: Sequence[Line]) -> list[float]:
    """For each line, how far right the lines of its block reach: those above and below it in its column."""
    edges = [line.right for line in lines]
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or not _below(lines[index - 1], lines[index]):
            edges[start:index] = [max(edges[start:index])] * (index - start)
            start = index
    return edges


def _below(line: Line, following: Line) -> bool:
    """Whether a line stands directly below another, in the same column and size."""
    gap = following.top - line.bottom
    size = line.size
    # the boxes of recognised lines are as high as what is in them, those of a PDF as its type
    alike = abs(following.size - size) < (0.15 if line.confidence == 1.0 else 0.35) * size
    return alike and -0.6 * size < gap < 0.9 * size and following.left < line.right and line.left < following.right


def _wraps(together: Sequence[Line], line: Line, edge: float) -> bool:
    """Whether `line` goes on with the paragraph: the one above was full, and nothing begins anew."""
    last = together[-1]
    text = last.words[-1].text
    if _ITEM.match(line.text) or last.bold != line.bold:
        return False
    size = last.size
    if not _below(last, line):
        return (
            _next_column(last, line)
            and not _ENDS.search(last.text)
            and (line.text[0].islower() or _is_cjk(line.text[0]))
        )
    if last.words[-1].broken or re.search(r"\w-$", text):
        return True
    first = line.words[0]
    need = first.height if _is_cjk(first.text[0]) else first.right - first.left + 0.2 * size
    full = last.right + need > edge - 0.3 * size
    indented = line.left > together[0].left + 0.8 * size and not _ITEM.match(together[0].text) and len(together) > 1
    indented |= len(together) == 1 and line.left > last.left + 0.8 * size and not _ITEM.match(last.text)
    return full and not (indented and _ENDS.search(text))


def _next_column(last: Line, line: Line) -> bool:
    return line.bottom < last.top and line.left > last.left and abs(line.size - last.size) < 0.1 * last.size


def _is_cjk(char: str) -> bool:
    return char >= _FIRST_CJK and bool(_CJK.match(char))


def written(lines: Sequence[Line], vocabulary: frozenset[str] = frozenset()) -> Written:
    """The lines of a paragraph as one, words that a line's end has broken made whole.

    A hyphen at a line's end goes where the word without it is in the page's `vocabulary`, or the word with it is not,
    and both parts are small letters.
    """
    return _written(lines, vocabulary)


def _written(lines: Sequence[Line], vocabulary: frozenset[str] = frozenset()) -> Written:
    out = Written()
    before: Word | None = None
    for line in lines:
        for number, word in enumerate(line.words):
            if before is not None:
                _joint(out, before, word, vocabulary, new_line=number == 0)
            out.add(word.text, word.glyphs)
            before = word
    return out


def _joint(out: Written, before: Word, word: Word, vocabulary: frozenset[str], *, new_line: bool) -> None:
    if new_line and (before.broken or re.search(r"\w-$", before.text)):
        first, second = before.text.rstrip("-\u00ad"), re.match(r"[A-Za-z]*", word.text)
        second_part = second[0] if second else ""
        whole = (first + second_part).lower()
        hyphened = f"{first}-{second_part}".lower()
        if first[-1:].islower() and second_part.islower() and (whole in vocabulary or hyphened not in vocabulary):
            cut = len(before.text) - len(first)
            out.text, out.glyphs = out.text[: len(out.text) - cut], out.glyphs[: len(out.glyphs) - cut]
        return
    if _spaced(before, word, new_line=new_line):
        out.add(" ")


def _spaced(before: Word, word: Word, *, new_line: bool) -> bool:
    """Whether a space stands between two words."""
    if word.text[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹" and not new_line:
        return False
    if not (_is_cjk(before.text[-1]) and _is_cjk(word.text[0])):
        return True
    return not new_line and word.left - before.right > 0.9 * before.height


def vocabulary(lines: Iterable[Line]) -> frozenset[str]:
    """The words of a page that stand whole on a line, folded."""
    found: set[str] = set()
    for line in lines:
        for word in line.words[:-1]:
            found.update(re.findall(r"[a-z]+(?:-[a-z]+)*", word.text.lower()))
    return frozenset(found)
