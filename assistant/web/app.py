"""One FastAPI application: REST routes, health, metrics, pictures and the pages, behind one guard."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import anyio
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_fastapi_instrumentator import Instrumentator
from starlette.exceptions import HTTPException as StarletteHTTPException

import catalog
from assistant.errors import Busy, UnknownId
from assistant.web.across import Across
from assistant.web.carts import cart_routes
from assistant.web.customers import customer_routes
from assistant.web.desk.mount import mount_desk
from assistant.web.desk_page import desk_document
from assistant.web.guard import Guard
from assistant.web.insights.mount import mount_insights
from assistant.web.insights_page import insights_document
from assistant.web.mail_page import mail_pages
from assistant.web.page import mount_page
from assistant.web.rate_page import rate_page
from assistant.web.rest import routes
from assistant.web.shop import Shop
from assistant.web.shoppers import shopper_routes
from assistant.web.survey import survey_routes

_STATIC = Path(__file__).parent / "static"
_PICTURES = Path(catalog.__file__).parent / "demo" / "pictures"
_UNTIMED = ("/metrics", "/page/.*", "/pictures/.*", "/desk/events", "/sessions/.*/events")
_log = logging.getLogger(__name__)


class _Fresh(StaticFiles):
    """Static files that a browser asks about each time (an unchanged one is answered 304)."""

    def file_response(self, *args, **kwargs) -> Response:  # type: ignore[no-untyped-def]
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def create_app(shop: Shop) -> FastAPI:
    """The application that serves `shop`. Starts no server and loads no model."""
    app = FastAPI(title=f"{shop.settings.shop_name} – Aisle", version="1", docs_url=None, redoc_url=None)
    limiter = anyio.CapacityLimiter(shop.settings.chats + shop.settings.queue + 1)
    for made in (cart_routes, customer_routes, shopper_routes, survey_routes, rate_page):
        app.router.routes += made(shop).routes  # include_router would make each route once more at the first request
    app.router.routes += routes(shop, limiter).routes
    if shop.desk is not None:
        mount_desk(app, shop, shop.desk)
        app.router.routes += mail_pages(shop, shop.desk.desk).routes
    if shop.insights is not None:
        mount_insights(app, shop, shop.insights)
    _health(app, shop)
    _errors(app)
    _small_pages(app, shop)
    Instrumentator(excluded_handlers=[*_UNTIMED]).instrument(app).expose(app, include_in_schema=False)
    app.mount("/page", _Fresh(directory=_STATIC))
    app.mount("/pictures", StaticFiles(directory=_PICTURES, check_dir=False))
    mount_page(app, shop, limiter)
    app.add_middleware(Across, origins=shop.settings.shop_origins)
    app.add_middleware(Guard, image_hosts=shop.settings.image_hosts)
    return app


def _health(app: FastAPI, shop: Shop) -> None:
    @app.get("/healthz", summary="Whether the process is alive")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", summary="Whether turns can be answered")
    def readyz() -> Response:
        if shop.ready():
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "opening"}, 503, {"Retry-After": "3"})


def _small_pages(app: FastAPI, shop: Shop) -> None:
    app.add_api_route("/docs", _page(_STATIC / "docs.html"), include_in_schema=False)
    inside = {"/desk": (shop.desk, desk_document), "/insights": (shop.insights, insights_document)}
    for path, (parts, document) in inside.items():
        page = _page(_STATIC / "absent.html") if parts is None else _written(partial(document, shop.settings))
        app.add_api_route(path, page, include_in_schema=False)

    @app.get("/logo", include_in_schema=False)
    def logo() -> Response:
        return FileResponse(shop.settings.logo or _STATIC / "logo.svg")


def _page(file: Path) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return FileResponse(file, media_type="text/html; charset=utf-8")

    return serve


def _written(document: Callable[[], str]) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return HTMLResponse(document(), headers={"Cache-Control": "no-store"})

    return serve


def _errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        # The input is not repeated: it may hold what cannot be encoded, such as half a surrogate pair.
        faults = [{"loc": [str(part) for part in e["loc"]], "msg": e["msg"], "type": e["type"]} for e in error.errors()]
        return JSONResponse({"detail": [_encodable(fault) for fault in faults]}, 422)

    @app.exception_handler(UnknownId)
    async def unknown(request: Request, error: UnknownId) -> Response:
        return JSONResponse({"detail": _plain(str(error))}, 404)

    @app.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> Response:
        return JSONResponse({"detail": str(error)}, 429, {"Retry-After": str(error.retry_after_s)})

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        status = {405: 404, 400: 422}.get(error.status_code, error.status_code)
        return JSONResponse({"detail": _plain(str(error.detail))}, status, error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        _log.error("unanswered %s %s", request.method, request.url.path, exc_info=error)
        return JSONResponse({"detail": "something went wrong here: try again"}, 503, {"Retry-After": "5"})


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _encodable(fault: dict[str, object]) -> dict[str, object]:
    return {
        key: [_plain(v) for v in value] if isinstance(value, list) else _plain(str(value))
        for key, value in fault.items()
    }
