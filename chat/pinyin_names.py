"""Names that a question spells in pinyin, put in Chinese: "Lüse Zhongbiao Dai" is 绿色中标贷, "Wangchao Bridge" 望潮 Bridge.

In: a question, and how the library's names are looked up by their pinyin, or the passages found for it. Out: the question;
it is left as it is where nothing is spelled so. A known name of one word is met by its pinyin where it stands (`chat.match`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from index.lexicon import Lexicon
from ingest.pinyin import readings

Range = tuple[int, int]
Change = tuple[int, int, str]  # start, end, and what is put there

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

    def named(words: Sequence[Range]) -> Change | None:
        start, end = words[0][0], words[-1][1]
        spelling = _spelling(question, words)
        names = names_by_pinyin(spelling) if len(spelling) >= _SHORTEST else ()
        part = question[start].isupper() and _GOES_ON.match(question, end)  # of a longer name: Ping An Bank
        return (start, end, names[0]) if len(names) == 1 and not part else None

    runs = [_words(run) for run in _RUN.finditer(question)]
    return _changed(question, [change for words in runs for change in _longest(words, 2, _MOST, named)])


def in_passages(question: str, names_by_pinyin: Callable[[str], Sequence[str]], passages: str) -> str:
    """The question with words that are none of English, and no known name, as what the folded passages have that is read
    so.
    """
    known = Lexicon.load().listed

    def named(words: Sequence[Range]) -> Change | None:
        end, spelling = words[-1][1], _spelling(question, words)
        strange = not known(_spelling(question, words[-1:])) and not names_by_pinyin(spelling)
        if not strange or spelling in passages or len(spelling) < _SHORTEST_FOUND:
            return None
        if not (name := read_as(spelling, passages)):
            return None
        whole = _end_of_name(question, end)
        return words[0][0], whole, name + question[end:whole].lower()

    runs = [_words(run) for run in _WORDS.finditer(question)]
    return _changed(question, [change for words in runs for change in _longest(words, 1, 2, named)])


def _longest(
    words: Sequence[Range], least: int, most: int, named: Callable[[Sequence[Range]], Change | None]
) -> list[Change]:
    """What `named` makes of words in a row, of so many of them, the longest first, from left to right."""
    found: list[Change] = []
    at = 0
    while at <= len(words) - least:
        for last in range(min(at + most, len(words)), at + least - 1, -1):
            if change := named(words[at:last]):
                found.append(change)
                at = last - 1
                break
        at += 1
    return found


def _spelling(question: str, words: Sequence[Range]) -> str:
    """The letters of some words in one, as pinyin is written without its tones."""
    return "".join(question[start:end] for start, end in words).lower().replace("ü", "v")


def _changed(question: str, changes: Sequence[Change]) -> str:
    for start, end, name in reversed(changes):
        question = question[:start] + name + question[end:]
    return question


def _words(run: re.Match[str]) -> list[Range]:
    """The ranges of the words of a run."""
    return [(run.start() + word.start(), run.start() + word.end()) for word in _WORD.finditer(run[0])]


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
