"""What customers may look at once they are known: orders, parcels, refunds, balances, choices. Changes nothing."""

from assistant.phrases import joined, money, say
from assistant.service.ordering import View
from assistant.service.reading import lines_meant, order_meant
from assistant.service.settle import offer_words
from assistant.service.state import Task
from assistant.service.types import Order
from assistant.service.wording import details_words, line_words, order_words, refunds_words, status_words

_LISTED = 8


def look(task: Task, view: View, money_back: tuple[int, ...], focus: str | None) -> list[str]:
    """The sentences that answer a question about the customer's own orders and account."""
    kind = task.wish.kind
    if kind == "balance":
        return _balances(view)
    if kind == "profile":
        return _profile(view)
    if kind == "total" and money_back and not task.wish.order_ids and not task.wish.items:
        return _totals(view, money_back)
    meant = meant_orders(task, view, focus)
    if kind == "options":
        return _options(task, meant, view)
    if kind == "total":
        return _costs(task, meant, view)
    if kind == "refund_status":
        return [line for order in meant[:2] for line in refunds_words(order, view.customer, view.locale)]
    if kind == "details":
        return [line for order in meant[:2] for line in details_words(order, view.customer, view.locale)]
    if kind == "status" and len(meant) == 1:
        return status_words(meant[0], view.locale)
    return _list(meant or list(view.orders), view)


def meant_orders(task: Task, view: View, focus: str | None) -> list[Order]:
    """The orders that a question is about: those said, those that hold what is named, the one last spoken of."""
    wish = task.wish
    if wish.order_ids:
        return [order for id in wish.order_ids if (order := view.order(id))]
    if wish.items:
        held = [order for order in view.orders if all(lines_meant(item, [order]) for item in wish.items)]
        if held:
            return held
    named = order_meant(wish, view.orders)
    if len(named) == 1:
        return list(named)
    known = view.order(focus)
    return [known] if known else list(view.orders)


def _list(orders: list[Order], view: View) -> list[str]:
    if not orders:
        return [say("s_no_orders", view.locale)]
    return [say("s_your_orders", view.locale), *(order_words(one, view.locale) for one in orders[:_LISTED])]


def _balances(view: View) -> list[str]:
    cards = [one for one in view.customer.methods if one.balance_minor is not None]
    if not cards:
        return [say("s_no_gift_card", view.locale)]
    currency = view.service.rules.currency
    return [
        say("s_balance", view.locale, id=one.id, amount=money(one.balance_minor or 0, currency, view.locale))
        for one in cards
    ]


def _profile(view: View) -> list[str]:
    customer = view.customer
    return [
        say("s_profile", view.locale, name=customer.name, email=customer.email, address=customer.address.in_one_line())
    ]


def _totals(view: View, money_back: tuple[int, ...]) -> list[str]:
    """What the deeds of this conversation bring back or cost, all together."""
    currency = view.service.rules.currency
    total = sum(money_back)
    key = "s_total_back" if total >= 0 else "s_total_cost"
    return [say(key, view.locale, amount=money(abs(total), currency, view.locale))]


def _costs(task: Task, orders: list[Order], view: View) -> list[str]:
    """What items or whole orders cost."""
    found: list[str] = []
    for order in orders[:_LISTED]:
        lines = {one.line.number: one.line for item in task.wish.items for one in lines_meant(item, [order])[:1]}
        if lines:
            amount = sum(line.price_minor * line.quantity for line in lines.values())
            names = joined([line_words(line, view.locale) for line in lines.values()], view.locale)
            found.append(
                say("s_cost_items", view.locale, items=names, amount=money(amount, order.currency, view.locale))
            )
        elif not task.wish.items:
            amount_words = money(order.total_minor, order.currency, view.locale)
            found.append(say("s_cost_order", view.locale, order=order.id, amount=amount_words))
    return found or [say("s_no_orders", view.locale)]


def _options(task: Task, orders: list[Order], view: View) -> list[str]:
    """What a product that was ordered can be had as."""
    found: list[str] = []
    for item in task.wish.items:
        for one in lines_meant(item, orders)[:1]:
            pool = [offer for offer in view.service.offers(one.line.product_id) if offer.available]
            offers = joined([offer_words(offer, view.locale, one.order.currency) for offer in pool], view.locale)
            name = one.line.title
            found.append(say("s_options", view.locale, count=len(pool), item=name, offers=offers))
    return found or [say("s_options_which", view.locale)]
