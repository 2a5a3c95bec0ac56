"""Train the static embedding model on pairs of texts that say the same or answer each other.

InfoNCE over in-batch negatives (van den Oord et al., arXiv 1807.03748), one source a batch, so that negatives are of
one kind. Token vectors start from latent semantic analysis of the pairs (Deerwester et al., 1990; randomised SVD of
Halko, Martinsson and Tropp, 2011), scaled by smooth inverse frequency (Arora et al., 2017). The result is a
SentenceTransformer folder. Training writes checkpoints beside it, and goes on from the last one.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.train.alignment import Tables
from index.train.augment import Exchange, Row, cut
from index.train.sources import DICTIONARIES, PARALLEL, SYNONYMS, names, sample

DIMENSION = 256  # more gain a point or two of the cosines alone, and nothing beside BM25
_MOST = 250_000  # pairs of each source
_TOKENS = 96  # of a passage: of a longer one, those that share most with the question
_BATCH = 1536
_SCALE = 20.0
_RATE = 0.02
_SAVED_EVERY = 100  # steps
# What the batches are drawn from, and how often some words of a side are exchanged there.
_SHARES = {"pairs": 0.34, "parallel": 0.26, "dictionaries": 0.18, "texts": 0.22}
# Questions that people asked: drawn thrice as often.
_ASKED = frozenset("cmrc2018 drcd tatqa_dev chatreport pubmedqa esg_zh".split())
_EXCHANGED = {"pairs": 0.5, "parallel": 0.2, "dictionaries": 0.0, "texts": 0.6}

Pair = tuple[Row, Row]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Corpus:
    """The encoded pairs of each source, and how often each token stands in them."""

    sources: dict[str, list[Pair]]
    frequency: npt.NDArray[np.int64]

    @classmethod
    def read(cls, data: Path, tokenizer: Any, seed: int) -> Corpus:
        """The pairs in `data`, encoded."""
        encoded = {name: _encode(tokenizer, sample(data, name, _MOST, seed)) for name in [*names(data), SYNONYMS]}
        sources = {name: pairs for name, pairs in encoded.items() if len(pairs) > 100}
        every = np.concatenate([row for pairs in sources.values() for pair in pairs for row in pair])
        frequency = np.bincount(every, minlength=tokenizer.get_vocab_size())
        return cls({name: [_cut(pair, frequency) for pair in pairs] for name, pairs in sources.items()}, frequency)

    def kind(self, kind: str) -> list[str]:
        """The sources of a kind of batch, by name."""
        if kind in ("parallel", "dictionaries"):
            return sorted(self.sources.keys() & (PARALLEL if kind == "parallel" else DICTIONARIES))
        return sorted(self.sources.keys() - PARALLEL - DICTIONARIES)


def train(data: Path, out: Path, tables: Tables, *, steps: int, seed: int = 1) -> None:
    """Train for `steps` on the pairs of `data`, with the tokenizer that is in `out`; write the model there."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    corpus = Corpus.read(data, tokenizer, seed)
    print(f"{sum(map(len, corpus.sources.values()))} pairs of {len(corpus.sources)} sources", flush=True)
    exchange = Exchange.of(tables, tokenizer, corpus.frequency)
    saved = out / "training.pt"
    torch.manual_seed(seed)
    start = np.zeros((corpus.frequency.size, DIMENSION)) if saved.is_file() else _start(corpus, seed)
    weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
    _fit(weights, Batches(corpus, exchange, seed), steps, saved)
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights.detach().numpy().astype(np.float16))
    SentenceTransformer(modules=[embedding], device="cpu").save(str(out), create_model_card=False)
    saved.unlink()


def _encode(tokenizer: Any, pairs: list[tuple[str, str]]) -> list[Pair]:
    first = tokenizer.encode_batch_fast([query[:300] for query, _ in pairs], add_special_tokens=False)
    second = tokenizer.encode_batch_fast([passage[:1600] for _, passage in pairs], add_special_tokens=False)
    rows = (
        (np.array(a.ids[:_TOKENS], dtype=np.int32), np.array(b.ids, dtype=np.int32))
        for a, b in zip(first, second, strict=True)
    )
    return [(a, b) for a, b in rows if a.size and b.size]


def _cut(pair: Pair, frequency: npt.NDArray[np.int64]) -> Pair:
    """The pair with the stretch of its passage that shares most with its question, by how rare the tokens are."""
    query, passage = pair
    if passage.size <= _TOKENS:
        return pair
    shared = np.where(np.isin(passage, query), 1 / np.sqrt(frequency[passage]), 0.0)
    start = int(np.argmax(np.convolve(shared, np.ones(_TOKENS), "valid")))
    return query, passage[start : start + _TOKENS]


def _start(corpus: Corpus, seed: int) -> Floats:
    """Token vectors before training: what stands in the same pairs is alike, and frequent tokens are short."""
    from scipy.sparse import csr_matrix, diags

    rng = np.random.default_rng(seed)
    pairs = [pair for name in sorted(corpus.sources) for pair in corpus.sources[name]]
    rows = [np.unique(np.concatenate(pair)) for pair in pairs]
    columns = np.concatenate(rows)
    at = np.concatenate([[0], np.cumsum([row.size for row in rows])])
    shape = (len(rows), corpus.frequency.size)
    table = csr_matrix((np.ones(columns.size, dtype=np.float32), columns, at), shape=shape)
    spread = np.asarray(table.sum(axis=0)).ravel()
    table = table @ diags(np.log((len(rows) + 1) / (spread + 1)).astype(np.float32))
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = (diags((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ table).T.tocsr()
    basis = rng.standard_normal((corpus.frequency.size, DIMENSION + 32)).astype(np.float32)
    for _ in range(3):
        basis, _ = np.linalg.qr(table @ (table.T @ basis))
    across = table.T @ basis
    left, singular, _ = np.linalg.svd(across.T @ across)
    vectors = (basis @ left[:, :DIMENSION]) * np.sqrt(singular[:DIMENSION]) ** 0.5
    vectors += 1e-3 * rng.standard_normal(vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    share = (corpus.frequency + 1) / (corpus.frequency.sum() + corpus.frequency.size)
    started: Floats = (vectors * (1e-3 / (1e-3 + share))[:, None]).astype(np.float32)
    return started


class Batches:
    """Draws batches of pairs, each of one source, by number: the same seed and step give the same batch."""

    def __init__(self, corpus: Corpus, exchange: Exchange, seed: int) -> None:
        self._corpus, self._exchange, self._seed = corpus, exchange, seed
        share = (corpus.frequency + 1) / corpus.frequency.sum()
        self._rarity = np.maximum(-np.log(share) - 6, 0).astype(np.float32)
        self._kinds = {kind: corpus.kind(kind) for kind in _SHARES}

    def draw(self, step: int) -> list[Pair]:
        """The batch of a step."""
        rng = np.random.default_rng((self._seed, step))
        kind = str(rng.choice(list(_SHARES), p=list(_SHARES.values())))
        order = self._kinds[kind]
        sizes = np.array([len(self._corpus.sources[name]) ** 0.6 * (3 if name in _ASKED else 1) for name in order])
        pairs = self._corpus.sources[order[int(rng.choice(len(order), p=sizes / sizes.sum()))]]
        chosen = [pairs[i] for i in rng.choice(len(pairs), min(_BATCH, len(pairs)), replace=False)]
        if kind == "texts":
            chosen = [made for _, passage in chosen if (made := cut(passage, self._rarity, rng))]
        return [self._exchanged(pair, _EXCHANGED[kind], rng) for pair in _distinct(chosen)]

    def _exchanged(self, pair: Pair, often: float, rng: np.random.Generator) -> Pair:
        if rng.random() >= often:
            return pair
        share = 1.0 if rng.random() < 0.4 else float(rng.uniform(0.2, 0.8))
        first, second = pair
        if rng.random() < 0.8:
            return self._exchange.apply(first, share, rng), second
        return first, self._exchange.apply(second, share, rng)


def _fit(weights: Any, batches: Batches, steps: int, saved: Path) -> None:
    """Train `weights` in place, from the checkpoint in `saved` on where there is one."""
    import torch

    optimizer = torch.optim.Adam([weights], lr=_RATE, betas=(0.9, 0.98), fused=True)
    first, average = 0, 0.0
    if saved.is_file():
        held = torch.load(saved)
        weights.data.copy_(held["weights"])
        optimizer.load_state_dict(held["optimizer"])
        first, average = held["step"], held["average"]
        print(f"goes on from step {first}", flush=True)
    started = time.monotonic()
    for step in range(first, steps):
        loss = _loss(weights, batches.draw(step))
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 30) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average = loss.item() if step == 0 else 0.98 * average + 0.02 * loss.item()
        if (step + 1) % _SAVED_EVERY == 0:
            print(f"step {step + 1} of {steps}, loss {average:.3f}, {time.monotonic() - started:.0f} s", flush=True)
            held = {"weights": weights.data, "optimizer": optimizer.state_dict(), "step": step + 1, "average": average}
            torch.save(held, saved.with_suffix(".tmp"))
            saved.with_suffix(".tmp").replace(saved)


def _loss(weights: Any, batch: list[Pair]) -> Any:
    """How badly each side of a pair picks out its other side among those of the batch, both ways round."""
    import torch
    from torch.nn.functional import cross_entropy, embedding_bag, normalize

    sides = []
    for side in (0, 1):
        bags = [pair[side] for pair in batch]
        offsets = np.concatenate([[0], np.cumsum([bag.size for bag in bags])[:-1]])
        tokens = torch.from_numpy(np.concatenate(bags).astype(np.int64))
        sides.append(normalize(embedding_bag(tokens, weights, torch.from_numpy(offsets), mode="mean"), dim=1))
    scores = sides[0] @ sides[1].T * _SCALE
    target = torch.arange(len(batch))
    return (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2


def _distinct(batch: list[Pair]) -> list[Pair]:
    """The batch with each passage and each query once, since a repeated one would be its own negative."""
    seen: set[bytes] = set()
    kept: list[Pair] = []
    for query, passage in batch:
        keys = {b"q" + query.tobytes(), b"p" + passage.tobytes()}
        if not keys & seen:
            seen |= keys
            kept.append((query, passage))
    return kept
