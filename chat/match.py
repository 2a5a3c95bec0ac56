"""Where a word of the question is met in a sentence: as it is, in part, in the other language, or by meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chat.passage import Said, Sentence
from index.embed import Embedder
from index.lexicon import Lexicon
from index.library import Library
from index.tokens import words
from ingest.fold import fold

_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBERED = re.compile(r"[一二三四五六七八九十0-9]$")
_NUMBER = re.compile(r"[一二三四五六七八九十0-9]")
_LATIN_NUMBERED = re.compile(r"\b[a-z]+ [0-9]\b")  # "scope 3" of "scope 3 emissions"
_ABBREVIATED = (3, 5)  # letters
_INITIALS = 0.9  # an abbreviation met by the words it stands for
_KEPT_WORDS = 20_000
_NEAR = 0.45  # a cosine below this says nothing of the words of a small model
_MEANING = 0.7  # a word met by meaning alone counts at most this much
_PART = 0.8  # a word met in part
_LINKS = frozenset(("of", "in", "on", "for", "to", "the", "by"))
_SYNONYM = 0.8  # a word met by a synonym

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Met:
    """How well a word is met (0 to 1), and where: Document offsets of the words that meet it."""

    strength: float
    places: tuple[int, ...] = ()


NOWHERE = Met(0.0)


class Matcher:
    """Meets the words of questions in sentences of either language."""

    def __init__(self, embedder: Embedder, lexicon: Lexicon) -> None:
        self._embedder = embedder
        self._lexicon = lexicon
        self._vectors: dict[str, Vector] = {}
        self._numbered = lru_cache(maxsize=_KEPT_WORDS)(self._what_it_numbers)

    def prepare(self, needed: set[str]) -> None:
        """Embed all `needed` words and texts at once, for the look-ups that follow."""
        if len(self._vectors) + len(needed) > _KEPT_WORDS:
            self._vectors.clear()
        new = sorted(word for word in needed if word not in self._vectors)
        if new:
            self._vectors.update(zip(new, self._embedder.encode_query(new), strict=True))

    def cosine(self, text: str, sentence: Sentence) -> float:
        """How near the sentence is to a text in meaning; both must be prepared."""
        one, other = self._vectors.get(text), self._vectors.get(sentence.gist)
        return float(one @ other) if one is not None and other is not None else 0.0

    def translations(self, word: str, sentence_is_chinese: bool) -> tuple[tuple[str, float], ...]:
        """What `word` is in the language of the sentence, where that is another."""
        if bool(_HAN.search(word)) == sentence_is_chinese:
            return ()
        return self._lexicon.translate(word)

    def rarity(self, word: str) -> float:
        """How rare a word is in everyday language, from 0 to 1."""
        return self._lexicon.rarity(word)

    def both_ways(self, word: str) -> tuple[str, ...]:
        """The first few translations of `word` into the other language."""
        return tuple(other for other, _ in self._lexicon.translate(word)[:4])

    def name_forms(self, name: str, library: Library) -> tuple[str, ...]:
        """A folded name as it may stand in a Document: as asked, translated, or as the pinyin of a Chinese name."""
        forms = [name, *(other for other, _ in self._lexicon.translate(name))]
        if not _HAN.search(name):
            forms += library.names_by_pinyin(name)
        return tuple(dict.fromkeys(fold(form) for form in forms))

    def overlap(self, asked: Sequence[str], label: str) -> float:
        """The share of the words of a figure's `label` that the `asked` words name, by themselves or translated."""
        labelled = words(label)
        if not labelled:
            return 0.5
        wanted = {form for word in asked for form in (word, *self.both_ways(word), *self._alike(word))}
        return sum(self._names(word, wanted) for word in labelled) / len(labelled)

    def counts(self, counted: Sequence[str], label: str) -> float:
        """How well a figure's `label` names what is `counted`, by the best of its words; half where either is unknown."""
        if not counted or not label:
            return 0.5
        wanted = {form for word in counted for form in (word, *self.both_ways(word), *self._alike(word))}
        return max(self._names(word, wanted) for word in (*words(label), fold(label)))

    def _alike(self, word: str) -> Iterator[str]:
        for other, weight in self._lexicon.synonyms(word):
            if weight >= _PART:
                yield other
                yield from self.both_ways(other)

    def _names(self, word: str, wanted: set[str]) -> float:
        """How well a word of a label is among the wanted ones."""
        if word in wanted or any(len(other) > 1 and (other in word or word in other) for other in wanted):
            return 1.0
        if _HAN.match(word) and word[-1] in wanted:
            return _PART  # 新车 of 车
        vector = self._vectors.get(word)
        near = (
            [float(self._vectors[other] @ vector) for other in wanted if other in self._vectors]
            if vector is not None
            else []
        )
        return max((_MEANING * (cosine - _NEAR) / (1 - _NEAR) for cosine in near if cosine > _NEAR), default=0.0)

    def meet(self, word: str, sentence: Said, *, by_meaning: bool = True) -> Met:
        """How well, and where, `word` is met in the sentence."""
        exact = self._exact(word, sentence)
        if exact.strength >= 1.0:
            return exact
        best = max(exact, self._translated(word, sentence), key=lambda met: met.strength)
        if best.strength < _PART and bool(_HAN.search(word)) != sentence.chinese:
            best = max(best, self._in_parts(word, sentence), key=lambda met: met.strength)
        if best.strength < _SYNONYM:
            best = max(best, self._by_synonym(word, sentence), key=lambda met: met.strength)
        if by_meaning and best.strength < _MEANING and not _NUMBERED.search(word):
            best = max(best, self._near(word, sentence), key=lambda met: met.strength)
        return best

    def is_sibling(self, word: str, sentence: Said) -> bool:
        """Whether the sentence speaks of another of what `word` numbers, and not of it: of 范围一 where 范围三 is asked for."""
        forms = [numbered for form in (word, *self.both_ways(word)) if (numbered := self._numbered(form))]
        if not forms or any(self._exact(form, sentence).strength >= 1.0 for form in forms):
            return False
        stems = [re.escape(_NUMBERED.sub("", form).strip()) for form in forms]
        others = re.compile("|".join(rf"{stem}e? ?[一二三四五六七八九十0-9]" for stem in stems))
        return bool(others.search(sentence.folded))

    def _what_it_numbers(self, form: str) -> str:
        """What a word or phrase numbers, with the number: 范围三 of 范围三排放; "" where it numbers nothing."""
        if not _HAN.search(form):
            found = _LATIN_NUMBERED.search(form)
            return found[0] if found else ""
        if len(form) > 2 and _NUMBERED.search(form):
            return form
        heads = (form[: match.end()] for match in _NUMBER.finditer(form, 2))
        return next((head for head in heads if self._lexicon.listed(head)), "")

    def _exact(self, word: str, sentence: Said) -> Met:
        if not _HAN.search(word):
            whole_met = _phrase(word.split(), sentence)
            return whole_met if whole_met.strength else _initials(word, sentence)
        if word in sentence.folded:
            return Met(1.0, places(word, sentence))
        numbered = self._numbered(word)  # 范围三 is not met by 范围一
        whole = len(word) < 3 or (numbered and numbered not in sentence.folded)
        pairs = [] if whole else [word[i : i + 2] for i in range(len(word) - 1)]
        met = [pair for pair in pairs if pair in sentence.folded]
        if not met:
            return NOWHERE
        return Met(_PART * len(met) / len(pairs), tuple(place for pair in met for place in places(pair, sentence)))

    def _translated(self, word: str, sentence: Said) -> Met:
        best = NOWHERE
        for other, weight in self.translations(word, sentence.chinese):
            found = self._whole(other, sentence)
            best = max(best, Met(found.strength * (0.5 + 0.5 * weight), found.places), key=lambda met: met.strength)
        return best

    def _in_parts(self, word: str, sentence: Said) -> Met:
        """A phrase that is not met as a whole, by its words one by one: "training hours" by 培训 and 小时."""
        parts = [
            part for part in (word.split() if word.isascii() else words(word)) if part != word and part not in _LINKS
        ]
        met = [
            max(self._exact(part, sentence), self._translated(part, sentence), key=lambda met: met.strength)
            for part in parts
        ]
        if not met or not all(one.strength for one in met):
            return NOWHERE
        strength = sum(one.strength for one in met) / len(met)
        return Met(_PART * strength, tuple(place for one in met for place in one.places))

    def _by_synonym(self, word: str, sentence: Said) -> Met:
        """The word met by another of its own language that is translated alike: staff by employees."""
        best = NOWHERE
        for other, weight in self._lexicon.synonyms(word):
            found = max(self._whole(other, sentence), self._translated(other, sentence), key=lambda met: met.strength)
            best = max(best, Met(_SYNONYM * weight * found.strength, found.places), key=lambda met: met.strength)
        return best

    def _whole(self, other: str, sentence: Said) -> Met:
        """A translation or synonym met whole, or nowhere."""
        if len(other) == 1 and other not in sentence.words:
            return NOWHERE  # 员 for "member" is not met in 员工
        found = self._exact(other, sentence)
        return found if found.strength >= _PART else NOWHERE

    def _near(self, word: str, sentence: Said) -> Met:
        vector = self._vectors.get(word)
        others = [other for other in sentence.words if other in self._vectors and len(other) > 1]
        if vector is None or not others:
            return NOWHERE
        cosines = np.stack([self._vectors[other] for other in others]) @ vector
        best = int(np.argmax(cosines))
        if cosines[best] < _NEAR:
            return NOWHERE
        strength = _MEANING * (float(cosines[best]) - _NEAR) / (1 - _NEAR)
        return Met(strength, places(others[best], sentence))


def _initials(word: str, sentence: Said) -> Met:
    """An abbreviation met by words in a row that begin with its letters: PUE by "power usage effectiveness"."""
    if not (_ABBREVIATED[0] <= len(word) <= _ABBREVIATED[1]) or not word.isalpha():
        return NOWHERE
    row = re.compile(r"[ -]".join(rf"\b{letter}[a-z]+" for letter in word))
    found = row.search(sentence.folded)
    return Met(_INITIALS, (sentence.start + found.start(),)) if found else NOWHERE


def _phrase(parts: Sequence[str], sentence: Said) -> Met:
    """English stems met in a row; or, unless a number is among them ("Scope 1"), each somewhere in the sentence."""
    if not all(part in sentence.words for part in parts):
        met = [part for part in parts if part in sentence.words]
        if not met or any(part.isdigit() for part in parts):
            return NOWHERE
        return Met(_PART * len(met) / len(parts), tuple(place for part in met for place in places(part, sentence)))
    if len(parts) == 1:
        return Met(1.0, places(parts[0], sentence))
    row = re.compile(r"\W+".join(rf"\b{re.escape(part.rstrip('y'))}\w*" for part in parts))
    found = tuple(sentence.start + match.start() for match in row.finditer(sentence.folded))
    if found:
        return Met(1.0, found)
    if any(part.isdigit() for part in parts):
        return NOWHERE
    return Met(_PART, tuple(place for part in parts for place in places(part, sentence)))


def places(word: str, sentence: Said) -> tuple[int, ...]:
    """Where folded `word` (or the English words that begin with it) stands in the sentence, in Document offsets."""
    found: list[int] = []
    at = sentence.folded.find(word)
    while at >= 0 and len(found) < 16:
        found.append(sentence.start + at)
        at = sentence.folded.find(word, at + 1)
    return tuple(found)
