"""Keeps the figures right: what changed in the log is counted anew, in the same transaction in which it is ticked off.

Any number of keepers may work on one database, and may be killed at any moment. What a conversation added before is
taken out and what it adds now is put in, so that events may come late, and again.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, func, select, text, tuple_, update

from assistant.errors import Conflict
from assistant.insight import sums
from assistant.insight.facts import add_facts
from assistant.insight.traits import add_traits
from assistant.record.database import writing
from assistant.record.figure_tables import (
    ChangeRow,
    FactsRow,
    GroupRow,
    ItemRow,
    MembershipRow,
    PositionRow,
    ProductRow,
    StateRow,
)
from assistant.record.insight_tables import TraitsRow
from assistant.record.tables import SessionRow

_LOCK = 0x6169736C66  # any constant: it names the advisory lock that keepers of this database take
_BATCH = 500  # conversations that are counted in one transaction
_PAUSE_S = 0.05  # between two at least, so that who waits to write to SQLite gets a turn
_PAUSE = 0.25  # of the time that the one before took
_GROWN = 4  # times as many conversations as when statistics were gathered: gather them again
_F, _G = FactsRow, GroupRow


class Keeper:
    """Counts; any number of keepers may work on one database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def catch_up(self, limit_s: float = 5.0) -> int:
        """Count what changed, for about `limit_s`, at least one batch; how many conversations were counted."""
        started, counted = time.monotonic(), 0
        while self._waiting():
            begun = time.monotonic()
            counted += self._count_changes()
            if time.monotonic() - started >= limit_s:
                break
            if self._waiting():
                self._pause(begun)
        return counted

    def behind(self) -> int:
        """How many changes wait."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(ChangeRow)) or 0

    def rebuild(self, progress: Callable[[int], None] = lambda counted: None) -> int:
        """Count everything anew; how many conversations. Readers see the old figures until the new ones are whole.

        What happens meanwhile is counted in both. Of two at once the later wins; the earlier ends with Conflict.
        """
        building, counted, gathered, last = self._begin(), 0, 0, None
        while session_ids := self._sessions(last):
            begun = time.monotonic()
            with self._counting() as connection:
                self._require(connection, building)
                _recount(connection, building, [id for id, _ in session_ids])
            counted += len(session_ids)
            last = session_ids[-1]
            if counted >= _GROWN * gathered:
                self._gather_statistics()
                gathered = counted
            progress(counted)
            self._pause(begun)
        with self._counting() as connection:
            self._require(connection, building)
            connection.execute(update(StateRow).values(generation=building, building=None, kept_at=self._clock()))
        self._clear()
        self._gather_statistics()
        return counted

    def _waiting(self) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(select(ChangeRow.id).limit(1)) is not None

    def _count_changes(self) -> int:
        with self._counting() as connection:
            changes = connection.execute(
                select(ChangeRow.id, ChangeRow.session_id).order_by(ChangeRow.id).limit(_BATCH)
            ).all()
            session_ids = list(dict.fromkeys(change.session_id for change in changes))
            if not changes:
                return 0
            state = connection.execute(select(StateRow.generation, StateRow.building)).one()
            for generation in state:
                if generation is not None:
                    _recount(connection, generation, session_ids)
            # Just those that were read: of what is told meanwhile the counting may not have seen all.
            connection.execute(delete(ChangeRow).where(ChangeRow.id.in_([change.id for change in changes])))
            connection.execute(update(StateRow).values(kept_at=self._clock()))
        return len(session_ids)

    def _begin(self) -> int:
        """Make room for a new generation, and say that it is being built."""
        with self._counting() as connection:
            newest = connection.execute(select(StateRow.generation, StateRow.building)).one()
            building = max(generation or 0 for generation in newest) + 1
            connection.execute(update(StateRow).values(building=building))
        self._clear()
        return building

    def _require(self, connection: Connection, building: int) -> None:
        if connection.scalar(select(StateRow.building)) != building:
            raise Conflict("the figures are being rebuilt by somebody else, who began later")

    def _sessions(self, last: tuple[str, datetime] | None) -> list[tuple[str, datetime]]:
        """The next conversations in the order in which they began."""
        found = select(SessionRow.id, SessionRow.started_at).order_by(SessionRow.started_at, SessionRow.id)
        if last is not None:
            found = found.where(tuple_(SessionRow.started_at, SessionRow.id) > tuple_(last[1], last[0]))
        with self._engine.connect() as connection:
            return [(row.id, row.started_at) for row in connection.execute(found.limit(_BATCH))]

    def _clear(self) -> None:
        """Delete what is of no generation that is read or built, little by little."""
        while True:
            begun = time.monotonic()
            with self._counting() as connection:
                state = connection.execute(select(StateRow.generation, StateRow.building)).one()
                kept = [generation for generation in state if generation is not None]
                facts = connection.scalars(select(_F.id).where(_F.generation.not_in(kept)).limit(_BATCH)).all()
                groups = connection.scalars(select(_G.id).where(_G.generation.not_in(kept)).limit(_BATCH)).all()
                _delete(connection, facts, groups)
            if not facts and not groups:
                return
            self._pause(begun)

    def _gather_statistics(self) -> None:
        """Tell PostgreSQL's planner how many there are now: it looks by itself only once a minute."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for row in (FactsRow, ItemRow, MembershipRow, GroupRow, ProductRow, PositionRow):
                    connection.execute(text(f"ANALYZE {row.__tablename__}"))

    @contextmanager
    def _counting(self) -> Iterator[Connection]:
        """One transaction in which no other keeper counts."""
        with writing(self._engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                connection.execute(text("SET LOCAL jit = off"))  # compiling such statements takes longer than they do
            yield connection

    def _pause(self, begun: float) -> None:
        if self._engine.dialect.name == "sqlite":
            time.sleep(max(_PAUSE_S, _PAUSE * (time.monotonic() - begun)))


def _recount(connection: Connection, generation: int, session_ids: Sequence[str]) -> None:
    """Take out what the conversations added, and put in what the log says now."""
    old = list(connection.scalars(select(_F.id).where(_F.session_id.in_(session_ids), _F.generation == generation)))
    touched: list[int] = []
    if old:
        touched = sums.groups_of(connection, generation, session_ids)
        sums.add(connection, generation, session_ids, -1)
        _delete(connection, old, [])
    add_facts(connection, generation, session_ids)
    add_traits(connection, generation, session_ids)
    sums.join_groups(connection, generation, session_ids)
    sums.add(connection, generation, session_ids, 1)
    if touched:
        sums.drop_empty(connection, touched)


def _delete(connection: Connection, facts: Sequence[int], groups: Sequence[int]) -> None:
    if facts:
        connection.execute(delete(MembershipRow).where(MembershipRow.facts_id.in_(facts)))
        connection.execute(delete(ItemRow).where(ItemRow.facts_id.in_(facts)))
        connection.execute(delete(TraitsRow).where(TraitsRow.facts_id.in_(facts)))
        connection.execute(delete(_F).where(_F.id.in_(facts)))
    if groups:
        connection.execute(delete(ProductRow).where(ProductRow.group_id.in_(groups)))
        connection.execute(delete(PositionRow).where(PositionRow.group_id.in_(groups)))
        connection.execute(delete(_G).where(_G.id.in_(groups)))
