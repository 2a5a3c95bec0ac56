"""The vectors of a library made anew by another model, from the Chunks that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from index.embed import Embedder
from index.prepare import embedded
from index.store import Half, Store

_AT_ONCE = 512  # Chunks


def replace_vectors(store: Store, embedder: Embedder, on_progress: Callable[[int, int], None]) -> None:
    """Put the vectors of `embedder` in the place of those held, all or none; `on_progress(done, total)` counts Chunks."""
    store.replace_vectors(embedder.name, embedder.dimension, _vectors(store, embedder, on_progress))


def _vectors(store: Store, embedder: Embedder, on_progress: Callable[[int, int], None]) -> Iterator[tuple[int, Half]]:
    done, total = 0, store.chunk_count()
    for numbers in store.numbers_after(0):
        chunks = store.chunks(numbers)
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            texts = [embedded(chunks[number].above, chunks[number].text) for number in some]
            yield from zip(some, embedder.encode_document(texts).astype(np.float16), strict=True)
            done += len(some)
            on_progress(done, total)
