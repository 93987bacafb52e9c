"""One task played: customer and desk talk until one of them ends it; then the books are looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from evals.tau.customer import PATIENCE
from evals.tau.data import Task
from evals.tau.desk import Talk
from evals.tau.judging import Ending, Verdict, judged, refuses_only
from evals.tau.listening import Customer
from evals.tau.reference import Expected
from evals.tau.views import differences
from evals.tau.watch import Turn, Watch, foreign

NewCustomer = Callable[[str, int], Customer]
"""A customer for an instruction and a seed."""


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation, as it is kept. `kinds` are of the acts judged, `foreign` reads and words of another customer."""

    task: str
    seed: int
    kinds: tuple[str, ...]
    fair: bool
    verdict: Verdict
    turns: tuple[Turn, ...]
    different: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    refusals: int = 0
    handed: str = ""
    failure: str = ""
    manner: str = ""
    fates: tuple[str, ...] = ()


def play(task: Task, seed: int, expected: Expected, talk: Talk, customer: Customer, watch: Watch) -> Played:
    """Hold the conversation and judge it. A crash ends it and is told apart."""
    ending = _held(talk, customer)
    found = talk.view()
    different = differences(expected.changed, found, watch.base)
    orders = {order.id: order for order in watch.shop.orders}
    fates: dict[str, str] = getattr(customer, "fates", dict)()
    return Played(
        task.id,
        seed,
        tuple(one.action.name for one in expected.outcomes if one.fate == "done"),
        expected.fair,
        judged(task, expected, ending, different, orders),
        ending.turns,
        tuple(f"{one.id} {one.part}: {one.found} for {one.expected}" for one in different),
        watch.violations(ending.turns, ending.deeds, found, task.user_id),
        (*foreign(talk.reads), *watch.told(ending.turns)),
        sum(refuses_only(turn) for turn in ending.turns),
        ending.handed,
        ending.failure,
        getattr(customer, "manner", ""),
        tuple(fates.values()),
    )


def _held(talk: Talk, customer: Customer) -> Ending:
    turns: list[Turn] = []
    handed = failure = ""
    said = customer.speak(None)
    while said is not None and len(turns) < PATIENCE:
        before = talk.done()
        try:
            heard = talk.hear(said.text)
        except Exception as error:  # whatever went wrong is kept with its case, and the run goes on
            failure = f"{type(error).__name__}: {error}"
            turns.append(Turn(said.text, (), customer_id=talk.customer_id()))
            break
        fresh = tuple(id for id in talk.done() if id not in before)
        offered = heard.offered.id if heard.offered else ""
        turns.append(Turn(said.text, heard.sentences, offered, fresh, talk.customer_id()))
        handed = handed or heard.handed
        said = customer.speak(heard)
    return Ending(tuple(turns), talk.deeds(), handed, len(turns) >= PATIENCE, failure)
