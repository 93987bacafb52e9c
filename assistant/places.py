"""Who talks to the model now, who waits and who is told to come back later: first come, first served.

A turn takes a place for as long as it lasts and waits only when it wants the model, which it then keeps to its end.
Everything is held under one lock; nothing here grows beyond the places there are.
"""

import math
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from prometheus_client import Counter, Gauge, Histogram

from assistant.errors import Busy, ModelStalled
from assistant.types import QueuedEvent

FIRST_GUESS_S = 6.0  # how long a turn is taken to keep the model before any has
_REMEMBERED = 32  # turns: as many as say how long it takes at present
_SHORTEST_S, _LONGEST_S = 1, 120
_TICK_S = 0.25  # how soon a waiting turn that is left is noticed

_RUNNING = Gauge("aisle_turns_running", "Turns that are being answered")
_WAITING = Gauge("aisle_turns_waiting", "Turns whose shelf is out and that wait for the model")
_REFUSED = Counter("aisle_turns_refused", "Turns that were told to come back later")
_QUEUED_S = Histogram(
    "aisle_queue_seconds",
    "How long turns that asked for the model waited for it",
    buckets=(0.1, 1, 2, 5, 10, 20, 40, 60),
)


@dataclass(eq=False, slots=True)
class Place:
    """One turn's place; `waited_s` is None until the turn has wanted the model and stopped waiting for it."""

    asked_at: float | None = None
    held_since: float | None = None
    waited_s: float | None = None
    come: threading.Event = field(default_factory=threading.Event)


class Places:
    """`chats` turns may hold the model at once, `queue` more may be under way. Safe to share between threads."""

    def __init__(self, chats: int, queue: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._chats = chats
        self._limit = chats + queue
        self._clock = clock
        self._lock = threading.RLock()  # the garbage collector may end a forgotten turn while it is held
        self._taken = 0
        self._holding = 0
        self._waiting: deque[Place] = deque()
        self._held_s: deque[float] = deque([FIRST_GUESS_S], maxlen=_REMEMBERED)

    @contextmanager
    def taken(self) -> Iterator[Place]:
        """A place for one turn. Raises Busy, with when those who are here now will be done, where there is none."""
        with self._lock:
            if self._taken == self._limit:
                _REFUSED.inc()
                raise Busy(self._expected_s(self._limit - self._chats + 1))
            self._taken += 1
            _RUNNING.inc()
        place = Place()
        try:
            yield place
        finally:
            with self._lock:
                self._withdraw(place)
                self._taken -= 1
                _RUNNING.dec()

    def wait(self, place: Place, until: float) -> Iterator[QueuedEvent]:
        """Wait for the model: where in the queue the place is, several times a second, and place 0 once it has come.

        Yields nothing where there is no wait. Raises ModelStalled as soon as the model cannot be expected by `until`,
        on the clock.
        """
        with self._lock:
            if place.asked_at is not None:
                return
            place.asked_at = self._clock()
            self._waiting.append(place)
            _WAITING.inc()
            _RUNNING.dec()
            self._serve()
        number = 0
        while ahead := self._where(place):
            number, expected_s = ahead.place, ahead.expected_s
            if self._clock() + expected_s > until:
                with self._lock:
                    self._withdraw(place)
                raise ModelStalled(f"the model is not free within the turn's time: {number} in the queue")
            yield ahead
            place.come.wait(_TICK_S)
        if number:
            yield QueuedEvent(0, 0)

    def _where(self, place: Place) -> QueuedEvent | None:
        with self._lock:
            if place not in self._waiting:
                return None
            number = self._waiting.index(place) + 1
            return QueuedEvent(number, self._expected_s(number))

    def _expected_s(self, number: int) -> int:
        """Seconds until the `number`th in the queue is served: of `chats` turns side by side one ends that much sooner."""
        expected = statistics.median(list(self._held_s)) * number / self._chats
        return min(max(math.ceil(expected), _SHORTEST_S), _LONGEST_S)

    def _serve(self) -> None:
        while self._waiting and self._holding < self._chats:
            place = self._waiting.popleft()
            self._holding += 1
            place.held_since = self._stop_waiting(place)
            place.come.set()

    def _withdraw(self, place: Place) -> None:
        if place in self._waiting:
            self._waiting.remove(place)
            self._stop_waiting(place)
        if place.held_since is not None:
            self._holding -= 1
            self._held_s.append(self._clock() - place.held_since)
            place.held_since = None
        self._serve()

    def _stop_waiting(self, place: Place) -> float:
        now = self._clock()
        place.waited_s = now - (now if place.asked_at is None else place.asked_at)
        _QUEUED_S.observe(place.waited_s)
        _WAITING.dec()
        _RUNNING.inc()
        return now
