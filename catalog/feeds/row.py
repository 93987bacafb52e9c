"""Aisle's row: what every feed's rows are brought to, and the one place where they are validated.

Unknown keys are kept as attributes. It does not know which shop's convention a row came from.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from catalog.feeds.dates import day
from catalog.feeds.rejects import LONGEST_ID, Reject, storable_id
from catalog.feeds.scratch import Places, scratch
from catalog.product import Extracted, Locale, Product, Review, Translation, Variant, minor_units
from catalog.tokens import has_cjk

_OWN = "extracted"  # the one key that only this project's own rows have
_SPELL = json.JSONEncoder(ensure_ascii=False).encode
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON spells it; PostgreSQL cannot hold it

_Price = Annotated[Decimal, Field(ge=0, le=10_000_000_000, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
_Stars = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Row:
    """An Aisle row with the place in the feed that it was made from."""

    source: str
    line: int
    fields: Mapping[str, Any]


class _Strict(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_missing(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None and not _is_nan(value)}


class _Review(_Strict):
    rating: _Stars
    text: str = ""
    title: str = ""
    date: Annotated[str | None, BeforeValidator(day)] = None


class _Variant(_Strict):
    id: str = Field(min_length=1)
    options: dict[str, str] = Field(default_factory=dict)
    price: _Price | None = None
    quantity: _Count | None = None


class _ReviewText(_Strict):
    title: str = ""
    text: str = ""


class _Translation(_Strict):
    title: str = Field(min_length=1)
    description: str = ""
    category: str = ""
    terms: dict[str, str] = Field(default_factory=dict)
    reviews: list[_ReviewText] = Field(default_factory=list)


class _Extracted(_Strict):
    name: str
    value: str
    sentence: str
    locale: Locale
    by: Literal["rules", "model"] = "rules"


class _Row(_Strict):
    model_config = ConfigDict(str_strip_whitespace=True, coerce_numbers_to_str=True, extra="allow")

    id: str = Field(min_length=1, max_length=LONGEST_ID)
    title: str = Field(min_length=1, max_length=1000)
    description: str = ""
    category: str = ""
    brand: str = ""
    price: _Price
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    in_stock: bool | None = None
    quantity: _Count | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    images: list[str] = Field(default_factory=list)
    url: str | None = None
    rating: _Stars | None = None
    rating_count: _Count | None = None
    reviews: list[_Review] = Field(default_factory=list)
    variants: list[_Variant] = Field(default_factory=list)
    locale: Locale | None = None
    translations: dict[Locale, _Translation] = Field(default_factory=dict)
    extracted: list[_Extracted] = Field(default_factory=list)

    @field_validator("description", "category", "brand", mode="before")
    @classmethod
    def _path(cls, value: Any) -> Any:
        return " > ".join(str(part) for part in value) if isinstance(value, list) else value

    @field_validator("url", mode="after")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://", "/")):
            raise ValueError("must start with http://, https:// or /")
        return value


def to_products(rows: Iterable[Row | Reject]) -> Iterator[Product | Reject]:
    """Each row as the product it describes, or why it is none; of rows with one id the first stands.

    What its prose says besides its attributes is never taken from a feed. Which ids there were is kept on
    disk.
    """
    with scratch() as disk:
        given = Places(disk)
        for row in rows:
            found = row if isinstance(row, Reject) else _checked(row)
            if isinstance(found, Product) and isinstance(row, Row):
                place = f"{row.source}:{row.line}"
                if (first := given.first(found.id, place)) != place:
                    reason = f"{found.id!r} was already given at {first}"
                    found = Reject(row.source, row.line, "id", reason, found.id)
            yield found


def _checked(row: Row) -> Product | Reject:
    try:
        return to_product({name: value for name, value in row.fields.items() if name != _OWN})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(row)"
        reason = first["msg"].removeprefix("Value error, ")
    except UnicodeEncodeError:
        field, reason = "(row)", "holds half of a surrogate pair"
    except ValueError as error:
        field, reason = "(row)", str(error)
    except RecursionError:
        field, reason = "(row)", "is nested too deeply"
    return Reject(row.source, row.line, field, reason, storable_id(row.fields.get("id")))


def to_product(row: Mapping[str, Any]) -> Product:
    """The product that one row of this project's own describes: a feed's row is such a one without what was extracted.

    Raises ValueError: pydantic's ValidationError, which names the field, or one on characters that cannot be stored.
    """
    r = _Row.model_validate(row)
    text = _SPELL(row)
    text.encode()
    if "\\u0000" in text and _NUL.search(text):
        raise ValueError("holds a NUL character")
    price = _minor(r.price, r.currency)
    flat = {name.strip(): _flat(value) for name, value in {**(r.model_extra or {}), **r.attributes}.items()}
    variants = tuple(
        Variant(v.id, v.options, price if v.price is None else _minor(v.price, r.currency), v.quantity)
        for v in r.variants
    )
    base: Locale = r.locale or ("zh" if has_cjk(r.title) else "en")
    return Product(
        id=r.id,
        title=r.title,
        price_minor=price,
        currency=r.currency,
        description=r.description,
        category=r.category,
        brand=r.brand,
        in_stock=_in_stock(r, variants),
        quantity=r.quantity,
        attributes={name: value for name, value in flat.items() if name and value},
        images=tuple(image for image in r.images if image.startswith(("http://", "https://", "/"))),
        url=r.url or None,
        rating=r.rating,
        rating_count=r.rating_count,
        reviews=tuple(Review(v.rating, v.text, v.title, v.date) for v in r.reviews if v.text or v.title),
        variants=variants,
        locale=base,
        translations=tuple(
            _translation(locale, t, r.reviews) for locale, t in r.translations.items() if locale != base
        ),
        extracted=tuple(Extracted(e.name, e.value, e.sentence, e.locale, e.by) for e in r.extracted),
    )


def _in_stock(r: _Row, variants: tuple[Variant, ...]) -> bool:
    """What the row says; else by its quantity; else whether any variant is in stock."""
    if r.in_stock is not None:
        return r.in_stock
    if r.quantity is not None:
        return r.quantity > 0
    return not variants or any(v.in_stock for v in variants)


def _translation(locale: Locale, t: _Translation, base: list[_Review]) -> Translation:
    """The texts of `t`; its reviews stand in the order of the base language's and take ratings and days from there."""
    pairs = [(b, v) for b, v in zip(base, t.reviews, strict=False) if b.text or b.title]
    reviews = tuple(Review(b.rating, v.text, v.title, b.date) for b, v in pairs)
    return Translation(locale, t.title, t.description, t.category, t.terms, reviews)


def _minor(price: Decimal, currency: str) -> int:
    return int((price * minor_units(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or _is_nan(value):
        return ""
    if isinstance(value, list):
        return ", ".join(part for part in map(_flat, value) if part)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text}" for name, part in value.items() if (text := _flat(part)))
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value).strip()


def to_row(product: Product) -> dict[str, Any]:
    """The feed row that `to_product` reads back as `product`; how products are stored and exported."""
    scale = Decimal(minor_units(product.currency))
    row: dict[str, Any] = {
        "id": product.id, "title": product.title, "description": product.description, "category": product.category,
        "brand": product.brand, "price": str(product.price_minor / scale), "currency": product.currency,
        "in_stock": product.in_stock, "quantity": product.quantity, "attributes": dict(product.attributes),
        "images": list(product.images), "url": product.url, "rating": product.rating,
        "rating_count": product.rating_count,
        "reviews": [
            {"rating": r.rating, "title": r.title, "text": r.text, **({"date": r.date} if r.date else {})}
            for r in product.reviews
        ],
        "variants": [
            {"id": v.id, "options": dict(v.options), "price": str(v.price_minor / scale), "quantity": v.quantity}
            for v in product.variants
        ],
        "locale": product.locale,
        "translations": {
            t.locale: {
                "title": t.title, "description": t.description, "category": t.category, "terms": dict(t.terms),
                "reviews": [{"title": r.title, "text": r.text} for r in t.reviews],
            }
            for t in product.translations
        },
    }  # fmt: skip
    if product.extracted:
        row[_OWN] = [asdict(found) for found in product.extracted]
    return row
