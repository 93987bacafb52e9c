"""A message and what went before → the need, the intent and the products meant. Read in code; the model is not asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.need import drop, merge
from assistant.phrases import describe
from assistant.reading import carting, change, limits, steering
from assistant.reading import intent as reading
from assistant.reading.answering import Answered, answer_to
from assistant.reading.features import features
from assistant.reading.handover import handover_of
from assistant.reading.intent import Intent
from assistant.reading.orders import Order
from assistant.reading.price import set_anew
from assistant.reading.reference import Pointed, resolve
from assistant.reading.relative import relative_to
from assistant.reading.terms import Found, find_terms, without_people
from assistant.reading.vocabulary import Vocabulary
from assistant.reading.whynot import asks_why_named, asks_why_not, name_in
from assistant.trail import Trail
from assistant.types import Need, Turn, Utterance
from assistant.verify.comparing import more_or_less
from catalog import STOPWORDS, Constraint, Locale, Op, Product, has_cjk, holds, mentions, minor_units, tokens


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation holds so far: the need, what is on the shelf, what was last spoken of, its last turns."""

    need: Need = field(default_factory=Need)
    shown: tuple[Product, ...] = ()
    focus: str | None = None
    locale: Locale | None = None
    history: tuple[Turn, ...] = ()
    trail: Trail = field(default_factory=Trail)
    basket: carting.Basket = carting.Basket()
    past: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message, read. `targets` are ids of shown products; `exclude` are not to be shown again.

    `anchor` is the product that "cheaper" was measured against; `foreign_currency` was named instead of the shop's.
    `to_shop` tells that the message may be a question to the shop rather than a wish; `features` are asked for in it
    that no field of the catalogue states; `corrected` are mistyped words, each with what it was taken for. `variety` is
    the step towards more or less of it on the shelf, `different` asks for what is unlike anything shown; `cart` is
    what is done with the cart. `refused` are orders that stood beside the wish.
    """

    intent: Intent
    need: Need
    locale: Locale
    targets: tuple[str, ...] = ()
    exclude: frozenset[str] = frozenset()
    anchor: Product | None = None
    foreign_currency: str | None = None
    to_shop: bool = False
    message: str = ""
    features: tuple[str, ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    variety: int = 0
    different: bool = False
    cart: carting.CartWish | None = None
    refused: Order | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """What one message says by itself: its limits, the catalogue's words in it, what it points at, and the rest."""

    message: str
    limits: limits.Limits
    found: Found
    pointed: Pointed
    category: str | None
    wish: str

    @property
    def stated(self) -> tuple[Constraint, ...]:
        return (*self.found.constraints, *self.limits.constraints)


def understand(utterance: Utterance, context: Context, vocabulary: Vocabulary) -> Understanding:
    """Read `utterance` in the light of `context`. An edited need is taken as it is."""
    locale = locale_of(utterance, context)
    if utterance.need is not None:
        return Understanding("search", utterance.need, locale)
    message = " ".join(utterance.message.replace("’", "'").split())
    answered = answer_to(context.trail.question, message, context.shown)
    at_once = _at_once(message, answered, context, vocabulary, locale)
    if at_once is not None:
        return at_once
    wish = carting.read(message, context.shown, context.focus, context.basket)
    if wish is not None:
        what: Intent = "question" if wish.act == "ask" else "cart"
        return Understanding(what, context.need, locale, wish.targets, message=message, cart=wish)
    read = _read(answered.message if answered and answered.message else message, context, vocabulary)
    message = read.message
    if answered and answered.product:
        read = replace(read, pointed=Pointed((answered.product,), sure=True))
    handed = handover_of(message, pending=bool(context.history and context.history[-1].handoff))
    if handed:
        meant = read.pointed.ids if read.pointed.sure or handed == "ask_shop" else ()
        return Understanding(handed, context.need, locale, meant, message=message)
    steered = _steered(read, context, locale)
    if steered is not None:
        return steered
    targets = () if _steers(read) and not read.pointed.sure else read.pointed.ids
    goes_on = bool(context.shown) and not targets and _continues(read, context.need)
    intent = reading.intent_of(
        message,
        targets=len(targets),
        goes_on=goes_on,
        sure=read.pointed.sure,
        has_kind=bool(read.found.kinds),
        states=_states(read, context.need, vocabulary),
        moves=_moves(message) or _relative(read, context) is not None,
        shown=bool(context.shown),
    )
    if (goes_on or (intent == "why" and not targets)) and intent != "compare":
        targets = (context.focus or context.shown[0].id,)
    if intent != "search":
        return Understanding(intent, context.need, locale, targets, message=message)
    step, different = steering.variety_step(message), steering.wants_different(message)
    return replace(_search(read, context, vocabulary, locale), variety=step, different=different)


def _at_once(
    message: str, answered: Answered | None, context: Context, vocabulary: Vocabulary, locale: Locale
) -> Understanding | None:
    """What is understood without reading on: a quick reply that drops a wish, a step back, no preference."""
    dropped = _without_dropped(message, context.need, vocabulary.currency)
    if dropped is not None:
        return Understanding("search", dropped, locale)
    if steering.wants_undo(message):
        before = context.trail.before() or context.trail.steps[-1]
        return Understanding("undo", before.need, locale, message=message)
    idle = context.shown and steering.is_indifferent(message) and not change.released(message)
    if idle or (answered and answered.message is None):
        return Understanding("search", context.need, locale, message=message)
    return None


def _steered(read: _Read, context: Context, locale: Locale) -> Understanding | None:
    """A message about products by their place, look or name that is neither a wish nor a question about one in view."""
    need, message, pointed = context.need, read.message, read.pointed
    if pointed == _BEYOND:
        return Understanding("beyond", need, locale)
    if pointed.among and not _steers(read):
        return Understanding("which", need, locale, pointed.among, message=message)
    if steering.wants_shown(message) and pointed.sure:
        return Understanding("show", need, locale, pointed.ids[:1], message=message)
    aimed = _aimed(read, context)
    if asks_why_not(message) or (asks_why_named(message) and not aimed.on_shelf):
        return Understanding("why_not", need, locale, aimed.ids, message=message)
    return None


@dataclass(frozen=True, slots=True)
class _Aimed:
    """The one product in view that a message means, if any, and whether the shelf holds it."""

    ids: tuple[str, ...]
    on_shelf: bool


def _aimed(read: _Read, context: Context) -> _Aimed:
    """The product meant for sure, or as "it" or "that" where nothing else is named."""
    pointed = read.pointed
    ids = pointed.ids[:1] if pointed.sure or not name_in(read.message) else ()
    shelf = context.trail.steps[-1].slate.ids() or tuple(product.id for product in context.shown)
    return _Aimed(ids, bool(ids) and ids[0] in shelf)


def _states(read: _Read, need: Need, vocabulary: Vocabulary) -> bool:
    named = read.found.constraints and not read.pointed.sure
    return bool(read.limits.constraints or named or _corrected(read, need, vocabulary))


def _moves(message: str) -> bool:
    """Whether something cheaper, dearer or simply else is wanted than what is in view."""
    others = change.wants_others(message) and not re.search(r"\bit\b|它", message, re.IGNORECASE)
    return others or change.wants_cheaper(message) or change.wants_dearer(message)


_BEYOND = Pointed((), sure=True)  # "the ninth one" of four: no other product is taken for it


def locale_of(utterance: Utterance, context: Context) -> Locale:
    """The language to answer in: that of the words, or with an edited need the one the page is in."""
    if utterance.need is not None and utterance.locale:
        return utterance.locale
    return detect_locale(utterance.message, context.locale or utterance.locale or "en")


def detect_locale(message: str, fallback: Locale) -> Locale:
    """Chinese if a fair part of the letters is Chinese, English if there are Latin words, else `fallback`."""
    chinese = sum(has_cjk(char) for char in message)
    latin = len(re.findall(r"[A-Za-z]{2,}", message))
    if chinese and chinese >= latin:
        return "zh"
    return "en" if latin else fallback


def _read(message: str, context: Context, vocabulary: Vocabulary) -> _Read:
    limited = limits.read(message, vocabulary)
    rest = limited.cut_from(message)
    found = _in_context(
        find_terms(change.blanked(rest), vocabulary, priced=rest != message), message, context, vocabulary
    )
    only_allows = found.allowed and not found.kinds and not found.constraints and not _PREFERS.search(message)
    wish = "" if only_allows else _wish(rest)
    pointed = resolve(message, context.shown, context.focus)
    return _Read(message, limited, found, pointed, _category(wish, vocabulary), wish)


def _in_context(found: Found, message: str, context: Context, vocabulary: Vocabulary) -> Found:
    """What a message names, less what only goes on about what is in view.

    "有麦克风吗" asks whether these have one, where listings of their category speak of it; and once it is known whom it
    is for, another person is only meant where something is for them ("she has a brother").
    """
    about = context.shown[0].category if context.shown else ""
    spoken = vocabulary.spoken_of.get(about, "")
    if has_cjk(message) and spoken and not _TO_SHOP_ZH.search(message):
        kinds = tuple(k for k in found.kinds if k.carried or not any(len(n) > 1 and n in spoken for n in k.forms))
        found = replace(found, kinds=kinds)
    if context.shown:  # "a lighter one" lights no fire
        found = replace(found, kinds=tuple(k for k in found.kinds if k.carried or not more_or_less(k.forms[0])))
    known = any(c.attribute == "Gender" for c in context.need.constraints)
    if known and not _FOR_WHOM.search(message):
        found = replace(found, constraints=tuple(c for c in found.constraints if c.attribute != "Gender"))
    return found


_TO_SHOP_ZH = re.compile("你们|店|卖|想|找|买|推荐|看看|还有")
_FOR_WHOM = re.compile(
    r"\bfor\b|\bgift\b|\b(?:wo)?men'?s?\b|\b(?:wo)?man'?s?\b|ladies|送|给|适合|[男女](?:士|款|式|生|性|的)?",
    re.IGNORECASE,
)


def _without_dropped(message: str, need: Need, currency: str) -> Need | None:
    """The need without the one wish that a quick reply, quoting its chip, drops; None where the message is none."""
    words = change.dropped_wish(message)
    if words is None:
        return None
    quoted = [c for c in need.constraints if words in (describe(c, currency, "en"), describe(c, currency, "zh"))]
    return drop(need, quoted) if quoted else None


def _continues(read: _Read, need: Need) -> bool:
    """A question that names no other kind of product and no limit goes on about what is in view."""
    same = not read.found.kinds or bool(set(read.found.kind_forms) & set(_kinds(need)))
    steers = read.limits.constraints or _steers(read) or change.released(read.message)
    return same and not steers and reading.asks_on(read.message)


def _steers(read: _Read) -> bool:
    """Whether a question proposes a wish: "what about leather?", "黑色的呢"."""
    return bool(read.stated) and re.search(r"\b(?:how|what) about\b|呢\W*$", read.message, re.IGNORECASE) is not None


def _kinds(need: Need) -> tuple[str, ...]:
    kinds = [c.value for c in need.constraints if c.field == "type" and c.op in ("contains", "eq")]
    return kinds[0] if kinds and isinstance(kinds[0], tuple) else tuple(str(kind) for kind in kinds)


def _search(read: _Read, context: Context, vocabulary: Vocabulary, locale: Locale) -> Understanding:
    message, stated = read.message, list(read.stated)
    stated += _bare_size(message, context.shown)
    corrected = _corrected(read, context.need, vocabulary)
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
    limit = None if anchor or stated else _relative(read, context)
    if limit:
        stated.append(limit)
        read = replace(read, wish="")
    widens = _WIDENS.search(message) is not None and not (read.found.kinds and _ALSO.search(message))
    again = _again(read, context)
    if again:
        read = replace(read, found=replace(read.found, kinds=()), wish="")
    fresh = not again and (change.wants_fresh_start(message) or (not widens and _is_new_search(read, context)))
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
    asked = features(read.limits.cut_from(message), vocabulary, refines=refines) if _kinds(need) else ()
    return Understanding("search", need, locale, read.pointed.ids, exclude, anchor, foreign, to_shop, message, asked)


def _for_another(need: Need, stated: Sequence[Constraint]) -> bool:
    """Whether it is for another person than the one it was for."""
    told = [{c for c in constraints if c.attribute == "Gender"} for constraints in (need.constraints, stated)]
    return all(told) and {c.value for c in told[0]} != {c.value for c in told[1]}


def _again(read: _Read, context: Context) -> Need | None:
    """The need of a kind of product that was looked for before, where the shopper goes back to it."""
    forms = set(read.found.kind_forms)
    if not change.goes_back(read.message) or forms & set(_kinds(context.need)):
        return None
    return next((need for need in reversed(context.past) if forms & set(_kinds(need))), None)


_ALSO = re.compile(
    r"^\W*(?:and also|also)\b|\b(?:too|as well)\W*$|^\W*还有|也(?:要|看看)\W*$", re.IGNORECASE
)  # a thing more
_WIDENS = re.compile(
    r"^\W*(?:or|and also|also)\b|\b(?:too|as well)\W*$|^\W*(?:或者?|还有)|也(?:可以|行|要|看看)\W*$", re.IGNORECASE
)


def _corrected(read: _Read, need: Need, vocabulary: Vocabulary) -> Constraint | None:
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


def _relative(read: _Read, context: Context) -> Constraint | None:
    """The limit that "something lighter" or "too heavy" sets by what the product that is meant states."""
    beside = _in_view_meant(context, read.pointed)
    return relative_to(read.message, beside) if beside else None


def _in_view_meant(context: Context, pointed: Pointed) -> Product | None:
    """The product in view that is pointed at, or was last spoken of, or is the first."""
    wanted = pointed.ids[0] if pointed.ids else context.focus
    return next((product for product in context.shown if product.id == wanted), next(iter(context.shown), None))


_OPEN = re.compile(
    r"^\W*(?:surprise me|(?:what(?:'s| is) |anything )?(?:new|popular|trending|good|on sale)|what do you (?:sell|have|carry|recommend)|(?:any |some )?"
    r"(?:recommendations?|suggestions?|ideas?)|(?:just |only )?(?:browsing|looking(?: around)?)|(?:can you |please )?(?:recommend|suggest)(?: something| me something)?"
    r"|(?:我)?(?:先|就)?随便看看|(?:有[什啥]么?|有没有什么)?推荐(?:一下|的|吗)?|有[什啥]么?(?:好的?|好东西|卖的?|新品|新的?|好推荐的?)|你们(?:这)?(?:都)?[有卖]?[卖有](?:什么|啥)(?:东西)?"
    r"|有新品吗|看看)\W*$",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:than |like )?(?:the )?(?:first|second|third|fourth|fifth|last) (?:one|option|item)s?\b|\b(?:no|yes|actually|please|pls|ok|instead)\b[,\s]*|\b(?:how|what) about\b"
    r"|比?第[一二三四五]个|(?:dollars?|bucks|budget)\b|预算|美元|块钱|^\W*(?:还是|那|改成|就)(?:要)?|[吧呢]\W*$",
    re.IGNORECASE,
)


def _wish(rest: str) -> str:
    """The message without its limits and without what only steers the search: the wish in words."""
    if _OPEN.match(rest):
        return ""
    return " ".join(_POINTING.sub(" ", change.without_talk(rest)).split()).strip(" ,.!?;:-，。！？；：、")


_PREFERS = re.compile(r"\b(?:preferably|ideally|maybe|perhaps)\b|最好|尽量|优先", re.IGNORECASE)
_LEADS_IN = re.compile(
    r"\b(?:only|just|show me|let me see|see|browse|what(?:'s| is| do)? ?(?:you)? ?(?:have|got|there|is)?|look at|all|anything|everything|something|in|the|your|section"
    r"|department|category|do you have|products?|items?|things?)\b|只[看要]|看看|有什么|有哪些|都有|商品|东西|类|的|吗|你们",
    re.IGNORECASE,
)


def _category(wish: str, vocabulary: Vocabulary) -> str | None:
    """The category that a message asks to see and nothing else; a name that is a kind's too is read as the kind."""
    name = " ".join(_LEADS_IN.sub(" ", wish).split()).strip(" ,.!?，。！？").casefold()
    named = vocabulary.categories.get(name)
    return named if named and (vocabulary.type_of(name) is None or wish.casefold() != name) else None


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


def _is_new_search(read: _Read, context: Context) -> bool:
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
        before = _kinds(need)
        return bool(before or need.category) and not set(before) & set(read.found.kind_forms)
    said = tokens(read.wish)
    steers = any((read.stated, read.found.allowed, read.pointed.ids, change.released(read.message)))
    moves = _moves(read.message) or _OF_MONEY.search(read.message)
    if steers or moves or not said or _in_view(said, context.shown):
        return False
    if _ASKS_FOR.search(read.message):
        return True
    plain: list[str] = [
        word for word in re.findall(r"[a-z-]+|[\u4e00-\u9fff]+", read.wish.casefold()) if word not in STOPWORDS
    ]
    refines = _REFINES.match(read.message) or any(_QUALITY.search(word) or _CLAUSE_ZH.search(word) for word in plain)
    return 0 < len(plain) <= 2 and not refines


_OF_MONEY = re.compile(r"\b(?:prices?|budget|my limit|costs?|spend|pay|afford)\b|价格?|预算|多少钱", re.IGNORECASE)


def _named(constraints: Sequence[Constraint]) -> set[str]:
    """The stemmed words of constraints."""
    values = (value for c in constraints for value in (c.value if isinstance(c.value, tuple) else (c.value,)))
    return {token for value in values for token in tokens(str(value))}


def _in_view(said: Sequence[str], shown: Sequence[Product]) -> bool:
    return any(mentions(f"{p.title} {p.description}", token) for p in shown for token in said)
