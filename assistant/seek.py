"""A message that searches → the need it makes of the one before: afresh, back to an earlier one, or a step on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.context import Context, Understanding
from assistant.need import merge
from assistant.read import Read, kinds_of, moves_on
from assistant.reading import change, steering
from assistant.reading import intent as reading
from assistant.reading.features import features
from assistant.reading.price import set_anew
from assistant.reading.reference import Pointed
from assistant.reading.relative import relative_to
from assistant.reading.terms import without_people
from assistant.reading.vocabulary import Vocabulary
from assistant.types import Need
from catalog import STOPWORDS, Constraint, Locale, Op, Product, holds, mentions, minor_units, tokens, words


def search(read: Read, context: Context, vocabulary: Vocabulary, locale: Locale) -> Understanding:
    """The need that a message makes of the one before, and what is to be left out of what is found."""
    message, stated = read.message, list(read.stated)
    stated += _bare_size(message, context.shown)
    corrected = corrected_limit(read, context.need, vocabulary)
    if corrected:
        stated.append(corrected)
    if corrected or (change.wants_others(message) and not read.found.kinds and not stated):
        read = replace(read, wish="")
    if change.wants_stock(message):
        stated.append(Constraint("in_stock", "eq", True))
    anchor = None if any(c.field == "price" for c in stated) else _anchor(message, context, read.pointed)
    if anchor:
        op: Op = "lt" if change.wants_cheaper(message) else "gt"
        stated.append(Constraint("price", op, anchor.price_minor))
    limit = None if anchor or stated else relative_limit(read, context)
    if limit:
        stated.append(limit)
        read = replace(read, wish="")
    also = _ALSO.search(message) is not None
    widens = (also or _OR.search(message) is not None) and not (also and read.found.kinds)
    again = _again(read, context)
    if again:
        read = replace(read, found=replace(read.found, kinds=()), wish="")
    fresh = not again and (
        change.wants_fresh_start(message) or (not widens and _is_new_search(read, context, vocabulary))
    )
    before = again or (Need() if fresh else context.need)
    if _for_another(before, stated):
        before = replace(before, query=without_people(before.query))
    if read.category:
        before, read = (
            replace(before, category=read.category),
            replace(read, found=replace(read.found, kinds=()), wish=""),
        )
    need = merge(before, read.wish, read.found, stated, change.released(message), widens=widens)
    others = not fresh and (change.wants_others(message) or steering.wants_different(message))
    exclude = context.trail.seen.union(product.id for product in context.shown) if others else frozenset()
    to_shop = reading.asks_shop(message) and not (stated or read.found.kinds or read.category)
    foreign = read.limits.foreign(vocabulary.currency)
    refines = bool(context.shown) and not fresh and not stated and bool(read.wish)
    asked = features(read.limits.cut_from(message), vocabulary, refines=refines) if kinds_of(need) else ()
    return Understanding("search", need, locale, read.pointed.ids, exclude, anchor, foreign, to_shop, message, asked)


def _for_another(need: Need, stated: Sequence[Constraint]) -> bool:
    """Whether it is for another person than the one it was for."""
    told = [{c for c in constraints if c.attribute == "Gender"} for constraints in (need.constraints, stated)]
    return all(told) and {c.value for c in told[0]} != {c.value for c in told[1]}


def _again(read: Read, context: Context) -> Need | None:
    """The need of a kind of product that was looked for before, where the shopper goes back to it.

    Whoever names it again and says no more means it as it was: nobody wants to say a limit twice.
    """
    forms = set(read.found.kind_forms)
    more = read.stated or change.wants_fresh_start(read.message)
    if forms & set(kinds_of(context.need)) or (more and not change.goes_back(read.message)):
        return None
    past = [turn.need for turn in context.history[:-1]]
    return next((need for need in reversed(past) if forms & set(kinds_of(need))), None)


_ALSO = re.compile(
    r"^\W*(?:and also|also)\b|\b(?:too|as well)\W*$|^\W*还有|也(?:要|看看)\W*$", re.IGNORECASE
)  # a thing more
_OR = re.compile(r"^\W*or\b|^\W*或者?|也(?:可以|行)\W*$", re.IGNORECASE)


def corrected_limit(read: Read, need: Need, vocabulary: Vocabulary) -> Constraint | None:
    """A limit that was stated before, moved: "no, make that 80"."""
    bound = set_anew(read.message)
    if bound is None or (bound.unit and not bound.currency) or any(c.field == "price" for c in read.stated):
        return None
    before = [c for c in need.constraints if c.field == "price" and c.op in ("lt", "le", "gt", "ge")]
    upper = [c for c in before if c.op in ("lt", "le")]
    if not before and not re.search("budget|预算", read.message, re.IGNORECASE):
        return None
    operator: Op = (upper or before)[0].op if before else "le"
    return Constraint("price", operator, round(bound.number * minor_units(vocabulary.currency)))


def _bare_size(message: str, shown: Sequence[Product]) -> list[Constraint]:
    """A number by itself is a size, where what is in view comes in that size."""
    size = Constraint("attributes.Size", "contains", (message.strip(" .!,"),))
    is_size = re.fullmatch(r"\W*\d{2}(?:\.5)?\W*", message) and any(holds(product, size) for product in shown)
    return [size] if is_size else []


def _anchor(message: str, context: Context, pointed: Pointed) -> Product | None:
    return _in_view_meant(context, pointed) if change.wants_cheaper(message) or change.wants_dearer(message) else None


def relative_limit(read: Read, context: Context) -> Constraint | None:
    """The limit that "something lighter" or "too heavy" sets by what the product that is meant states."""
    beside = _in_view_meant(context, read.pointed)
    return relative_to(read.message, beside) if beside else None


def _in_view_meant(context: Context, pointed: Pointed) -> Product | None:
    """The product in view that is pointed at, or was last spoken of, or is the first."""
    wanted = pointed.ids[0] if pointed.ids else context.focus
    return next((product for product in context.shown if product.id == wanted), next(iter(context.shown), None))


_ASKS_FOR = re.compile(
    r"\b(?:do you (?:have|sell|carry|stock)|have you got|show me|find me|get me|looking for|search(?:ing)? for|i(?:'?d| would)? (?:also )?(?:need|want|like)"
    r"|shopping for|what about|how about)\b(?! (?:something|anything|it|them|one|ones|these|those|some|more|any|to|that|this)\b)(?! an? \w+ one)"
    r"|(?:想买|想要|想看|看看|找|有没有|(?<![我他她它])有|卖|来|买|换)(?!.*的\W*$)(?!.*的[吗么]\W*$)",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"(?:able|ible|[^r]y|ish|ic|al|ed|ing|ful|less|er|est|ive|ous|ist|weight|proof|free|size|style|ern|ant|ent)$|[的点些]$"
)
_REFINES = re.compile(
    r"^\W*(?:(?:and|but|also|so|ok|no|yes|maybe)\b,? ?)*(?:for|with|without|in|under|over|that|which|it|they|must|should|needs?|has|have|preferably|ideally"
    r"|something|anything|more|less|no|not|only|just|made|the|actually|make|i'?m|he|she|we|my)\b|^\W*(?:要|带|适合|用|最好|能|可以|再|更|必须|一定|只要|给|送|我|他|她|是)",
    re.IGNORECASE,
)


_CLAUSE_ZH = re.compile(  # what says more than the name of a thing
    r"要|不(?!锈)|别|太|用(?![品具])|能|可以|住|穿|给|[\d一二两三四五六七八]个?人(?!床)"
)
_ONLY = re.compile(r"^\W*(?:(?:only|just)\b|只[看要])", re.IGNORECASE)


def _is_new_search(read: Read, context: Context, vocabulary: Vocabulary) -> bool:
    """A kind that was not asked for before begins a new search; so does a thing not carried or of which no kind is known,
    and what is wished for after such a thing.
    """
    need = context.need
    if not need.query and not need.constraints and not need.category:
        return True
    if read.category and _ONLY.match(read.message):
        return False
    absent = any(c.field == "type" and c.op == "eq" for c in need.constraints)
    if read.category or (absent and set(tokens(read.wish)) - _named(read.stated)):
        return True
    if read.found.kinds:
        if not read.found.carried:
            return True
        before = kinds_of(need)
        return bool(before or need.category) and not set(before) & set(read.found.kind_forms)
    if kinds_of(need) and (change.recalls_name(read.message) or _is_name(read.wish, need, vocabulary)):
        return False
    said = tokens(read.wish)
    steers = any((read.stated, read.found.allowed, read.pointed.ids, change.released(read.message)))
    moves = moves_on(read.message) or _OF_MONEY.search(read.message)
    if steers or moves or not said or _in_view(said, context.shown):
        return False
    if _ASKS_FOR.search(read.message):
        return True
    plain: list[str] = [
        word for word in re.findall(r"[a-z-]+|[\u4e00-\u9fff]+", read.wish.casefold()) if word not in STOPWORDS
    ]
    refines = _REFINES.match(read.message) or any(_QUALITY.search(word) or _CLAUSE_ZH.search(word) for word in plain)
    return 0 < len(plain) <= 2 and not refines


_NAME_WORDS = 3


def _is_name(wish: str, need: Need, vocabulary: Vocabulary) -> bool:
    """Whether a wish is no more than a name that the title of a product of the kind that is looked for holds."""
    few = 0 < len(words(wish)) <= _NAME_WORDS
    return few and any(vocabulary.titled(f"{kind} {wish}") for kind in kinds_of(need))


_OF_MONEY = re.compile(r"\b(?:prices?|budget|my limit|costs?|spend|pay|afford)\b|价格?|预算|多少钱", re.IGNORECASE)


def _named(constraints: Sequence[Constraint]) -> set[str]:
    """The stemmed words of constraints."""
    values = (value for c in constraints for value in (c.value if isinstance(c.value, tuple) else (c.value,)))
    return {token for value in values for token in tokens(str(value))}


def _in_view(said: Sequence[str], shown: Sequence[Product]) -> bool:
    return any(mentions(f"{p.title} {p.description}", token) for p in shown for token in said)
