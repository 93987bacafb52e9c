"""Where a journey stands: what has been asked for, what is on the shelf, what was last spoken of; and what fits next."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from evals.journeys.checks import Expect, Goal, fits
from evals.journeys.phrasing import Voice
from evals.journeys.shops import Item, Kind, Quality, Shop, Split, qualities

_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One message, what must hold after it, what has been asked for by then, and the product it is about."""

    act: str
    message: str
    expect: Expect
    goal: Goal
    spoken_of: Item | None = None


@dataclass
class Stage:
    """The scene that acts play on; `seen` is what the assistant has put on the shelf, in its order."""

    shop: Shop
    split: Split
    language: str
    rng: random.Random
    voice: Voice
    goal: Goal = field(default_factory=Goal)
    shelf: tuple[Item, ...] = ()
    focus: Item | None = None
    earlier: Goal | None = None
    used: list[Kind] = field(default_factory=list)

    def new_kind(self, worthy: Callable[[Kind], bool] = lambda kind: True) -> Kind | None:
        """A kind that has not been asked for yet."""
        locale = "zh" if self.language == "zh" else "en"
        left = [kind for kind in self.shop.kinds(self.split, locale) if kind not in self.used and worthy(kind)]
        if not left:
            return None
        self.used.append(self.rng.choice(left))
        return self.used[-1]

    def fitting(self, goal: Goal | None = None) -> list[Item]:
        """What surely fits a goal, or the present one."""
        goal = goal or self.goal
        return [item for item in self.shop.items if fits(item, goal, surely=True)]

    def limit(self, goal: Goal, low: float = 0.25, high: float = 0.75) -> int | None:
        """A whole amount that some of what fits costs less than, and some mostly more."""
        prices = sorted(item.price for item in self.fitting(replace(goal, high=None, low=None, below=None)))
        if len(prices) < _ENOUGH:
            return None
        return int(prices[int(self.rng.uniform(low, high) * (len(prices) - 1))]) + 1

    def quality(self, *, wanted: bool, sort: str | None = None) -> Quality | None:
        """A colour or material that would narrow what fits and leave something."""
        kin = [item for item in self.shop.of(self.goal.kind) if fits(item, self.goal)]
        found = []
        for quality in qualities():
            if quality in (*self.goal.wanted, *self.goal.refused) or (sort and quality.sort != sort):
                continue
            goal = (
                replace(self.goal, wanted=(*self.goal.wanted, quality))
                if wanted
                else replace(self.goal, refused=(*self.goal.refused, quality))
            )
            touched = sum(item.states(quality) for item in kin)
            if touched and len(self.fitting(goal)) >= _ENOUGH and (wanted or touched < len(kin)):
                found.append(quality)
        return self.rng.choice(found) if found else None

    def step(self, act: str, message: str | None, expect: Expect, goal: Goal | None = None) -> Step | None:
        """A step, unless there is nothing to say."""
        return Step(act, message, expect, goal or self.goal) if message else None


Act = Callable[[Stage], Step | None]


def apart(values: Sequence[float], chosen: float) -> bool:
    """Whether one value stands alone among them."""
    return sum(value == chosen for value in values) == 1
