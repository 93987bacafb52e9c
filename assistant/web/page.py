"""The shopper's page: one Gradio component that carries words in and events out; the browser's own code draws them.

Gradio's HTML templates are never given text of the catalogue: after Handlebars has escaped it, the result is evaluated
as a JavaScript template literal, so that a title holding ${…} would run. The page's scripts set it as textContent.
"""

import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import anyio
import gradio as gr
from fastapi import FastAPI
from pydantic import ValidationError

from assistant.errors import Busy, UnknownId
from assistant.settings import Settings
from assistant.types import Event
from assistant.web.calls import Calls
from assistant.web.colour import accent
from assistant.web.events import Telling
from assistant.web.rest import utterance
from assistant.web.shop import Shop
from assistant.web.stream import follow
from assistant.web.text import TEXTS
from assistant.web.wire import ChatIn

_STATIC = Path(__file__).parent / "static"
_STYLES = ("tokens.css", "layout.css", "talk.css", "shelf.css", "sheet.css")
_START = """
import("/page/shopper.js").then((page) => page.start({element, props, server, watch,
    send: (said) => trigger("send", said), halt: () => trigger("halt")}));
"""
_FAILED = "() => { document.dispatchEvent(new Event('aisle:failed')); }"
_log = logging.getLogger(__name__)

Payload = dict[str, Any]


def mount_page(app: FastAPI, shop: Shop, limiter: anyio.CapacityLimiter) -> None:
    """Mount the shopper's page at the root of `app`."""
    settings = shop.settings
    gr.mount_gradio_app(
        app,
        _blocks(shop, limiter),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        allowed_paths=[],
        max_file_size=0,
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        head=head(settings),
    )


def _blocks(shop: Shop, limiter: anyio.CapacityLimiter) -> gr.Blocks:
    settings = shop.settings
    turns = settings.chats + settings.queue
    with gr.Blocks(title=settings.shop_name, analytics_enabled=False, fill_width=True) as page:
        shell = gr.HTML(
            value=None,
            html_template=(_STATIC / "shell.html").read_text(encoding="utf-8"),
            js_on_load=_START,
            apply_default_css=False,
            elem_id="aisle",
            server_functions=Calls(shop).functions(),
            texts=TEXTS,
            shop={"name": settings.shop_name, "line": settings.shop_line, "logo": settings.logo is not None},
        )
        sent = shell.send(
            _send(shop, limiter),
            outputs=shell,
            show_progress="hidden",
            concurrency_limit=turns,
            api_visibility="private",
        )
        sent.failure(None, js=_FAILED, api_visibility="private")
        shell.halt(None, cancels=[sent], queue=False, api_visibility="private")
    page.queue(max_size=4 * turns, default_concurrency_limit=turns, api_open=False)
    return page


def _send(shop: Shop, limiter: anyio.CapacityLimiter) -> Callable[[gr.EventData], AsyncGenerator[Payload]]:
    async def send(said: gr.EventData) -> AsyncGenerator[Payload]:
        data = said._data or {}
        async with contextlib.aclosing(answer(shop, limiter, data)) as told:
            async for payload in told:
                yield payload

    return send


async def answer(shop: Shop, limiter: anyio.CapacityLimiter, said: Payload) -> AsyncGenerator[Payload]:
    """The page's view of one turn, whole each time: updates may be merged on their way and nothing is lost by that.

    `said` is a chat body of the contract with `ticket`, a number of the page's own that every payload repeats.
    """
    told: Payload = {"ticket": said.get("ticket"), "events": []}
    try:
        if not shop.ready():
            raise Busy(3)
        currency = shop.currency()
        turn = follow(shop.assistant.reply(utterance(ChatIn.model_validate(said), currency)), limiter)
        telling = Telling(currency)
        async with contextlib.aclosing(turn):
            async for event in turn:
                if event is not None:
                    told = _with(told, telling, event)
                    yield told
    except (Busy, UnknownId, ValidationError) as error:
        yield {**told, "error": _fault(error)}
    except Exception:
        _log.exception("a turn failed on its way to the page")
        yield {**told, "error": {"key": "failed"}}


def _with(told: Payload, telling: Telling, event: Event) -> Payload:
    named = telling.tell(event)
    return {**told, "events": [*told["events"], {"name": named.name, "data": named.data}]}


def _fault(error: Busy | UnknownId | ValidationError) -> Payload:
    if isinstance(error, Busy):
        return {"key": "busy", "n": error.retry_after_s}
    return {"key": "forgotten" if isinstance(error, UnknownId) else "refused"}


def head(settings: Settings) -> str:
    """The page's head: our styles and scripts, fetched before Gradio asks for them, and the shop's accent."""
    links = "".join(f'<link rel="stylesheet" href="/page/{name}">' for name in _STYLES)
    scripts = "".join(f'<link rel="modulepreload" href="/page/{file.name}">' for file in sorted(_STATIC.glob("*.js")))
    icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
    return f"{icon}{links}<style>{accent_css(settings.accent)}</style>{scripts}"


def accent_css(colour: str) -> str:
    """The custom properties of the shop's accent for both themes."""
    light, dark = accent(colour, "#faf9f6", dark=False), accent(colour, "#1f2321", dark=True)

    def block(a: Any) -> str:
        return f"--accent:{a.fill};--on-accent:{a.on_fill};--accent-ink:{a.ink}"

    return (
        f":root{{{block(light)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{block(dark)}}}}}"
        f":root[data-theme=dark]{{{block(dark)}}}"
    )
