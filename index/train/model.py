"""Train the static embedding model on pairs of texts that say the same or answer each other.

InfoNCE over in-batch negatives (van den Oord et al., arXiv 1807.03748), one source a batch, so that negatives are of
one kind; dictionaries make at most a fifth of the batches. The result is a SentenceTransformer folder.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from index.train.sources import DICTIONARIES, names, sample

DIMENSION = 256
_MOST = 40_000  # pairs of each source
_TOKENS = 96  # of a passage
_BATCH = 1024
_SCALE = 20.0
_DICTIONARY_SHARE = 0.2

Pairs = list[tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]]


def train(data: Path, out: Path, *, seconds: float, seed: int = 1) -> None:
    """Train for about `seconds` on the pairs of `data`, with the tokenizer that is in `out`; write the model there."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    sources = {
        name: encoded
        for name in names(data)
        if len(encoded := _encode(tokenizer, sample(data, name, _MOST, seed))) > 100
    }
    frequency = np.bincount(
        np.concatenate([t for pairs in sources.values() for p in pairs for t in p]),
        minlength=tokenizer.get_vocab_size(),
    )
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    share = (frequency + 1) / (frequency.sum() + frequency.size)
    start = rng.standard_normal((frequency.size, DIMENSION)) / np.sqrt(DIMENSION) * (1e-3 / (1e-3 + share))[:, None]
    weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
    _fit(weights, sources, seconds, rng)
    embedding = StaticEmbedding(tokenizer, embedding_weights=weights.detach().numpy().astype(np.float16))
    SentenceTransformer(modules=[embedding], device="cpu").save(str(out), create_model_card=False)


def _encode(tokenizer: Any, pairs: list[tuple[str, str]]) -> Pairs:
    first = tokenizer.encode_batch_fast([query[:300] for query, _ in pairs], add_special_tokens=False)
    second = tokenizer.encode_batch_fast([passage[:600] for _, passage in pairs], add_special_tokens=False)
    rows = (
        (np.array(a.ids[:_TOKENS], dtype=np.int64), np.array(b.ids[:_TOKENS], dtype=np.int64))
        for a, b in zip(first, second, strict=True)
    )
    return [(a, b) for a, b in rows if a.size and b.size]


def _fit(weights: Any, sources: dict[str, Pairs], seconds: float, rng: np.random.Generator) -> None:
    import torch
    from torch.nn.functional import cross_entropy, embedding_bag, normalize

    optimizer = torch.optim.Adam([weights], lr=0.02, betas=(0.9, 0.98))
    order = sorted(sources)
    sizes = np.array([len(sources[name]) ** 0.6 for name in order])
    dictionary = np.array([name in DICTIONARIES for name in order])
    sizes[dictionary] *= (
        _DICTIONARY_SHARE / (1 - _DICTIONARY_SHARE) * sizes[~dictionary].sum() / sizes[dictionary].sum()
    )
    started, step, average = time.monotonic(), 0, 0.0
    while (elapsed := (time.monotonic() - started) / seconds) < 1:
        pairs = sources[order[int(rng.choice(len(order), p=sizes / sizes.sum()))]]
        batch = _distinct([pairs[i] for i in rng.choice(len(pairs), min(_BATCH, len(pairs)), replace=False)])
        sides = []
        for side in (0, 1):
            bags = [row[side] for row in batch]
            offsets = np.concatenate([[0], np.cumsum([bag.size for bag in bags])[:-1]])
            tokens = torch.from_numpy(np.concatenate(bags))
            sides.append(normalize(embedding_bag(tokens, weights, torch.from_numpy(offsets), mode="mean"), dim=1))
        scores = sides[0] @ sides[1].T * _SCALE
        target = torch.arange(len(batch))
        loss = (cross_entropy(scores, target) + cross_entropy(scores.T, target)) / 2
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * min(1.0, (step + 1) / 30) * (1 - elapsed)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        average = loss.item() if step == 1 else 0.98 * average + 0.02 * loss.item()
        if step % 200 == 0:
            print(f"step {step}, {elapsed:.0%}, loss {average:.3f}", flush=True)


def _distinct(batch: Pairs) -> Pairs:
    """The batch with each passage and each query once, since a repeated one would be its own negative."""
    seen: set[bytes] = set()
    kept: Pairs = []
    for query, passage in batch:
        keys = {b"q" + query.tobytes(), b"p" + passage.tobytes()}
        if not keys & seen:
            seen |= keys
            kept.append((query, passage))
    return kept
