"""The experiments of a shop as they stand, and what may be done to them next."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.insight.experiments.plan import Experiment, Happened, Plan, checked, plan_data, plan_of
from assistant.record.experiments import Changed, Experiments, Kept


class Ledger:
    """Plans, starts, stops and decides experiments in the record; tells those who listen that something changed.

    `choices` gives the names that can be tried, for what is varied by name.
    """

    def __init__(self, store: Experiments, choices: Callable[[], Mapping[str, Sequence[str]]]) -> None:
        self.store = store
        self._choices = choices
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every change that is made here."""
        self._listeners.append(listener)

    def choices(self) -> dict[str, tuple[str, ...]]:
        """The names that can be tried now, "usual" among them where there are others."""
        return {varied: tuple(names) for varied, names in self._choices().items()}

    def plan(self, plan: Plan, agent_id: str | None) -> Experiment:
        """Keep a new plan. Raises ValueError that begins with the field."""
        kept = replace(checked(plan, self.choices()), salt=secrets.token_hex(8))
        return self.get(self.store.add(plan_data(kept), agent_id))

    def all(self) -> list[Experiment]:
        """Every experiment, the newest first."""
        return [_experiment(one) for one in self.store.all()]

    def find(self, experiment_id: str) -> Experiment | None:
        """The experiment of that id."""
        return next((one for one in self.all() if one.id == experiment_id), None)

    def get(self, experiment_id: str) -> Experiment:
        """The experiment of an id that is there."""
        return next(one for one in self.all() if one.id == experiment_id)

    def start(self, experiment_id: str, agent_id: str | None) -> Experiment:
        """Let it meet conversations that begin from now on. Raises Changed, UnknownId."""

        def fits(kept: Kept, every: Sequence[Kept]) -> None:
            one = _experiment(kept)
            if one.state != "planned":
                raise Changed(f"it is {one.state} and cannot be started")
            for other in map(_experiment, every):
                if other.state == "running" and _both(one.plan, other.plan):
                    raise Changed(f"“{other.plan.name}” is running and varies the same: stop it first")

        return self._tell(experiment_id, "started", {}, agent_id, fits)

    def reweigh(self, experiment_id: str, weights: Sequence[float], agent_id: str | None) -> Experiment:
        """Split new units by other weights; those that met it keep their arm. Raises Changed, ValueError, UnknownId."""

        def fits(kept: Kept, every: Sequence[Kept]) -> None:
            one = _experiment(kept)
            if one.state != "running":
                raise Changed(f"it is {one.state}: only a running experiment is split anew")
            if len(weights) != len(one.plan.arms) or any(not 0 < weight <= 100 for weight in weights):
                raise ValueError("weights: one for each arm, above 0 and at most 100")

        return self._tell(experiment_id, "weights", {"weights": list(weights)}, agent_id, fits)

    def stop(self, experiment_id: str, agent_id: str | None) -> Experiment:
        """Let no new conversation meet it; those under way keep what they met. Raises Changed, UnknownId."""

        def fits(kept: Kept, every: Sequence[Kept]) -> None:
            one = _experiment(kept)
            if one.state != "running":
                raise Changed(f"it is {one.state} and cannot be stopped")

        return self._tell(experiment_id, "stopped", {}, agent_id, fits)

    def decide(self, experiment_id: str, arm: str, why: str, agent_id: str | None) -> Experiment:
        """Keep what was decided after it was stopped. Raises Changed, ValueError, UnknownId."""

        def fits(kept: Kept, every: Sequence[Kept]) -> None:
            one = _experiment(kept)
            if one.state != "stopped":
                raise Changed(f"it is {one.state}: stop it, then decide")
            if one.plan.arm(arm) is None:
                raise ValueError(f"arm: there is none called {arm!r}")

        return self._tell(experiment_id, "decided", {"arm": arm, "why": why}, agent_id, fits)

    def _tell(
        self, experiment_id: str, kind: str, data: Mapping[str, Any], agent_id: str | None,
        fits: Callable[[Kept, Sequence[Kept]], None],
    ) -> Experiment:  # fmt: skip
        self.store.tell(experiment_id, kind, data, agent_id, fits)
        for listener in self._listeners:
            listener()
        return self.get(experiment_id)


def _both(one: Plan, other: Plan) -> bool:
    """Whether two plans would decide on the same thing of one conversation."""
    ranking = {"ranker", "variety"}
    interleaved = "interleaved" in (one.design, other.design)
    return one.varied == other.varied or (interleaved and {one.varied, other.varied} <= ranking)


def _experiment(kept: Kept) -> Experiment:
    events = tuple(Happened(one.kind, one.data, one.agent_id, one.at) for one in kept.events)
    return Experiment(kept.id, plan_of(kept.plan), kept.agent_id, kept.at, events)
