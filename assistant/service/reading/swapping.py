"""The wish for other items instead of some that were ordered, however it is told."""

import re
from dataclasses import replace

from assistant.service.reading.context import context_of, ids_of
from assistant.service.reading.lines import thing_in
from assistant.service.reading.masking import Masked
from assistant.service.reading.methods import method_in
from assistant.service.reading.objects import objects_in
from assistant.service.reading.parts import Part
from assistant.service.reading.reasons import reason_in
from assistant.service.reading.said import ItemSaid, Wish, WishKind
from assistant.service.reading.swaps import swaps_in
from catalog import has_cjk

_I = re.IGNORECASE
_NOUN_OF = re.compile(r"^\s*(?:requests?|process|options?|of)?\s*(?:for|of|to|in|on)\s+(?P<rest>.*)", _I | re.DOTALL)
_MAKE = re.compile(r"^make\s+(?=(?:the|my)\b)", _I)
_WANTED = re.compile(r"\b(?:cheapest|most|least|options?|version|ones?|model|variant|colou?r|size)\b", _I)
_OF_NOUN = re.compile(r"\b(?:the|my|this|that)\s+(?P<thing>(?:[\w-]+\s+){1,3})$", _I)
_GETS = ("need", "want", "would", "'d", "like", "prefer", "get", "have", "give", "send", "choose", "take", "go", "i")


def swap_wish(part: Part, sentence: str, message: Masked, kind: WishKind) -> Wish:
    """A wish for other items instead of some that were ordered."""
    objects = objects_in(part.after, message, loosely=False)
    items = _swapped(part, message)
    named = [item for item in items if item.text]
    context = () if named else context_of(part, message, always=any(item.wanted for item in items))
    if context:
        items = tuple(replace(context[-1], wanted=item.wanted) for item in items[:1]) or context
    return Wish(
        kind,
        ids_of(part, message),
        items,
        objects.but,
        objects.everything and not named,
        method_in(message.shown(f"{part.before} {part.after}")),
        reason=reason_in(sentence),
        order_words=objects.order_words,
    )


def instead_wish(part: Part, sentence: str, message: Masked) -> Wish:
    """A wish told by what it should be: "the desk should be 120 cm wide", "I need a 9 instead of an 8"."""
    after = message.bare(part.after).strip(" .,!?")
    of = re.match(r"(?P<thing>(?:the|my)\s+.+?)\s+(?:in|as|with)\s+(?P<wanted>.+)", after, _I | re.DOTALL)
    option = re.match(
        r"(?P<wanted>.+?\b(?:option|version|model|variant|one))\s+(?:for|of)\s+(?P<thing>(?:the|my)\s+[\w -]+)(?P<more>.*)",
        after,
        _I | re.DOTALL,
    )
    subject = re.search(r"(?P<thing>(?:the|my)\s+[\w -]+?)\s*$", part.before, _I)
    if option:
        item = ItemSaid(option["thing"], f"{option['wanted']} {option['more']}".strip())
    elif of and thing_in(of["thing"]):
        item = ItemSaid(of["thing"], of["wanted"])
    elif subject and not part.word.casefold().startswith(_GETS):
        item = ItemSaid(subject["thing"], after)
    else:
        context = context_of(part, message, always=True)
        item = ItemSaid(context[-1].text if context else "", after)
    return Wish(
        "exchange",
        ids_of(part, message),
        (item,),
        method=method_in(message.shown(part.after)),
        reason=reason_in(sentence),
    )


def _swapped(part: Part, message: Masked) -> tuple[ItemSaid, ...]:
    """The items of a change with what they shall become, from wherever the language puts them."""
    if _MAKE.match(part.word):
        return swaps_in(f"{_MAKE.sub('', part.word)} to {part.after}", message)
    if has_cjk(part.word):
        return _chinese_swap(part, message)
    noun = _NOUN_OF.match(part.after) if part.noun else None
    if noun is None:
        return swaps_in(part.after, message)
    pairs = swaps_in(noun["rest"], message)
    if any(item.text and item.wanted for item in pairs):
        return pairs
    if _WANTED.search(noun["rest"]):
        of = _OF_NOUN.search(part.before)
        return (
            ItemSaid(
                of["thing"].strip() if of and thing_in(of["thing"]) else "", message.bare(noun["rest"]).strip(" .,!")
            ),
        )
    return objects_in(noun["rest"], message).items


def _chinese_swap(part: Part, message: Masked) -> tuple[ItemSaid, ...]:
    """The items of a Chinese change: in its own clause before the verb, else named in the clauses before that."""
    clause = re.search(r"(?:把|将)[^。；]*$|[^，。；]*$", part.before)
    found = swaps_in(f"{clause[0] if clause else ''}{part.word}{part.after}", message)
    found = tuple(item for item in found if item.text != part.word)
    if any(item.text for item in found):
        return found
    wanted = next((item.wanted for item in found), "")
    meant = re.search(r"要的?是(?P<wanted>[^，。；]+)", part.before)
    things = [item for item in objects_in(part.before, message).items if thing_in(item.text)]
    wanted = wanted or (meant["wanted"] if meant else "")
    return tuple(replace(item, wanted=wanted) for item in things[-1:]) or found
