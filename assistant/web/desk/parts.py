"""What the desk is given. Whatever of it is missing, the desk does without and says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from assistant.record.agents import Agent, Agents
from assistant.record.desk.desk import Desk
from assistant.record.desk.types import DeskEvent, TicketState
from assistant.service import Customer, Deed, Offer, Order, Proposal, Rules
from assistant.service.often import Looked
from assistant.types import Turn
from catalog import Locale


class Serves(Protocol):
    """The service of orders as the desk needs it. What may not be done raises Refused."""

    rules: Rules

    def proved(self, session_id: str) -> Customer | None: ...
    def customer_by_id(self, customer_id: str) -> Customer | None: ...
    def orders(self, customer_id: str) -> tuple[Order, ...]: ...
    def order(self, customer_id: str, order_id: str) -> Order: ...
    def offers(self, product_id: str) -> tuple[Offer, ...]: ...
    def propose(self, session_id: str | None, customer_id: str, deed: Deed, by: str = ...) -> Proposal: ...
    def confirm(self, proposal_id: str, customer_id: str) -> Proposal: ...
    def approve(self, proposal_id: str, agent_id: str, limit_minor: int | None) -> Proposal: ...
    def decline(self, proposal_id: str, agent_id: str, why: str) -> Proposal: ...
    def undo(self, proposal_id: str, by: str) -> Proposal: ...
    def proposal(self, proposal_id: str) -> Proposal | None: ...
    def waiting(self) -> tuple[Proposal, ...]: ...
    def proposals(self, session_id: str) -> tuple[Proposal, ...]: ...


class Source(Protocol):
    """A text that something rests on, and where it stands."""

    @property
    def text(self) -> str: ...
    @property
    def source(self) -> str: ...


class Summary(Protocol):
    """What an agent should know before reading: nobody repeats themselves."""

    @property
    def wanted(self) -> str: ...
    @property
    def tried(self) -> Sequence[str]: ...
    @property
    def checked(self) -> Sequence[Source]: ...
    @property
    def mood(self) -> float: ...
    @property
    def why(self) -> str: ...


class PastCase(Protocol):
    """A question that was answered before; `score` is 0 to 1."""

    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def source(self) -> str: ...


class Drafted(Protocol):
    """An answer as it could be given; `confidence` is 0 to 1."""

    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def sources(self) -> Sequence[Source]: ...
    @property
    def confidence(self) -> float: ...


Summarises = Callable[[Sequence[Turn], Locale], Summary]
Translates = Callable[[str, Locale], str | None]
"""Words in another language; None where there is no faithful translation."""


class Recalls(Protocol):
    """Finds the questions most like one that were answered before, best first."""

    def best(self, question: str, locale: Locale, limit: int) -> Sequence[PastCase]: ...


class Drafts(Protocol):
    """Drafts an answer to the shopper in `locale`; None where there is nothing to say. `messages` are the desk's."""

    def draft(
        self, ticket: TicketState, turns: Sequence[Turn], messages: Sequence[DeskEvent], locale: Locale
    ) -> Drafted | None: ...


class Often(Protocol):
    """What is answered often, for the FAQ. What a role may not raises NotAllowed, what is not there UnknownId."""

    def look(self, agent: Agent) -> Looked: ...
    def hide(self, agent: Agent, id: str) -> None: ...
    def add(self, agent: Agent, id: str, question: str, answer: str) -> Path: ...


@dataclass(frozen=True)
class DeskParts:
    """The parts of a desk. `setup_key` lets whoever started the shop in as its first owner, as long as there is none.

    `opens_at` tells when people of the shop are there again; None where they are now, or nobody knows. `mailed` says that
    answers go out by e-mail to shoppers who have left.
    """

    desk: Desk
    agents: Agents
    setup_key: str = ""
    service: Serves | None = None
    summarise: Summarises | None = None
    past: Recalls | None = None
    drafts: Drafts | None = None
    translate: Translates | None = None
    opens_at: Callable[[], datetime | None] | None = None
    mailed: bool = False
    often: Often | None = None


Json = dict[str, Any]
Names = Mapping[str, str]
"""What agents are called, by their ids."""
