"""Means of payment: how customers name them, and which of their own they mean."""

import re
from functools import cache

from assistant.service.reading.said import MethodSaid
from assistant.service.reading.words import pattern, table
from assistant.service.types import Customer, MethodKind, Order, PaymentMethod

_ID = re.compile(
    r"\b((?:credit_card|debit_card|card|gift_card|voucher|paypal|bank(?:_account)?)_\w*\d{3,})\b", re.IGNORECASE
)
_ID_KINDS: dict[str, MethodKind] = {
    "credit": "card",
    "debit": "card",
    "card": "card",
    "gift": "gift_card",
    "voucher": "gift_card",
}
_ID_KINDS |= {"paypal": "paypal", "bank": "bank"}
_ORDER = re.compile(r"(?:order|number|phone|订单|电话|手机)\W*\w*\W*$", re.IGNORECASE)
_CARDS = frozenset(("visa", "mastercard", "amex", "discover", "unionpay", "jcb", "maestro"))


def methods_in(text: str) -> list[tuple[MethodSaid, int, int]]:
    """Every means of payment that a text names, with its place; one that money goes away from is left out."""
    found: list[tuple[MethodSaid, int, int]] = []
    for match in _ID.finditer(text):
        found.append((MethodSaid(match[0].lower(), _ID_KINDS.get(match[0].lower().split("_")[0])), *match.span()))
    for match in pattern("methods", "original").finditer(text):
        found.append((MethodSaid(original=True), *match.span()))
    for match in pattern("methods", "other").finditer(text):
        found.append((MethodSaid(kind="card" if re.search(r"card|卡", match[0]) else None, other=True), *match.span()))
    for match in _spoken().finditer(text):
        found.append((_described(match, text), *match.span()))
    for match in re.finditer(table("methods")["last_four"], text, re.IGNORECASE):
        if not _ORDER.search(text[: match.start()]) and not any(one.last_four == match[1] for one, _, _ in found):
            found.append((MethodSaid(last_four=match[1]), *match.span()))
    return _apart(text, found)


def method_in(text: str) -> MethodSaid | None:
    """The means of payment that is meant in a text: of several the last, for it is what others are changed to."""
    found = [one for one, _, _ in methods_in(text)]
    told = [one for one in found if not one.original]
    meant = told or found
    return meant[-1] if meant else None


def method_meant(said: MethodSaid, customer: Customer, order: Order | None) -> tuple[PaymentMethod, ...]:
    """The customer's own means that fit what was said; of an order, what it was paid with is the original one."""
    paid = order.paid_with if order else None
    if said.id:
        return tuple(one for one in customer.methods if one.id.casefold() == said.id)
    found = [one for one in customer.methods if _fits(said, one)]
    if said.original and paid:
        own = tuple(one for one in found if one.id == paid)
        return own or tuple(one for one in customer.methods if one.id == paid)
    if said.other and paid:
        found = [one for one in found if one.id != paid]
    return tuple(found)


def _fits(said: MethodSaid, one: PaymentMethod) -> bool:
    if said.kind and one.kind != said.kind:
        return False
    if said.brand and not _of_brand(said.brand, one):
        return False
    return not said.last_four or one.last_four == said.last_four


def _of_brand(brand: str, one: PaymentMethod) -> bool:
    """Whether a means is of a brand; a card whose brand is not known may be of any brand of cards."""
    if not one.brand:
        return (one.kind == "card" and brand in _CARDS) or brand.replace(" ", "") in one.id.casefold().replace("_", "")
    return brand.replace(" ", "") in one.brand.casefold().replace(" ", "")


def _described(match: re.Match[str], text: str) -> MethodSaid:
    """A kind or a brand, with the four digits that are told near it."""
    brand = next((name for name, way in table("methods")["brands"].items() if re.fullmatch(way, match[0], re.I)), "")
    kind: MethodKind | None = "card" if brand in _CARDS else None
    for name, way in table("methods")["kinds"].items():
        if not brand and re.fullmatch(way.replace(r"\b", ""), match[0], re.IGNORECASE):
            kind = name
            break
    four = table("methods")["last_four"]
    digits = re.match(rf"[\s\w,(]{{0,20}}?{four}", text[match.end() :], re.IGNORECASE)
    digits = digits or re.search(rf"{four}的?$", text[: match.start()], re.IGNORECASE)
    return MethodSaid("", kind, brand, digits[1] if digits else "")


def _apart(text: str, found: list[tuple[MethodSaid, int, int]]) -> list[tuple[MethodSaid, int, int]]:
    """Those that are meant, in order: no part of a longer one, and "visa credit card" once."""
    kept: list[tuple[MethodSaid, int, int]] = []
    for one, start, end in sorted(found, key=lambda each: (each[1], -each[2])):
        if kept and start < kept[-1][2]:
            continue
        if (
            kept
            and _same(kept[-1][0], one)
            and re.fullmatch(
                r"(?:付款?|支付)?[\s,，(]*(?:is |to |on |with |my |the |back )*", text[kept[-1][2] : start]
            )
        ):
            kept[-1] = (_joined(kept[-1][0], one), kept[-1][1], end)
        else:
            kept.append((one, start, end))
    away = re.compile(table("methods")["away"], re.IGNORECASE)
    return [one for one in kept if not away.search(text[: one[1]])]


def _same(first: MethodSaid, second: MethodSaid) -> bool:
    kinds = not first.kind or not second.kind or first.kind == second.kind
    return kinds and not (first.brand and second.brand and first.brand != second.brand) and not (first.id and second.id)


def _joined(first: MethodSaid, second: MethodSaid) -> MethodSaid:
    return MethodSaid(
        first.id or second.id,
        first.kind or second.kind,
        first.brand or second.brand,
        first.last_four or second.last_four,
        first.original or second.original,
        first.other or second.other,
    )


@cache
def _spoken() -> re.Pattern[str]:
    lists = table("methods")
    ways = [*lists["brands"].values(), *lists["kinds"].values()]
    return re.compile(
        "|".join(rf"(?<![a-z_])(?:{way})(?![a-z_])" if way.isascii() else f"(?:{way})" for way in ways), re.IGNORECASE
    )
