"""What describes a candidate answer: readable features, each from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Features:
    """How a candidate stands to what is asked, each from 0 to 1."""

    coverage: float  # share of the question's words met in the sentence or around it, by weight
    near: float  # the same, counted by nearness to the candidate
    strict: float  # the share met as they stand (or translated) in the sentence itself
    gap: float  # weight of the heaviest word that is not met
    label: float  # share of what the figure counts that the question asks of
    counted: float  # how well that is what the question wants counted
    kind: float  # 1 for the first kind asked for, less for later ones
    unit: float  # 1 the asked unit, 0 another, .5 none asked
    period: float  # 1 the asked period, .8 within it, .4 unstated
    name: float  # 1 where the names asked of are the sentence's own or its Document's subject
    retrieval: float  # the score of the Hit
    meaning: float  # the cosine of the question and the sentence, as the shipped model embeds them
    topic: float  # how well the first word of a Chinese question that names nobody is met: what it is about
    foreign: float  # 1 where question and sentence are in different languages
    aside: float  # 1 where a change or an addition stands, and the question asks of none
    narrow: float  # 1 where the sentence names a product or a scheme that the question does not
    lone: float  # 1 where no other candidate with another value comes near
