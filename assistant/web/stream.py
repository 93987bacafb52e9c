"""A turn, which is a synchronous generator, followed from the event loop. Leaving the loop early closes the turn."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import Protocol, cast

import anyio
from anyio.to_thread import run_sync

from assistant.types import Event


class _Closable(Protocol):
    def close(self) -> None: ...


async def follow(
    turn: Iterator[Event], limiter: anyio.CapacityLimiter, beat_s: float = 10.0
) -> AsyncGenerator[Event | None]:
    """The events of `turn` as they come, and None whenever `beat_s` passed without one.

    Each step runs in a thread of `limiter`, so that waiting turns never starve the pages. Cancelling or closing this
    generator closes `turn` as soon as its current step is over, which frees whatever the turn holds.
    """
    step: asyncio.Future[Event | None] | None = None
    try:
        while True:
            step = asyncio.ensure_future(run_sync(next, turn, None, limiter=limiter))
            while not (await asyncio.wait({step}, timeout=beat_s))[0]:
                yield None
            event = step.result()
            if event is None:
                return
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            if step is not None and not step.done():
                await asyncio.wait({step})
            if hasattr(turn, "close"):
                await run_sync(cast(_Closable, turn).close)
