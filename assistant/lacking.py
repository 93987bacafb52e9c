"""What a sentence admits that the shop lacks, as it is recorded with the turn: made where the sentence is made."""

from typing import TYPE_CHECKING

from assistant.reading.vocabulary import table
from assistant.types import Gap, Need
from assistant.wanted import OTHER, amount_of, attribute_asked, attribute_key, band, key_of, value_key
from catalog import Constraint, Product, field_values, mentions, minor_units, tokens

if TYPE_CHECKING:
    from assistant.retrieve import NearMiss

SEVERAL = "several"  # the key of wishes of which leaving out no single one would help
MORE = "more"  # the key of wanting more than all that fits
RULES = "rules"  # what a question about the shop's rules is filed under where it names no topic
_SIDES = {"lt": "<=", "le": "<=", "gt": ">=", "ge": ">="}
_STATED = 6  # values of the nearest product that are told, in all its languages
_STATED_CHARS = 80


def not_carried(what: str) -> Gap:
    """A thing that was asked for and that the shop does not carry."""
    return Gap("not_carried", key_of(what), what)


def nothing_fits(near: "NearMiss | None", need: Need, wishes: str) -> Gap:
    """Wishes, in words, that no product meets; `near` fails the one that stood in the way, or is only sold out."""
    if near is None:
        return Gap("nothing_fits", SEVERAL, wishes, thing_of(need))
    if near.failed.field == "in_stock":
        return sold_out(near.product)
    failed, product = near.failed, near.product
    key = wish_key(failed, product.currency)
    states = "" if near.gap_minor is not None else _stated(product, failed)
    return Gap("nothing_fits", key, wishes, thing_of(need), product.id, failed, near.gap_minor, states)


def nothing_beyond(product: Product, need: Need, before: Need) -> Gap | None:
    """Something cheaper, or dearer, than the `product` that ends the range; None where no limit says so."""
    limits = (c for c in need.constraints if c.field == "price" and c not in before.constraints)
    failed = next(limits, None)
    if failed is None or not isinstance(failed.value, int | float):
        return None
    missed = abs(product.price_minor - round(failed.value))
    return Gap("nothing_fits", wish_key(failed, product.currency), "", thing_of(need), product.id, failed, missed)


def nothing_more(need: Need) -> Gap:
    """More of what was asked for, when all that fits had been shown."""
    return Gap("nothing_fits", MORE, "", thing_of(need))


def sold_out(product: Product) -> Gap:
    """A product that was wanted and is sold out."""
    return Gap("out_of_stock", product.id, product.title, product_id=product.id)


def unanswered(question: str, product: Product) -> Gap:
    """A question that nothing in a product's listing or reviews answers."""
    asked = attribute_asked(question, product)
    return Gap("unanswered", attribute_key(asked), asked, product_id=product.id)


def silent_on(attribute: str, product: Product) -> Gap:
    """An attribute that a product's listing does not state."""
    return Gap("unanswered", attribute_key(attribute), attribute, product_id=product.id)


def unstated(feature: str, category: str) -> Gap:
    """A feature that was wished for and that no listing shown speaks of."""
    key = attribute_key(feature)
    return Gap("unanswered", key if key != feature else key_of(feature), feature, category)


def no_rule(question: str) -> Gap:
    """A question about the shop's rules that none of them answers."""
    topics = (name for name, topic in table("topics").items() if any(mentions(question, w) for w in topic["asked"]))
    topic = next(topics, RULES)
    return Gap("unanswered", f"{RULES}: {topic}" if topic != RULES else RULES, topic)


def thing_of(need: Need) -> str:
    """The kind of thing that a need is about, by one name for all its words."""
    kind = next((c.value for c in need.constraints if c.field == "type" and c.op in ("contains", "eq")), None)
    if kind is not None:
        return key_of(kind[0] if isinstance(kind, tuple) else str(kind))
    return (need.category or " ".join(tokens(need.query)[:3])).split(" > ")[-1] or OTHER


def wish_key(wish: Constraint, currency: str) -> str:
    """One name for wishes that ask for the same: "price<=20" for limits in one band, "color=red" for 红色 and crimson."""
    name = attribute_key(wish.attribute) if wish.attribute else wish.field
    value = wish.value[0] if isinstance(wish.value, tuple) and wish.value else wish.value
    if wish.op in _SIDES and not isinstance(value, tuple):
        found = (float(value) / minor_units(currency), "") if wish.field == "price" else amount_of(value)
        if found is not None:
            low, high = band(found[0])
            return f"{name}{_SIDES[wish.op]}{high if wish.op in ('lt', 'le') else low:g}{found[1]}"
    said = str(value)
    return f"{name}={value_key(name, said) if wish.attribute else key_of(said)}"


def _stated(product: Product, failed: Constraint) -> str:
    """What the nearest product has in the place of the wish it fails."""
    if failed.field not in ("rating", "brand", "category") and not failed.attribute:
        return ""
    values = (str(value) for value in field_values(product, failed.field))
    short = [value for value in dict.fromkeys(values) if len(value) <= _STATED_CHARS]
    return ", ".join(short[:_STATED])
