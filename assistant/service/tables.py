"""The shop's own tables: customers and what they ordered, what was proposed to be done about it, and who proved to be whom.

Money is in minor units. `*_key` columns hold what people say in one spelling, for finding it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.record.columns import NAMES, TYPES, Counter

SCHEMA = 1
"""The number of this schema; a database of a higher one is left alone."""


class Base(DeclarativeBase):
    """What all tables share: named constraints, and the column types of every database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = TYPES


class SchemaRow(Base):
    """The one row that says which schema the tables are of."""

    __tablename__ = "orders_schema"

    number: Mapped[int] = mapped_column(primary_key=True)


class CustomerRow(Base):
    """One customer, with the address that orders go to unless they say otherwise."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    email: Mapped[str]
    address: Mapped[dict[str, Any]]
    first_key: Mapped[str] = mapped_column(index=True)
    last_key: Mapped[str] = mapped_column(index=True)
    email_key: Mapped[str] = mapped_column(index=True)
    postcode_key: Mapped[str]


class MethodRow(Base):
    """A way that a customer pays; `position` is its place among theirs, `balance_minor` what a gift card holds."""

    __tablename__ = "payment_methods"

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    brand: Mapped[str]
    last_four: Mapped[str]
    balance_minor: Mapped[int | None] = mapped_column(BigInteger)


class OrderRow(Base):
    """One order as it stands, without what it holds."""

    __tablename__ = "orders"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[str]
    address: Mapped[dict[str, Any]]
    currency: Mapped[str]
    placed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    note: Mapped[str]
    reason: Mapped[str]
    refund_method_id: Mapped[str | None]


class LineRow(Base):
    """One item of an order."""

    __tablename__ = "order_lines"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str]
    product_id: Mapped[str]
    title: Mapped[str]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[int]
    options: Mapped[dict[str, Any]]
    state: Mapped[str]
    swapped_for: Mapped[str | None]
    promised_minor: Mapped[int] = mapped_column(BigInteger)


class ParcelRow(Base):
    """What of an order was sent together."""

    __tablename__ = "parcels"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tracking: Mapped[list[Any]]
    item_ids: Mapped[list[Any]]
    carrier: Mapped[str]
    delivered_at: Mapped[datetime | None]


class PaymentRow(Base):
    """Money that moved for an order, in the order of `number`."""

    __tablename__ = "payments"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    method_id: Mapped[str]
    at: Mapped[datetime | None]


class ProposalRow(Base):
    """A deed that was checked, and what became of it. `trace` holds order and customer before and after, for taking it back."""

    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str | None] = mapped_column(index=True)
    customer_id: Mapped[str] = mapped_column(index=True)
    deed: Mapped[dict[str, Any]]
    effects: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(index=True)
    proposed_by: Mapped[str]
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    why_waiting: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    note: Mapped[str]
    trace: Mapped[dict[str, Any] | None]


class IdentityRow(Base):
    """Which customer a session proved to be."""

    __tablename__ = "identities"

    session_id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    at: Mapped[datetime]


class AttemptRow(Base):
    """Somebody said who they are and it was not so; one row for each thing that tells tries together."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
