"""Is it seen when somebody is dissatisfied? Every user turn of SGD and ReDial that several people rated (Sun et al. 2021).

A turn counts as dissatisfied where the mean of its ratings (1 to 5) is at most 2.5, which about 6 % are. The words and the
bound were made on dialogues with even numbers; the others are the test.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.service.mood import DISSATISFIED, Mood, mood
from assistant.types import Need, Reply, Slate, Turn, Versions
from evals.metrics import side_by_side

SETS = ("SGD", "ReDial")
_LOW = 2.5
_BOUND = -0.2  # the best F1 on the development half; a person is offered from DISSATISFIED on
_SEED = 20261128
_RESAMPLES = 1000
_VERSIONS = Versions("none", "none", "none", "none", "none")
_FAILED = "NOTIFY_FAILURE"  # what the system itself knows of its reply

Split = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Result:
    """One rated turn: the mean rating, the mood before the turn was answered, and what its own words alone say of it."""

    set: str
    dialogue: int
    split: Split
    text: str
    rating: float
    score: float
    why: tuple[str, ...]
    words: tuple[str, ...]


SYSTEMS: Mapping[str, Callable[[Result], bool]] = {
    "always": lambda _: True,
    "never": lambda _: False,
    "angry or unhappy words": lambda one: bool({"angry", "unhappy"} & set(one.words)),
    "the system's reply failed": lambda one: "nothing_found" in one.why,
    f"mood, {_BOUND} or less": lambda one: one.score <= _BOUND,
    f"mood, {DISSATISFIED} or less": lambda one: one.score <= DISSATISFIED,
}


def run(
    data: Path, home: Path | None = None, *, limit: int | None = None, progress: Any = None, split: Split = "test"
) -> dict[str, Any]:
    """Every rated turn of the first `limit` dialogues of both sets."""
    started = time.time()
    results = [one for name in SETS for one in read(data / "uss_satisfaction" / f"{name}.txt", name, limit)]
    return {
        "split": split,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {name: summary([r for r in results if r.split == split and r.set == name]) for name in SETS},
        "results": [asdict(result) for result in results],
    }


def table(report: Mapping[str, Any]) -> str:
    """For each set a Markdown table: a row for every measure, a column for every system."""
    return "\n\n".join(side_by_side(report["summary"][name], f"{name}, {report['split']}") for name in SETS)


def read(file: Path, name: str, limit: int | None = None) -> Iterator[Result]:
    """The rated turns of a file: role, text, act and ratings between tabs, a blank line between dialogues."""
    dialogues = file.read_text(encoding="utf-8").strip().split("\n\n")
    for number, dialogue in enumerate(dialogues[:limit]):
        turns: list[Turn] = []
        asked: str | None = None
        for role, text, act, ratings in map(_fields, dialogue.splitlines()):
            if text == "OVERALL":
                continue
            if role != "USER":
                turns += [] if asked is None else [_turn(asked, text, act)]
                asked = None
                continue
            turns += [] if asked is None else [_turn(asked, "", "")]
            asked = text
            if ratings:
                yield _result(name, number, text, ratings, mood(turns, text))


def summary(results: Sequence[Result]) -> dict[str, dict[str, str]]:
    """For every system precision, recall and F1 of "dissatisfied", with intervals over dialogues."""
    low = np.asarray([result.rating <= _LOW for result in results])
    groups = np.asarray([result.dialogue for result in results])
    found: dict[str, dict[str, str]] = {}
    for name, system in SYSTEMS.items():
        said = np.asarray([system(result) for result in results])
        found[name] = {
            "turns": str(len(results)), "dissatisfied": str(int(low.sum())), "said to be": str(int(said.sum())),
            **{measure: _interval(measure, low, said, groups) for measure in ("precision", "recall", "F1")},
        }  # fmt: skip
    return found


def scored(low: Any, said: Any) -> dict[str, float]:
    """Precision, recall and F1; 0 where nothing was said or nothing was to be said."""
    both, all_said, all_low = int((low & said).sum()), int(said.sum()), int(low.sum())
    precision = both / all_said if all_said else 0.0
    recall = both / all_low if all_low else 0.0
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return {"precision": precision, "recall": recall, "F1": f1}


def _interval(measure: str, low: Any, said: Any, groups: Any) -> str:
    """A measure with its percentile interval, whole dialogues drawn (Efron 1979)."""
    rng = np.random.default_rng(_SEED)
    _, place = np.unique(groups, return_inverse=True)
    count = place.max() + 1 if len(place) else 0
    sums = np.stack([np.bincount(place, weights, minlength=count) for weights in (low & said, said, low)], axis=1)
    drawn = sums[rng.integers(count, size=(_RESAMPLES, count))].sum(axis=1) if count else np.zeros((1, 3))
    values = [_of_counts(measure, *row) for row in drawn]
    bottom, top = np.percentile(values, [2.5, 97.5])
    return f"{scored(low, said)[measure]:.3f} [{bottom:.3f}, {top:.3f}]"


def _of_counts(measure: str, both: float, said: float, low: float) -> float:
    if measure == "precision":
        return both / said if said else 0.0
    if measure == "recall":
        return both / low if low else 0.0
    return 2 * both / (said + low) if said + low else 0.0


def _fields(line: str) -> tuple[str, str, str, tuple[int, ...]]:
    role, text, act, ratings = (*line.split("\t"), "", "", "")[:4]
    return role, text, act, tuple(int(rating) for rating in ratings.split(",") if rating)


def _result(name: str, number: int, text: str, ratings: Sequence[int], felt: Mood) -> Result:
    mean = sum(ratings) / len(ratings)
    return Result(
        name, number, "dev" if number % 2 == 0 else "test", text, mean, felt.score, felt.why, mood((), text).why
    )


def _turn(asked: str, answer: str, act: str) -> Turn:
    reply = Reply("no_match" if act == _FAILED else "chat", answer)
    return Turn("", "", asked, "en", Need(), Slate(), reply, (), {}, _VERSIONS)
