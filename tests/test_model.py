"""The shipped embedding model, and the training that makes it again."""

import importlib.util
import shutil
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from index.embed import StaticEmbedder, load_embedder
from index.tokens import shipped
from index.train.alignment import Tables

MODEL = Path(str(resources.files("index").joinpath("model")))
TEXTS = [
    "截至2023年末,不良贷款率为1.18%。",
    "不良貸款率是多少?",
    "What was the non-performing loan ratio at the end of 2023?",
    "Scope 1 emissions fell by 12 % — to 38.4 kt CO2e",
    "银行" * 300,
    "",
]


def test_shipped_model_is_sentence_transformers_own():
    from sentence_transformers import SentenceTransformer

    expected = SentenceTransformer(str(MODEL), device="cpu").encode(TEXTS[:-1], convert_to_numpy=True)
    expected = expected.astype(np.float32)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    given = load_embedder().encode_document(TEXTS)
    assert np.allclose(given[:-1], expected, atol=2e-3)
    assert not given[-1].any()
    assert given.shape == (len(TEXTS), load_embedder().dimension)


def test_texts_are_cut_as_the_tokenizer_itself_does():
    from tokenizers import Tokenizer

    spaces = "".join(f"中{chr(code)}a{chr(code)}1{chr(code)}国" for code in range(0x3100) if not chr(code).isalnum())
    texts = [*TEXTS, spaces, "薴麼著 R&D-led，３.5％\n\t銀行ABC123億"]
    own = Tokenizer.from_file(str(MODEL / "tokenizer.json")).encode_batch(texts, add_special_tokens=False)
    assert [one.ids for one in shipped().cut(texts)] == [one.ids for one in own]


def test_shipped_model_is_small():
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 32_000_000


def test_scripts_and_languages_share_a_space():
    vectors = load_embedder().encode_document([*TEXTS[:3], "今天下午在公园里散步"])
    assert vectors[0] @ vectors[1] > 0.5 and vectors[0] @ vectors[2] > vectors[3] @ vectors[2] + 0.2


def test_name_follows_the_weights(tmp_path):
    shutil.copytree(MODEL, tmp_path / "model")
    same = StaticEmbedder(tmp_path / "model").name
    assert same == load_embedder().name
    weights = tmp_path / "model" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-2] + b"\x01\x3c")
    assert StaticEmbedder(tmp_path / "model").name != same


@pytest.mark.skipif(not importlib.util.find_spec("zstandard"), reason="the train extra is not installed")
def test_training_makes_a_model_and_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    import json

    import zstandard

    from index.train import model

    data = tmp_path / "data"
    data.mkdir()
    words = "银行 贷款 客户 员工 排放 董事 供应商 审计 投诉 培训 利润 水".split()
    english = "bank loan customer employee emission director supplier audit complaint training profit water".split()
    rng = np.random.default_rng(3)
    for name, other in (("cmrc2018", words), ("tatoeba_zh_en", english), ("cc_cedict", english)):
        rows = []
        for _ in range(150):
            chosen = rng.choice(len(words), 5)
            row = {"query": "".join(words[at] for at in chosen), "passage": " ".join(other[at] for at in chosen) * 5}
            rows.append(json.dumps(row, ensure_ascii=False))
        (data / f"{name}.jsonl.zst").write_bytes(zstandard.compress("\n".join(rows).encode()))
    tables = Tables({words[0]: {"bank": 0.9}}, {"bank": {words[0]: 0.9}})
    monkeypatch.setattr(model, "DIMENSION", 8)
    monkeypatch.setattr(model, "_BATCH", 32)
    monkeypatch.setattr(model, "_SAVED_EVERY", 4)

    def trained(folder, stop):
        out = tmp_path / folder
        out.mkdir(exist_ok=True)
        shutil.copy(MODEL / "tokenizer.json", out)
        loss = model._loss
        steps = []

        def stopping(*given):
            steps.append(1)
            if len(steps) > stop:
                raise KeyboardInterrupt
            return loss(*given)

        monkeypatch.setattr(model, "_loss", stopping)
        try:
            model.train(data, out, tables, steps=8)
        finally:
            monkeypatch.setattr(model, "_loss", loss)
        return out

    whole = trained("whole", 99)
    with pytest.raises(KeyboardInterrupt):
        trained("halved", 5)
    assert (tmp_path / "halved" / "training.pt").is_file()
    halved = trained("halved", 99)
    assert "goes on from step 4" in capsys.readouterr().out
    assert not (halved / "training.pt").exists()
    one, other = (StaticEmbedder(out) for out in (whole, halved))
    assert np.allclose(one.encode_document(TEXTS), other.encode_document(TEXTS), atol=1e-3)
    assert one.dimension == 8


def test_tokens_are_exchanged_for_translations_and_synonyms():
    from tokenizers import Tokenizer

    from index.train.augment import Exchange, cut

    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    numbers = tokenizer.get_vocab()
    tables = Tables(
        {"贷款": {"loan": 0.7}, "借款": {"loan": 0.6}, "客户": {"customer": 0.9}},
        {"loan": {"贷款": 0.6, "借款": 0.4}, "customer": {"客户": 0.9}},
    )
    frequency = np.ones(len(numbers), dtype=np.int64)
    frequency[[numbers["loan"], numbers["customer"]]] = 5  # oftener than their plurals
    exchange = Exchange.of(tables, tokenizer, frequency)
    row = np.array([numbers[word] for word in ("贷款", "客户", "的")], dtype=np.int32)
    rng = np.random.default_rng(1)
    seen = {tuple(exchange.apply(row, 1.0, rng).tolist()) for _ in range(50)}
    across = tuple(numbers[word] for word in ("loan", "customer", "的"))
    within = tuple(numbers[word] for word in ("借款", "客户", "的"))
    assert seen == {across, within}
    assert exchange.apply(row, 0.0, rng).tolist() == row.tolist()

    text = np.arange(40, dtype=np.int32)
    rarity = np.ones(40, dtype=np.float32)
    for _ in range(50):
        question, rest = cut(text, rarity, rng)
        assert 0 < question.size < 24 and set(question.tolist()) <= set(text.tolist())
        assert rest.size + question.size == 40 or rest.size == 40
    assert cut(text[:5], rarity, rng) is None


@pytest.mark.skipif(not importlib.util.find_spec("zstandard"), reason="the train extra is not installed")
def test_what_is_held_apart_is_not_trained_on(shared):
    from index.train.sources import pairs

    for name in ("open_sdg_parallel", "d365_headings_zh_en"):
        apart = {english for _, english in pairs(shared / "training", name, held_apart=True)}
        trained = {english for _, english in pairs(shared / "training", name)}
        assert apart and trained and not apart & trained
