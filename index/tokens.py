"""Words and terms of a text: what BM25 counts, the same for documents and questions.

Chinese words are those of the shipped model's tokenizer; beside them stand the character bigrams of each run, so that a
word cut otherwise is met all the same. English words are whole, lightly stemmed; numbers are whole.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.fold import fold

if TYPE_CHECKING:
    from tokenizers import Encoding
    from tokenizers.pre_tokenizers import PreTokenizer

SHIPPED = Path(os.fspath(resources.files("index").joinpath("model")))  # type: ignore[call-overload]
_FEW = 16  # runs that are cut one by one
_HAN_RUN = "[\u3400-\u9fff]+"
_OTHER_RUN = r"(?<![a-z])[a-z]&[a-z](?![a-z])|[a-zß-öø-ɏ]+(?:'[a-z]+)?|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_RUN = re.compile(f"{_HAN_RUN}|{_OTHER_RUN}")
_HAN_RUNS, _OTHER_RUNS = re.compile(_HAN_RUN), re.compile(_OTHER_RUN)
_NEAR_OTHER = re.compile(
    r"[a-z0-9ß-öø-ɏ][a-z0-9ß-öø-ɏ&',.]*"
)  # found fast, and holds whole each run that is no Chinese
_HAN = re.compile(r"[\u3400-\u9fff]")
PIECE = r"[\u3400-\u9fff]+|[a-z]+|[0-9]+"
"""What the shipped model cuts one by one, beside what stands between."""
_PIECES = re.compile(rf"{PIECE}|[^\u3400-\u9fffa-z0-9]+")
_UNKNOWN = 0
_WORD, _QUESTION = 16, 400  # characters
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


class Cut(NamedTuple):
    """A text in the normal form of a model, and the tokens that it is cut into."""

    text: str
    ids: list[int]


class Cutter:
    """Cuts texts into the tokens of a model: the `tokenizer.json` of a folder."""

    def __init__(self, file: Path) -> None:
        from tokenizers import Tokenizer, pre_tokenizers

        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        normalizer = self._tokenizer.normalizer
        self.normal = normalizer.normalize_str if normalizer else str
        self._tokenizer.normalizer = (
            None  # done before, since what the normal form is tells whether a cut can be shared
        )
        self._in_pieces = str(self._tokenizer.pre_tokenizer) == str(in_pieces())
        if self._in_pieces:  # set apart here, since its own regular expressions take longer
            self._tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()

    def cut(self, texts: Sequence[str]) -> list[Cut]:
        """Each text cut; lone surrogates, which no tokenizer takes, as a mark."""
        normal = [self.normal(text.encode("utf-8", "replace").decode("utf-8")) for text in texts]
        encoded = self._tokenizer.encode_batch_fast(self._apart(normal), add_special_tokens=False)
        return [Cut(text, one.ids) for text, one in zip(normal, encoded, strict=True)]

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Each text cut, with its tokens; few of them one by one, which takes no handing over to threads."""
        normal = self._apart([self.normal(text) for text in texts])
        if len(normal) > _FEW:
            return self._tokenizer.encode_batch(normal, add_special_tokens=False)
        return [self._tokenizer.encode(text, add_special_tokens=False) for text in normal]

    def _apart(self, normal: Sequence[str]) -> Sequence[str]:
        """The texts, with spaces between the pieces that are cut one by one where these are set apart here."""
        return [" ".join(_PIECES.findall(text)) for text in normal] if self._in_pieces else normal

    def vocabulary(self) -> list[str]:
        """The token of each id."""
        return [self._tokenizer.id_to_token(number) or "" for number in range(self._tokenizer.get_vocab_size())]


def in_pieces() -> PreTokenizer:
    """What makes a tokenizer cut a text in pieces, and leave out white space."""
    from tokenizers import Regex
    from tokenizers.pre_tokenizers import Sequence, Split

    return Sequence([Split(Regex(PIECE), "isolated"), Split(Regex(r"\s+"), "removed")])


@lru_cache(maxsize=4)
def cutter(folder: Path) -> Cutter:
    """The Cutter of the model in a folder."""
    return Cutter(folder / "tokenizer.json")


def shipped() -> Cutter:
    """The Cutter of the shipped model."""
    return cutter(SHIPPED)


@lru_cache(maxsize=16_384)
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
    return list(_of_question(text) if len(text) <= _QUESTION else _words(fold(text)))


@lru_cache(maxsize=64)
def _of_question(text: str) -> tuple[str, ...]:
    """The words of what is read for one thing after another, as questions are."""
    return tuple(_words(fold(text)))


def _words(folded: str) -> Iterator[str]:
    runs = _RUN.findall(folded)
    chinese = [run for run in runs if _HAN.match(run)]
    cut = iter(shipped().encode(chinese))
    for run in runs:
        if _HAN.match(run):
            yield from (token for token in next(cut).tokens if _HAN.match(token))
        else:
            yield _other(run)


def tokenize(text: str) -> list[str]:
    """The terms of `text`: its words and the character bigrams of its Chinese runs, each as often as it stands."""
    return list(_of_word(text) if len(text) <= _WORD else _tokenized(text))


def _tokenized(text: str) -> tuple[str, ...]:
    found = words(text)
    for run in _HAN_RUNS.findall(fold(text)):
        found.extend(run[at : at + 2] for at in range(len(run) - 1))
    return tuple(found)


_of_word = lru_cache(maxsize=16_384)(_tokenized)  # words and their translations come again with every question


def terms(texts: Sequence[str], *, folded: Sequence[str] | None = None, cuts: Sequence[Cut] | None = None) -> list[str]:
    """The terms of many texts, each as `tokenize` gives them but with spaces between and in no order: several times as fast.

    Where the texts were `folded`, or cut by the shipped model, that is not done again.
    """
    forms = [fold(text) for text in texts] if folded is None else folded
    cut = _fitting(forms, shipped().cut(texts) if cuts is None else cuts)
    every = zip(map(_tokens, forms, cut), _pairs(forms), map(_others, forms), strict=True)
    return ["".join(parts).rstrip() for parts in every]


def _fitting(folded: Sequence[str], cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts of folded texts; of those whose normal form has other Chinese characters, those of their Chinese runs."""
    other = [at for at, (text, cut) in enumerate(zip(folded, cuts, strict=True)) if not _fits(text, cut)]
    again = zip(other, shipped().cut([" ".join(_HAN_RUNS.findall(folded[at])) for at in other]), strict=True)
    made = list(cuts)
    for at, cut in again:
        made[at] = cut
    return made


def _fits(folded: str, cut: Cut) -> bool:
    same = cut.text == folded or _HAN_RUNS.findall(cut.text) == _HAN_RUNS.findall(folded)
    return same and not _other_in_normal_form().search(folded)


def _tokens(folded: str, cut: Cut) -> str:
    """The Chinese tokens of a folded text and its cut, each with a space behind it."""
    found = "".join(map(_vocabulary().__getitem__, cut.ids))
    if _UNKNOWN not in cut.ids:
        return found
    runs = _HAN_RUNS.findall(folded)
    if len(found) - found.count(" ") == sum(map(len, runs)):
        return found
    return found + "".join(f"{token} " for token in _unknown(runs))


def _unknown(runs: Sequence[str]) -> Iterator[str]:
    """What of Chinese runs the vocabulary lacks: the id of a token that it lacks does not say which it is."""
    for one in shipped().encode([run for run in runs if _rare().search(run)]):
        yield from (token for token, number in zip(one.tokens, one.ids, strict=True) if number == _UNKNOWN)


def _pairs(folded: Sequence[str]) -> list[str]:
    """The character bigrams of the Chinese runs of each text, each with a space behind it."""
    codes = np.frombuffer("\n".join(folded).encode("utf-32-le", "replace"), dtype=np.uint32)
    chinese = (codes >= 0x3400) & (codes <= 0x9FFF)
    at = np.flatnonzero(chinese[:-1] & chinese[1:])
    pairs = np.stack((codes[at], codes[at + 1], np.full_like(at, 0x20, dtype=np.uint32)), axis=1)
    written = pairs.tobytes().decode("utf-32-le")
    ends = np.cumsum([len(text) + 1 for text in folded])
    bounds = [0, *(3 * np.searchsorted(at, ends)).tolist()]
    return [written[start:end] for start, end in pairwise(bounds)]


def _others(folded: str) -> str:
    """The terms of a folded text that are no Chinese, each with a space behind it."""
    runs = (run for near in _NEAR_OTHER.findall(folded) for run in _OTHER_RUNS.findall(near))
    return "".join(f"{_other(run)} " for run in runs)


def _other(run: str) -> str:
    return run.replace(",", "") if run[0].isdigit() else stem(run)


@lru_cache(maxsize=1)
def _vocabulary() -> list[str]:
    """The Chinese token of each id, with a space behind it; "" where it is another."""
    return [f"{token} " if _HAN.match(token) else "" for token in shipped().vocabulary()]


@lru_cache(maxsize=1)
def _rare() -> re.Pattern[str]:
    """Any character that is no token: what the vocabulary lacks is made of these alone."""
    return re.compile(f"[^{''.join(token[0] for token in _vocabulary() if len(token) == 2)}]")


@lru_cache(maxsize=1)
def _other_in_normal_form() -> re.Pattern[str]:
    """Any Chinese character that the normal form of the shipped model has another for."""
    chinese = list(map(chr, range(0x3400, 0xA000)))
    forms = shipped().normal("\n".join(chinese)).split()
    return re.compile(f"[{''.join(char for char, form in zip(chinese, forms, strict=True) if char != form)}]")
