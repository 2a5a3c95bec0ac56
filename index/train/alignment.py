"""Which words translate which: probabilities learned from parallel texts and dictionaries.

IBM Model 1 (Brown et al., "The Mathematics of Statistical Machine Translation", 1993) with the preference for the
diagonal of Dyer, Chahuneau and Smith, "A Simple, Fast, and Effective Reparameterization of IBM Model 2" (2013), by
expectation maximisation, in each direction.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.tokens import words
from index.train.sources import PARALLEL, pairs
from ingest.fold import fold

_HAN = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 48  # words of a side: longer pairs are cut up no further, but left out
_LONGEST_LEMMA = 3  # words
_LEAST_COUNT = 2
_ROUNDS = 5
_TENSION = 4.0  # how sharply words at like places are preferred
_NULL = 0.08  # the share of words that translate nothing
_TERM_WEIGHT = 30  # how many times a pair of the finance table counts
_LEAST = 0.01  # a smaller probability is dropped
_MOST = 24  # translations kept of a word
_NOISE = frozenset("sth sb etc abbr variant see also lit fig cl surname old pr taiwan tw".split())

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Sides = tuple[list[str], list[str]]  # the Chinese words and the English stems of a pair
Translations = dict[str, dict[str, float]]  # word -> translation -> probability


@dataclass(frozen=True)
class Tables:
    """P(English stem | Chinese word) and P(Chinese word | English stem)."""

    to_english: Translations
    to_chinese: Translations


def learn(data: Path, terms: Path) -> Tables:
    """The tables of the parallel texts and dictionaries in `data`, and of the `terms` written for this project."""
    counted = Counter[tuple[tuple[str, ...], tuple[str, ...]]]()
    for chinese, english, weight in _pairs(data, terms):
        if 0 < len(chinese) <= _LONGEST and 0 < len(english) <= _LONGEST:
            counted[tuple(chinese), tuple(english)] += weight
    sides = [(list(chinese), list(english)) for chinese, english in counted]
    weights = np.minimum(np.fromiter(counted.values(), dtype=np.float64), _TERM_WEIGHT)
    return Tables(_model(sides, weights), _model([(english, chinese) for chinese, english in sides], weights))


def _pairs(data: Path, terms: Path) -> Iterator[tuple[list[str], list[str], int]]:
    """(Chinese words, English stems, how many times the pair counts)."""
    for name in sorted(PARALLEL):
        for chinese, english in _chinese_first(data, name):
            yield words(chinese), words(english), 1
    for chinese, english in _chinese_first(data, "cc_cedict"):
        for gloss in _glosses(english):
            yield words(chinese), gloss, 1
    for chinese, english in _chinese_first(data, "chinese_wordnet"):
        if len(english.split()) <= _LONGEST_LEMMA:  # longer ones are definitions
            yield words(chinese), words(english), 1
    for chinese, english in _terms(terms):
        yield words(chinese), words(english), _TERM_WEIGHT


def _chinese_first(data: Path, name: str) -> Iterator[tuple[str, str]]:
    for first, second in pairs(data, name):
        yield (first, second) if _HAN.search(first) else (second, first)


def _terms(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            chinese, _, english = line.partition("\t")
            yield from itertools.product(fold(chinese).split("/"), english.split("/"))


def _glosses(english: str) -> Iterator[list[str]]:
    for gloss in re.split(r"[;/|]", re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", english)):
        found = [word for word in words(gloss) if word not in _NOISE and not _HAN.match(word)]
        if 0 < len(found) <= 6:
            yield [word for word in found if word not in ("to", "a", "the", "of")] or found


def _model(sides: list[Sides], weights: Floats) -> Translations:
    """P(target | source) of (source words, target words) pairs."""
    sources, targets = (_vocabulary([side[at] for side in sides], weights) for at in (0, 1))
    cells, groups, prior, repeat = _cells(sides, weights, sources, targets)
    keys, which = np.unique(cells, return_inverse=True)
    del cells
    source = keys // len(targets)
    table = np.ones(keys.size)
    for _ in range(_ROUNDS):
        expected = table[which] * prior
        expected *= np.repeat(repeat / np.add.reduceat(expected, groups), np.diff([*groups, expected.size]))
        counts = np.bincount(which, weights=expected, minlength=keys.size)
        table = counts / np.bincount(source, weights=counts, minlength=len(sources))[source]
    return _best(keys, table, list(sources), list(targets))


def _vocabulary(sides: list[list[str]], weights: Floats) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for side, weight in zip(sides, weights.tolist(), strict=True):
        counts.update(dict.fromkeys(side, int(weight)))
    kept = sorted(word for word, count in counts.items() if count >= _LEAST_COUNT and not word[0].isdigit())
    return {word: at for at, word in enumerate(["", *kept])}  # "" stands for no word


def _cells(
    sides: list[Sides], weights: Floats, sources: dict[str, int], targets: dict[str, int]
) -> tuple[Ints, Ints, Floats, Floats]:
    """Each (source, target) cell of each pair, where each target word's cells start, the prior of each cell, and the
    weight of each target word.
    """
    cells: list[Ints] = []
    priors: list[npt.NDArray[np.float32]] = []
    sizes: list[Ints] = []
    repeats: list[Floats] = []
    for (left, right), weight in zip(sides, weights, strict=True):
        from_ = np.array([sources[word] for word in left if word in sources], dtype=np.int64)
        to = np.array([targets[word] for word in right if word in targets], dtype=np.int64)
        if not from_.size or not to.size:
            continue
        places = np.abs((np.arange(to.size)[:, None] + 0.5) / to.size - (np.arange(from_.size) + 0.5) / from_.size)
        prior = np.exp(-_TENSION * places)
        prior *= (1 - _NULL) / prior.sum(axis=1, keepdims=True)
        prior = np.hstack([np.full((to.size, 1), _NULL), prior])
        cells.append((np.concatenate([[0], from_]) * len(targets) + to[:, None]).ravel())
        priors.append(prior.ravel().astype(np.float32))
        sizes.append(np.full(to.size, from_.size + 1, dtype=np.int64))
        repeats.append(np.full(to.size, weight))
    starts = np.concatenate([[0], np.cumsum(np.concatenate(sizes))[:-1]])
    return np.concatenate(cells), starts, np.concatenate(priors).astype(np.float64), np.concatenate(repeats)


def _best(keys: Ints, table: Floats, sources: list[str], targets: list[str]) -> Translations:
    found: Translations = {}
    kept = np.flatnonzero(table >= _LEAST)
    order = kept[np.lexsort((-table[kept], keys[kept] // len(targets)))]
    for key, probability in zip(keys[order].tolist(), table[order].tolist(), strict=True):
        source, target = sources[key // len(targets)], targets[key % len(targets)]
        if source:
            forms = found.setdefault(source, {})
            if len(forms) < _MOST:
                forms[target] = probability
    return found
