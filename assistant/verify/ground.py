"""What sentences may rest on: a product with its lines, and what these lines hold, read once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from assistant.reading.numerals import in_digits
from assistant.types import Evidence
from assistant.verify.denial import Denials, denials_of
from catalog import Product, tokens


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence about one product may rest on: its lines in the shopper's language."""

    product: Product
    lines: tuple[Evidence, ...]

    def text(self) -> str:
        head = (self.product.title, self.product.brand, self.product.category)
        return "\n".join((*head, *(line.quote for line in self.lines)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, on which lines it rests, whom it speaks of, and what was wrong with it."""

    ok: bool
    evidence: tuple[Evidence, ...] = ()
    about: tuple[str, ...] = ()
    fault: str = ""
    named: bool = False


@dataclass(frozen=True)
class Support:
    """Lines that may back what is said, with what is read off them. `held` is what every shown product satisfies."""

    lines: tuple[str, ...]
    held: str = ""
    product: Product | None = None
    numbers: tuple[str, ...] = field(default=())
    """The lines whose numbers state something: a reviewer's do not."""

    @cached_property
    def text(self) -> str:
        return "\n".join((*self.lines, self.held))

    @cached_property
    def folded(self) -> str:
        return self.text.casefold()

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(tokens(self.text))

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The lines whose numbers count, these in digits."""
        return tuple(in_digits(line) for line in self.numbers)

    @cached_property
    def line_tokens(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """Each line with its tokens."""
        return tuple((line, frozenset(tokens(line))) for line in self.lines)

    def likest(self, text: str) -> str | None:
        """The line that has most of a text's words, if it has most of them and the text most of its own."""
        spoken = set(tokens(text))
        shared = [(len(spoken & own), line) for line, own in self.line_tokens if 2 * len(spoken & own) > len(own)]
        most, line = max(shared, default=(0, ""))
        return line if most > 2 and 2 * most > len(spoken) else None

    @cached_property
    def denials(self) -> Denials:
        return denials_of((*self.lines, *self.held.splitlines()))


def support_of(ground: Ground, held: str = "") -> Support:
    """What one product's lines support."""
    product = ground.product
    quotes = tuple(line.quote for line in ground.lines)
    stating = tuple(line.quote for line in ground.lines if line.kind != "review")
    head = (product.title, product.brand, product.category)
    return Support((*head, *quotes), held, product, (product.title, *stating))


def support_of_rule(texts: Iterable[str]) -> Support:
    """What sentences of the shop's rules support."""
    lines = tuple(texts)
    return Support(lines, "", None, lines)
