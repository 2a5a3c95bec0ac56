"""The whole names of the rows of a table: with the sections that they stand in, and what lines above have of them."""

from __future__ import annotations

import re

from ingest.layout import Line

_TOTAL = re.compile(r"(?:sub)?total\b|合计|总计|小计|.{2,12}(?:合计|总计|小计)$", re.IGNORECASE)

_TOTAL_ALONE = re.compile(r"^(?:sub)?total\s+|(?:合计|总计|小计)$", re.IGNORECASE)


class RowNames:
    """The names of sections and the beginnings of names that stand on lines of their own above a row."""

    def __init__(self, edge: float) -> None:
        self._edge = edge
        self._sections: list[tuple[float, str]] = []
        self._rows: list[tuple[float, str]] = []
        self._begun = ""

    def meet(self, line: Line) -> None:
        """Take note of a line without values: a section, or the beginning of a name that goes on in the next line."""
        said = line.text.strip()
        if self._begun:
            said = f"{self._begun} {said}"
        self._begun = said if line.right > 0.8 * self._edge else ""
        self._rows = []
        if not self._begun:
            self._sections = [one for one in self._sections if one[0] < line.left - 1.5]
            self._sections.append((line.left, said))

    def full(self, name: str, left: float) -> str:
        """The name of a row that stands at `left`, with what it belongs under."""
        if self._sections and not self._begun and name[:1].islower():
            self._begun = self._sections.pop()[1]
        total = bool(_TOTAL.match(name))
        self._rows = [(at, said) for at, said in self._rows if at < left - 3 and not total]
        above = [said for at, said in self._sections if at < left + 4 and not (total and _exceeds(name, said))]
        above += [said for _, said in self._rows]
        if total and self._sections:
            self._sections.pop()
        full = f"{self._begun} {name}".strip()
        self._rows.append((left, full))
        return " ".join([*above, full]).strip()

    def pass_row(self, line: Line) -> None:
        """Go on below a row: a section that stands deeper is over."""
        self._begun = ""
        self._sections = [one for one in self._sections if one[0] < line.left + 4]


def _exceeds(total: str, section: str) -> bool:
    """Whether a total is of more than a section: "Total assets" below "Other assets", 资产总计 below 非流动资产."""
    counted, whole = _TOTAL_ALONE.sub("", total).strip().casefold(), section.strip(" :：").casefold()
    return bool(counted) and counted != whole and whole.endswith(counted)
