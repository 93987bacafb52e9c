"""A message with its order numbers, accounts, addresses and quoted options each as one sign, so that sentences can be cut."""

import re
from dataclasses import dataclass

from assistant.reading.handover import email_of
from assistant.service.reading.addresses import placed_in
from assistant.service.reading.numbers import order_ids
from assistant.service.types import Address

_BRACES = re.compile(r"\{[^{}]*\}")
_PARENTHESES = re.compile(r"\([^()]*\)")
_METHOD = re.compile(
    r"\b(?:credit_card|debit_card|card|gift_card|voucher|paypal|bank(?:_account)?)_\w*\d{3,}\b", re.IGNORECASE
)
_SIGN = re.compile(r"‹([a-z])(\d+)›")


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` with signs such as ‹o0›; `hidden` is what each stands for, `orders` and `addresses` by their numbers."""

    text: str
    hidden: tuple[str, ...]
    orders: dict[int, str]
    addresses: dict[int, Address]

    def shown(self, text: str) -> str:
        """A part of the text with what was hidden."""
        for _ in range(2):
            text = _SIGN.sub(lambda sign: self.hidden[int(sign[2])], text)
        return text

    def bare(self, text: str) -> str:
        """A part of the text without order numbers and addresses, and with the rest that was hidden."""
        return self.shown(re.sub(r"‹[oa]\d+›", " ", text))

    def order_ids(self, text: str) -> tuple[str, ...]:
        """The order numbers in a part of the text, each once."""
        return tuple(
            dict.fromkeys(self.orders[int(sign[2])] for sign in _SIGN.finditer(text) if int(sign[2]) in self.orders)
        )

    def address(self, text: str) -> Address | None:
        """The last address in a part of the text."""
        found = [self.addresses[int(sign[2])] for sign in _SIGN.finditer(text) if int(sign[2]) in self.addresses]
        return found[-1] if found else None


def masked(text: str, order_pattern: str | None, *, number_asked: bool = False) -> Masked:
    """`text` with signs in place of what must stay in one piece."""
    numbers = order_ids(text, order_pattern, asked=number_asked)
    without = text
    for _, start, end in numbers:
        without = f"{without[:start]}{'§' * (end - start)}{without[end:]}"
    spans: list[tuple[int, int, str, object]] = [(one.start, one.end, "a", one.address) for one in placed_in(without)]
    spans += [(match.start(), match.end(), "b", None) for match in _BRACES.finditer(text)]
    mail = email_of(text)
    if mail:
        spans.append((text.find(mail), text.find(mail) + len(mail), "e", None))
    spans += [(match.start(), match.end(), "m", None) for match in _METHOD.finditer(text)]
    spans += [(start, end, "o", id) for id, start, end in numbers]
    spans += [(match.start(), match.end(), "p", None) for match in _PARENTHESES.finditer(text)]
    return _signed(text, spans)


def _signed(text: str, spans: list[tuple[int, int, str, object]]) -> Masked:
    """The text with the first of every overlapping spans as a sign."""
    chosen: list[tuple[int, int, str, object]] = []
    for span in spans:
        if not any(span[0] < other[1] and other[0] < span[1] for other in chosen):
            chosen.append(span)
    hidden: list[str] = []
    orders: dict[int, str] = {}
    addresses: dict[int, Address] = {}
    parts, at = [], 0
    for start, end, letter, value in sorted(chosen, key=lambda span: span[0]):
        number = len(hidden)
        if isinstance(value, Address):
            addresses[number] = value
        elif isinstance(value, str):
            orders[number] = value
        parts += [text[at:start], f"‹{letter}{number}›"]
        hidden.append(text[start:end])
        at = end
    return Masked("".join([*parts, text[at:]]), tuple(hidden), orders, addresses)
