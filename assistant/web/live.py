"""The shopper's line: what people of the shop say and do in a session, to whoever knows its id. Never notes or drafts."""

import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from assistant.errors import Busy
from assistant.record.desk.types import TOLD, DeskEvent
from assistant.web.desk.forms import SeenForm
from assistant.web.desk.office import Office
from assistant.web.desk.parts import DeskParts
from assistant.web.desk.relay import Passing
from assistant.web.desk.show import moment
from assistant.web.sse import After, LastHeard, first_to_tell, line, streamed
from assistant.web.wire import Id

PAGES = 8  # of one session that may listen at once
_LATER_S = 10
_MOVES = ("opened", "asked", "reopened", "claimed", "assigned", "transferred", "released", "closed", "handed_back")
_NAMES = {"assigned": "claimed", "transferred": "claimed"}

Json = dict[str, Any]
Receipts = Annotated[
    bool,
    Query(description="whether the page itself says what it has shown, by POST …/shown; else what is told is shown"),
]


def live_routes(office: Office) -> APIRouter:
    """Routes of a session that people of the shop may come into."""
    router = APIRouter(prefix="/api/v1/sessions/{session_id}")
    desk = office.parts.desk

    @router.get("/events", summary="What people of the shop say in a conversation, as it happens")
    async def events(
        session_id: Id, after: After = None, last_event_id: LastHeard = None, receipts: Receipts = False
    ) -> StreamingResponse:
        await run_in_threadpool(desk.conversation, session_id)
        if office.relay.listening(session_id) >= PAGES:
            raise Busy(_LATER_S)
        return streamed(_lines(office, session_id, first_to_tell(after, last_event_id) or 0, receipts))

    @router.post(
        "/shown", status_code=204, summary="Say up to which event the page has shown, so that it is not mailed"
    )
    def shown(session_id: Id, body: SeenForm) -> None:
        desk.mails.shown(session_id, body.event_id)

    @router.post("/typing", status_code=204, summary="Say that the shopper is writing")
    def typing(session_id: Id) -> None:
        state = desk.conversation(session_id)
        if state is not None and office.typing.lets(session_id):
            told = {"ticket_id": state.ticket_id, "author": "shopper", "name": "", "agent_id": None}
            office.relay.tell(Passing("typing", told))

    return router


async def _lines(office: Office, session_id: str, after: int, receipts: bool) -> AsyncGenerator[str | None]:
    async with contextlib.aclosing(office.relay.news(session_id, after, TOLD)) as news:
        first = True
        async for told in news:
            if told is None:
                yield None
                if first:
                    for one in await run_in_threadpool(partial(waits, office.parts, {session_id})):
                        yield line(one.kind, one.data)
            elif isinstance(told, Passing):
                yield line(told.kind, told.data)
            elif told.author == "agent":  # what the shopper wrote is in the turns
                yield line(_NAMES.get(told.kind, told.kind), show_told(told), told.id)
                if told.kind in ("message", "closed") and not receipts:
                    await run_in_threadpool(office.parts.desk.mails.shown, session_id, told.id)
            first = False


def show_told(event: DeskEvent) -> Json:
    """What a shopper reads of an event: who of the shop, and what they said to the shopper."""
    told = {"ticket_id": event.ticket_id, "turn_id": event.turn_id, "at": moment(event.at)}
    data = event.data
    if event.kind == "message":
        return told | {"name": data["name"], "text": data["text"]}
    return told | {"name": data.get("to_name") or data.get("name", "")}


def moved(parts: DeskParts) -> Callable[[Sequence[DeskEvent]], Sequence[Passing]]:
    """Tells who waits which place they have, once the queue has moved."""

    def also(events: Sequence[DeskEvent]) -> Sequence[Passing]:
        return waits(parts) if any(event.kind in _MOVES for event in events) else ()

    return also


def waits(parts: DeskParts, sessions: set[str] | None = None) -> list[Passing]:
    """The place in the queue, from 1, of each session that waits for a person, and when people are there again."""
    opens_at = parts.opens_at() if parts.opens_at else None
    queue = parts.desk.queue()
    return [
        Passing(
            "waiting",
            {"ticket_id": state.ticket_id, "place": place, "opens_at": moment(opens_at)},
            state.session_id,
            to_desk=False,
        )
        for place, state in enumerate(queue, start=1)
        if sessions is None or state.session_id in sessions
    ]
