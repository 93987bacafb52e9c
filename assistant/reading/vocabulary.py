"""The words that this catalogue and shoppers have in common, learnt once from the catalogue and a small general lexicon."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from assistant.reading.kinds import KIND_ATTRIBUTES, kind_of, learn_kinds, named_head, singular, views
from catalog import Catalog, Product, field_values, has_cjk, measure, mentions, thing_rows, tokens

_MAX_VALUE_WORDS = 4
_NOT_NAMED = frozenset({"gender", "适用性别", "care", "洗护", *(name.casefold() for name in KIND_ATTRIBUTES)})
_SAYS_NOTHING = frozenset("yes no none all any other both 是 否 无 有 全部 其他 其它".split())
_ONLY_SPOKEN = "~"
_MEANS_IT = 0.5  # the part of the listings using a word that must mean the attribute by it
_LEARNT = 20_000  # products that are read; of a larger catalogue as many, evenly spread
_MEASURED = 0.5  # the part of an attribute's values that must be given in a unit


@dataclass(frozen=True, slots=True)
class Term:
    """One value a shopper may name: the attribute it belongs to, and all its forms in both languages."""

    attribute: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`terms`, `brands` and `categories` by their folded form; `types` are singular words that name kinds ("bag", "鞋").

    `compounds` hold a colour or material that states none there: ("white", "noise"), "蓝牙". `units` give for each base
    unit the attributes measured in it, by all the names these go by; `sizes` are sizes in words ("queen"). `phrases` are
    names within titles, in the singular. `said_of` gives the stemmed words in the listings of a kind that ends compounds,
    `spoken_of` the Chinese text of a category's listings. Of a large catalogue most of it is learnt from a part, and
    `titled` tells whether any title holds all words of a name; of a catalogue that was learnt `partly` it tells of names too.
    """

    terms: Mapping[str, Term]
    brands: Mapping[str, str]
    categories: Mapping[str, str]
    types: frozenset[str]
    units: Mapping[str, Mapping[str, tuple[str, ...]]]
    currency: str
    sizes: Mapping[str, tuple[str, ...]]
    prose: frozenset[str]
    compounds: frozenset[str]
    phrases: frozenset[str]
    said_of: Mapping[str, frozenset[str]]
    spoken_of: Mapping[str, str]
    titled: Callable[[str], bool] = lambda name: False
    partly: bool = False

    def carries(self, name: str) -> bool:
        """Whether a thing goes by `name` in this catalogue: as a kind, or as a compound in a title."""
        return name in self.types or name in self.phrases or (self.partly and self.titled(name))

    def type_of(self, word: str) -> str | None:
        """The kind that `word` names, if it names one."""
        return kind_of(word, self.types)


@cache
def table(name: str) -> Any:
    """One of the YAML word lists beside this module, read once."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
    return yaml.load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506


@cache
def lexicon() -> Mapping[str, Term]:
    """The colours and materials that are known everywhere, by their folded form."""
    return {
        form.removeprefix(_ONLY_SPOKEN).casefold(): Term(name, tuple(f for f in row if f[0] != _ONLY_SPOKEN))
        for name, rows in table("lexicon").items()
        for row in rows
        for form in row
    }


def vocabulary_of(catalog: Catalog) -> Vocabulary:
    """The vocabulary of a catalogue, in bounded time and memory whatever its size."""
    if len(catalog) <= _LEARNT:
        return replace(learn(catalog), titled=catalog.titled)
    leaves = {_leaf(name).casefold(): _leaf(base) for name, base in catalog.category_names().items()}
    brands = {brand.casefold(): brand for brand in catalog.brands() if len(brand) > 1}
    learnt = learn(catalog.sample(_LEARNT))
    return replace(learnt, brands=brands, categories=leaves, titled=catalog.titled, partly=True)


def learn(products: Iterable[Product]) -> Vocabulary:
    """The vocabulary of these products."""
    products = tuple(products)
    kinds = learn_kinds(products)
    terms = dict(lexicon())
    texts = [" ".join((v.title, v.description)).casefold() for v in views(products)]
    owners = [product for product in products for _ in product.locales()]
    values = list(_attribute_values(products))
    for name, forms in values:
        for form in forms:
            if form.casefold() not in terms and _means_it(form.casefold(), name, texts, owners):
                terms[form.casefold()] = Term(name, forms)
    currencies = Counter(product.currency for product in products)
    return Vocabulary(
        terms=terms,
        brands={product.brand.casefold(): product.brand for product in products if len(product.brand) > 1},
        categories=_categories(products),
        types=kinds,
        units=_units(products),
        currency=currencies.most_common(1)[0][0] if currencies else "USD",
        sizes={form.casefold(): forms for name, forms in values if name == "Size" for form in forms},
        prose=frozenset(w for v in views(products) for w in re.findall(r"\b[a-z][a-z']+\b", v.description)),
        compounds=frozenset(_compounds(products)),
        phrases=frozenset(_phrases(products)),
        said_of=_said_of(products, kinds),
        spoken_of=_spoken_of(products),
    )


def _phrases(products: Iterable[Product]) -> Iterator[str]:
    """What products go by: English pairs and triples in titles, how a title ends once "set", "套装" and the like are off,
    styles and types, and what heads each part of a category's name: "Phone Accessories" are no phones.
    """
    for view in views(products):
        filed = [view.category.split(" > ")[-1], *(v for n, v in view.attributes.items() if n in KIND_ATTRIBUTES)]
        for name in filed:
            yield name.casefold()
            yield from (
                singular(part.split()[-1])
                for part in re.split(r"&|,|/|\band\b|[与和及、]", name.casefold())
                if part.strip()
            )
        spoken = [singular(word) for word in re.findall(r"[a-z0-9'-]+", view.title.casefold())]
        for count in (2, 3):
            yield from (" ".join(spoken[i : i + count]) for i in range(len(spoken) - count + 1))
        head = named_head(view.title)
        if head:
            yield from (head[i:] for i in range(len(head) - 1)) if has_cjk(head) else (singular(head),)


def _said_of(products: Iterable[Product], kinds: frozenset[str]) -> dict[str, frozenset[str]]:
    """What the listings of a kind say in English, for the kinds that end a compound name of a thing."""
    last = {name.rpartition(" ")[2] for row in thing_rows() for name in row if " " in name} & kinds
    found: dict[str, set[str]] = {kind: set() for kind in last}
    for view in views(products):
        for word in {singular(word) for word in re.findall(r"[a-z]+", view.title.casefold())} & last:
            found[word].update(tokens(f"{view.title} {view.category} {view.description}"))
    return {kind: frozenset(said) for kind, said in found.items()}


def _spoken_of(products: Iterable[Product]) -> dict[str, str]:
    """All Chinese text of the listings of each category, by its names in all languages."""
    texts: dict[str, list[str]] = {}
    for product in products:
        for locale in product.locales():
            view = product.localised(locale)
            if has_cjk(view.description):
                for name in {product.category, view.category}:
                    texts.setdefault(name, []).append(view.description)
    return {name: "\n".join(found) for name, found in texts.items()}


def _categories(products: Iterable[Product]) -> dict[str, str]:
    """Leaf names in all languages, with the base language's name for each."""
    return {
        _leaf(product.localised(locale).category).casefold(): _leaf(product.category)
        for product in products
        for locale in product.locales()
        if product.category
    }


def _leaf(path: str) -> str:
    return path.split(" > ")[-1]


def _attribute_values(products: Iterable[Product]) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for product in products:
        pairs = [*product.attributes.items(), *(pair for v in product.variants for pair in v.options.items())]
        for name, value in pairs:
            if name.casefold() not in _NOT_NAMED and _is_word(value) and measure(value) is None:
                forms = dict.fromkeys([value, *(t.terms[value] for t in product.translations if value in t.terms)])
                found.setdefault((name, value), tuple(forms))
    return ((name, forms) for (name, _), forms in found.items())


def _is_word(value: str) -> bool:
    limit = 6 if has_cjk(value) else 24
    return 1 < len(value) <= limit and len(value.split()) <= _MAX_VALUE_WORDS and value.casefold() not in _SAYS_NOTHING


def _means_it(form: str, attribute: str, texts: list[str], owners: list[Product]) -> bool:
    """Whether a value is a word for this attribute and not one for anything ("light" is more than a roast)."""
    users = [product for text, product in zip(texts, owners, strict=True) if form in text and mentions(text, form)]
    meant = sum(_states(product, attribute, form) for product in users)
    return meant >= _MEANS_IT * len(users)


def _states(product: Product, attribute: str, form: str) -> bool:
    pairs = [*product.attributes.items(), *(pair for v in product.variants for pair in v.options.items())]
    values = [value for name, value in pairs if name == attribute]
    values += [t.terms[value] for value in values for t in product.translations if value in t.terms]
    return any(form in value.casefold() for value in values)


def _compounds(products: Iterable[Product]) -> Iterator[str]:
    """Pairs of a title's words that hold a colour or material which the listing, stating others, does not have."""
    for product in products:
        titles = [title.casefold() for title in (product.title, *(t.title for t in product.translations))]
        for form, term in lexicon().items():
            held = [title for title in titles if form in title]
            if held and product.attributes.get(term.attribute) and not _is_made(product, term):
                for title in held:
                    yield from _neighbours(title, form)


def _is_made(product: Product, term: Term) -> bool:
    stated = [str(value) for value in field_values(product, f"attributes.{term.attribute}")]
    return any(mentions(value, form) for value in stated for form in term.forms)


def _neighbours(title: str, form: str) -> Iterator[str]:
    if has_cjk(form):
        place = title.find(form)
        pairs = (title[place : place + len(form) + 1], title[max(place - 1, 0) : place + len(form)])
        yield from (pair for pair in pairs if len(pair) > len(form) and all(has_cjk(char) for char in pair))
        return
    spoken = [singular(word) for word in re.findall(r"[a-z]+", title)]
    yield from (f"{a} {b}" for a, b in zip(spoken, spoken[1:], strict=False) if form in (a, b))


def _units(products: tuple[Product, ...]) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each base unit the attributes given in it, stated or in prose, most frequent first, by all their names."""
    counts: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    names: dict[str, dict[str, None]] = {}
    for product in products:
        found = ((one.name, one.value) for one in product.extracted if one.locale == product.locale)
        for name, value in (*product.attributes.items(), *found):
            totals[name] += 1
            names.setdefault(name, {name: None}).update(
                (t.terms[name], None) for t in product.translations if name in t.terms
            )
            measured = measure(value)
            if measured and measured[1]:
                counts.setdefault(measured[1], Counter())[name] += 1
    return {
        unit: {
            name: tuple(names[name])
            for name, count in counter.most_common()
            if count >= _MEASURED * min(totals[name], counter.total())
        }
        for unit, counter in counts.items()
    }
