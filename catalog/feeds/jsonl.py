"""Aisle's own feed: one JSON object a line, as the contract says. Unknown keys are kept as attributes."""

import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from catalog.errors import FeedError
from catalog.product import Locale, Product, Review, Translation, Variant, minor_units
from catalog.tokens import has_cjk

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON spells it; PostgreSQL cannot hold it

_Price = Annotated[Decimal, Field(ge=0, le=10_000_000_000, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
_Stars = Annotated[float, Field(ge=0, le=5, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was left out: where it stands and what is wrong with which field."""

    source: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.field}: {self.reason}"


class _Strict(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_missing(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if not _missing(value)} if isinstance(data, dict) else data


class _Review(_Strict):
    rating: _Stars
    text: str = ""
    title: str = ""


class _Variant(_Strict):
    id: str = Field(min_length=1)
    options: dict[str, str] = {}
    price: _Price | None = None
    quantity: _Count | None = None


class _ReviewText(_Strict):
    title: str = ""
    text: str = ""


class _Translation(_Strict):
    title: str = Field(min_length=1)
    description: str = ""
    category: str = ""
    terms: dict[str, str] = {}
    reviews: list[_ReviewText] = []


class _Row(_Strict):
    model_config = ConfigDict(str_strip_whitespace=True, coerce_numbers_to_str=True, extra="allow")

    id: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=1000)
    description: str = ""
    category: str = ""
    brand: str = ""
    price: _Price
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$")
    in_stock: bool | None = None
    quantity: _Count | None = None
    attributes: dict[str, Any] = {}
    images: list[str] = []
    url: str | None = None
    rating: _Stars | None = None
    rating_count: _Count | None = None
    reviews: list[_Review] = []
    variants: list[_Variant] = []
    locale: Locale | None = None
    translations: dict[Locale, _Translation] = {}

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


def read_jsonl(path: Path) -> Iterator[Product | Reject]:
    """Every row of a JSONL file, or of all JSONL files of a folder in name order; a repeated id is a Reject.

    Raises FeedError where there is nothing to read.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise FeedError(f"no feed at {path}: give a JSONL file, or a folder that holds some")
    seen: dict[str, str] = {}
    for file in files:
        for number, raw in _lines(file):
            row = _parse(raw, file.name, number)
            if isinstance(row, Product) and row.id in seen:
                row = Reject(file.name, number, "id", f"{row.id!r} was already given at {seen[row.id]}")
            elif isinstance(row, Product):
                seen[row.id] = f"{file.name}:{number}"
            yield row


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of `file` that hold anything, with their numbers; a byte order mark is no content."""
    try:
        with file.open("rb") as lines:
            for number, raw in enumerate(lines, start=1):
                if raw.removeprefix(BOM_UTF8).strip():
                    yield number, raw
    except OSError as error:
        raise FeedError(f"the feed {file} cannot be read: {error.strerror}") from error


def _parse(raw: bytes, source: str, line: int) -> Product | Reject:
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Reject(source, line, "(row)", f"not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Reject(source, line, "(row)", f"not JSON: {error}")
    if not isinstance(row, dict):
        return Reject(source, line, "(row)", f"an object is expected, this is a {type(row).__name__}")
    try:
        return to_product(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(row)"
        return Reject(source, line, field, first["msg"].removeprefix("Value error, "))
    except UnicodeEncodeError:
        return Reject(source, line, "(row)", "holds half of a surrogate pair")
    except ValueError as error:
        return Reject(source, line, "(row)", str(error))
    except RecursionError:
        return Reject(source, line, "(row)", "is nested too deeply")


def to_product(row: Mapping[str, Any]) -> Product:
    """The product that one feed row describes.

    Raises ValueError: pydantic's ValidationError, which names the field, or one on characters that cannot be stored.
    """
    r = _Row.model_validate(row)
    text = json.dumps(row, ensure_ascii=False)
    text.encode()
    if _NUL.search(text):
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
        reviews=tuple(Review(v.rating, v.text, v.title) for v in r.reviews if v.text or v.title),
        variants=variants,
        locale=base,
        translations=tuple(
            _translation(locale, t, r.reviews) for locale, t in r.translations.items() if locale != base
        ),
    )


def _in_stock(r: _Row, variants: tuple[Variant, ...]) -> bool:
    """What the row says; else by its quantity; else whether any variant is in stock."""
    if r.in_stock is not None:
        return r.in_stock
    if r.quantity is not None:
        return r.quantity > 0
    return not variants or any(v.in_stock for v in variants)


def _translation(locale: Locale, t: _Translation, base: list[_Review]) -> Translation:
    """The texts of `t`; its reviews stand in the order of the base language's and take their ratings from there."""
    pairs = [(b, v) for b, v in zip(base, t.reviews, strict=False) if b.text or b.title]
    reviews = tuple(Review(b.rating, v.text, v.title) for b, v in pairs)
    return Translation(locale, t.title, t.description, t.category, t.terms, reviews)


def _minor(price: Decimal, currency: str) -> int:
    return int((price * minor_units(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _flat(value: Any) -> str:
    if _missing(value):
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
        "reviews": [{"rating": r.rating, "title": r.title, "text": r.text} for r in product.reviews],
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
    return row
