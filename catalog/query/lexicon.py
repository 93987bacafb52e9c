"""The two lexicons of shop words: what shops sell (things.yaml) and what shoppers say of it (general.yaml)."""

from functools import cache
from pathlib import Path
from typing import Any

from catalog.tokens import has_cjk, words

Row = tuple[str, ...]

_IN_VES = frozenset("knife scarf shelf bookshelf leaf loaf wolf".split())


@cache
def thing_rows() -> tuple[Row, ...]:
    """The names of things that shoppers accept for one another, a row for each thing: English first, then Chinese."""
    return tuple(tuple(row) for row in _read("things"))


@cache
def general_rows() -> tuple[Row, ...]:
    """The words for colours, materials, people, features, styles and the like, a row for each meaning."""
    return tuple(tuple(row) for rows in _read("general").values() for row in rows)


@cache
def named_rows() -> dict[str, Row]:
    """The row of every name in both lexicons, the English ones spelt without hyphens and in the plural too."""
    rows = (*thing_rows(), *general_rows())
    named = {spaced(name): row for row in rows for name in row}
    for name, row in list(named.items()):
        named.setdefault(name if has_cjk(name) else _plural(name), row)
    return named


def named_row(name: str) -> Row | None:
    """The row that holds `name`, in whatever case, number or hyphens it is written; None where no lexicon knows it."""
    return named_rows().get(spaced(name))


@cache
def lexicon_words() -> frozenset[str]:
    """Every English word of the names in both lexicons, in singular and plural."""
    return frozenset(word for name in named_rows() if not has_cjk(name) for word in words(name))


def spaced(name: str) -> str:
    """A name in lower case, its hyphens spaces: "water-resistant" and "water resistant" are one."""
    return " ".join(name.casefold().replace("-", " ").split())


def _plural(name: str) -> str:
    if name.rpartition(" ")[2] in _IN_VES:
        return name.removesuffix("fe").removesuffix("f") + "ves"
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def _read(name: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where libyaml is there
    return yaml.load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"), loader)  # noqa: S506
