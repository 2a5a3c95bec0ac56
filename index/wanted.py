"""What of an index a question looks for: its terms, and what stands for them in the other language.

Where the question names a measure, so are the lines of reports that it is read from (`index.measures`); where it comes near to
a concept in other words, so are the terms of that (`index.glossary`). Translations are weighed by how likely they are, after the probabilistic structured queries of Darwish and Oard,
"Probabilistic Structured Query Methods" (SIGIR 2003), but the best one found counts, where theirs add up. No word counts
for more than it does in everyday language: "of" is rare in a Chinese library, and says nothing for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.glossary import Glossary
from index.lexical import SATURATED, LexicalIndex
from index.lexicon import Lexicon
from index.measures import read_from
from index.phrases import grouped, joined, stretches
from index.stopwords import STOP
from index.tokens import tokenize, words
from ingest.fold import fold

_MOST = 64  # groups that are searched for
_SPELLINGS = 6
_OWN = 0.5  # the most of a question that may be said in the other language, where lines of reports are looked for
_SURE = 0.8  # the least weight of a phrase's translation that is searched for
_CONCEPT = 1.5  # the weight of the terms of a concept that the question comes near to, at a score of 1; at most 1
_MET = (0.18, 0.28)  # share of the question that one Chunk has as it is said: from the first on, concepts count less
_LATIN = re.compile(r"[a-z]{4,}")

Spelled = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Wanted:
    """One thing looked for: (term, weight in (0, 1]) of which the best found counts, and what it counts for at most."""

    forms: tuple[tuple[str, float], ...]
    idf: float
    direct: bool  # whether the library has the question's own term


def wanted_terms(question: str, lexical: LexicalIndex, lexicon: Lexicon, spelled: Spelled) -> list[Wanted]:
    """What the question looks for in the library, what counts most first."""
    own = frozenset(words(question))
    folded = fold(question)
    terms = dict.fromkeys(tokenize(question))
    groups = [group for term in terms if (group := _group(term, term in own, lexical, lexicon))]
    other = across([group for group in groups if group.forms[0][0] not in STOP])
    groups = _reported(folded, groups, lexical, lexicon)
    held = {form for group in groups for form, _ in group.forms}
    phrased = [term for term in _phrased(folded, lexical, lexicon) if term not in held] if other else []
    groups += [Wanted(((term, other),), other * lexical.idf(term), False) for term in phrased]
    names = [tuple((form, 1.0) for form in forms) for forms in _spelled(question, lexical, spelled) if forms]
    groups += [Wanted(forms, max(lexical.idf(form) for form, _ in forms), False) for forms in names]
    lines = read_from(question) if other <= _OWN else ()
    groups += [_line(term, lexical, lexicon) for term in lines if term not in held and lexical.frequency(term)]
    groups += _of_concepts(folded, groups, lexical, lexicon)
    return sorted(groups, key=lambda group: -group.idf)[:_MOST]


def _group(term: str, is_word: bool, lexical: LexicalIndex, lexicon: Lexicon) -> Wanted | None:
    """The term and what stands for it; None for a bigram, or a word that says nothing, that is not in the library."""
    direct = lexical.frequency(term) > 0
    forms = {term: 1.0} if direct else {}
    if is_word and not term[0].isdigit():
        for form, weight in _across(term, lexical, lexicon):
            forms[form] = max(forms.get(form, 0.0), weight)
    if not forms and is_word:
        forms[term] = 1.0
    if not forms:
        return None
    most = max(weight * lexical.idf(form) for form, weight in forms.items())
    share = min(1.0, lexicon.everyday_idf(term) / most)
    return Wanted(tuple((form, share * weight) for form, weight in forms.items()), share * most, direct)


def across(wanted: Sequence[Wanted]) -> float:
    """What share of what is wanted the library does not have in the question's own words, in [0, 1]."""
    total = sum(one.idf for one in wanted)
    return 1 - sum(one.idf for one in wanted if one.direct) / total if total else 1.0


def _line(term: str, lexical: LexicalIndex, lexicon: Lexicon) -> Wanted:
    """A term that the question does not say, and that reports write for it."""
    idf = lexical.idf(term)
    share = min(1.0, lexicon.everyday_idf(term) / idf)
    return Wanted(((term, share),), share * idf, True)


def _of_concepts(folded: str, groups: Sequence[Wanted], lexical: LexicalIndex, lexicon: Lexicon) -> Iterator[Wanted]:
    """For each concept that the question comes near to, its terms that are not looked for yet, of which the best counts; none
    where a Chunk has what the question says as it is said.
    """
    concepts = Glossary.load().concepts(folded)
    unmet = _unmet(groups, lexical) if concepts else 0.0
    held = {form for group in groups for form, _ in group.forms}
    for concept in concepts if unmet else ():
        terms = dict.fromkeys(term for form in concept.forms for term in tokenize(form))
        lines = [_line(term, lexical, lexicon) for term in terms if term not in held and lexical.frequency(term)]
        held.update(terms)
        if lines:
            weight = unmet * min(_CONCEPT * concept.score, 1.0)
            forms = tuple((form, weight * share) for line in lines for form, share in line.forms)
            yield Wanted(forms, weight * max(line.idf for line in lines), True)


def _unmet(groups: Sequence[Wanted], lexical: LexicalIndex) -> float:
    """How far no Chunk has what the question says as it is said: 0 where one has much of it, 1 where none has."""
    greatest = SATURATED * sum(group.idf for group in groups)
    best = lexical.search([group.forms for group in groups], 1)
    share = best[0][1] / greatest if best and greatest else 0.0
    return min(max((_MET[1] - share) / (_MET[1] - _MET[0]), 0.0), 1.0)


def _across(word: str, lexical: LexicalIndex, lexicon: Lexicon) -> Iterator[tuple[str, float]]:
    return ((form, weight) for form, weight in lexicon.crossing(word) if lexical.frequency(form))


def _reported(folded: str, groups: list[Wanted], lexical: LexicalIndex, lexicon: Lexicon) -> list[Wanted]:
    """The groups with what reports write for what the question says, as other forms of the same: the rarest term of what is
    written for the rarest of what is said, and so on.
    """
    by_term = {group.forms[0][0]: group for group in groups}
    held = {form for group in groups for form, _ in group.forms}
    for said in lexicon.spoken.finditer(folded):
        written = dict.fromkeys(term for form in lexicon.reported(said[0]) for term in tokenize(form))
        new = sorted((term for term in written if lexical.frequency(term) and term not in held), key=lexical.idf)[::-1]
        own = sorted((term for term in tokenize(said[0]) if term in by_term), key=lambda term: -by_term[term].idf)
        held.update(new)
        for number, term in enumerate(new):
            key = own[min(number, len(own) - 1)] if own else term
            other, one = _line(term, lexical, lexicon), by_term.get(key)
            by_term[key] = Wanted((*one.forms, *other.forms), max(one.idf, other.idf), one.direct) if one else other
    return list(by_term.values())


def _phrased(folded: str, lexical: LexicalIndex, lexicon: Lexicon) -> list[str]:
    """The terms of what the phrases of the question are in the other language."""
    groups = [group for stretch in stretches(folded) for group in grouped(words(stretch), lexicon.listed, str.isalpha)]
    forms = (
        form for group in groups if len(group) > 1 for form, weight in lexicon.listed(joined(group)) if weight >= _SURE
    )
    terms = dict.fromkeys(term for form in forms for term in tokenize(form))
    return [term for term in terms if lexical.frequency(term)]


def _spelled(question: str, lexical: LexicalIndex, spelled: Spelled) -> Iterator[list[str]]:
    """For each Latin word of the question, the rarest term of each of the Chinese names that it spells."""
    for word in dict.fromkeys(_LATIN.findall(question.lower())):
        names = ([term for term in tokenize(name) if lexical.frequency(term)] for name in spelled(word))
        rarest = (max(terms, key=lambda term: (lexical.idf(term), len(term))) for terms in names if terms)
        yield list(dict.fromkeys(rarest))[:_SPELLINGS]
