"""What service texts are about, and which of them promise: linear models over embeddings, learnt from examples of our own.

The examples are in `topics.yaml` (what a question is about) and `claims.yaml` (sentences that say something was or will be
done). What was learnt for the packaged embedder lies beside them; `python -m assistant.service.learnt` learns it anew.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from assistant import sense
from assistant.sense import Embed, Lessons, Matrix

Name = Literal["topics", "claims"]
_HERE = Path(__file__).parent


class Learnt:
    """Tells classes of embedded texts. Safe to share between threads."""

    def __init__(self, names: Sequence[str], directions: Matrix, offsets: Matrix) -> None:
        self.names = tuple(names)
        self._directions = directions
        self._offsets = offsets

    def shares(self, vectors: Matrix) -> Matrix:
        """The share of each class in each text, shape (len(vectors), classes); rows add up to 1."""
        scores = vectors @ self._directions + self._offsets
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        found: Matrix = (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)
        return found


def lessons(name: Name) -> Lessons:
    """The examples of a model, and where it is shipped."""
    return Lessons(_HERE / f"{name}.yaml", _HERE / f"{name}.npz")


def examples(name: Name) -> Mapping[str, Sequence[str]]:
    """The examples of each class of a model."""
    return sense.examples(lessons(name))


def load_learnt(name: Name, embedder: str, known: Embed, home: Path) -> Learnt:
    """The model for the embedder of this name: shipped, kept in `home`, or learnt now; `known` embeds the examples."""
    return Learnt(*sense.load_learnt(embedder, known, home, lessons(name)))


if __name__ == "__main__":
    from catalog import load_embedder

    packaged = load_embedder("packaged")
    for one in (lessons("topics"), lessons("claims")):
        sense.learn(packaged.name, packaged.passages, one.shipped, one)
