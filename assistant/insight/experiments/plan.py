"""An experiment as it is planned, and as it stands after what happened to it. Plain data in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from assistant.rankers import ranker_of

Varied = Literal["variety", "ranker", "prompt", "model", "slate_size", "survey", "explore"]
Design = Literal["split", "interleaved"]
Metric = Literal["ctr", "conversion", "cart_rate", "revenue", "csat", "thumbs"]
Operational = Literal["failed_turns", "handoffs", "no_match", "first_sentence_ms"]
Guardrail = Literal[Operational, Metric]
State = Literal["planned", "running", "stopped", "decided"]
Value = str | int | float

METRICS: tuple[Metric, ...] = get_args(Metric)
OPERATIONAL: tuple[Operational, ...] = get_args(Operational)
"""Measures of which more is worse; of all others less is."""
GUARDRAILS: tuple[Guardrail, ...] = get_args(Guardrail)
VARIED: tuple[Varied, ...] = get_args(Varied)
SHARES = frozenset({"ctr", "conversion", "cart_rate", "csat", "thumbs", "failed_turns", "handoffs", "no_match"})
"""Measures that are shares, told in points; the others are amounts."""
RANKING = frozenset({"variety", "ranker"})
"""What two rankings of one shelf can differ in, and so can be interleaved."""
USUAL = "usual"
"""The value of an arm that is as it is now, where others are named."""
_WELFARE: tuple[Metric, ...] = ("conversion", "revenue", "csat")
_MOST_ARMS = 4
_BOUNDS: dict[str, tuple[float, float]] = {"variety": (0, 1), "explore": (0, 1), "slate_size": (1, 12)}


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of doing it: the value that is tried, for a share of units in proportion to `weight`. The first is as now."""

    name: str
    value: Value
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compared, by which measure, and how sure one wants to be.

    `effect` is the smallest difference worth finding, in the measure's own unit (a share: 0.01 is a point; money: minor
    units). `units` is how many that takes by the planner; `share` of all traffic takes part. `salt` decides who meets what.
    """

    name: str
    varied: Varied
    arms: tuple[Arm, ...]
    metric: Metric
    effect: float
    units: int
    design: Design = "split"
    guardrails: tuple[Guardrail, ...] = ()
    alpha: float = 0.05
    power: float = 0.8
    share: float = 1.0
    salt: str = ""

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(arm.weight for arm in self.arms)

    def arm(self, name: str) -> Arm | None:
        """The arm of that name."""
        return next((arm for arm in self.arms if arm.name == name), None)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that was done to an experiment: started, weights, stopped or decided."""

    kind: str
    data: Mapping[str, Any]
    agent_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Experiment:
    """A plan with all that happened to it, oldest first."""

    id: str
    plan: Plan
    agent_id: str | None
    at: datetime
    events: tuple[Happened, ...] = field(default=())

    @property
    def state(self) -> State:
        states: dict[str, State] = {"started": "running", "stopped": "stopped", "decided": "decided"}
        return next((states[one.kind] for one in reversed(self.events) if one.kind in states), "planned")

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights that new units are split by."""
        changed = (one.data["weights"] for one in reversed(self.events) if one.kind == "weights")
        return tuple(next(changed, self.plan.weights))

    def when(self, kind: str) -> datetime | None:
        """When that was done last."""
        return next((one.at for one in reversed(self.events) if one.kind == kind), None)


def usual_guardrails(metric: Metric, design: Design = "split") -> tuple[Guardrail, ...]:
    """What must not get worse unless the owner says otherwise; nothing where each shopper meets both arms at once."""
    if design == "interleaved":
        return ()
    return (*OPERATIONAL, *(one for one in _WELFARE if one != metric))


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as JSON data."""
    return asdict(plan)


def plan_of(data: Mapping[str, Any]) -> Plan:
    """The plan that such data is, without judging it."""
    arms = tuple(Arm(one["name"], one["value"], one["weight"]) for one in data["arms"])
    return Plan(**{**data, "arms": arms, "guardrails": tuple(data["guardrails"])})


def checked(plan: Plan, choices: Mapping[str, Sequence[str]]) -> Plan:
    """The plan, its arms' values as the shop takes them. Raises ValueError that begins with the field.

    `choices` are the names that can be tried, for what is varied by name.
    """
    if not plan.name.strip():
        raise ValueError("name: an experiment needs one")
    if not 2 <= len(plan.arms) <= _MOST_ARMS:
        raise ValueError(f"arms: from 2 to {_MOST_ARMS}")
    names = [arm.name.strip() for arm in plan.arms]
    if len(set(names)) < len(names) or not all(names) or any(":" in name for name in names):
        raise ValueError("arms: each needs its own name, without a colon")
    if any(not 0 < arm.weight <= 100 for arm in plan.arms):
        raise ValueError("arms: a weight is above 0 and at most 100")
    arms = tuple(Arm(arm.name.strip(), _value(plan.varied, arm.value, choices), arm.weight) for arm in plan.arms)
    if len({arm.value for arm in arms}) < len(arms):
        raise ValueError("arms: two of them do the same")
    if plan.design == "interleaved" and (plan.varied not in RANKING or len(arms) != 2):
        raise ValueError("design: only two arms of ranker or variety can be interleaved")
    _check_guardrails(plan)
    _check_numbers(plan)
    return Plan(**{**_shallow(plan), "arms": arms, "name": plan.name.strip()})


def _check_guardrails(plan: Plan) -> None:
    if plan.design == "interleaved" and plan.guardrails:
        raise ValueError("guardrails: none where rankings are mixed, for each shopper meets both at once")
    if plan.design == "split" and plan.metric in plan.guardrails:
        raise ValueError(f"guardrails: {plan.metric} decides already")
    if len(set(plan.guardrails)) < len(plan.guardrails) or not set(plan.guardrails) <= set(GUARDRAILS):
        raise ValueError(f"guardrails: each once, of {', '.join(GUARDRAILS)}")


def _check_numbers(plan: Plan) -> None:
    if plan.effect <= 0 or (plan.metric in SHARES and plan.effect >= 1):
        raise ValueError("effect: above 0, and for a share below 1 (0.01 is one point)")
    if plan.design == "interleaved" and plan.effect >= 0.5:
        raise ValueError("effect: below 0.5 where rankings are mixed, for it is above an even split")
    if not 0.001 <= plan.alpha <= 0.2:
        raise ValueError("alpha: from 0.001 to 0.2")
    if not 0.5 <= plan.power <= 0.99:
        raise ValueError("power: from 0.5 to 0.99")
    if not 0 < plan.share <= 1:
        raise ValueError("share: above 0 and at most 1")
    if plan.units < 1:
        raise ValueError("units: at least 1")


def _value(varied: Varied, value: Value, choices: Mapping[str, Sequence[str]]) -> Value:
    """A value as what is varied takes it."""
    if varied in _BOUNDS:
        low, high = _BOUNDS[varied]
        try:
            number = float(value)
        except ValueError as error:
            raise ValueError(f"arms: {varied} takes a number, not {value!r}") from error
        if not low <= number <= high or (varied == "slate_size" and number % 1):
            raise ValueError(f"arms: {varied} goes from {low} to {high}, not {value!r}")
        return int(number) if varied == "slate_size" else number
    known = choices.get(varied, ())
    if varied == "ranker" and "=" in str(value):  # weights of the owner's own
        try:
            return ranker_of(str(value))
        except ValueError as error:
            raise ValueError(f"arms: {error}") from error
    if str(value) not in known:
        raise ValueError(f"arms: {varied} knows {', '.join(known) or 'nothing to try'}, not {value!r}")
    return str(value)


def _shallow(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in Plan.__dataclass_fields__}
