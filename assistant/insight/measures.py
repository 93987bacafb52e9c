"""What is counted of a set of conversations, and the figures that follow from the counts."""

from dataclasses import dataclass, fields

from assistant.insight.intervals import (
    Difference,
    Mean,
    Share,
    difference_of_means,
    difference_of_shares,
    mean,
    share,
)

MICRO = 1_000_000  # scores are summed as millionths, in whole numbers: what is taken out again leaves exactly nothing


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted, by the names of the columns of the figures; docs/insights.md says what each means.

    Of a product, or a position, the conversations are those in which it was; slates, clicks, carts, purchases, money and
    dwell are its own, all else is the conversations'.
    """

    conversations: int = 0
    with_slate: int = 0
    with_click: int = 0
    with_cart: int = 0
    with_purchase: int = 0
    turns: int = 0
    slates: int = 0
    failed_turns: int = 0
    no_match: int = 0
    handoffs: int = 0
    revenue_minor: int = 0
    offered: int = 0
    answered: int = 0
    rated: int = 0
    satisfied: int = 0
    score_micro: int = 0
    score_square_micro: int = 0
    agent_rated: int = 0
    agent_satisfied: int = 0
    agent_score_micro: int = 0
    agent_score_square_micro: int = 0
    nps_rated: int = 0
    promoters: int = 0
    detractors: int = 0
    thumbs_up: int = 0
    thumbs_down: int = 0
    impressions: int = 0
    views: int = 0
    clicks: int = 0
    carts: int = 0
    purchases: int = 0
    dwells: int = 0
    dwell_ms: int = 0


COUNTS = tuple(field.name for field in fields(Counts))


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of a set of conversations. Every share tells of how many it is one.

    `ctr`, `cart_rate` and `purchase_rate` are of impressions, `seen` is the share of them that was really before the
    shopper's eyes; `conversion`, `clicking`, `carting` and `slated` are of conversations; `failed` and `no_match` of
    turns; `response` of surveys offered. `nps` is -100 to 100. Money is in the currency's minor unit.
    `dwell_s` is for how long a product was looked at that was opened, on average.
    """

    counts: Counts
    slated: Share
    clicking: Share
    carting: Share
    conversion: Share
    ctr: Share
    seen: Share
    cart_rate: Share
    purchase_rate: Share
    revenue_minor: int
    revenue_minor_per_conversation: float | None
    dwell_s: float | None
    csat: Share
    score: Mean
    response: Share
    thumbs: Share
    nps: float | None
    agent_csat: Share
    agent_score: Mean
    handoff: Share
    failed: Share
    no_match: Share


def measured(counts: Counts) -> Measures:
    """The figures that follow from the counts."""
    c = counts
    return Measures(
        counts=c,
        slated=share(c.with_slate, c.conversations),
        clicking=share(c.with_click, c.conversations),
        carting=share(c.with_cart, c.conversations),
        conversion=share(c.with_purchase, c.conversations),
        ctr=share(c.clicks, c.impressions),
        seen=share(c.views, c.impressions),
        cart_rate=share(c.carts, c.impressions),
        purchase_rate=share(c.purchases, c.impressions),
        revenue_minor=c.revenue_minor,
        revenue_minor_per_conversation=c.revenue_minor / c.conversations if c.conversations else None,
        dwell_s=c.dwell_ms / 1000 / c.dwells if c.dwells else None,
        csat=share(c.satisfied, c.rated),
        score=mean(c.rated, c.score_micro / MICRO, c.score_square_micro / MICRO),
        response=share(c.answered, c.offered),
        thumbs=share(c.thumbs_up, c.thumbs_up + c.thumbs_down),
        nps=100 * (c.promoters - c.detractors) / c.nps_rated if c.nps_rated else None,
        agent_csat=share(c.agent_satisfied, c.agent_rated),
        agent_score=mean(c.agent_rated, c.agent_score_micro / MICRO, c.agent_score_square_micro / MICRO),
        handoff=share(c.handoffs, c.conversations),
        failed=share(c.failed_turns, c.turns),
        no_match=share(c.no_match, c.turns),
    )


def compared(now: Measures, before: Measures) -> dict[str, Difference]:
    """How each share and mean of `now` differs from `before`, by its name."""
    found: dict[str, Difference] = {}
    for field in fields(Measures):
        this, that = getattr(now, field.name), getattr(before, field.name)
        if isinstance(this, Share):
            found[field.name] = difference_of_shares(this, that)
        elif isinstance(this, Mean):
            found[field.name] = difference_of_means(this, that)
    return found
