"""What pages and programs may tell of shoppers' deeds, as JSON, and the deeds that it means. Amounts are whole units here."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from assistant.record.events import BadDeed, Deed, EventKind, Mark
from assistant.web.wire import Id, Token
from catalog import Product, minor_units

BATCH = 200
SEEN = 100
_DAY_MS = 86_400_000
Milliseconds = Annotated[int, Field(strict=True, ge=0, le=_DAY_MS)]


class EventIn(BaseModel):
    """What the shopper did with a product that a turn showed. `key` names it, so that sent again it is not there twice."""

    turn_id: Id
    product_id: Id
    kind: EventKind
    shopper_id: Id | None = None
    token: Annotated[Token | None, Field(description="the turn's token, as the turn gave it")] = None
    key: Annotated[Id | None, Field(description="names this event and no other")] = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    amount: Annotated[
        float | None, Field(strict=True, ge=0, le=1e9, allow_inf_nan=False, description="for all of quantity")
    ] = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    dwell_ms: Annotated[Milliseconds | None, Field(description="how long the listing was looked at")] = None
    happened_at: Annotated[AwareDatetime | None, Field(description="with its time zone, at most 90 days ago")] = None

    def deed(self, product: Product, mark: Mark | None, *, source: str) -> Deed:
        """The deed. Raises BadDeed where the amount is in another currency than `product` is sold in."""
        if self.currency not in (None, product.currency):
            raise BadDeed("currency", f"this product is sold in {product.currency}")
        amount = None if self.amount is None else round(self.amount * minor_units(product.currency))
        return Deed(
            self.turn_id, self.product_id, self.kind, self.key, self.quantity, amount,
            None if amount is None else product.currency, self.dwell_ms, source, mark, self.token is not None,
            self.happened_at,
        )  # fmt: skip


class EventsIn(BaseModel):
    """Several events at once; one that is wrong does not keep the others from being recorded."""

    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=BATCH)]


class ViewIn(BaseModel):
    """A product that was before the shopper's eyes, and for how long."""

    product_id: Id
    visible_ms: Milliseconds


class ViewsIn(BaseModel):
    """The products of a turn that were really seen."""

    turn_id: Id
    token: Token | None = None
    products: Annotated[list[ViewIn], Field(min_length=1, max_length=SEEN)]
