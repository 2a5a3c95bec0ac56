"""The reader's trees, fitted to Cases with LightGBM.

Ordering trees (LambdaMART, Burges 2010) put the right candidates first. Chance trees give the log odds that the first
one is right, unanswerable questions counting as wrong; they are fitted to candidates that trees came to put first
which had not seen their question. Both may only go where the sense of a feature says. `Trees` hold them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chat.confidence import CHANCE_COLUMNS, FAMILIES, Judge, ordered_by, standing
from chat.features import COLUMNS
from chat.train.cases import Case
from chat.trees import Trees, mean

Table = npt.NDArray[np.float64]
FOLDS = 3
_COMPARED = 60
_MOST_ROWS = 60  # of a Case
_NEARNESS = [COLUMNS.index(name) for name in ("near", "strict", "echo", "led", "followed", "kind", "unit")]
_ORDERING = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 12,
    "learning_rate": 0.1,
    "num_leaves": 24,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
_CHANCE = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 10,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
_ROUNDS = {"ordering": 120, "chance": 120}
_SEEDS = (7, 8, 9)  # fits whose mean is taken: what one draw of rows and features makes of it weighs less
_FIXED = {"verbosity": -1, "deterministic": True, "force_row_wise": True, "num_threads": 1}
# What can only speak for an answer, and what only against one.
_FOR = frozenset(
    "coverage near strict measure stated topic echo run clause led followed label counted kind unit period name owner margin lone thing".split()
)
_AGAINST = frozenset("gap aside narrow rivals".split())


@dataclass(frozen=True, slots=True)
class Fitted:
    """One family's trees."""

    ordering: Trees
    chance: Trees


def fold_of(case: Case) -> int:
    """The fold that a Case is held back in, with all of its group."""
    return hashlib.sha256(case.group.encode()).digest()[1] % FOLDS


def fit(given: Sequence[Case], threshold: float) -> Judge:
    """The reader for these Cases."""
    fitted = {name: _fit([case for case in given if case.family == name]) for name in FAMILIES}
    return Judge(
        {name: one.ordering for name, one in fitted.items()},
        {name: one.chance for name, one in fitted.items()},
        threshold,
    )


def _fit(given: Sequence[Case]) -> Fitted:
    rows, labels = _firsts(given)
    counts = np.array([case.weight for case in given])
    return Fitted(
        mean([order_trees(given, seed) for seed in _SEEDS]),
        mean([chance_trees(rows, labels, counts, seed) for seed in _SEEDS]),
    )


def _firsts(given: Sequence[Case]) -> tuple[Table, Table]:
    """The rows and labels of the first candidates, put first by trees that had not seen their question."""
    found: dict[int, tuple[Table, float]] = {}
    for number in range(FOLDS):
        trees = order_trees([case for case in given if fold_of(case) != number])
        found |= {at: first(case, trees) for at, case in enumerate(given) if fold_of(case) == number}
    return np.stack([found[at][0] for at in range(len(given))]), np.array([found[at][1] for at in range(len(given))])


@dataclass(frozen=True, slots=True)
class Held:
    """How a Case came out that no tree had seen: whether the first candidate was right, and the chance it was given."""

    case: Case
    right: bool
    chance: float


def held_back(given: Sequence[Case]) -> list[Held]:
    """How each Case comes out of trees fitted to the other folds."""
    rows, labels = _firsts(given)
    counts = np.array([case.weight for case in given])
    folds = np.array([fold_of(case) for case in given])
    odds = np.zeros(len(given))
    for number in range(FOLDS):
        out, rest = folds == number, folds != number
        odds[out] = chance_trees(rows[rest], labels[rest], counts[rest]).scores(rows[out])
    chances = 1 / (1 + np.exp(-odds))
    return [Held(*one) for one in zip(given, (labels > 0).tolist(), chances.tolist(), strict=True)]


def first(case: Case, ordering: Trees) -> tuple[Table, float]:
    """The row of the candidate that is put first, with its standing, and whether it is right."""
    scores = ordered_by(ordering, case.table.astype(float))
    order = np.argsort(-scores, kind="stable")[:_COMPARED]
    at = int(order[0])
    stood = standing(scores[order], case.differ(at, order), len(scores))
    return np.append(case.table[at], stood), float(case.grades[at] > 0)


def order_trees(given: Sequence[Case], seed: int = _SEEDS[0]) -> Trees:
    """Trees under which the right candidates come first."""
    import lightgbm

    useful = [case for case in given if 0 < (case.grades > 0).sum() < len(case.grades)]
    rows = [_likely(case) for case in useful]
    data = lightgbm.Dataset(
        np.concatenate([case.table[some] for case, some in zip(useful, rows, strict=True)]),
        np.concatenate([case.grades[some] for case, some in zip(useful, rows, strict=True)]),
        weight=np.concatenate([np.full(len(some), case.weight) for case, some in zip(useful, rows, strict=True)]),
        group=[len(some) for some in rows],
        free_raw_data=False,
    )
    params = {**_ORDERING, **_FIXED, "seed": seed, "monotone_constraints": _signs(COLUMNS)}
    return exported(lightgbm.train(params, data, _ROUNDS["ordering"]))


def _signs(columns: Sequence[str]) -> list[int]:
    """1 for each column that can only speak for an answer, -1 for one that can only speak against it."""
    names = [name.removesuffix(" behind") for name in columns]
    return [1 if name in _FOR else -1 if name in _AGAINST else 0 for name in names]


def _likely(case: Case) -> npt.NDArray[np.int64]:
    """The rows of a Case that there is something to learn from: the right ones, and those that come near."""
    nearness = case.table[:, _NEARNESS].sum(axis=1) + (case.grades > 0) * len(COLUMNS)
    return np.sort(np.argsort(-nearness, kind="stable")[:_MOST_ROWS])


def chance_trees(rows: Table, labels: Table, counts: Table, seed: int = _SEEDS[0]) -> Trees:
    """Trees of the log odds that a first candidate is right."""
    import lightgbm

    data = lightgbm.Dataset(rows, labels, weight=counts, free_raw_data=False)
    params = {
        **_CHANCE,
        **_FIXED,
        "seed": seed,
        "monotone_constraints": _signs(CHANCE_COLUMNS),
        "boost_from_average": False,
    }
    return exported(lightgbm.train(params, data, _ROUNDS["chance"]))


def exported(model: Any) -> Trees:  # noqa: ANN401  (a lightgbm.Booster)
    """A LightGBM model as Trees."""
    trees = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    flat = [_flat(tree) for tree in trees]
    most = max(len(nodes) for nodes, _ in flat)
    shape = (len(flat), most)
    feature, left, right = (np.zeros(shape, dtype=np.int16) for _ in range(3))
    threshold, value = (np.zeros(shape) for _ in range(2))
    for number, (nodes, _) in enumerate(flat):
        for at, (split, limit, low, high, worth) in enumerate(nodes):
            feature[number, at], threshold[number, at] = split, limit
            left[number, at], right[number, at], value[number, at] = low, high, worth
    return Trees(feature, threshold, left, right, value, max(depth for _, depth in flat))


def _flat(tree: dict[str, Any]) -> tuple[list[tuple[int, float, int, int, float]], int]:
    """The nodes of a tree in a list, (feature, threshold, left, right, value) each, and how deep it is."""
    nodes: list[tuple[int, float, int, int, float]] = []

    def add(node: dict[str, Any]) -> tuple[int, int]:
        at = len(nodes)
        nodes.append((0, 0.0, at, at, float(node.get("leaf_value", 0.0))))
        if "split_feature" not in node:
            return at, 0
        (low, low_depth), (high, high_depth) = add(node["left_child"]), add(node["right_child"])
        nodes[at] = (int(node["split_feature"]), float(node["threshold"]), low, high, 0.0)
        return at, 1 + max(low_depth, high_depth)

    return nodes, add(tree)[1]
