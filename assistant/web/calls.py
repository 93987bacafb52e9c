"""What the shopper's page asks apart from turns: a welcome, listings, policies, whether the shopper is remembered."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from assistant.errors import UnknownId
from assistant.web.carts import cart_now
from assistant.web.customers import known_in
from assistant.web.shop import Sells, Shop
from assistant.web.wire import show_listing, show_product, show_turn
from catalog import Constraint, Locale, Product

Answer = dict[str, Any]
_IN_STOCK = Constraint("in_stock", "eq", True)
_BESIDE = 4
_CATEGORIES = 24  # that are named in both languages
_LOCALES: tuple[Locale, ...] = ("en", "zh")
_log = logging.getLogger(__name__)


class Calls:
    """The functions that the page may call. None raises: an answer without `ok` says that nothing was done."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def functions(self) -> list[Callable[..., Answer]]:
        """The calls by the names that the page's scripts use."""

        def hello(session_id: Any = None) -> Answer:
            return self._hello(session_id)

        def listings(asked: Any = None) -> Answer:
            return self._listings(asked if isinstance(asked, dict) else {})

        def beside(asked: Any = None) -> Answer:
            return self._beside(asked if isinstance(asked, dict) else {})

        def policy(quote: Any = None) -> Answer:
            return self._policy(str(quote))

        def consent(shopper_id: Any = None) -> Answer:
            return self._consent(shopper_id)

        return [hello, listings, beside, policy, consent]

    def _hello(self, session_id: Any) -> Answer:
        shop = self._shop
        if not shop.ready():
            return {"ok": False}
        currency = shop.currency()
        turns: list[Answer] = []
        cart: Answer | None = None
        customer: Answer | None = None
        known = True
        if isinstance(session_id, str):
            try:
                turns = [
                    show_turn(turn, currency, shop.tokens.of(turn.id)) for turn in shop.assistant.turns(session_id)
                ]
                cart = cart_now(shop, session_id, "en")
                customer = self._customer(session_id)
            except UnknownId:
                known = False
        return {
            "ok": True,
            "known": known,
            "turns": turns,
            "cart": cart,
            "customer": customer,
            "products": len(shop.catalog),
            "currency": currency,
            "openers": {locale: list(shop.assistant.openers(locale)) for locale in _LOCALES},
            "picks": {locale: [show_product(p.localised(locale)) for p in picks(shop.catalog)] for locale in _LOCALES},
            "terms": dict(terms(shop.catalog)),
        }

    def _listings(self, asked: Answer) -> Answer:
        locale: Locale = "zh" if asked.get("locale") == "zh" else "en"
        ids = asked.get("ids") if isinstance(asked.get("ids"), list) else []
        found = [self._shop.catalog.get(id) for id in (ids or [])[:50] if isinstance(id, str)]
        return {"ok": True, "listings": [show_listing(p.localised(locale)) for p in found if p]}

    def _beside(self, asked: Answer) -> Answer:
        """What stands beside a listing, in stock only: products like it, and what was bought together with it.

        Of a sold-out product those like it are of its own category, to be bought instead.
        """
        locale: Locale = "zh" if asked.get("locale") == "zh" else "en"
        catalog = self._shop.catalog
        product = catalog.get(str(asked.get("id")))
        if product is None:
            return {"ok": False}
        wanted = [_IN_STOCK]
        if product.category and not product.in_stock:
            wanted.append(Constraint("category", "eq", product.category))
        like = [hit.product for hit in catalog.similar(product.id, wanted, _BESIDE)]
        together = [one for id in self._taken_with(product.id) if (one := catalog.get(id)) and one.in_stock][:_BESIDE]

        def shown(products: list[Product]) -> list[Answer]:
            return [show_product(one.localised(locale)) for one in products]

        return {"ok": True, "similar": shown(like), "together": shown(together)}

    def _taken_with(self, product_id: str) -> list[str]:
        try:
            return [id for id, _ in self._shop.record.bought_with(product_id, 3 * _BESIDE)]
        except Exception:
            _log.exception("the record did not tell what was bought together")
            return []

    def _policy(self, quote: str) -> Answer:
        found = next((p for p in self._shop.catalog.policies if quote and quote in p.text), None)
        return {"ok": found is not None, "title": found.title if found else "", "text": found.text if found else ""}

    def _customer(self, session_id: str) -> Answer | None:
        """Whom the shop signed in here; nobody while the books do not tell."""
        try:
            return known_in(self._shop, session_id)
        except Exception:
            _log.exception("the books did not tell who is signed in")
            return None

    def _consent(self, shopper_id: Any) -> Answer:
        """Whether the shopper of that id agrees to be remembered."""
        try:
            found = self._shop.record.memory.consent(str(shopper_id))
        except Exception:
            _log.exception("the record did not tell whether a shopper agrees")
            return {"ok": False}
        return {"ok": True, "agreed": found is not None and found.agreed}


@lru_cache(maxsize=1)
def picks(catalog: Sells) -> tuple[Product, ...]:
    """The best-rated product in stock of each of the largest categories: something to see before the first word."""
    best = (_best(catalog, category) for category in catalog.categories()[:4])
    return tuple(product for product in best if product)


def _best(catalog: Sells, category: str) -> Product | None:
    liked = catalog.first((Constraint("category", "eq", category), _IN_STOCK), "best rated", 8)
    return next((p for p in liked if p.images), liked[0] if liked else None)


@lru_cache(maxsize=1)
def terms(catalog: Sells) -> Mapping[str, str]:
    """English to Chinese for the common attribute names and values and the largest categories, for wishes as chips."""
    found: dict[str, str] = {}
    for facet in catalog.facets(locale="zh").attributes:
        found[facet.name] = facet.label
        found |= {one.value: one.label for one in facet.counts}
    for category in catalog.categories()[:_CATEGORIES]:
        hits = catalog.search("", (Constraint("category", "eq", category),), 1)
        named = next((t.category for h in hits for t in h.product.translations if t.locale == "zh"), "")
        found |= {category: named, _leaf(category): _leaf(named)} if named else {}
    return {term.casefold(): said for term, said in found.items() if not any(char.isdigit() for char in term)}


def _leaf(category: str) -> str:
    return category.split(" > ")[-1]
