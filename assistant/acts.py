"""What a message does, where rules and meaning disagree: said again in words that the rules know, or taken for its act.

Rules read what a message is about (amounts, colours, places on the shelf) but know phrasings; the sense of acts knows
meanings and no details. What it is sure of, and the rules have read otherwise, is put into plain words ("anything less
dear?" is "cheaper") and read again; a reading that then fits the act is taken, else the rules keep their own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.agreement import (
    ASKING,
    ASPECTS,
    DIRECT,
    LOWER,
    NEGATIVE,
    PLAIN,
    RELEASED,
    Said,
    added,
    agrees,
    asks,
    prices_read,
    things_meant,
    wants,
)
from assistant.context import Context, Understanding
from assistant.reading import change
from assistant.reading.intent import Intent
from assistant.reading.price import moneys
from assistant.reading.reference import resolve
from assistant.reading.terms import named_terms, person_named
from assistant.reading.things import asks_for_one
from assistant.reading.vocabulary import Vocabulary, lexicon
from assistant.sense import Sense, Sensed
from assistant.types import Need
from catalog import has_cjk, words

_SURE = 0.55  # 97 of 100 acts are right from here on, told by examples of another hand
_LIKELY = 0.4  # where the rules have read nothing at all
_FLOOR = 0.9  # an amount is ten times as often the most that is to be paid as the least
_FLIPPED = 0.7  # where the rules have read a wish for what would be refused
_MOST_WORDS = 24  # what is longer says more than one act
_SETTLED = frozenset({"cart", "undo", "show", "why_not", "which", "beyond", "notify", "mail", "orders"})
_ALIKE = ({"want", "exclude"}, {"greeting", "smalltalk"}, {"thanks", "smalltalk"})  # meaning tells these apart least
_SAYS_ALL = ("others", "cheaper", "dearer", "limit", "floor", "range", *RELEASED)
_NAMING = ("wish", "back", "exclude", "want")  # acts that are themselves about the kind, or a word taken for one
_DENYING = re.compile(r"\b(?:no|not|nah|nope|none|never|without|hate)\b|n['’]?t\b|[不别没非莫甭免勿拒]", re.IGNORECASE)
_WHY = re.compile(
    r"\bwhy\b|\bhow come\b|reason|recommend|suggest|pick|cho[os]s?e|为|怎么|理由|原因|凭|咋|干[嘛吗]|推荐|选",
    re.IGNORECASE,
)
_ASKED_ZH = re.compile(r"(.)[不没]\1")
_PLACES = (("first", "一"), ("second", "二"), ("third", "三"), ("fourth", "四"), ("fifth", "五"), ("sixth", "六"))
Again = Callable[[str], Understanding]


def reread(
    understood: Understanding, message: str, context: Context, sense: Sense, vocabulary: Vocabulary, again: Again
) -> Understanding:
    """`understood`, or another reading of `message` where its act is plain by its meaning and was not read.

    `again` reads other words in the same context.
    """
    settled = understood.intent in _SETTLED or _is_bare(message, vocabulary)
    if settled or not 0 < len(words(message)) <= _MOST_WORDS:
        return understood
    sensed = _worded(sense.of(message), message)
    if sensed.act == "wish" and context.shown and change.recalls_name(message):
        return understood  # a word of a name is remembered: no other kind is wished for
    said = Said(sensed.act, sensed.probability, message, context, understood, vocabulary)
    if _probability(sensed) < (_LIKELY if _unread(understood, context.need) else _SURE):
        return understood
    if agrees(said, understood):
        if sensed.act in ASPECTS:
            return replace(understood, plain=said.plainly(_reference(said)))
        wordy = sensed.act in _SAYS_ALL and said.certain and _words_added(understood, context)
        return _terse(said, again) if wordy else understood
    if _rules_know_better(said):
        return understood
    if sensed.act in DIRECT:
        return _taken(said) if said.certain or _unread(understood, context.need) else understood
    if sensed.act in ASKING and sensed.act not in ASPECTS:
        limited = any(c.field == "price" for c in added(said, understood.need))  # "what do you have for up to $89?"
        return understood if limited else _question(said)
    others = ((text, again(text)) for text in _plainer(said))
    return next((replace(other, plain=text) for text, other in others if _is_better(said, other)), understood)


def _rules_know_better(said: Said) -> bool:
    """Whether what was read is what meaning mistakes for its act: a question on a price, or a wish that nothing denies."""
    understood = said.understood
    if said.act in ("cheaper", "dearer"):
        return asks("ask_price", understood)  # "the price of the less expensive of the two"
    if said.act != "exclude" or said.probability >= _FLIPPED:
        return False
    asked = understood.intent == "question" and not _DENYING.search(_ASKED_ZH.sub("", said.message))  # 能不能都要蓝色的
    return asked or wants(said, understood.need, understood)


def _worded(sensed: Sensed, message: str) -> Sensed:
    """What is sensed, or what that mostly is where certain words are there, or are not.

    "$92 tops" says how much, and "over 60?!" seldom the least; "what did they use to make it?" says no word of why.
    """
    if sensed.act in ("cheaper", "dearer") and moneys(message):
        return replace(sensed, act="limit")
    if sensed.act == "why" and sensed.second in ASPECTS and not _WHY.search(message):
        return replace(sensed, act=sensed.second, probability=sensed.probability + sensed.second_probability)
    if (sensed.act, sensed.second) == ("floor", "limit") and sensed.probability < _FLOOR:
        return replace(sensed, act="limit", probability=sensed.probability + sensed.second_probability)
    return sensed


def _is_bare(message: str, vocabulary: Vocabulary) -> bool:
    """Whether a message is a word of the catalogue and no more: nobody refuses "black" by saying it."""
    bare = message.strip(" .!?。！？").removesuffix("的").strip()
    return bare in named_terms(bare, vocabulary)


def _is_better(said: Said, other: Understanding) -> bool:
    """Whether another reading fits the act, and keeps the kind of product that the message was read to ask for.

    Where the act is certain a kind that nothing asks for is chance: "the purse strings tighten at $130".
    """
    kinds = {c.value for c in added(said, said.understood.need) if c.field == "type" and c.op not in NEGATIVE}
    chance = said.certain and bool(said.context.shown) and not has_cjk(said.message) and not asks_for_one(said.message)
    kept = said.act in _NAMING or chance or kinds <= {c.value for c in other.need.constraints}
    looks = {c for c in added(said, said.understood.need) if c.field.startswith("attributes.") and said.act == "wish"}
    return kept and looks <= set(other.need.constraints) and agrees(said, other)


def _probability(sensed: Sensed) -> float:
    """Of the act; where only that and one that is much alike are in question, of either."""
    return sensed.probability + sensed.second_probability * ({sensed.act, sensed.second} in _ALIKE)


def _terse(said: Said, again: Again) -> Understanding:
    """The message in plain words where these say all that was read in it, so that its other words are not searched for."""
    others = (replace(again(text), plain=text) for text in _plainer(said))
    return next((one for one in others if _told(one) == _told(said.understood)), said.understood)


def _told(understood: Understanding) -> set[tuple[object, ...]]:
    """What a reading asks for, however it was said."""
    return {(c.field, c.op, c.value) for c in understood.need.constraints} | {(understood.exclude,)}


def _unread(understood: Understanding, before: Need) -> bool:
    """Whether a search has nothing that was read: no wish more or less, no product, no way to go."""
    need = understood.need
    steers = understood.exclude or understood.anchor or understood.targets or understood.variety or understood.different
    same = set(need.constraints) <= set(before.constraints) and need.category in (None, before.category)
    return understood.intent == "search" and same and not steers


def _words_added(understood: Understanding, context: Context) -> bool:
    return bool(context.shown) and understood.need.query not in ("", context.need.query)


def _plainer(said: Said) -> Iterator[str]:
    """The message in plain words, the likeliest first; none where what it is about is not found in it."""
    amounts = moneys(said.message, bare=True)
    if said.act in ("exclude", "want"):
        known = tuple(word for word in words(said.message.casefold()) if word in lexicon())
        terms = named_terms(said.message, said.vocabulary) or known
        yield from [said.plainly((" or ", "和")[said.chinese].join(terms))] if terms else []
    elif said.act in ("limit", "floor"):
        yield from (said.plainly(f"{amount:g}") for amount in amounts[-1:])
    elif said.act == "range":
        low_high = [f"{amount:g}" for amount in sorted(amounts)]
        yield from [said.plainly(*low_high)] if len(low_high) == 2 else []
    elif said.act == "who_for":
        person = person_named(said.message)
        yield from [said.plainly(person)] if person else []
    elif said.act in ("wish", "back"):
        amounts = () if prices_read(said, LOWER) else moneys(said.message)[-1:]
        limits = [PLAIN["limit"][said.chinese].format(f"{amount:g}") for amount in amounts]
        for thing in things_meant(said)[:1]:
            yield f"{said.message.strip(' .!?。！？')}. {said.plainly(thing)}"
            yield ", ".join((said.plainly(thing), *limits))
    else:
        yield said.plainly(*([_reference(said)] if said.act in ASPECTS else []))


def _reference(said: Said) -> str:
    """The product that a message is about, by its place on the shelf, or "it"."""
    shown = [product.id for product in said.context.shown]
    pointed = resolve(said.message, said.context.shown, said.context.focus)
    place = shown.index(pointed.ids[0]) if pointed.ids and pointed.ids[0] in shown else len(_PLACES)
    if place < len(_PLACES):
        return f"第{_PLACES[place][1]}个" if said.chinese else f"the {_PLACES[place][0]} one"
    return "它" if said.chinese else "it"


def _taken(said: Said) -> Understanding:
    """The message as its act, whatever was searched for in it; the need stays."""
    pointed = resolve(said.message, said.context.shown, said.context.focus).ids
    targets = pointed if said.act in ("why", "compare") else ()
    return _kept_as(said, DIRECT[said.act], targets)


def _question(said: Said) -> Understanding:
    """The message as a question about the product that it points at, or that was last spoken of."""
    shown, focus = said.context.shown, said.context.focus
    pointed = resolve(said.message, shown, focus).ids
    return _kept_as(said, "question", pointed[:1] or (focus or shown[0].id,))


def _kept_as(said: Said, intent: Intent, targets: tuple[str, ...]) -> Understanding:
    understood = replace(said.understood, need=said.context.need, features=(), to_shop=False, exclude=frozenset())
    return replace(understood, intent=intent, targets=targets, anchor=None, message=said.message)
