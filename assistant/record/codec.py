"""Values of a conversation as JSON and back, without loss. Products stay in the catalogue: a slate keeps their ids."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.types import (
    Cell,
    Claim,
    Comparison,
    Evidence,
    Need,
    Option,
    Question,
    Reason,
    Row,
    Slate,
    SlateItem,
)
from catalog import Constraint, Locale, Product

Json = dict[str, Any]
Products = Callable[[str], Product | None]


def need_to_json(need: Need) -> Json:
    """The need as JSON; a constraint's tuple of values becomes a list."""
    constraints = [constraint_to_json(c) for c in need.constraints]
    return {"query": need.query, "category": need.category, "constraints": constraints}


def need_from_json(row: Mapping[str, Any]) -> Need:
    """The need that `need_to_json` was given."""
    return Need(row["query"], row["category"], tuple(constraint_from_json(one) for one in row["constraints"]))


def constraint_to_json(c: Constraint) -> Json:
    """One constraint as JSON, with the day on which a remembered one was said."""
    remembered = {"remembered": c.remembered.isoformat()} if c.remembered else {}
    return {"field": c.field, "op": c.op, "value": c.value, "origin": c.origin} | remembered


def constraint_from_json(row: Mapping[str, Any]) -> Constraint:
    """The constraint that `constraint_to_json` was given."""
    value = tuple(row["value"]) if isinstance(row["value"], list) else row["value"]
    remembered = date.fromisoformat(row["remembered"]) if "remembered" in row else None
    return Constraint(row["field"], row["op"], value, row["origin"], remembered)


def slate_to_json(slate: Slate) -> Json:
    """The slate as JSON, each product as its id."""
    return {
        "items": [_item_to_json(item) for item in slate.items],
        "matching": slate.matching,
        "all_counted": slate.all_counted,
        "evidence": [evidence_to_json(one) for one in slate.evidence],
    }


def slate_from_json(row: Mapping[str, Any], products: Products, locale: Locale) -> Slate:
    """The slate in `locale`, without the items whose product `products` no longer knows."""
    found = ((item, products(item["product_id"])) for item in row["items"])
    items = tuple(_item(item, product.localised(locale)) for item, product in found if product is not None)
    evidence = tuple(evidence_from_json(one) for one in row["evidence"])
    return Slate(items, row["matching"], evidence, row.get("all_counted", True))


def _item_to_json(item: SlateItem) -> Json:
    return {
        "product_id": item.product.id,
        "score": item.score,
        "reasons": [_reason_to_json(reason) for reason in item.reasons],
        "drawback": _reason_to_json(item.drawback) if item.drawback else None,
    }


def _item(row: Mapping[str, Any], product: Product) -> SlateItem:
    drawback = _reason(row["drawback"]) if row["drawback"] else None
    return SlateItem(product, float(row["score"]), tuple(_reason(one) for one in row["reasons"]), drawback)


def _reason_to_json(reason: Reason) -> Json:
    return {"text": reason.text, "evidence": list(reason.evidence)}


def _reason(row: Mapping[str, Any]) -> Reason:
    return Reason(row["text"], tuple(row["evidence"]))


def evidence_to_json(evidence: Evidence) -> Json:
    """One line of evidence as JSON."""
    return {
        "id": evidence.id,
        "kind": evidence.kind,
        "product_id": evidence.product_id,
        "field": evidence.field,
        "quote": evidence.quote,
    }


def evidence_from_json(row: Mapping[str, Any]) -> Evidence:
    """The evidence that `evidence_to_json` was given."""
    return Evidence(row["id"], row["kind"], row["product_id"], row["field"], row["quote"])


def claim_to_json(claim: Claim) -> Json:
    """One claim as JSON."""
    return {"text": claim.text, "status": claim.status, "evidence": list(claim.evidence)}


def claim_from_json(row: Mapping[str, Any]) -> Claim:
    """The claim that `claim_to_json` was given."""
    return Claim(row["text"], row["status"], tuple(row["evidence"]))


def comparison_to_json(comparison: Comparison) -> Json:
    """The comparison as JSON."""
    return asdict(comparison)


def comparison_from_json(row: Mapping[str, Any]) -> Comparison:
    """The comparison that `comparison_to_json` was given."""

    def cell(one: Mapping[str, Any]) -> Cell:
        return Cell(one["product_id"], one["text"], tuple(one["evidence"]), one["better"])

    rows = (Row(line["name"], line["field"], tuple(cell(one) for one in line["cells"])) for line in row["rows"])
    return Comparison(tuple(row["columns"]), tuple(rows), row["advice"])


def question_to_json(question: Question) -> Json:
    """The question as JSON."""
    return asdict(question)


def question_from_json(row: Mapping[str, Any]) -> Question:
    """The question that `question_to_json` was given."""
    options = tuple(Option(one["label"], one["meant"]) for one in row["options"])
    return Question(row["text"], row["field"], options, row["about"])
