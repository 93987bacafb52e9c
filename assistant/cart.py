"""A shopper's cart: what was put in, and what of it still holds in the catalogue of this moment.

A cart is derived from its changes, oldest first, and keeps of each line the price at which it was taken. Knows no
database and no words.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from catalog import Product, Variant, minor_units

MOST = 99  # of one line
ChangeKind = Literal["set", "remove", "clear"]
State = Literal["same", "price", "fewer", "sold_out", "gone"]
Products = Callable[[str], Product | None]


@dataclass(frozen=True, slots=True)
class CartChange:
    """One thing done to a cart. `quantity` and `price_minor` are those after a "set"; a "clear" names no product."""

    kind: ChangeKind
    product_id: str | None = None
    variant_id: str | None = None
    quantity: int = 0
    price_minor: int = 0
    currency: str = ""
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class CartLine:
    """So many of one product, in one of its variants where it has any, at the price when it was put in."""

    product_id: str
    variant_id: str | None
    quantity: int
    price_minor: int
    currency: str

    @property
    def id(self) -> str:
        """The same for the same product and variant, and fit for an address."""
        return line_id(self.product_id, self.variant_id)


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line beside what the catalogue says now. `left` is None where the shop does not count."""

    line: CartLine
    product: Product | None
    variant: Variant | None
    price_minor: int
    left: int | None

    @property
    def state(self) -> State:
        """What the shopper must know before buying, the gravest first."""
        if self.product is None:
            return "gone"
        if self.left is not None and self.left < self.line.quantity:
            return "fewer" if self.left else "sold_out"
        return "same" if self.price_minor == self.line.price_minor else "price"

    @property
    def orderable(self) -> int:
        """How many of them can be had now."""
        if self.product is None:
            return 0
        return self.line.quantity if self.left is None else min(self.line.quantity, self.left)


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed of a line since it was put in; prices in minor units, `quantity` as far as it can be had."""

    checked: CheckedLine
    field: Literal["price", "quantity"]
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart checked against the catalogue of one moment."""

    lines: tuple[CheckedLine, ...] = ()

    @property
    def count(self) -> int:
        """How many items can be had."""
        return sum(one.orderable for one in self.lines)

    @property
    def currency(self) -> str | None:
        """The currency of all lines; None where there is none or more than one."""
        currencies = {one.line.currency for one in self.lines}
        return currencies.pop() if len(currencies) == 1 else None

    @property
    def total_minor(self) -> int | None:
        """What all that can be had costs now, in minor units; None where lines are of several currencies."""
        if self.lines and self.currency is None:
            return None
        return sum(one.orderable * one.price_minor for one in self.lines)

    def line(self, id: str) -> CheckedLine | None:
        """The line of that id."""
        return next((one for one in self.lines if one.line.id == id), None)

    def of(self, product_id: str) -> tuple[CheckedLine, ...]:
        """The lines of one product, one a variant."""
        return tuple(one for one in self.lines if one.line.product_id == product_id)

    def differences(self) -> tuple[Difference, ...]:
        """What the shopper has to accept before buying, line by line."""
        found = []
        for one in self.lines:
            if one.orderable != one.line.quantity:
                found.append(Difference(one, "quantity", one.line.quantity, one.orderable))
            if one.orderable and one.price_minor != one.line.price_minor:
                found.append(Difference(one, "price", one.line.price_minor, one.price_minor))
        return tuple(found)

    def accepting(self) -> tuple[CartChange, ...]:
        """The changes that make the cart what can be had now, at the prices of now."""
        changed = dict.fromkeys(one.checked.line.id for one in self.differences())
        lines = (one for id in changed if (one := self.line(id)) is not None)
        return tuple(
            put(one, one.orderable) if one.orderable else removal(one.line.product_id, one.line.variant_id)
            for one in lines
        )

    def url(self, template: str) -> str | None:
        """The address of the shop's checkout with all that is in the cart; None while anything has to be accepted."""
        if not template or not self.lines or self.differences():
            return None
        items = (f"{quote(one.line.variant_id or one.line.product_id, safe='')}:{one.orderable}" for one in self.lines)
        return template.replace("{items}", ",".join(items))


def line_id(product_id: str, variant_id: str | None) -> str:
    """The id of the line that holds this product in this variant."""
    return hashlib.sha256(f"{product_id}\0{variant_id or ''}".encode("utf-8", "replace")).hexdigest()[:16]


def lines_of(changes: Iterable[CartChange]) -> tuple[CartLine, ...]:
    """What is in the cart after `changes`, in the order in which it was first put in."""
    lines: dict[str, CartLine] = {}
    for one in changes:
        if one.kind == "clear" or one.product_id is None:
            lines = {}
        elif one.kind == "remove":
            lines.pop(line_id(one.product_id, one.variant_id), None)
        else:
            line = CartLine(one.product_id, one.variant_id, one.quantity, one.price_minor, one.currency)
            lines[line.id] = line
    return tuple(lines.values())


def check(lines: Sequence[CartLine], products: Products) -> Cart:
    """The cart as the catalogue has it now: prices, stock, and whether each product and variant is still there."""
    return Cart(tuple(_checked(line, products(line.product_id)) for line in lines))


def checked(product: Product, variant: Variant | None) -> CheckedLine:
    """An empty line of a product that is not in the cart yet."""
    price = variant.price_minor if variant else product.price_minor
    line = CartLine(product.id, variant.id if variant else None, 0, price, product.currency)
    return _checked(line, product)


def put(one: CheckedLine, quantity: int) -> CartChange:
    """The change that leaves `quantity` of a line, at the price of now."""
    line = one.line
    return CartChange("set", line.product_id, line.variant_id, quantity, one.price_minor, line.currency)


def step(one: CheckedLine, quantity: int) -> CartChange:
    """The change that leaves `quantity` of a line at the price at which it was put in: a new one is still to accept."""
    line = one.line
    return CartChange("set", line.product_id, line.variant_id, quantity, line.price_minor, line.currency)


def removal(product_id: str, variant_id: str | None) -> CartChange:
    """The change that takes a line out."""
    return CartChange("remove", product_id, variant_id)


def whole_units(minor: int, currency: str) -> float:
    """An amount of minor units in units of `currency`."""
    return minor / minor_units(currency)


def _checked(line: CartLine, product: Product | None) -> CheckedLine:
    if product is None or product.currency != line.currency:
        return CheckedLine(line, None, None, line.price_minor, 0)
    variant = next((one for one in product.variants if one.id == line.variant_id), None)
    if (variant is None) != (line.variant_id is None) or (variant is None and product.variants):
        return CheckedLine(line, None, None, line.price_minor, 0)  # no longer sold in this size or colour
    price, left = (variant.price_minor, variant.quantity) if variant else (product.price_minor, product.quantity)
    return CheckedLine(line, product, variant, price, left if product.in_stock else 0)
