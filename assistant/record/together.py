"""Which products went together: what the events of many sessions tell of one product."""

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session, aliased

from assistant.record.tables import EventRow, SessionRow, TurnRow

_TAKEN = ("cart", "purchase")
_SHOPPERS = 2  # at least, so that nobody is shown another one's basket


def bought_with(session: Session, product_id: str, limit: int) -> tuple[tuple[str, int], ...]:
    """Products that went into the cart in the same sessions as this one, with how many sessions; the most first.

    A pair that fewer than two sessions, or only one known shopper, put together is left out.
    """
    this, other = aliased(EventRow), aliased(EventRow)
    before, after = aliased(TurnRow), aliased(TurnRow)
    sessions = func.count(distinct(SessionRow.id))
    shoppers = func.count(distinct(func.coalesce(SessionRow.shopper_id, SessionRow.id)))
    found = (
        select(other.product_id, sessions)
        .select_from(this)
        .join(before, before.id == this.turn_id)
        .join(SessionRow, SessionRow.id == before.session_id)
        .join(after, after.session_id == SessionRow.id)
        .join(other, other.turn_id == after.id)
        .where(this.product_id == product_id, this.kind.in_(_TAKEN))
        .where(other.product_id != product_id, other.kind.in_(_TAKEN))
        .where(this.mark.is_(None), other.mark.is_(None))
        .group_by(other.product_id)
        .having(shoppers >= _SHOPPERS)
        .order_by(sessions.desc(), other.product_id)
        .limit(limit)
    )
    return tuple((id, count) for id, count in session.execute(found).all())
