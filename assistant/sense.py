"""What a message does, by its meaning and its wording: a linear model over its embedding, learnt from examples of our own.

It tells acts apart that are said in any number of ways ("tq boss" and "that'll be all" are thanks), and knows nothing of
products: what an act is about is read by rules. An embedding hardly knows wanting from refusing, so the model of acts sees
the runs of letters of a message as well ("don't", 别, 看腻). What was learnt for the packaged embedder lies beside this file; for
another one it is learnt at the first start. `python -m assistant.sense` learns the former anew. What customers want of service is
told apart in the same way, by examples of its own.
"""

import hashlib
import math
import os
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Matrix]
"""Unit vectors of texts, shape (len(texts), dimensions)."""
Linear = tuple[tuple[str, ...], Matrix, Matrix]
"""The names of classes, their directions (dimensions and buckets of letters, classes) and their offsets (classes)."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Examples of several acts, and where what was learnt from them for the packaged embedder is shipped.

    The smaller `strength`, the less a single example counts. With `letters`, wording counts beside meaning. What the
    examples `beside` are examples of, none of these acts, is "other" here.
    """

    examples: Path
    shipped: Path
    strength: float = 10.0
    letters: bool = False
    beside: Path | None = None


_HERE = Path(__file__).parent
ACTS = Lessons(_HERE / "reading" / "acts.yaml", _HERE / "sense.npz", letters=True)
COMMANDS = Lessons(_HERE / "reading" / "commands.yaml", _HERE / "commands.npz", 5.0, letters=True, beside=ACTS.examples)
KINDS = Lessons(_HERE / "service" / "reading" / "kinds.yaml", _HERE / "service" / "kinds.npz")
_OTHER = "other"
_SPREAD = (
    5.0  # embeddings lie close together: their differences are enlarged to the scale that the penalty is meant for
)
_ROUNDS = 1000
_RUNS = (1, 2, 3)  # characters
_BUCKETS = 8192  # into which runs of letters are put; with twice as many no more acts of other hands were told rightly
_WORDING = 0.4  # what the runs of a message weigh together beside its unit vector


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
        self._scores = lru_cache(maxsize=256)(lambda message: self._scored(message, embed([message])[0]))

    def _scored(self, message: str, vector: Matrix) -> Matrix:
        scores: Matrix = vector @ self._directions[: len(vector)] + self._offsets
        if len(self._directions) > len(vector):
            places, values = _letters(message)
            scores += values @ self._directions[len(vector) + places]
        return scores

    def likelihood(self, message: str, act: str) -> float:
        """How likely `message` does this act, 0 to 1."""
        return float(self._shares(message)[self._names.index(act)])

    def _shares(self, message: str) -> Matrix:
        scores = self._scores(message)
        shares: Matrix = np.exp(scores - scores.max())
        shares /= shares.sum()
        return shares

    def of(self, message: str) -> Sensed:
        """The likeliest act of `message`."""
        shares = self._shares(message)
        second, first = np.argsort(shares)[-2:]
        return Sensed(self._names[first], float(shares[first]), self._names[second], float(shares[second]))


def load_sense(embedder: str, embed: Embed, known: Embed, home: Path, lessons: Lessons = ACTS) -> Sense:
    """The sense for the embedder of this name; `embed` embeds messages, the rest is as in `load_learnt`."""
    return Sense(*load_learnt(embedder, known, home, lessons), embed)


def load_learnt(embedder: str, known: Embed, home: Path, lessons: Lessons) -> Linear:
    """What was learnt for the embedder of this name: what is shipped or kept in `home`, else learnt now and kept there.

    `known` embeds the examples, whose vectors it may keep.
    """
    digest, kept = _digest(embedder, lessons), home / lessons.shipped.name
    for file in (lessons.shipped, kept):
        found = _read(file, digest)
        if found is not None:
            return found
    learn(embedder, known, kept, lessons)
    return load_learnt(embedder, known, home, lessons)


def learn(embedder: str, known: Embed, file: Path, lessons: Lessons = ACTS) -> None:
    """Learn the acts of the examples by multinomial logistic regression, and write `file`."""
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    told = examples(lessons)
    texts = [example for several in told.values() for example in several]
    vectors = known(texts)
    acts = [act for act, several in told.items() for _ in several]
    middle = vectors.mean(axis=0)
    seen = _SPREAD * (vectors - middle)
    if lessons.letters:
        seen = sparse.hstack([sparse.csr_matrix(seen), _SPREAD * _lettered(texts)], format="csr")
    model = LogisticRegression(C=lessons.strength, max_iter=_ROUNDS).fit(seen, acts)
    coefficients, offsets = model.coef_, model.intercept_
    if len(coefficients) == 1:  # of two classes only the second has coefficients
        coefficients, offsets = np.vstack([-coefficients, coefficients]) / 2, np.concatenate([-offsets, offsets]) / 2
    directions = _SPREAD * coefficients.T
    offsets = (offsets - middle @ directions[: len(middle)]).astype(np.float32)
    digest, names = np.asarray(_digest(embedder, lessons)), np.asarray(model.classes_, dtype=np.str_)
    unfinished = file.with_name(f"unfinished-{file.name}")
    kept = directions.astype(np.float16 if lessons.letters else np.float32)
    np.savez_compressed(unfinished, names=names, directions=kept, offsets=offsets, digest=digest)
    os.replace(unfinished, file)  # a start that dies here leaves nothing half written


def _letters(text: str) -> tuple[NDArray[np.intp], Matrix]:
    """The runs of letters of a text: their buckets, each once, and what each counts; the squares add up to a constant."""
    folded = text.casefold()
    counts = Counter(folded[start : start + run] for run in _RUNS for start in range(len(folded) - run + 1))
    held: dict[int, float] = {}
    for run, count in counts.items():
        bucket = zlib.crc32(run.encode("utf-8", "replace")) % _BUCKETS
        held[bucket] = held.get(bucket, 0.0) + 1 + math.log(count)
    values = np.fromiter(held.values(), dtype=np.float32, count=len(held))
    values *= _WORDING / max(float(np.linalg.norm(values)), 1.0)
    return np.fromiter(held, dtype=np.intp, count=len(held)), values


def _lettered(texts: Sequence[str]) -> Any:
    """The runs of letters of texts as a sparse matrix, shape (len(texts), _BUCKETS)."""
    from scipy import sparse

    found = [_letters(text) for text in texts]
    starts = np.cumsum([0, *(len(places) for places, _ in found)])
    places, values = (np.concatenate(part) for part in zip(*found, strict=True))
    return sparse.csr_matrix((values, places, starts), shape=(len(texts), _BUCKETS))


@lru_cache(maxsize=4)
def examples(lessons: Lessons) -> Mapping[str, Sequence[str]]:
    """The examples of each act or class."""
    found = dict(_told(lessons.examples))
    if lessons.beside:
        others = (one for several in _told(lessons.beside).values() for one in several)
        found[_OTHER] = list(dict.fromkeys([*found[_OTHER], *others]))
    return found


@lru_cache(maxsize=4)
def _told(file: Path) -> dict[str, list[str]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
    found: dict[str, list[str]] = yaml.load(file.read_text(encoding="utf-8"), loader)  # noqa: S506
    return found


def _digest(embedder: str, lessons: Lessons) -> str:
    """What a model was learnt from: other examples or another embedder need another one."""
    told = (f"{act}\t{example}" for act, several in examples(lessons).items() for example in several)
    seen = [embedder, *([f"letters {_RUNS} {_BUCKETS} {_WORDING}"] if lessons.letters else [])]
    return hashlib.sha256("\n".join([*seen, *told]).encode()).hexdigest()


def _read(file: Path, digest: str) -> Linear | None:
    if not file.is_file():
        return None
    with np.load(file) as held:
        if str(held["digest"]) != digest:
            return None
        return tuple(map(str, held["names"])), held["directions"].astype(np.float32), held["offsets"]


if __name__ == "__main__":
    from catalog import load_embedder

    packaged = load_embedder("packaged")
    for lessons in (ACTS, COMMANDS, KINDS):
        learn(packaged.name, packaged.passages, lessons.shipped, lessons)
