"""Reads `service.yaml` into rules; every fault is named with its key and the reason, all of them at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from assistant.errors import SetupError
from assistant.service.hours import Hours, Span, read_days
from assistant.service.rules import Attempts, ClaimField, DeedRule, Goods, Reason, RefundTo, Role, Rules
from assistant.service.types import DeedKind, MethodKind, OrderState
from assistant.service.windows import Season, Window
from catalog import minor_units

DEMO_RULES = Path(__file__).parent / "demo" / "service.yaml"
_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_LEAP_YEAR = 2024


def load_rules(file: Path) -> Rules:
    """The rules of a file; SetupError has one line a fault."""
    import yaml

    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"the rules of service {file} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise SetupError(f"the rules of service {file} are no YAML: {' '.join(str(error).split())}") from error
    try:
        return read_rules(raw)
    except ValueError as error:
        raise SetupError(f"the rules of service {file} cannot be used:\n{error}") from error


def read_rules(raw: object) -> Rules:
    """Rules from what YAML gives; ValueError has one line a fault, each with its key."""
    if not isinstance(raw, Mapping):
        raise ValueError("  the file holds no keys")
    currency = str(raw.get("currency", ""))
    try:
        read = _Rules.model_validate(raw, context={"units": minor_units(currency)})
    except ValidationError as error:
        raise ValueError("\n".join(_faults(error.errors()))) from error
    if faults := list(_contradictions(read)):
        raise ValueError("\n".join(faults))
    return read.made()


def _faults(errors: Sequence[Any]) -> Iterator[str]:
    """One line a fault; a list that is too short only for want of its faulty parts is none."""
    for error in errors:
        place = error["loc"]
        within = any(len(one["loc"]) > len(place) and one["loc"][: len(place)] == place for one in errors)
        if error["type"] == "too_short" and within:
            continue
        key = ".".join(str(part) for part in place if part != "[key]") or "file"
        reason = str(error["msg"]).removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            reason = "no such key"
        given = f" (found {error['input']!r})" if error["type"] not in ("missing", "value_error") else ""
        yield f"  {key}: {reason}{given}"


def _minor(value: object, info: ValidationInfo) -> int:
    """An amount as owners write it, in minor units."""
    units = (info.context or {}).get("units", 100)
    try:
        amount = Decimal(str(value)) * units
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount such as 5.90") from None
    if not amount.is_finite() or amount < 0 or amount != amount.to_integral_value():
        raise ValueError(f"{value!r} is no amount such as 5.90")
    return int(amount)


def _limit(value: object, info: ValidationInfo) -> int | None:
    return None if value == "any" else _minor(value, info)


def _days(value: object) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", str(value).strip())
    if value == "at once":
        return None
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise ValueError(f"{value!r} is neither 'at once' nor working days such as 5-7")
    return int(found[1]), int(found[2] or found[1])


def _month_day(value: object) -> tuple[int, int]:
    found = _DAY.fullmatch(str(value))
    try:
        if found is None or found[1]:
            raise ValueError
        day = date(_LEAP_YEAR, int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{value!r} is no day of the year such as 01-31") from None
    return day.month, day.day


def _season(value: object) -> Season:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("a season has a first and a last day, such as [11-15, 12-24]")
    return Season(_month_day(value[0]), _month_day(value[1]))


def _closed(value: object) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        date(int(found[1] or _LEAP_YEAR), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{value!r} is no day such as 2026-11-26 or 12-25") from None
    return text


def _zone(value: object) -> str:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone such as America/New_York") from None
    return str(value)


def _pattern(value: object) -> str:
    try:
        re.compile(str(value))
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from None
    return str(value)


_Minor = Annotated[int, BeforeValidator(_minor)]
_Days = Annotated[tuple[int, int] | None, BeforeValidator(_days)]
_Count = Annotated[int, Field(ge=1)]


class _Read(BaseModel):
    """One level of the file: no key but those named."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)

    def values(self) -> dict[str, Any]:
        """Its values by name, as they were read."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class _Attempts(_Read):
    allowed: _Count = 5
    minutes: _Count = 15


class _Goods(_Read):
    categories: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    fee_minor: _Minor = Field(0, alias="fee")
    source: str = ""


class _Reason(_Read):
    name: str = Field(min_length=1)
    free: bool = False
    any_goods: bool = False
    days_from_delivery: _Count | None = None
    person: bool = False


class _Window(_Read):
    minutes_from_order: _Count | None = None
    days_from_order: _Count | None = None
    days_from_delivery: _Count | None = None
    unsent_working_days: _Count | None = None
    placed: Annotated[Season | None, BeforeValidator(_season)] = None
    until: Annotated[tuple[int, int] | None, BeforeValidator(_month_day)] = None
    unpaid: bool = False


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class _Deed(_Read):
    states: tuple[OrderState, ...] = ()
    when: tuple[_Window, ...] = ()
    once: Literal["order", "line"] = "line"
    reasons: tuple[Annotated[_Reason, BeforeValidator(_named)], ...] = ()
    needs_reason: bool = True
    refund_to: tuple[RefundTo, ...] = ("original",)
    refund_days: dict[MethodKind, _Days] = {}
    fee_minor: _Minor = Field(0, alias="fee")
    fees: tuple[_Goods, ...] = ()
    only: _Goods | None = None
    same_item: bool = False
    undo_minutes: int = Field(0, ge=0)

    def made(self) -> DeedRule:
        values = self.values() | {
            "when": tuple(Window(**one.values()) for one in self.when),
            "reasons": tuple(Reason(**one.values()) for one in self.reasons),
            "fees": tuple(Goods(**one.values()) for one in self.fees),
            "only": Goods(**self.only.values()) if self.only else None,
        }
        return DeedRule(**values)


class _Hours(_Read):
    zone: Annotated[str, BeforeValidator(_zone)] = "UTC"
    days: Annotated[dict[int, Span], BeforeValidator(read_days)] = {}
    closed: frozenset[Annotated[str, BeforeValidator(_closed)]] = frozenset()


class _Rules(_Read):
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    identify: tuple[Annotated[tuple[ClaimField, ...], Field(min_length=1)], ...] = Field(min_length=1)
    deeds: dict[DeedKind, _Deed]
    order_pattern: Annotated[str, BeforeValidator(_pattern)] = ""
    attempts: _Attempts = _Attempts()
    known_hours: _Count = 24
    proposal_minutes: _Count = 30
    approval_above_minor: _Minor | None = Field(None, alias="approval_above")
    limits: dict[Role, Annotated[int | None, BeforeValidator(_limit)]] = {}
    refund_days: dict[MethodKind, _Days] = {}
    not_returnable: tuple[_Goods, ...] = ()
    only_unopened: tuple[_Goods, ...] = ()
    overrule: frozenset[Literal["too_late", "not_returnable", "unopened", "reason"]] = frozenset()
    hours: _Hours = _Hours()

    def made(self) -> Rules:
        values = {one.name: getattr(self, one.name) for one in fields(Rules)} | {
            "attempts": Attempts(**self.attempts.values()),
            "deeds": {kind: deed.made() for kind, deed in self.deeds.items()},
            "not_returnable": tuple(Goods(**one.values()) for one in self.not_returnable),
            "only_unopened": tuple(Goods(**one.values()) for one in self.only_unopened),
            "hours": Hours(**self.hours.values()),
        }
        return Rules(**values)


def _contradictions(read: _Rules) -> Iterator[str]:
    """What is wrong between keys that are right by themselves."""
    for kind, deed in read.deeds.items():
        at = f"  deeds.{kind}"
        if not deed.states and kind != "change_customer_address":
            yield f"{at}.states: name the states of an order in which it is possible"
        names = [reason.name for reason in deed.reasons]
        if len(set(names)) < len(names):
            yield f"{at}.reasons: a reason is named twice"
        for number, window in enumerate(deed.when):
            if not any(window.values().values()):
                yield f"{at}.when.{number}: says nothing"
    for list_name in ("not_returnable", "only_unopened"):
        for number, goods in enumerate(getattr(read, list_name)):
            if not goods.categories and not goods.products:
                yield f"  {list_name}.{number}: names neither categories nor products"
    if "refund" in read.deeds and not read.limits:
        yield "  limits: say what each role may refund, since there are refunds"
