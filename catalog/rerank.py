"""The optional last stage of search: a cross-encoder reads query and listing together and puts the best hits in order.

Slower by far than both rankings that find them, so it is used only where the owner names a model.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.errors import CatalogError
from catalog.passages import passage

if TYPE_CHECKING:
    from catalog.search import Hit


class Reranker(Protocol):
    """What the search needs of a cross-encoder; `name` changes whenever its scores would."""

    name: str

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers `query`, higher is better, of shape (len(texts),); comparable within one call."""


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output, by hub id or folder, loaded on first use.

    Raises CatalogError where it cannot be loaded or scores several labels.
    """

    def __init__(self, model: str) -> None:
        self.name = model

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import CrossEncoder

            model = CrossEncoder(self.name)
        except (ImportError, OSError, ValueError) as error:
            reason = str(error).partition("\n")[0]
            raise CatalogError(f"AISLE_RERANKER={self.name} cannot be loaded ({reason}): name another") from error
        if model.num_labels != 1:
            raise CatalogError(f"AISLE_RERANKER={self.name} scores {model.num_labels} labels, not one: name another")
        return model

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(query, text) for text in texts]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32).reshape(-1)


def load_reranker(name: str | None) -> Reranker | None:
    """The reranker that the setting names by hub id or folder; None where it names none."""
    return CrossEncoderReranker(name) if name else None


def reranked(reranker: Reranker, query: str, hits: "Sequence[Hit]") -> "list[Hit]":
    """`hits` in the order of their reranker's scores, best first; ties stay as they were, and so do the hits' scores."""
    scores = reranker.scores(query, [passage(hit.product) for hit in hits])
    return [hits[place] for place in np.argsort(-scores, kind="stable")]
