"""What the pages and the REST routes are given: one shop's parts, built elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from assistant.cart import CartChange
from assistant.record.events import Deed, Outcome, Receipt
from assistant.record.memory import Memory
from assistant.record.surveys import Due, Offer
from assistant.service import Customer
from assistant.settings import Settings
from assistant.surveys import Rules
from assistant.surveys.deciding import What
from assistant.types import Event, Handoff, TicketDraft, Turn, Utterance
from assistant.web.desk.parts import DeskParts
from assistant.web.insights.parts import InsightParts
from assistant.web.tokens import Links, Tokens
from catalog import Constraint, Facets, Hit, Locale, Order, Policy, Product

Score = Literal["thumb", "stars", "csat", "comment"]


class Talks(Protocol):
    """The assistant as the web needs it. `reply` raises Busy or UnknownId before its first event."""

    def reply(self, utterance: Utterance) -> Iterator[Event]: ...
    def openers(self, locale: Locale) -> tuple[str, ...]: ...
    def turns(self, session_id: str) -> tuple[Turn, ...]: ...


class Sells(Protocol):
    """The catalogue as the web needs it."""

    @property
    def policies(self) -> tuple[Policy, ...]: ...
    def __hash__(self) -> int: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Product]: ...
    def get(self, id: str) -> Product | None: ...
    def search(self, text: str, constraints: Iterable[Constraint] = (), limit: int = 10) -> list[Hit]: ...
    def similar(self, id: str, constraints: Iterable[Constraint] = (), limit: int = 10) -> list[Hit]: ...
    def first(self, constraints: Iterable[Constraint], order: Order, limit: int) -> list[Product]: ...
    def count(self, constraints: Iterable[Constraint]) -> int: ...
    def facets(self, constraints: Iterable[Constraint] = (), *, locale: Locale = "en", text: str = "") -> Facets: ...
    def corrections(self, text: str) -> dict[str, str]: ...
    def categories(self) -> tuple[str, ...]: ...


class Remembers(Protocol):
    """The record as the web needs it: what writes commits before it returns and raises UnknownId."""

    @property
    def memory(self) -> Memory: ...
    def rate(
        self, turn_id: str, kind: Score, value: Any, reasons: Sequence[str] = (), mark: str | None = None
    ) -> bool: ...
    def happened(self, deed: Deed) -> Outcome: ...
    def events(self, deeds: Sequence[Deed]) -> tuple[Receipt, ...]: ...
    def seen(self, turn_id: str, seen: Iterable[tuple[str, int]]) -> int: ...
    def open_ticket(self, turn_id: str, draft: TicketDraft) -> Handoff: ...
    def bought_with(self, product_id: str, limit: int) -> tuple[tuple[str, int], ...]: ...
    def open_session(self, locale: Locale, shopper_id: str | None = None, mark: str | None = None) -> str: ...
    def change_cart(self, session_id: str, changes: Sequence[CartChange], turn_id: str | None = None) -> None: ...
    def cart_changes(self, session_id: str) -> tuple[CartChange, ...]: ...


class Asks(Protocol):
    """The surveys as the web needs them: what is to be asked is committed before it is given. Raises UnknownId."""

    rules: Rules

    def due(self, session_id: str, what: What, shopper_id: str | None = None) -> Due: ...
    def ask(self, session_id: str, channel: str) -> Offer: ...
    def unanswered(self, session_id: str) -> tuple[Offer, ...]: ...
    def offer(self, offer_id: str) -> Offer: ...
    def answer(
        self, offer_id: str, value: int | None = None, comment: str | None = None, source: str = "chat"
    ) -> Offer: ...
    def skip(self, offer_id: str) -> None: ...


class KnowsCustomers(Protocol):
    """Who the customer of a session is. What puts one session in two customers' hands raises SomebodyElse."""

    def sign_in(self, session_id: str, customer_id: str) -> Customer | None: ...
    def go_on(self, session_id: str, before: str) -> Customer | None: ...
    def sign_out(self, session_id: str) -> None: ...
    def customer(self, session_id: str) -> Customer | None: ...


@dataclass
class Shop:
    """One shop's parts. `ready` says whether turns can be answered yet; without `desk` nobody takes over,
    without `insights` its owner sees no figures, without `surveys` nobody is asked how it went, without `service` nobody
    is signed in.

    A new catalogue takes the place of the old with an assistant that knows it, while turns under way keep theirs.
    """

    assistant: Talks
    catalog: Sells
    record: Remembers
    settings: Settings
    ready: Callable[[], bool]
    desk: DeskParts | None = None
    insights: InsightParts | None = None
    surveys: Asks | None = None
    service: KnowsCustomers | None = None
    tokens: Tokens = field(default_factory=Tokens)
    links: Links = field(default_factory=Links)

    def renew(self, assistant: Talks, catalog: Sells) -> None:
        """Answer from now on from another version of the catalogue."""
        self.assistant, self.catalog = assistant, catalog

    def currency(self) -> str:
        """The currency that the shop sells in (that of its first product)."""
        first = next(iter(self.catalog), None)
        return first.currency if first else "USD"
