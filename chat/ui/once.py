"""What is made for the page once, while the library holds the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from index.library import Library
from index.store import DocumentInfo

_MOST_MADE = 64


class Once:
    """HTML by what it was made for: every visitor comes by the same lists first."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._made_of: tuple[DocumentInfo, ...] = ()
        self._made: OrderedDict[tuple[object, ...], str] = OrderedDict()

    def get(self, key: tuple[object, ...], made: Callable[[], str]) -> str:
        """What was made for the key; `made` makes it where it was not made yet."""
        held = self._library.documents()
        if held != self._made_of:
            self._made_of, self._made = held, OrderedDict()
        kept = self._made
        said = kept.get(key)
        if said is None:
            said = kept[key] = made()
            if len(kept) > _MOST_MADE:
                kept.popitem(last=False)
        return said
