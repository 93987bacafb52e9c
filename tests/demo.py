"""The demo shop's products, what is learnt of them, and a shopper who talks to the reading part alone."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from assistant.context import Context, Understanding
from assistant.reading.vocabulary import Vocabulary, learn
from assistant.types import Need, Utterance
from assistant.understand import understand
from catalog import Constraint, Locale, Product, satisfies
from catalog.feeds import read_jsonl

DEMO = Path(__file__).parents[1] / "catalog" / "demo" / "products"


@cache
def products() -> tuple[Product, ...]:
    return tuple(row for row in read_jsonl(DEMO) if isinstance(row, Product))


@cache
def vocabulary() -> Vocabulary:
    return learn(products())


@dataclass
class Shopper:
    """Says one message after the other; what satisfies the need is on the shelf, four of it, in feed order."""

    context: Context = field(default_factory=Context)

    def says(self, *messages: str) -> Understanding:
        for message in messages:
            heard = understand(Utterance(message), self.context, vocabulary())
            shown, focus = self.context.shown, self.context.focus
            if heard.intent == "search":
                fit = [p for p in products() if p.in_stock and satisfies(p, heard.need.constraints)]
                shown = tuple(p.localised(heard.locale) for p in fit[:4] if p.id not in heard.exclude) or shown
                focus = None
            elif heard.targets:
                focus = heard.targets[0]
            self.context = Context(heard.need, shown, focus, heard.locale)
        return heard


def reads(*messages: str) -> Understanding:
    """What is understood of the last of `messages`."""
    return Shopper().says(*messages)


def limit(need: Need, field: str = "price") -> dict[str, object]:
    """The limits on `field` by their op."""
    return {c.op: c.value for c in need.constraints if c.field == field}


def wanted(need: Need, field: str) -> set[str]:
    """The values asked for of a field, folded."""
    return _values(need, field, {"contains", "eq", "in"})


def refused(need: Need, field: str) -> set[str]:
    """The values refused of a field, folded."""
    return _values(need, field, {"not_contains", "ne", "not_in"})


def _values(need: Need, field: str, ops: set[str]) -> set[str]:
    found = [c.value for c in need.constraints if c.field == field and c.op in ops]
    return {str(v).casefold() for value in found for v in (value if isinstance(value, tuple) else (value,))}


def kept(need: Need) -> set[str]:
    """The ids of the demo products that satisfy the need."""
    return {p.id for p in products() if satisfies(p, need.constraints)}


def named(locale: Locale, **attributes: str) -> Constraint:
    (name, value), *_ = attributes.items()
    return Constraint(f"attributes.{name}", "contains", (value,))
