"""What code says by itself, in the shopper's language: money, constraints and plain sentences from one table."""

from functools import cache
from pathlib import Path
from typing import Any

from assistant.reading.terms import SAME_SIZE
from assistant.reading.vocabulary import table
from catalog import Constraint, Locale, decimals, has_cjk, minor_units

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}
_CURRENCY_NAMES = {
    "USD": {"en": "US dollars", "zh": "美元"},
    "CNY": {"en": "yuan", "zh": "人民币"},
    "EUR": {"en": "euros", "zh": "欧元"},
}
_LIMITS = ("lt", "le", "gt", "ge")
_FIELD_NAMES = {"rating": {"en": "rating", "zh": "评分"}}


@cache
def _sentences() -> Any:
    import yaml

    here = Path(__file__).parent
    files = (here / "phrases.yaml", here / "service" / "phrases.yaml")
    tables = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {name: forms for table in tables for name, forms in table.items()}


def say(phrase: str, locale: Locale, **values: object) -> str:
    """The phrase of that name with its blanks filled; a missing one raises KeyError."""
    return str(_sentences()[phrase][locale]).format(**values)


def money(minor: int, currency: str, locale: Locale) -> str:
    """An amount as shoppers of `locale` read it: $49.90, ¥299, 12.00 CHF."""
    whole = minor % minor_units(currency) == 0
    digits = f"{minor / minor_units(currency):,.{0 if whole else decimals(currency)}f}"
    sign = _SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}"


def currency_name(currency: str, locale: Locale) -> str:
    """A currency in words, its code where no word is known."""
    return _CURRENCY_NAMES.get(currency, {}).get(locale, currency)


def describe(constraint: Constraint, currency: str, locale: Locale) -> str:
    """A constraint in a few words, as a chip shows it."""
    field, op, value = constraint.field, constraint.op, constraint.value
    if field == "price" and isinstance(value, int | float):
        price = money(round(value), currency, locale)
        return say(f"c_price_{op}" if op in _LIMITS else "c_not" if op == "ne" else "c_is", locale, value=price)
    if field == "in_stock":
        return say("c_stock", locale)
    if field == "rating" and op in ("ge", "gt"):
        return say("c_rating", locale, value=f"{value:g}" if isinstance(value, float | int) else value)
    if op in _LIMITS:
        name = _FIELD_NAMES.get(field, {}).get(locale) or attribute_name(constraint.attribute or field, locale)
        return say(f"c_{op}", locale, name=name, value=value)
    if constraint.attribute == "Gender" and op == "not_in":
        forms = value if isinstance(value, tuple) else (str(value),)
        if {"Men", "Women"} & set(forms):
            return say("c_not_for_men" if "Men" in forms else "c_not_for_women", locale)
    words = _forms(constraint, locale)
    return say("c_not" if op in ("ne", "not_in", "not_contains") else "c_is", locale, value=words)


def attribute_name(name: str, locale: Locale) -> str:
    """The name of an attribute in the shopper's language where it is a common one."""
    if locale == "en":
        return name
    return next((word for word in table("measures").get(name, ()) if has_cjk(word)), name)


def joined(parts: list[str], locale: Locale) -> str:
    """A list in words."""
    return say("comma", locale).join(parts)


def _forms(constraint: Constraint, locale: Locale) -> str:
    """One form per alternative, in the shopper's language where there is one."""
    value = constraint.value
    forms = value if isinstance(value, tuple) else (str(value),)
    if constraint.field == "type":
        return forms[0]
    shown: list[str] = []
    for group in _groups(list(forms)):
        native = [form for form in group if has_cjk(form) == (locale == "zh")]
        shown.append((native or group)[0])
    return say("or", locale).join(dict.fromkeys(shown))


def _groups(forms: list[str]) -> list[list[str]]:
    """Forms that mean the same: by the lexicon, and what it does not know by its translation standing behind it."""
    entry = {form: number for number, row in enumerate(_lexicon_rows()) for form in row}
    groups: dict[object, list[str]] = {}
    key: object = None
    for form in forms:
        before = groups[key][-1] if key in groups else None
        translates = isinstance(key, str) and before is not None and has_cjk(before) != has_cjk(form)
        if form in entry or not translates:
            key = entry.get(form, form)
        groups.setdefault(key, []).append(form)
    return list(groups.values())


@cache
def _lexicon_rows() -> list[list[str]]:
    return [*(row for rows in table("lexicon").values() for row in rows), *map(list, SAME_SIZE.values())]
