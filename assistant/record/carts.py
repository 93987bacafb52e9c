"""Carts in the record: every change is a row, and what is in a cart follows from its rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.cart import CartChange, ChangeKind
from assistant.record.tables import CartChangeRow


def add(session: Session, session_id: str, turn_id: str | None, changes: Iterable[CartChange], now: datetime) -> None:
    """Rows for `changes`, in their order."""
    session.add_all(
        CartChangeRow(
            session_id=session_id,
            turn_id=turn_id,
            kind=one.kind,
            product_id=one.product_id,
            variant_id=one.variant_id,
            quantity=one.quantity,
            price_minor=one.price_minor,
            currency=one.currency,
            at=now,
        )
        for one in changes
    )


def read(session: Session, session_id: str) -> tuple[CartChange, ...]:
    """The changes of a session's cart, oldest first."""
    rows = session.scalars(
        select(CartChangeRow).where(CartChangeRow.session_id == session_id).order_by(CartChangeRow.id)
    )
    return tuple(
        CartChange(
            cast(ChangeKind, row.kind),
            row.product_id,
            row.variant_id,
            row.quantity,
            row.price_minor,
            row.currency,
            row.turn_id,
        )
        for row in rows
    )
