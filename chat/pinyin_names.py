"""Names that a question spells in pinyin, put in Chinese: "Lüse Zhongbiao Dai" is 绿色中标贷, "Wangchao Bridge" 望潮 Bridge.

In: a question, and how the library's names are looked up by their pinyin, or the passages found for it. Out: the question;
it is left as it is where nothing is spelled so. A known name of one word is met by its pinyin where it stands (`chat.match`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from index.lexicon import Lexicon
from ingest.pinyin import readings

_RUN = re.compile(r"[A-Za-züÜ]+(?:[ '’-][A-Za-züÜ]+)+")
_WORDS = re.compile(r"[A-Za-züÜ]+(?: [A-Za-züÜ]+)*")
_WORD = re.compile(r"[A-Za-züÜ]+")
_GOES_ON = re.compile(r"[ -][A-Z]")
_NEXT_OF_NAME = re.compile(r" [A-Z][a-z]+\b")
_MOST = 8  # words of a name
_SHORTEST = 6  # letters of it
_SHORTEST_FOUND = 5  # letters of a name that is looked for in passages
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_CHARACTERS = (2, 6)  # of such a name


def in_chinese(question: str, names_by_pinyin: Callable[[str], Sequence[str]]) -> str:
    """The question with every run of two words or more that spells one name of the library as that name."""
    return _changed(question, [name for run in _RUN.finditer(question) for name in _names(run, names_by_pinyin)])


def in_passages(question: str, names_by_pinyin: Callable[[str], Sequence[str]], passages: str) -> str:
    """The question with words that are none of English, and no known name, as what the folded passages have that is read
    so.
    """
    changes: list[tuple[int, int, str]] = []
    for run in _WORDS.finditer(question):
        changes += _strange(question, _words(run), names_by_pinyin, passages)
    return _changed(question, changes)


def _changed(question: str, changes: Sequence[tuple[int, int, str]]) -> str:
    for start, end, name in reversed(changes):
        question = question[:start] + name + question[end:]
    return question


def _words(run: re.Match[str]) -> list[tuple[int, int]]:
    """The ranges of the words of a run."""
    return [(run.start() + word.start(), run.start() + word.end()) for word in _WORD.finditer(run[0])]


def _strange(
    question: str, words: Sequence[tuple[int, int]], names_by_pinyin: Callable[[str], Sequence[str]], passages: str
) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of the strange words of a run with their neighbours, the longest first, from left to right."""
    known = Lexicon.load().listed
    at = 0
    while at < len(words):
        for last in (at + 2, at + 1):
            own = [question[start:end].lower().replace("ü", "v") for start, end in words[at:last]]
            spelling = "".join(own)
            strange = not known(own[-1]) and not names_by_pinyin(spelling) and spelling not in passages
            if (
                last <= len(words)
                and strange
                and len(spelling) >= _SHORTEST_FOUND
                and (name := read_as(spelling, passages))
            ):
                end = _end_of_name(question, words[last - 1][1])
                yield words[at][0], end, name + question[words[last - 1][1] : end].lower()
                at = last - 1
                break
        at += 1


def _end_of_name(question: str, end: int) -> int:
    """Where the words with a capital behind a name end, which are no name of their own: "Bridge" of "Wangchao Bridge"."""
    while goes_on := _NEXT_OF_NAME.match(question, end):
        end = goes_on.end()
    return end


def read_as(spelling: str, passages: str) -> str:
    """The Chinese stretch of folded passages that is read as `spelling`, the commonest; "" where none is."""
    found: Counter[str] = Counter()
    for stretch in _CHINESE.findall(passages):
        for at in range(len(stretch)):
            if end := _read_to(spelling, stretch, at):
                found[stretch[at:end]] += 1
    return min(found, key=lambda name: (-found[name], name), default="")


def _read_to(spelling: str, stretch: str, at: int) -> int:
    """Where the characters from `at` on that are read as all of `spelling` end; 0 where they are not."""
    ways = {0}
    for end in range(at, min(at + _CHARACTERS[1], len(stretch))):
        ways = {
            way + len(reading)
            for way in ways
            for reading in readings(stretch[end])
            if spelling.startswith(reading, way)
        }
        if not ways:
            return 0
        if len(spelling) in ways and end + 1 - at >= _CHARACTERS[0]:
            return end + 1
    return 0


def _names(run: re.Match[str], names_by_pinyin: Callable[[str], Sequence[str]]) -> list[tuple[int, int, str]]:
    """(start, end, name) of the names in a run of words, from left to right, the longest first."""
    words = _words(run)
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(words) - 1:
        for last in range(min(at + _MOST, len(words)), at + 1, -1):
            start, end = words[at][0], words[last - 1][1]
            spelling = "".join(_WORD.findall(run.string[start:end])).lower().replace("ü", "v")
            names = names_by_pinyin(spelling) if len(spelling) >= _SHORTEST else ()
            part = run.string[start].isupper() and _GOES_ON.match(run.string, end)  # of a longer name: Ping An Bank
            if len(names) == 1 and not part:
                found.append((start, end, names[0]))
                at = last - 1
                break
        at += 1
    return found
