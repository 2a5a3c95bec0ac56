"""The pieces of a line: words that stand close together, and what they are: numbers, periods, words.

In: a Line. Out: its Pieces from left to right; a line with values beside its words is a row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout import Line, Word
from ingest.units import find_unit

_MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹*†‡"
_NUMBER = re.compile(
    r"[(（\[]?[+<>≤≥~-]?[(（]?-?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
    r"(?:%|x|倍|¢|bps?|pts?|pp|[万亿]?[元人户家个吨股次天]?)[)）\]]?%?(?:[(（][a-z0-9][)）])?[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡]*"
)
_NIL = re.compile(r"[-–—－―]{1,2}%?|n/?[am]\.?|n\.a\.|不适用|无|[*#]{1,3}%?", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:us|hk|a|c|nt|rmb)?[$€£¥￥]|rmb", re.IGNORECASE)
_PERIOD = re.compile(
    r"(?:fy|cy)?\s?'?(?:19|20)\d\d(?:年度?|年末|[aef])?(?:[/-]\d\d)?|q[1-4](?: ?(?:fy)?'?\d{2,4})?|[1-4]q\d{2,4}|h[12](?: ?\d{2,4})?|fy'?\d\d"
    r"|(?:19|20)\d\d年\d{1,2}[-至]?\d{0,2}月(?:\d{1,2}日)?|[本上]年(?:度|末|同期|金额)?|[本上]期(?:金额|数|末)?|期[末初](?:余额|数)?|年[末初](?:余额|数)?",
    re.IGNORECASE,
)
_MEASURED = re.compile(r"(?P<number>.*\d) ?(?P<unit>[a-z][a-z0-9]{1,7})\.?", re.IGNORECASE)
_LONGEST_MEASURED = 28  # characters
_MEASURES = ("mass", "energy", "carbon", "length", "area", "volume", "power")
_CELL = re.compile(r"[(（]?[$€£¥]?[(（]?\d(?:[\d,]*\d)?(?:\.\d+)?[%)）]*")
_LEADERS = re.compile(r"[.．·…_]{3,}|(?:\. ?){4,}")


@dataclass(slots=True)
class Piece:
    """Words of a line that stand close together."""

    words: list[Word]
    text: str = ""

    def __post_init__(self) -> None:
        self.text = Line(self.words).text

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.words[-1].right

    @property
    def bare(self) -> str:
        """Its text without currency signs and spaces."""
        return _CURRENCY.sub("", self.text).replace(" ", "")

    @property
    def period(self) -> bool:
        """Whether it is a year or another period, as heads have it."""
        return bool(_PERIOD.fullmatch(self.text.strip(_MARKS + " ,;:()（）")))

    @property
    def value(self) -> bool:
        """Whether it is a number, or stands for none."""
        return bool(_NUMBER.fullmatch(self.bare) or _NIL.fullmatch(self.bare)) or self._measured()

    def _measured(self) -> bool:
        """Whether it is a number in a unit that nothing is counted in: 16,080 tons."""
        match = _MEASURED.fullmatch(self.text) if len(self.text) <= _LONGEST_MEASURED else None
        number, unit = (match["number"].strip(), find_unit(match["unit"])) if match else ("", None)
        return unit is not None and unit.family in _MEASURES and bool(_NUMBER.fullmatch(number))


def pieces(line: Line) -> list[Piece]:
    """The words of a line, parted where more than a space is between them; signs join their numbers."""
    found: list[list[Word]] = []
    for word in line.words:
        if _LEADERS.fullmatch(word.text):
            continue
        if (
            found
            and word.left - found[-1][-1].right <= 0.75 * min(word.height, found[-1][-1].height)
            and not _splits(found[-1][-1], word)
        ):
            found[-1].append(word)
        else:
            found.append([word])
    joined: list[list[Word]] = []
    for words in found:
        text = "".join(word.text for word in words)
        before = "".join(word.text for word in joined[-1]) if joined else ""
        is_sign = _CURRENCY.fullmatch(before) or before in ("(", "（", "-", "$(", "$-")
        if joined and (
            (is_sign and re.match(r"[(（\d–—-]", text))
            or (re.fullmatch(r"[%％)）]{1,2}[*†]?", text) and re.search(r"[\d–—]$", before))
        ):
            joined[-1].extend(words)
        else:
            joined.append(words)
    return [Piece(words) for words in joined]


def _splits(before: Word, word: Word) -> bool:
    """Whether two close words are two cells: a number behind a number."""
    long = len(before.text) + len(word.text) > 4
    return long and bool(_CELL.fullmatch(before.text) and _CELL.fullmatch(word.text))


def is_row(parted: Sequence[Piece]) -> bool:
    """Whether a line holds values beside, or without, words."""
    values = [piece for piece in parted[1:] if piece.value and not piece.period]
    if len(parted) > 1 and not values and parted[0].value and not parted[0].period:
        return all(piece.value for piece in parted)
    nils = sum(bool(_NIL.fullmatch(piece.bare)) for piece in values)
    return bool(values) and (nils < len(values) or len(values) > 1)


def is_heading(parted: Sequence[Piece]) -> bool:
    """Whether a line is a row of heads: its numbers are periods."""
    return any(piece.period for piece in parted) and not any(piece.value and not piece.period for piece in parted)


def parted_periods(parted: Sequence[Piece]) -> list[Piece]:
    """The pieces of a line of heads, years that stand close together parted."""
    found: list[Piece] = []
    for piece in parted:
        years = [word for word in piece.words if _PERIOD.fullmatch(word.text.strip(",;:()"))]
        found.extend([Piece([word]) for word in piece.words] if len(years) == len(piece.words) > 1 else [piece])
    return found
