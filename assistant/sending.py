"""What leaves the house: mails, by the server that the settings name; and when what failed is tried again.

Knows nothing of what is sent.
"""

import random
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from assistant.errors import SetupError

TIMEOUT_S = 15.0
TAKEN_FOR = timedelta(minutes=5)  # whoever sends something has it for so long: one that dies leaves it to the next
GIVEN_UP_AFTER = timedelta(hours=24)
_FIRST_S, _LONGEST_S = 10.0, 3_600.0


class MailServer:
    """The SMTP server of a URL, smtp(s)://user:password@host:port; over TLS wherever the server has it."""

    def __init__(self, url: str) -> None:
        """SetupError where the URL makes no sense."""
        wrong = "AISLE_SMTP_URL must be smtp://… or smtps://user:password@host:port"
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SetupError(wrong)
        self._tls = parts.scheme == "smtps"
        try:
            self._host, self._port = parts.hostname, parts.port or (465 if self._tls else 587)
        except ValueError as error:
            raise SetupError(wrong) from error
        self.user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail to the server. Raises OSError or smtplib.SMTPException."""
        with self._connected() as server:
            if self.user:
                server.login(self.user, self._password)
            server.send_message(mail)

    def _connected(self) -> smtplib.SMTP:
        if self._tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_S, context=ssl.create_default_context())
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif self.user:
            server.close()
            raise smtplib.SMTPNotSupportedError("the server has no TLS, and the password is not sent without it")
        return server


def wait_after(attempts: int, chance: random.Random) -> timedelta:
    """How long to wait after so many attempts that failed: some seconds, in the end about an hour."""
    return timedelta(seconds=min(_LONGEST_S, _FIRST_S * 2.0 ** min(attempts - 1, 20)) * chance.uniform(0.5, 1.5))
