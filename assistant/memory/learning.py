"""What a turn or a purchase teaches of a shopper: what was said outright, chosen, or spent. Nothing is guessed."""

from collections.abc import Iterator

from assistant.reading.remembering import Statement, for_another, is_worn
from assistant.record.memory import Fact, FactKind, Memory
from assistant.retrieve import asks_kind, search_constraints
from assistant.types import Need
from catalog import Catalog, Constraint, Product, minor_units

_CHOSEN: dict[str, FactKind] = {
    "attributes.Size": "size",
    "attributes.Color": "like",
    "attributes.Material": "like",
    "brand": "like",
}
_WORDS = 160


def told(statements: tuple[Statement, ...], catalog: Catalog, turn_id: str, session_id: str) -> Iterator[Fact]:
    """The facts that a shopper states; they are certain at once."""
    for one in statements:
        about = _about(one.constraint, one.of, catalog) if one.kind == "size" else ""
        if one.kind == "budget":
            about = home_of((Constraint("type", "contains", (one.of,)),), catalog)
        yield Fact(one.kind, _said(one.constraint), "said", one.words, turn_id, session_id, about, certain=True)


def chosen(before: Need, need: Need, message: str, catalog: Catalog, turn_id: str, session_id: str) -> Iterator[Fact]:
    """What a search for a kind of product newly asks for: a size, colour, material or brand, and what it may cost."""
    if not (asks_kind(need) or need.category) or for_another(f"{need.query} {message}"):
        return
    news = [c for c in need.constraints if c.origin != "inferred" and c not in before.constraints]
    if not news:
        return
    home = home_of(search_constraints(need), catalog)
    for wish in news:
        kind, about = _CHOSEN.get(wish.field), ""
        if wish.field == "price" and wish.op in ("lt", "le"):
            yield Fact("budget", _said(wish), "said", message[:_WORDS], turn_id, session_id, home, certain=True)
        elif kind and wish.op in ("contains", "eq", "in"):
            if kind == "size":
                about = "" if _is_lettered(wish) and is_worn(home) else home
            yield Fact(kind, _said(wish), "chosen", message[:_WORDS], turn_id, session_id, about)


def bought(memory: Memory, shopper_id: str | None, turn_id: str, product: Product) -> None:
    """Remember a purchase of a shopper who agreed; the price is a budget where none was ever said."""
    session_id, opened_by = memory.session_of(turn_id)
    shopper_id = shopper_id or opened_by
    consent = memory.consent(shopper_id)
    if shopper_id is None or consent is None or not consent.agreed:
        return
    memory.keep(
        shopper_id,
        Fact("bought", Constraint("id", "eq", product.id), "purchase", "", turn_id, session_id, certain=True),
    )
    if not any(f.kind == "budget" and f.about == product.category for f in memory.facts(shopper_id)):
        whole = minor_units(product.currency)
        limit = Constraint("price", "le", -(-product.price_minor // whole) * whole)
        fact = Fact("budget", limit, "purchase", "", turn_id, session_id, product.category, certain=True)
        memory.keep(shopper_id, fact)


def home_of(constraints: tuple[Constraint, ...], catalog: Catalog) -> str:
    """The category that most of what satisfies `constraints` is of; "" where nothing does."""
    found = catalog.facets(constraints).categories
    return found[0].value if found else ""


def _about(size: Constraint, of: str, catalog: Catalog) -> str:
    """The category that a stated size is about: none for a letter that clothes come in, else where it is found."""
    if _is_lettered(size) and (not of or is_worn(of)):
        return ""
    kinds = (Constraint("type", "contains", (of,)),) if of else ()
    return home_of((*kinds, size), catalog) or home_of((size,), catalog)


def _is_lettered(size: Constraint) -> bool:
    values = size.value if isinstance(size.value, tuple) else (str(size.value),)
    return not any(char.isdigit() for value in values for char in value)


def _said(wish: Constraint) -> Constraint:
    return Constraint(wish.field, wish.op, wish.value)
