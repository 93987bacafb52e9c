"""What products can be had as, read from the catalogue: each variant in stock or not, at its price now."""

from collections.abc import Callable

from assistant.service.types import Offer
from catalog import Product


class CatalogOffers:
    """Offers over a catalogue; `get` finds a product by its id."""

    def __init__(self, get: Callable[[str], Product | None]) -> None:
        self._get = get

    def of(self, product_id: str) -> tuple[Offer, ...]:
        """The variants of a product; a product without any is its only offer, one that is not sold has none."""
        product = self._get(product_id)
        if product is None:
            return ()
        if not product.variants:
            only = Offer(
                product.id, product.id, product.title, product.price_minor, product.in_stock, category=product.category
            )
            return (only,)
        return tuple(
            Offer(
                variant.id,
                product.id,
                product.title,
                variant.price_minor,
                product.in_stock and variant.in_stock,
                dict(variant.options),
                product.category,
            )
            for variant in product.variants
        )
