"""What shoppers wanted and did not get, row by row, written with the reply that said so."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from assistant.record import codec
from assistant.record.insight_tables import GapRow
from assistant.record.tables import SessionRow
from assistant.types import Gap, Turn


def add(session: Session, turn: Turn, now: datetime) -> None:
    """Add what a turn's reply admitted that the shop lacks; of the conversation the row says what figures ask for."""
    if not turn.gaps:
        return
    held = session.get(SessionRow, turn.session_id)
    if held is None:
        return
    about = {
        "turn_id": turn.id,
        "session_id": turn.session_id,
        "day": held.started_at.date().isoformat(),
        "locale": held.locale,
        "who": held.mark or "shopper",
        "at": now,
    }
    session.add_all(GapRow(**about, **_columns(gap)) for gap in turn.gaps)


def _columns(gap: Gap) -> dict[str, Any]:
    return {
        "kind": gap.kind,
        "key": gap.key,
        "wanted": gap.wanted,
        "thing": gap.thing,
        "product_id": gap.product_id,
        "failed": codec.constraint_to_json(gap.failed) if gap.failed else None,
        "missed_minor": gap.missed_minor,
        "states": gap.states,
    }
