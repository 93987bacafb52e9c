"""What an agent has to know of a conversation before taking it over, in the agent's language: nobody repeats themselves.

Made by code from the turns, without a model. A shopper's own words stay as they were written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.cart import Cart
from assistant.evidence import listing, policy, reviews
from assistant.phrases import describe, joined, say
from assistant.service.mood import Sign, mood, short_of, why_words
from assistant.service.types import Customer, Proposal
from assistant.types import Evidence, Need, Turn
from catalog import Catalog, Locale

_TRIED = 6  # turns
_CHECKED = 6  # lines that answers rested on
_WORDS = 90  # characters of a message or an answer
_TITLES = 3


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that was found to be so, and where it stands."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the summary may draw on beside the turns: the products and rules in the agent's language, who the shopper proved
    to be, what was proposed and done, and the cart.
    """

    catalog: Catalog | None = None
    customer: Customer | None = None
    proposals: tuple[Proposal, ...] = ()
    cart: Cart | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is wanted, in a line; what was tried, the oldest first; what was found to be so; how the shopper feels and why."""

    wanted: str
    tried: tuple[str, ...] = ()
    checked: tuple[Checked, ...] = ()
    mood: float = 0.0
    why: str = ""


def summarise(turns: Sequence[Turn], locale: Locale, known: Known | None = None) -> Summary:
    """The summary of `turns` in `locale`, the agent's language."""
    known = known or Known()
    felt = mood(turns)
    return Summary(
        wanted(turns, locale, known), _tried(turns, locale, known), _checked(turns, locale, known), felt.score,
        why_words(felt, locale),
    )  # fmt: skip


def summary_data(turns: Sequence[Turn], locale: Locale) -> dict[str, Any]:
    """The summary as plain data, as a ticket carries it."""
    made = summarise(turns, locale)
    return {
        "wanted": made.wanted,
        "tried": list(made.tried),
        "checked": [{"text": one.text, "source": one.source} for one in made.checked],
        "mood": made.mood,
        "mood_why": made.why,
    }


def wanted(turns: Sequence[Turn], locale: Locale, known: Known) -> str:
    """What the shopper is after: what of their orders, else what is looked for, and the last message in its own words."""
    if not turns:
        return say("sum_nothing", locale)
    after = _of_orders(turns, locale) or _need_words(turns[-1].need, _currency(turns, known), locale)
    return " ".join([*after, say("sum_wrote", locale, message=_cut(turns[-1].message))])


def _of_orders(turns: Sequence[Turn], locale: Locale) -> list[str]:
    """What is open with the shopper's orders."""
    state = next((turn.service.get("state") for turn in reversed(turns) if turn.service), None) or {}
    found = []
    for task in state.get("tasks", ()):
        wish: Mapping[str, Any] = task.get("wish", {})
        what = _deed(str(wish.get("kind", "")), locale)
        order = task.get("order_id") or next(iter(wish.get("order_ids", ())), "")
        if what:
            found.append(say("sum_wants" if order else "sum_wants_bare", locale, what=what, order=order))
    return list(dict.fromkeys(found))


def _need_words(need: Need, currency: str, locale: Locale) -> list[str]:
    limits = list(dict.fromkeys(describe(one, currency, locale) for one in need.constraints))
    what = need.query.strip() or need.category or (say("sum_anything", locale) if limits else "")
    if not what:
        return []
    what = _cut(what.split(" > ")[-1])
    if limits:
        what = say("sum_limited", locale, what=what, limits=joined(limits, locale))
    return [say("sum_looks", locale, what=what)]


def _tried(turns: Sequence[Turn], locale: Locale, known: Known) -> tuple[str, ...]:
    """What became of each message, the last few; the same twice is said once."""
    counts: dict[str, int] = {}
    recent = [turn for turn in turns if turn.message.strip() and not _silent(turn)]
    for turn in recent[-_TRIED:]:
        line = _line(turn, locale, known)
        counts[line] = counts.get(line, 0) + 1
    lines = [line if count == 1 else say("sum_times", locale, line=line, count=count) for line, count in counts.items()]
    before = len(recent) - _TRIED
    return (*((say("sum_more", locale, count=before),) if before > 0 else ()), *lines)


def _silent(turn: Turn) -> bool:
    """Whether a person of the shop answered instead of the assistant."""
    return turn.handoff is not None and turn.handoff.live


def _line(turn: Turn, locale: Locale, known: Known) -> str:
    """What became of one message."""
    message = _cut(turn.message)
    sign: Sign | None = short_of(turn)
    if sign is not None:
        return say(f"sum_{sign}", locale, message=message)
    if turn.reply.kind in ("recommend", "compare") and turn.slate.items:
        titles = [_title(item.product.id, turn, locale, known) for item in turn.slate.items[:_TITLES]]
        return say("sum_shown", locale, message=message, titles=joined(titles, locale))
    cited = [line for line in turn.evidence if line.id in {id for claim in turn.reply.claims for id in claim.evidence}]
    if cited:
        sources = list(dict.fromkeys(_source(line, turn, locale, known) for line in cited))[:_TITLES]
        return say("sum_answered", locale, message=message, sources=joined(sources, locale))
    return say("sum_told", locale, message=message, reply=_cut(turn.reply.text))


def _checked(turns: Sequence[Turn], locale: Locale, known: Known) -> tuple[Checked, ...]:
    """Who it is, what was done, what is in the cart, and the lines that shown sentences rested on, the newest first."""
    found = []
    books = say("sum_from_books", locale)
    if known.customer is not None:
        found.append(Checked(say("sum_known", locale, name=known.customer.name), books))
    found += [Checked(_proposal_words(one, locale), books) for one in known.proposals]
    if known.cart is not None and known.cart.lines:
        lines = [
            say("sum_in_cart", locale, count=one.line.quantity, title=one.product.localised(locale).title)
            for one in known.cart.lines
            if one.product is not None
        ]
        found.append(Checked(joined(lines, locale), say("sum_from_cart", locale)))
    facts: dict[str, Checked] = {}
    for turn in reversed(turns):
        shown = {id for claim in turn.reply.claims if claim.status != "dropped" for id in claim.evidence}
        for line in turn.evidence:
            if line.id in shown and line.id not in facts and len(facts) < _CHECKED:
                quote = _in_language(line, locale, known).quote
                facts[line.id] = Checked(_cut(quote, 2 * _WORDS), _source(line, turn, locale, known))
    return (*found, *facts.values())


def _proposal_words(proposal: Proposal, locale: Locale) -> str:
    order, what = proposal.deed.order_id, _deed(proposal.deed.kind, locale)
    state = say(f"sum_state_{proposal.state}", locale)
    return say("sum_deed" if order else "sum_deed_bare", locale, order=order, what=what, state=state)


def _source(line: Evidence, turn: Turn, locale: Locale, known: Known) -> str:
    """Where a line stands, in words."""
    if line.kind == "policy" or line.product_id is None:
        return say("sum_from_rule", locale, title=_in_language(line, locale, known).field.rstrip("?？"))
    name = "sum_from_review" if line.kind == "review" else "sum_from_listing"
    return say(name, locale, title=_title(line.product_id, turn, locale, known))


def _title(product_id: str, turn: Turn, locale: Locale, known: Known) -> str:
    """A product's title in the agent's language where the catalogue has it, else as it was shown."""
    product = known.catalog.get(product_id) if known.catalog else None
    if product is not None:
        return product.localised(locale).title
    shown = next((item.product for item in turn.slate.items if item.product.id == product_id), None)
    return shown.localised(locale).title if shown else product_id


def _in_language(line: Evidence, locale: Locale, known: Known) -> Evidence:
    """The same line in the agent's language, where the listing or the rules have it."""
    if known.catalog is None:
        return line
    if line.product_id is not None:
        product = known.catalog.get(line.product_id)
        if product is None:
            return line
        view = product.localised(locale)
        return next((one for one in (*listing(view), *reviews(view)) if one.id == line.id), line)
    name, _, number = line.id.removeprefix("policy:").rpartition(".")
    own = f"{name.rpartition('.')[0]}.{locale}.{number}"
    sections = {section.id: section for section in known.catalog.policies}
    mirrored = _mirrored(sections.keys(), name, locale)
    return policy(sections[own]) if mirrored and own in sections else line


def _mirrored(ids: Iterable[str], name: str, locale: Locale) -> bool:
    """Whether a file of rules has as many sections in the other language, so that its numbers mean the same."""
    file = name.rpartition(".")[0]
    counts = Counter(id.rpartition(".")[0] for id in ids)
    return counts[name] == counts[f"{file}.{locale}"]


def _deed(kind: str, locale: Locale) -> str:
    """What is to be done, in words; "" where there are none for it."""
    try:
        return say(f"s_deed_{kind}", locale)
    except KeyError:
        return ""


def _currency(turns: Sequence[Turn], known: Known) -> str:
    """The currency of what was shown."""
    shown = next((item.product for turn in reversed(turns) for item in turn.slate.items), None)
    if shown is None and known.catalog is not None:
        shown = next(known.catalog.sample(1), None)
    return shown.currency if shown else "USD"


def _cut(text: str, most: int = _WORDS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
