"""What is said at a ticket: messages to the shopper, notes, drafts and what became of them, translations, macros."""

from functools import partial
from typing import Annotated

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from assistant.record.agents import Agent
from assistant.record.desk.types import Macro, Written
from assistant.web.desk.forms import DraftForm, MacrosForm, MessageForm, NoteForm, TranslateForm
from assistant.web.desk.office import Office, missing
from assistant.web.desk.parts import Json
from assistant.web.desk.relay import Passing
from assistant.web.desk.show import show_item
from assistant.web.wire import Id
from catalog import Locale

_WRITERS = 2  # drafts and translations that the model is asked for at once
_MESSAGES = 500  # of a session that a draft is made from


def talk_routes(router: APIRouter, office: Office) -> None:
    """Routes of words."""
    limiter = anyio.CapacityLimiter(_WRITERS)
    _saying(router, office)
    _drafting(router, office, limiter)
    _helping(router, office, limiter)


def _saying(router: APIRouter, office: Office) -> None:
    desk = office.parts.desk
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/tickets/{ticket_id}/messages", status_code=201, summary="Write to the shopper")
    def message(ticket_id: Id, body: MessageForm, agent: Signed) -> Response:
        written = desk.say(agent, ticket_id, body.text, body.key, body.seen, anyway=body.anyway)
        desk.look(agent, ticket_id, written.event.id)
        return _answered(written, office)

    @router.post("/tickets/{ticket_id}/notes", status_code=201, summary="Write a note that the shopper never sees")
    def note(ticket_id: Id, body: NoteForm, agent: Signed) -> Response:
        return _answered(desk.note(agent, ticket_id, body.text, body.key), office)

    @router.post("/tickets/{ticket_id}/typing", status_code=204, summary="Say that one is writing")
    def typing(ticket_id: Id, agent: Signed) -> None:
        state = desk.ticket(ticket_id)
        if not office.typing.lets(f"{agent.id}/{ticket_id}"):
            return
        who = {"ticket_id": ticket_id, "author": "agent", "name": agent.name, "agent_id": agent.id}
        office.relay.tell(Passing("typing", who))
        if state.live:
            told = {"ticket_id": ticket_id, "name": agent.name}
            office.relay.tell(Passing("typing", told, state.session_id, to_desk=False))


def _answered(written: Written, office: Office) -> Response:
    return JSONResponse(show_item(written.event, office.names()), 201 if written.new else 200)


def _drafting(router: APIRouter, office: Office, limiter: anyio.CapacityLimiter) -> None:
    desk = office.parts.desk
    Signed = Annotated[Agent, Depends(office.who)]

    @router.get("/tickets/{ticket_id}/draft", summary="An answer as it could be given, with what it rests on")
    async def draft(ticket_id: Id, agent: Signed, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        return await run_sync(partial(_drafted, office, agent, ticket_id), limiter=limiter)

    @router.post("/tickets/{ticket_id}/draft", status_code=201, summary="Say what became of a draft")
    def outcome(ticket_id: Id, body: DraftForm, agent: Signed) -> dict[str, bool]:
        desk.draft(agent, ticket_id, body.id, body.outcome, body.text)
        return {"recorded": True}


def _drafted(office: Office, agent: Agent, ticket_id: str) -> Json:
    """A draft in the shopper's language, recorded as shown; no text where there is none."""
    desk, drafts = office.parts.desk, office.parts.drafts
    state = desk.ticket(ticket_id)
    locale: Locale = "zh" if state.language == "zh" else "en"
    if drafts is None:
        return {"text": ""}
    turns = office.shop.assistant.turns(state.session_id)
    messages = desk.events(0, limit=_MESSAGES, session_id=state.session_id, kinds=("message",))
    made = drafts.draft(state, turns, messages, locale)
    if made is None or not made.text:
        return {"text": ""}
    desk.draft(agent, ticket_id, made.id, "shown", made.text)
    sources = [{"text": one.text, "source": one.source} for one in made.sources]
    return {"id": made.id, "text": made.text, "sources": sources, "confidence": made.confidence, "language": locale}


def _helping(router: APIRouter, office: Office, limiter: anyio.CapacityLimiter) -> None:
    desk = office.parts.desk
    Signed = Annotated[Agent, Depends(office.who)]

    @router.post("/translate", summary="Say words in another language")
    async def translated(body: TranslateForm, agent: Signed) -> Json:
        translate = office.parts.translate
        if translate is None:
            raise missing("model that translates")
        text = await run_sync(partial(translate, body.text, "zh" if body.to == "zh" else "en"), limiter=limiter)
        if text is None:
            raise missing("faithful translation of this")
        return {"text": text}

    @router.get("/macros", summary="The texts that are at hand")
    def macros(agent: Signed) -> Json:
        return {"macros": [{"name": one.name, "text": one.text} for one in desk.macros()]}

    @router.put("/macros", summary="Keep the texts that are at hand, all of them: for leads")
    def keep(body: MacrosForm, agent: Signed) -> Json:
        desk.keep_macros(agent, [Macro(one.name, one.text) for one in body.macros])
        return {"macros": [{"name": one.name, "text": one.text} for one in body.macros]}
