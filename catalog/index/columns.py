"""What constraints and facets ask of a listing, as columns: numbers by row, words as (row, value) pairs.

Written as a stream; a column of words holds each distinct value once.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.attributes.units import measure
from catalog.attributes.vocabulary import KINDS, canonical, normalised
from catalog.constraint import ONLY_STATED, attribute_values, base_words, category_names, kind_names, stated_values
from catalog.index.postings import Postings, PostingsWriter
from catalog.product import Product, Translation
from catalog.wording import CHARACTER, WORD, stemmed

Mask = NDArray[np.bool_]
TITLE, ELSEWHERE = 1, 2  # where a word stands; the sum where it stands in both

_SHORT = 24  # characters of a value that a facet shows
_NUMBERS = {"price": np.int64, "rating": np.float64, "in_stock": np.bool_, "options": np.bool_, "liking": np.float32}


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: `rows[i]` says `values[codes[i]]`; a row may say several values or none."""

    values: Sequence[str]
    rows: NDArray[np.int32]
    codes: NDArray[np.int32]


class ColumnsWriter:
    """Collects the columns of products as they come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers: dict[str, list[Any]] = {name: [] for name in _NUMBERS}
        self._words: dict[str, _Growing] = {}
        self._said = PostingsWriter(path.with_name(f"{path.name}-said"))
        self._locales: Counter[str] = Counter()
        self._labels: dict[str, dict[str, str]] = {}
        self._count = 0

    def add(self, row: int, product: Product) -> None:
        self._numbers["price"].append(product.price_minor)
        self._numbers["rating"].append(np.nan if product.rating is None else product.rating)
        self._numbers["in_stock"].append(product.in_stock)
        self._numbers["options"].append(bool(product.variants))
        self._numbers["liking"].append(product.liking)
        self._locales.update(product.locales())
        self._put("brand", row, [product.brand])
        self._put("category", row, category_names(product))
        self._put("home", row, [product.category])
        self._put("type", row, kind_names(product))
        for key, name in _attribute_names(product).items():
            self._put(f"attributes.{key}", row, attribute_values(product, name))
            self._put(f"base.{key}", row, base_words(product, name))
            if name in ONLY_STATED and any(stated_values(product, name)):
                self._put(f"stated.{key}", row, [""])
        self._facets(row, product)
        self._said.add(row, _spoken(product))
        self._count += 1

    def finish(self) -> None:
        for name, kind in _NUMBERS.items():
            np.save(_part(self._path, name), _narrow(np.asarray(self._numbers[name], dtype=kind)))
        places: dict[str, Any] = {}
        start = 0
        for name, column in self._words.items():
            places[name] = [start, len(column.rows), list(column.values)]
            start += len(column.rows)
        rows = np.concatenate([np.asarray(c.rows, dtype=np.int32) for c in self._words.values()] or [_none()])
        codes = np.concatenate([np.asarray(c.codes, dtype=np.int32) for c in self._words.values()] or [_none()])
        np.save(_part(self._path, "rows"), rows)
        np.save(_part(self._path, "codes"), codes)
        told = {"count": self._count, "locales": list(self._locales), "words": places, "labels": self._labels}
        self._path.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        self._said.finish()

    def _facets(self, row: int, product: Product) -> None:
        """What tells products apart at a glance: base words where the vocabulary has some, short words elsewhere."""
        for name, values in _short_values(product).items():
            self._put(f"facet.{name}", row, values)
        for translation in product.translations:
            labels = self._labels.setdefault(translation.locale, {})
            labels.update({said: meant for said, meant in translation.terms.items() if len(said) <= _SHORT})
            labels[product.category] = translation.category or product.category

    def _put(self, name: str, row: int, values: Iterable[str]) -> None:
        column = self._words.setdefault(name, _Growing({}, array("i"), array("i")))
        for value in dict.fromkeys(values):
            column.rows.append(row)
            column.codes.append(column.values.setdefault(value, len(column.values)))


class Columns:
    """The columns that a writer left at `path`."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        self.count: int = told["count"]
        self.locales: frozenset[str] = frozenset(told["locales"])
        self.price: NDArray[np.integer[Any]] = np.load(_part(path, "price"))
        self.rating: NDArray[np.float64] = np.load(_part(path, "rating"))
        self.in_stock: Mask = np.load(_part(path, "in_stock"))
        self.options: Mask = np.load(_part(path, "options"))
        self.liking: NDArray[np.float32] = np.load(_part(path, "liking"))
        self.said = Postings(path.with_name(f"{path.name}-said"))
        self._rows = np.load(_part(path, "rows"), mmap_mode="r").view(np.ndarray)
        self._codes = np.load(_part(path, "codes"), mmap_mode="r").view(np.ndarray)
        self._places: Mapping[str, list[Any]] = told["words"]
        self.labels: Mapping[str, Mapping[str, str]] = told["labels"]

    def words(self, name: str) -> Words:
        """The column of brand, category (every name of it), home (the category's path), type, or of one attribute.

        Of an attribute there are four: attributes.KEY (all its values), base.KEY (their base words), stated.KEY (the rows
        where the shop states it) and facet.NAME; KEY is what `key` makes of a name.
        """
        start, length, values = self._places.get(name, (0, 0, ()))
        place = slice(start, start + length)
        return Words(values, self._rows[place], self._codes[place])

    def titled(self, name: str) -> bool:
        """Whether any title holds all stems or pairs of characters of `name`."""
        found: NDArray[np.int32] | None = None
        for one in keys(name):
            if one not in self.said:
                return False
            rows, places = self.said.rows(one)
            rows = rows[places != ELSEWHERE]
            found = rows if found is None else np.intersect1d(found, rows, assume_unique=True)
        return found is not None and len(found) > 0

    def facets(self) -> list[str]:
        """The attributes that have a column of facets, by name."""
        return [name.partition(".")[2] for name in self._places if name.startswith("facet.")]

    def none(self) -> Mask:
        return np.zeros(self.count, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class _Growing:
    values: dict[str, int]
    rows: "array[int]"
    codes: "array[int]"


def key(name: str) -> str:
    """Under which key the attribute that goes by `name` has its columns."""
    return canonical(name) or name.casefold()


def _attribute_names(product: Product) -> dict[str, str]:
    """Every attribute of which the product says something, by its keys, with one of its names in lower case."""
    stated = dict.fromkeys([*product.attributes, *(name for variant in product.variants for name in variant.options)])
    names = [*stated, *(t.terms[name] for name in stated for t in product.translations if name in t.terms)]
    names += [found.name for found in product.extracted]
    return {key(name): name.casefold() for name in names}


def _short_values(product: Product) -> dict[str, list[str]]:
    pairs = [*product.attributes.items(), *(pair for variant in product.variants for pair in variant.options.items())]
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        bases = normalised(name, value)
        if bases:
            found.setdefault(canonical(name) or name, []).extend(bases)
        elif canonical(name) not in KINDS and len(value) <= _SHORT and measure(value) is None:
            found.setdefault(name, []).append(value)
    return found


def _spoken(product: Product) -> dict[str, float]:
    """The stems and Chinese characters and pairs of them that stand in the listing, with where."""
    views: tuple[Product | Translation, ...] = (product, *product.translations)
    title = "\n".join(view.title for view in views)
    rest = [product.brand, *(text for view in views for text in (view.description, view.category))]
    rest += [f"{name} {value}" for name, value in product.attributes.items()]
    rest += [value for translation in product.translations for value in translation.terms.values()]
    found: dict[str, float] = dict.fromkeys(keys(title), TITLE)
    for key in keys("\n".join(rest)):
        found[key] = TITLE + ELSEWHERE if found.get(key, ELSEWHERE) != ELSEWHERE else ELSEWHERE
    return found


def keys(text: str) -> set[str]:
    """What must stand in a listing that mentions `text`: its stems, and its Chinese characters, alone and in pairs."""
    folded = text.casefold()
    found = {stemmed(word) for word in set(WORD.findall(folded))}
    for run in CHARACTER.findall(folded):
        found.update(run)
        found.update(run[place : place + 2] for place in range(len(run) - 1))
    return found


def _part(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}.npy")


def _narrow(column: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers in half the bytes where they fit: to compare a million of them is to read them."""
    if column.dtype != np.int64 or (len(column) and np.abs(column).max() > np.iinfo(np.int32).max):
        return column
    return column.astype(np.int32)


def _none() -> NDArray[np.int32]:
    return np.zeros(0, dtype=np.int32)
