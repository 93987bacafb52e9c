"""Keeps the opinions in the record in step with what is written.

A text's opinions replace what it had: a new model reads all again, and until it is through the old ones stand.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from assistant.insight.opinions.following import Following, Found, Write
from assistant.insight.opinions.reading import Opinion, Reader, Source, Text
from assistant.insight.opinions.sources import Chats, Comments, Reads, Reviews, products_of
from assistant.record.insight_tables import OpinionRow
from catalog import Product

_SOME = 500


class Opinions:
    """What shoppers think; safe to run in several processes of one record."""

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        catalog: Callable[[], Iterable[Product]],
        clock: Callable[[], datetime],
    ) -> None:
        self._reader = reader
        self._reviews = Reviews(catalog, clock)
        sources = (Comments(), Chats(), self._reviews)
        self._following = Following(engine, "opinions", lambda: reader.version, sources, clock)

    def catch_up(self, limit_s: float = 4.0) -> int:
        """Read what is new, for about so long; how many opinions were found."""
        return self._following.follow(self._work, limit_s)

    def rebuild(self) -> None:
        """Read everything again from the next `catch_up` on."""
        self._following.restart()

    def behind(self) -> bool:
        """Whether there is something that was not read yet."""
        return self._following.behind()

    def _work(self, reads: Reads, found: Found) -> Write:
        told = self._reader.read(found.texts)
        rows = [_row(text, one) for text, opinions in zip(found.texts, told, strict=True) for one in opinions]
        now_there = self._reviews.ids() if reads.source == "review" and found.last else None
        return partial(_write, reads.source, found.texts, rows, now_there)


def _write(
    source: Source, texts: Sequence[Text], rows: Sequence[dict[str, Any]], now_there: frozenset[str] | None,
    session: Session,
) -> int:  # fmt: skip
    """Put the opinions of texts in the place of those they had."""
    ids = [text.id for text in texts]
    first = _first_read(session, ids) if source == "review" else {}
    products = products_of(session, [row["source_id"] for row in rows]) if source == "chat" else {}
    _forget(session, source, ids)
    for row in rows:
        row["product_id"] = row["product_id"] or products.get(row["source_id"])
        row["at"] = first.get(row["source_id"], row["at"])
        row["day"] = row["at"].date().isoformat()
    if rows:
        session.execute(insert(OpinionRow), rows)
    if now_there is not None:
        held = session.scalars(select(OpinionRow.source_id).where(OpinionRow.source == "review").distinct())
        _forget(session, "review", [id for id in held if id not in now_there])
    return len(rows)


def _row(text: Text, opinion: Opinion) -> dict[str, Any]:
    return {
        "source": text.source,
        "source_id": text.id,
        "sentence": opinion.sentence,
        "session_id": text.session_id,
        "product_id": text.product_id,
        "locale": text.locale,
        "who": text.who,
        "aspect": opinion.aspect,
        "polarity": opinion.polarity,
        "quote": opinion.quote,
        "at": text.at,
    }


def _first_read(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    """When reviews that are read again were first: those without a date keep theirs."""
    found = select(OpinionRow.source_id, OpinionRow.at).where(
        OpinionRow.source == "review", OpinionRow.source_id.in_(ids)
    )
    return {id: at for id, at in session.execute(found).all()}


def _forget(session: Session, source: Source, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _SOME):
        some = ids[start : start + _SOME]
        session.execute(delete(OpinionRow).where(OpinionRow.source == source, OpinionRow.source_id.in_(some)))
