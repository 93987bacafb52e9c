"""Service in words: orders, items, methods, effects and refusals, each made by code from what the books say."""

from collections.abc import Sequence
from datetime import datetime

from assistant.phrases import joined, money, say
from assistant.service.types import (
    Address,
    Customer,
    DeedKind,
    Effect,
    Line,
    Order,
    PaymentMethod,
    Proposal,
    Refused,
)
from catalog import Locale

_MONTHS = "January February March April May June July August September October November December".split()
_TITLES = 3  # of an order that its name holds


def order_words(order: Order, locale: Locale) -> str:
    """An order by its number, its first items and its state."""
    titles = [line.title for line in order.lines[:_TITLES]]
    more = len(order.lines) - len(titles)
    items = joined(titles, locale) + (say("s_and_more", locale, count=more) if more > 0 else "")
    return say("s_order", locale, order=order.id, items=items, state=say(f"s_state_{order.state}", locale))


def line_words(line: Line, locale: Locale) -> str:
    """An item of an order by its title and options."""
    options = joined([_option(name, value) for name, value in line.options.items()], locale)
    return say("s_line", locale, title=line.title, options=options) if options else line.title


def _option(name: str, value: str) -> str:
    """An option by its value; with its name where the value says nothing alone."""
    return f"{name}: {value}" if value.casefold() in ("yes", "no") or value.replace(".", "").isdigit() else value


def method_words(method: PaymentMethod | None, locale: Locale, id: str = "") -> str:
    """A way to pay as customers know theirs: by kind, brand and last digits."""
    if method is None:
        return id or say("s_method_original", locale)
    if method.kind == "card":
        return say("s_method_card", locale, brand=method.brand.title(), digits=method.last_four)
    return say(f"s_method_{method.kind}", locale, id=method.id)


def address_words(address: Address) -> str:
    """An address in one line."""
    return address.in_one_line()


def reason_words(reason: str, locale: Locale) -> str:
    """A reason in words; the shop's own where there are none for it."""
    try:
        return say(f"s_reason_{reason.replace(' ', '_')}", locale)
    except KeyError:
        return reason.replace("_", " ")


def day_words(moment: datetime | None, locale: Locale) -> str:
    """A day as people of the locale write it."""
    if moment is None:
        return ""
    month = _MONTHS[moment.month - 1] if locale == "en" else str(moment.month)
    return say("m_day", locale, day=moment.day, month=month, year=moment.year)


def consequences(proposal: Proposal, customer: Customer, order: Order | None, locale: Locale) -> list[str]:
    """What a deed does, exactly, one sentence an effect."""
    currency = order.currency if order else "USD"
    return [_effect(one, customer, order, currency, locale) for one in proposal.effects]


def _effect(effect: Effect, customer: Customer, order: Order | None, currency: str, locale: Locale) -> str:
    method = method_words(customer.method(effect.method_id or ""), locale, effect.method_id or "")
    amount = money(effect.amount_minor, currency, locale)
    about = effect.about
    if effect.kind == "state":
        about = say(f"s_state_{effect.about}", locale)
    when = say("s_at_once", locale)
    if effect.days is not None:
        when = say("s_in_days", locale, low=effect.days[0], high=effect.days[1])
    name = order.id if order else ""
    return say(f"s_effect_{effect.kind}", locale, amount=amount, method=method, about=about, when=when, order=name)


def done_words(proposal: Proposal, customer: Customer, order: Order | None, locale: Locale) -> list[str]:
    """What was done, or what waits for a person."""
    if proposal.state == "waiting":
        return [say("s_waits", locale)]
    currency = order.currency if order else "USD"
    moved = [one for one in proposal.effects if one.kind in ("refund", "charge")]
    lines = [say(f"s_done_{proposal.deed.kind}", locale, order=order.id if order else "")]
    lines += [_effect(one, customer, order, currency, locale) for one in moved]
    if any(one.kind == "send_back" for one in proposal.effects):
        lines.append(say("s_send_back", locale))
    return lines


def refused_words(refused: Refused, kind: DeedKind | str, locale: Locale) -> str:
    """Why a deed is not possible."""
    about = dict(refused.about)
    if "state" in about:
        about["state"] = say(f"s_state_{about['state']}", locale)
    try:
        what = say(f"s_deed_{kind}", locale)
    except KeyError:
        what = kind
    try:
        return say(f"s_refused_{refused.code}", locale, what=what, **{**_BLANK, **about})
    except KeyError:
        return say("s_refused", locale, what=what)


_BLANK = dict.fromkeys(("order", "item", "state", "days", "method", "title", "reason", "reasons", "allowed"), "")


def status_words(order: Order, locale: Locale) -> list[str]:
    """Where an order is: its state, what it holds, what was sent and when."""
    items = joined([line_words(line, locale) for line in order.lines], locale)
    total = money(order.total_minor, order.currency, locale)
    found = [
        say(f"s_status_{order.state}", locale, order=order.id, day=day_words(order.delivered_at, locale)),
        say("s_holds", locale, items=items, total=total),
    ]
    for parcel in order.parcels:
        tracking = joined(list(parcel.tracking), locale)
        if tracking and order.state not in ("pending", "cancelled"):
            found.append(say("s_tracking", locale, carrier=parcel.carrier or say("s_carrier", locale), number=tracking))
    return found


def details_words(order: Order, customer: Customer, locale: Locale) -> list[str]:
    """What is in an order, item by item with its price, how it was paid and where it goes."""
    found = [say(f"s_status_{order.state}", locale, order=order.id, day=day_words(order.delivered_at, locale))]
    for line in order.lines:
        options = joined([f"{name}: {value}" for name, value in line.options.items()], locale)
        name = say("s_line", locale, title=line.title, options=options) if options else line.title
        price = money(line.price_minor * line.quantity, order.currency, locale)
        found.append(say("s_item", locale, count=line.quantity, item=name, price=price))
    method = order.paid_with
    if method:
        found.append(say("s_paid_with", locale, method=method_words(customer.method(method), locale, method)))
    return [*found, say("s_goes_to", locale, address=order.address.in_one_line())]


def refunds_words(order: Order, customer: Customer, locale: Locale) -> list[str]:
    """The money that went back for an order, and what is still to come."""
    back = [one for one in order.payments if one.kind == "refund"]
    lines = [
        say(
            "s_refunded", locale, amount=money(one.amount_minor, order.currency, locale),
            method=method_words(customer.method(one.method_id), locale, one.method_id), order=order.id,
        )
        for one in back
    ]  # fmt: skip
    if not lines:
        key = "s_refund_due" if order.state == "return_requested" else "s_no_refund"
        return [say(key, locale, order=order.id)]
    return lines


def identity_words(ways: Sequence[Sequence[str]], locale: Locale) -> str:
    """What somebody has to say to be known, in words: one way or another."""
    said = [say("and", locale).join(say(f"s_field_{name}", locale) for name in way) for way in ways]
    return say("s_or_way", locale).join(said)
