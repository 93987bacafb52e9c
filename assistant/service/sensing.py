"""What a message wants of service where no rule has read it: told by its meaning, from examples (`reading/kinds.yaml`).

Only what is wanted is told this way; which order and which item are read from the words, and nothing is done without a yes.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from assistant.sense import Sensed
from assistant.service.reading import Heard, Wish, WishKind

Senses = Callable[[str], Sensed]

_SURE = 0.5
_TWINS = ({"cancel", "return"}, {"exchange", "change_items"}, {"change_address", "change_customer_address"})


def sensed(heard: Heard, message: str, asked: bool, sense: Senses | None) -> Heard:
    """`heard`, with what the message wants or answers where that was not read; `asked` after a question for a yes."""
    if sense is None or heard.answer or heard.done or any(wish.kind != "other" for wish in heard.wishes):
        return heard
    found = sense(message)
    if _share(found) < _SURE or found.act == "none":
        return heard
    if found.act == "done":
        return replace(heard, done=True)
    if found.act in ("yes", "no"):
        return replace(heard, answer="yes" if found.act == "yes" else "no") if asked else heard
    kind = cast(WishKind, found.act)
    wish = Wish(kind, heard.order_ids, address=heard.address, reason=heard.reason, said=message)
    return replace(heard, wishes=(wish,))


def _share(found: Sensed) -> float:
    """How likely the act is, together with the one that differs from it only in where the order is."""
    alike = any({found.act, found.second} == twins for twins in _TWINS)
    return found.probability + found.second_probability * alike
