"""What people of the shop wrote, as an e-mail in the language of the conversation: plain text, and the same as HTML.

Where they have closed what was asked it asks how it went too, or does nothing else. The mails of a ticket are one thread; one that goes out twice has one id.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.record.desk.mails import Mail
from assistant.surveys.form import Words
from catalog import Locale

_ABOUT_CHARS = 200
_MUTED = "color:#666;font-size:14px"


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that stays on one line: a long link would else be cut, encoded, and no link any more."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True, slots=True)
class Question:
    """How it went, as a letter asks it: the owner's words, and a link at which they can be answered for so many days."""

    words: Words
    link: str
    days: int


@dataclass(frozen=True)
class Letters:
    """Writes a shop's mails, from its address; the links of a ticket, of which one holds for so many `days`, are made elsewhere."""

    shop: str
    sender: str
    opening: Callable[[str], str]
    stopping: Callable[[str], str]
    days: int

    def write(self, mail: Mail, at: datetime, question: Question | None = None) -> EmailMessage:
        """A mail as it goes out, with a `question` where there are no messages. ValueError where its address is none."""
        ticket_id, domain = mail.ticket.ticket_id, self.sender.rpartition("@")[2]
        locale: Locale = "zh" if mail.ticket.language == "zh" else "en"
        links = self.opening(ticket_id), self.stopping(ticket_id)
        letter = EmailMessage(_POLICY)
        letter["Subject"] = _say("subject" if mail.messages else "subject_rate", locale, shop=self.shop)
        letter["From"] = address_of(self.sender, self.shop)
        letter["Reply-To"] = address_of(self.sender)
        letter["To"] = address_of(mail.ticket.email or "")
        letter["Date"] = format_datetime(at)
        letter["Message-ID"] = f"<{ticket_id}.{mail.last_id}@{domain}>"
        letter["In-Reply-To"] = letter["References"] = f"<{ticket_id}@{domain}>"
        letter["List-Unsubscribe"] = f"<{links[1]}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        letter["Auto-Submitted"] = "auto-generated"
        words = _Words(mail, locale, self.shop, self.days, question)
        letter.set_content(words.plain(*links))
        letter.add_alternative(words.html(*links), subtype="html")
        return letter


def address_of(text: str, name: str = "") -> Address:
    """One e-mail address. ValueError where the text is none, or several."""
    try:
        address = Address(name, addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise ValueError(f"{text!r} is no e-mail address") from error
    if not address.domain:
        raise ValueError(f"{text!r} is no e-mail address")
    return address


@dataclass(frozen=True)
class _Words:
    mail: Mail
    locale: Locale
    shop: str
    days: int
    question: Question | None

    def plain(self, opening: str, stop: str) -> str:
        """The words with both links written out."""
        colon = "：" if self.locale == "zh" else ":"
        said = (f"{by}{colon}\n\n" + "\n\n".join(texts) for by, texts in self._said())
        way_back = [f"{self._say('answer')}{colon}\n{opening}", f"{self._say('mailbox')} {self._say('link')}"]
        parts = [
            self._intro(),
            self._about(),
            *said,
            *(way_back if self.mail.messages else []),
            *self._asked(),
            f"-- \n{self._say('why')}\n{self._say('stop')}{colon}\n{stop}",
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def html(self, opening: str, stop: str) -> str:
        """The same as simple HTML, in which what was written is only ever text."""
        said = (f"<p><b>{escape(by)}</b></p>" + "".join(map(_quoted, texts)) for by, texts in self._said())
        way_back = [
            _linked(opening, self._say("answer")),
            f'<p style="{_MUTED}">{escape(self._say("mailbox"))} {escape(self._say("link"))}</p>',
        ]
        parts = [
            f"<p>{escape(self._intro())}</p>",
            f'<p style="{_MUTED}">{escape(self._about())}</p>' if self._about() else "",
            *said,
            *(way_back if self.mail.messages else []),
            *self._asked_html(),
            f'<hr><p style="{_MUTED}">{escape(self._say("why"))}<br>',
            f'<a href="{escape(stop)}">{escape(self._say("stop"))}</a></p>',
        ]
        body = "\n".join(part for part in parts if part)
        style = "max-width:600px;font-family:sans-serif;font-size:16px;line-height:1.5"
        tongue = "zh-CN" if self.locale == "zh" else "en"
        return f'<!doctype html>\n<html lang="{tongue}"><body style="{style}">\n{body}\n</body></html>\n'

    def _intro(self) -> str:
        return self._say("intro" if self.mail.messages else "intro_rate")

    def _asked(self) -> Iterator[str]:
        """The question, and where it is answered."""
        if self.question is not None:
            yield f"{self.question.words.said(self.locale)}\n{self.question.link}"
            yield self._say("rate", open_days=self.question.days)

    def _asked_html(self) -> Iterator[str]:
        if self.question is not None:
            yield _linked(self.question.link, self.question.words.said(self.locale))
            yield f'<p style="{_MUTED}">{escape(self._say("rate", open_days=self.question.days))}</p>'

    def _said(self) -> Iterator[tuple[str, list[str]]]:
        """What was written, by whom, in its order."""
        for name, events in groupby(self.mail.messages, lambda event: str(event.data["name"])):
            yield self._say("by", agent=name), [str(event.data["text"]) for event in events]

    def _about(self) -> str:
        line = " ".join(self.mail.ticket.line.split())
        short = line if len(line) <= _ABOUT_CHARS else f"{line[:_ABOUT_CHARS]}…"
        return self._say("about", about=short) if short else ""

    def _say(self, name: str, **values: object) -> str:
        return _say(name, self.locale, shop=self.shop, days=self.days, **values)


def _linked(link: str, words: str) -> str:
    return f'<p><a href="{escape(link)}"><b>{escape(words)}</b></a></p>'


def _quoted(text: str) -> str:
    lines = "<br>".join(escape(line) for line in text.splitlines())
    return f'<p style="margin:0 0 12px;padding-left:12px;border-left:3px solid #ccc">{lines}</p>'


def _say(name: str, locale: Locale, **values: object) -> str:
    return str(_table()[name][locale]).format(**values)


@cache
def _table() -> Any:
    import yaml

    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
