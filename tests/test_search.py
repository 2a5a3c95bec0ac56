"""One index is searched: vectors by every store, words by BM25."""

import random
from collections import Counter

import numpy as np
import pytest
from fakes import NumpyStore

from index.lexical import LexicalIndex
from index.vectors import FaissStore


@pytest.mark.parametrize("make", [FaissStore, NumpyStore])
def test_every_vector_store(make):
    store = make(4)
    assert len(store.search(np.ones(4, dtype=np.float32), 3)[1]) == 0
    store.add([7, 3, 5], np.eye(4, dtype=np.float32)[:3])
    scores, numbers = store.search(np.array([1, 0.5, 0, 0], dtype=np.float32), 10)
    assert numbers.tolist() == [7, 3, 5]
    assert scores.tolist() == pytest.approx([1.0, 0.5, 0.0])
    assert store.search(np.array([1, 0.5, 0, 0], dtype=np.float32), 2, among=[3, 5])[1].tolist() == [3, 5]
    store.remove([7, 99])
    assert len(store) == 2
    assert store.vectors([3]).tolist() == [[0, 1, 0, 0]]


def test_faiss_is_exact():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((500, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    exact, ours = NumpyStore(32), FaissStore(32)
    for store in (exact, ours):
        store.add(list(range(500)), rows.astype(np.float16).astype(np.float32))
    for query in rows[:20]:
        assert ours.search(query, 10)[1].tolist() == exact.search(query, 10)[1].tolist()


def test_faiss_refuses_another_dimension():
    with pytest.raises(ValueError, match="expected dimension 4"):
        FaissStore(4).add([1], np.ones((1, 3), dtype=np.float32))


def test_bm25_is_the_textbook_sum():
    texts = [["a", "b", "b"], ["a", "c"], ["d", "d", "d", "a", "e"]]
    index = LexicalIndex(None)
    index.add((number, " ".join(text)) for number, text in enumerate(texts))
    index.commit()
    mean = sum(map(len, texts)) / 3
    expected = {}
    for number, text in enumerate(texts):
        counts = Counter(text)
        expected[number] = sum(
            index.idf(term) * counts[term] * 2.2 / (counts[term] + 1.2 * (0.25 + 0.75 * len(text) / mean))
            for term in ("a", "b")
        )
    found = dict(index.search([[("a", 1.0)], [("b", 1.0)]], 10))
    assert found == pytest.approx({n: s for n, s in expected.items() if s}, rel=0.02)
    index.remove([range(1)])
    index.commit()
    assert 0 not in dict(index.search([[("a", 1.0)]], 10))


def test_bm25_of_the_best_is_that_of_all():
    """What is found from the likely Chunks alone is what a look at every Chunk finds, those beside with their scores."""
    chance = random.Random(4)
    index = LexicalIndex(None)
    letters = "abcdefghijklmnopqrstuvwxyz"
    index.add((n, " ".join(chance.choices(letters, range(1, 27), k=chance.randint(2, 30)))) for n in range(2000))
    index.commit()
    for _ in range(50):
        wanted = [
            [(one, chance.choice((0.3, 1.0))) for one in chance.sample(letters, chance.randint(1, 4))] for _ in "12"
        ]
        every = dict(index.search(wanted, 2000))
        beside = chance.sample(range(2000), 20)
        found = index.search(wanted, 10, beside=beside)
        least = sorted(every.values())[-10] * (1 - 1e-6)
        expected = {n: score for n, score in every.items() if score >= least or n in beside}
        assert dict(found) == pytest.approx(expected, rel=1e-5)
        assert found == sorted(found, key=lambda item: (-item[1], item[0]))
        for size in (200, 900):  # few are looked at one by one
            among = chance.sample(range(2000), size)
            kept = {n: score for n, score in every.items() if n in among}
            least = sorted(kept.values())[-10] * (1 - 1e-6)
            found = dict(index.search(wanted, 10, among))
            assert found == pytest.approx({n: score for n, score in kept.items() if score >= least}, rel=1e-5)
