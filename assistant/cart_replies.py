"""What a shopper's message does to the cart, recorded before it is said; what is said is what was recorded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from assistant.cart import (
    MOST,
    Cart,
    CartChange,
    CheckedLine,
    Difference,
    check,
    checked,
    lines_of,
    put,
    removal,
    step,
)
from assistant.cart_words import (
    Draft,
    ask_variant,
    offer_act,
    offer_ways,
    source_lines,
    tell_difference,
    tell_held,
    tell_limit,
    tell_total,
)
from assistant.context import Understanding
from assistant.phrases import say
from assistant.rank import shelf
from assistant.reading.carting import Basket, CartWish
from assistant.reading.options import spoken, variants_meant
from assistant.record import Deed, Record
from assistant.replies import Answer
from assistant.respond import Moment, Said
from assistant.substitutes import instead, substitutes
from assistant.types import Turn
from catalog import Catalog, Locale, Product, Variant

_OFFERED = 5
_TOLD = 8  # lines of a cart that are told in words
_INSTEAD = 4


def basket_of(history: Sequence[Turn], changes: Sequence[CartChange], catalog: Catalog) -> Basket:
    """What the words of the next message about the cart may mean, in the language of the last turn."""
    last = history[-1] if history else None
    locale: Locale = last.locale if last else "en"
    found = (catalog.get(line.product_id) for line in lines_of(changes))
    inside = tuple({p.id: p.localised(locale) for p in found if p is not None}.values())
    newest = changes[-1] if changes else None
    touched = newest.product_id if newest and newest.product_id in {p.id for p in inside} else None
    fresh = newest is not None and last is not None and newest.turn_id == last.id
    asked = last.reply.quick_replies if last and last.reply.kind == "clarify" else ()
    return Basket(inside, touched, fresh, asked)


class CartReplies:
    """Decides what becomes of a message about the cart, over one catalogue and the record."""

    def __init__(self, catalog: Catalog, record: Record, checkout_url: str) -> None:
        self._catalog = catalog
        self._record = record
        self._checkout_url = checkout_url

    def prepare(self, understood: Understanding, session_id: str, turn_id: str) -> Answer:
        """The answer to a message about the cart, whose changes and events are committed with the turn."""
        wish = understood.cart
        if wish is None:
            raise ValueError(f"turn {turn_id!r} says nothing of the cart")
        cart = check(lines_of(self._record.cart_changes(session_id)), self._catalog.get)
        draft = Draft(cart, understood.locale, understood.need)
        acts: dict[str, Callable[[CartWish, Draft], None]] = {
            "add": self._add, "set": self._set, "vary": self._vary, "remove": self._remove, "clear": _clear,
            "show": _show, "checkout": self._check_out, "which": self._ask_which,
        }  # fmt: skip
        acts[wish.act](wish, draft)
        if draft.changes:
            self._record.change_cart(session_id, draft.changes, turn_id)
        for product_id in draft.added:
            self._record.happened(Deed(turn_id, product_id, "cart", source="chat"))
        return _answer(draft)

    def _add(self, wish: CartWish, draft: Draft) -> None:
        if not wish.targets:
            self._ask_which(wish, draft)
            return
        for product in self._products(wish.targets):
            variants = self._variants(product, wish, draft)
            if product.variants and len(product.variants) > 1 and len(variants) != 1:
                ask_variant(product, variants, "q_cart_add", wish.quantity, draft)
            else:
                self._put(product, variants[0] if variants else None, wish.quantity or 1, draft)
        if draft.kind != "clarify" and draft.added:
            offer_ways(draft)

    def _put(self, product: Product, variant: Variant | None, more: int, draft: Draft) -> None:
        fresh = checked(product, variant)
        held = draft.cart.line(fresh.line.id)
        before = held.line.quantity if held else 0
        after = _at_most(before + more, fresh)
        if after > before:
            draft.changes.append(step(held, after) if held else put(fresh, after))
            draft.added.append(product.id)
        if fresh.left == 0:
            self._sold_out(product, variant, draft)
        elif after < before + more:
            tell_limit(fresh, max(after, before), draft, known=after <= before)
        else:
            tell_held(fresh, after, draft, new=held is None)

    def _sold_out(self, product: Product, variant: Variant | None, draft: Draft) -> None:
        """That it is sold out, with what is not: other sizes and colours first, else other products."""
        others = [one for one in product.variants if one.in_stock] if product.in_stock else []
        if variant is not None and others:
            draft.tell("cart_variant_out", source_lines(product, variant, draft), name=draft.name(product, variant))
            ask_variant(product, others, "q_cart_add", None, draft)
            return
        close = substitutes(product, draft.need, self._catalog, _INSTEAD)
        draft.slate = shelf(close, draft.locale, draft.need)
        draft.gone = product.localised(draft.locale)

    def _set(self, wish: CartWish, draft: Draft) -> None:
        line = self._line(wish, "q_cart_set", draft)
        if line is None:
            return
        if not wish.quantity:
            _take_out(line, draft)
            return
        after = _at_most(wish.quantity, line)
        if line.product is None or not after:
            draft.tell("cart_gone_line")
            return
        if after != line.line.quantity:
            draft.changes.append(step(line, after))
        if after > line.line.quantity:
            draft.added.append(line.product.id)
        if after < wish.quantity:
            tell_limit(line, after, draft, known=after == line.line.quantity)
        else:
            tell_held(line, after, draft)
        offer_ways(draft)

    def _vary(self, wish: CartWish, draft: Draft) -> None:
        """Another size or colour in the place of the one that was put in last."""
        product = next(iter(self._products(wish.targets)), None)
        old = draft.cart.of(wish.targets[0])[-1]
        if product is None or old.variant is None:
            self._add(replace(wish, act="add"), draft)
            return
        variants = self._variants(product, wish, draft, beside=old.variant)
        if len(variants) != 1:
            ask_variant(product, variants, "q_cart_add", old.line.quantity, draft)
            return
        if not variants[0].in_stock:
            self._sold_out(product, variants[0], draft)
            return
        draft.changes.append(removal(product.id, old.variant.id))
        self._put(product, variants[0], old.line.quantity, draft)
        draft.added.clear()  # the product is in the cart as before
        offer_ways(draft)

    def _remove(self, wish: CartWish, draft: Draft) -> None:
        if len(wish.targets) > 1:
            for each in (one for id in wish.targets for one in draft.cart.of(id)):
                _take_out(each, draft)
            return
        line = self._line(wish, "q_cart_remove", draft)
        if line is None:
            return
        left = line.line.quantity - wish.quantity if wish.quantity else 0
        if left <= 0 or line.product is None:
            _take_out(line, draft)
            return
        draft.changes.append(step(line, left))
        tell_held(line, left, draft)

    def _check_out(self, wish: CartWish, draft: Draft) -> None:
        """Everything is checked again; what has changed is told, and taken over once the shopper has accepted it."""
        differences = draft.cart.differences()
        for one in differences[:_TOLD]:
            tell_difference(one, draft)
        if differences and not wish.accept:
            draft.tell("cart_accept_first")
            draft.offer("q_cart_accept")
            draft.offer("q_cart_show")
            return
        draft.changes.extend(draft.cart.accepting())
        cart = check(lines_of([*_as_changes(draft.cart), *draft.changes]), self._catalog.get)
        if not cart.lines:
            draft.tell("cart_empty")
            return
        tell_total(cart, draft)
        draft.tell("cart_to_checkout" if self._checkout_url else "cart_to_download")

    def _ask_which(self, wish: CartWish, draft: Draft) -> None:
        """Which of several products is meant; with quick replies that say the whole of it."""
        draft.kind = "clarify"
        products = self._products(wish.among)[:_OFFERED]
        draft.tell("cart_which" if products else "cart_what")
        for product in products:
            title = product.localised(draft.locale).title
            if wish.act == "which":
                draft.offer("q_cart_about", title=title, words=wish.words)
            else:
                offer_act(f"q_cart_{wish.act}", title, wish.quantity, draft)

    def _line(self, wish: CartWish, offer: str, draft: Draft) -> CheckedLine | None:
        """The one line that is meant; where it may be several the shopper is asked, and None comes back."""
        if len(wish.targets) != 1:
            self._ask_which(wish, draft)
            return None
        lines = draft.cart.of(wish.targets[0])
        product = self._catalog.get(wish.targets[0])
        if product is not None and spoken(product, wish.words):
            meant = {variant.id for variant in variants_meant(product, wish.words)}
            lines = tuple(one for one in lines if one.line.variant_id in meant)
        if len(lines) == 1:
            return lines[0]
        draft.kind = "clarify" if lines else "answer"
        draft.tell("cart_which" if lines else "cart_not_inside")
        for one in lines[:_OFFERED]:
            if one.product:
                offer_act(offer, draft.name(one.product, one.variant), wish.quantity, draft)
        return None

    def _products(self, ids: Sequence[str]) -> list[Product]:
        return [product for id in ids if (product := self._catalog.get(id)) is not None]

    def _variants(
        self, product: Product, wish: CartWish, draft: Draft, beside: Variant | None = None
    ) -> tuple[Variant, ...]:
        """The variants that are meant; where none is named the one that is in the cart already.

        `beside` is one whose other options stay as they are.
        """
        if beside is None:
            held = draft.cart.of(product.id)
            if len(held) == 1 and held[0].variant and not spoken(product, wish.words):
                return (held[0].variant,)
            return variants_meant(product, wish.words, draft.need.constraints)
        said = variants_meant(product, wish.words)
        near = [sum(one.options.get(name) == value for name, value in beside.options.items()) for one in said]
        return tuple(one for one, count in zip(said, near, strict=True) if count == max(near, default=0))


def _answer(draft: Draft) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield from draft.said
        if draft.gone is not None:
            yield from instead(draft.gone, [item.product for item in draft.slate.items], moment)

    replies = tuple(dict.fromkeys(draft.replies))
    return Answer(draft.kind, draft.need, draft.slate, speak, speak, replies)


def _at_most(wanted: int, line: CheckedLine) -> int:
    return min(wanted, MOST) if line.left is None else min(wanted, MOST, line.left)


def _take_out(line: CheckedLine, draft: Draft) -> None:
    draft.changes.append(removal(line.line.product_id, line.line.variant_id))
    name = draft.name(line.product, line.variant) if line.product else say("cart_unknown", draft.locale)
    draft.tell("cart_removed", source_lines(line.product, line.variant, draft) if line.product else (), name=name)
    if len(draft.changes) == len(draft.cart.lines):
        draft.tell("cart_empty")


def _clear(wish: CartWish, draft: Draft) -> None:
    if draft.cart.lines:
        draft.changes.append(CartChange("clear"))
        draft.tell("cart_cleared")
    else:
        draft.tell("cart_empty")


def _show(wish: CartWish, draft: Draft) -> None:
    if not draft.cart.lines:
        draft.tell("cart_empty")
        return
    for one in draft.cart.lines[:_TOLD]:
        if one.product is None or not one.orderable:
            tell_difference(Difference(one, "quantity", one.line.quantity, 0), draft)
            continue
        price = draft.money(one.price_minor * one.orderable, one.line.currency)
        name, lines = draft.name(one.product, one.variant), source_lines(one.product, one.variant, draft)
        draft.tell("cart_line", lines, name=name, count=one.orderable, price=price)
    for difference in draft.cart.differences():
        if difference.now:
            tell_difference(difference, draft)
    tell_total(draft.cart, draft)
    draft.offer("q_cart_checkout")


def _as_changes(cart: Cart) -> list[CartChange]:
    return [step(one, one.line.quantity) for one in cart.lines]
