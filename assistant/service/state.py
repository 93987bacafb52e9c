"""Where a service conversation stands: who has said what of themselves, what is wanted, what was asked. Kept with its turn.

The state is plain data, so that a conversation goes on after a restart; what is in it is never trusted: every deed and
every look is checked again against identity and rules.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import TypeAdapter

from assistant.service.reading import Wish
from assistant.service.types import Address, Claimed, Swap

Slot = Literal[
    "identity",
    "order",
    "items",
    "offer",
    "method",
    "address",
    "confirm",
    "undo",
    "whole",
    "unopened",
    "person",
    "more",
    "open",
]
"""What was asked last: who it is, one of the details of a task, whether to do it or to take
it back, whether the whole order is meant, whether goods are unopened, whether a person shall come, what else, or a
question of the agent's own."""

YES_OR_NO: tuple[Slot, ...] = ("confirm", "undo", "whole", "unopened", "person")


@dataclass(frozen=True, slots=True)
class Task:
    """Something that the customer wants, with what of it is settled."""

    wish: Wish
    order_id: str | None = None
    lines: tuple[int, ...] = ()
    swaps: tuple[Swap, ...] = ()
    method_id: str | None = None
    address: Address | None = None
    reason: str = ""
    unopened: bool | None = None  # what is said of goods that come back only so


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that the customer was left with: what it is about, and the ids and labels that an answer may choose."""

    slot: Slot
    ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowState:
    """A service conversation between two turns. `unread` counts messages in a row from which nothing was learnt."""

    claimed: Claimed = field(default_factory=Claimed)
    tasks: tuple[Task, ...] = ()
    asked: Asked | None = None
    proposal: str | None = None
    unread: int = 0
    focus: str | None = None  # the order last spoken of
    last: str | None = None  # the kind of deed that was last done
    money: tuple[int, ...] = ()  # what each deed of this conversation brings back (+) or costs (-), in minor units

    @property
    def active(self) -> bool:
        """Whether the next message is likely to go on with it."""
        return bool(self.tasks or self.proposal or (self.asked and self.asked.slot not in ("more", "person")))

    def with_claimed(self, said: Claimed) -> "FlowState":
        """What was said of who it is, the newest over the older."""
        before = self.claimed
        merged = {name: getattr(said, name) or getattr(before, name) for name in Claimed.__slots__}
        return replace(self, claimed=Claimed(**merged))


_STATE = TypeAdapter(FlowState)


def to_json(state: FlowState) -> dict[str, Any]:
    """The state as it is kept in the record."""
    found: dict[str, Any] = _STATE.dump_python(state, mode="json")
    return found


def from_json(kept: dict[str, Any] | None) -> FlowState:
    """The state that was kept; a fresh one where there is none or it is of another version."""
    if not kept:
        return FlowState()
    try:
        return _STATE.validate_python(kept)
    except ValueError:
        return FlowState()
