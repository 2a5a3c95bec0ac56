"""The reader on questions of CMRC, DRCD and TAT-QA, on articles that it was not fitted to (`chat.train.reading`).

Each question is asked of its own article; the abstention rows add questions on the topic that the article does not
answer (`chat.train.traps`). A direct answer is judged even where the chat would not have shown it; what is shown
under the threshold is in the rows on coverage. Their floor is that of the questions on figures and dates; the row below is
on all kinds, names and lists too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chat import ReportChat
from chat.confidence import Judge
from chat.extract import Finding
from chat.train.cases import MOST
from chat.train.reading import Asked, held_apart, read
from chat.train.traps import TRAPS, traps
from ingest.fold import fold
from tests.benchmark.score import Measure, Score

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
SPANS = ("date", "person", "place", "list", "name")
_EACH = 400  # questions a cell
_MIXED = 350  # answerable questions of a language in the part on abstention
_TRAPS = 120  # of each kind and language
_SEED = 11
_BINS = 10


@dataclass(frozen=True)
class Told:
    """What one question came to: its kind, whether it is answerable (and by which trap not), and the best Finding's worth."""

    kind: str
    language: str
    trap: str
    sentence: bool
    direct: bool
    confidence: float


def run(data: Path) -> Iterator[Score | Measure]:
    """The rows of all parts."""
    items = [item for item in read(data / "training" / "reading") if held_apart(item)]
    rng = random.Random(_SEED)
    rng.shuffle(items)
    yield from _reading(items)
    told = _mixed(items, rng)
    yield from _abstention(told)


def best(question: str, text: str) -> Finding | None:
    """The first Finding of a question asked of one text, shown or not."""
    chat = ReportChat.from_texts({"article": text})
    try:
        heard = chat.hear(question)[0]
        ranked = chat.extractor.findings(heard.asked, heard.names, heard.hits)
        return ranked[0][0] if ranked and ranked[0] else None
    finally:
        chat.library.close()


def tell(item: Asked) -> Told:
    """How a question that its article answers is answered."""
    found = best(item.question, item.text)
    if found is None:
        return Told(item.kind, item.language, "", sentence=False, direct=False, confidence=0.0)
    sentence = found.sentence
    holds = sentence.start <= item.start < sentence.end or fold(item.answer) in sentence.folded
    return Told(item.kind, item.language, "", holds, is_right(item, found), found.confidence)


def is_right(item: Asked, found: Finding) -> bool:
    """Whether a Finding is the answer: the same value or date; or a span with the answer, or most of it and no more."""
    said, answer = fold(found.sentence.document.text[found.start : found.end]), fold(item.answer)
    if answer in said or (said in answer and len(said) >= MOST * len(answer)):
        return True
    figure = found.figure
    if figure is None:
        return False
    if figure.kind == "date":
        return any(one.kind == "date" and one.period == figure.period for one in item.figures())
    return any(figure.value == one.value for one in item.figures())


def _reading(items: Sequence[Asked]) -> Iterator[Score]:
    for kind in ("figure", *SPANS, "text"):
        for language in LANGUAGES:
            own = [item for item in items if item.kind == kind and item.language == language][:_EACH]
            if len(own) < 5:
                continue
            told = [tell(item) for item in own]
            if kind == "figure":
                yield _score(f"sentence first, figures, {language}", [one.sentence for one in told], 0.82, 0.92)
                yield _score(f"direct figure right, {language}", [one.direct for one in told], 0.72, 0.88)
            else:
                yield _score(f"sentence first, {kind}, {language}", [one.sentence for one in told])
                yield _score(f"direct answer right, {kind}, {language}", [one.direct for one in told])


def _score(name: str, right: Sequence[bool], floor: float | None = None, aim: float | None = None) -> Score:
    return Score(name, sum(right), len(right), floor, aim)


def _mixed(items: Sequence[Asked], rng: random.Random) -> list[Told]:
    told: list[Told] = []
    for language in LANGUAGES:
        own = [item for item in items if item.language == language and item.kind != "text"]
        told += [tell(item) for item in own[:_MIXED]]
        made = [pair for item in own for pair in traps(item, own, rng)]
        for trap in TRAPS:
            for pair in [one for one in made if one.trap == trap][:_TRAPS]:
                found = best(pair.question, pair.text)
                told.append(Told("", language, trap, False, False, found.confidence if found else 0.0))
    return told


def _abstention(told: Sequence[Told]) -> Iterator[Score | Measure]:
    answerable, none = [one for one in told if not one.trap], [one for one in told if one.trap]
    aim = "floor 0.80  aim 0.92"
    yield Measure("answerable against unanswerable, AUROC", f"{auroc(answerable, none):.3f}  (n = {len(told)})", aim)
    for language in LANGUAGES:
        pair = [[one for one in side if one.language == language] for side in (answerable, none)]
        yield Measure(f"  {language}", f"{auroc(*pair):.3f}  (n = {len(pair[0]) + len(pair[1])})")
    for trap in TRAPS:
        those = [one for one in none if one.trap == trap]
        yield Measure(f"  {trap}", f"{auroc(answerable, those):.3f}  (n = {len(those)})")
    numeric = [one for one in answerable if one.kind in ("figure", "date")]
    covered = coverage(numeric, 0.95)
    yield Score("answered at 95 % correctness, figures and dates", covered, len(numeric), 0.60, 0.85)
    yield Score("  of all kinds", coverage(answerable, 0.95), len(answerable))
    yield Score("  with the unanswerable among them", coverage(told, 0.95), len(answerable))
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        kept = sorted(answerable, key=lambda one: -one.confidence)[: round(share * len(answerable))]
        yield _score(f"  right among the surest {share:.0%} of the answerable", [one.direct for one in kept])
    threshold = Judge.load().threshold
    yield _score(f"shown (from {threshold:.2f}) of the answerable", [one.confidence >= threshold for one in answerable])
    yield _score("refused of the unanswerable", [one.confidence < threshold for one in none], 0.85)
    yield Measure("expected calibration error", f"{calibration_error(told):.3f}  (n = {len(told)})")


def auroc(positive: Sequence[Told], negative: Sequence[Told]) -> float:
    """How often an answerable question is surer than an unanswerable one; ties count half."""
    one = np.array([item.confidence for item in positive])[:, None]
    other = np.array([item.confidence for item in negative])[None, :]
    return float((one > other).mean() + (one == other).mean() / 2) if one.size and other.size else float("nan")


def coverage(told: Sequence[Told], correctness: float) -> int:
    """The most answers, surest first, of which this share is right."""
    right = np.cumsum([one.direct for one in sorted(told, key=lambda one: -one.confidence)])
    enough = np.flatnonzero(right >= correctness * np.arange(1, len(right) + 1))
    return int(right[enough[-1]]) if enough.size else 0


def calibration_error(told: Sequence[Told]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al., arXiv 1706.04599)."""
    chance, right = (np.array([float(getattr(one, name)) for one in told]) for name in ("confidence", "direct"))
    bins = np.minimum((chance * _BINS).astype(int), _BINS - 1)
    gaps = sum(abs(right[bins == at].sum() - chance[bins == at].sum()) for at in range(_BINS))
    return float(gaps / max(len(told), 1))
