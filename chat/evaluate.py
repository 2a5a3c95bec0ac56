"""Questions with expected answers, and how far the chat's answers meet them.

A line of a questions file is a JSON object:

    {"id": "q1", "question": "...", "language": "zh-Hans", "kind": "single", "document": "report.txt", "found": true,
     "figures": [{"value": "53000000", "unit": "户"}], "names": [], "quote": "累计服务小微用户超5300万"}

`figures` are the values of the direct answer (decimal strings, 万 and million applied; `unit` may be ""), `names`
strings of which one must be in the answer, `quote` a piece that a quote must contain. Where `found` is false, the
right answer is that the reports do not say.
"""

from __future__ import annotations

import json
import math
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Protocol

from chat.types import Answer
from ingest.figures import find_figures
from ingest.fold import fold
from ingest.labels import singular
from ingest.types import Figure
from ingest.units import same_unit

_BINS = 10


class InvalidQuestions(ValueError):
    """A questions file that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class ExpectedFigure:
    """A value that the direct answer must give."""

    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A question and what answers it."""

    id: str
    question: str
    language: str
    kind: str
    document: str | None
    found: bool
    figures: tuple[ExpectedFigure, ...] = ()
    names: tuple[str, ...] = ()
    quote: str | None = None


class Asks(Protocol):
    """Whatever answers questions."""

    def ask(self, question: str) -> Answer:
        """The Answer to a question."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """How one answer was judged. `direct` is None where no figure or name is expected."""

    expected: Expected
    right: bool
    direct: bool | None
    quote: bool | None
    unsupported: int
    confidence: float
    found: bool
    seconds: float


def load_questions(path: Path) -> list[Expected]:
    """The questions of a file; InvalidQuestions names the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidQuestions(f"{path}: cannot be read ({error}). Give a file of JSON lines in UTF-8.") from error
    found: list[Expected] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_expected(json.loads(line)))
            except (ValueError, KeyError, TypeError, InvalidOperation, AttributeError) as error:
                raise InvalidQuestions(
                    f"{path}, line {number}: {type(error).__name__}: {error}. See `report-chat evaluate --help`."
                ) from error
    return found


def _expected(row: dict[str, Any]) -> Expected:
    figures = tuple(
        ExpectedFigure(Decimal(item["value"]), fold(item.get("unit", ""))) for item in row.get("figures", ())
    )
    return Expected(
        id=str(row["id"]),
        question=str(row["question"]),
        language=str(row.get("language", "")),
        kind=str(row.get("kind", "")),
        document=row.get("document"),
        found=bool(row["found"]),
        figures=figures,
        names=tuple(row.get("names", ())),
        quote=row.get("quote"),
    )


def judge(expected: Expected, answer: Answer, seconds: float = 0.0) -> Judged:
    """Whether the answer is the expected one."""
    quote = _quoted(expected, answer) if expected.found and expected.quote else None
    direct = _direct(expected, answer) if expected.found else None
    if expected.found:
        right = answer.found and direct is not False and (direct is True or quote is not False)
    else:
        right = not answer.found
    return Judged(expected, right, direct, quote, unsupported(answer), answer.confidence, answer.found, seconds)


def is_figure(figure: Figure, wanted: ExpectedFigure) -> bool:
    """Whether a Figure has the value expected, and the unit: by what it means, or as it is printed (元 of 新臺幣5亿元,
    tonnes of 5 tonnes CO2e).
    """
    if figure.value != wanted.value:
        return False
    unit = wanted.unit
    printed = re.search(rf"[0-9万亿 ]{re.escape(unit)}(?![a-z])", fold(figure.text))
    return not unit or same_unit(figure.unit, unit) or singular(unit) == figure.unit or printed is not None


def _direct(expected: Expected, answer: Answer) -> bool | None:
    if expected.figures:
        shown = [item.figure for item in answer.figures][: max(1, len(expected.figures))]
        return all(any(is_figure(figure, wanted) for figure in shown) for wanted in expected.figures)
    if expected.names:
        said = fold(answer.direct + "\n" + answer.text)
        return answer.found and any(fold(name) in said for name in expected.names)
    return None


def _quoted(expected: Expected, answer: Answer) -> bool:
    piece = fold(expected.quote or "")
    return any(
        (piece in fold(quote.text) or fold(quote.text) in piece)
        and expected.document in (None, quote.document, quote.title)
        for quote in answer.quotes
    )


def unsupported(answer: Answer) -> int:
    """How many figures the answer states that stand in none of its quotes nor in the question; it must be 0."""
    if not answer.found:
        return 0
    values = {
        _value(figure) for text in (answer.question, *(q.text for q in answer.quotes)) for figure in find_figures(text)
    }
    values |= {str(item.figure.value.normalize()) for item in answer.figures}
    said = find_figures(answer.direct)
    return sum(_value(figure) not in values for figure in said)


def _value(figure: Figure) -> str:
    return str(figure.period) if figure.kind == "date" else str(figure.value.normalize())


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The judgements of a run, and what they come to."""

    judged: tuple[Judged, ...]

    def scores(self) -> dict[str, tuple[int, int]]:
        """(right, asked) by score: answerable, figure, name, quote, refused, and by kind and language."""
        groups: dict[str, list[bool]] = defaultdict(list)
        for item in self.judged:
            expected = item.expected
            groups["answerable" if expected.found else "refused"].append(item.right)
            if expected.found and expected.figures:
                groups["figure"].append(bool(item.direct))
            elif expected.found and expected.names:
                groups["name"].append(bool(item.direct))
            if item.quote is not None:
                groups["quote"].append(item.quote)
            groups[f"language {expected.language}, {'answerable' if expected.found else 'refused'}"].append(item.right)
            groups[f"kind {expected.kind}"].append(item.right)
        return {
            name: (sum(values), len(values))
            for name, values in sorted(groups.items(), key=lambda item: (" " in item[0], item[0]))
        }

    @property
    def unsupported(self) -> int:
        """Figures shown that stand in no quote."""
        return sum(item.unsupported for item in self.judged)

    def calibration_error(self) -> float:
        """Expected calibration error over ten bins (Guo et al., arXiv 1706.04599) of the answers given."""
        bins: dict[int, list[Judged]] = defaultdict(list)
        given = [item for item in self.judged if item.found]
        for item in given:
            bins[min(int(item.confidence * _BINS), _BINS - 1)].append(item)
        gaps = (abs(sum(i.right for i in items) - sum(i.confidence for i in items)) for items in bins.values())
        return sum(gaps) / max(len(given), 1)

    def to_dict(self) -> dict[str, Any]:
        """All scores, for machines."""
        rows = {
            name: {"right": r, "asked": n, "share": round(r / n, 4), "interval": wilson(r, n)}
            for name, (r, n) in self.scores().items()
        }
        return {
            "scores": rows,
            "unsupported_figures": self.unsupported,
            "calibration_error": round(self.calibration_error(), 4),
            "median_seconds": round(self._median(), 4),
            "wrong": [item.expected.id for item in self.judged if not item.right],
        }

    def _median(self) -> float:
        return statistics.median(item.seconds for item in self.judged) if self.judged else 0.0

    def table(self) -> str:
        """All scores, for people."""
        lines = [f"{'':44}{'right':>7}{'of':>6}{'share':>8}   95 % interval"]
        for name, (right, asked) in self.scores().items():
            low, high = wilson(right, asked)
            lines.append(f"{name:44}{right:7}{asked:6}{right / asked:8.1%}   {low:.1%} to {high:.1%}")
        lines.append(f"unsupported figures: {self.unsupported}")
        lines.append(
            f"expected calibration error: {self.calibration_error():.3f}; median {1000 * self._median():.0f} ms a question"
        )
        return "\n".join(lines)


def compared(runs: Mapping[str, Evaluation]) -> str:
    """Runs over the same questions side by side, each with how many it gains and loses against the first."""
    names = ("answerable", "refused", "quote")
    lines = [f"{'':10}" + "".join(f"{name:>14}" for name in names) + f"{'gained':>9}{'lost':>6}{'median':>10}"]
    first = next(iter(runs.values()))
    for name, run in runs.items():
        scores = run.scores()
        cells = "".join(f"{'{} of {}'.format(*scores.get(one, (0, 0))):>14}" for one in names)
        pairs = list(zip(first.judged, run.judged, strict=True))
        gained, lost = (sum(a.right is before and b.right is not before for a, b in pairs) for before in (False, True))
        lines.append(f"{name:10}{cells}{gained:9}{lost:6}{1000 * run._median():7.0f} ms")
    return "\n".join(lines)


def wilson(right: int, asked: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson, 1927)."""
    if not asked:
        return 0.0, 1.0
    z, share = 1.96, right / asked
    middle = share + z * z / (2 * asked)
    reach = z * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    scale = 1 + z * z / asked
    return round(max(0.0, (middle - reach) / scale), 4), round(min(1.0, (middle + reach) / scale), 4)


def evaluate(
    chat: Asks, questions: Sequence[Expected], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> Evaluation:
    """Ask every question and judge every answer."""
    return Evaluation(tuple(_asked(chat, questions, on_progress)))


def _asked(chat: Asks, questions: Sequence[Expected], on_progress: Callable[[int, int], None]) -> Iterable[Judged]:
    for number, expected in enumerate(questions, 1):
        answer = chat.ask(expected.question)
        yield judge(expected, answer, sum(answer.seconds.values()))
        on_progress(number, len(questions))
