"""What a message that no rule reads most likely does, by the examples it is nearest to in meaning.

Rules know phrasings: in words that nobody had thought of, shoppers thanked, asked why, or wanted others, and were taken
for searching. Such a message is compared with examples of each act by the catalogue's own embedder.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from assistant.context import Context, Understanding
from assistant.reading import change, steering
from assistant.reading.intent import Intent
from assistant.reading.vocabulary import table
from assistant.types import Need
from catalog import Constraint, Op, words

_NEAREST = 3  # examples of an act that are averaged
_CLEAR = 0.012  # cosine that the nearest act must be ahead of the second
_PLAIN = 0.02  # the same where rules took it for a question about what is in view
_ASKED = ("why", "policy", "release", "thanks")  # what such a question may be instead
_MOST_WORDS = 14  # what is longer says more than one act
Cosines = Callable[[str, Sequence[str]], list[float]]


def nearest_act(message: str, cosines: Cosines, clear: float = _CLEAR) -> str | None:
    """The act whose examples are nearest to `message` by at least `clear`, None where none is."""
    acts: dict[str, list[str]] = table("acts")
    near = iter(cosines(message, [example for examples in acts.values() for example in examples]))
    scores = {act: sum(sorted(next(near) for _ in examples)[-_NEAREST:]) / _NEAREST for act, examples in acts.items()}
    first, second = sorted(scores, key=lambda act: -scores[act])[:2]
    return first if scores[first] - scores[second] >= clear else None


def reread(understood: Understanding, context: Context, cosines: Cosines) -> Understanding:
    """`understood`, or what its message does by its nearest act where the rules saw nothing in it but words to search.

    Anything with a question mark looks like a question about what is in view: one is another act only where that is plain.
    """
    message, asks = understood.message, understood.intent == "question"
    unread = asks or _unread(understood, context.need)
    if not context.shown or not unread or not 0 < len(words(message)) <= _MOST_WORDS:
        return understood
    act = nearest_act(message, cosines, _PLAIN if asks else _CLEAR)
    if asks and act not in _ASKED:
        return understood
    if act is None or act == "wish":
        return understood
    return _taken_as(act, understood, context)


def _unread(understood: Understanding, before: Need) -> bool:
    """Whether a search has nothing that was read: no wish more or less, no product, no way to go."""
    need = understood.need
    steers = understood.exclude or understood.anchor or understood.targets or understood.variety or understood.different
    same = set(need.constraints) <= set(before.constraints) and need.category in (None, before.category)
    idle = steering.is_indifferent(understood.message) or change.released(understood.message)
    return understood.intent == "search" and same and not steers and not idle


def _taken_as(act: str, understood: Understanding, context: Context) -> Understanding:
    kept = replace(understood, need=context.need, features=(), to_shop=False)
    anchor = next((p for p in context.shown if p.id == context.focus), context.shown[0])
    if act == "others":
        return replace(kept, exclude=context.trail.seen.union(product.id for product in context.shown))
    if act == "release":
        rest = tuple(c for c in context.need.constraints if c.field != "price")
        return replace(kept, need=replace(context.need, constraints=rest)) if rest != context.need.constraints else kept
    if act in ("cheaper", "dearer"):
        op: Op = "lt" if act == "cheaper" else "gt"
        rest = tuple(c for c in context.need.constraints if c.field != "price")
        limit = Constraint("price", op, anchor.price_minor)
        return replace(kept, need=replace(context.need, constraints=(*rest, limit)), anchor=anchor)
    targets = (anchor.id,) if act in ("question", "why") else ()
    return replace(kept, intent=cast(Intent, act), targets=targets)
