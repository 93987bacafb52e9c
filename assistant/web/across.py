"""What pages of the shop elsewhere may tell: events, and nothing else, from the origins that the shop names. Plain ASGI."""

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse

from assistant.web.guard import App, Receive, Scope, Send

_OURS = "/api/"
_SHARED = frozenset({"/api/v1/events", "/api/v1/events/batch"})
_A_DAY_S = 86_400


class Across:
    """Answers browsers that ask whether a page of another origin may send to our routes: else Gradio would, with yes."""

    def __init__(self, app: App, origins: str = "") -> None:
        allowed = [origin.rstrip("/") for origin in origins.split()]
        self._app = app
        self._allowed = frozenset(origin.encode() for origin in allowed)
        self._shared = CORSMiddleware(
            app,
            allow_origins=allowed, allow_methods=["POST"], allow_headers=["Content-Type"], max_age=_A_DAY_S,
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_OURS):
            await self._app(scope, receive, send)
        elif scope["path"] in _SHARED and dict(scope["headers"]).get(b"origin") in self._allowed:
            await self._shared(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)
