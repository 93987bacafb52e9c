"""Rankers: what counts beside the score in retrieval, by a name or by weights of the shop's own in one line of text.

That line is what an experiment keeps as its arm's value and what the versions of a turn call its ranker, so there is one way
to write the same weights: "coverage=0.8,rating=0.3,rating_open=0.04".
"""

from dataclasses import asdict, dataclass
from functools import lru_cache

MOST = 3.0
"""A weight is from 0 to this; the score in retrieval is about 0 to 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts beside the score in retrieval: how much of the wish is said, and the rating; `open` of no kind asked for."""

    coverage: float = 0.8
    rating: float = 0.1
    rating_open: float = 0.04


STANDARD = Weights()
RANKERS = {  # what can be tried against each other, by name
    "standard": STANDARD,
    "well_rated": Weights(rating=0.4, rating_open=0.16),
    "close_words": Weights(coverage=1.2, rating=0.05, rating_open=0.02),
    "meaning": Weights(coverage=0.3),
}
_USUAL = asdict(STANDARD)
_HOW = f"{', '.join(RANKERS)}, or weights from 0 to {MOST:g} as {','.join(f'{n}={w:g}' for n, w in _USUAL.items())}"


def ranker_of(text: str) -> str:
    """A ranker as it is called everywhere: its name, else all its weights in their order.

    Weights that are left out are as usual. Raises ValueError that says how it is written.
    """
    if text in RANKERS:
        return text
    given: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (one.strip() for one in part.partition("="))
        try:
            weight = float(number)
        except ValueError:
            raise ValueError(f"a ranker is {_HOW}; not {text[:80]!r}") from None
        if name not in _USUAL or name in given or not 0 <= weight <= MOST:
            raise ValueError(f"a ranker is {_HOW}; not {text[:80]!r}")
        given[name] = abs(weight)  # -0 is 0
    line = ",".join(f"{name}={given.get(name, usual):.4g}" for name, usual in _USUAL.items())
    return next((name for name, weights in RANKERS.items() if weights == weights_of(line)), line)


@lru_cache(maxsize=64)
def weights_of(ranker: str) -> Weights:
    """The weights of a ranker as `ranker_of` calls it."""
    if ranker in RANKERS:
        return RANKERS[ranker]
    return Weights(**{name: float(number) for name, _, number in (one.partition("=") for one in ranker.split(","))})
