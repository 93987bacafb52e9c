"""Which sessions have something new for the figures: told in the same transaction as the news, so that none is missed."""

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assistant.record.figure_tables import ChangeRow


def changed(session: Session, session_ids: Iterable[str]) -> None:
    """The log says something more of these sessions."""
    rows = [{"session_id": id} for id in dict.fromkeys(session_ids)]
    if rows:
        session.execute(insert(ChangeRow), rows)
