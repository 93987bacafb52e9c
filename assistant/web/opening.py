"""The first bytes of the shopper's page: our own markup, styles and words, whole before Gradio has started.

Gradio draws nothing until its scripts have loaded. The page is therefore in the document that it serves, and Gradio's
component, when it comes, only connects it.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from assistant.web.colour import Accent, accent
from assistant.web.guard import App, Message, Receive, Scope, Send
from assistant.web.text import TEXTS

_STATIC = Path(__file__).parent / "static"
_STYLES = (
    *("tokens", "layout", "controls", "talk", "rating", "cards", "shelf", "sheet", "table", "steer", "remembered"),
    *("service", "live"),
)
_ELSEWHERE = {"aisle-events.js"}  # scripts that other pages load
_SOCIAL = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")


class Opening:
    """Gradio's application, its document completed with ours and freed of Gradio's own advertisements."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._head = head(settings).encode()
        self._body = body(settings).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message = {}
        document = b""

        async def gather(message: Message) -> None:
            nonlocal start, document
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                return
            document += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(start, document, send)

        await self._app(plain, receive, gather)

    async def _finish(self, start: Message, document: bytes, send: Send) -> None:
        document = _SOCIAL.sub(b"", document)
        document = document.replace(b"</head>", self._head + b"</head>", 1)
        at = document.find(b"<gradio-app")
        document = document[:at] + self._body + document[at:] if at >= 0 else document
        headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        headers += [(b"content-length", str(len(document)).encode()), (b"cache-control", b"no-store")]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": document, "more_body": False})


def head(settings: Settings) -> str:
    """Title, icon, styles, the shop's accent and the scripts, in the order in which a browser needs them."""
    links = "".join(f'<link rel="stylesheet" href="/page/{name}.css">' for name in _STYLES)
    scripts = "".join(
        f'<link rel="modulepreload" href="/page/{file.name}">'
        for file in sorted(_STATIC.glob("*.js"))
        if file.name not in _ELSEWHERE
    )
    icon = '<link rel="icon" type="image/svg+xml" href="/page/logo.svg">'
    title = f"<title>{escape(settings.shop_name)}</title>"
    boot = '<script type="module" src="/page/boot.js"></script>'
    return f"{title}{icon}{links}<style>{accent_css(settings.accent)}</style>{scripts}{boot}"


def body(settings: Settings) -> str:
    """The page's markup, with its words and the shop's name as data for the scripts."""
    shop = {"line": settings.shop_line, "logo": settings.logo is not None, "checkout": settings.checkout_url != ""}
    data = _as_data({"texts": TEXTS, "shop": shop})
    shell = (_STATIC / "shell.html").read_text("utf-8").replace("@name@", escape(settings.shop_name))
    return f'<script type="application/json" id="aisle-data">{data}</script>{shell}'


def _as_data(value: Any) -> str:
    """JSON that may stand within a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def accent_css(colour: str) -> str:
    """The custom properties of the shop's accent for both themes."""

    def block(a: Accent) -> str:
        return f"--accent:{a.fill};--on-accent:{a.on_fill};--accent-ink:{a.ink}"

    light, dark = block(accent(colour, "#f1efe9", dark=False)), block(accent(colour, "#1f2321", dark=True))
    return (
        f":root{{{light}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{{dark}}}"
    )
