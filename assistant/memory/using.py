"""How what is remembered joins a search: as visible wishes where they apply, never against what was said now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.memory.learning import home_of
from assistant.reading.change import released
from assistant.reading.remembering import for_another, is_of_animals, is_worn
from assistant.record.memory import Fact
from assistant.retrieve import asks_kind, search_constraints
from assistant.types import Need
from catalog import Catalog, Constraint

_SIZED = 0.5  # of what fits must come in sizes at all, or a size would rule out what has none


@dataclass(frozen=True, slots=True)
class Conversation:
    """The needs and messages of the conversation so far, oldest first; the last message is the present one."""

    needs: tuple[Need, ...]
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A need with what joined it, the facts that did, what breaks ties, and the usual limit, which only is offered."""

    need: Need
    used: tuple[Fact, ...] = ()
    likes: tuple[Constraint, ...] = ()
    budget: Constraint | None = None


def join(need: Need, facts: Sequence[Fact], talk: Conversation, catalog: Catalog) -> Joined:
    """`need` with the certain `facts` that apply to it.

    What is for another person takes nothing of the shopper's own, and loses what had joined before that was known.
    """
    if _is_for_another(need, talk.messages[-1]):
        return Joined(replace(need, constraints=tuple(c for c in need.constraints if c.remembered is None)))
    home = home_of(search_constraints(need), catalog)
    certain = [fact for fact in facts if fact.certain]
    used: list[Fact] = []
    for fact in certain:
        wish = replace(fact.constraint, origin="inferred", remembered=fact.at.date() if fact.at else None)
        if _is_free(fact, need, talk) and _applies(fact, need, home, catalog):
            used.append(fact)
            need = replace(need, constraints=(*need.constraints, wish))
    usual = next((f.constraint for f in certain if f.kind == "budget" and f.about == home), None)
    open_price = home and not any(c.field == "price" for c in need.constraints)
    likes = tuple(fact.constraint for fact in certain if fact.kind == "like")
    return Joined(need, tuple(used), (*likes, *((usual,) if usual else ())), usual if open_price else None)


def _is_for_another(need: Need, message: str) -> bool:
    guessed = any(c.attribute == "Gender" and c.origin == "inferred" for c in need.constraints)
    return guessed or for_another(message) or for_another(need.query)


def _is_free(fact: Fact, need: Need, talk: Conversation) -> bool:
    """Whether nothing that was said or taken away in this conversation speaks against a remembered wish."""
    wish = fact.constraint
    if fact.kind not in ("size", "dislike") or wish in _taken_away((*talk.needs, need)):
        return False
    needs = (*talk.needs, need)
    if fact.kind == "size":
        own = any(c.field == wish.field and c.remembered is None for one in needs for c in one.constraints)
        released_now = any(wish.field in released(message) for message in talk.messages)
        return not own and not released_now and not _has(need, wish)
    refused = _forms(wish)
    asked = {form for one in needs for c in one.constraints if c.op in ("contains", "eq", "in") for form in _forms(c)}
    return not (refused & asked) and not _has(need, wish) and not _speaks_of(refused, talk.messages[-1])


def _taken_away(needs: Sequence[Need]) -> set[Constraint]:
    """Remembered wishes that a search had and the next message of the same search no longer has."""
    return {_plain(wish) for before, after in zip(needs, needs[1:], strict=False) for wish in _lost(before, after)}


def _lost(before: Need, after: Need) -> Iterator[Constraint]:
    if _kinds(before) == _kinds(after):
        kept = {_plain(c) for c in after.constraints}
        yield from (c for c in before.constraints if c.remembered and _plain(c) not in kept)


def _kinds(need: Need) -> tuple[object, ...]:
    return need.category, tuple(c.value for c in need.constraints if c.field == "type")


def _plain(wish: Constraint) -> Constraint:
    return replace(wish, origin="said", remembered=None)


def _has(need: Need, wish: Constraint) -> bool:
    return any(c.field == wish.field and (c.op == wish.op and _forms(c) & _forms(wish)) for c in need.constraints)


def _speaks_of(forms: set[str], message: str) -> bool:
    return any(form in message.casefold() for form in forms)


def _forms(wish: Constraint) -> set[str]:
    values = wish.value if isinstance(wish.value, tuple) else (str(wish.value),)
    return {value.casefold() for value in values}


def _applies(fact: Fact, need: Need, home: str, catalog: Catalog) -> bool:
    """Whether a wish is about what is searched for: a dislike where it rules something out, a size where it is one."""
    found = search_constraints(need)
    if fact.kind == "dislike":
        return catalog.count((*found, fact.constraint)) < catalog.count(found)
    if not (asks_kind(need) or need.category) or not _is_its_size(fact, need, home):
        return False
    total, fitting = catalog.count(found), catalog.count((*found, fact.constraint))
    return fitting > 0 and _sized(found, catalog) >= _SIZED * total


def _is_its_size(fact: Fact, need: Need, home: str) -> bool:
    if fact.about:
        return home == fact.about
    kinds = " ".join(form for c in need.constraints if c.field == "type" for form in _forms(c))
    return is_worn(home) or (is_worn(kinds) and not is_of_animals(home))


def _sized(found: tuple[Constraint, ...], catalog: Catalog) -> int:
    """How many products come in any size."""
    sizes = [f.counts for f in catalog.facets(found).attributes if f.name == "Size"]
    values = tuple(count.value for counts in sizes for count in counts)
    return catalog.count((*found, Constraint("attributes.Size", "contains", values))) if values else 0
