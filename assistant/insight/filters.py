"""Which conversations the figures are of: a period of whole days in UTC, and what they have in common.

Filters combine. `NONE` stands for what is empty, such as the category of a conversation in which nothing was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

Who = Literal["shopper", "all"]

NONE = "-"
NAMES = ("from", "to", "locale", "category", "product", "model", "prompt", "ranker", "arm", "position", "who")
"""The names of the filters in a URL."""
PERIOD_DAYS = 28
_TEXTS = ("locale", "category", "product", "model", "prompt", "ranker", "arm")
_LONGEST_DAYS = 3_660
_LONGEST_TEXT = 300
_LAST_POSITION = 1_000


@dataclass(frozen=True, slots=True)
class Filters:
    """Conversations that began from `since` to `until`, both days included; an empty filter lets all through.

    `product` was shown in them, `arm` is "EXPERIMENT:ARM", and "all" who wrote are shoppers, bots and staff. Something was
    shown at `position`, from 1, or for 0 something was done with a product that its turn had not shown.
    """

    since: date
    until: date
    locale: str | None = None
    category: str | None = None
    product: str | None = None
    model: str | None = None
    prompt: str | None = None
    ranker: str | None = None
    arm: str | None = None
    who: Who = "shopper"
    position: int | None = None

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"from: {self.since} is after to: {self.until}")
        if self.days > _LONGEST_DAYS:
            raise ValueError(f"from: a period has at most {_LONGEST_DAYS} days, not {self.days}")
        if self.who not in get_args(Who):
            raise ValueError(f"who: must be shopper or all, not {self.who!r}")

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.until - self.since).days + 1

    def before(self) -> "Filters":
        """The same filters on the period of the same length just before."""
        try:
            return replace(self, since=self.since - timedelta(self.days), until=self.since - timedelta(1))
        except OverflowError:
            raise ValueError(f"from: there is no period before {self.since}") from None

    def named(self) -> dict[str, str]:
        """The filters under their names in a URL, without the empty ones: what `filters_from` reads."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        given = {"from": self.since.isoformat(), "to": self.until.isoformat(), **texts, "who": self.who}
        if self.position is not None:
            given["position"] = str(self.position)
        return {name: value for name, value in given.items() if value}


def filters_from(params: Mapping[str, str], today: date) -> Filters:
    """The filters of a URL's query, by default of the last 28 days; ValueError names the one that is wrong."""
    until = _day(params, "to") or max(today, _day(params, "from") or today)
    since = _day(params, "from") or until - timedelta(PERIOD_DAYS - 1)
    texts = {name: _text(params, name) for name in _TEXTS}
    arm = texts["arm"]
    if arm is not None and not all(arm.partition(":")):
        raise ValueError(f"arm: must be EXPERIMENT:ARM, not {arm!r}")
    who = params.get("who", "").strip() or "shopper"
    if who not in get_args(Who):
        raise ValueError(f"who: must be shopper or all, not {who!r}")
    return Filters(since, until, **texts, who="all" if who == "all" else "shopper", position=_position(params))


def _day(params: Mapping[str, str], name: str) -> date | None:
    given = params.get(name, "").strip()
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{name}: must be a day such as 2026-11-28, not {given[:40]!r}") from None
    if not date(2000, 1, 1) <= day <= date(2999, 12, 31):
        raise ValueError(f"{name}: must be a day from 2000 to 2999, not {given[:40]!r}")
    return day


def _position(params: Mapping[str, str]) -> int | None:
    given = params.get("position", "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and int(given[:9]) <= _LAST_POSITION):
        raise ValueError(f"position: must be a number from 0 to {_LAST_POSITION}, not {given[:40]!r}")
    return int(given)


def _text(params: Mapping[str, str], name: str) -> str | None:
    given = params.get(name, "").strip()
    if len(given) > _LONGEST_TEXT:
        raise ValueError(f"{name}: has {len(given)} characters, at most {_LONGEST_TEXT} are read")
    return given or None
