"""The log of everything that happened: append-only, one commit a call.

Invariant: a row is committed before anybody is told that it is, and is never changed or removed; a correction is a
new row. What the shopper said is written before anything is shown, impressions before the slate is, the reply before
the turn is called done. Knows products by their ids only. What shoppers let us remember (`memory`) is no part of the log.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.cart import CartChange
from assistant.errors import UnknownId
from assistant.record import carts, codec, gaps, ratings, tickets, together
from assistant.record.agents import Agents
from assistant.record.changes import changed
from assistant.record.database import open_database, writing
from assistant.record.desk import log
from assistant.record.desk.desk import Desk
from assistant.record.events import Deed, EventKind, Events, Outcome, Receipt
from assistant.record.memory import Memory
from assistant.record.tables import (
    FailureRow,
    ImpressionRow,
    ReplyRow,
    SessionRow,
    TurnRow,
    VersionsRow,
)
from assistant.record.turns import impression_rows, reply_row, turn_of, versions_row
from assistant.types import Handoff, Slate, TicketDraft, Turn, Utterance
from catalog import Locale


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class OpenTurn:
    """A turn whose message is committed and whose reply is not; `number` counts a session's turns from 1.

    `live` where a person of the shop has the conversation: the message is theirs to answer, and the assistant is silent.
    """

    turn_id: str
    session_id: str
    number: int
    live: Handoff | None = None


class Record:
    """Writes and reads the record of one database (SQLite or PostgreSQL by its URL); safe to share between threads."""

    def __init__(self, url: str, *, clock: Callable[[], datetime] = _now) -> None:
        """Open the database, bringing it to the newest schema; SetupError where that fails."""
        self._engine = open_database(url)
        self._insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        self._clock = clock
        self._memory = Memory(self._engine, clock)
        self._desk = Desk(self._engine, clock)
        self._agents = Agents(self._engine, clock)
        self._events = Events(self._engine, clock)

    @property
    def engine(self) -> Engine:
        """The database, for those who read or write tables of their own."""
        return self._engine

    @property
    def memory(self) -> Memory:
        """What is remembered of shoppers who agreed to it."""
        return self._memory

    @property
    def desk(self) -> Desk:
        """What people of the shop are asked and say."""
        return self._desk

    @property
    def agents(self) -> Agents:
        """The people of the shop."""
        return self._agents

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def open_turn(self, utterance: Utterance, locale: Locale, *, session_id: str | None) -> OpenTurn:
        """Commit what the shopper said or edited; without `session_id` in a new session, with a wrong one UnknownId.

        Where people of the shop have the session or are to, the same commit makes it a message to them.
        """
        now, turn_id = self._clock(), uuid4().hex
        told, live = False, None
        with self._writing() as session:
            if session_id is None:
                session_id, number = uuid4().hex, 1
                session.add(_session_row(session_id, locale, utterance.shopper_id, utterance.mark, now))
                session.flush()
            else:
                number = _next_number(session, session_id)
            session.add(
                TurnRow(
                    id=turn_id,
                    session_id=session_id,
                    number=number,
                    message=utterance.message,
                    locale=locale,
                    origin="said" if utterance.need is None else "edited",
                    need=None if utterance.need is None else codec.need_to_json(utterance.need),
                    started_at=now,
                )
            )
            if number > 1:
                session.flush()
                told, live = log.heard(session, session_id, turn_id, utterance.message, now)
            changed(session, [session_id])
        self._tell(told)
        return OpenTurn(turn_id, session_id, number, live)

    def show(self, turn_id: str, slate: Slate) -> None:
        """Commit the impressions of a slate that is about to be shown; a refined slate adds its new products."""
        now = self._clock()
        with self._writing() as session:
            session_id = _session_of(session, turn_id)
            if rows := impression_rows(turn_id, slate, now):
                session.execute(self._insert(ImpressionRow).on_conflict_do_nothing(), rows)
                changed(session, [session_id])

    def close_turn(self, turn: Turn) -> None:
        """Commit the reply, and a failure where the turn had one; a turn closes once (ValueError after that)."""
        now = self._clock()
        with self._writing() as session:
            session_id = _session_of(session, turn.id, lock=True)
            if session.get(ReplyRow, turn.id) is not None:
                raise ValueError(f"turn {turn.id!r} is already closed: a correction is a new turn")
            versions = versions_row(turn.versions)
            session.execute(self._insert(VersionsRow).on_conflict_do_nothing(), versions)
            session.add(reply_row(turn, versions["id"], now))
            gaps.add(session, turn, now)
            if turn.failure is not None:
                session.add(FailureRow(turn_id=turn.id, stage="turn", error=turn.failure, at=now))
            changed(session, [session_id])

    def fail(self, turn_id: str, stage: str, error: str) -> None:
        """Commit that a stage of a turn went wrong."""
        now = self._clock()
        with self._writing() as session:
            session_id = _session_of(session, turn_id)
            session.add(FailureRow(turn_id=turn_id, stage=stage, error=error, at=now))
            changed(session, [session_id])

    def rate(
        self,
        turn_id: str,
        kind: ratings.RatingKind,
        value: str | int,
        reasons: Sequence[str] = (),
        mark: str | None = None,
    ) -> bool:
        """Commit a rating, thumb up or down, stars or csat 1 to 5, nps 0 to 10, comment any text, and say that it is kept.

        A shopper's conversation keeps none of whoever is marked as no shopper: it would count as the shopper's own.
        """
        with self._writing() as session:
            if mark is not None and ratings.is_shoppers(session, turn_id):
                return False
            told = ratings.rate(session, turn_id, kind, value, reasons, now=self._clock())
        self._tell(told)
        return True

    def event(self, turn_id: str, product_id: str, kind: EventKind) -> None:
        """Commit what the shopper did with a product; whether the product exists is the caller's to know."""
        self.happened(Deed(turn_id, product_id, kind))

    def happened(self, deed: Deed) -> Outcome:
        """Commit a deed unless its key is known; UnknownId for its turn, BadDeed (a ValueError) for what cannot be."""
        (receipt,) = self._events.record([deed])
        if receipt.fault is not None:
            raise receipt.fault
        return receipt.outcome

    def events(self, deeds: Sequence[Deed]) -> tuple[Receipt, ...]:
        """Commit deeds together, each told what became of it; the good ones are kept whatever the others are."""
        return self._events.record(deeds)

    def seen(self, turn_id: str, seen: Iterable[tuple[str, int]]) -> int:
        """Commit which products of a turn were really seen, for how many ms; how many are new. Raises UnknownId."""
        return self._events.see(turn_id, dict(seen))

    def open_session(self, locale: Locale, shopper_id: str | None = None, mark: str | None = None) -> str:
        """Commit a session in which nothing has been said yet, and give its id: a cart may come before any word."""
        session_id = uuid4().hex
        with self._writing() as session:
            session.add(_session_row(session_id, locale, shopper_id, mark, self._clock()))
        return session_id

    def change_cart(self, session_id: str, changes: Sequence[CartChange], turn_id: str | None = None) -> None:
        """Commit what was done to a session's cart, all of it or nothing; UnknownId for a session or turn."""
        now = self._clock()
        with self._writing() as session:
            _require_session(session, session_id)
            if turn_id is not None:
                _session_of(session, turn_id)
            carts.add(session, session_id, turn_id, changes, now)

    def cart_changes(self, session_id: str) -> tuple[CartChange, ...]:
        """What was done to a session's cart, oldest first; UnknownId where there is no such session."""
        with Session(self._engine) as session:
            _require_session(session, session_id)
            return carts.read(session, session_id)

    def turns(self, session_id: str, products: codec.Products) -> tuple[Turn, ...]:
        """Every turn of a session, oldest first; UnknownId where there is no such session.

        `products` finds a product by id: what it no longer knows is left off the slates. A turn that was opened and
        never closed has an empty reply and the failure "interrupted".
        """
        return self._read(session_id, None, products)

    def recent(self, session_id: str, limit: int, products: codec.Products) -> tuple[Turn, ...]:
        """The last `limit` turns of a session, oldest first; otherwise like `turns`."""
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        return self._read(session_id, limit, products)

    def bought_with(self, product_id: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Products put in the cart or bought in the same sessions as this one, with how many sessions; the most first.

        Only what several shoppers put together is told.
        """
        with Session(self._engine) as session:
            return together.bought_with(session, product_id, limit)

    def open_ticket(self, turn_id: str, draft: TicketDraft) -> Handoff:
        """Commit what the shop is asked in a turn; the same asked twice in a session is one ticket. Raises UnknownId."""
        now = self._clock()
        with self._writing() as session:
            handoff = tickets.opened(session, turn_id, draft, now)
            changed(session, [_session_of(session, turn_id)])
        self._tell(True)
        return handoff

    def tickets(self) -> list[tickets.Ticket]:
        """What waits for the people of the shop, oldest first."""
        with Session(self._engine) as session:
            return tickets.listed(session)

    def _read(self, session_id: str, limit: int | None, products: codec.Products) -> tuple[Turn, ...]:
        newest_first = (
            select(TurnRow, ReplyRow, VersionsRow)
            .outerjoin(ReplyRow, ReplyRow.turn_id == TurnRow.id)
            .outerjoin(VersionsRow, VersionsRow.id == ReplyRow.versions_id)
            .where(TurnRow.session_id == session_id)
            .order_by(TurnRow.number.desc())
            .limit(limit)
        )
        with Session(self._engine) as session:
            rows = session.execute(newest_first).all()
            handed = tickets.handoffs(session, [row[0].id for row in rows])
            if not rows:
                _require_session(session, session_id)
        return tuple(
            replace(turn_of(said, reply, versions, products), handoff=handed.get(said.id))
            for said, reply, versions in reversed(rows)
        )

    def _tell(self, told: bool) -> None:
        if told:
            self._desk.signal.tell()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        """One transaction that writes: committed when the block ends, rolled back when it raises."""
        with Session(writing(self._engine)) as session, session.begin():
            yield session


def _next_number(session: Session, session_id: str) -> int:
    # The row lock keeps two turns of one session from taking the same number (SQLite has one writer anyway).
    # It is one that rows which refer to the session do not wait for: else the desk's could, and this one for them.
    if session.get(SessionRow, session_id, with_for_update={"key_share": True}) is None:
        raise UnknownId("session", session_id)
    return (session.scalar(select(func.max(TurnRow.number)).where(TurnRow.session_id == session_id)) or 0) + 1


def _require_session(session: Session, session_id: str) -> None:
    if session.get(SessionRow, session_id) is None:
        raise UnknownId("session", session_id)


def _session_of(session: Session, turn_id: str, *, lock: bool = False) -> str:
    """The session of a turn. Raises UnknownId."""
    found = select(TurnRow.session_id).where(TurnRow.id == turn_id)
    session_id = session.scalar(found.with_for_update(key_share=True) if lock else found)
    if session_id is None:
        raise UnknownId("turn", turn_id)
    return session_id


def _session_row(id: str, locale: Locale, shopper_id: str | None, mark: str | None, now: datetime) -> SessionRow:
    return SessionRow(id=id, shopper_id=shopper_id, locale=locale, mark=mark, started_at=now)
