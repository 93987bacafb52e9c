"""The words that this catalogue and shoppers have in common, learnt once from the catalogue and a small general lexicon."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog import STOPWORDS, Product, has_cjk, measure, words

_MAX_VALUE_WORDS = 4
_SMALL_CATALOGUE = 400
_KIND_COUNT = 5  # a style that this many products of one category share names a kind, not a look
_KIND_ATTRIBUTES = ("Style", "Type", "类型")
_NOT_NAMED = frozenset({"gender", "适用性别", "care", "洗护", *(name.casefold() for name in _KIND_ATTRIBUTES)})
_GENERIC = frozenset(
    "set kit pack pair piece collection edition home style size gift can duo combo bundle"
    " 套装 新款 系列 组合 世界 功能 设备 用品 件套 一只 只装 礼盒 款式".split()
)
_SHORT_CHINESE_KINDS = frozenset("灯鞋壶被枕笔裙茶床包伞杯碗锅刀书钟镜帽袜椅桌凳柜盘毯靴花伞梳皂")


@dataclass(frozen=True, slots=True)
class Term:
    """One value a shopper may name: the attribute it belongs to, and all its forms in both languages."""

    attribute: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`terms` and `brands` by their folded form; `types` are singular words that name kinds ("bag", "鞋")."""

    terms: Mapping[str, Term]
    brands: Mapping[str, str]
    categories: Mapping[str, str]
    types: frozenset[str]
    units: Mapping[str, tuple[str, ...]]
    currency: str
    prose: frozenset[str]

    def type_of(self, word: str) -> str | None:
        """The kind that `word` names: its singular, or for Chinese its longest ending that names one."""
        if not has_cjk(word):
            single = singular(word)
            return single if single in self.types else None
        bare = word[:-1] if len(word) == 2 and word[-1] in "子头" and word[0] in self.types else word
        return next((bare[i:] for i in range(len(bare)) if bare[i:] in self.types), None)


def singular(word: str) -> str:
    """The singular of an English noun, near enough for comparing kinds of products."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ves") and len(word) > 4:
        return word[:-3] + ("fe" if word[-4] in "i" else "f")
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


@cache
def table(name: str) -> Any:
    """One of the YAML word lists beside this module, read once."""
    import yaml

    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def learn(products: Iterable[Product]) -> Vocabulary:
    """The vocabulary of a catalogue."""
    products = tuple(products)
    terms = {
        form.casefold(): Term(name, tuple(forms))
        for name, rows in table("lexicon").items()
        for forms in rows
        for form in forms
    }
    for name, forms in _attribute_values(products):
        for form in forms:
            terms.setdefault(form.casefold(), Term(name, forms))
    categories = {
        view.category.casefold(): product.category for product in products for view in _views(product) if view.category
    }
    currencies = Counter(product.currency for product in products)
    prose = {w for p in products for v in _views(p) for w in re.findall(r"\b[a-z][a-z']+\b", v.description)}
    return Vocabulary(
        terms=terms,
        brands={product.brand.casefold(): product.brand for product in products if len(product.brand) > 1},
        categories=categories,
        types=_types(products),
        units=_units(products),
        currency=currencies.most_common(1)[0][0] if currencies else "USD",
        prose=frozenset(prose),
    )


def _views(product: Product) -> list[Product]:
    return [product.localised(locale) for locale in product.locales()]


def _attribute_values(products: Iterable[Product]) -> Iterable[tuple[str, tuple[str, ...]]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for product in products:
        pairs = [*product.attributes.items(), *(pair for v in product.variants for pair in v.options.items())]
        for name, value in pairs:
            if name.casefold() not in _NOT_NAMED and _is_word(value) and measure(value) is None:
                forms = dict.fromkeys([value, *(t.terms[value] for t in product.translations if value in t.terms)])
                found.setdefault((name, value), tuple(forms))
    return [(name, forms) for (name, _), forms in found.items()]


def _is_word(value: str) -> bool:
    limit = 6 if has_cjk(value) else 24
    return (
        1 < len(value) <= limit
        and len(value.split()) <= _MAX_VALUE_WORDS
        and value.casefold() not in {"yes", "no", "是", "否"}
    )


def _types(products: tuple[Product, ...]) -> frozenset[str]:
    """Words that name kinds: category names, how titles end, and values of a style or type attribute that titles use."""
    endings: Counter[str] = Counter()
    kinds: set[str] = set()
    styles: dict[str, list[bool]] = {}
    homes: dict[str, set[str]] = {}
    for product in products:
        for view in _views(product):
            endings.update(_ending(view.title))
            kinds.update(_category_kinds(view.category))
            for name, value in view.attributes.items():
                if name in _KIND_ATTRIBUTES and len(value.split()) == 1:
                    styles.setdefault(value.casefold(), []).append(value.casefold() in view.title.casefold())
                    homes.setdefault(value.casefold(), set()).add(view.category)
    least = 1 if len(products) <= _SMALL_CATALOGUE else 2
    kinds.update(word for word, count in endings.items() if count >= least and not word.endswith(("ed", "ing", "al")))
    kinds.update(
        singular(value)
        for value, titled in styles.items()
        if sum(titled) >= 0.2 * len(titled) or (len(homes[value]) == 1 and len(titled) >= _KIND_COUNT)
    )
    return frozenset(kind for kind in kinds if _is_kind(kind)) - _GENERIC


def _is_kind(word: str) -> bool:
    return word in _SHORT_CHINESE_KINDS or (len(word) > 1 if has_cjk(word) else len(word) > 2 and word not in STOPWORDS)


def _category_kinds(category: str) -> set[str]:
    """A category of one word names a kind, and so do plurals in longer names ("Toys & Games", not "Home Office")."""
    leaf = category.split(" > ")[-1]
    if has_cjk(leaf):
        return {part for part in re.split(r"[与和/、]", leaf) if part} | {leaf[-1:]}
    found = re.findall(r"[a-z]+", leaf.casefold())
    return {singular(word) for word in found if len(found) == 1 or singular(word) != word}


def _ending(title: str) -> set[str]:
    """The last plain word of a title, before sizes, numbers and what comes after a comma, dash or bracket."""
    head = re.split(r"[,(\[（，|]| - | – | with | for ", title)[0]
    plain = [word for word in words(head) if not any(char.isdigit() for char in word)]
    while plain and (measure(f"1 {plain[-1]}") or (0, ""))[1] in {"g", "ml", "mm", "w", "min"}:
        plain.pop()
    if not plain:
        return set()
    last = plain[-1]
    return {last, last[-1]} if has_cjk(last) else {singular(last)}


def _units(products: Iterable[Product]) -> dict[str, tuple[str, ...]]:
    """For each base unit the attributes that are given in it, the most frequent first."""
    counts: dict[str, Counter[str]] = {}
    for product in products:
        for name, value in product.attributes.items():
            measured = measure(value)
            if measured and measured[1]:
                counts.setdefault(measured[1], Counter())[name] += 1
    return {unit: tuple(name for name, _ in counter.most_common()) for unit, counter in counts.items()}
