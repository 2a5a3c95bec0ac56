"""The weights that order candidates and that say how probably the best of them is right."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

from chat.features import Features

FIGURE, SPAN = "figure", "span"


def family(want: str) -> str:
    """Figures (dates and durations too) are judged by other weights than names, lists and sentences."""
    return FIGURE if want in ("figure", "date", "duration") else SPAN


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature for each family: `ordering` ranks candidates, `logistic` gives a probability."""

    ordering: Mapping[str, Mapping[str, float]]
    logistic: Mapping[str, Mapping[str, float]]
    threshold: float

    @classmethod
    def load(cls) -> Weights:
        """The shipped weights, as `chat.train` wrote them."""
        data: dict[str, Any] = json.loads(resources.files("chat").joinpath("weights.json").read_text("utf-8"))
        return cls(data["ordering"], data["logistic"], float(data["threshold"]))

    def order(self, features: Features, want: str) -> float:
        """The score by which candidates are ranked; higher is better."""
        return _sum(self.ordering[family(want)], features)

    def confidence(self, features: Features, want: str) -> float:
        """The probability that the candidate with these features answers what is asked."""
        return 1 / (1 + math.exp(-_sum(self.logistic[family(want)], features)))


def _sum(weights: Mapping[str, float], features: Features) -> float:
    return weights.get("bias", 0.0) + sum(
        weights.get(field.name, 0.0) * float(getattr(features, field.name)) for field in fields(features)
    )
