"""The words and phrases of a question that carry its sense, and how much of it rests on each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from chat.stopwords import FAINT, FILLERS
from index.lexicon import Lexicon
from index.phrases import grouped, joined, stretches
from index.stopwords import STOP
from index.tokens import words

FAINTLY = 0.3  # the weight of a faint word
_PHRASE = 1.5  # the weight of a phrase, in words
_HAN = re.compile(r"[\u3400-\u9fff]")
# A place: characters that are no word, before what kind of place it is.
_PLACE = frozenset("省市县区镇乡村屯河江湖溪海湾山岭岛桥路街港站厂园校州")
_DONE = re.compile(r"[\u3400-\u9fff][了过]")
_PARTICLE = re.compile(r"(?<![为除])了(?!解)")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question and how much of the question's sense rests on it (0 to 1)."""

    text: str
    weight: float


def beside(terms: Iterable[Term], names: Collection[str]) -> tuple[Term, ...]:
    """The terms that are no part of one of the names."""
    return tuple(term for term in terms if not any(term.text in name for name in names))


def blank(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """`text` with the `ranges` made blank, so that what is left keeps its place."""
    for start, end in ranges:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def terms_of(text: str, said: str | None = None) -> tuple[Term, ...]:
    """The words and phrases of folded `text` that carry sense, each once, with their weights.

    `said` is the same before parts of it were made blank: what people say is sought there ("发了多少电").
    """
    whole = said if said is not None else text
    found = _known_phrases(whole, text)
    terms = {whole[start:end]: Term(whole[start:end], weight) for start, end, weight in found}
    text = blank(text, [(start, end) for start, end, _ in found])
    text = _PARTICLE.sub(" ", FILLERS.sub(lambda match: " " * len(match[0]), text))
    for stretch in stretches(text):
        for group in grouped(_with_places(words(stretch)), Lexicon.load().listed, _carries):
            term = joined(group)
            if _carries(term):
                terms.setdefault(term, Term(term, _weight(term, len(group))))
    return tuple(sorted(terms.values(), key=lambda term: whole.find(term.text.split()[0])))


def _with_places(said: list[str]) -> list[str]:
    """The words with two characters that are none, and the kind of place behind them, as one: 云峤县."""
    found: list[str] = []
    for word in said:
        before = found[-2:]
        named = len(before) == 2 and all(len(one) == 1 and _HAN.match(one) for one in before)
        if word in _PLACE and named and _carries(before[0]) and before[1] not in _PLACE:
            found[-2:] = ["".join([*before, word])]
        else:
            found.append(word)
    return found


def _known_phrases(said: str, text: str) -> list[tuple[int, int, float]]:
    """(start, end, weight) of what people say for what reports write, and of the terms of reports, the longest first."""
    lexicon = Lexicon.load()
    matches = [(match.start(), match.end(), 1.0) for match in lexicon.spoken.finditer(said)]
    matches = [one for one in matches if not _within_word(said, one[0], one[1])]
    matches += [(match.start(), match.end(), _weight(match[0], 2)) for match in lexicon.printed.finditer(said)]
    taken: list[tuple[int, int, float]] = []
    for start, end, weight in sorted(matches, key=lambda one: (one[0] - one[1], one[0])):
        if text[start:end].strip() and all(end <= low or start >= high for low, high, _ in taken):
            taken.append((start, end, weight))
    return taken


def _within_word(text: str, start: int, end: int) -> bool:
    """Whether a character on either side makes another word of a short Chinese one: 厂 of 工厂, and of 竹南厂."""
    if start and _DONE.match(text, start) and Lexicon.load().listed(text[start - 1 : start + 1]):
        return True  # 放了多少贷款 of 发放了多少贷款
    if end - start > 2 or not _HAN.match(text[start]):
        return False
    if text[start:end] in _PLACE and len(_with_places(words(text[max(start - 2, 0) : end]))) == 1:
        return True
    wider = [text[start - 1 : end]] if start else []
    wider += [text[start : end + 1]] if end < len(text) else []
    return any(_HAN.match(word[0]) and _HAN.match(word[-1]) and Lexicon.load().listed(word) for word in wider)


def _carries(word: str) -> bool:
    return word not in STOP and not word.isdigit()


def _weight(term: str, words_in_it: int) -> float:
    if term in FAINT:
        return FAINTLY
    if words_in_it > 1:
        return _PHRASE if Lexicon.load().listed(term)[0][1] >= 1.0 else 1.0  # a term of reports, or any phrase
    return 0.5 if len(term) == 1 else 1.0
