"""The wishes of a whole message: sentence by sentence each adds its own, or says more of the one before."""

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.service.reading.masking import Masked
from assistant.service.reading.methods import methods_in
from assistant.service.reading.objects import listed, objects_in
from assistant.service.reading.questions import says_nothing
from assistant.service.reading.reasons import reason_in
from assistant.service.reading.said import AddressOf, ItemSaid, Wish
from assistant.service.reading.swaps import is_option
from assistant.service.reading.wishes import Sentence
from assistant.service.reading.words import pattern
from catalog import tokens

_I = re.IGNORECASE
_SWAPS = ("exchange", "change_items")
_DEEDS = ("cancel", "return", "exchange", "change_items", "change_address", "change_payment", "change_customer_address")
_LEFT_OUT = re.compile(
    r"^\W*(?:just |but |only |and |i(?:'d| would) like to |i want to |please )*(?:not\b(?! sure)|except\b|keep\b|everything (?:but|except))|^\W*(?:但|不过)?(?:除了|不包括|留着)",
    _I,
)
_COURTESY = re.compile(
    r"\b(?:thank|thanks|please|help|can you|could you|sorry|hi|hello|hey|great day|assist\w*|order id|order number)\b|谢谢|请|你好|\?|？",
    _I,
)
_NEVER_MIND = re.compile(
    r"^\W*(?:actually,? |oh,? |sorry,? )*(?:never ?mind|forget (?:it|that|about it)|scratch that|cancel that)\W*$|^\W*算了\W*$",
    _I,
)
_QUESTION = re.compile(r"[?？]\s*$")
_MAY_I = re.compile(r"\b(?:can|could|may|might) (?:i|we)\b(?! (?:also )?(?:help|ask|check|know|get back|confirm))", _I)
_TELLS_WHICH = re.compile(
    r"\W*(?:it'?s|it is|they'?re|they are|i mean|specifically|that'?s)\s+(?:the|an?|in|size|\d|my)\b|\W*the one\b|\W*(?:是|就是)那",
    _I,
)
_CORRECTED = re.compile(
    r"^\W*(?:actually|no|sorry|wait|i mean|well|oh)[\s,]+(?:(?:no|wait|sorry)[\s,]+)?(?:just|only)\b|^\W*(?:不|算了)[，,]?只",
    _I,
)
_FEW_WORDS = 16


def told_by(sentences: Iterable[Sentence], message: Masked) -> list[Wish]:
    """All wishes of a message in order."""
    told: list[Wish] = []
    for sentence in sentences:
        if _NEVER_MIND.match(sentence.text):
            told = []
            continue
        limited = sentence.wishes and sentence.wishes[0].bound and not sentence.wishes[0].otherwise
        if sentence.bound and told and not limited:
            told[-1] = replace(told[-1], bound=sentence.bound.bound)
        if sentence.lead.strip() and sentence.wishes and sentence.wishes[0].otherwise and told:
            told = _elaborated(told, replace(sentence, text=sentence.lead, wishes=()), message)
        for wish in sentence.wishes:
            told = _added(told, wish, sentence)
        if not sentence.wishes and told:
            told = _elaborated(told, sentence, message)
    return _one_move(told)


def _one_move(told: list[Wish]) -> list[Wish]:
    """Wishes in which "I have moved" stands for itself only where no other wish says what is to be changed."""
    moved = [
        wish
        for wish in told
        if wish.kind == "change_address" and not (wish.order_ids or wish.order_words) and wish.address_of is None
    ]
    others = [wish for wish in told if "address" in wish.kind and wish not in moved]
    return [wish for wish in told if wish not in moved] if others and moved else told


def _added(told: list[Wish], wish: Wish, sentence: Sentence) -> list[Wish]:
    """The wishes with one more: as the way out of the last, as more of it, or by itself."""
    if not told:
        return [wish]
    last = told[-1]
    limit = sentence.bound if sentence.bound and wish.kind != last.kind and sentence.bound.bound == wish.bound else None
    if wish.otherwise and wish.kind == "change_payment" and last.kind in ("return", *_SWAPS):
        return [*told[:-1], replace(last, conditional=replace(last, method=wish.method, otherwise=True))]
    if (wish.otherwise or limit) and wish.kind in _DEEDS and last.kind in _DEEDS:
        way_out = _deepest(last.conditional, replace(wish, bound=None if limit else wish.bound))
        return [*told[:-1], replace(last, bound=limit.bound if limit else last.bound, conditional=way_out)]
    place = next((place for place, one in reversed(list(enumerate(told))) if _same(one, wish)), None)
    if place is not None:
        return [*told[:place], _merged(told[place], wish), *told[place + 1 :]]
    return [*told, wish]


def _deepest(before: Wish | None, wish: Wish) -> Wish:
    """`wish` at the end of a chain of ways out."""
    return wish if before is None else replace(before, conditional=_deepest(before.conditional, wish))


def _same(before: Wish, wish: Wish) -> bool:
    """Whether a wish says again, or more of, what was wanted before."""
    if before.kind != wish.kind and not (before.kind in _SWAPS and wish.kind in _SWAPS):
        return False
    if before.order_ids and wish.order_ids and not set(wish.order_ids) <= set(before.order_ids):
        return False
    if wish.kind not in _DEEDS:
        return not wish.items and not wish.order_ids
    if before.kind == "change_payment" and before.method and wish.method:
        return False
    if not wish.items or not before.items:
        return not wish.order_ids or set(wish.order_ids) <= set(before.order_ids)
    return any(alike(old.text, new.text) for old in before.items for new in wish.items)


def alike(first: str, second: str) -> bool:
    """Whether two words for things may mean one thing."""
    one, other = set(tokens(first)), set(tokens(second))
    if not one or not other:
        return not one and not other
    return one <= other or other <= one or len(one & other) > 1


def _merged(before: Wish, wish: Wish) -> Wish:
    """A wish with what was said of it later."""
    return replace(
        before,
        order_ids=before.order_ids or wish.order_ids,
        items=_items_of_both(before.items, wish.items),
        but=(*before.but, *wish.but),
        everything=before.everything or wish.everything,
        method=wish.method or before.method,
        address=wish.address or before.address,
        address_of=_whose(before, wish),
        from_default_address=wish.from_default_address or before.from_default_address,
        address_from=wish.address_from or before.address_from,
        reason=before.reason or wish.reason,
        bound=wish.bound or before.bound,
        order_words=before.order_words or wish.order_words,
        only_asks=before.only_asks or wish.only_asks,
        said=f"{before.said} {wish.said}",
    )


def _items_of_both(before: tuple[ItemSaid, ...], after: tuple[ItemSaid, ...]) -> tuple[ItemSaid, ...]:
    """The items of two wishes, one that is named in both once."""
    items = list(before)
    for new in after:
        place = next((place for place, old in enumerate(items) if alike(old.text, new.text)), None)
        if place is None:
            items.append(new)
            continue
        old = items[place]
        wanted = ". ".join(one for one in (old.wanted, new.wanted) if one)
        items[place] = ItemSaid(max(old.text, new.text, key=len), wanted, old.all_of_kind or new.all_of_kind)
    return tuple(items)


def _whose(before: Wish, wish: Wish) -> AddressOf | None:
    return wish.address_of if wish.address_of == "both" else before.address_of or wish.address_of


def _elaborated(told: list[Wish], sentence: Sentence, message: Masked) -> list[Wish]:
    """The wishes with what a sentence without a wish of its own says of them."""
    place = next((place for place, one in reversed(list(enumerate(told))) if one.kind in _DEEDS), None)
    if place is None:
        return told
    wish, text = told[place], message.shown(sentence.text).strip()
    methods = methods_in(text)
    if sentence.fails and methods and wish.method and wish.conditional is None:
        way_out = replace(wish, method=methods[-1][0], otherwise=True)
        return [*told[:place], replace(wish, conditional=way_out), *told[place + 1 :]]
    changed = replace(
        wish,
        method=methods[-1][0] if methods and wish.method is None else wish.method,
        reason=wish.reason or reason_in(text),
        order_ids=wish.order_ids or message.order_ids(sentence.text),
        address=wish.address or (message.address(sentence.text) if "address" in wish.kind else None),
        only_asks=wish.only_asks or pattern("conditions", "only_asks").search(text) is not None,
        said=f"{wish.said} {sentence.text.strip()}",
    )
    return [*told[:place], _with_items(changed, sentence, message, text), *told[place + 1 :]]


def _with_items(wish: Wish, sentence: Sentence, message: Masked, text: str) -> Wish:
    """A wish with the items that a further sentence lists, leaves out, or tells more of."""
    corrected = _CORRECTED.match(sentence.text)
    if corrected and wish.kind in ("return", "cancel", *_SWAPS):
        items = tuple(listed(sentence.text[corrected.end() :], message))
        return replace(wish, items=items, everything=False) if items else wish
    if _LEFT_OUT.match(sentence.text) and wish.kind in ("return", "cancel", *_SWAPS):
        found = objects_in(f"everything except {_LEFT_OUT.sub(' ', sentence.text)}", message)
        but = tuple(item for item in found.but if not is_option(item.text))
        if but:
            return replace(wish, but=(*wish.but, *but))
    if (
        wish.kind in _SWAPS
        and pattern("items", "wants").search(text)
        and (not _QUESTION.search(text) or _MAY_I.search(text))
    ):
        return _described(wish, text)
    if wish.kind in ("return", "cancel", *_SWAPS) and wish.items and _TELLS_WHICH.match(text) and not reason_in(text):
        last = wish.items[-1]
        return replace(wish, items=(*wish.items[:-1], replace(last, text=f"{last.text}, {text}")))
    few = len(text.split()) < _FEW_WORDS and not _COURTESY.search(text)
    if wish.kind in ("return", "cancel", *_SWAPS) and not wish.items and not wish.order_words and few:
        if not wish.everything or (wish.kind == "cancel" and says_nothing(wish)):
            return replace(wish, items=tuple(listed(sentence.text, message)))
    return wish


def _described(wish: Wish, text: str) -> Wish:
    """A wish with what a sentence says of what its items become: of the one that it names, else of the last."""
    heard = set(tokens(text))
    way_out = wish.conditional
    if way_out and any(heard & set(tokens(item.text)[-1:]) for item in way_out.items) and way_out.kind in _SWAPS:
        return replace(wish, conditional=_described(way_out, text))
    if not wish.items:
        return replace(wish, items=(ItemSaid("", text),))
    named = [item for item in wish.items if heard & set(tokens(item.text)[-1:])]
    chosen = named or [wish.items[-1]]
    items = (replace(one, wanted=f"{one.wanted}. {text}".lstrip(". ")) if one in chosen else one for one in wish.items)
    return replace(wish, items=tuple(items))
