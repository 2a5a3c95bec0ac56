"""Words and terms of a text: what BM25 counts, the same for documents and questions.

Chinese words are those of the shipped model's tokenizer; beside them stand the character bigrams of each run, so that a
word cut otherwise is met all the same. English words are whole, lightly stemmed; numbers are whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.fold import fold

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_FEW = 16  # runs that are cut one by one
_RUN = re.compile(
    r"[\u3400-\u9fff]+|(?<![a-z])[a-z]&[a-z](?![a-z])|[a-zß-öø-ɏ]+(?:'[a-z]+)?|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIRST_HAN = "\u3400"  # no other run begins with so high a character
_UNKNOWN = 0
_WORD = 16  # characters
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""))
_IRREGULAR = {
    form: base
    for base, forms in (
        pair.split(":")
        for pair in """
        buy:bought sell:sold pay:paid make:made give:gave,given get:got,gotten take:took,taken spend:spent build:built
        lend:lent send:sent win:won lose:lost grow:grew,grown rise:rose,risen fall:fell,fallen hold:held lead:led
        keep:kept leave:left meet:met teach:taught bring:brought begin:began,begun become:became write:wrote,written
        choose:chose,chosen drive:drove,driven withdraw:withdrew,withdrawn undertake:undertook,undertaken draw:drew,drawn
        speak:spoke,spoken break:broke,broken earn:earnt run:ran find:found see:saw,seen know:knew,known tell:told
        say:said do:did,done go:went,gone come:came have:had,has die:died,dying woman:women man:men child:children
        person:persons foot:feet datum:data
        """.split()
    )
    for form in forms.split(",")
}
_KEPT = frozenset("business process loss this his is was us gas plus news series less across address access".split())


@lru_cache(maxsize=1)
def tokenizer() -> Tokenizer:
    """The shipped model's tokenizer."""
    from tokenizers import Tokenizer

    return Tokenizer.from_str(resources.files("index").joinpath("model/tokenizer.json").read_text("utf-8"))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """An English word without its ending: users and user, rated and rate, are one."""
    word = word.split("'")[0]
    word = _IRREGULAR.get(word, word)
    if word in _KEPT or len(word) < 4 or word.endswith("ss"):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def words(text: str) -> list[str]:
    """The words of `text`, folded, in order, without punctuation."""
    return list(_words(fold(text)))


def _cut(runs: list[str]) -> list[Encoding]:
    """The runs cut into tokens; few of them one by one, which takes no handing over to other threads."""
    if len(runs) > _FEW:
        return tokenizer().encode_batch(runs, add_special_tokens=False)
    return [tokenizer().encode(run, add_special_tokens=False) for run in runs]


def _words(folded: str) -> Iterator[str]:
    runs = _RUN.findall(folded)
    chinese = [run for run in runs if _HAN.match(run)]
    cut = iter(_cut(chinese))
    for run in runs:
        if _HAN.match(run):
            yield from (token for token in next(cut).tokens if _HAN.match(token))
        else:
            yield run.replace(",", "") if run[0].isdigit() else stem(run)


def tokenize(text: str) -> list[str]:
    """The terms of `text`: its words and the character bigrams of its Chinese runs, each as often as it stands."""
    return list(_of_word(text) if len(text) <= _WORD else _tokenized(text))


def _tokenized(text: str) -> tuple[str, ...]:
    folded = fold(text)
    found = list(_words(folded))
    for run in _RUN.findall(folded):
        if _HAN.match(run):
            found.extend(run[at : at + 2] for at in range(len(run) - 1))
    return tuple(found)


_of_word = lru_cache(maxsize=65536)(_tokenized)  # words and their translations come again with every question


def bags(texts: Sequence[str]) -> list[list[str]]:
    """The terms of many texts, each as `tokenize` gives them but in no order: several times as fast."""
    every = [_RUN.findall(fold(text)) for text in texts]
    chinese = [[run for run in runs if run >= _FIRST_HAN] for runs in every]
    cut = tokenizer().encode_batch_fast([" ".join(runs) for runs in chinese], add_special_tokens=False)
    found: list[list[str]] = []
    for runs, han, encoded in zip(every, chinese, cut, strict=True):
        ids = encoded.ids
        if _UNKNOWN in ids:  # a character that the vocabulary lacks: its id does not say which
            tokens = [token for one in tokenizer().encode_batch(han, add_special_tokens=False) for token in one.tokens]
            terms = [token for token in tokens if _HAN.match(token)]
        else:
            terms = [token for token in map(_vocabulary().__getitem__, ids) if token]
        for run in runs:
            if run >= _FIRST_HAN:
                terms.extend(map("".join, pairwise(run)))
            else:
                terms.append(run.replace(",", "") if run[0].isdigit() else stem(run))
        found.append(terms)
    return found


@lru_cache(maxsize=1)
def _vocabulary() -> list[str]:
    """The Chinese token of each id, "" where it is another."""
    tokens = (tokenizer().id_to_token(number) or "" for number in range(tokenizer().get_vocab_size()))
    return [token if _HAN.match(token) else "" for token in tokens]
