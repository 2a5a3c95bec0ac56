"""The Figures of a library as its database has them: of a Document, or those that a `FigureQuery` asks for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from index import rows
from index.database import Database
from index.figure_query import FigureQuery
from ingest.types import Figure

_KEPT_ORDERS = 8
_FIGURES = (
    "SELECT d.id, f.text, f.start, f.end, f.kind, f.value, f.high, f.unit, f.qualifier, f.period, f.label "
    "FROM figures f JOIN documents d ON d.number = f.document"
)


class StoredFigures:
    """Reads the Figures."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._orders: dict[FigureQuery, tuple[int, npt.NDArray[np.int64]]] = {}

    def of(self, document_id: str | None, start: int | None, end: int | None) -> list[tuple[str, Figure]]:
        """Figures with their Document's id, in order; of one Document, and within a range of it, where given."""
        if document_id is None:
            found = self._database.rows(f"{_FIGURES} ORDER BY d.path, f.start")
        else:
            within = "WHERE d.id = ? AND f.start BETWEEN ? AND ? AND f.end <= ? ORDER BY f.start"
            high = 2**62 if end is None else end
            found = self._database.rows(f"{_FIGURES} {within}", (document_id, start or 0, high, high))
        return [(row[0], rows.figure(row[1:])) for row in found]

    def find(self, query: FigureQuery, limit: int, offset: int) -> list[tuple[str, Figure]]:
        """The Figures that are asked for, with their Document's id: `limit` of them from the `offset`th."""
        if offset:
            found = self._from(query, limit, offset)
        else:
            where, values = query.where()
            found = self._database.rows(f"{_FIGURES} {where} {query.ordered()} LIMIT ?", (*values, limit))
        return [(row[0], rows.figure(row[1:])) for row in found]

    def _from(self, query: FigureQuery, limit: int, offset: int) -> list[Any]:
        with self._database.reading():
            places = self._order_of(query)[offset : offset + limit]
            if not len(places):
                return []
            among = f"(f.document, f.start) IN (VALUES {','.join(['(?, ?)'] * len(places))})"
            return self._database.rows(f"{_FIGURES} WHERE {among} {query.ordered()}", places.flatten().tolist())

    def _order_of(self, query: FigureQuery) -> npt.NDArray[np.int64]:
        """(number of the Document, start) of each Figure that is asked for, in order; kept for those of late, since who
        looks far down the order asks again and again; within `Database.reading`.
        """
        revision = self._database.revision()
        known = self._orders.get(query)
        if known is None or known[0] != revision:
            where, values = query.where()
            found = self._database.rows(
                "SELECT f.document, f.start FROM figures f JOIN documents d ON d.number = f.document "
                f"{where} {query.ordered()}", values,
            )  # fmt: skip
            known = self._orders[query] = (revision, np.array(found, dtype=np.int64).reshape(-1, 2))
            if len(self._orders) > _KEPT_ORDERS:
                del self._orders[next(iter(self._orders))]
        return known[1]

    def count(self, query: FigureQuery) -> int:
        """How many Figures are asked for."""
        where, values = query.where()
        joined = "JOIN documents d ON d.number = f.document" if query.document else ""
        return int(self._database.rows(f"SELECT count(*) FROM figures f {joined} {where}", tuple(values))[0][0])

    def units(self) -> list[tuple[str, int]]:
        """Each unit of the Figures and how many have it, most first."""
        return [
            (unit, count)
            for unit, count in self._database.rows("SELECT unit, count(*) FROM figures GROUP BY 1 ORDER BY 2 DESC, 1")
        ]

    def years(self) -> list[str]:
        """The years that Figures are about, latest first."""
        query = "SELECT DISTINCT substr(period, 1, 4) FROM figures WHERE period GLOB '[0-9][0-9][0-9][0-9]*' ORDER BY 1 DESC"
        return [row[0] for row in self._database.rows(query)]
