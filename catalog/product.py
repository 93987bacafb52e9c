"""What a shop sells, as immutable values: the truth that every answer is held to.

Prices are integers of the currency's minor unit. Knows nothing of feeds, databases or conversations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Locale = Literal["en", "zh"]

_MINOR_UNITS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 1),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 1000),
}


def minor_units(currency: str) -> int:
    """How many minor units make one unit of `currency` (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 100)


def decimals(currency: str) -> int:
    """How many decimals an amount of `currency` is written with."""
    return len(str(minor_units(currency))) - 1


@dataclass(frozen=True, slots=True)
class Review:
    """One shopper's opinion; `rating` is 1 to 5, `date` the day it was written (YYYY-MM-DD) where that is known."""

    rating: float
    text: str
    title: str = ""
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One size or colour of a product. `quantity` is None where the shop does not count."""

    id: str
    options: Mapping[str, str]
    price_minor: int
    quantity: int | None = None

    @property
    def in_stock(self) -> bool:
        return self.quantity is None or self.quantity > 0


@dataclass(frozen=True, slots=True)
class Translation:
    """A product's texts in another language; `terms` maps attribute names and values of the base language."""

    locale: Locale
    title: str
    description: str = ""
    category: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a sentence of the listing says of an attribute that the listing does not state as one.

    `name` is what the project calls the attribute; `value` stands in `sentence` and `sentence` in the listing, word for
    word. It was found by rules or by the model.
    """

    name: str
    value: str
    sentence: str
    locale: Locale
    by: Literal["rules", "model"] = "rules"


@dataclass(frozen=True, slots=True)
class Policy:
    """One section of the shop's own rules: delivery, returns, warranty, payment, or a question of the FAQ."""

    id: str
    locale: Locale
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Product:
    """One item of the catalogue in its base language, with its translations and what their prose says besides."""

    id: str
    title: str
    price_minor: int
    currency: str = "USD"
    description: str = ""
    category: str = ""
    brand: str = ""
    in_stock: bool = True
    quantity: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    url: str | None = None
    rating: float | None = None
    rating_count: int | None = None
    reviews: tuple[Review, ...] = ()
    variants: tuple[Variant, ...] = ()
    locale: Locale = "en"
    translations: tuple[Translation, ...] = ()
    extracted: tuple[Extracted, ...] = ()

    @property
    def price(self) -> float:
        """The price in whole currency units, for showing and for the contract."""
        return self.price_minor / minor_units(self.currency)

    @property
    def liking(self) -> float:
        """The mean rating, which ten ratings draw towards 3.5, so that few raters count for little."""
        count = self.rating_count or 0
        return ((self.rating or 3.5) * count + 35) / (count + 10)

    def locales(self) -> tuple[Locale, ...]:
        return (self.locale, *(t.locale for t in self.translations))

    def localised(self, locale: Locale) -> "Product":
        """The product with its texts in `locale` where it has them, else unchanged; base texts stay reachable by id."""
        translation = next((t for t in self.translations if t.locale == locale), None)
        if translation is None or locale == self.locale:
            return self
        terms = translation.terms

        def say(text: str) -> str:
            return terms.get(text, text)

        return replace(
            self,
            title=translation.title,
            description=translation.description or self.description,
            category=translation.category or self.category,
            attributes={say(name): say(value) for name, value in self.attributes.items()},
            reviews=translation.reviews or self.reviews,
            variants=tuple(
                replace(v, options={say(name): say(value) for name, value in v.options.items()}) for v in self.variants
            ),
            locale=locale,
            translations=(),
        )
