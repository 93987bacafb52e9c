"""What a message does, by its meaning: a linear model over its embedding, learnt from examples of our own.

It tells acts apart that are said in any number of ways ("tq boss" and "that'll be all" are thanks), and knows nothing of
products: what an act is about is read by rules. What was learnt for the packaged embedder lies beside this file; for
another one it is learnt at the first start. `python -m assistant.sense` learns the former anew.
"""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.reading.vocabulary import table

Matrix = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Matrix]
"""Unit vectors of texts, shape (len(texts), dimensions)."""

SHIPPED = Path(__file__).with_name("sense.npz")
_SPREAD = (
    5.0  # embeddings lie close together: their differences are enlarged to the scale that the penalty is meant for
)
_STRENGTH = 10.0
_ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Sensed:
    """The likeliest act of a message and the next one, with their probabilities among all acts."""

    act: str
    probability: float
    second: str
    second_probability: float


class Sense:
    """Tells the acts of messages. Safe to share between threads."""

    def __init__(self, names: Sequence[str], directions: Matrix, offsets: Matrix, embed: Embed) -> None:
        self._names = tuple(names)
        self._directions = directions
        self._offsets = offsets
        self._vector = lru_cache(maxsize=256)(lambda message: embed([message])[0])

    def of(self, message: str) -> Sensed:
        """The likeliest act of `message`."""
        scores = self._vector(message) @ self._directions + self._offsets
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        second, first = np.argsort(shares)[-2:]
        return Sensed(self._names[first], float(shares[first]), self._names[second], float(shares[second]))


def load_sense(embedder: str, embed: Embed, known: Embed, home: Path) -> Sense:
    """The sense for the embedder of this name: what is shipped or kept in `home`, else learnt now and kept there.

    `embed` embeds messages, `known` the examples, whose vectors it may keep.
    """
    digest = _digest(embedder)
    for file in (SHIPPED, home / "sense.npz"):
        found = _read(file, digest)
        if found is not None:
            return Sense(*found, embed)
    learn(embedder, known, home / "sense.npz")
    return load_sense(embedder, embed, known, home)


def learn(embedder: str, known: Embed, file: Path) -> None:
    """Learn the acts of the examples by multinomial logistic regression, and write `file`."""
    from sklearn.linear_model import LogisticRegression

    examples = _examples()
    vectors = known([example for several in examples.values() for example in several])
    acts = [act for act, several in examples.items() for _ in several]
    middle = vectors.mean(axis=0)
    model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS).fit(_SPREAD * (vectors - middle), acts)
    directions = (_SPREAD * model.coef_.T).astype(np.float32)
    offsets = (model.intercept_ - middle @ directions).astype(np.float32)
    names = np.asarray(model.classes_, dtype=np.str_)
    unfinished = file.with_name(f"unfinished-{file.name}")
    np.savez(unfinished, names=names, directions=directions, offsets=offsets, digest=np.asarray(_digest(embedder)))
    os.replace(unfinished, file)  # a start that dies here leaves nothing half written


def _examples() -> Mapping[str, Sequence[str]]:
    examples: dict[str, list[str]] = table("acts")
    return examples


def _digest(embedder: str) -> str:
    """What a model was learnt from: other examples or another embedder need another one."""
    told = (f"{act}\t{example}" for act, several in _examples().items() for example in several)
    return hashlib.sha256("\n".join([embedder, *told]).encode()).hexdigest()


def _read(file: Path, digest: str) -> tuple[tuple[str, ...], Matrix, Matrix] | None:
    if not file.is_file():
        return None
    with np.load(file) as held:
        if str(held["digest"]) != digest:
            return None
        return tuple(map(str, held["names"])), held["directions"], held["offsets"]


if __name__ == "__main__":
    from catalog import load_embedder

    packaged = load_embedder("packaged")
    learn(packaged.name, packaged.passages, SHIPPED)
