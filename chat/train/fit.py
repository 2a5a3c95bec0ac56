"""Weights of the reader, fitted to questions with known answers.

Ordering weights maximise the probability (softmax over all candidates of a question) of those that are right; the
logistic weights give the probability that the first candidate is right, unanswerable questions counting as wrong.
Signs are held to what each feature means, and weights are drawn towards small ones (L2), so that a few hundred
questions are enough. Every question that a Document answers is asked a second time without that Document, among
those that speak of the same things in another year or of another company; of an organisation that
the Document only mentions; and of a metric like the one asked for that it does not state: then nothing is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from chat.confidence import FIGURE, SPAN, Weights, family
from chat.evaluate import Expected, is_figure
from chat.extract import Finding
from chat.features import Features
from chat.names import names_in, profile
from chat.question import Question, understand
from chat.report_chat import HITS, ReportChat
from index.lexicon import Lexicon
from index.tokens import words
from index.types import Hit
from ingest.fold import fold
from ingest.names import organisations
from ingest.types import Document

Vector = npt.NDArray[np.float64]
NAMES = tuple(field.name for field in fields(Features))
_HARMFUL = frozenset({"gap", "foreign", "aside", "narrow"})
_ORDERED = np.array([float(name != "lone") for name in NAMES])
_DRAW = 0.02  # L2, per question
_TEMPERATURE = 4.0
_FOLDS = 6
_AROUND = 0.3  # what a sentence counts that has the name asked for in it
_INVENTED = 0.4  # what a question with another metric put in counts: some read as nobody would ask
_LONG = 24  # characters beyond which an answer is no name


@dataclass(frozen=True, slots=True)
class Case:
    """One thing asked: `table` (n, features) of its candidates, `labels` (n) 1 where right, and what it counts."""

    family: str
    table: Vector
    labels: Vector
    weight: float = 1.0

    @property
    def answerable(self) -> bool:
        """Whether one of the candidates is right."""
        return bool(self.labels.any())


def right(finding: Finding, expected: Expected) -> float:
    """1 where a Finding is one of the answers expected, less where it is a sentence around a name; 0 where not."""
    if not expected.found:
        return 0.0
    figure = finding.figure
    if expected.figures:
        return float(figure is not None and any(is_figure(figure, wanted) for wanted in expected.figures))
    said = fold(finding.sentence.document.text[finding.start : finding.end])
    if expected.names:
        if not any(fold(name) in said for name in expected.names):
            return 0.0
        return _AROUND if finding.ask.want != "text" and finding.end - finding.start > _LONG else 1.0
    return float(not expected.quote or fold(expected.quote) in fold(finding.sentence.text))


def cases(chat: ReportChat, questions: Sequence[Expected], *, weight: float, left_out: float) -> list[list[Case]]:
    """The Cases of each question; `left_out` is what one counts that is asked without the Document that answers it."""
    names = {info.name: info.id for info in chat.library.documents()}
    every = set(names.values())
    found: list[list[Case]] = []
    for expected in questions:
        question = understand(expected.question)
        hits = chat.library.retrieve(question.search_text, HITS)
        own = list(_cases(chat, question, expected, hits, weight))
        if left_out and expected.found and expected.document in names:
            others = every - {names[expected.document]}
            hits = chat.library.retrieve(question.search_text, HITS, documents=others)
            own += _cases(chat, question, None, hits, left_out)
            document = chat.library.document(names[expected.document])
            for counts, others_asked in (
                (left_out, _of_another_body(expected, document)),
                (left_out * _INVENTED, _of_another_metric(question, document)),
            ):
                for other in others_asked:
                    hits = chat.library.retrieve(other.search_text, HITS)
                    own += _cases(chat, other, None, hits, counts)
        found.append(own)
    return found


def _of_another_body(expected: Expected, document: Document) -> Iterator[Question]:
    """The question asked of an organisation that the Document only mentions."""
    text = fold(document.text)
    about = profile(document)
    mentioned = sorted({text[start:end] for start, end in organisations(text)} - about.subjects)
    mentioned = [name for name in mentioned if not any(name in one or one in name for one in about.subjects)]
    asked = fold(expected.question)
    subject = next((name for name in sorted(about.subjects) if name in asked), None)
    if subject and mentioned:
        yield understand(asked.replace(subject, _any(mentioned, asked)))


def _of_another_metric(question: Question, document: Document) -> Iterator[Question]:
    """The question asked of something that ends alike, that reports state and this Document does not: 发电量 for 用电量."""
    lexicon = Lexicon.load()
    text = fold(document.text)
    here = set(words(text))
    names = " ".join(names_in(question.text, profile(document).subjects))
    terms = [term for term in question.terms if len(term.text) > 1 and term.text not in names and term.weight >= 1.0]
    if len(question.asks) > 1:
        return
    for term in sorted(terms, key=lambda term: (-term.weight, term.text)):
        others = [
            key
            for key in lexicon.terms
            if key != term.text
            and _ending(key) == _ending(term.text)
            and not (key in text or set(key.split()) <= here)
            and not any(form in text for form, _ in lexicon.translate(key))
            and key not in dict(lexicon.synonyms(term.text))
        ]
        if others and term.text in question.folded:
            yield understand(question.folded.replace(term.text, _any(others, question.folded)))
            return


def _ending(term: str) -> str:
    """The last word of a phrase, the last character of a Chinese word."""
    return term.split()[-1] if term.isascii() else term[-1]


def _any(choices: Sequence[str], key: str) -> str:
    """Any of the choices, but the same on every run."""
    return choices[sum(map(ord, key)) % len(choices)]


def _cases(
    chat: ReportChat, question: Question, expected: Expected | None, hits: Sequence[Hit], weight: float
) -> Iterator[Case]:
    names = names_in(question.text, chat.extractor.subjects(hits))
    for ranked in chat.extractor.findings(question, names, hits):
        if ranked:
            table = np.array([[float(getattr(finding.features, name)) for name in NAMES] for finding in ranked])
            labels = np.array([right(finding, expected) if expected else 0.0 for finding in ranked])
            yield Case(family(ranked[0].ask.want), table, labels, weight)


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
    """Weights under which the right candidates come first; `lone` is known only once they are in order."""
    useful = [case for case in given if 0 < case.labels.sum() < len(case.labels)]
    draw = _DRAW * sum(case.weight for case in useful)

    def loss(weights: Vector) -> float:
        total = draw * float(weights @ weights)
        for case in useful:
            scores = _TEMPERATURE * (case.table @ (weights * _ORDERED))
            odds = np.exp(scores - scores.max())
            total -= case.weight * float(np.log((odds * case.labels).sum() / odds.sum()))
        return total

    weights: Vector = _minimise(loss, len(NAMES), bias=False) * _ORDERED
    return weights


def logistic(given: Sequence[Case], order: Vector) -> Vector:
    """Weights of the probability that the first candidate is right, the bias last."""
    firsts = [int(np.argmax(case.table @ order)) for case in given]
    inputs = np.stack([np.append(case.table[at], 1.0) for case, at in zip(given, firsts, strict=True)])
    labels = np.array([float(case.labels[at] > 0) for case, at in zip(given, firsts, strict=True)])
    counts = np.array([case.weight for case in given])
    draw = _DRAW * 0.1 * counts.sum()

    def loss(weights: Vector) -> float:
        scores = inputs @ weights
        missed = float((counts * (np.logaddexp(0, scores) - labels * scores)).sum())
        return float(missed + draw * (weights[:-1] @ weights[:-1]))

    return _minimise(loss, len(NAMES) + 1, bias=True)


def fit(given: Sequence[Case], threshold: float) -> Weights:
    """All weights for these Cases."""
    orders: dict[str, dict[str, float]] = {}
    logistics: dict[str, dict[str, float]] = {}
    for name in (FIGURE, SPAN):
        own = [case for case in given if case.family == name]
        order = ordering(own)
        orders[name] = dict(zip(NAMES, np.round(order, 3).tolist(), strict=True))
        logistics[name] = dict(zip((*NAMES, "bias"), np.round(logistic(own, order), 3).tolist(), strict=True))
    return Weights(orders, logistics, threshold)


@dataclass(frozen=True, slots=True)
class Fitness:
    """How weights do on Cases that they were not fitted to: shares, and the expected calibration error."""

    cases: int
    answered: float  # of the answerable: the right candidate first and shown
    refused: float  # of the unanswerable
    calibration_error: float


def cross_validated(groups: Sequence[Sequence[Case]], beside: Sequence[Case], threshold: float) -> Fitness:
    """Fit to five sixths of the groups (and all Cases `beside`), judge the sixth that is left, six times over."""
    judged: list[tuple[float, float, bool]] = []
    for fold_number in range(_FOLDS):
        learnt = [case for at, group in enumerate(groups) if at % _FOLDS != fold_number for case in group]
        weights = fit([*learnt, *beside], threshold)
        held = [case for at, group in enumerate(groups) if at % _FOLDS == fold_number for case in group]
        judged += [_judged(case, weights) for case in held]
    return fitness(judged, threshold)


def _judged(case: Case, weights: Weights) -> tuple[float, float, bool]:
    """(confidence, label) of the first candidate, and whether the Case is answerable."""
    order = np.array([weights.ordering[case.family].get(name, 0.0) for name in NAMES])
    chances = weights.logistic[case.family]
    first = int(np.argmax(case.table @ order))
    score = chances.get("bias", 0.0) + float(case.table[first] @ np.array([chances.get(name, 0.0) for name in NAMES]))
    return float(1 / (1 + np.exp(-score))), float(case.labels[first] > 0), case.answerable


def fitness(judged: Sequence[tuple[float, float, bool]], threshold: float) -> Fitness:
    """What (confidence, label, answerable) rows come to; calibration over ten bins of equal width."""
    chance, label, answerable = np.array(judged, dtype=float).T
    bins = np.minimum((chance * 10).astype(int), 9)
    gaps = sum(abs(label[bins == at].sum() - chance[bins == at].sum()) for at in range(10))
    shown = chance >= threshold
    return Fitness(
        cases=len(judged),
        answered=float((shown & (label > 0) & (answerable > 0)).sum() / max(answerable.sum(), 1)),
        refused=float((~shown & (answerable == 0)).sum() / max((answerable == 0).sum(), 1)),
        calibration_error=float(gaps / len(judged)),
    )
