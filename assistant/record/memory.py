"""What is remembered of shoppers who agreed to it. The one part of the record whose rows change and are deleted.

A shopper's id is the only key to what is remembered: it must be too long to guess, and nothing here lists ids.
Invariant: no fact is stored of a shopper who has not agreed, and withdrawing deletes them all in the same commit.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import uuid4

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.record import codec
from assistant.record.database import writing
from assistant.record.tables import ConsentRow, FactRow, SessionRow, TurnRow
from catalog import Constraint

FactKind = Literal["size", "like", "dislike", "budget", "bought"]
Source = Literal["said", "chosen", "purchase"]

ID_CHARS = 16  # at least: a shorter id could be guessed, and is nobody's
FACTS_MOST = 100  # of one shopper; beyond it the oldest goes
_ONE_EACH = ("size", "budget")  # a new one takes the place of the old one about the same kind of product
_OPPOSITE = {"like": "dislike", "dislike": "like"}


@dataclass(frozen=True, slots=True)
class Consent:
    """Whether a shopper agrees to be remembered, and since when that is so."""

    agreed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about a shopper, with the turn and the words that it was learnt from.

    `about` is the category it concerns, "" where none is meant; `certain` tells that the shopper said so outright or
    chose it in two conversations: until then it is kept and shown, and used for nothing.
    """

    kind: FactKind
    constraint: Constraint
    source: Source
    words: str
    turn_id: str
    session_id: str
    about: str = ""
    certain: bool = False
    id: str = ""
    at: datetime | None = None
    used_at: datetime | None = None


class Memory:
    """Consents and facts of one record's database; safe to share between threads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def consent(self, shopper_id: str | None) -> Consent | None:
        """What the shopper decided last; None for an id that is unknown or too short to be one."""
        if shopper_id is None or len(shopper_id) < ID_CHARS:
            return None
        with Session(self._engine) as session:
            row = session.get(ConsentRow, shopper_id)
            return Consent(row.agreed, row.at) if row else None

    def decide(self, shopper_id: str, agreed: bool) -> Consent:
        """Commit that the shopper agrees, or withdraws and is forgotten. ValueError where the id is too short."""
        if len(shopper_id) < ID_CHARS:
            raise ValueError(f"a shopper's id must have {ID_CHARS} characters at least")
        now = self._clock()
        with self._writing() as session:
            row = session.get(ConsentRow, shopper_id, with_for_update=True)
            if row is None:
                row = ConsentRow(shopper_id=shopper_id, agreed=agreed, at=now)
                session.add(row)
            elif row.agreed != agreed:
                row.agreed, row.at = agreed, now
            if not agreed:
                session.execute(delete(FactRow).where(FactRow.shopper_id == shopper_id))
            return Consent(row.agreed, row.at)

    def facts(self, shopper_id: str | None) -> tuple[Fact, ...]:
        """All that is remembered of one shopper, oldest first."""
        if shopper_id is None or len(shopper_id) < ID_CHARS:
            return ()
        with Session(self._engine) as session:
            return tuple(_fact(row) for row in session.scalars(_of(shopper_id)))

    def keep(self, shopper_id: str, fact: Fact) -> bool:
        """Commit a fact of a shopper who agreed; whether it is certain now and was not before.

        What was seen before only in another conversation becomes certain. A certain size or budget takes the place of
        the one about the same category, a like that of the dislike of the same.
        """
        with self._writing() as session:
            consent = session.get(ConsentRow, shopper_id, with_for_update=True)
            if consent is None or not consent.agreed:
                return False
            rows = list(session.scalars(_of(shopper_id)))
            same = next((row for row in rows if _is_same(_fact(row), fact)), None)
            known = same is not None and same.certain
            certain = fact.certain or known or (same is not None and same.session_id != fact.session_id)
            if same is None:
                session.add(_row(shopper_id, fact, self._clock()))
            elif fact.certain or not known:
                same.certain, same.source, same.words, same.at = certain, fact.source, fact.words, self._clock()
                same.turn_id, same.session_id = fact.turn_id, fact.session_id
            gone = [row for row in rows if row is not same and certain and _gives_way(_fact(row), fact)]
            left = [row for row in rows if row is not same and row not in gone]
            for row in (*gone, *left[: max(len(left) + 1 - FACTS_MOST, 0)]):
                session.delete(row)
            return certain and not known

    def use(self, ids: Collection[str]) -> None:
        """Commit that facts have just been used."""
        with self._writing() as session:
            session.execute(update(FactRow).where(FactRow.id.in_(ids)).values(used_at=self._clock()))

    def forget(self, shopper_id: str, ids: Collection[str]) -> int:
        """Delete some facts of this shopper, and say how many there were."""
        with self._writing() as session:
            mine = FactRow.shopper_id == shopper_id, FactRow.id.in_(ids)
            return len(session.scalars(delete(FactRow).where(*mine).returning(FactRow.id)).all())

    def erase(self, shopper_id: str) -> None:
        """Delete everything here about the shopper, the consent too. UnknownId where there is nothing."""
        with self._writing() as session:
            row = session.get(ConsentRow, shopper_id, with_for_update=True) if len(shopper_id) >= ID_CHARS else None
            if row is None:
                raise UnknownId("shopper", shopper_id)
            session.execute(delete(FactRow).where(FactRow.shopper_id == shopper_id))
            session.delete(row)

    def session_of(self, turn_id: str) -> tuple[str, str | None]:
        """The session that a turn belongs to, and the shopper whom it was opened with. Raises UnknownId."""
        with Session(self._engine) as session:
            found = select(SessionRow.id, SessionRow.shopper_id).join(TurnRow, TurnRow.session_id == SessionRow.id)
            row = session.execute(found.where(TurnRow.id == turn_id)).first()
        if row is None:
            raise UnknownId("turn", turn_id)
        return row[0], row[1]

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(writing(self._engine)) as session, session.begin():
            yield session


def _of(shopper_id: str):  # type: ignore[no-untyped-def]
    return select(FactRow).where(FactRow.shopper_id == shopper_id).order_by(FactRow.at, FactRow.id)


def _is_same(one: Fact, other: Fact) -> bool:
    return (one.kind, one.constraint, one.about) == (other.kind, other.constraint, other.about)


def _gives_way(old: Fact, new: Fact) -> bool:
    """Whether `old` no longer holds once `new` is certain."""
    if old.kind == new.kind:
        return old.kind in _ONE_EACH and old.about == new.about
    return old.kind == _OPPOSITE.get(new.kind) and bool(_values(old.constraint) & _values(new.constraint))


def _values(constraint: Constraint) -> set[str]:
    value = constraint.value
    return set(value) if isinstance(value, tuple) else {str(value)}


def _row(shopper_id: str, fact: Fact, now: datetime) -> FactRow:
    return FactRow(
        id=uuid4().hex, shopper_id=shopper_id, kind=fact.kind, wish=codec.constraint_to_json(fact.constraint),
        about=fact.about, source=fact.source, words=fact.words, turn_id=fact.turn_id, session_id=fact.session_id,
        certain=fact.certain, at=now, used_at=None,
    )  # fmt: skip


def _fact(row: FactRow) -> Fact:
    return Fact(
        cast(FactKind, row.kind), codec.constraint_from_json(row.wish), cast(Source, row.source), row.words,
        row.turn_id, row.session_id, row.about, row.certain, row.id, row.at, row.used_at,
    )  # fmt: skip
