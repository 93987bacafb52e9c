"""Follows what is written, text by text, for whoever makes something of it: each batch once, by whoever comes first.

What is made of a batch and how far it was read are one transaction, so that nothing is done twice or left out after a
crash. Another `version` follows from the beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import Engine, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.insight.opinions.reading import Text
from assistant.insight.opinions.sources import Mark, Reads
from assistant.record.database import writing
from assistant.record.insight_tables import MarkRow

_BATCH = 200
_LOOKED_AT = 20_000  # texts just before the mark that are remembered as read

Write = Callable[[Session], int]
"""Commits what was made of a batch; how much that was."""


@dataclass(frozen=True, slots=True)
class Found:
    """Texts of one source; `last` where it has no more for now."""

    texts: tuple[Text, ...]
    last: bool


Work = Callable[[Reads, Found], Write]
"""What is made of texts, outside of any transaction; it gives what is to be written in one."""


class Following:
    """One follower of several sources, known by its name."""

    def __init__(
        self, engine: Engine, name: str, version: Callable[[], str], sources: Sequence[Reads],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._engine = engine
        self._name = name
        self._version = version
        self._sources = tuple(sources)
        self._clock = clock
        self._looked_at: dict[tuple[str, str], bool] = {}

    def follow(self, work: Work, limit_s: float) -> int:
        """Hand on what is new, for about so long; how much was made of it."""
        until, made = monotonic() + limit_s, 0
        for reads in self._sources:
            more = True
            while more and monotonic() < until:
                count, more = self._step(reads, work)
                made += count
        return made

    def restart(self) -> None:
        """Follow from the beginning."""
        with Session(writing(self._engine)) as session, session.begin():
            session.execute(delete(MarkRow).where(MarkRow.name.in_([self._of(reads) for reads in self._sources])))
        self._looked_at.clear()

    def behind(self) -> bool:
        """Whether there is something that was not read yet."""
        with Session(self._engine) as session:
            return any(reads.after(session, self._mark(session, reads), 1).texts for reads in self._sources)

    def _step(self, reads: Reads, work: Work) -> tuple[int, bool]:
        """One batch of a source; what was made of it, and whether there is more."""
        with Session(self._engine) as session:
            before = self._mark(session, reads)
            batch = reads.after(session, before, _BATCH)
            late = () if batch.more else self._unseen(reads.late(session, before))
        texts = tuple({text.id: text for text in (*late, *batch.texts)}.values())
        if not texts and batch.mark == before:
            return 0, False
        write = work(reads, Found(texts, not batch.more))
        with Session(writing(self._engine)) as session, session.begin():
            self._lock(session, reads)
            if self._mark(session, reads) != before:
                return 0, True  # somebody else has read them meanwhile
            made = write(session)
            row = session.get_one(MarkRow, self._of(reads))
            row.mark, row.at = {"version": self._version(), "read": dict(batch.mark)}, self._clock()
        self._remember(texts)
        return made, batch.more

    def _mark(self, session: Session, reads: Reads) -> Mark:
        row = session.get(MarkRow, self._of(reads))
        if row is None or row.mark.get("version") != self._version():
            return {}
        mark: Mark = row.mark["read"]
        return mark

    def _lock(self, session: Session, reads: Reads) -> None:
        """One writer of a source at a time."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        made = dialect.insert(MarkRow).values(name=self._of(reads), mark={}, at=self._clock())
        session.execute(made.on_conflict_do_nothing())
        session.get(MarkRow, self._of(reads), with_for_update=True)

    def _of(self, reads: Reads) -> str:
        return f"{self._name}:{reads.source}"

    def _unseen(self, texts: Sequence[Text]) -> tuple[Text, ...]:
        return tuple(text for text in texts if not self._looked_at.get((text.source, text.id)))

    def _remember(self, texts: Sequence[Text]) -> None:
        self._looked_at |= {(text.source, text.id): text.settled for text in texts}
        for key in list(self._looked_at)[: max(0, len(self._looked_at) - _LOOKED_AT)]:
            del self._looked_at[key]
