"""Make glossary.sqlite of glossary.tsv: terms of reports, and how people put them in other words.

A line has four fields with TABs between, forms in each with "/" between: the terms in Chinese and in English, wordings in
Chinese and in English. Lines with the same first term are one concept.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.glossary import content
from ingest.fold import fold

FIELDS = 4
_AMBIGUOUS = 3  # concepts; a wording of more says nothing


@dataclass
class Entry:
    """A concept: for each of the four fields of its lines, the forms in it, folded."""

    fields: tuple[dict[str, None], ...] = field(default_factory=lambda: tuple({} for _ in range(FIELDS)))

    @property
    def forms(self) -> list[str]:
        """The terms of reports."""
        return [*self.fields[0], *self.fields[1]]

    @property
    def wordings(self) -> list[str]:
        """All that a question may say, the terms too."""
        return list(dict.fromkeys(form for each in self.fields for form in each))


def read(path: Path) -> list[Entry]:
    """The concepts of the table."""
    found: dict[str, Entry] = defaultdict(Entry)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [[form.strip() for form in fold(part).split("/") if form.strip()] for part in line.split("\t")]
        if len(parts) != FIELDS or not all(parts):
            raise ValueError(f"{path}, line {number}: {FIELDS} fields with TABs between were expected, none empty")
        for known, new in zip(found[parts[0][0]].fields, parts, strict=True):
            known.update(dict.fromkeys(new))
    return list(found.values())


def build(path: Path, target: Path) -> None:
    """Write the concepts of the table into the SQLite file `target`, as `index.glossary` reads them."""
    entries = read(path)
    often = Counter(wording for entry in entries for wording in entry.wordings)
    wordings = [
        (number, said, found)
        for number, entry in enumerate(entries)
        for said in entry.wordings
        if often[said] <= _AMBIGUOUS and (found := content(said))
    ]
    concepts_with: dict[str, set[int]] = defaultdict(set)
    numbers: dict[str, list[int]] = defaultdict(list)
    for at, (concept, _, found) in enumerate(wordings):
        for term in found:
            concepts_with[term].add(concept)
            numbers[term].append(at)
    idf = {term: math.log(1 + (len(entries) - len(n) + 0.5) / (len(n) + 0.5)) for term, n in concepts_with.items()}
    weights = np.array([sum(idf[term] for term in found) for _, _, found in wordings], dtype=np.float32)
    owners = np.array([concept for concept, _, _ in wordings], dtype=np.int32)
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as connection:
        connection.execute("CREATE TABLE concepts (number INTEGER PRIMARY KEY, forms TEXT NOT NULL)")
        connection.executemany("INSERT INTO concepts VALUES (?, ?)", enumerate("|".join(one.forms) for one in entries))
        connection.execute("CREATE TABLE wordings (number INTEGER PRIMARY KEY, said TEXT NOT NULL)")
        connection.executemany("INSERT INTO wordings VALUES (?, ?)", enumerate(said for _, said, _ in wordings))
        connection.execute("CREATE TABLE terms (term TEXT PRIMARY KEY, idf REAL NOT NULL, wordings BLOB NOT NULL)")
        rows = ((term, idf[term], np.array(numbers[term], dtype=np.int32).tobytes()) for term in sorted(numbers))
        connection.executemany("INSERT INTO terms VALUES (?, ?, ?)", rows)
        connection.execute("CREATE TABLE arrays (name TEXT PRIMARY KEY, held BLOB NOT NULL)")
        arrays = (("concepts", owners.tobytes()), ("weights", weights.tobytes()))
        connection.executemany("INSERT INTO arrays VALUES (?, ?)", arrays)
    connection.close()
