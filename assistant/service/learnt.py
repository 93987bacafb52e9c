"""What service texts are about, and which of them promise: linear models over embeddings, learnt from examples of our own.

The examples are in `topics.yaml` (what a question is about) and `claims.yaml` (sentences that say something was or will be
done). What was learnt for the packaged embedder lies beside them; `python -m assistant.service.learnt` learns it anew.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from assistant.sense import Embed, Matrix

Name = Literal["topics", "claims"]
_HERE = Path(__file__).parent
_SPREAD = 5.0  # as in the sense of acts: embeddings lie close together
_STRENGTH = 10.0
_ROUNDS = 1000


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


def load_learnt(name: Name, embedder: str, known: Embed, home: Path) -> Learnt:
    """The model for the embedder of this name: what is shipped or kept in `home`, else learnt now and kept there.

    `known` embeds the examples, whose vectors it may keep.
    """
    digest = _digest(name, embedder)
    for file in (_HERE / f"{name}.npz", home / f"{name}.npz"):
        found = _read(file, digest)
        if found is not None:
            return found
    learn(name, embedder, known, home / f"{name}.npz")
    return load_learnt(name, embedder, known, home)


def learn(name: Name, embedder: str, known: Embed, file: Path) -> None:
    """Learn the classes of the examples by multinomial logistic regression, and write `file`."""
    from sklearn.linear_model import LogisticRegression

    told = examples(name)
    vectors = known([example for several in told.values() for example in several])
    classes = [one for one, several in told.items() for _ in several]
    middle = vectors.mean(axis=0)
    model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS).fit(_SPREAD * (vectors - middle), classes)
    coefficients, offsets = model.coef_, model.intercept_
    if len(coefficients) == 1:  # of two classes only the second has coefficients
        coefficients, offsets = np.vstack([-coefficients, coefficients]) / 2, np.concatenate([-offsets, offsets]) / 2
    directions = (_SPREAD * coefficients.T).astype(np.float32)
    unfinished = file.with_name(f"unfinished-{file.name}")
    np.savez(
        unfinished, names=np.asarray(model.classes_, dtype=np.str_), directions=directions,
        offsets=(offsets - middle @ directions).astype(np.float32), digest=np.asarray(_digest(name, embedder)),
    )  # fmt: skip
    os.replace(unfinished, file)  # a start that dies here leaves nothing half written


@cache
def examples(name: Name) -> Mapping[str, Sequence[str]]:
    """The examples of each class."""
    import yaml

    found: dict[str, list[str]] = yaml.safe_load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def _digest(name: Name, embedder: str) -> str:
    """What a model was learnt from: other examples or another embedder need another one."""
    told = (f"{one}\t{example}" for one, several in examples(name).items() for example in several)
    return hashlib.sha256("\n".join([embedder, *told]).encode()).hexdigest()


def _read(file: Path, digest: str) -> Learnt | None:
    if not file.is_file():
        return None
    with np.load(file) as held:
        if str(held["digest"]) != digest:
            return None
        return Learnt(tuple(map(str, held["names"])), held["directions"], held["offsets"])


if __name__ == "__main__":
    from catalog import load_embedder

    packaged = load_embedder("packaged")
    for each in ("topics", "claims"):
        learn(each, packaged.name, packaged.passages, _HERE / f"{each}.npz")
