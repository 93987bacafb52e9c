"""What a message wants of service where no rule has read it: told by its meaning, from examples (`reading/kinds.yaml`).

Only what is wanted is told this way; which order and which item are read from the words, and nothing is done without a yes.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from assistant.sense import Sensed
from assistant.service.reading import Heard, Wish, WishKind
from assistant.service.taking import FOR_PEOPLE

Senses = Callable[[str], Sensed]

_SURE = 0.6
_TWINS = ({"cancel", "return"}, {"exchange", "change_items"}, {"change_address", "change_customer_address"})
_PAYS = re.compile(r"\b(?:charge[ds]?|bill|pay(?:ing|ment)?|paid)\b|付款|支付|扣款", re.IGNORECASE)


def sensed(heard: Heard, message: str, asked: bool, sense: Senses | None) -> Heard:
    """`heard`, with what the message wants or answers where that was not read; `asked` after a question for a yes.

    Beside what only people can look after, something that can be done may still be wanted.
    """
    known = [wish for wish in heard.wishes if wish.kind not in ("other", *FOR_PEOPLE)]
    if sense is None or heard.answer or heard.done or known or heard.claimed.email or heard.claimed.postcode:
        return heard
    wish = Wish("other", heard.order_ids, address=heard.address, reason=heard.reason, said=message)
    if heard.methods and _PAYS.search(message):
        return replace(heard, wishes=(replace(wish, kind="change_payment", method=heard.methods[0]),))
    found = sense(message)
    if _share(found) < _SURE or found.act in ("none", *FOR_PEOPLE):
        return heard
    if found.act == "done":
        return replace(heard, done=True)
    if found.act in ("yes", "no"):
        return replace(heard, answer="yes" if found.act == "yes" else "no") if asked else heard
    method = heard.methods[0] if heard.methods else None
    return replace(heard, wishes=(replace(wish, kind=cast(WishKind, found.act), method=method),))


def _share(found: Sensed) -> float:
    """How likely the act is, together with the one that differs from it only in where the order is."""
    alike = any({found.act, found.second} == twins for twins in _TWINS)
    return found.probability + found.second_probability * alike
