"""What was put on shelves by chance, with the probability of it and what came of it: the ground of off-policy estimates."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, and_, func, select
from sqlalchemy.orm import Session

from assistant.record import codec
from assistant.record.tables import EventRow, ImpressionRow, ReplyRow, SessionRow, TurnRow
from assistant.types import Need
from catalog import Locale


@dataclass(frozen=True, slots=True)
class Place:
    """One product of a shelf: where it stood, how probable that was, and whether it was clicked."""

    product_id: str
    position: int
    propensity: float
    clicked: bool


@dataclass(frozen=True, slots=True)
class DrawnShelf:
    """One turn's shelf, drawn by chance for a need."""

    turn_id: str
    need: Need
    locale: Locale
    places: tuple[Place, ...]


def drawn_shelves(engine: Engine, limit: int) -> list[DrawnShelf]:
    """The newest shelves that chance had a part in, of shoppers."""
    drawn = select(ImpressionRow.turn_id).where(ImpressionRow.propensity.is_not(None)).distinct().subquery()
    turns = (
        select(TurnRow.id, TurnRow.locale, ReplyRow.need)
        .join(drawn, drawn.c.turn_id == TurnRow.id)
        .join(ReplyRow, ReplyRow.turn_id == TurnRow.id)
        .join(SessionRow, SessionRow.id == TurnRow.session_id)
        .where(SessionRow.mark.is_(None))
        .order_by(TurnRow.started_at.desc())
        .limit(limit)
    )
    with Session(engine) as session:
        found = session.execute(turns).all()
        places = _places(session, [id for id, _, _ in found])
    return [
        DrawnShelf(id, codec.need_from_json(need), "zh" if locale == "zh" else "en", tuple(places.get(id, ())))
        for id, locale, need in found
    ]


def _places(session: Session, turn_ids: Sequence[str]) -> dict[str, list[Place]]:
    clicks = (
        select(EventRow.turn_id, EventRow.product_id, func.count().label("n"))
        .where(EventRow.turn_id.in_(turn_ids), EventRow.kind == "click", EventRow.mark.is_(None))
        .group_by(EventRow.turn_id, EventRow.product_id)
        .subquery()
    )
    query = (
        select(
            ImpressionRow.turn_id,
            ImpressionRow.product_id,
            ImpressionRow.position,
            ImpressionRow.propensity,
            clicks.c.n,
        )
        .outerjoin(
            clicks, and_(clicks.c.turn_id == ImpressionRow.turn_id, clicks.c.product_id == ImpressionRow.product_id)
        )
        .where(ImpressionRow.turn_id.in_(turn_ids), ImpressionRow.propensity.is_not(None))
    )
    found: dict[str, list[Place]] = {}
    for turn_id, product_id, position, propensity, clicked in session.execute(query):
        found.setdefault(turn_id, []).append(Place(product_id, position, propensity or 0.0, bool(clicked)))
    return found
