"""schema.org products as JSON-LD: a file of it, a page that holds some, or a folder of such pages.

A document is read whole, so one of more than 32 MB is refused; a reject's line is the product's number within its
document. Contexts are not fetched: names are taken to be schema.org's own. Variants that stand on pages of their own are
products of their own.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from catalog.errors import FeedError
from catalog.feeds.opening import encoding_of, opened
from catalog.feeds.rejects import FieldError, Reject, reject
from catalog.feeds.row import Row, to_products
from catalog.feeds.schema_org import Node, kinds, listed, product_id, rows
from catalog.product import Product

_LARGEST = 32 * 2**20
_KINDS = frozenset(("Product", "ProductGroup", "IndividualProduct", "ProductModel", "Vehicle"))
_WITHIN = ("@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage")


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
        for node in _products(_linked(found)):
            number += 1
            place = Row(path.name, number, {})
            try:
                for row in rows(node, currency):
                    yield (
                        reject(place, row, product_id(node))
                        if isinstance(row, FieldError)
                        else Row(path.name, number, row)
                    )
            except FieldError as error:
                yield reject(place, error, product_id(node))
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
            yield json.loads(part, parse_float=_number)
        except (ValueError, RecursionError) as error:
            yield Reject(path.name, number, "(document)", f"not JSON: {error}")


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _linked(document: Any) -> Any:
    """`document` with every mere reference (`{"@id": ...}`) replaced by the node it means, where that is in it."""
    named: dict[str, Node] = {}
    for node in _walked(document):
        if isinstance(node, dict) and len(node) > 1 and isinstance(node.get("@id"), str):
            named.setdefault(node["@id"], node)
    for node in list(_walked(document)) if named else ():
        places: Any = node.items() if isinstance(node, dict) else enumerate(node)
        for place, part in list(places):
            if isinstance(part, dict) and len(part) == 1 and isinstance(part.get("@id"), str):
                node[place] = named.get(part["@id"], part)
    return document


def _walked(document: Any) -> Iterator[Any]:
    """Every object and list of a document that holds no cycle."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            yield node
            waiting.extend(node.values() if isinstance(node, dict) else node)


def _products(document: Any) -> list[Node]:
    """The products of a document in their order, wherever lists, graphs and pages hold them; variants in their group."""
    found: list[Any] = []
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict) and _KINDS & kinds(node):
            found.append(node)
        elif isinstance(node, dict):
            waiting.extend(node[name] for name in reversed(_WITHIN) if name in node)
    return _grouped(found)


def _grouped(found: list[Any]) -> list[Node]:
    """`found` without the variants of a group that is in it too; such a variant becomes a member of its group."""
    groups = [node for node in found if "ProductGroup" in kinds(node) or "hasVariant" in node]
    by_id = {product_id(group): group for group in groups if product_id(group)}
    heads = {id(group) for group in groups}
    members = {id(member) for group in groups for member in listed(group.get("hasVariant"))} - heads
    for node in found:
        own = next(iter(listed(node.get("isVariantOf"))), None)
        named = product_id(own) if isinstance(own, dict) else None
        group = by_id.get(named) or by_id.get(product_id({"sku": node.get("inProductGroupWithID")}))
        if group is not None and id(node) not in members | heads:
            group["hasVariant"] = [*listed(group.get("hasVariant")), node]
            members.add(id(node))
    return [node for node in found if id(node) not in members]
