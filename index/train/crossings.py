"""The terms of an index that stand for a word of the other language, weighed by how likely they translate it.

What the alignment of parallel texts learned leads, both ways at once: a word that is often translated so, by a word that
seldom translates another, weighs most. Dictionary entries stand beside, and finance terms come first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from index.tokens import words
from index.train.alignment import Tables, Translations

_HAN = re.compile(r"[\u3400-\u9fff]")
_SHARPNESS = 0.4  # how far a less likely translation falls behind the likeliest
_LISTED = 0.5  # the weight of a dictionary's first translation where texts say nothing of it
_LED = 1.0  # of a term of reports
_LEAST, _MOST = 0.15, 10
_ASKING = frozenset(
    """a an the of to in on at for from by with and or as is are was were be been being do does did have has had it its this that
    these those what which who whom whose when where why how many much any there than into per not no can could will would
    的 了 在 是 有 和 与 及 或 为 于 对 从 由 被 把 将 其 该 这 那 个 多少 什么 哪 哪些 哪个 几 怎么 怎样 如何 为什么 是否 吗 呢 多""".split()
)


def crossings(tables: Tables, listed: Mapping[str, Sequence[tuple[str, float]]]) -> Iterable[tuple[str, str]]:
    """(word, its terms as `term:weight|...` in percent) of every word that the tables or the dictionaries know."""
    for one, other in ((tables.to_english, tables.to_chinese), (tables.to_chinese, tables.to_english)):
        for word in sorted(one):
            if word not in _ASKING and bool(_HAN.match(word)) == (one is tables.to_english):
                forms = _learned(word, one, other)
                _add_listed(forms, listed.get(word, ()))
                if written := _written(forms):
                    yield word, written
    for word in sorted(listed.keys() - tables.to_english.keys() - tables.to_chinese.keys() - _ASKING):
        forms = {}
        if " " not in word:
            _add_listed(forms, listed[word])
        if written := _written(forms):
            yield word, written


def _learned(word: str, one: Translations, other: Translations) -> dict[str, float]:
    chinese = bool(_HAN.match(word))
    likely = {
        form: math.sqrt(p * other.get(form, {}).get(word, 0.0))
        for form, p in one[word].items()
        if form not in _ASKING and bool(_HAN.match(form)) != chinese
    }
    most = max(likely.values(), default=0.0)
    return {form: (p / most) ** _SHARPNESS for form, p in likely.items() if p > 0.03} if most > 0 else {}


def _add_listed(forms: dict[str, float], listed: Sequence[tuple[str, float]]) -> None:
    for form, weight in listed:
        # a Chinese form of two characters is a bigram of the index, whether it is a word of the tokenizer or not
        parts = form.split() if form.isascii() else [form] if len(form) == 2 else words(form)
        if len(parts) == 1 and parts[0] not in _ASKING:
            forms[parts[0]] = max(forms.get(parts[0], 0.0), _LED if weight >= 1.0 else _LISTED * weight)


def _written(forms: Mapping[str, float]) -> str:
    best = sorted(forms.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
    return "|".join(f"{form}:{round(100 * weight)}" for form, weight in best if weight >= _LEAST)
