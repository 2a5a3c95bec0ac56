"""Which Figures of a library are asked for, and in what order: as SQL over the tables of `index.store`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.fold import to_simplified, to_traditional

Order = Literal["place", "value", "label", "period", "unit"]
_ORDERS: dict[Order, str] = {
    "place": "f.label = '', d.path, f.start",  # what has no name comes last
    "value": "CAST(f.value AS REAL)",
    "label": "f.label",
    "period": "f.period",
    "unit": "f.unit",
}


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """`label` stands in the labels that are asked for, in either script, or with `whole` is all of them; `unit` is one
    as Figures have it; `period` begins the periods ("2023" finds 2023-12-31); `document` is an id. "" asks for any.
    Without `dates`, dates and ordinals are left out.
    """

    label: str = ""
    unit: str = ""
    period: str = ""
    document: str = ""
    order: Order = "place"
    descending: bool = False
    whole: bool = False
    dates: bool = True

    def where(self) -> tuple[str, list[str]]:
        """The condition on figures f and documents d, and its values."""
        terms: list[str] = []
        values: list[str] = []
        if self.label.strip():
            forms = sorted({form(self.label.strip()) for form in (str, to_simplified, to_traditional)})
            test = "f.label = ?" if self.whole else "f.label LIKE ? ESCAPE '\\'"
            terms.append("(" + " OR ".join([test] * len(forms)) + ")")
            values += forms if self.whole else [f"%{_escaped(form)}%" for form in forms]
        if self.unit:
            terms.append("f.unit = ?")
            values.append(self.unit)
        if self.period.strip():
            terms.append("f.period LIKE ? ESCAPE '\\'")
            values.append(f"{_escaped(self.period.strip())}%")
        if self.document:
            terms.append("d.id = ?")
            values.append(self.document)
        if not self.dates:
            terms.append("f.kind NOT IN ('date', 'ordinal')")
        return ("WHERE " + " AND ".join(terms) if terms else ""), values

    def ordered(self) -> str:
        """The order, always a whole one: what is equal in it stands as in the Documents."""
        place = _ORDERS["place"]
        if self.order == "place":
            return f"ORDER BY {place}"
        column = _ORDERS[self.order]
        return f"ORDER BY {column} IS NULL, {column} {'DESC' if self.descending else 'ASC'}, {place}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
