"""Whether a reading of a message is one of the act that its meaning tells."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.context import Context, Understanding
from assistant.reading import change, limits
from assistant.reading.asked import asked_kinds
from assistant.reading.intent import Intent
from assistant.reading.price import bounds, moneys
from assistant.reading.reference import resolve
from assistant.reading.terms import find_terms, person_named
from assistant.reading.things import thing_asked, things_named
from assistant.reading.vocabulary import Vocabulary
from assistant.telling import names_aspect
from assistant.types import Need
from catalog import Constraint, has_cjk, minor_units, words

CERTAIN = 0.8
_SAYS_LITTLE = frozenset(  # words that ask for something or are mere courtesy; stop words would not do, some of them deny
    "please pls plz thanks only just ok okay hi hello so and for me us it one ones any some something anything a an the of with in at is are do does you your"
    " have got sell show see find i i'm we want need like looking look price priced cost costs costing that which"
    " 的 吧 哈 啊 呢 呀 吗 嘛 么 谢谢 请 就 要 想要 想买 想 买 我 我要 我想 有 有吗 有没有 没有 来 找 看 看看 推荐 给我 价格 价位 价钱 那种 款 个 几 你们 店里".split()
)
DIRECT: dict[str, Intent] = {
    "thanks": "thanks", "greeting": "greeting", "smalltalk": "greeting", "why": "why", "compare": "compare",
    "pick": "pick", "policy": "policy", "bargain": "bargain", "person": "person",
}  # fmt: skip
_COURTESIES = ("thanks", "greeting", "smalltalk")
ASPECTS = {"ask_price": "price", "ask_material": "Material", "ask_weight": "Weight"}
ASKING = (*ASPECTS, "ask_fact", "ask_opinion", "ask_stock", "tell_more")
PLAIN = {  # the act in words that rules know, English and Chinese; {} is what it is about
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
RELEASED = {"release_price": "price", "release_color": "attributes.Color", "release_material": "attributes.Material"}
UPPER, LOWER, NEGATIVE = ("lt", "le"), ("gt", "ge"), ("ne", "not_in", "not_contains")
_EITHER_WAY = re.compile("[以往朝]上|起(?!码)")  # "300以上的就算了" is a limit


@dataclass(frozen=True, slots=True)
class Said:
    """A message whose act is known, what it was said in, and what it was first read as."""

    act: str
    probability: float
    message: str
    context: Context
    understood: Understanding
    vocabulary: Vocabulary

    @property
    def certain(self) -> bool:
        return self.probability >= CERTAIN

    @property
    def chinese(self) -> bool:
        return self.understood.locale == "zh" or (has_cjk(self.message) and not re.search("[a-z]{3}", self.message))

    def plainly(self, *about: str) -> str:
        """The act in plain words."""
        return PLAIN[self.act][self.chinese].format(*about)


def agrees(said: Said, understood: Understanding) -> bool:
    """Whether a reading is one of the act. What the act does not speak of must stand as it stood."""
    act, shown = said.act, bool(said.context.shown)
    if act in DIRECT:
        return understood.intent == DIRECT[act] or not _may_be(said)
    if act in ASKING:
        return not shown or asks(act, understood)
    if act in ("limit", "floor") and _points_as_worded(said):
        return True
    if act not in PLAIN or (act == "who_for" and not (person_named(said.message) and shown)):
        return True
    if understood.intent != "search":
        pointed = resolve(said.message, said.context.shown, said.context.focus)
        return act == "wish" and pointed.sure  # "is there a discount on the first?" asks for no other product
    if act not in ("wish", "exclude") and any(c.op in NEGATIVE for c in added(said, understood.need)):
        return True  # a word that refuses is never mere chance
    return act != "wish" and not shown or _CHECKS[act](said, understood.need, understood)


def _points_as_worded(said: Said) -> bool:
    """Whether rules tell better than meaning which way a limit points: its words mean one way only, or there are no others."""
    if said.act == "limit":
        return _is_but_a_bound(said) or _at_least(said.message)
    return _is_but_a_bound(said) or any(c.origin == "said" for c in prices_read(said, UPPER))


def _is_but_a_bound(said: Said) -> bool:
    """Whether a message says a limit, of what, and hardly more."""
    rest = limits.read(said.message, said.vocabulary).cut_from(said.message).casefold()
    for kind in asked_kinds(rest, said.vocabulary):
        rest = rest.replace(kind.word, " ")
    return bool(added(said, said.understood.need)) and set(words(rest)) <= _SAYS_LITTLE


def _at_least(message: str) -> bool:
    """Whether a message bounds an amount from below in words that mean nothing else: "at least", 至少; not "over", 以上."""
    return any(one.op == "ge" and not _EITHER_WAY.search(message[slice(*one.span)]) for one in bounds(message))


def asks(act: str, understood: Understanding) -> bool:
    """Whether what was read asks about a product, and where the act is one of an aspect, about that one."""
    asked = understood.intent in ("question", "compare") and bool(understood.targets)
    return asked and (act not in ASPECTS or names_aspect(understood.message, ASPECTS[act]))


def _may_be(said: Said) -> bool:
    """Whether a message may be taken for its act as it stands: thanks name nothing to search for, a shelf is there."""
    if said.act in _COURTESIES:
        found = find_terms(said.message, said.vocabulary)
        return not found.carried and (said.certain or not (found.constraints or moneys(said.message)))
    if said.act == "person":
        return not things_meant(said)
    if said.act == "policy":
        thing = thing_asked(said.message, said.vocabulary)
        return thing is None or thing.carried  # "would you happen to stock refrigerators?" is no question on the rules
    return bool(said.context.shown)


def _wishes(said: Said, need: Need, _: Understanding) -> bool:
    meant = [c for c in need.constraints if c.field in ("type", "brand") and c.op not in NEGATIVE]
    asked = {kind.word for kind in asked_kinds(said.message, said.vocabulary)}
    named = any(not asked or not isinstance(c.value, tuple) or asked & set(c.value) for c in meant)
    shunned = any(c.field == "type" and c.op in NEGATIVE for c in added(said, need))
    limited = not moneys(said.message) or bool(_prices(need, UPPER))
    return (named or need.category is not None) and not shunned and limited


def _goes_back(said: Said, need: Need, _: Understanding) -> bool:
    return any(turn.need.constraints == need.constraints for turn in said.context.history[:-1])


def _moves(ops: tuple[str, ...]) -> "Check":
    def check(said: Said, need: Need, _: Understanding) -> bool:
        return _prices(need, ops) != _prices(said.context.need, ops) and _kept(said, need, "price")

    return check


def _limits(*sides: tuple[str, ...]) -> "Check":
    """A limit on each of the sides, by an amount that the message names, and nothing else changed."""

    def check(said: Said, need: Need, _: Understanding) -> bool:
        scale = minor_units(said.vocabulary.currency)
        amounts = {round(amount * scale) for amount in moneys(said.message, bare=True)}
        bounded = all(any(c.value in amounts for c in _prices(need, ops)) for ops in sides)
        return bounded and _kept(said, need, "price")

    return check


def _releases(field: str) -> "Check":
    def check(said: Said, need: Need, _: Understanding) -> bool:
        gone = not any(c.field == field and c.op not in NEGATIVE for c in need.constraints)
        return gone and not added(said, need) and _kept(said, need, field)

    return check


def _excludes(said: Said, need: Need, _: Understanding) -> bool:
    new = added(said, need)
    fields = {c.field for c in new}
    return any(c.op in NEGATIVE for c in new) and _kept(said, need, *fields, "text", "attributes.Color")


def wants(said: Said, need: Need, _: Understanding) -> bool:
    """Whether something more is asked of the products, and nothing that was asked for is gone."""
    new = added(said, need)
    return bool(new) and all(c.field != "type" for c in new) and _kept(said, need, *(c.field for c in new), "text")


def _leaves_out(said: Said, need: Need, understood: Understanding) -> bool:
    return bool(understood.exclude) and need.constraints == said.context.need.constraints


def _is_for(said: Said, need: Need, _: Understanding) -> bool:
    told, before = ([c for c in n.constraints if c.attribute == "Gender"] for n in (need, said.context.need))
    return told != before and _kept(said, need, "attributes.Gender")


Check = Callable[[Said, Need, Understanding], bool]
_CHECKS: dict[str, Check] = {
    "wish": _wishes, "back": _goes_back, "others": _leaves_out, "cheaper": _moves(UPPER), "dearer": _moves(LOWER),
    "limit": _limits(UPPER), "floor": _limits(LOWER), "range": _limits(UPPER, LOWER), "who_for": _is_for, "exclude": _excludes, "want": wants,
    **{act: _releases(field) for act, field in RELEASED.items()},
}  # fmt: skip


def _kept(said: Said, need: Need, *fields: str) -> bool:
    """Whether all that was asked for of other fields is still asked for."""
    before = said.context.need
    others = [c for c in before.constraints if c.field not in fields]
    return need.category == before.category and all(c in need.constraints for c in others)


def added(said: Said, need: Need) -> list[Constraint]:
    """The wishes of a need that were not there before the message."""
    return [c for c in need.constraints if c not in said.context.need.constraints]


def prices_read(said: Said, ops: tuple[str, ...]) -> list[Constraint]:
    """The limits on the price that rules have read in the message itself."""
    return [c for c in _prices(said.understood.need, ops) if c not in said.context.need.constraints]


def _prices(need: Need, ops: tuple[str, ...]) -> list[Constraint]:
    return [c for c in need.constraints if c.field == "price" and c.op in ops]


def things_meant(said: Said) -> list[str]:
    """The kinds of products that a message asks for or, where it asks for none in a form that is read, that it names."""
    message = change.blanked(limits.read(said.message, said.vocabulary).cut_from(said.message))  # 23刀 are no knives
    asked = [kind.word for kind in asked_kinds(message, said.vocabulary)]
    carried = [word for word in words(message.casefold()) if said.vocabulary.type_of(word)]
    return asked or carried or list(things_named(message))
