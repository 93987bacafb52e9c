"""WooCommerce's column names in the shop's own language, as the English ones that the reader knows."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from catalog.feeds.separated import plain_name

_SIGNS = str.maketrans({"’": "'", "？": "?", "（": "(", "）": ")", "\u00a0": " ", "\u202f": " "})
_UNIT = re.compile(r"(.+?) ?\((\S+)\)")
_NUMBER = re.compile(r"\d+")


def english(column: str) -> str:
    """The English name of a column by its plain name; one that is not known stays as it is."""
    name = _bare(column)
    if name.startswith("gtin, upc, ean"):
        return "gtin"
    if match := _UNIT.fullmatch(name):
        measure = _names().get(match[1], match[1])
        if measure in ("weight", "length", "width", "height"):
            return f"{measure} ({match[2]})"
    numbers = _NUMBER.findall(name)
    if len(numbers) == 1 and (found := _names().get(_NUMBER.sub("%d", name))):
        return found.replace("%d", numbers[0])
    return _names().get(name, name)


def _bare(name: str) -> str:
    """A name without what translators and spreadsheets write in different ways."""
    return " ".join(plain_name(name.translate(_SIGNS)).strip("?¿ ").split())


@cache
def _names() -> Mapping[str, str]:
    said = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return {
        _bare(spelling): name for language in said.values() for name, forms in language.items() for spelling in forms
    }
