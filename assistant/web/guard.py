"""What every answer carries and no request may exceed: security headers and a limit on bodies. Plain ASGI."""

import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import Any

from assistant.insight.report_markup import PRINT

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 64 * 1024
_LARGER = {  # what may be longer than the rest, by its path
    "/api/v1/events/batch": 256 * 1024,
    "/api/v1/insights/surveys/import": 4 * 2**20,
}
_HOST = re.compile(r"^(https?://)?(\*\.)?[A-Za-z0-9.-]+(:\d+)?$")


def image_sources(hosts: str) -> tuple[str, ...]:
    """The hosts of a setting that are well-formed sources for a content security policy."""
    return tuple(host for host in hosts.split() if _HOST.match(host))


def _sum(script: str) -> str:
    """By which a page's header names the one script that it lets run."""
    return b64encode(sha256(script.encode()).digest()).decode()


def _policies(image_hosts: str) -> dict[str, str]:
    images = " ".join(("'self'", "data:", "blob:", *image_sources(image_hosts)))
    page = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src {images}; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
        "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
    return {
        "/api/v1/insights/report": (
            f"default-src 'none'; script-src 'sha256-{_sum(PRINT)}'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        ),
        "/api/": "default-src 'none'; frame-ancestors 'none'",
        "/pictures/": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
        "/": page,
    }


class Guard:
    """Answers 413 to bodies above the limit, and sets the headers that a browser needs to protect the shopper.

    Gradio starts from inline scripts and compiles its templates at run time, hence 'unsafe-inline' and 'unsafe-eval'
    for scripts of the page; nothing may be loaded from elsewhere but pictures of the hosts that the shop allows.
    """

    def __init__(self, app: App, image_hosts: str = "", body_limit: int = BODY_LIMIT) -> None:
        self._app = app
        self._policies = _policies(image_hosts)
        self._body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        policy = next(policy for prefix, policy in self._policies.items() if path.startswith(prefix) or prefix == "/")

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_headers(message.get("headers", []), policy)}
            await send(message)

        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send_guarded)
            return
        limit = max(self._body_limit, _LARGER.get(path, 0))
        body = await _read(receive, limit)
        if body is None:
            await _refuse(send_guarded, limit)
            return
        await self._app(scope, _replay(body, receive), send_guarded)


async def _read(receive: Receive, limit: int) -> bytes | None:
    body: bytes = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > limit:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return body


def _with_headers(headers: list[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    ours = {
        b"content-security-policy": policy.encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"strict-origin-when-cross-origin",
        b"x-frame-options": b"SAMEORIGIN",
        b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    }
    return [pair for pair in headers if pair[0].lower() not in ours] + list(ours.items())


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(send: Send, limit: int) -> None:
    text = f'{{"detail":"the body is larger than {limit} bytes"}}'.encode()
    await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": text})
