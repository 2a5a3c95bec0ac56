"""Where the sentences of a text stand, in Chinese and English."""

from __future__ import annotations

import re

from ingest.types import Span

_CLOSING = "”’」』）)\\]】》\"'"
_END = re.compile(
    rf"(?:[。！？!?]+|…{{1,2}}(?![。！？!?])|；|(?<![0-9A-Za-z]);(?![0-9])|\.(?=[{_CLOSING}]*(?:\s|$)))[{_CLOSING}]*"
)
_NO_END = re.compile(
    r"(?:^|[\s(（“\"])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Inc|Ltd|Co|Corp|No|Nos|vs|Fig|Figs|St|Jr|Sr|approx|est|e\.g|i\.e|etc|cf|"
    r"pp?|Vol|al|Dept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|(?:[A-Za-z]\.)+[A-Za-z]|[0-9]{1,2})\.$"
)
_NEXT = re.compile(r"\s*[“\"(（]?[A-Z\u3400-\u9fff0-9]")
_BREAKS = re.compile(r"[ \t]*\n[ \t]*(?:\n\s*)?")
_MARKED = re.compile(r"[。！？!?：:；;.…”」』）)\]】》]\s*$")
_ENUMERATED = re.compile(
    r"\s*(?:[-*•·●▪■#|]|[0-9]{1,2}[.)、]|[一二三四五六七八九十]+、|[(（][0-9一二三四五六七八九十]{1,2}[)）])"
)
_LONGEST_IN_BRACKETS = 60  # characters from a mark within brackets to where they close
_WRAPPED = 24  # a line shorter than this was not broken by its width


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`, in order, without the white space around them.

    A line break ends a sentence unless the line was wrapped: it is long, has no closing mark, and the next line goes on
    in the middle (lower case in English; after a comma in Chinese). Every character that is not white space
    lies in exactly one sentence.
    """
    stop = len(text) if end is None else end
    found: list[Span] = []
    for first, last in _paragraphs(text, start, stop):
        found.extend(_split(text, first, last))
    return found


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Stretches between the line breaks that end a sentence."""
    cuts = [start]
    for match in _BREAKS.finditer(text, start, end):
        if not _wrapped(text, cuts[-1], match, end):
            cuts.append(match.end())
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _wrapped(text: str, start: int, gap: re.Match[str], end: int) -> bool:
    line_start = max(start, text.rfind("\n", start, gap.start()) + 1)
    line = text[line_start : gap.start()]
    if gap[0].count("\n") > 1 or len(line) < _WRAPPED or _MARKED.search(line) or gap.end() >= end:
        return False
    following = text[gap.end() : gap.end() + 1]
    if _ENUMERATED.match(text, gap.end(), end):
        return False
    if following.islower():
        return True
    return line[-1] in "，,、"


def _split(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    at = start
    for match in _END.finditer(text, start, end):
        if match[0].startswith("."):
            if _NO_END.search(text[max(at, match.start() - 16) : match.start() + 1]) and match.end() < end:
                continue
            if match.end() < end and not _NEXT.match(text, match.end(), end):
                continue
        elif _in_brackets(text, at, match, end):  # "阿基劳斯(?—17年)"
            continue
        _add(found, text, at, match.end())
        at = match.end()
    _add(found, text, at, end)
    return found


def _in_brackets(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    """Whether brackets that the sentence from `start` on has opened close shortly behind a mark."""
    depth = 0
    for char in text[start : mark.end()]:
        depth = depth + 1 if char in "(（" else max(depth - 1, 0) if char in ")）" else depth
    closing = text[mark.end() : min(mark.end() + _LONGEST_IN_BRACKETS, end)]
    return depth > 0 and next((char in ")）" for char in closing if char in "()（）"), False)


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    """Add the stretch without white space around it; nothing where only white space is."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Span(start, end))
