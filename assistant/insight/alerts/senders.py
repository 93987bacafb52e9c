"""The two ways by which an alert leaves the shop: e-mail, and a signed POST to the shop's own address.

Both carry the alert's id, by which whoever gets it twice can tell.
"""

import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import SetupError
from assistant.sending import TIMEOUT_S, MailServer

SIGNATURE = "Aisle-Signature"


@dataclass(frozen=True, slots=True)
class Message:
    """An alert as it goes out. `data` is for machines; nothing in it is private. Only a mail carries what is `attached`."""

    id: str
    title: str
    text: str
    data: Mapping[str, Any]
    at: datetime
    attached: "Attached | None" = None


@dataclass(frozen=True, slots=True)
class Attached:
    """A page that goes with a mail as a file."""

    name: str
    page: str


class EmailSender:
    """Sends by the SMTP server of a URL, smtp(s)://user:password@host:port; over TLS wherever the server has it."""

    def __init__(self, url: str, to: Sequence[str], shop: str, setting: str = "AISLE_ALERT_EMAIL") -> None:
        """SetupError where the URL or the addresses, which are those of a setting, make no sense."""
        self._server = MailServer(url)
        if not to or any("@" not in one or "\n" in one for one in to):
            raise SetupError(f"{setting} must be one or more e-mail addresses, separated by commas")
        self._to, self._shop = tuple(to), shop

    def send(self, message: Message) -> None:
        """Hand the message to the server. Raises OSError or smtplib.SMTPException."""
        self._server.send(self._mail(message))

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(f"[{self._shop}] {message.title}".split())
        mail["From"] = self._server.user if "@" in self._server.user else self._to[0]
        mail["To"] = ", ".join(self._to)
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<alert-{message.id}@aisle>"
        mail.set_content(message.text)
        if message.attached is not None:
            mail.add_attachment(message.attached.page, subtype="html", filename=message.attached.name)
        return mail


class WebhookSender:
    """Posts the alert as JSON, signed with the shop's secret.

    The header `Aisle-Signature: t=SECONDS,v1=HEX` holds the HMAC-SHA256 of "SECONDS.BODY".
    """

    def __init__(self, url: str, secret: str, clock: Callable[[], datetime]) -> None:
        """SetupError where the URL makes no sense or the secret is missing."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SetupError("AISLE_ALERT_WEBHOOK must be an http or https address")
        if not secret:
            raise SetupError("AISLE_ALERT_WEBHOOK needs AISLE_ALERT_SECRET, by which the receiver knows that it is us")
        self._parts, self._secret, self._clock = parts, secret.encode(), clock

    def send(self, message: Message) -> None:
        """Post the message; OSError or http.client.HTTPException where the answer is not a success."""
        body = json.dumps(
            {
                "id": message.id,
                "at": message.at.isoformat(),
                "title": message.title,
                "text": message.text,
                **message.data,
            },
            ensure_ascii=False,
        ).encode()
        seconds = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Aisle",
            SIGNATURE: f"t={seconds},v1={signature(self._secret, seconds, body)}",
        }
        connection = self._connection()
        try:
            connection.request("POST", self._path(), body, headers)
            answer = connection.getresponse()
            answer.read(1024)
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise http.client.HTTPException(f"the receiver answered {answer.status} {answer.reason}")

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)

    def _path(self) -> str:
        return (self._parts.path or "/") + (f"?{self._parts.query}" if self._parts.query else "")


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """What the receiver computes from the header's time and the body, to compare it with the header."""
    return hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
