"""What people of the shop answer often, shown to leads and owners, who put it into the FAQ or turn it away."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Response

from assistant.record.agents import Agent
from assistant.service.faq import Suggestion
from assistant.service.faq_file import section
from assistant.web.desk.forms import EntryForm
from assistant.web.desk.office import Office, missing
from assistant.web.desk.parts import Json, Often
from assistant.web.wire import Id


def faq_routes(router: APIRouter, office: Office) -> None:
    """Routes of suggestions for the FAQ."""
    Signed = Annotated[Agent, Depends(office.who)]

    @router.get("/faq", summary="What was answered alike three times or more, as far as it is found: for leads")
    def suggestions(agent: Signed, response: Response) -> Json:
        response.headers["Cache-Control"] = "no-store"
        found = _often(office).look(agent)
        if found.failed:
            raise HTTPException(
                503, "what is answered often could not be looked through: try again", {"Retry-After": "5"}
            )
        return {"looking": found.looking, "suggestions": [_show(one) for one in found.suggestions]}

    @router.post("/faq/{suggestion_id}/add", status_code=201, summary="Put it into the shop's FAQ: for owners")
    def add(suggestion_id: Id, body: EntryForm, agent: Signed) -> Json:
        return {"file": _often(office).add(agent, suggestion_id, body.question, body.answer).name}

    @router.post("/faq/{suggestion_id}/hide", status_code=204, summary="Never suggest it again: for leads")
    def hide(suggestion_id: Id, agent: Signed) -> None:
        _often(office).hide(agent, suggestion_id)


def _often(office: Office) -> Often:
    if office.parts.often is None:
        raise missing("look at what is answered often")
    return office.parts.often


def _show(one: Suggestion) -> Json:
    return {
        "id": one.id,
        "language": one.locale,
        "question": one.question,
        "answer": one.answer,
        "count": one.count,
        "tickets": list(one.cases),
        "markdown": section(one.question, one.answer),
    }
