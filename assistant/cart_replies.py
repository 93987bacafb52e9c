"""What a shopper's message does to the cart, recorded before it is said; what is said is what was recorded."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

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
from assistant.evidence import attributes
from assistant.evidence import field as line_of
from assistant.phrases import joined, money, say
from assistant.rank import shelf
from assistant.reading.carting import Basket, CartWish
from assistant.reading.options import spoken, variants_meant
from assistant.record import Record
from assistant.replies import Answer
from assistant.respond import Moment, Said, said
from assistant.substitutes import instead, substitutes
from assistant.types import Evidence, Kind, Need, Slate, Turn
from assistant.understand import Understanding
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


@dataclass
class _Draft:
    """A reply in the making, and the changes that it tells of."""

    cart: Cart
    locale: Locale
    need: Need
    said: list[Said] = field(default_factory=list)
    changes: list[CartChange] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    kind: Kind = "answer"
    slate: Slate = field(default_factory=Slate)
    replies: list[str] = field(default_factory=list)
    gone: Product | None = None

    def tell(self, phrase: str, evidence: Sequence[Evidence] = (), **values: object) -> None:
        self.said.append(said(say(phrase, self.locale, **values), evidence))

    def offer(self, phrase: str, **values: object) -> None:
        self.replies.append(say(phrase, self.locale, **values))

    def name(self, product: Product, variant: Variant | None) -> str:
        """A product as it is spoken of, with its size or colour."""
        own = product.localised(self.locale)
        if variant is None or not variant.options:
            return own.title
        return say("cart_item", self.locale, title=own.title, options=self.options(product, variant))

    def options(self, product: Product, variant: Variant) -> str:
        own = next(v for v in product.localised(self.locale).variants if v.id == variant.id)
        return joined(list(own.options.values()), self.locale)

    def money(self, minor: int, currency: str) -> str:
        return money(minor, currency, self.locale)


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
        draft = _Draft(cart, understood.locale, understood.need)
        acts: dict[str, Callable[[CartWish, _Draft], None]] = {
            "add": self._add, "set": self._set, "vary": self._vary, "remove": self._remove, "clear": _clear,
            "show": _show, "checkout": self._check_out, "which": self._ask_which,
        }  # fmt: skip
        acts[wish.act](wish, draft)
        if draft.changes:
            self._record.change_cart(session_id, draft.changes, turn_id)
        for product_id in draft.added:
            self._record.event(turn_id, product_id, "cart")
        return _answer(draft)

    def _add(self, wish: CartWish, draft: _Draft) -> None:
        if not wish.targets:
            self._ask_which(wish, draft)
            return
        for product in self._products(wish.targets):
            variants = self._variants(product, wish, draft)
            if product.variants and len(product.variants) > 1 and len(variants) != 1:
                _ask_variant(product, variants, "q_cart_add", wish.quantity, draft)
            else:
                self._put(product, variants[0] if variants else None, wish.quantity or 1, draft)
        if draft.kind != "clarify" and draft.added:
            _offer_ways(draft)

    def _put(self, product: Product, variant: Variant | None, more: int, draft: _Draft) -> None:
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
            _tell_limit(fresh, max(after, before), draft, known=after <= before)
        else:
            _tell_held(fresh, after, draft, new=held is None)

    def _sold_out(self, product: Product, variant: Variant | None, draft: _Draft) -> None:
        """That it is sold out, with what is not: other sizes and colours first, else other products."""
        others = [one for one in product.variants if one.in_stock] if product.in_stock else []
        if variant is not None and others:
            draft.tell("cart_variant_out", _lines(product, variant, draft), name=draft.name(product, variant))
            _ask_variant(product, others, "q_cart_add", None, draft)
            return
        close = substitutes(product, draft.need, self._catalog, _INSTEAD)
        draft.slate = shelf(close, draft.locale, draft.need)
        draft.gone = product.localised(draft.locale)

    def _set(self, wish: CartWish, draft: _Draft) -> None:
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
            _tell_limit(line, after, draft, known=after == line.line.quantity)
        else:
            _tell_held(line, after, draft)
        _offer_ways(draft)

    def _vary(self, wish: CartWish, draft: _Draft) -> None:
        """Another size or colour in the place of the one that was put in last."""
        product = next(iter(self._products(wish.targets)), None)
        old = draft.cart.of(wish.targets[0])[-1]
        if product is None or old.variant is None:
            self._add(replace(wish, act="add"), draft)
            return
        variants = self._variants(product, wish, draft, beside=old.variant)
        if len(variants) != 1:
            _ask_variant(product, variants, "q_cart_add", old.line.quantity, draft)
            return
        if not variants[0].in_stock:
            self._sold_out(product, variants[0], draft)
            return
        draft.changes.append(removal(product.id, old.variant.id))
        self._put(product, variants[0], old.line.quantity, draft)
        draft.added.clear()  # the product is in the cart as before
        _offer_ways(draft)

    def _remove(self, wish: CartWish, draft: _Draft) -> None:
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
        _tell_held(line, left, draft)

    def _check_out(self, wish: CartWish, draft: _Draft) -> None:
        """Everything is checked again; what has changed is told, and taken over once the shopper has accepted it."""
        differences = draft.cart.differences()
        for one in differences[:_TOLD]:
            _tell_difference(one, draft)
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
        _tell_total(cart, draft)
        draft.tell("cart_to_checkout" if self._checkout_url else "cart_to_download")

    def _ask_which(self, wish: CartWish, draft: _Draft) -> None:
        """Which of several products is meant; with quick replies that say the whole of it."""
        draft.kind = "clarify"
        products = self._products(wish.among)[:_OFFERED]
        draft.tell("cart_which" if products else "cart_what")
        for product in products:
            title = product.localised(draft.locale).title
            if wish.act == "which":
                draft.offer("q_cart_about", title=title, words=wish.words)
            else:
                _offer(f"q_cart_{wish.act}", title, wish.quantity, draft)

    def _line(self, wish: CartWish, offer: str, draft: _Draft) -> CheckedLine | None:
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
                _offer(offer, draft.name(one.product, one.variant), wish.quantity, draft)
        return None

    def _products(self, ids: Sequence[str]) -> list[Product]:
        return [product for id in ids if (product := self._catalog.get(id)) is not None]

    def _variants(
        self, product: Product, wish: CartWish, draft: _Draft, beside: Variant | None = None
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


def _answer(draft: _Draft) -> Answer:
    def speak(moment: Moment) -> Iterator[Said]:
        yield from draft.said
        if draft.gone is not None:
            yield from instead(draft.gone, [item.product for item in draft.slate.items], moment)

    replies = tuple(dict.fromkeys(draft.replies))
    return Answer(draft.kind, draft.need, draft.slate, speak, speak, replies)


def _ask_variant(
    product: Product, variants: Sequence[Variant], offer: str, quantity: int | None, draft: _Draft
) -> None:
    """Which size or colour, of those that can be had."""
    own = product.localised(draft.locale)
    open_ = [v for v in variants or product.variants if v.in_stock and product.in_stock]
    if not open_:
        draft.gone = own
        return
    draft.kind = "clarify"
    told = {
        v.id: dict(zip(v.options, w.options.items(), strict=True))
        for v, w in zip(product.variants, own.variants, strict=True)
    }
    names = [name for name in open_[0].options if len({v.options.get(name) for v in open_}) > 1] or [*open_[0].options]
    name = say("and", draft.locale).join(told[open_[0].id][one][0].lower() for one in names)
    each = [" ".join(told[v.id][one][1] for one in names if one in told[v.id]) for v in open_]
    values = joined(each, draft.locale) if len(names) == 1 else say("semicolon", draft.locale).join(each)
    evidence = [line for line in attributes(own) if line.field.startswith("options.")]
    draft.tell("cart_choose", evidence, title=own.title, name=name, values=values)
    for variant in open_[:_OFFERED]:
        _offer(offer, draft.name(product, variant), quantity, draft)


def _offer(phrase: str, name: str, quantity: int | None, draft: _Draft) -> None:
    """A quick reply that does a thing to a product, to so many of it where that was said."""
    if quantity is None:
        draft.offer(phrase, name=name)
    else:
        draft.offer(f"{phrase}_many", name=name, count=quantity)


def _at_most(wanted: int, line: CheckedLine) -> int:
    return min(wanted, MOST) if line.left is None else min(wanted, MOST, line.left)


def _tell_held(line: CheckedLine, count: int, draft: _Draft, *, new: bool = False) -> None:
    assert line.product is not None  # noqa: S101  (it was just put in)
    price = draft.money(line.price_minor, line.line.currency)
    phrase = "cart_added" if new and count == 1 else "cart_added_many" if new else "cart_holds"
    name = draft.name(line.product, line.variant)
    draft.tell(phrase, _lines(line.product, line.variant, draft), name=name, count=count, price=price)


def _tell_limit(line: CheckedLine, count: int, draft: _Draft, *, known: bool) -> None:
    """That there are no more, and how many of them are in the cart."""
    assert line.product is not None  # noqa: S101
    name = draft.name(line.product, line.variant)
    lines = [line_of(line.product.localised(draft.locale), "in_stock"), *_lines(line.product, line.variant, draft)]
    if line.left is None or line.left > MOST:
        draft.tell("cart_most", lines, name=name, count=count, most=MOST)
    else:
        draft.tell("cart_no_more" if known else "cart_only", lines, name=name, count=count, left=line.left)


def _tell_difference(one: Difference, draft: _Draft) -> None:
    line = one.checked
    name = draft.name(line.product, line.variant) if line.product else say("cart_unknown", draft.locale)
    evidence = _lines(line.product, line.variant, draft) if line.product else ()
    if one.field == "price":
        before, now = (draft.money(minor, line.line.currency) for minor in (one.before, one.now))
        draft.tell("cart_price_changed", evidence, name=name, before=before, now=now)
    elif line.product is None:
        draft.tell("cart_line_gone", name=name)
    else:
        draft.tell("cart_fewer" if one.now else "cart_line_out", evidence, name=name, now=one.now, before=one.before)


def _take_out(line: CheckedLine, draft: _Draft) -> None:
    draft.changes.append(removal(line.line.product_id, line.line.variant_id))
    name = draft.name(line.product, line.variant) if line.product else say("cart_unknown", draft.locale)
    draft.tell("cart_removed", _lines(line.product, line.variant, draft) if line.product else (), name=name)
    if len(draft.changes) == len(draft.cart.lines):
        draft.tell("cart_empty")


def _clear(wish: CartWish, draft: _Draft) -> None:
    if draft.cart.lines:
        draft.changes.append(CartChange("clear"))
        draft.tell("cart_cleared")
    else:
        draft.tell("cart_empty")


def _show(wish: CartWish, draft: _Draft) -> None:
    if not draft.cart.lines:
        draft.tell("cart_empty")
        return
    for one in draft.cart.lines[:_TOLD]:
        if one.product is None or not one.orderable:
            _tell_difference(Difference(one, "quantity", one.line.quantity, 0), draft)
            continue
        price = draft.money(one.price_minor * one.orderable, one.line.currency)
        name, lines = draft.name(one.product, one.variant), _lines(one.product, one.variant, draft)
        draft.tell("cart_line", lines, name=name, count=one.orderable, price=price)
    for difference in draft.cart.differences():
        if difference.now:
            _tell_difference(difference, draft)
    _tell_total(draft.cart, draft)
    draft.offer("q_cart_checkout")


def _tell_total(cart: Cart, draft: _Draft) -> None:
    if cart.total_minor is None or cart.currency is None:
        draft.tell("cart_count", count=cart.count)
    else:
        total = draft.money(cart.total_minor, cart.currency)
        draft.tell("cart_total_one" if cart.count == 1 else "cart_total", count=cart.count, total=total)


def _offer_ways(draft: _Draft) -> None:
    draft.offer("q_cart_show")
    draft.offer("q_cart_checkout")


def _lines(product: Product, variant: Variant | None, draft: _Draft) -> list[Evidence]:
    """The lines of a listing that a sentence about it rests on."""
    own = product.localised(draft.locale)
    options = [line for line in attributes(own) if line.field.startswith("options.")] if variant else []
    return [line_of(own, "price"), *options]


def _as_changes(cart: Cart) -> list[CartChange]:
    return [step(one, one.line.quantity) for one in cart.lines]
