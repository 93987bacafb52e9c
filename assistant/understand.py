"""A message and what went before → the need, the intent and the products meant. Read in code; the model is not asked."""

import re
from dataclasses import dataclass, replace

from assistant.context import Context, Understanding
from assistant.need import drop
from assistant.phrases import describe
from assistant.read import Read, kinds_of, moves_on, proposes, read_message
from assistant.reading import carting, change, steering
from assistant.reading import intent as reading
from assistant.reading.answering import Answered, answer_to
from assistant.reading.handover import handover_of
from assistant.reading.intent import Intent
from assistant.reading.reference import Pointed
from assistant.reading.vocabulary import Vocabulary
from assistant.reading.whynot import asks_why_named, asks_why_not, name_in
from assistant.seek import corrected_limit, relative_limit, search
from assistant.types import Need, Utterance
from catalog import Locale, has_cjk


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
    read = read_message(answered.message if answered and answered.message else message, context, vocabulary)
    message = read.message
    asks_of_it = bool(read.pointed.ids) and reading.asks_on(message)
    recalls = bool(context.shown) and not asks_of_it and change.recalls_name(message)
    if recalls:
        read = _without_other_kinds(read, context.need)
    if answered and answered.product:
        read = replace(read, pointed=Pointed((answered.product,), sure=True))
    handed = handover_of(message, pending=bool(context.history and context.history[-1].handoff))
    if handed:
        meant = read.pointed.ids if read.pointed.sure or handed == "ask_shop" else ()
        return Understanding(handed, context.need, locale, meant, message=message)
    steered = _steered(read, context, locale)
    if steered is not None:
        return steered
    targets = () if proposes(read) and not read.pointed.sure else read.pointed.ids
    goes_on = bool(context.shown) and not targets and not recalls and _continues(read, context.need)
    intent = reading.intent_of(
        message,
        targets=len(targets),
        goes_on=goes_on,
        sure=read.pointed.sure,
        has_kind=bool(read.found.kinds),
        states=recalls or _states(read, context.need, vocabulary),
        moves=moves_on(message) or relative_limit(read, context) is not None,
        shown=bool(context.shown),
    )
    if (goes_on or (intent == "why" and not targets)) and intent != "compare":
        targets = (context.focus or context.shown[0].id,)
    if intent != "search":
        return Understanding(intent, context.need, locale, targets, message=message)
    step, different = steering.variety_step(message), steering.wants_different(message)
    return replace(search(read, context, vocabulary, locale), variety=step, different=different)


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


def _steered(read: Read, context: Context, locale: Locale) -> Understanding | None:
    """A message about products by their place, look or name that is neither a wish nor a question about one in view."""
    need, message, pointed = context.need, read.message, read.pointed
    if pointed == _BEYOND:
        return Understanding("beyond", need, locale)
    if pointed.among and not proposes(read):
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


def _aimed(read: Read, context: Context) -> _Aimed:
    """The product meant for sure, or as "it" or "that" where nothing else is named."""
    pointed = read.pointed
    ids = pointed.ids[:1] if pointed.sure or not name_in(read.message) else ()
    shelf = context.trail.steps[-1].slate.ids() or tuple(product.id for product in context.shown)
    return _Aimed(ids, bool(ids) and ids[0] in shelf)


def _states(read: Read, need: Need, vocabulary: Vocabulary) -> bool:
    refuses = any(
        c.op in ("ne", "not_contains") for c in read.found.constraints
    )  # a look that is ruled out points at none
    named = read.found.constraints and (refuses or not read.pointed.sure)
    return bool(read.limits.constraints or named or corrected_limit(read, need, vocabulary))


_BEYOND = Pointed((), sure=True)  # "the ninth one" of four: no other product is taken for it


def locale_of(utterance: Utterance, context: Context) -> Locale:
    """The language to answer in: that of the words, or with an edited need the one the page is in."""
    if utterance.need is not None and utterance.locale:
        return utterance.locale
    return detect_locale(utterance.message, context.locale or utterance.locale or "en")


_NO_WORDS = re.compile(r"\S+@\S+|\b\w*\d\w*\b|#\w+|\b[A-Z]{1,4}-\d+\b")  # addresses and numbers are of no language


def detect_locale(message: str, fallback: Locale) -> Locale:
    """Chinese if a fair part of the letters is Chinese, English if there are Latin words, else `fallback`."""
    chinese = sum(has_cjk(char) for char in message)
    latin = len(re.findall(r"[A-Za-z]{2,}", _NO_WORDS.sub(" ", message)))
    if chinese and chinese >= latin:
        return "zh"
    return "en" if latin else fallback


def _without_dropped(message: str, need: Need, currency: str) -> Need | None:
    """The need without the one wish that a quick reply, quoting its chip, drops; None where the message is none."""
    words = change.dropped_wish(message)
    if words is None:
        return None
    quoted = [c for c in need.constraints if words in (describe(c, currency, "en"), describe(c, currency, "zh"))]
    return drop(need, quoted) if quoted else None


def _without_other_kinds(read: Read, need: Need) -> Read:
    """What a word that is remembered of a name says of the kind that is looked for: "the one that said Floral" is still it."""
    asked = set(kinds_of(need))
    kept = tuple(kind for kind in read.found.kinds if not asked or asked & set(kind.forms))
    return replace(read, found=replace(read.found, kinds=kept))


def _continues(read: Read, need: Need) -> bool:
    """A question that names no other kind of product and no limit goes on about what is in view."""
    same = not read.found.kinds or bool(set(read.found.kind_forms) & set(kinds_of(need)))
    steers = read.limits.constraints or proposes(read) or change.released(read.message)
    return same and not steers and reading.asks_on(read.message)
