"""A question becomes Hits: words lead where they match, meaning where they do not.

The score of a Chunk is its BM25 as a share of the most that the question's words could give, plus a share of its
cosine. Where no word matches, the cosine alone decides; rank fusion, which forgets how well a word matched, did worse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.embed import Matrix
from index.lexical import LexicalIndex
from index.lexicon import Lexicon
from index.phrases import grouped, joined, stretches
from index.tokens import tokenize, words
from index.vectors import VectorStore
from ingest.fold import fold

CANDIDATES = 60  # taken from each side
_ALPHA = 0.25  # share of the cosine
_ALPHA_FOREIGN = 0.5  # where the question is in another language than most Chunks
_MOST_WORDS = 64
_SATURATED = 2.2  # k1 + 1: what a term can count at most, in idf
_TRANSLATIONS = 6
_BESIDE = 0.7  # what a translation counts where the word itself is in the library too
_SYNONYM = 0.4  # what a synonym counts
_SURE = 0.8  # the least weight of a phrase's translation that is searched for
_LATIN = re.compile(r"[a-z]{4,}")

Wanted = list[list[tuple[str, float]]]
Spelled = Callable[[str], Sequence[str]]


def wanted_terms(question: str, lexical: LexicalIndex, lexicon: Lexicon, spelled: Spelled) -> Wanted:
    """The question's terms, each with its translations and pinyin names that the library has, weighed; rarest first."""
    wanted: Wanted = []
    for term in dict.fromkeys(tokenize(question)):
        alternatives = [(term, 1.0)] if lexical.frequency(term) else []
        if not term[0].isdigit():
            share = _BESIDE if alternatives else 1.0
            others = _in_library(lexicon.translate(term), lexical)
            alternatives += [(form, share * weight) for form, weight in others]
            likes = _in_library(lexicon.synonyms(term), lexical)
            alternatives += [(form, _SYNONYM * weight) for form, weight in likes if form not in dict(alternatives)]
        wanted.append(alternatives or [(term, 1.0)])
    wanted += [[(form, 1.0)] for form in _phrased(question, lexical, lexicon)]
    wanted += [[(form, 1.0) for form in forms] for forms in _spelled(question, lexical, spelled) if forms]
    wanted.sort(key=lambda forms: -max(weight * lexical.idf(form) for form, weight in forms))
    return wanted[:_MOST_WORDS]


def _phrased(question: str, lexical: LexicalIndex, lexicon: Lexicon) -> list[str]:
    """The terms of what the phrases of the question are in the other language."""
    groups = [
        group
        for stretch in stretches(fold(question))
        for group in grouped(words(stretch), lexicon.translate, str.isalpha)
    ]
    forms = [
        form
        for group in groups
        if len(group) > 1
        for form, weight in lexicon.translate(joined(group))
        if weight >= _SURE
    ]
    forms += _written(fold(question), lexicon)
    terms = dict.fromkeys(term for form in forms for term in tokenize(form))
    return [term for term in terms if lexical.frequency(term)]


def _written(question: str, lexicon: Lexicon) -> list[str]:
    """What reports write, in either language, for what a folded question says otherwise."""
    own = [form for match in lexicon.spoken.finditer(question) for form, _ in lexicon.synonyms(match[0])]
    others = [form for one in own for form, weight in lexicon.translate(one) if weight >= _SURE]
    return [*own, *others]


def _spelled(question: str, lexical: LexicalIndex, spelled: Spelled) -> Iterator[list[str]]:
    """For each Latin word of the question, the terms of the Chinese names that it spells."""
    for word in dict.fromkeys(_LATIN.findall(question.lower())):
        terms = (term for name in spelled(word) for term in tokenize(name))
        yield [term for term in dict.fromkeys(terms) if lexical.frequency(term)][:_TRANSLATIONS]


def _in_library(forms: Sequence[tuple[str, float]], lexical: LexicalIndex) -> list[tuple[str, float]]:
    """The first forms, or the first words of them, that the library's words hold."""
    found: dict[str, float] = {}
    for form, weight in forms:
        parts = [part for part in tokenize(form) if lexical.frequency(part)]
        whole = [part for part in parts if part == form.replace(" ", "")] or parts[:2]
        for part in whole:
            found.setdefault(part, weight)
        if len(found) >= _TRANSLATIONS:
            break
    return list(found.items())


def ranked(
    wanted: Wanted, vector: Matrix, lexical: LexicalIndex, dense: VectorStore, *, among: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """(number, score) of the Chunks that answer best, best first, equal ones by number; `vector` is (1, dimensions)."""
    greatest = _SATURATED * sum(max(lexical.idf(form) for form, _ in forms) for forms in wanted)
    found = dict(lexical.search(wanted, CANDIDATES, among)) if wanted else {}
    cosines = dict(zip(*_listed(dense, vector, among), strict=True))
    missing = [number for number in found if number not in cosines]
    if missing:
        cosines.update(zip(missing, (dense.vectors(missing) @ vector[0]).tolist(), strict=True))
    direct = sum(1 for forms in wanted if forms[0][1] == 1.0 and lexical.frequency(forms[0][0]))
    alpha = _ALPHA if 2 * direct >= len(wanted) else _ALPHA_FOREIGN
    scores = {
        number: found.get(number, 0.0) / (greatest or 1.0) + alpha * max(cosine, 0.0)
        for number, cosine in cosines.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _listed(dense: VectorStore, vector: Matrix, among: Sequence[int] | None) -> tuple[list[int], list[float]]:
    scores, numbers = dense.search(vector, CANDIDATES, among)
    return numbers.tolist(), scores.tolist()
