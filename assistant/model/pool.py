"""Several servers of one model behind the engine's seam, and a local engine for when none of them answers.

A server that fails is set aside and asked in the background, at growing intervals, whether it is there again; so calls
never wait for one that is known to be away. A prompt is asked again elsewhere only before its first piece of text.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from assistant.errors import ModelError, ServerAway
from assistant.model.fallback import Background, Fallback, in_thread
from assistant.model.request import Engine, GenerationRequest, Message, ModelIdentity

ATTEMPTS = 2
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0

_log = structlog.get_logger()


class Server(Engine, Protocol):
    """An engine that may be away; `generate` then raises ServerAway."""

    def is_there(self) -> bool:
        """Say whether it is there and well."""
        ...


@dataclass(eq=False, slots=True)
class _Member:
    """A server and how it fares: `due` is when to ask whether it is back, None while it is in use."""

    server: Server
    under_way: int = 0
    failures: int = 0  # since it last said a word
    due: float | None = None
    reason: str = ""


class ServerPool:
    """Asks the server with the fewest generations under way, the first named of equals.

    Its identity names all servers; `request.usage.answered_by` names the one that answered, or the fallback.
    """

    constrains = False

    def __init__(
        self,
        servers: Sequence[Server],
        fallback: Fallback | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        background: Background = in_thread,
    ) -> None:
        first = servers[0].identity
        self.identity = ModelIdentity(first.name, first.quantisation, ", ".join(s.identity.revision for s in servers))
        self._members = [_Member(server) for server in servers]
        self._fallback = fallback
        self._clock = clock
        self._background = background
        self._changed = threading.Condition()
        self._watching = False
        self._closed = False

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces from a healthy server, else from the fallback. Raises ModelError where nobody answers."""
        tried: list[_Member] = []
        while (member := self._take(tried)) is not None:
            tried.append(member)
            spoken = False
            try:
                for piece in member.server.generate(messages, self._share(request, tried)):
                    if not spoken:
                        spoken, member.failures = True, 0
                        request.usage.answered_by = member.server.identity
                    yield piece
                return
            except ServerAway as error:
                self._set_aside(member, error)
                if spoken or request.cancelled.is_set():
                    raise
            finally:
                self._leave(member)
        yield from self._locally(messages, request, tried)

    def check(self) -> None:
        """Ask each server whose pause is over whether it is there again."""
        with self._changed:
            now = self._clock()
            due = [member for member in self._members if member.due is not None and member.due <= now]
        for member in due:
            back = member.server.is_there()
            with self._changed:
                if not back:
                    member.failures += 1
                member.due = None if back else self._clock() + _pause_s(member)
            if back:
                _log.info("a model server is back", server=member.server.identity.revision)

    def warm(self, system_texts: Sequence[str]) -> None:
        """Warm the servers, and the fallback as soon as it is loaded."""
        for member in self._members:
            member.server.warm(system_texts)
        if self._fallback is not None:
            self._fallback.warm(system_texts)

    def close(self) -> None:
        """Close every connection, end the checks and free the fallback."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for member in self._members:
            member.server.close()
        if self._fallback is not None:
            self._fallback.close()

    def _take(self, tried: Sequence[_Member]) -> _Member | None:
        with self._changed:
            free = [member for member in self._members if member.due is None and member not in tried]
            if self._closed or not free or len(tried) == ATTEMPTS:
                return None
            chosen = min(free, key=lambda member: member.under_way)
            chosen.under_way += 1
            return chosen

    def _leave(self, member: _Member) -> None:
        with self._changed:
            member.under_way -= 1

    def _share(self, request: GenerationRequest, tried: Sequence[_Member]) -> GenerationRequest:
        """The first of several to be asked has half the time to say a word, so that another still has the rest."""
        last = len(tried) == ATTEMPTS or (len(self._members) == 1 and self._fallback is None)
        return request if last else replace(request, stall_timeout_s=request.stall_timeout_s / 2)

    def _set_aside(self, member: _Member, error: ServerAway) -> None:
        with self._changed:
            if member.due is None:  # else another call that was under way there came first
                member.failures += 1
            pause_s = max(error.retry_after_s, _pause_s(member))
            member.due = max(member.due or 0.0, self._clock() + pause_s)
            member.reason = str(error)
            starts = not (self._watching or self._closed)
            self._watching = self._watching or starts
            self._changed.notify_all()
        _log.warning("a model server is set aside", reason=member.reason, seconds=round(pause_s, 1))
        if starts:
            self._background(self._watch)

    def _watch(self) -> None:
        """Check until no server is set aside."""
        while True:
            with self._changed:
                due = [member.due for member in self._members if member.due is not None]
                if self._closed or not due:
                    self._watching = False
                    return
                wait_s = min(due) - self._clock()
                if wait_s > 0:
                    self._changed.wait(wait_s)
                    continue
            self.check()

    def _locally(
        self, messages: Sequence[Message], request: GenerationRequest, tried: Sequence[_Member]
    ) -> Iterator[str]:
        engine = self._fallback.engine if self._fallback is not None else None
        if engine is None:
            reasons = [member.reason for member in self._members if member.due is not None or member in tried]
            reasons += [self._fallback.state] if self._fallback is not None else []
            raise ModelError("no model can be asked: " + ("; ".join(reasons) or "the servers are closed"))
        for piece in engine.generate(messages, request):
            request.usage.answered_by = engine.identity
            yield piece


def _pause_s(member: _Member) -> float:
    return float(min(FIRST_PAUSE_S * 2 ** min(member.failures - 1, 10), LONGEST_PAUSE_S))
