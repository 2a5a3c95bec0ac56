"""What a frozen dataclass inherits to be handed quickly from one process to another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar


class Record:
    """Is pickled as its values: what dataclasses do of themselves takes twice as long, and documents have thousands."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]  # the names of the fields, which dataclass gives

    def __reduce__(self) -> tuple[type[Record], tuple[Any, ...]]:
        return type(self), _values(self.__match_args__)(self)


@cache
def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of fields, two at least, in order."""
    values: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)
    return values
