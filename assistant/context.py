"""What is known before a message is read, and what it was understood to say."""

from dataclasses import dataclass, field

from assistant.reading import carting
from assistant.reading.intent import Intent
from assistant.reading.orders import Order
from assistant.trail import Trail
from assistant.types import Need, Turn
from catalog import Locale, Product


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation holds so far: the need, what is on the shelf, what was last spoken of, its last turns."""

    need: Need = field(default_factory=Need)
    shown: tuple[Product, ...] = ()
    focus: str | None = None
    locale: Locale | None = None
    history: tuple[Turn, ...] = ()
    trail: Trail = field(default_factory=Trail)
    basket: carting.Basket = carting.Basket()


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message, read. `targets` are ids of shown products; `exclude` are not to be shown again.

    `anchor` is the product that "cheaper" was measured against; `foreign_currency` was named instead of the shop's.
    `to_shop` tells that the message may be a question to the shop rather than a wish; `features` are asked for in it
    that no field of the catalogue states; `corrected` are mistyped words, each with what it was taken for. `variety` is
    the step towards more or less of it on the shelf, `different` asks for what is unlike anything shown; `cart` is
    what is done with the cart. `refused` are orders that stood beside the wish;
    `plain` is the message as it was said again in plainer words, if it was.
    """

    intent: Intent
    need: Need
    locale: Locale
    targets: tuple[str, ...] = ()
    exclude: frozenset[str] = frozenset()
    anchor: Product | None = None
    foreign_currency: str | None = None
    to_shop: bool = False
    message: str = ""
    features: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    variety: int = 0
    different: bool = False
    cart: carting.CartWish | None = None
    refused: Order | None = None
    plain: str = ""
