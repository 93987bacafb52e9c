"""What the desk answers where something is not allowed, or has been changed by somebody else meanwhile."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from assistant.errors import Conflict, NotAllowed
from assistant.record.agents import Agents, TooManySignIns
from assistant.record.desk.types import TicketChanged, Unseen
from assistant.service import Refused
from assistant.service.faq_file import NotAdded
from assistant.service.wording import refused_words
from assistant.web.desk.show import show_item, show_ticket
from catalog import Locale

_STATUS = {"not_found": 404, "forbidden": 403, "limit": 403}


def desk_faults(app: FastAPI, agents: Agents) -> None:
    """Answers for the desk's errors: 403, 404, 409 with what was not seen, 429."""

    def names() -> dict[str, str]:
        return {agent.id: agent.name for agent in agents.all()}

    @app.exception_handler(NotAllowed)
    def not_allowed(request: Request, error: NotAllowed) -> Response:
        return JSONResponse({"detail": str(error)}, 403)

    @app.exception_handler(TooManySignIns)
    def too_many(request: Request, error: TooManySignIns) -> Response:
        return JSONResponse({"detail": str(error)}, 429, {"Retry-After": str(error.retry_after_s)})

    @app.exception_handler(TicketChanged)
    def changed(request: Request, error: TicketChanged) -> Response:
        return JSONResponse({"detail": str(error), "ticket": show_ticket(error.state, names())}, 409)

    @app.exception_handler(Unseen)
    def unseen(request: Request, error: Unseen) -> Response:
        called = names()
        return JSONResponse({"detail": str(error), "unseen": [show_item(one, called) for one in error.events]}, 409)

    @app.exception_handler(NotAdded)
    def not_added(request: Request, error: NotAdded) -> Response:
        return JSONResponse({"detail": str(error), "fault": error.fault, "file": str(error.file)}, 409)

    @app.exception_handler(Conflict)
    def conflict(request: Request, error: Conflict) -> Response:
        return JSONResponse({"detail": str(error)}, 409)

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        locale: Locale = "zh" if request.headers.get("accept-language", "").startswith("zh") else "en"
        words = refused_words(error, getattr(request.state, "deed", ""), locale)
        return JSONResponse({"detail": words, "code": error.code}, _STATUS.get(error.code, 409))
