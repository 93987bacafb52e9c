"""Transactions that append to the desk's log, and the signal that goes out after each of their commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assistant.record.database import writing
from assistant.record.desk.log import lock


class Signal:
    """Tells whoever listens in this process that the log has grown; what it says is read from the log itself."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every commit from now on, in the thread that committed: it must be quick."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """Say that there is more."""
        for listener in self._listeners:
            listener()


@dataclass(frozen=True, slots=True)
class LogWriter:
    """Whoever writes the log of one database."""

    engine: Engine
    clock: Callable[[], datetime]
    signal: Signal = field(default_factory=Signal)

    @contextmanager
    def appending(self) -> Iterator[Session]:
        """One transaction in which nobody else appends; told once it is committed."""
        with Session(writing(self.engine)) as session, session.begin():
            lock(session)
            yield session
        self.signal.tell()

    @contextmanager
    def beside(self) -> Iterator[Session]:
        """One transaction that writes something beside the log."""
        with Session(writing(self.engine)) as session, session.begin():
            yield session
