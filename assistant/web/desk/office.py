"""What all routes of the desk share, and what is known only now: who looks at which ticket, and who has just typed."""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import HTTPException

from assistant.record.agents import Agent
from assistant.web.desk.parts import DeskParts, Names
from assistant.web.desk.relay import Passing, Relay
from assistant.web.desk.signed import Who
from assistant.web.shop import Shop

TYPING_S = 2.0  # that somebody types is told at most this often
_KEYS = 10_000  # of whom it is remembered when they typed last


class Pace:
    """Lets each key through once in so many seconds; safe between threads, and never grows beyond bounds."""

    def __init__(self, every_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._passed: OrderedDict[str, float] = OrderedDict()  # the oldest first

    def lets(self, key: str) -> bool:
        """Whether it is time for `key` again."""
        with self._lock:
            now = self._clock()
            while self._passed and now >= next(iter(self._passed.values())) + self._every_s:
                self._passed.popitem(last=False)
            if key in self._passed or len(self._passed) >= _KEYS:
                return False
            self._passed[key] = now
            return True


class Presence:
    """Which ticket each agent looks at, as long as their desk is open; each change is told to all desks."""

    def __init__(self, tell: Callable[[Passing], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._desks: Counter[str] = Counter()
        self._agents: dict[str, Agent] = {}
        self._at: dict[str, str] = {}

    def arrive(self, agent: Agent) -> None:
        """The agent's desk has opened, once more where they have several."""
        with self._lock:
            self._desks[agent.id] += 1
            self._agents[agent.id] = agent
        self._told(self._at.get(agent.id))

    def leave(self, agent: Agent) -> None:
        """One of the agent's desks is closed."""
        left = None
        with self._lock:
            self._desks[agent.id] -= 1
            if not self._desks[agent.id]:
                del self._desks[agent.id], self._agents[agent.id]
                left = self._at.pop(agent.id, None)
        self._told(left)

    def look(self, agent: Agent, ticket_id: str) -> None:
        """The agent looks at a ticket now."""
        with self._lock:
            if not self._desks[agent.id]:
                del self._desks[agent.id]
                return
            before = self._at.get(agent.id)
            self._at[agent.id] = ticket_id
        if before != ticket_id:
            self._told(before)
            self._told(ticket_id)

    def now(self) -> list[Passing]:
        """Who looks at what."""
        with self._lock:
            tickets = set(self._at.values())
        return [self._of(ticket_id) for ticket_id in sorted(tickets)]

    def _told(self, ticket_id: str | None) -> None:
        if ticket_id is not None:
            self._tell(self._of(ticket_id))

    def _of(self, ticket_id: str) -> Passing:
        with self._lock:
            there = [self._agents[id] for id, at in self._at.items() if at == ticket_id]
        agents = [{"id": agent.id, "name": agent.name} for agent in there]
        return Passing("presence", {"ticket_id": ticket_id, "agents": agents})


@dataclass(frozen=True)
class Office:
    """One desk's parts as its routes use them."""

    shop: Shop
    parts: DeskParts
    who: Who
    relay: Relay
    presence: Presence
    typing: Pace = field(default_factory=lambda: Pace(TYPING_S))

    def names(self) -> Names:
        """What agents are called, those who left too."""
        return {agent.id: agent.name for agent in self.parts.agents.all()}


def missing(what: str) -> HTTPException:
    """503 for a part that this desk is without."""
    return HTTPException(503, f"this desk has no {what}", {"Retry-After": "3600"})
