"""Questions about a deed: "how much would I get if I return the lamp", "how do I return it". Knows only wishes."""

import re
from dataclasses import replace

from assistant.service.reading.said import Wish

ITEM_DEEDS = ("return", "exchange", "cancel", "change_items")
_I = re.IGNORECASE
_WORDS = {
    "return": "return|refund|退",
    "exchange": "exchang|swap|replac|换",
    "cancel": "cancel|remov|取消",
    "change_items": "chang|modif|switch|改",
}
_FACTS = {
    "return": "return",
    "exchang": "exchange",
    "cancel": "cancel",
    "cancell": "cancel",
    "chang": "change",
    "swapp": "swap",
    "replac": "replace",
}
_IN_FACT = re.compile(rf"\b({'|'.join(_FACTS)})ed\b", _I)
_LEADS_TO = re.compile(r"\b(?:if|when|for|from|by|of|on|after)\b[^,;]*$|如果|要是", _I)


def says_nothing(wish: Wish) -> bool:
    """Whether a wish names nothing: the "return" of "yes, proceed with the return"."""
    details = wish.items or wish.but or wish.order_ids or wish.method or wish.address or wish.order_words
    return not details and wish.conditional is None and (not wish.everything or wish.kind == "cancel")


def asked_about(found: list[Wish], sentence: str, supposed: Wish | None) -> list[Wish]:
    """The wishes of a sentence in which a question takes up the deed it is about; `supposed` is that of its condition."""
    ask = next((wish for wish in found if wish.kind in ("total", "how", "undo")), None)
    if ask is None:
        return found
    later = found[found.index(ask) + 1 :]
    about = next((wish for wish in later if wish.kind in (*ITEM_DEEDS, "change_address")), None)
    if about is not None and not _tied(ask, about, sentence):
        return found
    about = about or (supposed if ask.kind == "total" else None)
    if about is None:
        return found
    joined = replace(
        ask,
        about=about.kind,
        items=about.items or ask.items,
        order_ids=about.order_ids or ask.order_ids,
        everything=about.everything,
        but=about.but,
    )
    bare = [wish for wish in later if wish.kind in ITEM_DEEDS and says_nothing(wish)]
    return [joined if wish is ask else wish for wish in found if wish is not about and wish not in bare]


def as_fact(condition: str) -> str:
    """A condition in the words of a wish: "if I returned the lamp" as "I return the lamp"."""
    told = re.sub(r"^\W*(?:only\s+)?(?:if|when|once|如果|要是)", "", condition, flags=_I)
    return _IN_FACT.sub(lambda verb: _FACTS[verb[1].casefold()], told)


def _tied(ask: Wish, about: Wish, sentence: str) -> bool:
    """Whether a question goes on to the deed rather than standing beside it."""
    if ask.kind in ("how", "undo"):
        return True
    match = re.search(_WORDS.get(about.kind, "address"), sentence, _I)
    return _LEADS_TO.search(sentence[: match.start()] if match else sentence) is not None
