"""Who looks at the page, and the conversations that those signed in have left."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from chat.conversation import Conversation

_MOST_KEPT = 500  # conversations of those signed in


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page: "" where nobody signs in."""

    name: str = ""
    may_change: bool = True


class Visitors:
    """The conversations of those signed in, while this runs."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def kept(self, visitor: Visitor) -> Conversation:
        """The conversation of someone signed in, as they left it; a new one for others."""
        return self._kept.get(visitor.name, Conversation())

    def keep(self, visitor: Visitor, conversation: Conversation) -> Conversation:
        """Remember the conversation of someone signed in."""
        if visitor.name:
            self._kept[visitor.name] = conversation
            self._kept.move_to_end(visitor.name)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return conversation
