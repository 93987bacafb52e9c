"""The books in tables of our own, in SQLite or PostgreSQL."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from assistant.record.database import writing
from assistant.service import rows
from assistant.service.books import SqlBooks
from assistant.service.codec import to_json
from assistant.service.database import open_database
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
from assistant.service.types import Customer, Order

_BATCH = 1_000
_CHILDREN_FIRST: tuple[type[Base], ...] = (
    AttemptRow,
    IdentityRow,
    ProposalRow,
    PaymentRow,
    ParcelRow,
    LineRow,
    OrderRow,
    MethodRow,
    CustomerRow,
)


class SqlStore:
    """The books of one database by its URL; safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Open the database, making its tables; SetupError where that fails or it is of a newer schema."""
        self._engine = open_database(url)
        self._reads = self._engine
        if (
            self._engine.dialect.name == "postgresql"
        ):  # where each query sees what was committed last, unless told not to
            self._reads = self._engine.execution_options(isolation_level="REPEATABLE READ")

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        """The books as of one moment."""
        with Session(self._reads) as session:
            yield SqlBooks(session, locks=False)

    @contextmanager
    def writing(self) -> Iterator[SqlBooks]:
        """The books to be changed, all or nothing."""
        with Session(writing(self._engine)) as session, session.begin():
            yield SqlBooks(session, locks=True)

    def is_empty(self) -> bool:
        """Whether no customer is known yet."""
        with Session(self._engine) as session:
            return session.scalar(select(func.count()).select_from(CustomerRow)) == 0

    def load(self, customers: Iterable[Customer], orders: Iterable[Order], *, replace: bool = False) -> int:
        """Add customers and orders in one transaction and give how many were added; those known stay as they are.

        With `replace` everything else goes, and with it all proposals, identities and attempts.
        """
        with Session(writing(self._engine)) as session, session.begin():
            if replace:
                for table in _CHILDREN_FIRST:
                    session.execute(delete(table))
            known_customers = set(session.scalars(select(CustomerRow.id)))
            known_orders = set(session.scalars(select(OrderRow.id)))
            new_customers = [one for one in customers if one.id not in known_customers]
            new_orders = [one for one in orders if one.id not in known_orders]
            unowned = {one.customer_id for one in new_orders} - known_customers - {one.id for one in new_customers}
            if unowned:
                raise ValueError(f"orders of unknown customers: {', '.join(sorted(unowned)[:5])}")
            _add(session, CustomerRow, [rows.of_customer(one) for one in new_customers])
            _add(session, MethodRow, [row for one in new_customers for row in rows.of_methods(one)])
            _add(session, OrderRow, [rows.of_order(one) for one in new_orders])
            _add(session, LineRow, [row for one in new_orders for row in rows.of_lines(one)])
            _add(session, ParcelRow, [row for one in new_orders for row in rows.of_parcels(one)])
            _add(session, PaymentRow, [row for one in new_orders for row in rows.of_payments(one)])
        return len(new_customers) + len(new_orders)

    def snapshot(self) -> dict[str, Any]:
        """All customers and orders as JSON, to be compared: equal when and only when nothing that counts differs.

        Lines, parcels and payments are sorted and lose their numbers and moments, since which of two equal items was
        meant, and when, does not count.
        """
        with self.reading() as books:
            customers = {one.id: to_json(one) for one in books.all_customers()}
            orders = {one.id: _canonical(to_json(one)) for one in books.all_orders()}
        for customer in customers.values():
            customer["methods"].sort(key=lambda method: str(method["id"]))
        return {"customers": dict(sorted(customers.items())), "orders": dict(sorted(orders.items()))}


def _canonical(order: dict[str, Any]) -> dict[str, Any]:
    for name, dropped in (("lines", "number"), ("parcels", "delivered_at"), ("payments", "at")):
        kept = [{key: one[key] for key in sorted(one) if key != dropped} for one in order[name]]
        order[name] = sorted(kept, key=str)
    return order


def _add(session: Session, table: type[Base], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), _BATCH):
        session.execute(insert(table), values[start : start + _BATCH])
