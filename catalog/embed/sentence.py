"""Any sentence-transformers model as an embedder."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from catalog.embed.embedder import Vectors
from catalog.errors import CatalogError


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
