"""The words a conversation is made of, as immutable values. Every stage of the turn takes and gives these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from catalog import Constraint, Locale, Product

Kind = Literal["recommend", "clarify", "answer", "compare", "no_match", "service", "handoff", "refuse", "chat"]
EvidenceKind = Literal["field", "review", "policy", "description"]
ClaimStatus = Literal["supported", "mended", "dropped"]
TicketKind = Literal["question", "stock", "person", "complaint", "service", "approval", "safety"]
GapKind = Literal["not_carried", "nothing_fits", "out_of_stock", "unanswered"]


@dataclass(frozen=True, slots=True)
class Need:
    """What the shopper wants so far. `query` is the wish in words, `constraints` what must hold."""

    query: str = ""
    category: str | None = None
    constraints: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quotable line of a listing, a review or a policy. `field` names where in it the quote stands."""

    id: str
    kind: EvidenceKind
    product_id: str | None
    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a product is on the slate, and the ids of the evidence it rests on."""

    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that satisfies every constraint, with its score in retrieval (0 to 1, higher is better)."""

    product: Product
    score: float


@dataclass(frozen=True, slots=True)
class SlateItem:
    """A product as it is shown, in the shopper's language; `category` as the catalogue names it, whatever the language.

    `propensity` is the probability with which it is put where it stands, `team` whose pick it is where rankers take turns.
    """

    product: Product
    score: float
    reasons: tuple[Reason, ...] = ()
    drawback: Reason | None = None
    category: str | None = field(default=None, compare=False)
    propensity: float | None = field(default=None, compare=False)
    team: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Slate:
    """What is on the shelf, best first. `matching` counts the products that satisfy the need, shown or not: all of them
    where `all_counted`, else there may be more.
    """

    items: tuple[SlateItem, ...] = ()
    matching: int = 0
    evidence: tuple[Evidence, ...] = ()
    all_counted: bool = True

    def ids(self) -> tuple[str, ...]:
        return tuple(item.product.id for item in self.items)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the reply after verification; a dropped one was not shown."""

    text: str
    status: ClaimStatus
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one product says in a row of a comparison; no `text` where it states nothing. `better` only where that is clear."""

    product_id: str
    text: str | None
    evidence: tuple[str, ...] = ()
    better: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: what is compared, in the shopper's language, and a cell for each product in order."""

    name: str
    field: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Products side by side in what differs; `columns` are their ids, `advice` is one sentence for the need."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    advice: str


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that a question offers as `label`; `meant` is the message, or the product, that it stands for."""

    label: str
    meant: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the assistant asked: which value of a field of the need, or ("product") which product `about` meant."""

    text: str
    field: str
    options: tuple[Option, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant said. `text` is exactly the shown claims, joined."""

    kind: Kind
    text: str
    claims: tuple[Claim, ...] = ()
    quick_replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """What produced a turn; stored with everything that follows from it."""

    model: str
    quantisation: str
    prompt: str
    index: str
    ranker: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """What arrives from the shopper. `need` is set when the shopper edited the chips instead of writing, `variety` (0 for
    what fits best, to 1) when the shopper set it. `mark` is "bot" or "staff" where it is no shopper's.
    """

    message: str
    session_id: str | None = None
    shopper_id: str | None = None
    locale: Locale | None = None
    need: Need | None = None
    variety: float | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """What the shop is to be asked or told. `follows` is a ticket that this one repeats with an address.

    `summary` is what a person who takes over has to know, as plain data; `priority` is 0 for what can wait to 3.
    """

    kind: TicketKind
    question: str
    product_id: str | None = None
    email: str | None = None
    follows: str | None = None
    summary: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Handoff:
    """What a turn left to the people of the shop: the ticket, its kind as the reason, and what it asks.

    `live` where a person has taken the conversation over, by the name `agent`: then the assistant says nothing.
    """

    ticket_id: str
    reason: TicketKind
    summary: str
    live: bool = False
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a shopper wanted that the shop has not, or asked that no listing says.

    `key` is one for all words of either language that mean the same, `wanted` the words that were used; `thing` is the
    kind of product it was wanted of. `product_id` is what comes nearest, is sold out or does not say; it meets all but
    `failed`, by `missed_minor` where that is a price, else its listing states `states`.
    """

    kind: GapKind
    key: str
    wanted: str
    thing: str = ""
    product_id: str | None = None
    failed: Constraint | None = None
    missed_minor: int | None = None
    states: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange, complete: what was said, understood, shown and answered, with times in milliseconds.

    `timings_ms` holds for each stage when it was over, from the message on; where the model was asked also how long the
    turn waited for it (`queue`), what its generations took (`model`, `model_first_token`, `model_queue`) and, as counts,
    `generations`, `prompt_tokens`, `cached_tokens` and `output_tokens`. `service` is where a service conversation stands
    after the turn (`state`) and which fields a small form could ask for (`form`), as plain data that never leaves whole.
    `gaps` are recorded with the turn and not read again with it.
    """

    id: str
    session_id: str
    message: str
    locale: Locale
    need: Need
    slate: Slate
    reply: Reply
    evidence: tuple[Evidence, ...]
    timings_ms: dict[str, float]
    versions: Versions
    failure: str | None = None
    handoff: Handoff | None = None
    comparison: Comparison | None = None
    question: Question | None = None
    variety: float = 0.0
    service: Mapping[str, Any] | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedEvent:
    """The need as understood; the first event of every turn. `looking_through` counts the catalogue's products."""

    session_id: str
    turn_id: str
    locale: Locale
    need: Need
    looking_through: int = 0


@dataclass(frozen=True, slots=True)
class SlateEvent:
    """The shelf, before any word; may come once more, refined."""

    slate: Slate


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    """The turn waits for the model: `place` counts from 1, the next, and `expected_s` is about how long it will be.

    Comes again and again while the wait lasts, so that it can be left; place 0 says that it is over.
    """

    place: int
    expected_s: int


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    """One verified sentence, with the evidence it cites; `by_model` where the model put it into words."""

    claim: Claim
    evidence: tuple[Evidence, ...] = field(default=())
    by_model: bool = False


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The end of the turn, already committed to the record."""

    turn: Turn


Event = NeedEvent | SlateEvent | QueuedEvent | SentenceEvent | DoneEvent
