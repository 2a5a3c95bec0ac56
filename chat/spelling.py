"""Words of a question that the passages spell otherwise: 拨备复盖率 for 拨备覆盖率, "suppliars" for "suppliers"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from chat.passage import Sentence
from index.stopwords import STOP
from index.tokens import stem
from ingest.fold import fold
from ingest.pinyin import readings, spelled

_HAN_WORD = re.compile(
    r"(?:(?![哪几多谁何什么吗呢的是])[\u3400-\u9fff]){2,4}"
)  # interrogatives are never misspelt names
_ALONE = re.compile(r"[年月日家个位名它他她占共有了在为至]")  # words by themselves: 几家店 has no 家店 to be mended
_HOW_MANY = re.compile("多少")
_SHORT = 2  # characters of what people say that may be part of another word
_LATIN = re.compile(r"[a-z]{5,}")
_ASKING = {"".join(sorted(word)): word for word in "what which when where many much whose".split()}
_SHUFFLED = re.compile(r"\b[a-z]{4,5}\b")
_LONG = 7  # letters of a word that may be one of the dictionaries, misspelt
_SIZES = (4, 3, 2)  # characters of the words that are looked at, longest first
_ALIKE = 0.84  # least similarity (difflib ratio) of two spellings of an English word


Known = Callable[[str], object]
Near = Callable[[str], str]
Named = Callable[[str], Sequence[str]]


def mended(
    question: str,
    sentences: Sequence[Sentence],
    known: Known,
    near: Near,
    named: Named,
    said: re.Pattern[str] | None = None,
) -> str:
    """`question` with words that nobody knows in the spelling of a word of the sentences that sounds or looks alike.

    `known` says whether a folded word is one; those, and what stands in a sentence, are never changed. `near` is asked
    for the English word that is meant where no sentence has one like it, `named` for the names of a spelling in pinyin;
    `said` are words that people say and no sentence need have.
    """
    folded = fold(question)
    kept = [match.span() for match in _HOW_MANY.finditer(folded)]
    kept += [match.span() for match in said.finditer(folded) if len(match[0]) > _SHORT] if said else []
    texts = "\n".join(sentence.folded for sentence in sentences)
    words = sorted({word for sentence in sentences for word in sentence.words})
    for start, end in kept:
        folded = folded[:start] + " " * (end - start) + folded[end:]
    changes = [*_chinese(folded, texts, words, known, named), *_latin(question, texts, known, near)]
    for start, end, instead in sorted(changes, reverse=True):
        question = question[:start] + instead + question[end:]
    return question


def _chinese(
    folded: str, texts: str, words: Sequence[str], known: Known, named: Named
) -> Iterator[tuple[int, int, str]]:
    """Words of two to four characters, the longest first, with the word of a sentence that sounds like them."""
    candidates = [word for word in words if _HAN_WORD.fullmatch(word)]
    taken = [False] * len(folded)
    stands = [
        folded[at : at + 2] in texts or (at > 0 and folded[at - 1 : at + 1] in texts) for at in range(len(folded))
    ]
    for size in _SIZES:
        for at in range(len(folded) - size + 1):
            piece = folded[at : at + size]
            if any(taken[at : at + size]) or not _HAN_WORD.fullmatch(piece) or piece in texts or known(piece):
                continue
            names = (name for name in named(spelled(piece)) if len(name) == size)
            instead = next((word for word in (*names, *candidates) if _sounds_like(piece, word)), "")
            if size == 2 and (_ALONE.search(piece) or _ALONE.search(instead)):
                continue
            # 在南 of 在南屏银行 sounds like 再难, but 南屏 stands in the passages as it is.
            changed = [at + place for place in range(len(instead)) if instead[place] != piece[place]]
            if instead and not any(stands[place] for place in changed):
                taken[at : at + size] = [True] * size
                yield at, at + size, instead


def _sounds_like(piece: str, word: str) -> bool:
    """Whether two words of one length differ in a character or two that are read alike."""
    if len(piece) != len(word) or not any(a == b for a, b in zip(piece, word, strict=True)):
        return False
    return all(a == b or readings(a) & readings(b) for a, b in zip(piece, word, strict=True))


def _latin(question: str, texts: str, known: Known, near: Near) -> Iterator[tuple[int, int, str]]:
    """Interrogatives whose letters are shuffled, and English words, each with the nearest of a sentence, else of the
    dictionaries; what may be a name is left.
    """
    present = sorted(set(_LATIN.findall(texts)))
    folded = fold(question)
    for match in _SHUFFLED.finditer(folded):
        instead = _ASKING.get("".join(sorted(match[0])), match[0])
        if instead != match[0] and not known(match[0]):
            yield match.start(), match.end(), instead
            folded = folded[: match.start()] + " " * len(instead) + folded[match.end() :]
    for match in _LATIN.finditer(folded):
        if match[0] not in present and stem(match[0]) not in STOP and not known(match[0]):
            alike = get_close_matches(match[0], present, n=1, cutoff=_ALIKE)
            meant = question[match.start()].islower() and len(match[0]) >= _LONG  # short ones are near to many
            instead = alike[0] if alike else near(match[0]) if meant else ""
            if instead and instead[0] == match[0][0]:
                yield match.start(), match.end(), instead
