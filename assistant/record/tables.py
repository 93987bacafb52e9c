"""The record's tables. Rows are only added, but for those of what shoppers let us remember, which can be deleted, for the
people of the shop, and for `ticket_states`, which repeats what the log of the desk says.

Ids that leave the house are random, the others count up.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.record.columns import NAMES, TYPES, Counter


class Base(DeclarativeBase):
    """What all tables share: named constraints, so that later migrations can address them."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


class SessionRow(Base):
    """One conversation, made with its first turn; `mark` is "bot" or "staff" where it is not a shopper's."""

    __tablename__ = "sessions"

    id: Mapped[str] = mapped_column(primary_key=True)
    shopper_id: Mapped[str | None]
    locale: Mapped[str]
    mark: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(index=True)


class VersionsRow(Base):
    """One combination of parts that produced replies; `id` is its digest."""

    __tablename__ = "versions"

    id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    quantisation: Mapped[str]
    prompt: Mapped[str]
    index: Mapped[str]
    ranker: Mapped[str]


class TurnRow(Base):
    """What the shopper said or edited, written when it arrives. `need` is set where the chips were edited."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("session_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    number: Mapped[int]
    message: Mapped[str]
    locale: Mapped[str]
    origin: Mapped[str]
    need: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime] = mapped_column(index=True)


class ReplyRow(Base):
    """What the assistant made of a turn, written before the shopper is told that it is done."""

    __tablename__ = "replies"

    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), primary_key=True)
    versions_id: Mapped[str] = mapped_column(ForeignKey("versions.id"))
    kind: Mapped[str]
    text: Mapped[str]
    need: Mapped[dict[str, Any]]
    slate: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    claims: Mapped[list[Any]]
    quick_replies: Mapped[list[Any]]
    timings_ms: Mapped[dict[str, Any]]
    failure: Mapped[str | None]
    comparison: Mapped[dict[str, Any] | None]
    question: Mapped[dict[str, Any] | None]
    variety: Mapped[float | None]
    service: Mapped[dict[str, Any] | None]
    finished_at: Mapped[datetime]


class ImpressionRow(Base):
    """A product that was put before the shopper, once a turn; `position` counts from 1, the best.

    `propensity` is the probability with which the policy puts this product at this position; `team` is whose pick it was
    where two rankers are interleaved. Category and price are those of the moment.
    """

    __tablename__ = "impressions"
    __table_args__ = (UniqueConstraint("turn_id", "product_id"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"))
    product_id: Mapped[str]
    position: Mapped[int]
    score: Mapped[float]
    category: Mapped[str | None]
    price_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    propensity: Mapped[float | None]
    team: Mapped[str | None]
    shown_at: Mapped[datetime]


class EventRow(Base):
    """What the shopper did with a product: click, cart, purchase, or dwell on its listing for `dwell_ms`.

    `key` names what its sender sends, so that sent again it is not there twice; `happened_at` is when its sender says that
    it happened, `at` when it was recorded. `amount_minor` is what was paid for all of `quantity`. `mark` is "bot" or
    "staff" where it was not a shopper; `signed` where the turn's token came with it.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), index=True)
    product_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    key: Mapped[str | None]
    quantity: Mapped[int | None]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    dwell_ms: Mapped[int | None]
    source: Mapped[str | None]
    mark: Mapped[str | None]
    signed: Mapped[bool | None]
    happened_at: Mapped[datetime | None]
    at: Mapped[datetime]


class RatingRow(Base):
    """What the shopper thought of a turn, and of which versions. `number` repeats `value` where it is one.

    `score` is the value on its scale as 0 to 1, `subject` who is rated ("assistant" where it is empty, or "agent"),
    `offer_id` the survey that asked for it. One that another system collected may belong to no turn; `key` keeps it from
    coming in twice.
    """

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"), index=True)
    offer_id: Mapped[str | None] = mapped_column(ForeignKey("survey_offers.id"), index=True)
    versions_id: Mapped[str | None] = mapped_column(ForeignKey("versions.id"))
    kind: Mapped[str]
    value: Mapped[str]
    number: Mapped[int | None]
    score: Mapped[float | None]
    subject: Mapped[str | None]
    source: Mapped[str | None]
    locale: Mapped[str | None]
    key: Mapped[str | None]
    reasons: Mapped[list[Any]]
    at: Mapped[datetime]


class FailureRow(Base):
    """Something that went wrong in a turn, at one of its stages."""

    __tablename__ = "failures"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), index=True)
    stage: Mapped[str]
    error: Mapped[str]
    at: Mapped[datetime]


class TicketRow(Base):
    """What the shop was asked, or asked to tell, in a turn. A later row of the same session and question replaces it."""

    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id"), index=True)
    product_id: Mapped[str | None]
    kind: Mapped[str]
    question: Mapped[str]
    email: Mapped[str | None]
    locale: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]


class DeskEventRow(Base):
    """Something that happened to a ticket or was said about it. Ids become visible in their order.

    `key` names what its sender sends, so that sent again it is not there twice.
    """

    __tablename__ = "desk_events"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), index=True)
    kind: Mapped[str]
    author: Mapped[str]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"), index=True)
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None]
    at: Mapped[datetime]


class TicketStateRow(Base):
    """How a ticket stands: what its events come to, written with each of them. `version` counts changes of hands."""

    __tablename__ = "ticket_states"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    status: Mapped[str] = mapped_column(index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agents.id"))
    version: Mapped[int]
    reason: Mapped[str]
    line: Mapped[str]
    language: Mapped[str]
    mood: Mapped[float]
    priority: Mapped[int]
    email: Mapped[str | None]
    summary: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_for: Mapped[str | None]
    last_author: Mapped[str | None]
    last_text: Mapped[str | None]
    last_at: Mapped[datetime | None]
    last_event_id: Mapped[int] = mapped_column(Counter)


class LookRow(Base):
    """Up to which event of a ticket an agent has looked."""

    __tablename__ = "ticket_looks"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(Counter)


class ShownRow(Base):
    """Up to which event of a session its shopper's page has shown what people of the shop wrote."""

    __tablename__ = "session_looks"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(Counter)


class MailRow(Base):
    """A ticket's messages to the shopper, and its closing, on their way to a mailbox; gone once that is over.

    `since` is when it was first tried, or the last of them came in.
    """

    __tablename__ = "mails"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    first_id: Mapped[int] = mapped_column(Counter)
    last_id: Mapped[int] = mapped_column(Counter)
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(index=True)
    since: Mapped[datetime]


class MacrosRow(Base):
    """The texts that agents have at hand, whole each time; the newest row is the one that holds."""

    __tablename__ = "macros"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    texts: Mapped[list[Any]]
    at: Mapped[datetime]


class FaqChoiceRow(Base):
    """An answer that is given often, and whether it was put into the FAQ or is not wanted there; `cases` are its tickets."""

    __tablename__ = "faq_choices"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"))
    kind: Mapped[str]
    locale: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    cases: Mapped[list[Any]]
    at: Mapped[datetime]


class AgentRow(Base):
    """Somebody of the shop who may sign in to the desk; one who left stays, inactive, since the log names them."""

    __tablename__ = "agents"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    password: Mapped[str]
    locale: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class AgentTokenRow(Base):
    """A sign-in that holds: the digest of the token that the agent's browser keeps."""

    __tablename__ = "agent_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id"), index=True)
    expires_at: Mapped[datetime]


class AttemptRow(Base):
    """An attempt to sign in under an e-mail address, which may be nobody's; gone once one succeeds or it is too old."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class CartChangeRow(Base):
    """Something put into a session's cart, changed or taken out; `turn_id` where it was said in a turn.

    The price is the one that the shopper was told, per item and in minor units.
    """

    __tablename__ = "cart_changes"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), index=True)
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turns.id"))
    kind: Mapped[str]
    product_id: Mapped[str | None]
    variant_id: Mapped[str | None]
    quantity: Mapped[int]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    at: Mapped[datetime]


class ConsentRow(Base):
    """Whether a shopper agreed to be remembered, and since when. With it and its facts a row may change or go."""

    __tablename__ = "consents"

    shopper_id: Mapped[str] = mapped_column(primary_key=True)
    agreed: Mapped[bool]
    at: Mapped[datetime]


class FactRow(Base):
    """Something remembered of a shopper who agreed; deleted when it is forgotten."""

    __tablename__ = "facts"

    id: Mapped[str] = mapped_column(primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("consents.shopper_id"), index=True)
    kind: Mapped[str]
    wish: Mapped[dict[str, Any]]
    about: Mapped[str]
    source: Mapped[str]
    words: Mapped[str]
    turn_id: Mapped[str]
    session_id: Mapped[str]
    certain: Mapped[bool]
    at: Mapped[datetime]
    used_at: Mapped[datetime | None]
