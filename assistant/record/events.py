"""What shoppers do with products, as rows that are there once: clicks, carts, purchases, dwell, and what was really seen.

Invariant: an event with a key is written once, whoever sends it again and in however many processes. It may be late: its
`happened_at` says when it happened, within the last 90 days. Whether a product exists is the caller's to know.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Engine, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record.changes import changed
from assistant.record.columns import storable
from assistant.record.database import writing
from assistant.record.grouped import Grouped
from assistant.record.insight_tables import ViewRow
from assistant.record.tables import EventRow, ImpressionRow, SessionRow, TurnRow

EventKind = Literal["click", "cart", "purchase", "dwell"]
Mark = Literal["bot", "staff"]
Outcome = Literal["recorded", "repeated", "rejected"]

LATE = timedelta(days=90)
AHEAD = timedelta(minutes=5)
_LOCK = 0x6169736C65 + 3  # any constant: it names the advisory lock under which keys are looked up and taken


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a shopper did with a product of a turn. `amount_minor` is what was paid for all of `quantity`."""

    turn_id: str
    product_id: str
    kind: EventKind
    key: str | None = None
    quantity: int | None = None
    amount_minor: int | None = None
    currency: str | None = None
    dwell_ms: int | None = None
    source: str | None = None
    mark: str | None = None
    signed: bool | None = None
    happened_at: datetime | None = None


class BadDeed(ValueError):
    """A deed that cannot be: `field` is what is wrong with it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a deed; `fault` says why a rejected one was."""

    outcome: Outcome
    fault: BadDeed | UnknownId | None = None


class _Place(NamedTuple):
    """Where a turn belongs."""

    session_id: str
    mark: str | None


class _Content(NamedTuple):
    """What makes two events with one key the same."""

    turn_id: str
    product_id: str
    kind: str
    quantity: int | None
    amount_minor: int | None
    currency: str | None
    dwell_ms: int | None


class Events:
    """The events and views of one record's database; safe to share between threads, whose writes it commits together."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._deeds: Grouped[tuple[Deed, ...], tuple[Receipt, ...]] = Grouped(self._commit)

    def record(self, deeds: Iterable[Deed]) -> tuple[Receipt, ...]:
        """Commit deeds in one transaction, each told what became of it; the good ones are kept whatever the others are."""
        return self._deeds.put(tuple(deeds))

    def see(self, turn_id: str, seen: Mapping[str, int]) -> int:
        """Commit which products of a turn were really seen, for how many ms; how many are new. Raises UnknownId.

        A product that the turn did not show is left out, and one that is known already stays as it is.
        """
        now = self._clock()
        with self._writing() as session:
            place = _places(session, [turn_id]).get(turn_id)
            if place is None:
                raise UnknownId("turn", turn_id)
            shown = select(ImpressionRow.product_id).where(
                ImpressionRow.turn_id == turn_id, ImpressionRow.product_id.in_(list(seen))
            )
            known = select(ViewRow.product_id).where(ViewRow.turn_id == turn_id)
            news = sorted(set(session.scalars(shown)) - set(session.scalars(known)))  # in one order: nobody deadlocks
            rows = [{"turn_id": turn_id, "product_id": id, "visible_ms": seen[id], "at": now} for id in news]
            if rows:
                session.execute(self._insert(ViewRow).on_conflict_do_nothing(), rows)
                changed(session, [place.session_id])
        return len(rows)

    def _commit(self, asked: Sequence[tuple[Deed, ...]]) -> list[tuple[Receipt, ...]]:
        deeds = [deed for one in asked for deed in one]
        now = self._clock()
        with self._writing() as session:
            receipts = iter(_written(session, deeds, now))
        return [tuple(next(receipts) for _ in one) for one in asked]

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(writing(self._engine)) as session, session.begin():
            yield session


def _written(session: Session, deeds: Sequence[Deed], now: datetime) -> list[Receipt]:
    """A receipt for each deed, the good ones among them inserted."""
    keys = {key for deed in deeds if (key := storable(deed.key)) is not None}
    taken = _taken(session, keys)
    places = _places(session, {deed.turn_id for deed in deeds})
    receipts, rows = [], []
    for deed in deeds:
        receipt = _judged(deed, places, taken, now)
        receipts.append(receipt)
        if receipt.outcome == "recorded":
            rows.append(_row(deed, places[deed.turn_id], now))
            if deed.key is not None:
                taken[storable(deed.key)] = _content(deed)
    if rows:
        session.execute(insert(EventRow), rows)
        changed(session, [places[row["turn_id"]].session_id for row in rows])
    return receipts


def _judged(deed: Deed, places: Mapping[str, _Place], taken: Mapping[str, _Content], now: datetime) -> Receipt:
    """What becomes of a deed, given the turns that exist and the keys that are taken."""
    if deed.turn_id not in places:
        return Receipt("rejected", UnknownId("turn", deed.turn_id))
    fault = _fault(deed, now)
    if fault is not None:
        return Receipt("rejected", fault)
    before = taken.get(storable(deed.key)) if deed.key is not None else None
    if before is None:
        return Receipt("recorded")
    if before == _content(deed):
        return Receipt("repeated")
    return Receipt("rejected", BadDeed("key", f"the key {deed.key!r} names another event already: give each its own"))


def _fault(deed: Deed, now: datetime) -> BadDeed | None:
    if deed.kind not in get_args(EventKind):
        return BadDeed("kind", f"no such event: {deed.kind!r} (click, cart, purchase or dwell)")
    if (deed.kind == "dwell") != (deed.dwell_ms is not None):
        return BadDeed("dwell_ms", "a dwell, and nothing else, says for how many ms")
    if deed.amount_minor is not None and deed.currency is None:
        return BadDeed("currency", "an amount needs its currency")
    if deed.happened_at is None or now - LATE <= deed.happened_at <= now + AHEAD:
        return None
    return BadDeed("happened_at", f"must lie within the last {LATE.days} days: {deed.happened_at.isoformat()}")


def _taken(session: Session, keys: set[str]) -> dict[str, _Content]:
    """What the keys that are taken name; until the transaction ends nobody else takes one."""
    if not keys:
        return {}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    columns = (getattr(EventRow, name) for name in _Content._fields)
    found = session.execute(select(EventRow.key, *columns).where(EventRow.key.in_(keys)))
    return {row[0]: _Content(*row[1:]) for row in found}


def _places(session: Session, turn_ids: Iterable[str]) -> dict[str, _Place]:
    found = (
        select(TurnRow.id, TurnRow.session_id, SessionRow.mark)
        .join(SessionRow, SessionRow.id == TurnRow.session_id)
        .where(TurnRow.id.in_(list(turn_ids)))
    )
    return {row.id: _Place(row.session_id, row.mark) for row in session.execute(found)}


def _content(deed: Deed) -> _Content:
    return _Content(
        deed.turn_id, storable(deed.product_id), deed.kind, deed.quantity, deed.amount_minor, deed.currency, deed.dwell_ms
    )  # fmt: skip


def _row(deed: Deed, place: _Place, now: datetime) -> dict[str, Any]:
    """The deed's row. In a conversation that is no shopper's nothing is a shopper's deed."""
    values = dict(zip(deed.__slots__, astuple(deed), strict=True))
    return values | {"mark": deed.mark or place.mark, "at": now}
