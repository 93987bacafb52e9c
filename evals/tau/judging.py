"""How a conversation went: whether state and outputs are as expected, which expected acts were done, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

from assistant.service.types import Order, Proposal
from evals.tau.acts import Act, of_action, of_deed
from evals.tau.data import Task
from evals.tau.listening import Heard, refuses
from evals.tau.reference import Expected
from evals.tau.views import Difference
from evals.tau.watch import Turn

CAUSES = (
    "crash", "not identified", "handed over", "wrong order", "wrong item", "wrong variant", "wrong method", "wrong reason",
    "wrong address", "not confirmed", "refused", "out of patience", "not understood", "extra write", "output missing",
    "books differ", "expected what changes nothing",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ending:
    """What is left of a conversation, to be judged."""

    turns: tuple[Turn, ...]
    deeds: tuple[Proposal, ...]
    handed: str = ""
    patience: bool = False  # whether it ended only since patience did
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether all is as the task states, which of its acts that change something were done, and what went wrong."""

    success: bool
    acts: tuple[bool, ...]
    causes: tuple[str, ...]


def judged(
    task: Task, expected: Expected, ending: Ending, different: Sequence[Difference], orders: Mapping[str, Order]
) -> Verdict:
    """The verdict on one conversation; `different` is where the books are not as they should be in the end."""
    missing = missing_outputs(task.outputs, ending.turns)
    wanted = [(of_action(one.action), one.fate) for one in expected.outcomes]
    done = [of_deed(one.deed, orders) for one in ending.deeds if one.state == "done"]
    acts = tuple(act in done for act, fate in wanted if fate == "done")
    success = not ending.failure and not different and not missing
    if success:
        return Verdict(True, acts, ())
    causes = _causes(wanted, done, ending, orders)
    if not causes and missing:
        causes = ["output missing"]
    return Verdict(False, acts, tuple(dict.fromkeys(causes)) or (_residue(expected, different),))


def missing_outputs(outputs: Sequence[str], turns: Sequence[Turn]) -> list[str]:
    """The expected outputs that no reply holds; commas in numbers do not count."""
    said = " ".join(" ".join(turn.sentences) for turn in turns).casefold().replace(",", "")
    return [one for one in outputs if one.casefold().replace(",", "") not in said]


def _causes(
    wanted: Sequence[tuple[Act, str]], done: Sequence[Act], ending: Ending, orders: Mapping[str, Order]
) -> list[str]:
    """What went wrong, the first of it first."""
    if ending.failure:
        return ["crash"]
    due = [act for act, fate in wanted if fate == "done"]
    causes = [_cause(act, done, ending, orders) for act in due if act not in done]
    places = {(act.kind, act.order_id) for act, _ in wanted}
    causes += ["extra write" for act in done if (act.kind, act.order_id) not in places]
    if causes and not any(turn.customer_id for turn in ending.turns):
        return ["not identified"]
    return causes


def _cause(act: Act, done: Sequence[Act], ending: Ending, orders: Mapping[str, Order]) -> str:
    """Why one expected act was not done."""
    here = next((one for one in done if (one.kind, one.order_id) == (act.kind, act.order_id)), None)
    if here is not None:
        return act.flaw(here) or "books differ"
    if any(one.kind == act.kind and one.order_id != act.order_id for one in done) and not _offered(act, ending, orders):
        return "wrong order"
    offered = _offered(act, ending, orders)
    if offered:
        return act.flaw(offered[-1]) or "not confirmed"
    if ending.handed:
        return "handed over"
    if any(refuses_only(turn) for turn in ending.turns):
        return "refused"
    return "out of patience" if ending.patience else "not understood"


def _offered(act: Act, ending: Ending, orders: Mapping[str, Order]) -> list[Act]:
    """What was proposed of the same kind for the same order."""
    proposed = [of_deed(one.deed, orders) for one in ending.deeds]
    return [one for one in proposed if (one.kind, one.order_id) == (act.kind, act.order_id)]


def refuses_only(turn: Turn) -> bool:
    """Whether a reply refuses something and proposes nothing."""
    return not turn.offered and refuses(Heard(turn.sentences))


def _residue(expected: Expected, different: Sequence[Difference]) -> str:
    """What is left to say where every act that changes something was done and the books still differ."""
    idle = {one.action.kwargs.get("order_id") for one in expected.outcomes if one.fate == "no change"}
    return "expected what changes nothing" if {one.id for one in different} <= idle else "books differ"


def pass_hat(successes: int, trials: int, k: int) -> float:
    """The chance that k trials of a task all succeed, estimated from its trials (Yao et al. 2024, section 3)."""
    return comb(successes, k) / comb(trials, k)
