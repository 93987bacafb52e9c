"""What a conversation is tried with: how its shelf is ranked and its words are asked for. Knows not why."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a shelf is ranked: which ranker (rankers.py), and with how much variety; None for the shop's or shopper's own."""

    name: str
    ranker: str = "standard"
    variety: float | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An experiment that a conversation is in, and its arm; `known` where the record has it already."""

    experiment: str
    varied: str
    arm: str
    unit: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is tried in a conversation; what is None is as the shop has it. `teams` are two rankings to interleave."""

    variety: float | None = None
    ranker: str = "standard"
    slate_size: int | None = None
    explore: float | None = None
    prompt: str = ""
    model: str = ""
    survey: str = ""
    teams: tuple[Ranking, Ranking] | None = None
    meetings: tuple[Meeting, ...] = ()


class Arms(Protocol):
    """What is tried with whom. Neither may fail a turn."""

    def of(self, session_id: str, shopper_id: str | None) -> Treatment: ...
    def met(self, treatment: Treatment, varied: Collection[str], session_id: str, turn_id: str | None) -> None: ...


PLAIN = Treatment()


class NoArms:
    """Nothing is tried with anybody."""

    def of(self, session_id: str, shopper_id: str | None) -> Treatment:
        """As the shop has it."""
        return PLAIN

    def met(self, treatment: Treatment, varied: Collection[str], session_id: str, turn_id: str | None) -> None:
        """Nothing to record."""
