"""What the Figures tab does: shows the Figures that are wished for, and the form to wish with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chat.figure_table import by_unit, figure_page, wish_of
from chat.ui import table
from chat.ui.once import Once
from index.library import Library


class FiguresTab:
    """The Figures tab over one library."""

    def __init__(self, library: Library, once: Once) -> None:
        self._library = library
        self._once = once

    def filters(self, language: str, label: str = "") -> str:
        """The form of the Figures tab."""

        def made() -> str:
            units, years = self._library.figure_units(), self._library.figure_years()
            return table.filters_html(units, years, self._names(), language, label)

        return self._once.get(("filters", language, label), made)

    def table(self, data: Mapping[str, Any], language: str) -> str:
        """The rows of the Figures tab."""
        wish = wish_of(data)

        def made() -> str:
            page = figure_page(self._library, wish)
            groups = by_unit(self._library, page.wish.query) if not page.wish.offset and page.total else []
            return table.table_html(page, self._names(), language, groups)

        return self._once.get(("table", language, wish), made)

    def _names(self) -> dict[str, str]:
        return {info.id: info.name for info in self._library.documents()}
