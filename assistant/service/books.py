"""One transaction on our own tables: reads and writes customers, orders, proposals, identities and attempts."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Delete, Select, Update, and_, delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from assistant.service import rows
from assistant.service.rules import ClaimField
from assistant.service.spelling import code_key, words_key
from assistant.service.store import Identity, Trace
from assistant.service.tables import (
    AttemptRow,
    Base,
    CustomerRow,
    IdentityRow,
    LineRow,
    MethodRow,
    OrderRow,
    ParcelRow,
    PaymentRow,
    ProposalRow,
)
from assistant.service.types import Claimed, Customer, Order, Proposal

_Held = LineRow | ParcelRow | PaymentRow
_Part = TypeVar("_Part", LineRow, ParcelRow, PaymentRow)
_Row = TypeVar("_Row")
_MANY = 500  # orders beyond which all lines are read rather than those named
_ATTEMPTS_LOCK = 0x747269657321  # any constant: it names the advisory lock under which tries are counted


class SqlBooks:
    """The books in one session. With `locks` what is read is locked until the transaction ends."""

    def __init__(self, session: Session, *, locks: bool) -> None:
        self._session = session
        self._locks = locks

    def customer(self, id: str) -> Customer | None:
        row = self._session.scalar(self._kept(select(CustomerRow).where(CustomerRow.id == id)))
        if row is None:
            return None
        methods = select(MethodRow).where(MethodRow.customer_id == id).order_by(MethodRow.position)
        return rows.to_customer(row, self._session.scalars(self._kept(methods)))

    def all_customers(self) -> list[Customer]:
        """Every customer of the shop."""
        methods: dict[str, list[MethodRow]] = defaultdict(list)
        for method in self._session.scalars(select(MethodRow).order_by(MethodRow.position)):
            methods[method.customer_id].append(method)
        return [rows.to_customer(row, methods[row.id]) for row in self._session.scalars(select(CustomerRow))]

    def matching(self, claimed: Claimed, way: Sequence[ClaimField]) -> tuple[str, ...]:
        found = select(CustomerRow.id).where(*(_is(name, claimed) for name in way if not _is_name(name)))
        if named := [name for name in way if _is_name(name)]:
            found = found.where(_is_named(claimed, named))
        return tuple(self._session.scalars(found.distinct().limit(2)))

    def order(self, customer_id: str, order_id: str) -> Order | None:
        theirs = select(OrderRow).where(OrderRow.customer_id == customer_id, OrderRow.key == code_key(order_id))
        found = self._orders(theirs)
        return next((one for one in found if one.id == order_id), found[0] if found else None)

    def orders(self, customer_id: str) -> tuple[Order, ...]:
        newest = (OrderRow.placed_at.is_(None), OrderRow.placed_at.desc(), OrderRow.id.desc())
        return tuple(self._orders(select(OrderRow).where(OrderRow.customer_id == customer_id).order_by(*newest)))

    def all_orders(self) -> list[Order]:
        """Every order of the shop."""
        return self._orders(select(OrderRow))

    def save_customer(self, customer: Customer) -> None:
        self._write(update(CustomerRow).where(CustomerRow.id == customer.id).values(**rows.of_customer(customer)))
        self._write(delete(MethodRow).where(MethodRow.customer_id == customer.id))
        self._add(MethodRow, rows.of_methods(customer))

    def save_order(self, order: Order) -> None:
        self._write(update(OrderRow).where(OrderRow.id == order.id).values(**rows.of_order(order)))
        held: list[tuple[type[_Held], list[rows.Row]]] = [
            (LineRow, rows.of_lines(order)),
            (ParcelRow, rows.of_parcels(order)),
            (PaymentRow, rows.of_payments(order)),
        ]
        for table, values in held:
            self._write(delete(table).where(table.order_id == order.id))
            self._add(table, values)

    def proposal(self, id: str) -> Proposal | None:
        row = self._session.scalar(self._kept(select(ProposalRow).where(ProposalRow.id == id)))
        return None if row is None else rows.to_proposal(row)

    def trace(self, proposal_id: str) -> Trace | None:
        kept = self._session.scalar(select(ProposalRow.trace).where(ProposalRow.id == proposal_id))
        return None if kept is None else rows.to_trace(kept)

    def save_proposal(self, proposal: Proposal, trace: Trace | None = None) -> None:
        values = rows.of_proposal(proposal) | ({} if trace is None else {"trace": rows.of_trace(trace)})
        known = self._session.scalar(select(ProposalRow.id).where(ProposalRow.id == proposal.id))
        if known is None:
            self._add(ProposalRow, [values])
        else:
            self._write(update(ProposalRow).where(ProposalRow.id == proposal.id).values(**values))

    def proposals(self, session_id: str) -> tuple[Proposal, ...]:
        return self._proposals(select(ProposalRow).where(ProposalRow.session_id == session_id))

    def waiting(self) -> tuple[Proposal, ...]:
        return self._proposals(select(ProposalRow).where(ProposalRow.state == "waiting"))

    def identity(self, session_id: str) -> Identity | None:
        row = self._session.get(IdentityRow, session_id)
        return None if row is None else Identity(row.customer_id, row.at)

    def identify(self, session_id: str, identity: Identity | None) -> None:
        self._write(delete(IdentityRow).where(IdentityRow.session_id == session_id))
        if identity is not None:
            self._add(IdentityRow, [{"session_id": session_id, "customer_id": identity.customer_id, "at": identity.at}])

    def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        if self._session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
            self._session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ATTEMPTS_LOCK})
        tried = select(AttemptRow.at).where(AttemptRow.key == key, AttemptRow.at > since).order_by(AttemptRow.at)
        return tuple(self._session.scalars(tried))

    def fail(self, keys: Sequence[str], at: datetime, since: datetime) -> None:
        self._write(delete(AttemptRow).where(AttemptRow.at <= since))
        self._add(AttemptRow, [{"key": key, "at": at} for key in keys])

    def _orders(self, found: Select[OrderRow]) -> list[Order]:
        heads = list(self._session.scalars(self._kept(found)))
        ids = [row.id for row in heads] if len(heads) <= _MANY else None
        lines, parcels, payments = (self._held(LineRow, ids), self._held(ParcelRow, ids), self._held(PaymentRow, ids))
        return [rows.to_order(row, lines[row.id], parcels[row.id], payments[row.id]) for row in heads]

    def _held(self, table: type[_Part], order_ids: list[str] | None) -> dict[str, list[_Part]]:
        """What orders hold, by the order; of all orders where none are named."""
        found: dict[str, list[_Part]] = defaultdict(list)
        wanted = select(table) if order_ids is None else select(table).where(table.order_id.in_(order_ids))
        for row in self._session.scalars(self._kept(wanted.order_by(table.order_id, table.number))):
            found[row.order_id].append(row)
        return found

    def _proposals(self, found: Select[ProposalRow]) -> tuple[Proposal, ...]:
        oldest = found.order_by(ProposalRow.created_at, ProposalRow.id)
        return tuple(rows.to_proposal(row) for row in self._session.scalars(oldest))

    def _kept(self, found: Select[_Row]) -> Select[_Row]:
        """The same query, of which what is found stays as it is until the transaction ends."""
        found = found.execution_options(populate_existing=True)
        return found.with_for_update() if self._locks else found

    def _write(self, change: Update | Delete) -> None:
        self._session.execute(change.execution_options(synchronize_session=False))

    def _add(self, table: type[Base], values: list[rows.Row]) -> None:
        if values:
            self._session.execute(insert(table), values)


def _is_name(field: str) -> bool:
    return field in ("first_name", "last_name")


def _is(field: ClaimField, claimed: Claimed) -> ColumnElement[bool]:
    """That a customer has what is claimed."""
    said: str = getattr(claimed, field)
    if field == "email":
        return CustomerRow.email_key == words_key(said)
    if field == "postcode":
        return CustomerRow.postcode_key == code_key(said)
    if field == "customer_id":
        return CustomerRow.id == said
    owned = select(OrderRow.id).where(OrderRow.customer_id == CustomerRow.id, OrderRow.key == code_key(said))
    return owned.exists()


def _is_named(claimed: Claimed, named: Sequence[str]) -> ColumnElement[bool]:
    """That a customer has these names; both of them may come in either order, as they do between languages."""
    first, last = words_key(claimed.first_name), words_key(claimed.last_name)
    if len(named) == 2:
        return or_(
            and_(CustomerRow.first_key == first, CustomerRow.last_key == last),
            and_(CustomerRow.first_key == last, CustomerRow.last_key == first),
        )
    return CustomerRow.first_key == first if named[0] == "first_name" else CustomerRow.last_key == last
