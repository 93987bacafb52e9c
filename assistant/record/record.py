"""The log of everything that happened: append-only, one commit a call.

Invariant: a row is committed before anybody is told that it is, and is never changed or removed; a correction is a
new row. What the shopper said is written before anything is shown, impressions before the slate is, the reply before
the turn is called done. Knows products by their ids only. What shoppers let us remember (`memory`) is no part of the log.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import Literal, cast, get_args
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.cart import CartChange
from assistant.errors import UnknownId
from assistant.record import carts, codec, tickets, together
from assistant.record.agents import Agents
from assistant.record.database import open_database, writing
from assistant.record.desk import log
from assistant.record.desk.desk import Desk
from assistant.record.memory import Memory
from assistant.record.tables import (
    EventRow,
    FailureRow,
    ImpressionRow,
    RatingRow,
    ReplyRow,
    SessionRow,
    TurnRow,
    VersionsRow,
)
from assistant.types import Handoff, Kind, Need, Reply, Slate, TicketDraft, Turn, Utterance, Versions
from catalog import Locale

RatingKind = Literal["thumb", "stars", "csat", "comment"]
EventKind = Literal["click", "cart", "purchase"]

INTERRUPTED = "interrupted"


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
                session.add(SessionRow(id=session_id, shopper_id=utterance.shopper_id, locale=locale, started_at=now))
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
        self._tell(told)
        return OpenTurn(turn_id, session_id, number, live)

    def show(self, turn_id: str, slate: Slate) -> None:
        """Commit the impressions of a slate that is about to be shown; a refined slate adds its new products."""
        now = self._clock()
        with self._writing() as session:
            _require_turn(session, turn_id)
            rows = [
                {
                    "turn_id": turn_id,
                    "product_id": item.product.id,
                    "position": position,
                    "score": item.score,
                    "shown_at": now,
                }
                for position, item in enumerate(slate.items, start=1)
            ]
            if rows:
                session.execute(self._insert(ImpressionRow).on_conflict_do_nothing(), rows)

    def close_turn(self, turn: Turn) -> None:
        """Commit the reply, and a failure where the turn had one; a turn closes once (ValueError after that)."""
        now = self._clock()
        with self._writing() as session:
            _require_turn(session, turn.id, lock=True)
            if session.get(ReplyRow, turn.id) is not None:
                raise ValueError(f"turn {turn.id!r} is already closed: a correction is a new turn")
            versions = _versions_row(turn.versions)
            session.execute(self._insert(VersionsRow).on_conflict_do_nothing(), versions)
            session.add(_reply_row(turn, versions["id"], now))
            if turn.failure is not None:
                session.add(FailureRow(turn_id=turn.id, stage="turn", error=turn.failure, at=now))

    def fail(self, turn_id: str, stage: str, error: str) -> None:
        """Commit that a stage of a turn went wrong."""
        now = self._clock()
        with self._writing() as session:
            _require_turn(session, turn_id)
            session.add(FailureRow(turn_id=turn_id, stage=stage, error=error, at=now))

    def rate(self, turn_id: str, kind: RatingKind, value: str | int, reasons: Sequence[str] = ()) -> None:
        """Commit a shopper's rating: thumb up or down, stars or csat 1 to 5, comment any text; else ValueError."""
        number = _number(kind, value)
        now = self._clock()
        with self._writing() as session:
            _require_turn(session, turn_id)
            versions_id = session.scalar(select(ReplyRow.versions_id).where(ReplyRow.turn_id == turn_id))
            session.add(
                RatingRow(
                    turn_id=turn_id,
                    versions_id=versions_id,
                    kind=kind,
                    value=str(value),
                    number=number,
                    reasons=list(reasons),
                    at=now,
                )
            )
            told = log.rated(session, turn_id, kind, str(value), now)
        self._tell(told)

    def event(self, turn_id: str, product_id: str, kind: EventKind) -> None:
        """Commit what the shopper did with a product; whether the product exists is the caller's to know."""
        if kind not in get_args(EventKind):
            raise ValueError(f"no such event: {kind!r} (click, cart or purchase)")
        now = self._clock()
        with self._writing() as session:
            _require_turn(session, turn_id)
            session.add(EventRow(turn_id=turn_id, product_id=product_id, kind=kind, at=now))

    def open_session(self, locale: Locale, shopper_id: str | None = None) -> str:
        """Commit a session in which nothing has been said yet, and give its id: a cart may come before any word."""
        session_id = uuid4().hex
        with self._writing() as session:
            session.add(SessionRow(id=session_id, shopper_id=shopper_id, locale=locale, started_at=self._clock()))
        return session_id

    def change_cart(self, session_id: str, changes: Sequence[CartChange], turn_id: str | None = None) -> None:
        """Commit what was done to a session's cart, all of it or nothing; UnknownId for a session or turn."""
        now = self._clock()
        with self._writing() as session:
            _require_session(session, session_id)
            if turn_id is not None:
                _require_turn(session, turn_id)
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
            replace(_turn(said, reply, versions, products), handoff=handed.get(said.id))
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


def _require_turn(session: Session, turn_id: str, *, lock: bool = False) -> None:
    found = select(TurnRow.id).where(TurnRow.id == turn_id)
    if session.scalar(found.with_for_update(key_share=True) if lock else found) is None:
        raise UnknownId("turn", turn_id)


def _number(kind: RatingKind, value: str | int) -> int | None:
    if kind == "thumb" and value in ("up", "down"):
        return None
    if kind == "comment" and isinstance(value, str):
        return None
    if kind in ("stars", "csat") and isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5:
        return value
    raise ValueError(f"no such rating: {kind} {value!r} (thumb up or down, stars or csat 1 to 5, comment text)")


def _versions_row(versions: Versions) -> dict[str, str]:
    names = ("model", "quantisation", "prompt", "index", "ranker")
    values: tuple[str, ...] = astuple(versions)
    digest = hashlib.sha256(json.dumps(values).encode()).hexdigest()
    return {"id": digest, **dict(zip(names, values, strict=True))}


def _reply_row(turn: Turn, versions_id: str, now: datetime) -> ReplyRow:
    return ReplyRow(
        turn_id=turn.id,
        versions_id=versions_id,
        kind=turn.reply.kind,
        text=turn.reply.text,
        need=codec.need_to_json(turn.need),
        slate=codec.slate_to_json(turn.slate),
        evidence=[codec.evidence_to_json(one) for one in turn.evidence],
        claims=[codec.claim_to_json(one) for one in turn.reply.claims],
        quick_replies=list(turn.reply.quick_replies),
        timings_ms=turn.timings_ms,
        failure=turn.failure,
        comparison=codec.comparison_to_json(turn.comparison) if turn.comparison else None,
        question=codec.question_to_json(turn.question) if turn.question else None,
        variety=turn.variety,
        service=dict(turn.service) if turn.service else None,
        finished_at=now,
    )


def _turn(said: TurnRow, reply: ReplyRow | None, versions: VersionsRow | None, products: codec.Products) -> Turn:
    locale = cast(Locale, said.locale)
    if reply is None or versions is None:
        return _interrupted(said, locale)
    return Turn(
        id=said.id,
        session_id=said.session_id,
        message=said.message,
        locale=locale,
        need=codec.need_from_json(reply.need),
        slate=codec.slate_from_json(reply.slate, products, locale),
        reply=Reply(
            cast(Kind, reply.kind),
            reply.text,
            tuple(codec.claim_from_json(one) for one in reply.claims),
            tuple(reply.quick_replies),
        ),
        evidence=tuple(codec.evidence_from_json(one) for one in reply.evidence),
        timings_ms={stage: float(ms) for stage, ms in reply.timings_ms.items()},
        versions=Versions(versions.model, versions.quantisation, versions.prompt, versions.index, versions.ranker),
        failure=reply.failure,
        comparison=codec.comparison_from_json(reply.comparison) if reply.comparison else None,
        question=codec.question_from_json(reply.question) if reply.question else None,
        variety=reply.variety or 0.0,
        service=reply.service,
    )


def _interrupted(said: TurnRow, locale: Locale) -> Turn:
    return Turn(
        id=said.id,
        session_id=said.session_id,
        message=said.message,
        locale=locale,
        need=Need() if said.need is None else codec.need_from_json(said.need),
        slate=Slate(),
        reply=Reply("chat", ""),
        evidence=(),
        timings_ms={},
        versions=Versions("", "", "", "", ""),
        failure=INTERRUPTED,
    )
