"""What is said of a cart, sentence by sentence, with the lines of the listings that it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.cart import MOST, Cart, CartChange, CheckedLine, Difference
from assistant.evidence import attributes
from assistant.evidence import field as line_of
from assistant.phrases import joined, money, say
from assistant.respond import Said, said
from assistant.types import Evidence, Kind, Need, Slate
from catalog import Locale, Product, Variant

_OFFERED = 5


@dataclass
class Draft:
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


def ask_variant(product: Product, variants: Sequence[Variant], offer: str, quantity: int | None, draft: Draft) -> None:
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
        offer_act(offer, draft.name(product, variant), quantity, draft)


def offer_act(phrase: str, name: str, quantity: int | None, draft: Draft) -> None:
    """A quick reply that does a thing to a product, to so many of it where that was said."""
    if quantity is None:
        draft.offer(phrase, name=name)
    else:
        draft.offer(f"{phrase}_many", name=name, count=quantity)


def tell_held(line: CheckedLine, count: int, draft: Draft, *, new: bool = False) -> None:
    """That so many of a line are in the cart now, and at what price."""
    assert line.product is not None  # noqa: S101  (it was just put in)
    price = draft.money(line.price_minor, line.line.currency)
    phrase = "cart_added" if new and count == 1 else "cart_added_many" if new else "cart_holds"
    name = draft.name(line.product, line.variant)
    draft.tell(phrase, source_lines(line.product, line.variant, draft), name=name, count=count, price=price)


def tell_limit(line: CheckedLine, count: int, draft: Draft, *, known: bool) -> None:
    """That there are no more, and how many of them are in the cart."""
    assert line.product is not None  # noqa: S101
    name = draft.name(line.product, line.variant)
    lines = [
        line_of(line.product.localised(draft.locale), "in_stock"),
        *source_lines(line.product, line.variant, draft),
    ]
    if line.left is None or line.left > MOST:
        draft.tell("cart_most", lines, name=name, count=count, most=MOST)
    else:
        draft.tell("cart_no_more" if known else "cart_only", lines, name=name, count=count, left=line.left)


def tell_difference(one: Difference, draft: Draft) -> None:
    """What has changed of a line since it was put in."""
    line = one.checked
    name = draft.name(line.product, line.variant) if line.product else say("cart_unknown", draft.locale)
    evidence = source_lines(line.product, line.variant, draft) if line.product else ()
    if one.field == "price":
        before, now = (draft.money(minor, line.line.currency) for minor in (one.before, one.now))
        draft.tell("cart_price_changed", evidence, name=name, before=before, now=now)
    elif line.product is None:
        draft.tell("cart_line_gone", name=name)
    else:
        draft.tell("cart_fewer" if one.now else "cart_line_out", evidence, name=name, now=one.now, before=one.before)


def tell_total(cart: Cart, draft: Draft) -> None:
    """How many items there are and what they cost in all."""
    if cart.total_minor is None or cart.currency is None:
        draft.tell("cart_count", count=cart.count)
    else:
        total = draft.money(cart.total_minor, cart.currency)
        draft.tell("cart_total_one" if cart.count == 1 else "cart_total", count=cart.count, total=total)


def offer_ways(draft: Draft) -> None:
    """What may be said next of a cart."""
    draft.offer("q_cart_show")
    draft.offer("q_cart_checkout")


def source_lines(product: Product, variant: Variant | None, draft: Draft) -> list[Evidence]:
    """The lines of a listing that a sentence about it rests on."""
    own = product.localised(draft.locale)
    options = [line for line in attributes(own) if line.field.startswith("options.")] if variant else []
    return [line_of(own, "price"), *options]
