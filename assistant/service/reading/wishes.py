"""The wishes of one sentence: each word that asks for something, made into what is wanted, and how they go together."""

import re
from dataclasses import dataclass, replace

from assistant.service.reading.conditions import Condition, conditions_in, hidden, only_says_no
from assistant.service.reading.cues import cues_in
from assistant.service.reading.deeds import address_wish, payment_wish, plain_wish
from assistant.service.reading.lines import thing_in
from assistant.service.reading.masking import Masked
from assistant.service.reading.methods import method_in
from assistant.service.reading.objects import is_pronoun, objects_in
from assistant.service.reading.parts import Part, parts_in
from assistant.service.reading.questions import ITEM_DEEDS, as_fact, asked_about, says_nothing
from assistant.service.reading.said import Wish, WishKind
from assistant.service.reading.swapping import instead_wish, swap_wish
from assistant.service.reading.swaps import is_option
from assistant.service.reading.words import pattern

_I = re.IGNORECASE
_REFUND = re.compile(r"refund|money back|退款|把钱退", _I)
_NAMED = re.compile(r"\W*(?:me )?(?:for|on|of)\s+(?:the|my|an?|this|that|‹o)", _I)
_TO_MONEY = re.compile(r"difference|amount|process|差价|原路", _I)
_ADDRESS = re.compile(
    r"\baddress(?:es)?\b|\b(?:zip|postal|post) ?code\b|\bsuite\b|\bapartment number\b|\bdelivery location\b|‹a\d+›|地址|收货",
    _I,
)
_TO_ADDRESS = re.compile(r"\bto (?:the|my|that|this|another|a|be the)\b[^,.;]{0,40}\baddress\b|[到成为].{0,8}地址", _I)
_PAYMENT = re.compile(r"\bpayments?\b|\bpaid\b|\bpay\b|\bbilling\b|付款|支付|‹m\d+›", _I)
_BY_TO = re.compile(r"\b(?:to|into|for|with|as|from)\b|[成为到]", _I)
_SHORT = 14  # characters: "on the same card" names no thing
_THANKS = re.compile(r"\bthank(?:s| you)\b|谢谢", _I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one sentence wants; `bound` is a limit that it sets to what was said before, `lead` what it says before its

    wishes. `fails` tells of a condition that what was wanted cannot be.
    """

    text: str
    wishes: tuple[Wish, ...] = ()
    bound: Condition | None = None
    lead: str = ""
    fails: bool = False


def read_sentence(sentence: str, message: Masked, earlier: str = "") -> Sentence:
    """The wishes of a sentence in order; `earlier` is what was said before it."""
    conditions = conditions_in(sentence)
    bare = hidden(sentence, conditions)
    starts = [cue.start for cue in cues_in(bare)]
    led = [one for one in conditions if one.kind == "fails" and any(start >= one.end for start in starts)]
    shown = hidden(sentence, [*led, *(one for one in conditions if one.kind == "amount")])
    bound = next((one for one in conditions if one.kind == "amount"), None)
    parts = list(parts_in(bare, shown, conditions, earlier))
    found: list[Wish] = []
    for part in parts:
        if part.cue.refused or (bound and part.cue.start > bound.start and only_says_no(bare[bound.end :])):
            continue
        if part.cue.kind == "keep":
            found = _kept(found, part, message)
            continue
        wish = _wish_of(part, parts, bare, message)
        if wish is not None:
            found.append(_noted(wish, part, sentence))
        elif found and found[-1].method is None:
            found[-1] = replace(found[-1], method=method_in(message.shown(f"{part.word} {part.after}")))
    found = asked_about(_sifted(found), bare, _supposed(found, sentence, conditions, message))
    ways_out = [one.start for one in conditions if one.kind == "fails"]
    lead = sentence[: ways_out[-1]] if len(ways_out) > 1 or (ways_out and found and found[0].otherwise) else ""
    return Sentence(sentence, tuple(_limited(found, bound)), bound, lead, bool(ways_out))


def _wish_of(part: Part, parts: list[Part], sentence: str, message: Masked) -> Wish | None:
    """The wish of one cue; None where it only says more of another one."""
    kind = part.cue.kind
    if kind in ("return", "pay_with") and _is_detail(part, parts, sentence):
        return None
    if kind == "exchange" and re.search(r"(?:地址|付款|支付)(?:方式)?[^，。]{0,6}$", part.before):
        kind, part = "change", replace(part, cue=replace(part.cue, kind="change"))
    if kind == "default_address" or (kind in ("ship_to", "change") and _about_address(part, message)):
        return address_wish(part, sentence, message)
    if kind == "ship_to":
        return None
    if kind == "pay_with" or (kind == "change" and _about_payment(part)):
        return payment_wish(part, sentence, message)
    if kind == "instead":
        swaps = any(
            one.cue.kind in ("change", "exchange", "return", "cancel") and one.after.strip(" .,") for one in parts
        )
        loose = part.word.casefold().startswith(
            ("should", "suppose", "meant", "was", "were", "is", "are")
        ) and not thing_in(part.before)
        return None if loose or (swaps and not thing_in(part.before)) else instead_wish(part, sentence, message)
    if kind in ("change", "exchange"):
        wish = swap_wish(part, sentence, message, "exchange" if kind == "exchange" else "change_items")
    else:
        wish = plain_wish(part, sentence, message, _kind_of(kind))
    only_named = part.noun and wish.kind in ITEM_DEEDS and says_nothing(wish)
    return (
        None
        if only_named
        and (_THANKS.search(sentence) or re.search(r"\b(?:the|this|that|both|your)\s+\w*\s*$", part.before, _I))
        else wish
    )


def _kind_of(cue: str) -> WishKind:
    """The kind of wish that a cue of this kind asks for."""
    return "other" if cue == "buy" else cue  # type: ignore[return-value]


def _is_detail(part: Part, parts: list[Part], sentence: str) -> bool:
    """Whether a refund or a payment is only told as where the money of another wish goes."""
    if part.cue.kind == "pay_with":
        others = [
            one
            for one in parts
            if one.cue.kind in ("return", "exchange", "cancel")
            or (one.cue.kind == "change" and not _about_payment(one))
        ]
        return bool(others) or re.search(r"difference|additional|extra|refund|差价", sentence, _I) is not None
    if not _REFUND.search(part.word):
        return False
    if part.before.rstrip().casefold().endswith(("for the", "for a")) or part.word.casefold().startswith("for"):
        return True
    told = _TO_MONEY.search(part.after) is not None or "difference" in sentence or method_in(part.after) is not None
    named = _NAMED.match(part.after)
    return told and not (named and method_in(part.after[named.end() : named.end() + _SHORT]) is None)


def _about_address(part: Part, message: Masked) -> bool:
    if part.cue.kind == "ship_to":
        return True
    head = _BY_TO.split(part.after, maxsplit=1)[0]
    if _ADDRESS.search(head) or re.match(r"\s*(?:it|this|that)?\s*(?:to|for)?\s*‹a\d+›", part.after):
        return True
    if _TO_ADDRESS.search(part.after) or re.search(r"地址[^，。]{0,6}$|\baddress[^,.]{0,40}$", part.before, _I):
        return True
    return is_pronoun(message.bare(head)) and (_ADDRESS.search(part.after) is not None or bool(message.addresses))


def _about_payment(part: Part) -> bool:
    head = _BY_TO.split(part.after, maxsplit=1)[0]
    if _PAYMENT.search(head) or re.search(r"(?:付款|支付)(?:方式)?[^，。]{0,6}$", part.before):
        return True
    return is_pronoun(head) and method_in(part.after) is not None and not re.search(r"\d|colou?r|size", head)


def _noted(wish: Wish, part: Part, sentence: str) -> Wish:
    """A wish with the text it was read from, and whether it holds only otherwise."""
    only_asks = pattern("conditions", "only_asks").search(sentence) is not None
    return replace(wish, otherwise=part.condition is not None, only_asks=only_asks, said=sentence.strip())


def _sifted(found: list[Wish]) -> list[Wish]:
    """Wishes without questions whose words only belong to a deed beside them: the balance that one pays with."""
    found = _with_broken(found)
    deeds = {wish.kind for wish in found} & {
        *ITEM_DEEDS,
        "change_payment",
        "change_address",
        "change_customer_address",
    }
    found = [wish for wish in found if not (deeds and wish.kind in ("balance", "damaged", "profile"))]
    totals = [wish for wish in found if wish.kind == "total"]
    return [wish for wish in found if wish not in totals[1:]]


def _with_broken(found: list[Wish]) -> list[Wish]:
    """Wishes in which a deed without things is about what is said to be broken beside it."""
    broken = next((wish for wish in found if wish.kind == "damaged" and wish.items), None)
    if broken is None:
        return found
    bare = [wish.kind in ("return", "exchange") and not (wish.items or wish.everything) for wish in found]
    return [replace(wish, items=broken.items) if takes else wish for wish, takes in zip(found, bare, strict=True)]


def _kept(found: list[Wish], part: Part, message: Masked) -> list[Wish]:
    """Wishes without what shall be kept."""
    but = tuple(item for item in objects_in(part.after, message).items if not is_option(item.text))
    if not but or not found:
        return found
    return [*found[:-1], replace(found[-1], but=(*found[-1].but, *but))]


def _supposed(found: list[Wish], sentence: str, conditions: list[Condition], message: Masked) -> Wish | None:
    """The deed in the condition of a question: "... if I return the lamp"."""
    condition = next((one for one in conditions if one.kind == "other"), None)
    if condition is None or not any(wish.kind == "total" for wish in found):
        return None
    inner = read_sentence(as_fact(sentence[condition.start : condition.end]), message).wishes
    return next((wish for wish in inner if wish.kind in ITEM_DEEDS), None)


def _limited(found: list[Wish], bound: Condition | None) -> list[Wish]:
    """Wishes with the limit that their own sentence sets to them."""
    if bound is None or bound.bound is None or not found:
        return found
    return [replace(found[0], bound=bound.bound), *found[1:]]
