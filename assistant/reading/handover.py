"""What a message leaves to the people of the shop: a question to be asked, word when something is back, an address."""

import re
from typing import Literal

from catalog import tokens, words

Handover = Literal["ask_shop", "notify", "mail"]
_I = re.IGNORECASE
_ASK = re.compile(
    r"^\W*(?:(?:please|yes|ok(?:ay)?|then|well|so|and|just|can you|could you|would you|will you|i(?:'d| would) like you to|let'?s)[,\s]+)*"
    r"(?:ask|check with)(?: for me)? (?:the |your )?(?:shop|store|seller|owner|staff|team)\b(?: for me)?"
    r"|^\W*(?:好的?|那|那就|请|麻烦|麻烦您|麻烦你|你|您|帮我|帮忙|替我|可以)*[，,\s]*(?:去)?问(?:一下|一问|问|下)?(?:店家|商家|店铺|卖家|店主|店里)(?:一下)?",
    _I,
)
_NOTIFY = re.compile(
    r"\b(?:tell|notify|let|e-?mail|alert|inform|remind|message|text|ping) me (?:know )?(?:when|once|if|as soon as)\b.{0,60}"
    r"\b(?:back|in stock|available|restock(?:ed|s)?|arrives?|again)\b"
    r"|\b(?:back[- ]in[- ]stock|restock(?:ing)?) (?:alert|notification|notice|e-?mail)\b"
    r"|(?:到货|补货|有货|上架)(?:了|后|时|的时候|以后|之后|的话|请|就|再|能|可以|麻烦|[，,])*(?:给我)?(?:通知|告诉|提醒|说一声|发邮件)|(?:到货|补货)(?:通知|提醒)",
    _I,
)
_LEADS_ON = re.compile(
    r"^[\s,:：，。.;；!！]*(?:(?:to find out |about |please )?(?:whether|if|that)\b|about\b|for me\b|please\b|一下)?[\s,:：，]*",
    _I,
)
_ADDRESS_TALK = re.compile(
    r"\b(?:(?:and )?(?:my|the) (?:e-?mail|mail|address)(?: address)? is|(?:write|reply|answer|send it)(?: to)? me at|at|to|e-?mail)\s*[:：]?\s*$"
    r"|(?:我的)?(?:邮箱|电子邮件|邮件|地址)(?:地址)?(?:是|为)?\s*[:：]?\s*$",
    _I,
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_OWN_WORDS = 2  # beside the command: fewer are no question


def handover_of(message: str, *, pending: bool) -> Handover | None:
    """What `message` leaves to the shop; an address says so only where a ticket is `pending` from the turn before."""
    if _NOTIFY.search(message):
        return "notify"
    if _ASK.search(message):
        return "ask_shop"
    if pending and email_of(message) and len(tokens(_without_email(message))) <= _OWN_WORDS:
        return "mail"
    return None


def email_of(message: str) -> str | None:
    """The e-mail address in `message`."""
    found = _EMAIL.search(message)
    return found[0] if found else None


def question_in(message: str) -> str | None:
    """What a message wants the shop to be asked, in its own words; None where it only says that it be asked."""
    rest = _LEADS_ON.sub("", _ASK.sub("", _without_email(message), count=1), count=1).strip(" ,;:，；：")
    return rest if len(words(rest)) >= _OWN_WORDS and tokens(rest) else None


def _without_email(message: str) -> str:
    found = _EMAIL.search(message)
    if found is None:
        return message
    return f"{_ADDRESS_TALK.sub('', message[: found.start()]).rstrip(' ,，;；')} {message[found.end() :]}".strip(" .。")
