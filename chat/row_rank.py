"""How near the name of a row is to what statements print for a line: less is nearer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from index.lines import Line, row_words, squeezed
from index.tokens import stem

ALIKE = 0.5  # the rank of a row that is called so, but for words that make no difference
_UNDER = 0.6  # the rank of a row that is called so with the heading over it
_HAN = re.compile(r"[\u3400-\u9fff]")
_FREE = frozenset(("total", "net", "consolid", "compani", "inc", "corp", "co", "plc", "corpor"))
_CONTRAST = frozenset(
    stem(word)
    for word in "noncontrolling non-controlling controlling minority discontinued continuing per share shares diluted basic gross "
    "accumulated held proceeds margin percent growth rate before".split()
)
_EQUITY = "equity"  # total liabilities and stockholders' equity are no total liabilities


def row_rank(line: Line, name: str, label: str, called: frozenset[str]) -> float | None:
    """How near a row's name is to what is printed for the line, less is nearer; None where it is another line."""
    if _HAN.search(name):
        return _chinese_rank(line, name)
    words = row_words(name)
    over = row_words(label.removesuffix(name))
    above = over if name[:1].islower() else []  # the name began on the line before
    forms = {number: row_words(form) for number, form in enumerate(line.printed) if not _HAN.search(form)}
    ranks = [rank + at for at, form in forms.items() if (rank := _rank(form, words, above, called)) is not None]
    whole = _free([*over, *words], called)
    ranks += [
        _UNDER + at for at, form in forms.items() if len(form) > len(words) and _ends(whole, _free(form, frozenset()))
    ]
    return min(ranks, default=None) if words else None


def _ends(words: Sequence[str], form: Sequence[str]) -> bool:
    """Whether a row's name with the headings over it ends in a form: "Earnings per share: / Diluted"."""
    return list(words[-len(form) :]) == list(form)


def _rank(form: Sequence[str], words: Sequence[str], above: Sequence[str], called: frozenset[str]) -> float | None:
    """How a row's words are those of a form: the same (0), but for words that make no difference, or with more behind."""
    if list(form) == list(words):
        return 0.0
    wanted, said = [_free(form, frozenset()), _free(words, called)]
    if wanted == said:
        return ALIKE
    if above:
        said = [*_free(above, called), *said]
        at = next((at for at in range(len(said)) if said[at : at + len(wanted)] == wanted), None)
        return None if at is None or set(said[at:]) & (_CONTRAST - set(wanted)) else 0.9
    wanted, said = [[word for word in some if word not in called] for some in (form, words)]
    rest = said[len(wanted) :]
    if said[: len(wanted)] != wanted or set(rest) & _CONTRAST or rest[-1:] == [_EQUITY]:
        return None
    return 0.7 + min(len(rest), 20) / 100


def _free(words: Iterable[str], called: frozenset[str]) -> list[str]:
    return [word for word in words if word not in _FREE and word not in called]


def _chinese_rank(line: Line, name: str) -> float | None:
    """The same of a Chinese name."""
    said = squeezed(name)
    ranks = [
        number + (0.0 if said == form else 0.5)
        for number, form in enumerate(line.printed)
        if said in (form, f"{form}净额", f"{form}合计", f"{form}总额")
    ]
    return min(ranks, default=None)
