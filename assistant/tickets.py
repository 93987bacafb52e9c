"""What is left to the people of the shop: the draft of a ticket, and what the shopper is told of it.

Nothing is promised: the shop finds the ticket in its list, with an e-mail address where one was given.
"""

from dataclasses import dataclass

from assistant.context import Context, Understanding
from assistant.conversation import with_named
from assistant.phrases import say
from assistant.reading.handover import email_of, question_in
from assistant.reading.reference import resolve
from assistant.types import Kind, TicketDraft, Turn
from assistant.unanswered import asks_shop, fell_short
from catalog import Catalog, Locale, Product

_BACK = 3  # turns: what is older is no longer what "ask the shop" means


@dataclass(frozen=True, slots=True)
class Left:
    """How a message that leaves something to the shop is answered; without a draft it is asked what is meant."""

    kind: Kind
    sentences: tuple[str, ...]
    draft: TicketDraft | None = None


def left(understood: Understanding, context: Context, catalog: Catalog) -> Left:
    """The ticket that a message asks for, or what has to be said first."""
    if understood.intent == "mail":
        return _with_address(understood, context)
    if understood.intent == "notify":
        return _waiting(understood, context, catalog)
    return _question(understood, context, catalog)


def _question(understood: Understanding, context: Context, catalog: Catalog) -> Left:
    locale, email = understood.locale, email_of(understood.message)
    own = question_in(understood.message)
    before = None if own else _left_open(context)
    asked = own or (before.message if before else None)
    if asked is None:
        return Left("clarify", (say("ticket_what", locale),))
    product = next(iter(understood.targets), None) if before is None else _asked_about(before, context, catalog)
    draft = TicketDraft("question", asked, product, email)
    return Left("handoff", (say("ticket_question", locale, question=asked), _reachable(email, locale)), draft)


def _left_open(context: Context) -> Turn | None:
    """The last turn that found nothing, had no answer or offered to ask the shop."""
    recent = context.history[: -_BACK - 1 : -1]
    return next(
        (turn for turn in recent if fell_short(turn) or asks_shop(turn.locale) in turn.reply.quick_replies), None
    )


def _asked_about(turn: Turn, context: Context, catalog: Catalog) -> str | None:
    """The product that a turn's question was about; a rule of the shop is asked about without one."""
    if turn.reply.kind != "answer":
        return None
    named = with_named(context, turn.message, catalog)
    pointed = resolve(turn.message, named.shown, named.focus).ids
    return pointed[0] if pointed else context.focus or next((product.id for product in context.shown), None)


def _waiting(understood: Understanding, context: Context, catalog: Catalog) -> Left:
    locale, email = understood.locale, email_of(understood.message)
    product = _sold_out(understood, context, catalog)
    if product is None:
        return Left("clarify", (say("notify_which", locale),))
    title = product.localised(locale).title
    if product.in_stock:
        return Left("answer", (say("in_stock_now", locale, title=title),))
    draft = TicketDraft("stock", say("ticket_wait", locale, title=title), product.id, email)
    return Left("handoff", (say("ticket_stock", locale, title=title), _reachable(email, locale)), draft)


def _sold_out(understood: Understanding, context: Context, catalog: Catalog) -> Product | None:
    """The product that a message points at, else the one of which it was last said that it is sold out."""
    named = [catalog.get(id) for id in understood.targets[:1]]
    said = (line for turn in context.history[: -_BACK - 1 : -1] for line in turn.evidence if line.field == "in_stock")
    last = (catalog.get(line.product_id) for line in said if line.product_id)
    return next((product for product in named if product), None) or next(
        (product for product in last if product and not product.in_stock), None
    )


def _with_address(understood: Understanding, context: Context) -> Left:
    email, before = email_of(understood.message), context.history[-1].handoff
    follows = before.ticket_id if before else None
    draft = TicketDraft(before.reason if before else "question", before.summary if before else "", None, email, follows)
    return Left("handoff", (_reachable(email, understood.locale),), draft)


def _reachable(email: str | None, locale: Locale) -> str:
    return say("ticket_mail", locale, email=email) if email else say("ticket_no_mail", locale)
