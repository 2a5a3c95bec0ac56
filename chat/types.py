"""What chat makes: Answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ingest.types import Figure


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a Document that supports an answer.

    `text == document.text[start:end]`, and `document.source_text[source_start:source_end]` is what the file says there.
    `recognised` is how sure that is, from 0 to 1, where it was read from a picture; 1 for all other text.
    """

    number: int
    document_id: str
    document: str
    title: str
    page: int
    section: str
    text: str
    start: int
    end: int
    source_start: int
    source_end: int
    recognised: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """The Quote as the contract has it."""
        names = ["number", "document", "title", "page", "section", "text", "start", "end", "source_start", "source_end"]
        return {**{name: getattr(self, name) for name in names}, "recognised": round(self.recognised, 4)}


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """A Figure and the number of the Quote that it stands in."""

    figure: Figure
    quote: int

    def to_dict(self) -> dict[str, Any]:
        """The Figure as the contract has it; `value` and `high` as decimal strings without exponent."""
        figure = self.figure
        return {
            "text": figure.text,
            "value": format(figure.value, "f"),
            "high": None if figure.high is None else format(figure.high, "f"),
            "kind": figure.kind,
            "unit": figure.unit,
            "qualifier": figure.qualifier,
            "period": figure.period,
            "label": figure.label,
            "quote": self.quote,
            "start": figure.start,
            "end": figure.end,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that a language model wrote and that is not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question. Without a Quote it is "not found", and `text` says what is missing.

    `direct` is the shortest answer; `text` the whole reply in plain text with [1] marks; `related` the nearest passages
    where nothing answers. `missing` names what the question asks for and the library does not state. `confidence` is a
    calibrated probability that the answer is right. `language` is the language and script of the reply: "zh-Hans",
    "zh-Hant" or "en".

    `writer` is the language model that wrote `text`, "" where the text is the reports' own words; `left_out` is what it
    wrote that did not hold; `notice` is one line that says why it did not write, where it was asked to. `standalone` is
    the question as it was understood, where it leaned on earlier ones.
    """

    question: str
    direct: str = ""
    text: str = ""
    figures: tuple[QuotedFigure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    related: tuple[Quote, ...] = ()
    missing: tuple[str, ...] = ()
    confidence: float = 0.0
    language: str = "zh-Hans"
    seconds: dict[str, float] = field(default_factory=dict)
    writer: str = ""
    left_out: tuple[LeftOut, ...] = ()
    notice: str = ""
    standalone: str = ""

    @property
    def found(self) -> bool:
        """Whether a passage answers the question."""
        return bool(self.quotes)

    def to_dict(self) -> dict[str, Any]:
        """The Answer as the contract has it: plain dicts, lists, strings and numbers."""
        return {
            "question": self.question,
            "found": self.found,
            "direct": self.direct,
            "text": self.text,
            "figures": [figure.to_dict() for figure in self.figures],
            "quotes": [quote.to_dict() for quote in self.quotes],
            "related": [quote.to_dict() for quote in self.related],
            "missing": list(self.missing),
            "confidence": round(self.confidence, 4),
            "language": self.language,
            "writer": self.writer,
            "left_out": [{"text": one.text, "reason": one.reason} for one in self.left_out],
            "notice": self.notice,
            "standalone": self.standalone,
            "seconds": {name: round(value, 6) for name, value in self.seconds.items()},
        }
