"""Raised characters: exponents stay, footnote marks do not become digits of the number before or behind them.

Loaders put raised text between UP and DOWN; `settled` decides once the whole paragraph is known.
"""

from __future__ import annotations

import re

UP, DOWN = "\ufdd0", "\ufdd1"  # noncharacters (Unicode 23.7): no document has them for itself

_RAISED = re.compile(f"{UP}([^{UP}{DOWN}]*){DOWN}")
_STRAY = re.compile(f"[{UP}{DOWN}]")
_MARK = re.compile(r"\s*(?:[\[(（]?\s*[\d*†‡§#a-h①-⑳ivx]{1,4}\s*[\])）]?[\s,，;；]*)+")
_POWER_OF_TEN = re.compile(r"(?<![\d.,])10$")
_UNIT = re.compile(r"(?:^|[\d\s/·（(])(?:[kcmdµ]?m|ft|in|yd|mi|s|米|公里|千米|厘米)$")
_SUPERSCRIPTS = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")


def settled(text: str) -> str:
    """The paragraph with its raised text in place.

    "10 raised 6" is 10^6 and "m raised 2" is m²; a mark raised after a digit or a percent sign, or before a digit, is
    left out, since the number would have one digit more; elsewhere digits become superscripts, and words stay.
    """
    if UP not in text:
        return _STRAY.sub("", text)
    parts: list[str] = []
    at = 0
    for match in _RAISED.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        parts.append(_placed("".join(parts)[-12:], match[1], text[at : at + 1]))
    return _STRAY.sub("", "".join([*parts, text[at:]]))


def _placed(before: str, raised: str, after: str) -> str:
    said = raised.strip()
    if not _MARK.fullmatch(raised) or not said:
        if re.fullmatch(r"[-−+]\d{1,3}", said):
            return f"^{said}" if _POWER_OF_TEN.search(before) else said.translate(_SUPERSCRIPTS)
        return raised
    if said.isdigit() and _POWER_OF_TEN.search(before):
        return f"^{said}"
    if said in ("2", "3") and _UNIT.search(before):
        return said.translate(_SUPERSCRIPTS)
    if re.search(r"[\d%％‰][)）]?$", before) or after.isdigit():
        return ""
    return raised.translate(_SUPERSCRIPTS) if said.isdigit() else raised
