"""The pages behind the links of a mail: the conversation where it was, and no more mails about it.

Programs that check mails open every link: opening one changes nothing.
"""

import json
from collections.abc import Callable
from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.errors import UnknownId
from assistant.record.desk.desk import Desk
from assistant.record.desk.types import TicketState
from assistant.settings import Settings
from assistant.web.opening import accent_css
from assistant.web.rate_page import asked_in
from assistant.web.shop import Shop
from assistant.web.tokens import LINK_DAYS, LinkOver
from assistant.web.wire import Id
from catalog import Locale

_STATIC = Path(__file__).parent / "static"
_STYLES = ("tokens", "controls", "rate/rate")
_TEXTS: dict[str, tuple[str, str]] = {
    "opening": ("Your conversation is opening", "正在打开您的对话"),
    "opening_not": (
        "If it does not open, your browser keeps nothing of this page or runs no scripts: please allow both.",
        "如果没有打开，说明浏览器没有为本页面保存数据或运行脚本，请允许后再试。",
    ),
    "over": ("This link no longer works", "这个链接已经失效"),
    "over_why": (
        "It was good for {days} days. You can always write to us in the chat.",
        "链接的有效期为 {days} 天。您随时可以在对话里联系我们。",
    ),
    "unknown": ("There is no conversation here", "这里没有对话"),
    "unknown_why": (
        "The link may have been cut off. Please copy it in full from the e-mail.",
        "链接可能不完整，请从邮件里完整复制一次。",
    ),
    "stop": ("No more e-mails about this conversation?", "不再接收关于这段对话的邮件？"),
    "stop_why": (
        "Further answers from {shop} will be in the conversation only.",
        "之后 {shop} 的回复只会显示在对话里。",
    ),
    "stop_go": ("Stop these e-mails", "停止接收"),
    "stopped": ("You get no more e-mails about this conversation", "您不会再收到关于这段对话的邮件"),
    "to_shop": ("To the shop", "去店铺"),
}


def link_to(settings: Settings, path: str, token: Callable[[str], str]) -> Callable[[str], str]:
    """Makes the links of tickets to one of these pages."""
    base = settings.public_url.rstrip("/")
    return lambda ticket_id: f"{base}/{path}/{token(ticket_id)}"


def mail_pages(shop: Shop, desk: Desk) -> APIRouter:
    """The pages that links in mails lead to."""
    router = APIRouter(include_in_schema=False)
    pages = _Pages(shop.settings)

    def ticket_of(ticket_id: str | None) -> TicketState | None:
        try:
            return desk.ticket(ticket_id) if ticket_id else None
        except UnknownId:
            return None

    @router.get("/continue/{token}")
    def opened(token: Id, request: Request) -> Response:
        try:
            ticket = ticket_of(shop.links.opened(token))
        except LinkOver:
            return pages.told("over", asked_in(request), 410)
        return pages.opening(ticket) if ticket else pages.told("unknown", asked_in(request), 404)

    @router.get("/no-mail/{token}")
    def stopping(token: Id, request: Request) -> Response:
        ticket = ticket_of(shop.links.stopped(token))
        if ticket is None:
            return pages.told("unknown", asked_in(request), 404)
        if desk.mails.stopped(ticket.session_id):
            return pages.told("stopped", _locale(ticket))
        return pages.asking(_locale(ticket))

    @router.post("/no-mail/{token}")  # by the button, or by the mail program's own (RFC 8058)
    def stopped(token: Id, request: Request) -> Response:
        ticket = ticket_of(shop.links.stopped(token))
        if ticket is None:
            return pages.told("unknown", asked_in(request), 404)
        desk.mails.stop(ticket.ticket_id)
        return pages.told("stopped", _locale(ticket))

    return router


class _Pages:
    """The pages of one shop, each a heading, a line and one way on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def told(self, state: str, locale: Locale, status: int = 200) -> Response:
        """What has become of a link."""
        why = f"<p>{self._say(f'{state}_why', locale)}</p>" if f"{state}_why" in _TEXTS else ""
        onwards = f'<a class="button" href="/">{self._say("to_shop", locale)}</a>'
        return self._page(f"<h1>{self._say(state, locale)}</h1>{why}{onwards}", locale, status)

    def opening(self, ticket: TicketState) -> Response:
        """The page that hands a conversation to its browser and makes way for it."""
        locale = _locale(ticket)
        data = json.dumps({"session": ticket.session_id}).replace("<", "\\u003c")
        script = '<script type="module" src="/page/mail/continue.js"></script>'
        words = f"<h1>{self._say('opening', locale)}</h1><p>{self._say('opening_not', locale)}</p>"
        return self._page(f'{words}<script type="application/json" id="aisle-data">{data}</script>{script}', locale)

    def asking(self, locale: Locale) -> Response:
        """The one button that stops mails about a conversation."""
        button = f'<button class="button primary">{self._say("stop_go", locale)}</button>'
        words = f"<h1>{self._say('stop', locale)}</h1><p>{self._say('stop_why', locale)}</p>"
        return self._page(f'{words}<form method="post">{button}</form>', locale)

    def _say(self, key: str, locale: Locale) -> str:
        text = _TEXTS[key][locale == "zh"]
        return escape(text.format(days=LINK_DAYS, shop=self._settings.shop_name))

    def _page(self, main: str, locale: Locale, status: int = 200) -> Response:
        settings = self._settings
        links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES)
        icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
        parts = {
            "@lang@": "zh-CN" if locale == "zh" else "en-US",
            "@head@": f"{icon}{links}<style>{accent_css(settings.accent)}</style>",
            "@logo@": '<img src="/logo" alt="" width="28" height="28">' if settings.logo else "",
            "@main@": main,
            "@name@": escape(settings.shop_name),
        }
        document = (_STATIC / "mail" / "mail.html").read_text("utf-8")
        for mark, text in parts.items():
            document = document.replace(mark, text)
        return HTMLResponse(document, status, {"Cache-Control": "no-store"})


def _locale(ticket: TicketState) -> Locale:
    return "zh" if ticket.language == "zh" else "en"
