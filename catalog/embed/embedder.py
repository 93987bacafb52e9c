"""What an embedder is; the models behind it are in the modules beside."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """What the index needs of a model; `name` changes whenever its vectors would."""

    name: str

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), dimensions)."""

    def query(self, text: str) -> Vectors:
        """One unit vector of shape (dimensions,)."""
