"""What a message does, where rules and meaning disagree: said again in words that the rules know, or taken for its act.

Rules read what a message is about (amounts, colours, places on the shelf) but know phrasings; the sense of acts knows
meanings and no details. What it is sure of, and the rules have read otherwise, is put into plain words ("anything less
dear?" is "cheaper") and read again; a reading that then fits the act is taken, else the rules keep their own.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.context import Context, Understanding
from assistant.reading import change, limits
from assistant.reading.asked import asked_kinds
from assistant.reading.intent import Intent
from assistant.reading.price import bounds, moneys
from assistant.reading.reference import resolve
from assistant.reading.terms import find_terms, named_terms, person_named
from assistant.reading.things import asks_for_one, thing_asked, things_named
from assistant.reading.vocabulary import Vocabulary, lexicon
from assistant.sense import Sense, Sensed
from assistant.telling import names_aspect
from assistant.types import Need
from catalog import Constraint, has_cjk, minor_units, words

_SURE = 0.55  # 97 of 100 acts are right from here on, told by examples of another hand
_LIKELY = 0.4  # where the rules have read nothing at all
_CERTAIN = 0.8
_FLOOR = 0.9  # an amount is ten times as often the most that is to be paid as the least
_FLIPPED = 0.7  # where the rules have read a wish for what would be refused
_MOST_WORDS = 24  # what is longer says more than one act
_SAYS_LITTLE = frozenset(  # words that ask for something or are mere courtesy; stop words would not do, some of them deny
    "please pls plz thanks only just ok okay hi hello so and for me us it one ones any some something anything a an the of with in at is are do does you your"
    " have got sell show see find i i'm we want need like looking look price priced cost costs costing that which"
    " 的 吧 哈 啊 呢 呀 吗 嘛 么 谢谢 请 就 要 想要 想买 想 买 我 我要 我想 有 有吗 有没有 没有 来 找 看 看看 推荐 给我 价格 价位 价钱 那种 款 个 几 你们 店里".split()
)
_SETTLED = frozenset({"cart", "undo", "show", "why_not", "which", "beyond", "notify", "mail", "orders"})
_DIRECT: dict[str, Intent] = {
    "thanks": "thanks", "greeting": "greeting", "smalltalk": "greeting", "why": "why", "compare": "compare",
    "pick": "pick", "policy": "policy", "bargain": "bargain", "person": "person",
}  # fmt: skip
_COURTESIES = ("thanks", "greeting", "smalltalk")
_ALIKE = ({"want", "exclude"}, {"greeting", "smalltalk"}, {"thanks", "smalltalk"})  # meaning tells these apart least
_ASPECTS = {"ask_price": "price", "ask_material": "Material", "ask_weight": "Weight"}
_ASKING = (*_ASPECTS, "ask_fact", "ask_opinion", "ask_stock", "tell_more")
_PLAIN = {  # the act in words that rules know, English and Chinese; {} is what it is about
    "others": ("show me others", "换一批"),
    "cheaper": ("show me cheaper ones", "便宜一点的"),
    "dearer": ("show me more expensive ones", "更贵一点的"),
    "release_price": ("any price is fine", "价格无所谓"),
    "release_color": ("any color is fine", "颜色无所谓"),
    "release_material": ("any material is fine", "材质无所谓"),
    "exclude": ("no {}", "不要{}的"),
    "want": ("only {}", "只要{}的"),
    "limit": ("at most {}", "最多{}"),
    "floor": ("at least {}", "至少{}"),
    "range": ("between {} and {}", "{}到{}之间"),
    "wish": ("I'm looking for {}", "想买{}"),
    "back": ("back to the {}", "回到{}"),
    "who_for": ("no, for my {}", "不对，是送{}的"),
    "ask_price": ("how much is {}?", "{}多少钱"),
    "ask_material": ("what is {} made of?", "{}是什么材质的"),
    "ask_weight": ("how heavy is {}?", "{}有多重"),
}
_RELEASED = {"release_price": "price", "release_color": "attributes.Color", "release_material": "attributes.Material"}
_SAYS_ALL = ("others", "cheaper", "dearer", "limit", "floor", "range", *_RELEASED)
_NAMING = ("wish", "back", "exclude", "want")  # acts that are themselves about the kind, or a word taken for one
_UPPER, _LOWER, _NEGATIVE = ("lt", "le"), ("gt", "ge"), ("ne", "not_in", "not_contains")
_EITHER_WAY = re.compile("[以往朝]上|起(?!码)")  # "300以上的就算了" is a limit
_DENYING = re.compile(r"\b(?:no|not|nah|nope|none|never|without|hate)\b|n['’]?t\b|[不别没非莫甭免勿拒]", re.IGNORECASE)
_WHY = re.compile(
    r"\bwhy\b|\bhow come\b|reason|recommend|suggest|pick|cho[os]s?e|为|怎么|理由|原因|凭|咋|干[嘛吗]|推荐|选",
    re.IGNORECASE,
)
_ASKED_ZH = re.compile(r"(.)[不没]\1")
_PLACES = (("first", "一"), ("second", "二"), ("third", "三"), ("fourth", "四"), ("fifth", "五"), ("sixth", "六"))
Again = Callable[[str], Understanding]


@dataclass(frozen=True, slots=True)
class _Said:
    """A message whose act is known, what it was said in, and what it was first read as."""

    act: str
    probability: float
    message: str
    context: Context
    understood: Understanding
    vocabulary: Vocabulary

    @property
    def certain(self) -> bool:
        return self.probability >= _CERTAIN

    @property
    def chinese(self) -> bool:
        return self.understood.locale == "zh" or (has_cjk(self.message) and not re.search("[a-z]{3}", self.message))

    def plainly(self, *about: str) -> str:
        """The act in plain words."""
        return _PLAIN[self.act][self.chinese].format(*about)


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
    said = _Said(sensed.act, sensed.probability, message, context, understood, vocabulary)
    if _probability(sensed) < (_LIKELY if _unread(understood, context.need) else _SURE):
        return understood
    if _agrees(said, understood):
        if sensed.act in _ASPECTS:
            return replace(understood, plain=said.plainly(_reference(said)))
        wordy = sensed.act in _SAYS_ALL and said.certain and _words_added(understood, context)
        return _terse(said, again) if wordy else understood
    if _rules_know_better(said):
        return understood
    if sensed.act in _DIRECT:
        return _taken(said) if said.certain or _unread(understood, context.need) else understood
    if sensed.act in _ASKING and sensed.act not in _ASPECTS:
        limited = any(c.field == "price" for c in _new(said, understood.need))  # "what do you have for up to $89?"
        return understood if limited else _question(said)
    others = ((text, again(text)) for text in _plainer(said))
    return next((replace(other, plain=text) for text, other in others if _is_better(said, other)), understood)


def _rules_know_better(said: _Said) -> bool:
    """Whether what was read is what meaning mistakes for its act: a question on a price, or a wish that nothing denies."""
    understood = said.understood
    if said.act in ("cheaper", "dearer"):
        return _asks("ask_price", understood)  # "the price of the less expensive of the two"
    if said.act != "exclude" or said.probability >= _FLIPPED:
        return False
    asked = understood.intent == "question" and not _DENYING.search(_ASKED_ZH.sub("", said.message))  # 能不能都要蓝色的
    return asked or _wants(said, understood.need, understood)


def _worded(sensed: Sensed, message: str) -> Sensed:
    """What is sensed, or what that mostly is where certain words are there, or are not.

    "$92 tops" says how much, and "over 60?!" seldom the least; "what did they use to make it?" says no word of why.
    """
    if sensed.act in ("cheaper", "dearer") and moneys(message):
        return replace(sensed, act="limit")
    if sensed.act == "why" and sensed.second in _ASPECTS and not _WHY.search(message):
        return replace(sensed, act=sensed.second, probability=sensed.probability + sensed.second_probability)
    if (sensed.act, sensed.second) == ("floor", "limit") and sensed.probability < _FLOOR:
        return replace(sensed, act="limit", probability=sensed.probability + sensed.second_probability)
    return sensed


def _is_bare(message: str, vocabulary: Vocabulary) -> bool:
    """Whether a message is a word of the catalogue and no more: nobody refuses "black" by saying it."""
    bare = message.strip(" .!?。！？").removesuffix("的").strip()
    return bare in named_terms(bare, vocabulary)


def _is_better(said: _Said, other: Understanding) -> bool:
    """Whether another reading fits the act, and keeps the kind of product that the message was read to ask for.

    Where the act is certain a kind that nothing asks for is chance: "the purse strings tighten at $130".
    """
    kinds = {c.value for c in _new(said, said.understood.need) if c.field == "type" and c.op not in _NEGATIVE}
    chance = said.certain and bool(said.context.shown) and not has_cjk(said.message) and not asks_for_one(said.message)
    kept = said.act in _NAMING or chance or kinds <= {c.value for c in other.need.constraints}
    looks = {c for c in _new(said, said.understood.need) if c.field.startswith("attributes.") and said.act == "wish"}
    return kept and looks <= set(other.need.constraints) and _agrees(said, other)


def _probability(sensed: Sensed) -> float:
    """Of the act; where only that and one that is much alike are in question, of either."""
    return sensed.probability + sensed.second_probability * ({sensed.act, sensed.second} in _ALIKE)


def _terse(said: _Said, again: Again) -> Understanding:
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


def _agrees(said: _Said, understood: Understanding) -> bool:
    """Whether a reading is one of the act. What the act does not speak of must stand as it stood."""
    act, shown = said.act, bool(said.context.shown)
    if act in _DIRECT:
        return understood.intent == _DIRECT[act] or not _may_be(said)
    if act in _ASKING:
        return not shown or _asks(act, understood)
    if act in ("limit", "floor") and _points_as_worded(said):
        return True
    if act not in _PLAIN or (act == "who_for" and not (person_named(said.message) and shown)):
        return True
    if understood.intent != "search":
        pointed = resolve(said.message, said.context.shown, said.context.focus)
        return act == "wish" and pointed.sure  # "is there a discount on the first?" asks for no other product
    if act not in ("wish", "exclude") and any(c.op in _NEGATIVE for c in _new(said, understood.need)):
        return True  # a word that refuses is never mere chance
    return act != "wish" and not shown or _CHECKS[act](said, understood.need, understood)


def _points_as_worded(said: _Said) -> bool:
    """Whether rules tell better than meaning which way a limit points: its words mean one way only, or there are no others."""
    if said.act == "limit":
        return _is_but_a_bound(said) or _at_least(said.message)
    return _is_but_a_bound(said) or any(c.origin == "said" for c in _prices_read(said, _UPPER))


def _is_but_a_bound(said: _Said) -> bool:
    """Whether a message says a limit, of what, and hardly more."""
    rest = limits.read(said.message, said.vocabulary).cut_from(said.message).casefold()
    for kind in asked_kinds(rest, said.vocabulary):
        rest = rest.replace(kind.word, " ")
    return bool(_new(said, said.understood.need)) and set(words(rest)) <= _SAYS_LITTLE


def _at_least(message: str) -> bool:
    """Whether a message bounds an amount from below in words that mean nothing else: "at least", 至少; not "over", 以上."""
    return any(one.op == "ge" and not _EITHER_WAY.search(message[slice(*one.span)]) for one in bounds(message))


def _asks(act: str, understood: Understanding) -> bool:
    asked = understood.intent in ("question", "compare") and bool(understood.targets)
    return asked and (act not in _ASPECTS or names_aspect(understood.message, _ASPECTS[act]))


def _may_be(said: _Said) -> bool:
    """Whether a message may be taken for its act as it stands: thanks name nothing to search for, a shelf is there."""
    if said.act in _COURTESIES:
        found = find_terms(said.message, said.vocabulary)
        return not found.carried and (said.certain or not (found.constraints or moneys(said.message)))
    if said.act == "person":
        return not _things(said)
    if said.act == "policy":
        thing = thing_asked(said.message, said.vocabulary)
        return thing is None or thing.carried  # "would you happen to stock refrigerators?" is no question on the rules
    return bool(said.context.shown)


def _wishes(said: _Said, need: Need, _: Understanding) -> bool:
    meant = [c for c in need.constraints if c.field in ("type", "brand") and c.op not in _NEGATIVE]
    asked = {kind.word for kind in asked_kinds(said.message, said.vocabulary)}
    named = any(not asked or not isinstance(c.value, tuple) or asked & set(c.value) for c in meant)
    shunned = any(c.field == "type" and c.op in _NEGATIVE for c in _new(said, need))
    limited = not moneys(said.message) or bool(_prices(need, _UPPER))
    return (named or need.category is not None) and not shunned and limited


def _goes_back(said: _Said, need: Need, _: Understanding) -> bool:
    return any(turn.need.constraints == need.constraints for turn in said.context.history[:-1])


def _moves(ops: tuple[str, ...]) -> "Check":
    def check(said: _Said, need: Need, _: Understanding) -> bool:
        return _prices(need, ops) != _prices(said.context.need, ops) and _kept(said, need, "price")

    return check


def _limits(*sides: tuple[str, ...]) -> "Check":
    """A limit on each of the sides, by an amount that the message names, and nothing else changed."""

    def check(said: _Said, need: Need, _: Understanding) -> bool:
        scale = minor_units(said.vocabulary.currency)
        amounts = {round(amount * scale) for amount in moneys(said.message, bare=True)}
        bounded = all(any(c.value in amounts for c in _prices(need, ops)) for ops in sides)
        return bounded and _kept(said, need, "price")

    return check


def _releases(field: str) -> "Check":
    def check(said: _Said, need: Need, _: Understanding) -> bool:
        gone = not any(c.field == field and c.op not in _NEGATIVE for c in need.constraints)
        return gone and not _new(said, need) and _kept(said, need, field)

    return check


def _excludes(said: _Said, need: Need, _: Understanding) -> bool:
    new = _new(said, need)
    fields = {c.field for c in new}
    return any(c.op in _NEGATIVE for c in new) and _kept(said, need, *fields, "text", "attributes.Color")


def _wants(said: _Said, need: Need, _: Understanding) -> bool:
    new = _new(said, need)
    return bool(new) and all(c.field != "type" for c in new) and _kept(said, need, *(c.field for c in new), "text")


def _leaves_out(said: _Said, need: Need, understood: Understanding) -> bool:
    return bool(understood.exclude) and need.constraints == said.context.need.constraints


def _is_for(said: _Said, need: Need, _: Understanding) -> bool:
    told, before = ([c for c in n.constraints if c.attribute == "Gender"] for n in (need, said.context.need))
    return told != before and _kept(said, need, "attributes.Gender")


Check = Callable[[_Said, Need, Understanding], bool]
_CHECKS: dict[str, Check] = {
    "wish": _wishes, "back": _goes_back, "others": _leaves_out, "cheaper": _moves(_UPPER), "dearer": _moves(_LOWER),
    "limit": _limits(_UPPER), "floor": _limits(_LOWER), "range": _limits(_UPPER, _LOWER), "who_for": _is_for, "exclude": _excludes, "want": _wants,
    **{act: _releases(field) for act, field in _RELEASED.items()},
}  # fmt: skip


def _kept(said: _Said, need: Need, *fields: str) -> bool:
    """Whether all that was asked for of other fields is still asked for."""
    before = said.context.need
    others = [c for c in before.constraints if c.field not in fields]
    return need.category == before.category and all(c in need.constraints for c in others)


def _new(said: _Said, need: Need) -> list[Constraint]:
    return [c for c in need.constraints if c not in said.context.need.constraints]


def _prices_read(said: _Said, ops: tuple[str, ...]) -> list[Constraint]:
    """The limits on the price that rules have read in the message itself."""
    return [c for c in _prices(said.understood.need, ops) if c not in said.context.need.constraints]


def _prices(need: Need, ops: tuple[str, ...]) -> list[Constraint]:
    return [c for c in need.constraints if c.field == "price" and c.op in ops]


def _plainer(said: _Said) -> Iterator[str]:
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
        amounts = () if _prices_read(said, _LOWER) else moneys(said.message)[-1:]
        limits = [_PLAIN["limit"][said.chinese].format(f"{amount:g}") for amount in amounts]
        for thing in _things(said)[:1]:
            yield f"{said.message.strip(' .!?。！？')}. {said.plainly(thing)}"
            yield ", ".join((said.plainly(thing), *limits))
    else:
        yield said.plainly(*([_reference(said)] if said.act in _ASPECTS else []))


def _things(said: _Said) -> list[str]:
    """The kinds of products that a message asks for or, where it asks for none in a form that is read, that it names."""
    message = change.blanked(limits.read(said.message, said.vocabulary).cut_from(said.message))  # 23刀 are no knives
    asked = [kind.word for kind in asked_kinds(message, said.vocabulary)]
    carried = [word for word in words(message.casefold()) if said.vocabulary.type_of(word)]
    return asked or carried or list(things_named(message))


def _reference(said: _Said) -> str:
    """The product that a message is about, by its place on the shelf, or "it"."""
    shown = [product.id for product in said.context.shown]
    pointed = resolve(said.message, said.context.shown, said.context.focus)
    place = shown.index(pointed.ids[0]) if pointed.ids and pointed.ids[0] in shown else len(_PLACES)
    if place < len(_PLACES):
        return f"第{_PLACES[place][1]}个" if said.chinese else f"the {_PLACES[place][0]} one"
    return "它" if said.chinese else "it"


def _taken(said: _Said) -> Understanding:
    """The message as its act, whatever was searched for in it; the need stays."""
    pointed = resolve(said.message, said.context.shown, said.context.focus).ids
    targets = pointed if said.act in ("why", "compare") else ()
    return _kept_as(said, _DIRECT[said.act], targets)


def _question(said: _Said) -> Understanding:
    """The message as a question about the product that it points at, or that was last spoken of."""
    shown, focus = said.context.shown, said.context.focus
    pointed = resolve(said.message, shown, focus).ids
    return _kept_as(said, "question", pointed[:1] or (focus or shown[0].id,))


def _kept_as(said: _Said, intent: Intent, targets: tuple[str, ...]) -> Understanding:
    understood = replace(said.understood, need=said.context.need, features=(), to_shop=False, exclude=frozenset())
    return replace(understood, intent=intent, targets=targets, anchor=None, message=said.message)
