"""What a schema.org product says, as an Aisle row. Prices per unit, list prices, and reviews without stars are not read."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from catalog.feeds.amounts import Amount, amount
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, storable_id

Node = Mapping[str, Any]

_OPTIONS = {"color": "Color", "size": "Size", "material": "Material", "pattern": "Pattern"}
_CODES = {name: "GTIN" for name in ("gtin8", "gtin12", "gtin13", "gtin14", "gtin")} | {"mpn": "MPN"}
_SOLD = frozenset(("instock", "limitedavailability", "onlineonly", "preorder", "presale", "backorder", "madetoorder"))
_NOT_SOLD = frozenset(("outofstock", "soldout", "discontinued", "instoreonly", "reserved"))
_IDS = ("sku", "productGroupID", "productID", "@id", "gtin", "mpn")
_ELSEWHERE = frozenset(("@type", "@id", "url"))  # all that is said of a variant that has a page of its own
_NAMES = ("name", "value", "@value")
_LINKS = ("contentUrl", "url", "@id", "@value")


def kinds(node: Node) -> set[str]:
    """The types of a node, without what they are prefixed with."""
    return {str(kind).rpartition("/")[2].removeprefix("schema:") for kind in listed(node.get("@type"))}


def listed(value: Any) -> list[Any]:
    """A value that may stand alone, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def product_id(node: Node) -> str | None:
    """The id of a product or group, where it states one."""
    try:
        return storable_id(_id(node))
    except RecursionError:
        return None


def rows(node: Node, currency: str) -> Iterator[dict[str, Any] | FieldError]:
    """The variants of a product that cannot be read, then the row of the product.

    Raises FieldError where nothing of it can be sold.
    """
    members: list[Node] = []
    offers: list[dict[str, Any]] = []
    for member in listed(node.get("hasVariant")):
        if member is node or not isinstance(member, dict) or member.keys() <= _ELSEWHERE:
            continue
        try:
            offer = _best(member, currency)
            if offers and offer["currency"] != offers[0]["currency"]:
                raise FieldError("priceCurrency", f"{offer['currency']} is not that of the other variants")
        except FieldError as error:
            yield error
        else:
            members.append(member)
            offers.append(offer)
    yield _fields(node, members, offers or [_best(node, currency)])


def _text(value: Any, names: Sequence[str] = _NAMES) -> str:
    """A text, or the name of the thing that stands in its place; of several all, with commas."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(part, names) for part in value[:50])))
    if isinstance(value, dict):
        return next((_text(value[name], names) for name in names if name in value), "")
    return "" if value is None else ("Yes" if value else "No") if isinstance(value, bool) else str(value).strip()


def _id(node: Node) -> str:
    return next((text for name in _IDS if (text := _text(node.get(name)))), "")


def _fields(node: Node, members: Sequence[Node], offers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    sold = [offer for offer in offers if offer["in_stock"] is not False]
    shown = min(sold or offers, key=lambda offer: Decimal(offer["price"]))
    looks = [_looks(member) for member in members]
    varying = {name for look in looks for name in look if len({other.get(name) for other in looks}) > 1}
    first = members[0] if members else node
    row: dict[str, Any] = {
        "id": _id(node), "title": bare(_text(node.get("name"))), "description": plain(_text(node.get("description"))),
        "brand": bare(_text(node.get("brand") or node.get("manufacturer"))), "category": bare(_text(node.get("category")).split(", ")[0]),
        "price": shown["price"], "currency": shown["currency"], "url": _address(node) or _address(first),
        "images": _images(node) or _images(first), "attributes": _attributes(node, looks, varying), **_opinions(node),
        "in_stock": shown["in_stock"] if not members else bool(sold),
    }  # fmt: skip
    if members:
        row["variants"] = [
            {
                "id": _id(member), "price": offer["price"], "quantity": 0 if offer["in_stock"] is False else None,
                "options": {name: text for name, text in look.items() if name in varying},
            }
            for member, offer, look in zip(members, offers, looks, strict=True)
        ]  # fmt: skip
    return row


def _best(node: Node, currency: str) -> dict[str, Any]:
    """The lowest offer that can be bought, else the lowest there is."""
    found: list[dict[str, Any]] = []
    for offer in listed(node.get("offers")):
        if isinstance(offer, dict):
            found += [_offer(o, currency) for o in listed(offer.get("offers")) if isinstance(o, dict)] or [
                _offer(offer, currency)
            ]
    if not found:
        raise FieldError("offers", f"{_text(node.get('name'))[:80]!r} has no offer with a price")
    return min(
        [o for o in found if o["in_stock"] is not False] or found,
        key=lambda o: (o["currency"] != currency, Decimal(o["price"])),
    )


def _offer(offer: Node, currency: str) -> dict[str, Any]:
    said = offer if "price" in offer or "lowPrice" in offer else _specification(offer)
    price = _price(said, _text(said.get("priceCurrency") or offer.get("priceCurrency")).upper() or currency)
    stock = _text(offer.get("availability"), (*_NAMES, "@id")).rpartition("/")[2].removeprefix("schema:").casefold()
    if stock and stock not in _SOLD | _NOT_SOLD:
        raise FieldError("availability", f"{stock[:40]!r} is no availability of schema.org")
    return {"price": str(price.value), "currency": price.currency, "in_stock": stock in _SOLD if stock else None}


def _specification(offer: Node) -> Node:
    """The price that is asked: not a list price, nor one for members."""
    said: list[Node] = [s for s in listed(offer.get("priceSpecification")) if isinstance(s, dict)]
    asked = [s for s in said if not s.get("priceType") and not s.get("validForMemberTier")]
    return next(iter(asked or said), {})


def _price(said: Node, currency: str) -> Amount:
    price = said.get("price", said.get("lowPrice"))
    if isinstance(price, int | Decimal) and not isinstance(price, bool):  # in JSON a point is a decimal one
        return Amount(Decimal(price), currency)
    try:
        return amount(_text(price), currency, ".")
    except ValueError as error:
        raise FieldError("price", str(error)) from error


def _address(node: Node) -> str | None:
    url = _text(node.get("url"), _LINKS)
    return url if url.startswith(("http://", "https://", "/")) else None


def _images(node: Node) -> list[str]:
    return [link for image in listed(node.get("image")) if (link := _text(image, _LINKS))]


def _looks(node: Node) -> dict[str, str]:
    """Colour, size and the like, and every additional property."""
    said = {label: bare(_text(node[name])) for name, label in _OPTIONS.items() if name in node}
    for more in listed(node.get("additionalProperty")):
        if isinstance(more, dict) and more.get("name"):
            unit = _text(more.get("unitText") or more.get("unitCode"))
            said[bare(_text(more["name"]))] = bare(f"{_text(more.get('value'))} {unit}")
    return said


def _attributes(node: Node, looks: Sequence[Mapping[str, str]], varying: set[str]) -> dict[str, str]:
    shared = {name: text for look in looks[:1] for name, text in look.items()}
    codes = {label: _text(node[name]) for name, label in _CODES.items() if name in node}
    return {name: text for name, text in {**shared, **_looks(node), **codes}.items() if name not in varying}


def _opinions(node: Node) -> dict[str, Any]:
    overall = next((r for r in listed(node.get("aggregateRating")) if isinstance(r, dict)), {})
    found = [review for r in listed(node.get("review")) if isinstance(r, dict) and (review := _review(r))]
    return {
        "rating": _stars(overall),
        "rating_count": _text(overall.get("ratingCount") or overall.get("reviewCount")) or None,
        "reviews": found,
    }


def _review(review: Node) -> dict[str, Any] | None:
    """A review; None without stars on a scale, since a product is not to be lost for it."""
    try:
        stars = _stars(next(iter(listed(review.get("reviewRating"))), None))
    except FieldError:
        return None
    if stars is None or not 0 <= stars <= 5:
        return None
    return {
        "rating": stars, "title": bare(_text(review.get("name"))), "date": _text(review.get("datePublished")),
        "text": plain(_text(review.get("reviewBody") or review.get("description"))),
    }  # fmt: skip


def _stars(rating: Any) -> float | None:
    """A rating on a scale of five; None where there is none."""
    if not isinstance(rating, dict) or not _text(rating.get("ratingValue")):
        return None
    try:
        value, best = (float(_text(rating.get(n)).replace(",", ".") or 5) for n in ("ratingValue", "bestRating"))
        return value if best == 5 else value / best * 5
    except (ValueError, ZeroDivisionError) as error:
        raise FieldError("ratingValue", "is no number on a scale") from error
