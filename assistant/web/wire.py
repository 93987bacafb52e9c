"""The contract's JSON: what the outside may send, and the assistant's values as the outside reads them.

Prices are decimals here and integers of the minor unit everywhere else. Knows HTTP no more than the page does.
"""

import math
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.memory.wording import asks_consent, because
from assistant.phrases import describe
from assistant.types import Evidence, Handoff, Need, Reason, Slate, SlateItem, Turn
from catalog import Constraint, Count, Facets, Locale, Op, Origin, Product, minor_units

MESSAGE_LIMIT = 4000
COMMENT_LIMIT = 2000


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold NUL characters")
    return text


def _language(tag: str) -> str:
    language = tag.replace("_", "-").split("-")[0].lower()
    if language not in ("en", "zh"):
        raise ValueError("must be en or zh")
    return language


_NO_NUL = AfterValidator(_no_nul)
Text = Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT), _NO_NUL]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200), _NO_NUL]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MESSAGE_LIMIT), _NO_NUL]
Term = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), _NO_NUL]
Token = Annotated[str, StringConstraints(max_length=200)]
Comment = Annotated[str, StringConstraints(max_length=COMMENT_LIMIT), _NO_NUL]
Language = Annotated[str, StringConstraints(max_length=35), _NO_NUL, AfterValidator(_language)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), _NO_NUL
]
FieldName = Annotated[
    str,
    StringConstraints(max_length=120, pattern=r"^(price|rating|in_stock|category|brand|id|type|text|attributes\..+)$"),
    _NO_NUL,
]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e9, le=1e9)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ConstraintIn(_Body):
    """One thing that must hold; a price is in whole currency units."""

    field: FieldName
    op: Op
    value: bool | Number | Term | Annotated[list[Term], Field(max_length=50)]
    origin: Origin = "edited"
    remembered: date | None = None

    @model_validator(mode="after")
    def _fits_its_field(self) -> "ConstraintIn":
        is_number = isinstance(self.value, float) and not isinstance(self.value, bool)
        if self.field in ("price", "rating") and not is_number:
            raise ValueError(f"value of {self.field} must be a number")
        if (self.field == "in_stock") != isinstance(self.value, bool):
            raise ValueError("value must be true or false for in_stock, and for no other field")
        return self


class NeedIn(_Body):
    """The need as the shopper edited it."""

    query: Text = ""
    category: Term | None = None
    constraints: Annotated[list[ConstraintIn], Field(max_length=40)] = []


class ChatIn(_Body):
    """What the shopper said; `need` is sent when the list of constraints was edited instead."""

    message: Words
    session_id: Id | None = None
    shopper_id: Id | None = None
    locale: Language | None = None
    need: NeedIn | None = None
    variety: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None


class FeedbackIn(_Body):
    """How a turn was liked: thumb up or down, stars or csat 1 to 5, or a comment."""

    turn_id: Id
    kind: Literal["thumb", "stars", "csat", "comment"]
    value: bool | int | Comment
    reasons: Annotated[list[Term], Field(max_length=10)] = []
    token: Annotated[Token | None, Field(description="the turn's token, as the turn gave it")] = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "FeedbackIn":
        value = self.value
        if self.kind == "thumb" and value not in ("up", "down"):
            raise ValueError("value of a thumb must be up or down")
        if self.kind in ("stars", "csat") and not (type(value) is int and 1 <= value <= 5):
            raise ValueError(f"value of {self.kind} must be a whole number from 1 to 5")
        if self.kind == "comment" and not (isinstance(value, str) and value.strip()):
            raise ValueError("value of a comment must be text")
        return self


class QuestionIn(_Body):
    """A question to the people of the shop, about a product or about nothing in particular."""

    turn_id: Id
    product_id: Id | None = None
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=COMMENT_LIMIT), _NO_NUL]
    email: Email | None = None


def read_need(body: NeedIn, currency: str) -> Need:
    """The need that `body` describes, its prices in minor units of `currency`."""
    constraints = []
    for one in body.constraints:
        value = one.value
        if one.field == "price" and isinstance(value, float):
            value = round(value * minor_units(currency))
        remembered = one.remembered if one.origin == "inferred" else None
        constraints.append(
            Constraint(one.field, one.op, tuple(value) if isinstance(value, list) else value, one.origin, remembered)
        )
    return Need(body.query, body.category, tuple(constraints))


def show_need(need: Need, currency: str) -> dict[str, Any]:
    """The need, its prices in whole units of `currency`."""
    return {
        "query": need.query,
        "category": need.category,
        "constraints": [show_constraint(c, currency) for c in need.constraints],
    }


def show_constraint(c: Constraint, currency: str) -> dict[str, Any]:
    """One thing that must hold; where it is remembered, the day and the words of its source."""
    shown = {
        "field": c.field,
        "op": c.op,
        "value": _show_value(c, currency),
        "origin": c.origin,
        "label": {"en": describe(c, currency, "en"), "zh": describe(c, currency, "zh")},
    }
    if c.remembered:
        shown |= {
            "remembered": c.remembered.isoformat(),
            "source": {"en": because(c, "en"), "zh": because(c, "zh")},
        }
    return shown


def _show_value(constraint: Constraint, currency: str) -> Any:
    value = constraint.value
    if isinstance(value, tuple):
        return list(value)
    if constraint.field == "price" and isinstance(value, int | float):
        return tidy(value / minor_units(currency))
    return value


def tidy(number: float) -> float | int:
    """60 rather than 60.0, and never a binary tail: 39.9 rather than 39.900000000000006."""
    rounded = round(number, 3)  # the decimals of a dinar; no currency has more
    return int(rounded) if math.isfinite(rounded) and rounded == int(rounded) else rounded


def show_product(product: Product) -> dict[str, Any]:
    """The lines of a product that a card shows."""
    return {
        "product_id": product.id,
        "title": product.title,
        "price": tidy(product.price),
        "currency": product.currency,
        "in_stock": product.in_stock,
        "quantity": product.quantity,
        "url": product.url,
        "image_url": product.images[0] if product.images else None,
        "category": product.category,
        "brand": product.brand,
        "rating": product.rating,
        "rating_count": product.rating_count,
        "choices": len(product.variants),
    }


def show_listing(product: Product) -> dict[str, Any]:
    """A product's whole listing."""
    return {
        **show_product(product),
        "description": product.description,
        "attributes": dict(product.attributes),
        "images": list(product.images),
        "reviews": [{"rating": r.rating, "title": r.title, "text": r.text, "date": r.date} for r in product.reviews],
        "variants": [
            {
                "id": v.id,
                "options": dict(v.options),
                "price": tidy(v.price_minor / minor_units(product.currency)),
                "in_stock": v.in_stock,
                "quantity": v.quantity,
            }
            for v in product.variants
        ],
        "locale": product.locale,
    }


def show_facets(facets: Facets, currency: str) -> dict[str, Any]:
    """Counts by what a search may be narrowed to; price bands in whole units of `currency`, both ends included."""
    units = minor_units(currency)
    return {
        "category": _show_counts(facets.categories),
        "brand": _show_counts(facets.brands),
        "price": [
            {"min": tidy(band.low / units), "max": tidy(band.high / units), "count": band.count}
            for band in facets.prices
        ],
        "attributes": [
            {"name": facet.name, "label": facet.label, "values": _show_counts(facet.counts)}
            for facet in facets.attributes
        ],
    }


def _show_counts(counts: tuple[Count, ...]) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": one.label, "count": one.count} for one in counts]


def show_evidence(evidence: Evidence) -> dict[str, Any]:
    """One quotable line, with where it stands."""
    return {
        "id": evidence.id,
        "kind": evidence.kind,
        "product_id": evidence.product_id,
        "field": evidence.field,
        "quote": evidence.quote,
    }


def _show_reason(reason: Reason) -> dict[str, Any]:
    return {"text": reason.text, "evidence": list(reason.evidence)}


def _show_item(item: SlateItem, locale: Locale) -> dict[str, Any]:
    return {
        **show_product(item.product.localised(locale)),
        "reasons": [_show_reason(r) for r in item.reasons],
        "drawback": _show_reason(item.drawback) if item.drawback else None,
    }


def show_slate(slate: Slate, locale: Locale) -> list[dict[str, Any]]:
    """The products of the shelf in `locale`, best first."""
    return [_show_item(item, locale) for item in slate.items]


def show_turn(turn: Turn, currency: str, token: str, cart: dict[str, Any] | None = None) -> dict[str, Any]:
    """A complete turn as the contract gives it; what a page needs beyond the contract comes after it.

    `token` is the turn's, `cart` that of now, which only the newest turn tells.
    """
    return {
        "session_id": turn.session_id,
        "turn_id": turn.id,
        "kind": turn.reply.kind,
        "reply": turn.reply.text,
        "need": show_need(turn.need, currency),
        "slate": show_slate(turn.slate, turn.locale),
        "evidence": [show_evidence(e) for e in _all_evidence(turn)],
        "claims": [{"text": c.text, "status": c.status, "evidence": list(c.evidence)} for c in turn.reply.claims],
        "handoff": _show_handoff(turn.handoff),
        "cart": cart,
        "timings_ms": dict(turn.timings_ms),
        "versions": {
            "model": turn.versions.model,
            "quantisation": turn.versions.quantisation,
            "prompt": turn.versions.prompt,
            "index": turn.versions.index,
            "ranker": turn.versions.ranker,
        },
        "token": token,
        "message": turn.message,
        "locale": turn.locale,
        "matching": turn.slate.matching,
        "all_counted": turn.slate.all_counted,
        "quick_replies": list(turn.reply.quick_replies),
        "comparison": asdict(turn.comparison) if turn.comparison else None,
        "question": asdict(turn.question) if turn.question else None,
        "variety": turn.variety,
        "asks_consent": asks_consent(turn.reply, turn.locale),
        "form": turn.service.get("form") if turn.service else None,
    }


def _show_handoff(handoff: Handoff | None) -> dict[str, Any] | None:
    if handoff is None:
        return None
    return {
        "ticket_id": handoff.ticket_id,
        "reason": handoff.reason,
        "summary": handoff.summary,
        "live": handoff.live,
        "agent": handoff.agent or None,
    }


def _all_evidence(turn: Turn) -> tuple[Evidence, ...]:
    """The slate's and the reply's evidence, each once, in the order of first mention."""
    return tuple({e.id: e for e in (*turn.slate.evidence, *turn.evidence)}.values())
