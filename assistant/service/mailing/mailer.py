"""Mails answers to shoppers who have left: at least once, again and again for a day, then given up and said so at the ticket."""

import logging
import random
import smtplib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Protocol

from assistant.errors import SetupError
from assistant.record.desk.mails import Mail, Mails
from assistant.record.desk.types import TicketState
from assistant.sending import GIVEN_UP_AFTER, MailServer, wait_after
from assistant.service.mailing.letter import Letters, Question, address_of
from assistant.service.service import Service
from assistant.settings import Settings

_AT_ONCE = 20
_log = logging.getLogger(__name__)


class Sends(Protocol):
    """A mail server; raises OSError, of which the errors of SMTP are."""

    def send(self, mail: EmailMessage) -> None: ...


class Mailer:
    """Sends the mails of one record.

    `leaves` is told of each ticket whose conversation a mail is about to open. `asks` gives the question how it went for a
    session that people of the shop have closed, where it is to be put.
    """

    def __init__(
        self,
        mails: Mails,
        server: Sends,
        letters: Letters,
        clock: Callable[[], datetime],
        chance: random.Random,
        leaves: Callable[[TicketState], None] = lambda _: None,
        asks: Callable[[str], Question | None] = lambda _: None,
    ) -> None:
        self._mails = mails
        self._server = server
        self._letters = letters
        self._clock = clock
        self._chance = chance
        self._leaves = leaves
        self._asks = asks

    def deliver(self) -> int:
        """Send what is due; how many went out. Meant for every few seconds."""
        self._mails.gather()
        sent = 0
        for _ in range(_AT_ONCE):
            mail = self._mails.take()
            if mail is None:
                break
            sent += self._send(mail)
        return sent

    def _send(self, mail: Mail) -> bool:
        question = self._asks(mail.ticket.session_id) if mail.closed_id else None
        if question is None and not mail.messages:
            self._mails.dropped(mail)
            return False
        try:
            letter = self._letters.write(mail, self._clock(), question)
            if mail.messages:
                self._leaves(mail.ticket)
            self._server.send(letter)
        except (OSError, ValueError) as error:
            self._failed(mail, error)
            return False
        self._mails.sent(mail, asks=question is not None)
        return True

    def _failed(self, mail: Mail, error: Exception) -> None:
        why = _why(error)
        _log.warning(
            "the answer to ticket %s was not mailed (attempt %s): %s", mail.ticket.ticket_id, mail.attempts, why
        )
        again = self._clock() + wait_after(mail.attempts, self._chance)
        if _hopeless(error) or again - mail.since > GIVEN_UP_AFTER:
            self._mails.given_up(mail, why)
        else:
            self._mails.late(mail, why, again)


def _why(error: Exception) -> str:
    """What went wrong, as people of the shop read it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {answer.decode(errors='replace')}" for code, answer in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        said = f"{error.smtp_code} {answer.decode(errors='replace') if isinstance(answer, bytes) else answer}"
    else:
        said = str(error) or type(error).__name__
    return said[:300]


def _hopeless(error: Exception) -> bool:
    """Whether trying again is of no use: the address is none, or its server knows nobody there."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return not isinstance(error, OSError)


def sender_of(settings: Settings) -> str | None:
    """The address that shoppers are mailed from; None where that is not set up, SetupError where it is by half."""
    given = settings.mail_from
    if given and not (settings.smtp_url and settings.public_url):
        raise SetupError("AISLE_MAIL_FROM needs AISLE_SMTP_URL, and AISLE_PUBLIC_URL for the links in mails")
    if not settings.smtp_url or not settings.public_url:
        return None
    try:
        return address_of(given or MailServer(settings.smtp_url).user).addr_spec
    except ValueError as error:
        if given:
            raise SetupError(f"AISLE_MAIL_FROM: {error}") from error
        return None


def make_mailer(
    settings: Settings, mails: Mails, service: Service | None, clock: Callable[[], datetime], days: int,
    opening: Callable[[str], str], stopping: Callable[[str], str],
    asks: Callable[[str], Question | None] = lambda _: None,
) -> Mailer | None:  # fmt: skip
    """What mails the shop's answers; None where that is not set up. `opening` and `stopping` make the links of a ticket."""
    sender = sender_of(settings)
    if sender is None:
        return None
    letters = Letters(" ".join(settings.shop_name.split()), sender, opening, stopping, days)
    leaves = partial(leave, service) if service else lambda _: None
    return Mailer(mails, MailServer(settings.smtp_url), letters, clock, random.Random(), leaves, asks)  # noqa: S311


def leave(service: Service, ticket: TicketState) -> None:
    """Know nobody in a conversation that a link is about to open, unless it goes to the customer's own mailbox."""
    known = service.customer(ticket.session_id)
    if known is not None and known.email.casefold() != (ticket.email or "").casefold():
        service.sign_out(ticket.session_id)
