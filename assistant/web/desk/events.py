"""The desk's line: every event as it is committed, and what passes, to each agent whose desk is open."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.errors import Busy
from assistant.record.agents import Agent
from assistant.web.desk.office import Office
from assistant.web.desk.relay import Passing
from assistant.web.desk.show import show_news
from assistant.web.desk.signed import found
from assistant.web.sse import After, LastHeard, first_to_tell, line, streamed

DESKS = 200  # that may be open at once
_LATER_S = 10


def event_routes(router: APIRouter, office: Office) -> None:
    """The route of events."""
    Signed = Annotated[Agent, Depends(office.who)]

    @router.get("/events", summary="Everything that happens at the desk, as it happens")
    async def events(
        agent: Signed, request: Request, after: After = None, last_event_id: LastHeard = None
    ) -> StreamingResponse:
        if office.relay.listening() >= DESKS:
            raise Busy(_LATER_S)
        return streamed(_lines(office, agent, request, first_to_tell(after, last_event_id)))


async def _lines(office: Office, agent: Agent, request: Request, after: int | None) -> AsyncGenerator[str | None]:
    """Ends where the agent is signed out or shut out meanwhile."""
    names = await run_in_threadpool(office.names)
    office.presence.arrive(agent)
    try:
        async with contextlib.aclosing(office.relay.news(None, after)) as news:
            for one in office.presence.now():
                yield line(one.kind, one.data)
            async for told in news:
                if told is None:
                    if await run_in_threadpool(found, office.parts.agents, request) is None:
                        return
                    yield None
                elif isinstance(told, Passing):
                    yield line(told.kind, told.data)
                else:
                    yield line(told.kind, show_news(told, names), told.id)
    finally:
        office.presence.leave(agent)
