"""The wish that one part of a sentence tells: for an address, a payment, things to be sent back, or an answer."""

import re
from dataclasses import replace

from assistant.service.reading.context import context_of, ids_of
from assistant.service.reading.lines import thing_in
from assistant.service.reading.masking import Masked
from assistant.service.reading.methods import method_in
from assistant.service.reading.objects import Objects, objects_in, without_method
from assistant.service.reading.parts import Part
from assistant.service.reading.reasons import reason_in
from assistant.service.reading.said import ItemSaid, Wish, WishKind
from assistant.service.reading.whereto import whereto_in
from assistant.service.reading.words import pattern
from catalog import has_cjk

_I = re.IGNORECASE
_BY_TO = re.compile(r"\b(?:to|into|for|with|as|from)\b|[成为到]", _I)
_PASSIVE = re.compile(r"\b(?:to be|be|should be|needs?|must be|get|gets)\s*$", _I)
_RELATIVE = re.compile(r"\b(?:that|which) (?:i|we)\b[^,;]*$", _I)
_ASKING = re.compile(
    r"\b(?:needs?|should|must|has|have|ought|i'd like|i want|i need|we want|please|would like)\b.*$", _I
)
_ZH_LEAD = re.compile(r"^(?:请|帮我|麻烦|我想|我要|想|要|把|将|给我|我)+")
_ASKED_OF = frozenset(("options", "details", "total", "status", "warranty"))
_PART_OF = re.compile(r"\b(?:part of|some of|one of the items|certain|a few|a couple|just|only)\b|部分|几[个件]", _I)
_NO_ITEMS = frozenset(("person", "complaint", "orders", "profile", "balance", "undo"))


def address_wish(part: Part, sentence: str, message: Masked) -> Wish:
    """A wish for another address, of an order or of the customer."""
    to = part.after if part.cue.kind == "change" else f" to {part.after}"
    head = part.before if re.search("地址|address", part.before) else ""
    where = whereto_in(f"{head} {to}", part.before, message)
    objects = objects_in(_BY_TO.split(part.after, maxsplit=1)[0], message)
    ids = where.order_ids or message.order_ids(part.before) or message.order_ids(part.word)
    default = part.cue.kind == "default_address"
    words = objects.order_words or objects_in(sentence, message).order_words
    only_mine = where.of == "profile" and words and not pattern("places", "surely_profile").search(sentence)
    own = default or (where.of == "profile" and not only_mine) or (where.of == "both" and not ids)
    kind: WishKind = "change_customer_address" if own and not ids else "change_address"
    return Wish(
        kind,
        ids,
        address=where.address
        or message.address(sentence)
        or (message.address(message.text) if not where.source and not where.from_default else None),
        address_of="profile" if default else "order" if only_mine else where.of,
        from_default_address=where.from_default and not default,
        address_from="" if default else where.source,
        everything=objects.everything or re.search(r"\ball\b|所有|全部", sentence, _I) is not None,
        order_words=words,
    )


def payment_wish(part: Part, sentence: str, message: Masked) -> Wish:
    """A wish to pay an order with something else."""
    ids = message.order_ids(f"{part.before} {part.after}") or message.order_ids(sentence)
    method = method_in(message.shown(part.after)) or method_in(message.shown(sentence))
    return Wish("change_payment", ids, method=method, order_words=objects_in(part.after, message).order_words)


def plain_wish(part: Part, sentence: str, message: Masked, kind: WishKind) -> Wish:
    """Any other wish: what it is about stands behind its verb, before it, or was named last."""
    objects = objects_in(part.after, message)
    ids = ids_of(part, message)
    empty = not (objects.items or objects.everything or objects.order_words)
    if empty and kind in _ASKED_OF:
        objects = replace(objects, items=_asked_of(part, message))
        empty = not objects.items
    if empty and kind not in _NO_ITEMS:
        objects = _from_before(part, message, objects)
    everything = objects.everything or (
        kind == "cancel" and not objects.items and (bool(ids or objects.order_words) or not _some(part))
    )
    if has_cjk(sentence) and re.search(r"都|全部|所有", f"{part.before} {part.after}") and not objects.items:
        everything = True
    method = method_in(message.shown(part.after))
    if kind in ("return", "cancel", "balance"):
        method = method or method_in(message.shown(sentence))
    return Wish(
        kind,
        ids,
        () if kind in _NO_ITEMS else _of_kind(kind, objects.items),
        objects.but,
        everything,
        method,
        reason=reason_in(message.shown(sentence)) if kind in ("return", "cancel", "damaged") else "",
        order_words=objects.order_words,
    )


def _of_kind(kind: WishKind, items: tuple[ItemSaid, ...]) -> tuple[ItemSaid, ...]:
    """The items that a wish of a kind can be about: in Chinese a question's are things by name, for nothing parts its words."""
    if kind in ("return", "cancel"):
        return items
    return tuple(item for item in items if not has_cjk(item.text) or thing_in(item.text))


def _asked_of(part: Part, message: Masked) -> tuple[ItemSaid, ...]:
    """What a question is about where its own words hold it: "how many hat options are there", "which sizes does the hat have"."""
    within = re.search(
        r"\b(?:many|what|which|any|other|the)\s+(?P<thing>(?:[\w-]+\s+){1,3}?)(?:options?|variants?|versions?|colou?rs?|sizes?|models?|styles?)\b",
        part.word,
        _I,
    )
    if within and thing_in(within["thing"]):
        return (ItemSaid(within["thing"].strip()),)
    found = [
        message.bare(match["thing"]).strip(" ,.")
        for match in pattern("items", "noun").finditer(without_method(f"{part.word} {part.after}") + ".")
    ]
    return tuple(ItemSaid(one) for one in found if thing_in(one))[:1]


def _some(part: Part) -> bool:
    """Whether a part of an order is meant, or what "it" and "that" stand for."""
    return _PART_OF.search(part.after) is not None or (
        part.pointing and bool(part.after.strip(" .,!?")) and "order" not in part.after
    )


def _from_before(part: Part, message: Masked, behind: Objects) -> Objects:
    """The things that stand before the verb: 把台灯退了, "the lamp needs to be returned", "a hat ..., I need to return it"."""
    clause = re.search(r"除了?.*$|[^，。]*$", part.before)
    if clause and has_cjk(clause[0]):
        found = objects_in(_ZH_LEAD.sub("", re.sub(r"^.*?(?=把|将)", "", clause[0])), message)
        return found if found.items or found.everything or found.order_words or found.but else behind
    if _PASSIVE.search(part.before) or _RELATIVE.search(part.before):
        found = objects_in(_ASKING.sub("", part.before), message)
        if found.items or found.everything:
            return found
    context = context_of(part, message)
    if context and part.cue.kind == "cancel" and re.search(r"\border\b", part.after):
        return Objects((), behind.but, True, f"order with {context[-1].text}")
    return Objects(context, behind.but, behind.everything, behind.order_words) if context else behind
