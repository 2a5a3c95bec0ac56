"""Texts become vectors. The only file that imports sentence_transformers.

Every Embedder gives float32 rows of length 1, so that an inner product is a cosine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.tokens import SHIPPED, Cut, cutter

Matrix = npt.NDArray[np.float32]
MODEL = "report-chat-static"


class ModelNotFound(Exception):
    """The named model is neither a folder here nor to be had from where models are kept."""

    @classmethod
    def unloaded(cls, role: str, name: str, kind: str, error: Exception) -> ModelNotFound:
        """What `role` a model has that could not be loaded, and what `kind` of folder was looked for."""
        return cls(
            f"{role} {name!r} cannot be loaded: it is no {kind} folder here, and it could not be fetched "
            f"({type(error).__name__}). Give the path of a downloaded model, or check the name and the network."
        )


class Embedder(Protocol):
    """What embeds. `name` is recorded in the library: vectors of two names do not compare."""

    name: str
    dimension: int

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """One unit row for each text to be found: (len(texts), dimension)."""
        ...

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """One unit row for each question: (len(texts), dimension)."""
        ...


class StaticEmbedder:
    """A StaticEmbedding model (a vector for each token, averaged) read without torch, so that it starts at once."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file

        weights = folder / "model.safetensors"
        self._cutter = cutter(folder)
        self.shipped = folder == SHIPPED
        self._vectors = next(iter(load_file(weights).values())).astype(np.float32)
        self.dimension = int(self._vectors.shape[1])
        self.name = f"{MODEL}-{hashlib.sha256(weights.read_bytes()).hexdigest()[:8]}"

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """The mean of each text's token vectors, made unit; a zero row for a text without tokens."""
        return self.means(self.cut(texts))

    encode_query = encode_document

    def cut(self, texts: Sequence[str]) -> list[Cut]:
        """The tokens of each text."""
        return self._cutter.cut(texts)

    def means(self, cuts: Sequence[Cut]) -> Matrix:
        """The rows of texts that were cut."""
        means = np.zeros((len(cuts), self.dimension), dtype=np.float32)
        for row, ids in enumerate(one.ids for one in cuts):  # one by one, so that what is added fits the cache
            if ids:
                np.add.reduce(self._vectors.take(ids, axis=0), axis=0, out=means[row])
        return _unit(means)


class SentenceEmbedder:
    """Any sentence-transformers model, by name or path."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise ModelNotFound.unloaded("embedding model", name, "model", error) from error
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.name = f"{Path(name).name}-{self.dimension}"

    def encode_document(self, texts: Sequence[str]) -> Matrix:
        """Through the model's own document prompt, made unit."""
        return self._rows(self._model.encode_document(list(texts)), len(texts))

    def encode_query(self, texts: Sequence[str]) -> Matrix:
        """Through the model's own query prompt, made unit."""
        return self._rows(self._model.encode_query(list(texts)), len(texts))

    def _rows(self, encoded: npt.NDArray[np.float32], count: int) -> Matrix:
        return _unit(np.asarray(encoded, dtype=np.float32).reshape(count, self.dimension))


def _unit(rows: Matrix) -> Matrix:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = (rows / np.maximum(norms, 1e-12)).astype(np.float32)
    return unit


@lru_cache(maxsize=4)
def load_embedder(name: str | None = None) -> Embedder:
    """The Embedder called `name`: the shipped one for None, else a sentence-transformers model; ModelNotFound."""
    if name is None:
        return StaticEmbedder(SHIPPED)
    return SentenceEmbedder(name)
