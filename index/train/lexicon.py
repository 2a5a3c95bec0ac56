"""Make the lexicon: CC-CEDICT, the Chinese wordnet, translation probabilities of parallel texts, and finance terms.

Weights come from the dictionaries' glosses (a short gloss weighs more); `finance.tsv`, written for this project, leads.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

from index.lexicon import key_of
from index.tokens import tokenize, words
from index.train import glossary
from index.train.alignment import Tables
from index.train.crossings import crossings
from index.train.sources import pairs
from ingest.fold import fold

_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]{1,6}")
_WORD = re.compile(r"[a-z][a-z'-]*")
_NOISE = frozenset(
    "a an the of to in on for and or by with is are be as at from that it its sb sth used not one who which this into etc "
    "abbr variant see also lit fig cl surname old form person place name county city province chinese china".split()
)
_MOST_CHINESE, _MOST_ENGLISH = 12, 4
_PHRASE = 4  # words of the longest English key
_LEAD = 1.0
_LEAST_COUNT = 3  # sentences; a word in fewer is rare
_OTHER_TERM = 0.5  # what another pair of a concept's terms counts than its first
_LEAST = 0.1  # a translation of less weight is left out

Table = dict[str, dict[str, float]]


def build(data: Path, terms: Path, tables: Tables, out: Path) -> None:
    """Write lexicon.sqlite into `out` from the dictionaries in `data`, the `terms` and the translation `tables`."""
    table: Table = defaultdict(lambda: defaultdict(float))
    for name, weight in (("cc_cedict", 1.0), ("chinese_wordnet", 0.7)):
        for first, second in pairs(data, name):
            chinese, english = (first, second) if _HAN.search(first) else (second, first)
            _add(table, fold(chinese).strip(), english.lower(), weight)
    _add_terms(table, terms.with_name("glossary.tsv"))
    leads = _terms(terms)
    target = out / "lexicon.sqlite"
    target.unlink(missing_ok=True)
    with sqlite3.connect(target) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("CREATE TABLE entries (key TEXT PRIMARY KEY, forms TEXT NOT NULL) WITHOUT ROWID")
        listed = {key: found for key in sorted({*table, *leads}) if (found := _forms(key, table, leads))}
        rows = (
            (key, "|".join(f"{form}:{round(100 * weight)}" for form, weight in found)) for key, found in listed.items()
        )
        connection.executemany("INSERT INTO entries VALUES (?, ?)", rows)
        connection.execute("CREATE TABLE crossings (key TEXT PRIMARY KEY, forms TEXT NOT NULL) WITHOUT ROWID")
        connection.executemany("INSERT INTO crossings VALUES (?, ?)", crossings(tables, listed))
        connection.execute("CREATE TABLE everyday (key TEXT PRIMARY KEY, idf INTEGER NOT NULL) WITHOUT ROWID")
        connection.executemany("INSERT INTO everyday VALUES (?, ?)", _everyday(data))
        connection.execute("CREATE TABLE synonyms (key TEXT PRIMARY KEY, forms TEXT NOT NULL) WITHOUT ROWID")
        connection.executemany("INSERT INTO synonyms VALUES (?, ?)", _synonyms(terms.with_name("synonyms.tsv")))
        connection.execute("CREATE TABLE written (key TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID")
        connection.executemany("INSERT INTO written VALUES (?, ?)", _written(terms))
        connection.execute("CREATE TABLE rarities (key TEXT PRIMARY KEY, rarity INTEGER NOT NULL) WITHOUT ROWID")
        connection.executemany("INSERT INTO rarities VALUES (?, ?)", _rarities(data))
    connection.execute("VACUUM")
    connection.close()


def _add(table: Table, chinese: str, english: str, weight: float) -> None:
    if not _CHINESE.fullmatch(chinese):
        return
    for gloss in re.split(r"[;/|]", re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", english)):
        content = [word for word in _WORD.findall(gloss) if word not in _NOISE]
        if not content or len(content) > 6:
            continue
        for word in dict.fromkeys(content):
            table[key_of(word)][chinese] += weight / len(content)
        if 1 < len(content) <= _PHRASE:
            table[key_of(" ".join(content))][chinese] += 1.5 * weight
        if len(content) <= 3:
            table[chinese][key_of(" ".join(content))] += weight / len(content)


def _add_terms(table: Table, path: Path) -> None:
    """The terms of the glossary's concepts, both ways; none with a number: of "scope 3 emissions", "scope 3" is the term."""
    for entry in glossary.read(path):
        chinese, english = (list(field) for field in entry.fields[:2])
        english = [en for en in english if not any(word.isdigit() for word in en.split())]
        if not english:
            continue
        for zh in chinese:
            for en in english:
                weight = 1.0 if zh == chinese[0] and en == english[0] else _OTHER_TERM
                table[key_of(en)][zh] += weight
                table[zh][key_of(en)] += weight


def _terms(path: Path) -> dict[str, list[str]]:
    """The finance terms both ways: key to translations, in the order of the table."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            chinese, _, english = line.partition("\t")
            for zh in fold(chinese).split("/"):
                for en in english.lower().split("/"):
                    found[key_of(en)].append(zh.strip())
                    found[zh.strip()].append(key_of(en))
    return found


def _written(path: Path) -> list[tuple[str, str]]:
    """(Chinese term, its English) as it is written, for what is said in English."""
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            chinese, _, english = line.partition("\t")
            for zh in fold(chinese).split("/"):
                found.setdefault(zh.strip(), english.split("/")[0])
    return sorted(found.items())


def _synonyms(path: Path) -> list[tuple[str, str]]:
    """(what people say, what reports say) of the table: keys as questions have them, forms joined by |."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            spoken, _, written = line.partition("\t")
            forms = [form if _HAN.search(form) else key_of(form) for form in fold(written).split("/")]
            for key in fold(spoken).split("/"):
                found[key].update(dict.fromkeys(form for form in forms if form != key))
    return sorted((key, "|".join(forms)) for key, forms in found.items() if forms)


def _rarities(data: Path) -> list[tuple[str, int]]:
    """(word, rarity in percent) of words of everyday sentences: their idf there, as a share of the greatest."""
    sentences = {sentence for pair in pairs(data, "tatoeba_zh_en") for sentence in pair}
    found: list[tuple[str, int]] = []
    for chinese in (True, False):
        own = [sentence for sentence in sentences if bool(_HAN.search(sentence)) == chinese]
        counts = Counter(word for sentence in own for word in set(words(sentence)) if not word[0].isdigit())
        most = math.log(len(own))
        found += [(word, round(100 * (1 - math.log(n) / most))) for word, n in counts.items() if n >= _LEAST_COUNT]
    return sorted(dict(found).items())


def _everyday(data: Path) -> list[tuple[str, int]]:
    """(term of an index, its idf in percent) in everyday sentences or in questions, where it is least."""
    sentences = {sentence for pair in pairs(data, "tatoeba_zh_en") for sentence in pair}
    questions = {question for name in ("cmrc2018", "drcd") for question, _ in pairs(data, name)}
    found: dict[str, float] = {}
    for own in (
        [sentence for sentence in sentences if _HAN.search(sentence)],
        [sentence for sentence in sentences if not _HAN.search(sentence)],
        list(questions),
    ):
        counts = Counter(term for text in own for term in set(tokenize(text)) if not term[0].isdigit())
        for term, n in counts.items():
            if n >= _LEAST_COUNT:
                found[term] = min(found.get(term, math.inf), math.log(1 + (len(own) - n + 0.5) / (n + 0.5)))
    return sorted((term, round(100 * idf)) for term, idf in found.items())


def _forms(key: str, table: Table, leads: dict[str, list[str]]) -> list[tuple[str, float]]:
    """The translations of a key with their weights, best first."""
    limit = _MOST_ENGLISH if _HAN.search(key) else _MOST_CHINESE
    chosen: dict[str, float] = {form: _LEAD for form in leads.get(key, ())}
    counts = table.get(key, {})
    most = max(counts.values(), default=1.0)
    for form, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]:
        chosen.setdefault(form, 0.9 * count / most)
    return [(form, weight) for form, weight in list(chosen.items())[:limit] if weight >= _LEAST]
