"""What is tried with whom, while experiments run: the same arm for a shopper in every conversation, all independent.

Without running experiments no question is put to the record but which ones there are, every half a minute.
"""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from assistant.insight.experiments.assign import assigned
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.experiments.plan import USUAL, Arm, Experiment
from assistant.record.experiments import Conversation, Exposed
from assistant.treatment import PLAIN, Meeting, Ranking, Treatment

_log = structlog.get_logger()
_LOOK_AGAIN_S = 30.0
_WINDING_DOWN = timedelta(hours=12)  # in which conversations under way keep what they met in a stopped experiment


@dataclass(frozen=True, slots=True)
class _Known:
    """The experiments that matter now, and until when that holds."""

    experiments: tuple[Experiment, ...]
    until: float


class LiveArms:
    """Assigns arms and records who met them. A failing record means that nothing is tried, never a failed turn."""

    def __init__(
        self, ledger: Ledger, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._known = _Known((), 0.0)
        ledger.listen(self.refresh)

    def refresh(self) -> None:
        """Look again which experiments run, before the next conversation."""
        self._known = _Known((), 0.0)

    def of(self, session_id: str, shopper_id: str | None) -> Treatment:
        """What is tried in this conversation."""
        try:
            experiments = self._running()
            if not experiments:
                return PLAIN
            conversation = self._ledger.store.conversation(session_id, [one.id for one in experiments])
            return _treatment(experiments, conversation, session_id) if conversation else PLAIN
        except Exception as error:
            _log.warning("nothing is tried: the experiments cannot be read", failure=str(error))
            return PLAIN

    def met(self, treatment: Treatment, varied: Collection[str], session_id: str, turn_id: str | None) -> None:
        """Commit that the conversation met what its treatment varies of `varied`."""
        new = [one for one in treatment.meetings if not one.known and one.varied in varied]
        if not new:
            return
        try:
            exposed = [Exposed(one.experiment, one.unit, one.arm) for one in new]
            self._ledger.store.expose(session_id, turn_id, exposed)
        except Exception as error:
            _log.warning("who met an experiment was not recorded", session=session_id, failure=str(error))

    def survey(self, session_id: str, shopper_id: str | None) -> str:
        """The variant of the survey that this conversation is asked by, recorded as met; "" for the usual one."""
        treatment = self.of(session_id, shopper_id)
        self.met(treatment, ("survey",), session_id, None)
        return treatment.survey

    def _running(self) -> tuple[Experiment, ...]:
        known = self._known
        if self._monotonic() < known.until:
            return known.experiments
        with self._lock:
            if self._monotonic() < self._known.until:
                return self._known.experiments
            until = self._monotonic() + _LOOK_AGAIN_S
            found = tuple(one for one in self._ledger.all() if self._matters(one))
            self._known = _Known(found, until)
            return found

    def _matters(self, experiment: Experiment) -> bool:
        stopped = experiment.when("stopped")
        if experiment.state == "running":
            return True
        return stopped is not None and self._clock() - stopped < _WINDING_DOWN


def _treatment(experiments: Collection[Experiment], conversation: Conversation, session_id: str) -> Treatment:
    treatment = PLAIN
    for experiment in experiments:
        known = conversation.arms.get(experiment.id)
        unit = conversation.shopper_id or session_id
        name = known or _meets(experiment, conversation, unit)
        arm = experiment.plan.arm(name) if name else None
        if arm is not None:
            meeting = Meeting(experiment.id, experiment.plan.varied, arm.name, unit, known is not None)
            treatment = _tried(treatment, experiment, arm)
            treatment = replace(treatment, meetings=(*treatment.meetings, meeting))
    return treatment


def _meets(experiment: Experiment, conversation: Conversation, unit: str) -> str | None:
    """The arm of a conversation that has met none; one that was under way at the start meets none."""
    started = experiment.when("started")
    if experiment.state != "running" or started is None or conversation.mark is not None:
        return None
    if conversation.started_at < started:
        return None
    return conversation.units.get(experiment.id) or assigned(experiment.plan, experiment.weights, unit)


def _tried(treatment: Treatment, experiment: Experiment, arm: Arm) -> Treatment:
    plan = experiment.plan
    if plan.design == "interleaved":
        first, second = (
            Ranking(one.name, str(one.value))
            if plan.varied == "ranker"
            else Ranking(one.name, variety=float(one.value))
            for one in plan.arms
        )
        return replace(treatment, teams=(first, second))
    tried: dict[str, Any] = {plan.varied: "" if arm.value == USUAL else arm.value}
    return replace(treatment, **tried)
