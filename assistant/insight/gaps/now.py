"""Whether the catalogue has now what was missing, and which of its listings do not state an attribute."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from assistant.insight.gaps.types import Lacking, State
from assistant.lacking import MORE
from assistant.reading.vocabulary import Vocabulary, table, vocabulary_of
from assistant.record import codec
from assistant.retrieve import search_constraints
from assistant.wanted import names_of
from catalog import Catalog, Constraint, Product, canonical, mentions, named_row, same_name, tokens

_LOOKED_AT = 500  # listings of one category


class Now:
    """Looks things up in the catalogue as it is now; what is asked again is remembered until the catalogue changes."""

    def __init__(self, catalog: Callable[[], Catalog]) -> None:
        self._catalog = catalog
        self._known: dict[tuple[str, ...], Lacking] = {}
        self._version = ""
        self._words: tuple[str, Vocabulary] | None = None
        self._learning = threading.Lock()

    def _vocabulary(self) -> Vocabulary:
        """The words of the catalogue as it is."""
        with self._learning:
            catalog = self.catalog
            if self._words is None or self._words[0] != catalog.version:
                self._words = (catalog.version, vocabulary_of(catalog))
            return self._words[1]

    @property
    def catalog(self) -> Catalog:
        """The catalogue that holds now."""
        return self._catalog()

    def carried(self, key: str, said: str) -> State:
        """Whether any product is of a kind: by its names, or where the lexicons know none by its words."""
        if named_row(key) is None:
            known = [self.catalog.knows(token) for token in tokens(said)]
            return "filled" if known and all(known) else "open"
        carries = self._vocabulary().carries
        return "filled" if any(carries(name.casefold()) for name in names_of(key, said)) else "open"

    def fits(self, key: str, need: Mapping[str, Any], failed: Mapping[str, Any] | None) -> State:
        """Whether something meets all of a need now; wanting more choice is never filled."""
        if key == MORE:
            return "open"
        more = (codec.constraint_from_json(failed),) if failed else ()
        wishes = dict.fromkeys((*search_constraints(codec.need_from_json(need)), *more))
        return "filled" if self.catalog.count(wishes) else "open"

    def stocked(self, product_id: str) -> State:
        """Whether a product is in stock again."""
        product = self.catalog.get(product_id)
        return "gone" if product is None else "filled" if product.in_stock else "open"

    def says(self, product_id: str, key: str, said: str) -> State:
        """Whether a product's listing states an attribute now."""
        product = self.catalog.get(product_id)
        return "gone" if product is None else "filled" if states(product, key, said) else "open"

    def of_category(self, name: str) -> Product | None:
        """A product of the category that goes by `name` in any language."""
        named = self.catalog.category_names()
        base = named.get(name) or next(
            (path for called, path in named.items() if called.split(" > ")[-1] == name), None
        )
        found = self.catalog.search("", (Constraint("category", "eq", base),), 1) if base else []
        return found[0].product if found else None

    def lacking(self, category: str, key: str, said: str) -> Lacking:
        """How many listings of a category do not state an attribute, of all or of the first that are looked at."""
        if self._version != self.catalog.version:
            self._known, self._version = {}, self.catalog.version
        if (category, key) not in self._known:
            home = (Constraint("category", "eq", category),)
            looked_at = [hit.product for hit in self.catalog.search("", home, _LOOKED_AT)]
            silent = sum(not states(product, key, said) for product in looked_at)
            self._known[category, key] = Lacking(silent, len(looked_at))
        return self._known[category, key]


def states(product: Product, key: str, said: str) -> bool:
    """Whether a listing states an attribute under any name for it; of a feature whether any of its texts speaks of it."""
    if key == "Brand":
        return bool(product.brand)
    aspect = table("aspects").get(key)
    names = {*same_name(key), *(name.casefold() for name in (aspect["names"] if aspect else ()))}
    stated = [*product.attributes, *(name for variant in product.variants for name in variant.options)]
    stated += [name for one in product.translations for name in one.terms.values()]
    if any(name.casefold() in names for name in stated) or any(one.name == key for one in product.extracted):
        return True
    if aspect or canonical(key):
        return False
    texts = [f"{view.title}\n{view.description}" for view in map(product.localised, product.locales())]
    texts += [f"{name} {value}" for name, value in product.attributes.items()]
    return any(mentions(text, form) for text in texts for form in names_of(key, said))
