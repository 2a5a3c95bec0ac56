"""Fit the weights of the reader to questions with known answers, and write `chat/weights.json`.

    python -m chat.fit QUESTIONS.jsonl --library DIR [--out chat/weights.json]

Ordering weights maximise the probability (softmax over all candidates of a question) of those that are right; the
logistic weights give the probability that the first candidate is right, unanswerable questions counting as wrong.
Signs are held to what each feature means, and weights are drawn towards small ones (L2), so that a few hundred
questions are enough. The threshold balances wrong answers against wrong refusals.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chat.confidence import FIGURE, SPAN, family
from chat.evaluate import Expected, load_questions
from chat.extract import Features, Finding
from chat.names import names_in
from chat.question import understand
from chat.report_chat import HITS, ReportChat
from ingest.fold import fold
from ingest.units import same_unit

Vector = npt.NDArray[np.float64]
NAMES = tuple(field.name for field in fields(Features))
_HARMFUL = frozenset({"gap", "foreign"})
_DRAW = 0.02  # L2, per question
_TEMPERATURE = 4.0


def right(finding: Finding, expected: Expected) -> bool:
    """Whether a Finding is one of the answers expected."""
    if not expected.found:
        return False
    figure = finding.figure
    if expected.figures:
        if figure is None:
            return False
        return any(
            figure.value == wanted.value and (not wanted.unit or same_unit(figure.unit, wanted.unit))
            for wanted in expected.figures
        )
    said = fold(finding.sentence.document.text[finding.start : finding.end])
    if expected.names and not any(fold(name) in said for name in expected.names):
        return False
    return not expected.quote or fold(expected.quote) in fold(finding.sentence.text) or bool(expected.names)


def _vector(features: Features) -> Vector:
    return np.array([float(getattr(features, name)) for name in NAMES])


Case = tuple[str, Vector, Vector]  # family, features of each candidate (n, features), whether each is right (n)


def cases(chat: ReportChat, questions: Sequence[Expected]) -> list[Case]:
    """One Case for each thing that each question asks."""
    found: list[Case] = []
    for expected in questions:
        question = understand(expected.question)
        hits = chat.library.retrieve(question.search_text, HITS)
        for ranked in chat.extractor.findings(question, names_in(question.text), hits):
            if ranked:
                table = np.stack([_vector(finding.features) for finding in ranked])
                labels = np.array([right(finding, expected) for finding in ranked], dtype=float)
                found.append((family(ranked[0].ask.want), table, labels))
    return found


def _bounds(bias: bool) -> list[tuple[float | None, float | None]]:
    signs: list[tuple[float | None, float | None]] = [
        (None, 0.0) if name in _HARMFUL else (0.0, None) for name in NAMES
    ]
    return [*signs, (None, None)] if bias else signs


def _minimise(loss: Callable[[Vector], float], size: int, bias: bool) -> Vector:
    from scipy.optimize import minimize

    start = np.full(size, 0.5)
    start[[index for index, name in enumerate(NAMES) if name in _HARMFUL]] = -0.5
    result: Vector = minimize(loss, start, method="L-BFGS-B", bounds=_bounds(bias)).x
    return result


def ordering(given: Sequence[Case]) -> Vector:
    """Weights under which the right candidates come first."""
    useful = [(table, labels) for _, table, labels in given if 0 < labels.sum() < len(labels)]

    def loss(weights: Vector) -> float:
        total = _DRAW * len(useful) * float(weights @ weights)
        for table, labels in useful:
            scores = _TEMPERATURE * (table @ weights)
            scores -= scores.max()
            odds = np.exp(scores)
            total -= float(np.log((odds * labels).sum() / odds.sum()))
        return total

    return _minimise(loss, len(NAMES), bias=False)


def logistic(given: Sequence[Case], order: Vector) -> tuple[Vector, Vector, Vector]:
    """Weights of the probability that the first candidate is right; its features and labels beside."""
    firsts = [
        (table[int(np.argmax(table @ order))], labels[int(np.argmax(table @ order))]) for _, table, labels in given
    ]
    inputs = np.stack([np.append(features, 1.0) for features, _ in firsts])
    labels = np.array([label for _, label in firsts])

    def loss(weights: Vector) -> float:
        scores = inputs @ weights
        fit = float((np.logaddexp(0, scores) - labels * scores).sum())
        return fit + _DRAW * len(labels) * 0.25 * float(weights[:-1] @ weights[:-1])

    return _minimise(loss, len(NAMES) + 1, bias=True), inputs, labels


def fit(given: Sequence[Case]) -> dict[str, object]:
    """All weights, as `chat.confidence.Weights.load` reads them."""
    orders: dict[str, dict[str, float]] = {}
    logistics: dict[str, dict[str, float]] = {}
    for name in (FIGURE, SPAN):
        own = [case for case in given if case[0] == name]
        order = ordering(own)
        weights, _, _ = logistic(own, order)
        orders[name] = dict(zip(NAMES, np.round(order, 3).tolist(), strict=True))
        logistics[name] = dict(zip((*NAMES, "bias"), np.round(weights, 3).tolist(), strict=True))
    return {"ordering": orders, "logistic": logistics, "threshold": 0.5}


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description="Fit the weights of the reader to questions with known answers.")
    parser.add_argument(
        "questions", type=Path, help="questions with expectations, as `report-chat evaluate` takes them"
    )
    parser.add_argument("--library", type=Path, required=True, help="the library that the questions are about")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("weights.json"))
    arguments = parser.parse_args()
    chat = ReportChat.open(arguments.library)
    weights = fit(cases(chat, load_questions(arguments.questions)))
    arguments.out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
