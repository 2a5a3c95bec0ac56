"""All Cases that the reader is fitted to: of the project's own questions, and of the reading sets."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from chat import ReportChat
from chat.evaluate import Expected, load_questions
from chat.train.cases import Case, cases, expected_of, own_cases
from chat.train.reading import Asked, held_apart, read
from chat.train.traps import traps
from index.intake import ingest_paths
from index.library import Library

_LEFT_OUT = 0.5  # what a question of the project's own counts that is asked where nothing answers it
_TRAP = 0.5  # what a trap of a reading set counts, beside its question
_SEED = 7
_TOGETHER = 20  # articles in a library, where there are several
_ONE_IN = 6  # articles that are in such a library
_MOST = {  # questions of each language and kind
    "zh-Hans": {"figure": 900, "date": 350, "person": 250, "place": 250, "list": 150, "name": 550, "text": 120},
    "zh-Hant": {"figure": 900, "date": 300, "person": 200, "place": 150, "list": 100, "name": 350, "text": 100},
    "en": {},
}
_TRAPPED = 0.33  # share of questions that are asked where nothing answers them, too


def own(questions: Sequence[Path], reports: Sequence[Path]) -> list[Case]:
    """The Cases of the project's own questions."""
    library = Library.in_memory()
    ingest_paths(library, reports, lambda done, total, outcome: None)
    chat = ReportChat(library)
    asked = [expected for path in questions for expected in load_questions(path)]
    return [case for expected in asked for case in own_cases(chat, expected, _LEFT_OUT)]


def of_reading(folder: Path, processes: int) -> Iterator[Case]:
    """The Cases of the reading sets, of articles that are not held apart."""
    chosen = list(_chosen(folder))
    articles: dict[tuple[str, str], list[Asked]] = {}
    for item in chosen:
        articles.setdefault((item.language, item.article), []).append(item)
    groups = list(articles.values())
    together = groups[::_ONE_IN]
    alone = [group for at, group in enumerate(groups) if at % _ONE_IN]
    by_language = {name: [group for group in together if group[0].language == name] for name in _MOST}
    sets = [[group] for group in alone]
    sets += [own[at : at + _TOGETHER] for own in by_language.values() for at in range(0, len(own), _TOGETHER)]
    others = {name: [item for item in chosen if item.language == name] for name in _MOST}
    with ProcessPoolExecutor(processes) as pool:
        for number, found in enumerate(pool.map(partial(_of_set, others), sets, chunksize=4), 1):
            if number % 200 == 0:
                print(f"{number} of {len(sets)} libraries", flush=True)
            yield from found


def _chosen(folder: Path) -> Iterator[Asked]:
    items = [item for item in read(folder) if not held_apart(item)]
    random.Random(_SEED).shuffle(items)
    taken: dict[tuple[str, str], int] = {}
    for item in items:
        key = (item.language, item.kind)
        taken[key] = taken.get(key, 0) + 1
        if taken[key] <= _MOST[item.language].get(item.kind, 500):
            yield item


def _of_set(others: dict[str, list[Asked]], groups: Sequence[Sequence[Asked]]) -> list[Case]:
    """The Cases of articles in one library, and of traps, each alone with its text."""
    rng = random.Random(groups[0][0].article)
    found: list[Case] = []
    chat = ReportChat.from_texts({group[0].article: group[0].text for group in groups})
    for item in (item for group in groups for item in group):
        place = (f"reading {item.language}", item.article)
        found += cases(chat, expected_of(item), place, 1.0)
        made = list(traps(item, others[item.language], rng)) if rng.random() < _TRAPPED else []
        for trap in made:
            alone = ReportChat.from_texts({item.article: trap.text})
            nothing = Expected(item.id, trap.question, item.language, trap.trap, None, found=False)
            found += cases(alone, nothing, place, _TRAP)
            alone.library.close()
    chat.library.close()
    return found
