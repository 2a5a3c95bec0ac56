"""Token rows said in other words: some tokens exchanged for their translations or synonyms, and questions cut from texts.

So the model meets a Chinese question over an English text, and one thing said in two ways, far oftener than the parallel
texts alone would show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.tokens import stem
from index.train.alignment import Tables, Translations

Row = npt.NDArray[np.int32]

_MOST = 4  # what a token may be exchanged for
_LEAST = 0.12  # the probability of a translation that is used
_SYNONYMS = 0.35  # the share of exchanges that stay in the language
_SHORTEST = 12  # tokens of a text that a question is cut from


@dataclass(frozen=True)
class Exchange:
    """For each token what stands for it elsewhere, with cumulated probabilities; rows of zeros where nothing does."""

    translations: npt.NDArray[np.int32]  # (tokens, _MOST)
    translated: npt.NDArray[np.float32]  # the same shape
    synonyms: npt.NDArray[np.int32]
    alike: npt.NDArray[np.float32]

    @classmethod
    def of(cls, tables: Tables, tokenizer: Any, frequency: npt.NDArray[np.int64]) -> Exchange:
        """From the translation tables; an English stem stands for its most frequent whole word."""
        vocabulary: dict[str, int] = tokenizer.get_vocab()
        surface = _surfaces(vocabulary, frequency)
        numbers = {**vocabulary, **{stem_: vocabulary[word] for stem_, word in surface.items()}}
        across = {word: _across(word, tables) for word in vocabulary}
        within = {word: _within(word, forms, tables) for word, forms in across.items()}
        made = [_rows(table, vocabulary, numbers) for table in (across, within)]
        return cls(*made[0], *made[1])

    def apply(self, row: Row, share: float, rng: np.random.Generator) -> Row:
        """`row` with about `share` of its tokens exchanged, where they can be."""
        changed = rng.random(row.size) < share
        if not changed.any():
            return row
        tokens, weights = (
            (self.synonyms, self.alike) if rng.random() < _SYNONYMS else (self.translations, self.translated)
        )
        chosen = (rng.random((row.size, 1)) >= weights[row]).sum(axis=1)
        changed &= chosen < _MOST
        out = row.copy()
        out[changed] = tokens[row[changed], chosen[changed]]
        return out


def _surfaces(vocabulary: dict[str, int], frequency: npt.NDArray[np.int64]) -> dict[str, str]:
    best: dict[str, str] = {}
    for word, number in vocabulary.items():
        if word.isascii() and word.isalpha() and len(word) > 1:
            known = best.get(stem(word))
            if known is None or frequency[number] > frequency[vocabulary[known]]:
                best[stem(word)] = word
    return best


def _across(word: str, tables: Tables) -> dict[str, float]:
    """What a token is in the other language; the shortest English ones are parts of words, and of none."""
    forms = tables.to_english.get(word) or (tables.to_chinese.get(stem(word)) if len(word) > 2 else None) or {}
    return {form: p for form, p in forms.items() if p >= _LEAST and (len(form) > 1 or not form.isascii())}


def _within(word: str, forms: dict[str, float], tables: Tables) -> dict[str, float]:
    """What is translated as a token is, in its own language."""
    found: dict[str, float] = {}
    for form, p in forms.items():
        for other, q in (tables.to_chinese.get(form) or tables.to_english.get(form) or {}).items():
            if other not in (word, stem(word)) and p * q >= _LEAST:
                found[other] = found.get(other, 0.0) + p * q
    return found


def _rows(
    table: Translations, vocabulary: dict[str, int], numbers: dict[str, int]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    tokens = np.zeros((len(vocabulary), _MOST), dtype=np.int32)
    weights = np.full((len(vocabulary), _MOST), -1.0, dtype=np.float32)
    for word, forms in table.items():
        best = sorted(forms.items(), key=lambda item: (-item[1], item[0]))
        kept = [(numbers[form], p) for form, p in best if form in numbers][:_MOST]
        if kept:
            total = sum(p for _, p in kept)
            row = vocabulary[word]
            tokens[row, : len(kept)] = [number for number, _ in kept]
            weights[row] = 1.0
            weights[row, : len(kept)] = np.cumsum([p / total for _, p in kept])
            weights[row, len(kept) - 1 :] = 1.0
        # a weight of -1 lets every draw pass it, so that a token without forms chooses _MOST and stays
    return tokens, weights


def cut(row: Row, rarity: npt.NDArray[np.float32], rng: np.random.Generator) -> tuple[Row, Row] | None:
    """A question made of a text: a span of it asked of the rest (the inverse cloze task), or some of its rarer words."""
    if row.size < _SHORTEST:
        return None
    if rng.random() < 0.5:
        size = int(rng.integers(5, max(6, min(24, row.size // 2))))
        start = int(rng.integers(0, row.size - size + 1))
        rest = row if rng.random() < 0.1 else np.concatenate([row[:start], row[start + size :]])
        return row[start : start + size], rest
    weights = rarity[row]
    size = min(int(rng.integers(3, 8)), int(np.count_nonzero(weights)))
    if not size:
        return None
    return row[np.sort(rng.choice(row.size, size, replace=False, p=weights / weights.sum()))], row
