"""The page behind a link to a survey: one question that can be answered days later, without the chat."""

import json
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.errors import UnknownId
from assistant.record.surveys import Offer
from assistant.settings import Settings
from assistant.web.opening import accent_css
from assistant.web.shop import Shop
from assistant.web.survey import Json, asking, show_offer
from assistant.web.text import TEXTS
from assistant.web.wire import Id
from catalog import Locale

_STATIC = Path(__file__).parent / "static"
_STYLES = ("tokens", "controls", "rating", "rate/rate")
_MODULES = ("dom", "memory", "survey", "theme", "words", "rate/rate")
_OURS = ("rate_", "star", "face_", "answer_", "not_now", "not_recorded", "not_counted", "send_reasons")
_SHARED = ("language", "other_language", "to_dark", "to_light", "thanks")


def rate_page(shop: Shop) -> APIRouter:
    """The page that links to surveys lead to."""
    router = APIRouter()

    @router.get("/rate/{token}", include_in_schema=False)
    def rate(token: Id, request: Request) -> Response:
        try:
            offer = asking(shop, token).offer(token)
        except UnknownId:
            return _page(shop.settings, {"state": "unknown"}, asked_in(request), 404)
        if offer.over:
            return _page(shop.settings, {"state": "over"}, offer.locale, 410)
        return _page(shop.settings, {"state": "open", "offer": show_offer(offer), "value": offer.value}, offer.locale)

    return router


def link_to(offer: Offer, base: str) -> str:
    """The address at which an offer can be answered; `base` is the shop's, or empty."""
    return f"{base.rstrip('/')}/rate/{offer.id}"


def _page(settings: Settings, data: Json, locale: Locale, status: int = 200) -> Response:
    texts = {one: {key: said for key, said in words.items() if _is_ours(key)} for one, words in TEXTS.items()}
    told = {"texts": texts, "locale": locale, "logo": settings.logo is not None, **data}
    document = (
        (_STATIC / "rate" / "rate.html")
        .read_text("utf-8")
        .replace("@name@", escape(settings.shop_name))
        .replace("@head@", _head(settings))
        .replace("@data@", json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))
    )
    return HTMLResponse(document, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _is_ours(key: str) -> bool:
    return key.startswith(_OURS) or key in _SHARED


def _head(settings: Settings) -> str:
    links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES)
    scripts = "".join(f'<link rel="modulepreload" href="/page/{name}.js">' for name in _MODULES)
    icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
    boot = '<script type="module" src="/page/rate/rate.js"></script>'
    return f"{icon}{links}<style>{accent_css(settings.accent)}</style>{scripts}{boot}"


def asked_in(request: Request) -> Locale:
    """The language that a browser asks for."""
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"
