"""Every embedder gives unit rows, and the shipped model those that sentence-transformers reads from it."""

import math
from pathlib import Path

import numpy as np
import pytest

from index.embed import ModelNotFound, SentenceEmbedder, StaticEmbedder, load_embedder

MODEL = Path(__file__).parents[1] / "index" / "model"
TEXTS = [
    "网商银行发布2023年ESG报告",
    "網商銀行發布2023年ESG報告",
    "Small businesses served in 2023.",
    "",
    "绿色贷款 " * 400,
]


def test_static_model_is_what_sentence_transformers_reads():
    ours = load_embedder(None).encode_document(TEXTS)
    theirs = SentenceEmbedder(str(MODEL)).encode_document(TEXTS)
    full = [0, 1, 2, 4]
    assert np.abs(ours[full] - theirs[full]).max() < 2e-3
    assert np.allclose(ours[0] @ ours[1], 1.0, atol=1e-3)  # both scripts are one


@pytest.mark.parametrize("make", [lambda path: StaticEmbedder(path), lambda path: SentenceEmbedder(str(path))])
def test_every_embedder(tiny, make):
    embedder = make(tiny)
    rows = embedder.encode_document(["bank", "loan", "bank loan"])
    assert rows.dtype == np.float32 and rows.shape == (3, embedder.dimension) == (3, 8)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert np.allclose(rows @ embedder.encode_query(["bank"])[0], [1, 0, math.sqrt(0.5)], atol=1e-6)
    assert embedder.encode_query([]).shape == (0, 8)


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelNotFound, match="no/such-model"):
        SentenceEmbedder("no/such-model")
