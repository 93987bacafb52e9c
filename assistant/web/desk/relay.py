"""Carries the desk's events from the database to whoever listens, on any event loop: one reader, however many listeners.

What is lasting is read from the log by its ids, at once where this process wrote it and within two seconds where
another did; what passes (typing, presence, places in the queue) is told to who listens just then. A listener that does
not keep up is dropped: it comes back with the last id that it has heard.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from assistant.record.desk.desk import PAGE, Desk
from assistant.record.desk.types import DeskEvent, DeskEventKind

POLL_S = 2.0
BEAT_S = 15.0
_BACKLOG = 2_000  # what a listener may be behind
_READERS = 4  # threads that read the log for listeners at once
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Passing:
    """Something that is true only now. Without `session_id` it is for the desk alone."""

    kind: str
    data: Mapping[str, Any]
    session_id: str | None = None
    to_desk: bool = True


News = DeskEvent | Passing


@dataclass(eq=False, slots=True)
class Listener:
    """Somebody who hears of one session, or as the desk of all; lives on the loop that it was made on."""

    session_id: str | None
    loop: asyncio.AbstractEventLoop
    waiting: deque[News] = field(default_factory=deque)
    more: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: bool = False
    gone: bool = False

    def concerns(self, one: News) -> bool:
        """Whether it is for this listener."""
        if self.session_id is None:
            return isinstance(one, DeskEvent) or one.to_desk
        return one.session_id == self.session_id

    def put(self, news: Sequence[News]) -> bool:
        """Hand over what concerns it, from any thread; false where its loop is gone."""
        mine = [one for one in news if self.concerns(one)]
        try:
            if mine:
                self.loop.call_soon_threadsafe(self._take, mine)
        except RuntimeError:
            return False
        return True

    def _take(self, news: Sequence[News]) -> None:
        self.waiting.extend(news)
        if len(self.waiting) > _BACKLOG:
            self.dropped = True
            self.waiting.clear()
        self.more.set()


class Relay:
    """One process's way from the log to its listeners. Its thread runs while anybody listens.

    `also` is asked after each portion of the log what else is to be told.
    """

    def __init__(self, desk: Desk, also: Callable[[Sequence[DeskEvent]], Sequence[Passing]] | None = None) -> None:
        self._desk = desk
        self._also = also
        self._change = threading.Condition()
        self._listeners: list[Listener] = []
        self._reader: threading.Thread | None = None
        self._grown = False
        self._last = 0
        self._readers = ThreadPoolExecutor(_READERS, "desk reader")
        desk.signal.listen(self._wake)

    def listening(self, session_id: str | None = None) -> int:
        """How many listen, to one session or as desks."""
        with self._change:
            return sum(one.session_id == session_id for one in self._listeners)

    def tell(self, one: Passing) -> None:
        """Tell something that passes to who listens now."""
        with self._change:
            listeners = list(self._listeners)
        self._hand(listeners, [one])

    async def news(
        self, session_id: str | None, after: int | None, kinds: Sequence[DeskEventKind] = (), beat_s: float = BEAT_S
    ) -> AsyncGenerator[News | None]:
        """All lasting news after an id (None: from now on) in their order, each once, and what passes meanwhile.

        None comes first, and whenever nothing else has come for a while. Ends where the listener is dropped.
        """
        listener = Listener(session_id, asyncio.get_running_loop())
        try:
            now = await self._read(partial(self._join, listener))
            yield None
            last = now if after is None else after
            while page := await self._read(partial(self._desk.events, last, session_id=session_id, kinds=kinds)):
                for event in page:
                    last = event.id
                    yield event
                if len(page) < PAGE:
                    break
            while not listener.dropped:
                while listener.waiting and not listener.dropped:
                    one = listener.waiting.popleft()
                    if isinstance(one, DeskEvent):
                        if one.id <= last or (kinds and one.kind not in kinds):
                            continue
                        last = one.id
                    yield one
                listener.more.clear()
                if not await _comes(listener.more, beat_s):
                    yield None
        finally:
            self._leave(listener)

    async def _read(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def _join(self, listener: Listener) -> int:
        """From now on the listener is told what comes after the id that this gives."""
        with self._change:
            if self._reader is None:
                self._last = self._desk.last_event()
                self._reader = threading.Thread(target=self._run, name="desk relay", daemon=True)
                self._reader.start()
            if not listener.gone:
                self._listeners.append(listener)
            return self._last

    def _leave(self, listener: Listener) -> None:
        with self._change:
            listener.gone = True
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners:
                self._change.notify_all()

    def _wake(self) -> None:
        with self._change:
            self._grown = True
            self._change.notify_all()

    def _run(self) -> None:
        while True:
            with self._change:
                if not self._grown:
                    self._change.wait(POLL_S)
                self._grown = False
                if not self._listeners:
                    self._reader = None
                    return
            try:
                while self._pass_on() == PAGE:
                    pass
                self._desk.wake()
            except Exception:  # the database may be away for a while: what is not read is read later
                _log.exception("the desk's log could not be read")
                time.sleep(POLL_S)

    def _pass_on(self) -> int:
        events = self._desk.events(self._last)
        if not events:
            return 0
        also = self._also(events) if self._also else ()
        with self._change:
            self._last = events[-1].id
            listeners = list(self._listeners)
        self._hand(listeners, [*events, *also])
        return len(events)

    def _hand(self, listeners: Sequence[Listener], news: Sequence[News]) -> None:
        for listener in listeners:
            if not listener.put(news):
                self._leave(listener)


async def _comes(event: asyncio.Event, timeout_s: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return False
    return True
