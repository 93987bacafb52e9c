"""Customers and orders from a folder's `customers.json` and `orders.jsonl`: decimals become minor units.

A moment is an ISO time or how long ago it was, such as {"days_ago": 3, "hours_ago": 5}, so that a demo stays fresh.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from assistant.errors import SetupError
from assistant.service import codec
from assistant.service.sql import SqlStore
from assistant.service.types import Customer, Order
from catalog import minor_units

DEMO_FOLDER = Path(__file__).parent / "demo"
_AMOUNTS = {name: f"{name}_minor" for name in ("price", "amount", "balance", "promised")}
_AGO = {"days_ago": "days", "hours_ago": "hours", "minutes_ago": "minutes"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A shop's customers and orders."""

    customers: tuple[Customer, ...]
    orders: tuple[Order, ...]


def load_folder(store: SqlStore, folder: Path, now: datetime, *, replace: bool = False) -> int:
    """Add a folder's customers and orders to the books and give how many were new; SetupError names what is wrong."""
    data = read_folder(folder, now)
    try:
        return store.load(data.customers, data.orders, replace=replace)
    except ValueError as error:
        raise SetupError(f"{folder}: {error}") from error


def read_folder(folder: Path, now: datetime, currency: str = "USD") -> Dataset:
    """A folder's customers and orders; SetupError names the file, the row and the fault. `currency` is that of gift cards."""
    customers = [
        _made(folder / "customers.json", number, row, currency, now, codec.customer_from)
        for number, row in enumerate(_rows(folder / "customers.json"), start=1)
    ]
    orders = [
        _made(folder / "orders.jsonl", number, row, str(row.get("currency", currency)), now, codec.order_from)
        for number, row in enumerate(_rows(folder / "orders.jsonl"), start=1)
    ]
    return Dataset(tuple(customers), tuple(orders))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = json.loads(text) if file.suffix == ".json" else [json.loads(one) for one in text.splitlines() if one]
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SetupError(f"{file} cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise SetupError(f"{file} holds no list")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise SetupError(f"{file}, row {number}: is no object")
        yield row


def _made(file: Path, number: int, row: dict[str, Any], currency: str, now: datetime, make: Any) -> Any:
    try:
        return make(_inside(row, minor_units(currency), now))
    except (ValueError, TypeError) as error:
        raise SetupError(f"{file}, row {number}: {' '.join(str(error).split())}") from error


def _inside(value: Any, units: int, now: datetime) -> Any:
    """What was written, with amounts in minor units and moments in time."""
    if isinstance(value, list):
        return [_inside(one, units, now) for one in value]
    if not isinstance(value, dict):
        return value
    if value and set(value) <= set(_AGO):
        return now - timedelta(**{_AGO[name]: float(ago) for name, ago in value.items()})
    found: dict[str, Any] = {}
    for name, one in value.items():
        if name in _AMOUNTS and one is not None:
            found[_AMOUNTS[name]] = _minor(one, units)
        else:
            found[name] = dict(one) if name == "options" else _inside(one, units, now)
    return found


def _minor(value: Any, units: int) -> int:
    try:
        amount = Decimal(str(value)) * units
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount") from None
    if amount != amount.to_integral_value():
        raise ValueError(f"{value!r} is finer than the currency")
    return int(amount)
