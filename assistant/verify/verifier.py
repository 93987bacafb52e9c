"""One turn's sentences, each taken apart into its claims and checked: promises, comparisons, counts, then what is left."""

import re
from collections.abc import Mapping, Sequence
from itertools import chain

from assistant.markup import markup
from assistant.reading.numerals import mentioned, stated
from assistant.types import Evidence, Need
from assistant.verify.amounts import bounded, wrong_amount
from assistant.verify.comparing import unproven, wrong_comparison
from assistant.verify.denial import turned, wrong_denial
from assistant.verify.ground import Ground, Support, Verdict, support_of
from assistant.verify.groups import GroupClaim, group_claim
from assistant.verify.naming import ANY, Named, Names, parts
from assistant.verify.rules import promises, rule_supports, wrong_rule
from assistant.verify.stock import wrong_stock
from assistant.verify.wording import repeats, unsupported
from catalog import minor_units, tokens

_PLURAL = re.compile(r"\b(?:these|they|them|both|their)\b|它们|这几款|这些|[两都均]", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-zA-Z'-]+")


class Verifier:
    """Holds the grounds of one turn and checks sentences against them, in order: "it" is the product last named.

    `shelf` is what a comparison speaks of, the grounds unless it is given; `rules` are the lines of the shop's rules
    that may be told.
    """

    def __init__(
        self, grounds: Sequence[Ground], need: Need, *, shelf: Sequence[Ground] = (), rules: Sequence[Evidence] = ()
    ) -> None:
        self._grounds: Mapping[str, Ground] = {ground.product.id: ground for ground in grounds}
        self._shelf = {ground.product.id: ground for ground in shelf or grounds}
        self._names = Names(self._shelf | self._grounds)
        self._held = _held(need, next((ground.product.currency for ground in grounds), "USD"))
        self._supports: dict[str, Support] = {}
        self._rules = rule_supports(rules)
        self._last: tuple[str, ...] = tuple(self._grounds) if len(self._grounds) == 1 else ()

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence, about 1 ms."""
        named = self._names.read(sentence)
        about = named.ids or self._last
        grounds = [self._ground(id) for id in about] or list(self._grounds.values())
        fault = markup(named.text) or self._fault(named, sentence, grounds)
        if named.ids:
            self._last = named.ids
        if fault:
            return Verdict(False, about=about, fault=fault)
        return Verdict(True, _resting_on(sentence, grounds), about, named=bool(named.ids))

    def _ground(self, id: str) -> Ground:
        return self._grounds.get(id) or self._shelf[id]

    def _support(self, id: str) -> Support:
        if id not in self._supports:
            self._supports[id] = support_of(self._ground(id), self._held)
        return self._supports[id]

    def _fault(self, named: Named, sentence: str, grounds: Sequence[Ground]) -> str:
        promised = promises(named.text)
        if self._rules and (promised or not self._grounds):
            return wrong_rule(sentence, self._rules)
        listed = "\n".join(ground.text() for ground in grounds).casefold()
        unlisted = next((word for word in promised if word.casefold() not in listed), None)
        if unlisted is not None:
            return f"promise {unlisted}"
        named = Named(bounded(named.text), named.ids)
        fault, named = wrong_comparison(named, self._shelf, self._last)
        if fault:
            return fault
        claim = group_claim(named, len(self._shelf))
        if claim is not None:
            return self._wrong_group(claim, named)
        bare = re.sub(ANY, "", named.text)
        return self._wrong_parts(named) or ("repeats itself" if len(named.ids) < 2 and repeats(bare, grounds) else "")

    def _wrong_parts(self, named: Named) -> str:
        """What is wrong with what a sentence says of single products; said of none in particular, one must bear it all."""
        for part in parts(named, self._last):
            faults = [self._said_of(part.text, id) for id in part.about or self._grounds]
            if not part.about and self._grounds and not _PLURAL.search(part.text):
                faults = [""] if "" in faults else faults[:1]
            if not part.about and _CAPITALISED.search(part.text) and not self._known(part.text):
                return "unknown name"
            fault = next((fault for fault in faults if fault), "")
            if fault:
                return fault
        return ""

    def _said_of(self, text: str, id: str) -> str:
        """What is wrong with a text in which comparisons are gone, when it is said of one product."""
        support = self._support(id)
        fault, told = wrong_stock(text, self._ground(id).product)
        told = re.sub(ANY, " ", told)
        if not fault:
            fault, told = wrong_amount(told, support)
        fault = fault or unproven(told, support.folded) or wrong_denial(told, support.denials)
        if fault:
            return fault
        likest = support.likest(told)
        if likest and turned(told, likest):
            return "negation of a line"
        missing = unsupported(told, support)
        return f"unsupported {', '.join(missing)}" if missing else ""

    def _wrong_group(self, claim: GroupClaim, named: Named) -> str:
        holds = {id: self._holds(claim.told, id) for id in self._shelf}
        outcomes = list(holds.values())
        if claim.quantity == "only":
            rest = [held for id, held in holds.items() if id not in named.ids]
            right = all(holds[id] for id in named.ids) and all(held is False for held in rest)
        elif claim.quantity == "count":
            right = outcomes.count(True) == claim.count and None not in outcomes
        else:
            right = all(held is (claim.quantity == "all") for held in outcomes)
        return "" if right else f"{claim.quantity} of the shelf"

    def _holds(self, told: str, id: str) -> bool | None:
        """Whether something is true of a product, false of it, or not to be told from its listing."""
        fault = self._said_of(told, id)
        if not fault:
            return True
        if fault.startswith(("number", "stock")):
            return False
        return False if self._another_value(told, id) else None

    def _another_value(self, told: str, id: str) -> bool:
        """Whether `told` is what an attribute of another product says, and this product's says something else."""
        spoken = set(tokens(told))
        own = self._ground(id).product.attributes
        for ground in self._shelf.values():
            for name, value in ground.product.attributes.items():
                stated = set(tokens(value))
                if name in own and stated and stated <= spoken and not stated & set(tokens(own[name])):
                    return True
        return False

    def _known(self, text: str) -> bool:
        folded = "\n".join(self._support(id).folded for id in self._grounds)
        return all(name.casefold() in folded for name in _CAPITALISED.findall(text))


def _resting_on(sentence: str, grounds: Sequence[Ground]) -> tuple[Evidence, ...]:
    """The lines that share a number or most words with the sentence, the best two."""
    spoken = set(tokens(sentence))
    numbers = set(stated(sentence).values())
    scored: list[tuple[float, int, Evidence]] = []
    for ground in grounds:
        title = set(tokens(ground.product.title))
        for place, line in enumerate(ground.lines):
            own = set(tokens(line.quote)) - title
            shared = len((spoken - title) & own)
            counted = len(numbers & mentioned(line.quote))
            if shared + counted:
                scored.append((shared + 2 * counted, place, line))
    best = sorted(scored, key=lambda entry: (-entry[0], entry[1]))[:2]
    return tuple(line for _, _, line in best)


def _held(need: Need, currency: str) -> str:
    """The words of the constraints: every product on the slate satisfies them, so they may be said of any.

    Not so what a listing must merely not speak of: that it is silent on plastic does not say there is none. Nor does the
    rest of what the shopper wrote support anything: "is it removable?" does not make it so.
    """
    clauses = []
    for constraint in need.constraints:
        if constraint.field == "text":
            continue
        value = constraint.value
        words = [str(one) for one in value] if isinstance(value, tuple) else [str(value)]
        if constraint.field == "price" and isinstance(value, int):
            words.append(f"{value / minor_units(currency):.12g}")
        if constraint.op in ("ne", "not_in", "not_contains"):
            words = list(chain.from_iterable((f"not {word}", f"不{word}") for word in words))
        clauses.append("\n".join(words) if constraint.op in ("ne", "not_in", "not_contains") else " ".join(words))
    return "\n".join(clauses)
