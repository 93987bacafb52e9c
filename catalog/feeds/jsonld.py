"""schema.org products as JSON-LD: a file of it, a page that holds some, or a folder of such pages.

A document is read whole, so one of more than 32 MB is refused; a reject's line is the product's number within its
document. Contexts are not fetched: names are taken to be schema.org's own. References from node to node by @id, prices
per unit and reviews without stars are not read.
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from catalog.errors import FeedError
from catalog.feeds.amounts import Amount, amount
from catalog.feeds.opening import encoding_of, opened
from catalog.feeds.prose import bare, plain
from catalog.feeds.rejects import FieldError, Reject
from catalog.feeds.row import Row, to_products
from catalog.product import Product

Node = Mapping[str, Any]

_LARGEST = 32 * 2**20
_KINDS = frozenset(("Product", "ProductGroup", "IndividualProduct", "ProductModel", "Vehicle"))
_WITHIN = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage")
_OPTIONS = {"color": "Color", "size": "Size", "material": "Material", "pattern": "Pattern"}
_CODES = {name: "GTIN" for name in ("gtin8", "gtin12", "gtin13", "gtin14", "gtin")} | {"mpn": "MPN"}
_SOLD = frozenset(("instock", "limitedavailability", "onlineonly", "preorder", "presale", "backorder", "madetoorder"))
_NOT_SOLD = frozenset(("outofstock", "soldout", "discontinued", "instoreonly", "reserved"))


def read_jsonld(path: Path, currency: str = "USD") -> Iterator[Product | Reject]:
    """Every product of the document, or of all documents of a folder in name order.

    Raises FeedError where a document is too large or none is there.
    """
    names = ("*.json", "*.jsonld", "*.html", "*.htm")
    files = sorted(file for name in names for file in path.glob(name)) if path.is_dir() else [path]
    if not files:
        raise FeedError(f"no documents in {path}: *.json, *.jsonld or *.html is expected")
    yield from to_products(row for file in files for row in _rows(file, currency))


def _rows(path: Path, currency: str) -> Iterator[Row | Reject]:
    number = 0
    for found in _documents(path):
        if isinstance(found, Reject):
            yield found
            continue
        for node in _products(found):
            number += 1
            try:
                yield Row(path.name, number, _fields(node, currency))
            except FieldError as error:
                yield Reject(path.name, number, error.field, str(error))
            except RecursionError:
                yield Reject(path.name, number, "(row)", "is nested too deeply")


def _documents(path: Path) -> Iterator[Any | Reject]:
    """What the file holds, or each script of the page."""
    with opened(path) as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise FeedError(f"{path} is larger than {_LARGEST // 2**20} MB: give it in parts, or as JSONL")
    text = raw.decode(encoding_of(path), errors="replace").lstrip("\ufeff")
    texts = [text]
    if text.lstrip().startswith("<"):
        texts = [
            s.text() for s in LexborHTMLParser(text).css("script") if s.attributes.get("type") == "application/ld+json"
        ]
    for number, part in enumerate(texts, 1):
        try:
            yield json.loads(part, parse_float=str)
        except (ValueError, RecursionError) as error:
            yield Reject(path.name, number, "(document)", f"not JSON: {error}")


def _products(document: Any) -> Iterator[Node]:
    """The products of a document in their order, wherever lists, graphs and pages hold them."""
    waiting = deque([document])
    while waiting:
        node = waiting.popleft()
        if isinstance(node, list):
            waiting.extendleft(reversed(node))
        elif isinstance(node, dict) and _KINDS & _kinds(node):
            yield node
        elif isinstance(node, dict):
            waiting.extendleft(node[name] for name in reversed(_WITHIN) if name in node)


def _kinds(node: Node) -> set[str]:
    return {str(kind).rpartition("/")[2].removeprefix("schema:") for kind in _listed(node.get("@type"))}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """A text, or the name of the thing that stands in its place; of several all, with commas."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value[:50])))
    if isinstance(value, dict):
        return next(
            (_text(value[n]) for n in ("name", "value", "@value", "url", "contentUrl", "@id") if n in value), ""
        )
    return "" if value is None else ("Yes" if value else "No") if isinstance(value, bool) else str(value).strip()


def _id(node: Node) -> str:
    return next(
        (text for n in ("sku", "productGroupID", "productID", "@id", "gtin", "mpn") if (text := _text(node.get(n)))), ""
    )


def _fields(node: Node, currency: str) -> dict[str, Any]:
    members: list[Node] = [v for v in _listed(node.get("hasVariant")) if isinstance(v, dict)]
    priced = [(member, _best(member, currency)) for member in members] or [(node, _best(node, currency))]
    sold = [offer for _, offer in priced if offer["in_stock"] is not False]
    shown = min(sold or [offer for _, offer in priced], key=lambda offer: float(offer["price"]))
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
            for (member, offer), look in zip(priced, looks, strict=True)
        ]  # fmt: skip
    return row


def _best(node: Node, currency: str) -> dict[str, Any]:
    """The lowest offer that can be bought, else the lowest there is."""
    found: list[dict[str, Any]] = []
    for offer in _listed(node.get("offers")):
        if isinstance(offer, dict):
            found += [_offer(o, currency) for o in _listed(offer.get("offers")) if isinstance(o, dict)] or [
                _offer(offer, currency)
            ]
    if not found:
        raise FieldError("offers", f"{_text(node.get('name'))[:80]!r} has no offer with a price")
    return min([o for o in found if o["in_stock"] is not False] or found, key=lambda o: float(o["price"]))


def _offer(offer: Node, currency: str) -> dict[str, Any]:
    specification = next((s for s in _listed(offer.get("priceSpecification")) if isinstance(s, dict)), {})
    said = offer if "price" in offer or "lowPrice" in offer else specification
    price = _price(said, _text(said.get("priceCurrency") or offer.get("priceCurrency")).upper() or currency)
    stock = _text(offer.get("availability")).rpartition("/")[2].removeprefix("schema:").casefold()
    if stock and stock not in _SOLD | _NOT_SOLD:
        raise FieldError("availability", f"{stock[:40]!r} is no availability of schema.org")
    return {"price": str(price.value), "currency": price.currency, "in_stock": stock in _SOLD if stock else None}


def _price(said: Node, currency: str) -> Amount:
    try:
        return amount(_text(said.get("price", said.get("lowPrice"))), currency, ".")
    except ValueError as error:
        raise FieldError("price", str(error)) from error


def _address(node: Node) -> str | None:
    url = _text(node.get("url"))
    return url if url.startswith(("http://", "https://", "/")) else None


def _images(node: Node) -> list[str]:
    found = (
        next((_text(image[n]) for n in ("contentUrl", "url", "@id") if n in image), "") if isinstance(image, dict) else _text(image)
        for image in _listed(node.get("image"))
    )  # fmt: skip
    return [image for image in found if image]


def _looks(node: Node) -> dict[str, str]:
    """Colour, size and the like, and every additional property."""
    said = {label: bare(_text(node[name])) for name, label in _OPTIONS.items() if name in node}
    for more in _listed(node.get("additionalProperty")):
        if isinstance(more, dict) and more.get("name"):
            unit = _text(more.get("unitText") or more.get("unitCode"))
            said[bare(_text(more["name"]))] = bare(f"{_text(more.get('value'))} {unit}")
    return said


def _attributes(node: Node, looks: Sequence[Mapping[str, str]], varying: set[str]) -> dict[str, str]:
    shared = {name: text for look in looks[:1] for name, text in look.items()}
    codes = {label: _text(node[name]) for name, label in _CODES.items() if name in node}
    return {name: text for name, text in {**shared, **_looks(node), **codes}.items() if name not in varying}


def _opinions(node: Node) -> dict[str, Any]:
    overall = next((r for r in _listed(node.get("aggregateRating")) if isinstance(r, dict)), {})
    reviews = [
        (r, _stars(next(iter(_listed(r.get("reviewRating"))), None)))
        for r in _listed(node.get("review"))
        if isinstance(r, dict)
    ]
    return {
        "rating": _stars(overall), "rating_count": _text(overall.get("ratingCount") or overall.get("reviewCount")) or None,
        "reviews": [
            {"rating": stars, "title": bare(_text(r.get("name"))), "text": plain(_text(r.get("reviewBody") or r.get("description")))}
            for r, stars in reviews if stars is not None
        ],
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
