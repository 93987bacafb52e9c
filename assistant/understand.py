"""A message and what went before → the need, the intent and the products meant. Read in code; the model is not asked."""

import re
from dataclasses import dataclass, field, replace

from assistant.reading import intent as reading
from assistant.reading.intent import Intent
from assistant.reading.price import Bound, bounds, measures, price_constraints, rating_constraints
from assistant.reading.reference import points_at_it, resolve
from assistant.reading.terms import Found, find_terms
from assistant.reading.vocabulary import Vocabulary
from assistant.types import Need, Utterance
from catalog import Constraint, Locale, Product, has_cjk, tokens

_NEGATIVE = frozenset({"ne", "not_in", "not_contains"})


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation holds so far: the need, what is on the shelf, and what was last spoken of."""

    need: Need = field(default_factory=Need)
    shown: tuple[Product, ...] = ()
    focus: str | None = None
    locale: Locale | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """One message, read. `targets` are ids of shown products; `exclude` are not to be shown again.

    `anchor` is the product that "cheaper" was measured against; `foreign_currency` was named instead of the shop's.
    """

    intent: Intent
    need: Need
    locale: Locale
    targets: tuple[str, ...] = ()
    exclude: frozenset[str] = frozenset()
    anchor: Product | None = None
    foreign_currency: str | None = None


def understand(utterance: Utterance, context: Context, vocabulary: Vocabulary) -> Understanding:
    """Read `utterance` in the light of `context`. An edited need is taken as it is."""
    message = utterance.message
    locale = utterance.locale if utterance.need is not None else None
    locale = locale or detect_locale(message, context.locale or utterance.locale or "en")
    if utterance.need is not None:
        return Understanding("search", utterance.need, locale)
    terms = find_terms(message, vocabulary)
    targets = resolve(message, context.shown, context.focus)
    if context.shown and not targets and _continues(message, terms, context):
        targets = (context.focus or context.shown[0].id,)
    intent = reading.intent_of(
        message, targets=len(targets), has_type=terms.type is not None, shown=bool(context.shown)
    )
    if intent != "search":
        return Understanding(intent, context.need, locale, targets)
    return _search(message, terms, context, vocabulary, locale, targets)


def detect_locale(message: str, fallback: Locale) -> Locale:
    """Chinese if a fair part of the letters is Chinese, English if there are Latin words, else `fallback`."""
    chinese = sum(has_cjk(char) for char in message)
    latin = len(re.findall(r"[A-Za-z]{2,}", message))
    if chinese and chinese >= latin:
        return "zh"
    return "en" if latin else fallback


def _continues(message: str, terms: Found, context: Context) -> bool:
    """A question that names no other kind of product and no limit goes on about what is in view."""
    kind = next((c.value for c in context.need.constraints if c.field == "type"), ())
    same = terms.type is None or terms.type_word in (kind if isinstance(kind, tuple) else (kind,))
    return same and not bounds(message) and reading.goes_on(message)


def _search(
    message: str,
    terms: Found,
    context: Context,
    vocabulary: Vocabulary,
    locale: Locale,
    targets: tuple[str, ...],
) -> Understanding:
    found = bounds(message)
    stated = [*terms.constraints, *_limits(found, vocabulary)]
    if reading.wants_stock(message):
        stated.append(Constraint("in_stock", "eq", True))
    anchor = _anchor(message, context, targets)
    if anchor:
        op = "lt" if reading.wants_cheaper(message) else "gt"
        stated.append(Constraint("price", op, anchor.price_minor))  # type: ignore[arg-type]
    words = _wish(message, found)
    fresh = reading.wants_fresh_start(message) or _is_new_search(terms, words, stated, context)
    before = Need() if fresh else context.need
    need = _merge(before, words, terms, stated, reading.released(message))
    if not fresh and reading.wants_others(message):
        exclude = frozenset(product.id for product in context.shown)
    else:
        exclude = frozenset()
    foreign = next((b.currency for b in found if b.currency and b.currency != vocabulary.currency), None)
    return Understanding("search", need, locale, targets, exclude, anchor, foreign)


def _limits(found: tuple[Bound, ...], vocabulary: Vocabulary) -> list[Constraint]:
    limits = [*price_constraints(found, vocabulary.currency), *rating_constraints(found)]
    for bound, base in measures(found):
        names = vocabulary.units.get(base, ())
        if names:
            limits.append(Constraint(f"attributes.{names[0]}", bound.op, f"{bound.number:g} {bound.unit}"))
    return limits


def _anchor(message: str, context: Context, targets: tuple[str, ...]) -> Product | None:
    if not context.shown or not (reading.wants_cheaper(message) or reading.wants_dearer(message)):
        return None
    wanted = targets[0] if targets else context.focus
    return next((product for product in context.shown if product.id == wanted), context.shown[0])


_PRICE_TALK = re.compile(
    r"\b(?:cheaper|less expensive|more expensive|pricier|dollars?|bucks|in stock|budget)\b|便宜(?:一)?点|更便宜|预算|有货|现货|美元|块钱|元",
    re.IGNORECASE,
)


def _wish(message: str, found: tuple[Bound, ...]) -> str:
    """The message without its limits: what is left is the wish in words."""
    rest = message
    for start, end in sorted({bound.span for bound in found}, reverse=True):
        rest = f"{rest[:start]} {rest[end:]}"
    return " ".join(_PRICE_TALK.sub(" ", rest).split()).strip(" ,.!?;，。！？；")


def _is_new_search(terms: Found, words: str, stated: list[Constraint], context: Context) -> bool:
    """A kind of product that was not asked for before begins a new search; so does a first message."""
    kind = next((c.value for c in context.need.constraints if c.field == "type"), None)
    if terms.type is not None:
        return terms.type_word not in (kind if isinstance(kind, tuple) else (kind,))
    if not context.need.query and not context.need.constraints:
        return True
    telling = [token for token in tokens(words)]
    about_this = points_at_it(words) or reading.wants_cheaper(words) or reading.wants_others(words)
    return len(telling) >= 3 and not stated and not about_this


def _merge(before: Need, words: str, terms: Found, stated: list[Constraint], released: frozenset[str]) -> Need:
    """`before`, with what was stated now in the place of what it contradicts."""
    if terms.type and terms.type_word:
        stated = [
            Constraint("type", "contains", tuple(dict.fromkeys((terms.type_word, terms.type))), "inferred"),
            *stated,
        ]
    kept = [c for c in before.constraints if c.field not in released and not any(_replaces(new, c) for new in stated)]
    constraints = tuple(dict.fromkeys((*kept, *stated)))
    said = _without_refusals(words, constraints)
    query = f"{before.query} {said}".strip() if tokens(said) and said not in before.query else before.query
    return replace(before, query=query[-400:], constraints=constraints)


def _replaces(new: Constraint, old: Constraint) -> bool:
    if new.field != old.field:
        return _allows_again(new, old)
    if new.op in _NEGATIVE or old.op in _NEGATIVE:
        return new.op in _NEGATIVE and old.op in _NEGATIVE and new.field != "text" and new.field != "brand"
    side = {"lt": "upper", "le": "upper", "gt": "lower", "ge": "lower"}
    if side.get(new.op) != side.get(old.op):
        return _empty_between(new, old)
    return True


def _allows_again(new: Constraint, old: Constraint) -> bool:
    """Asking for leather after refusing it lifts the refusal."""
    return old.op == "not_contains" and new.op == "contains" and new.value == old.value


def _empty_between(new: Constraint, old: Constraint) -> bool:
    """Whether an upper and a lower limit exclude each other, so that the newer alone is meant."""
    if not isinstance(new.value, int | float) or not isinstance(old.value, int | float):
        return False
    return new.value <= old.value if new.op in ("lt", "le") else new.value >= old.value


def _without_refusals(words: str, constraints: tuple[Constraint, ...]) -> str:
    """What is refused must not attract: its words leave the query."""
    for constraint in constraints:
        if constraint.op in _NEGATIVE and constraint.field in ("text", "brand"):
            forms = constraint.value if isinstance(constraint.value, tuple) else (str(constraint.value),)
            for form in forms:
                words = re.sub(
                    rf"(?:\b(?:not|no|without|except|anything but|nor|or)\b|不要|不含|不是|除了|别)?\s*(?:made of |made from |any )?{re.escape(form)}",
                    " ",
                    words,
                    flags=re.IGNORECASE,
                )
    return " ".join(words.split())
