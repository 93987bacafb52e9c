"""Server-sent events as text: what is lasting with its id, so that a browser which comes back says what it has heard."""

import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

from fastapi import Header, Query
from fastapi.responses import StreamingResponse

After = Annotated[int | None, Query(ge=0, le=2**53, description="tell what comes after the event of this id")]
LastHeard = Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)]
_RETRY_MS = 1_000


def first_to_tell(after: int | None, last_heard: str | None) -> int | None:
    """After which event to go on: the last that the browser heard, else what it asked for."""
    if last_heard and last_heard.isascii() and last_heard.isdigit():
        return int(last_heard)
    return after


def line(name: str, data: Any, id: int | None = None) -> str:
    """One event."""
    numbered = "" if id is None else f"id: {id}\n"
    return f"{numbered}event: {name}\ndata: {json.dumps(data)}\n\n"


async def _kept(lines: AsyncGenerator[str | None]) -> AsyncIterator[str]:
    yield f"retry: {_RETRY_MS}\n\n"
    async with contextlib.aclosing(lines):
        async for one in lines:
            yield ": still here\n\n" if one is None else one


def streamed(lines: AsyncGenerator[str | None]) -> StreamingResponse:
    """The lines as they come; a comment for each None keeps proxies from hanging up."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_kept(lines), media_type="text/event-stream", headers=headers)
