"""A turn, which is a synchronous generator, followed from the event loop. Leaving the loop early closes the turn."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from typing import Protocol, cast

import anyio
from anyio.to_thread import run_sync

from assistant.types import Event, QueuedEvent


class _Closable(Protocol):
    def close(self) -> None: ...


async def follow(
    turn: Iterator[Event], limiter: anyio.CapacityLimiter, beat_s: float = 10.0
) -> AsyncGenerator[Event | None]:
    """The events of `turn` as they come, and None whenever `beat_s` passed without one.

    A place in the queue that is still the same is told again after `beat_s` only.

    Each step runs in a thread of `limiter`, so that waiting turns never starve the pages. Cancelling or closing this
    generator closes `turn` as soon as its current step is over, which frees whatever the turn holds.
    """
    step: asyncio.Future[Event | None] | None = None
    told: Event | None = None
    told_at = 0.0
    try:
        while True:
            step = asyncio.ensure_future(run_sync(next, turn, None, limiter=limiter))
            while not (await asyncio.wait({step}, timeout=beat_s))[0]:
                yield None
            event = step.result()
            if event is None:
                return
            if isinstance(event, QueuedEvent) and event == told and time.monotonic() < told_at + beat_s:
                continue
            told, told_at = event, time.monotonic()
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            if step is not None and not step.done():
                await asyncio.wait({step})
            if hasattr(turn, "close"):
                await run_sync(cast(_Closable, turn).close)
