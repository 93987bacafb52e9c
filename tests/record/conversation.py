"""A small shop and whole turns about it, as the record is given them."""

from assistant.types import Claim, Evidence, Need, Reason, Reply, Slate, SlateItem, Turn, Versions
from catalog import Constraint, Product

PRODUCTS = {id: Product(id, f"Lamp {id}", 4_900, attributes={"Color": "white"}) for id in ("a", "b", "c", "d")}
VERSIONS = Versions("tiny", "Q4_K_M", "respond@1f3a", "index@77", "ranker@2")
NEED = Need(
    "灯 lamp for reading",
    "Home > Lamps",
    (
        Constraint("price", "le", 6_000),
        Constraint("rating", "ge", 4.5, "inferred"),
        Constraint("in_stock", "eq", True, "edited"),
        Constraint("brand", "in", ("Linden", "Lark")),
        Constraint("brand", "not_in", ()),
        Constraint("attributes.Material", "not_contains", "plastic"),
    ),
)
QUOTES = (
    Evidence("e1", "field", "a", "attributes.Color", "white"),
    Evidence("e2", "review", "b", "reviews.0", "“亮” – bright 💡\nbut\thot"),
    Evidence("e3", "policy", None, "returns", "30 days"),
)


def slate(*ids: str, matching: int = 17) -> Slate:
    """A slate of those products, with reasons, a drawback and evidence."""
    items = tuple(
        SlateItem(
            PRODUCTS[id],
            round(0.9 - place / 10, 3),
            (Reason("white, as you asked", ("e1",)), Reason("bright", ("e2", "e3"))),
            Reason("gets hot", ("e2",)) if place else None,
        )
        for place, id in enumerate(ids)
    )
    return Slate(items, matching, QUOTES)


def turn(turn_id: str, session_id: str, message: str = "a lamp under $60", failure: str | None = None) -> Turn:
    """A whole turn, as it is when it closes."""
    claims = (
        Claim("Lamp a is white.", "supported", ("e1",)),
        Claim("It glows.", "dropped"),
        Claim("Thirty days.", "mended", ("e3",)),
    )
    return Turn(
        id=turn_id,
        session_id=session_id,
        message=message,
        locale="en",
        need=NEED,
        slate=slate("a", "b"),
        reply=Reply("recommend", "Lamp a is white. Thirty days.", claims, ("cheaper", "black")),
        evidence=QUOTES,
        timings_ms={"understand": 12.5, "total": 1_830.0},
        versions=VERSIONS,
        failure=failure,
    )
