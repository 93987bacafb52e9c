"""The shopper's page: one Gradio component carries words in and events out; the page's own scripts draw them.

Gradio's HTML templates are never given text of the catalogue: after Handlebars has escaped it, the result is evaluated
as a JavaScript template literal, so that a title holding ${…} would run. The page's scripts set it as textContent.
"""

import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Any

import anyio
import gradio as gr
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from assistant.errors import Busy, UnknownId
from assistant.record.events import Mark
from assistant.types import Event, QueuedEvent
from assistant.web.calls import Calls
from assistant.web.carts import cart_now
from assistant.web.events import Telling
from assistant.web.marks import mark_of
from assistant.web.opening import Opening
from assistant.web.rest import utterance
from assistant.web.shop import Shop
from assistant.web.stream import follow
from assistant.web.wire import ChatIn

_CONNECT = """
import("/page/shopper.js").then((page) => page.connect({
    props, server, watch, send: (said) => trigger("send", said), halt: () => trigger("halt"),
}));
"""
_FAILED = "() => { document.dispatchEvent(new Event('aisle:failed')); }"
_REFUSING = 20  # turns more than there are places: they are taken in to be told when to come back
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
    )
    mounted = app.router.routes[-1]
    if not isinstance(mounted, Mount):
        raise TypeError("Gradio is expected to mount itself as the last route")
    mounted.app = Opening(mounted.app, settings)


def _blocks(shop: Shop, limiter: anyio.CapacityLimiter) -> gr.Blocks:
    settings = shop.settings
    turns = settings.chats + settings.queue
    with gr.Blocks(title=settings.shop_name, analytics_enabled=False, fill_width=True) as page:
        shell = gr.HTML(
            value=None,
            html_template="",
            js_on_load=_CONNECT,
            apply_default_css=False,
            server_functions=Calls(shop).functions(),
        )
        sent = shell.send(
            _send(shop, limiter),
            outputs=shell,
            show_progress="hidden",
            concurrency_limit=None,  # the assistant's places are the limit, and say when to come back
            trigger_mode="multiple",  # "once" would drop what is sent while a stopped turn is still closing
            api_visibility="private",
        )
        sent.failure(None, js=_FAILED, api_visibility="private")
        shell.halt(None, cancels=[sent], queue=False, api_visibility="private")
    page.max_threads = turns + _REFUSING
    page.queue(max_size=4 * turns, default_concurrency_limit=None, api_open=False)
    return page


def _send(shop: Shop, limiter: anyio.CapacityLimiter) -> Callable[[gr.EventData, gr.Request], AsyncGenerator[Payload]]:
    async def send(said: gr.EventData, request: gr.Request) -> AsyncGenerator[Payload]:
        data = said._data or {}
        mark = await run_in_threadpool(mark_of, shop, request.request) if request.request else None
        async with contextlib.aclosing(answer(shop, limiter, data, mark)) as told:
            async for payload in told:
                yield payload

    return send


async def answer(
    shop: Shop, limiter: anyio.CapacityLimiter, said: Payload, mark: Mark | None = None
) -> AsyncGenerator[Payload]:
    """The page's view of one turn, whole each time: updates may be merged on their way and nothing is lost by that.

    `said` is a chat body of the contract with `ticket`, a number of the page's own that every payload repeats; `mark` says
    who is no shopper.
    """
    told: Payload = {"ticket": said.get("ticket"), "events": [], "queued": None}
    try:
        if not shop.ready():
            raise Busy(3)
        currency = shop.currency()
        turn = follow(shop.assistant.reply(utterance(ChatIn.model_validate(said), currency, mark)), limiter)
        telling = Telling(currency, partial(cart_now, shop), shop.tokens.of)
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
    if isinstance(event, QueuedEvent):  # only where the turn stands now is of interest
        return {**told, "queued": named.data}
    return {**told, "queued": None, "events": [*told["events"], {"name": named.name, "data": named.data}]}


def _fault(error: Busy | UnknownId | ValidationError) -> Payload:
    if isinstance(error, Busy):
        return {"key": "busy", "n": error.retry_after_s}
    return {"key": "forgotten" if isinstance(error, UnknownId) else "refused"}
