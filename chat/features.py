"""What describes a candidate answer: readable features, and how it stands to the other candidates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float64]


class Features(NamedTuple):
    """How a candidate stands to what is asked; shares from 0 to 1 unless said otherwise."""

    # How the words of the question are met in its sentence
    coverage: float  # share of the question's words met in the sentence or around it, by weight
    near: float  # the same, counted by nearness to the candidate
    strict: float  # the share met as they stand (or translated) in the sentence itself
    gap: float  # weight of the heaviest word that is not met
    around: float  # the share met only before the sentence, above it or in the title
    topic: float  # how well the first word of a Chinese question that names nobody is met: what it is about
    measure: float  # how well the term is met that names what is asked for: 利率 of 贷款的平均利率
    stated: float  # how surely it states in the terms of reports what the question puts in other words
    # How the sentence repeats the question letter by letter (`chat.echo`)
    echo: float  # share of the question's grams in the sentence
    run: float  # the longest run of them, in tens of characters
    clause: float  # repeated in the candidate's part of the sentence
    left: float  # repeated shortly before the candidate
    right: float  # repeated shortly behind it
    led: float  # of what leads up to the interrogative, in front of the candidate
    followed: float  # of what follows the interrogative, behind the candidate
    inside: float  # repeated in the candidate itself
    within: (
        float  # of the question's words, the weight met in the candidate itself, translated too: an answer says more
    )
    # What the candidate is
    label: float  # share of what the figure counts that the question asks of
    counted: float  # how well that is what the question wants counted
    kind: float  # 1 for the first kind asked for, less for later ones
    unit: float  # 1 the asked unit, 0 another, .5 none asked
    thing: float  # how well it is, by its ending, the kind of thing asked for
    length: float  # its characters, in tens
    printed_unit: float  # 1 where a figure has a unit
    small: float  # 1 where a figure is a whole number below ten
    place: float  # which of the figures of its kind in the sentence it is, counted from 0
    others: float  # how many more of its kind stand in the sentence
    whole: float  # 1 where it is the whole sentence
    type: float  # what it is, by number (`candidates.TYPES`)
    # Whose and when
    period: float  # 1 the asked period, .8 within it, .4 unstated
    name: float  # 1 where the names asked of are the sentence's own or its Document's subject
    owner: (
        float  # how near the candidate is to a name asked of, where its sentence has one; half where none stands there
    )
    aside: float  # 1 where a change or an addition stands, and the question asks of none
    narrow: float  # 1 where the sentence names a scheme, or the figure counts only some, that the question does not
    # Where it stands
    retrieval: float  # the score of the Hit
    meaning: float  # the cosine of the question and the sentence, as the shipped model embeds them
    opening: float  # where in its Document the sentence stands, 0 at the start
    sized: float  # characters of the sentence, in hundreds
    foreign: float  # 1 where question and sentence are in different languages
    # The question
    chinese: float  # 1 where it is Chinese
    want: float  # what it wants, by number (`candidates.WANTS`)
    words: float  # how many words of weight it has
    named: float  # 1 where it names somebody
    dated: float  # 1 where it names a period


NAMES = Features._fields
RELATIVE = (
    "coverage",
    "near",
    "strict",
    "stated",
    "echo",
    "clause",
    "left",
    "led",
    "followed",
    "retrieval",
    "meaning",
    "thing",
    "kind",
    "counted",
    "label",
    "unit",
    "owner",
)
"""The features that are also given by how far they stay behind the best candidate's."""
COLUMNS = (*NAMES, *(f"{name} behind" for name in RELATIVE))
_AT = [NAMES.index(name) for name in RELATIVE]


def tabled(rows: list[Features]) -> Table:
    """The features of all candidates of one Ask, (n, columns), with how far each stays behind the best."""
    table: Table = np.array(rows, dtype=np.float64).reshape(len(rows), len(NAMES))
    some = table[:, _AT]
    return np.hstack([table, some - some.max(axis=0, initial=-np.inf)]) if len(rows) else np.empty((0, len(COLUMNS)))
