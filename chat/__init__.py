"""A question becomes an Answer, and the Answer becomes something to look at.

>>> from chat import ReportChat
>>> chat = ReportChat.from_texts({"Report 2023": "In 2023 the bank served 53 million small businesses."})
>>> chat.ask("How many small businesses did the bank serve?").direct
'53 million'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat.report_chat import ReportChat

__all__ = ["ReportChat"]


def __getattr__(name: str) -> object:
    """Import `ReportChat` when it is asked for, so that importing the package stays quick."""
    if name == "ReportChat":
        from chat.report_chat import ReportChat

        return ReportChat
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
