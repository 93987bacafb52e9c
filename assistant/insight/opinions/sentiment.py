"""Whether a clause praises, complains or does neither: a linear model over its embedding and its words.

What it was learnt from is in `examples.yaml`, in both languages, written for this. What was learnt for the packaged
embedder lies beside it; for another one it is learnt at the first start. `python -m assistant.insight.opinions` learns it anew.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.insight.opinions import lexicon
from assistant.sense import Embed, Lessons, Matrix, learn, load_learnt
from assistant.service.learnt import Learnt

_HERE = Path(__file__).parent
LESSONS = Lessons(_HERE / "examples.yaml", _HERE / "sentiment.npz", strength=1.0)
ZONE = 0.25  # between minus and plus this an opinion takes no side


@dataclass(frozen=True, slots=True)
class Judged:
    """`polarity` is -1 for a complaint to 1 for praise; `wish` the share of what only asks or wants."""

    polarity: float
    wish: float

    @property
    def side(self) -> int:
        """1 for praise, -1 for a complaint, 0 for neither."""
        return side_of(self.polarity)


def side_of(polarity: float) -> int:
    """1 for praise, -1 for a complaint, 0 within the neutral zone."""
    return 1 if polarity >= ZONE else -1 if polarity <= -ZONE else 0


class Sentiment:
    """Judges clauses. Safe to share between threads. `version` names what it was learnt from."""

    def __init__(self, learnt: Learnt, embed: Embed, version: str) -> None:
        self._learnt = learnt
        self._embed = embed
        self.version = version
        self._place = {name: place for place, name in enumerate(learnt.names)}

    def of(self, clauses: Sequence[str]) -> list[Judged]:
        """What each clause says."""
        if not clauses:
            return []
        shares = self._learnt.shares(seen(clauses, self._embed))
        good, bad, wish = (shares[:, self._place[name]] for name in ("positive", "negative", "wish"))
        return [Judged(float(p), float(w)) for p, w in zip(good - bad, wish, strict=True)]


def load_sentiment(embedder: str, embed: Embed, known: Embed, home: Path) -> Sentiment:
    """The model for the embedder of this name: shipped, kept in `home`, or learnt now from what `known` embeds."""
    named = _named(embedder)
    learnt = Learnt(*load_learnt(named, lambda texts: seen(texts, known), home, LESSONS))
    version = hashlib.sha256(f"{named}\n{LESSONS.examples.read_text(encoding='utf-8')}".encode()).hexdigest()[:12]
    return Sentiment(learnt, embed, version)


def learn_sentiment(embedder: str, known: Embed, file: Path) -> None:
    """Learn from the examples and write `file`."""
    learn(_named(embedder), lambda texts: seen(texts, known), file, LESSONS)


def seen(clauses: Sequence[str], embed: Embed) -> Matrix:
    """What the model sees of clauses: their vectors, and beside them their words that judge."""
    found: Matrix = np.hstack([embed(clauses), lexicon.features(clauses)])
    return found


def _named(embedder: str) -> str:
    """The embedder and the words, since other words need another model."""
    return f"{embedder}+{lexicon.version()}"
