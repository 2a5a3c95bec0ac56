"""A question retrieves the Chunks that answer it."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest

from index import lexical as lexical_module
from index.lexical import LexicalIndex
from index.library import Library
from index.retrieve import Sought, ranked
from index.vectors import FaissStore
from index.wanted import Wanted
from ingest.read import document_from_text


@pytest.fixture
def library(banks):
    with Library.in_memory() as library:
        for document in banks:
            library.add(document)
        yield library


def test_retrieval_prefers_the_right_company(library):
    best = library.retrieve("乙行服务了多少小微用户", 2)
    assert "乙行" in best[0].chunk.text and best[0].score > best[1].score
    only = [info.id for info in library.documents() if info.title == "甲行2023"]
    assert {hit.chunk.document_id for hit in library.retrieve("乙行", 5, documents=only)} == set(only)


def test_what_a_document_is_called_by_finds_its_passages():
    """Few passages name their company and year: the file's name does."""
    said = {2016: "Net sales rose to 135,987 million.", 2017: "Net sales rose to 177,866 million."}
    with Library.in_memory() as library:
        for company in ("Amazon", "Corvina"):
            for year, text in said.items():
                library.add(
                    replace(document_from_text("10K", f"{text} {company[0]}"), path=f"/in/{company}_{year}_10K.txt")
                )
        for company, year in (("Amazon", 2016), ("Amazon", 2017), ("Corvina", 2016)):
            best = library.retrieve(f"What were the net sales of {company} in {year}?", 4)
            assert library.document(best[0].chunk.document_id).name == f"{company}_{year}_10K.txt"
            assert best[0].score <= 1.1  # what it is called by is no part of how well it matches


def test_a_measure_is_sought_by_the_lines_that_it_is_read_from():
    statement = "Consolidated Statements of Operations\nNet sales 14,694\nCost of sales (11,969)\nGross profit 2,725"
    policy = "The profile of our share price is improving, and margin loans carry interest."
    with Library.in_memory() as library:
        for title, text in (("a", statement), ("b", policy), ("c", "We own nine plants in six countries.")):
            library.add(document_from_text(title, text))
        best = library.retrieve("Does it have an improving gross margin profile?", 1)[0]
        assert best.chunk.text.startswith("Consolidated Statements")


@pytest.mark.parametrize("question", ["", " ", "\x00\x01", "?" * 100_000, "网商银行" * 25_000, "<script>"])
def test_odd_questions_do_no_harm(library, question):
    started = time.monotonic()
    library.retrieve(question, 3)
    assert time.monotonic() - started < 20


def test_none_is_asked_for(library):
    assert library.retrieve("乙行服务了多少小微用户", 0) == []


@pytest.mark.parametrize("small", [0, 100_000])
def test_the_best_are_those_of_all_candidates(monkeypatch, small):
    """What is told from a close look at few is what a look at all candidates tells, equal ones included."""
    monkeypatch.setattr(lexical_module, "_SMALL", small)
    chance, rng = random.Random(5), np.random.default_rng(5)
    letters = "abcdefghijklmnopqrstuvwxyz"
    lexical, dense = LexicalIndex(None), FaissStore(16)
    texts = [" ".join(chance.choices(letters, range(1, 27), k=chance.randint(2, 12))) for _ in range(1500)]
    texts += texts[:300]  # the same words
    rows = rng.standard_normal((len(texts), 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows[-300:] = rows[:300]  # and the same meaning
    lexical.add(enumerate(texts))
    lexical.commit()
    dense.add(range(len(texts)), rows)
    few = 0
    for query in rows[:200]:
        wanted = [
            Wanted(tuple((one, chance.choice((0.3, 1.0))) for one in forms), max(map(lexical.idf, forms)), True)
            for forms in (chance.sample(letters, chance.randint(1, 4)) for _ in range(chance.randint(1, 6)))
        ]
        sought = Sought(wanted, query[None])
        every, best = ranked(sought, lexical, dense), ranked(sought, lexical, dense, k=10)
        least = every[9].rank - 1e-4
        expected = {one.number: one.rank for one in every if one.rank >= least}
        found = {one.number: one.rank for one in best if one.rank >= least}
        assert found == pytest.approx(expected, abs=1e-5)
        few += len(best) < len(every)
    assert few > 40
