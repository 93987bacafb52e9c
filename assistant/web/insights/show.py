"""Figures as JSON: every share with what it is a share of and its interval, money in whole units of the currency."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from assistant.cart import whole_units
from assistant.insight.intervals import Difference, Mean, Share
from assistant.insight.measures import Measures
from assistant.insight.views import Conversation, Conversations, Corrected, Overview
from assistant.web.insights.parts import Json
from catalog import minor_units

_OF_A_DAY = ("csat", "ctr", "conversion", "clicking", "response", "failed", "no_match", "thumbs")
_COUNTS_OF_A_DAY = (
    "conversations", "with_slate", "with_click", "with_cart", "with_purchase", "turns", "handoffs", "thumbs_down",
)  # fmt: skip


def show_measures(measures: Measures, currency: str) -> Json:
    """All figures of a set of conversations."""
    told = {name: show_part(getattr(measures, name)) for name in _parts(measures)}
    each = measures.revenue_minor_per_conversation
    return {
        **told,
        "counts": asdict(measures.counts),
        "nps": measures.nps,
        "revenue": whole_units(measures.revenue_minor, currency),
        "revenue_each": None if each is None else each / minor_units(currency),
        "dwell_s": measures.dwell_s,
    }


def show_day(measures: Measures, currency: str) -> Json:
    """The figures of a day: what is drawn by day."""
    counts = asdict(measures.counts)
    return {
        **{name: show_part(getattr(measures, name)) for name in _OF_A_DAY},
        "counts": {name: counts[name] for name in _COUNTS_OF_A_DAY},
        "revenue": whole_units(measures.revenue_minor, currency),
    }


def show_overview(overview: Overview, corrected: Corrected, currency: str) -> Json:
    """A period against the one before."""
    before = overview.filters.before()
    return {
        "filters": overview.filters.named(),
        "before_from": before.since.isoformat(),
        "before_to": before.until.isoformat(),
        "currency": currency,
        "now": show_measures(overview.now, currency),
        "before": show_measures(overview.before, currency),
        "changes": show_changes(overview.changes),
        "corrected": asdict(corrected),
        "behind": overview.behind,
    }


def figure_columns(measures: Measures, currency: str) -> Json:
    """The figures of a set of conversations as columns of a file: counts, shares with their bounds, money."""
    bounds: Json = {}
    for name in _parts(measures):
        bounds |= bounded(name, getattr(measures, name))
    each = measures.revenue_minor_per_conversation
    counts = {name: n for name, n in asdict(measures.counts).items() if not name.endswith(("_minor", "_micro"))}
    return {
        **counts,
        **bounds,
        "nps": measures.nps,
        "dwell_s": measures.dwell_s,
        "revenue": float(whole_units(measures.revenue_minor, currency)),
        "revenue_each": None if each is None else each / minor_units(currency),
        "currency": currency,
    }


def bounded(name: str, part: Share | Mean) -> Json:
    """A share or a mean as three columns of a file: itself and both ends of its interval."""
    ends = zip(("", "_low", "_high"), _bounded(part.value, part.interval).values(), strict=True)
    return {name + end: value for end, value in ends}


def show_changes(changes: Mapping[str, Difference]) -> Json:
    """How each share and mean has changed, and whether that is more than chance."""
    return {name: _bounded(one.value, one.interval) | {"sure": one.sure} for name, one in changes.items()}


def show_part(part: Share | Mean) -> Json:
    """A share or a mean with its interval."""
    count = {"count": part.count} if isinstance(part, Share) else {}
    return {**count, "n": part.n, **_bounded(part.value, part.interval)}


def show_conversations(page: Conversations, currency: str) -> Json:
    """One page of conversations; `next` is the cursor of the following one."""
    return {"conversations": [show_row(one, currency) for one in page.rows], "next": page.after}


def show_row(one: Conversation, currency: str) -> Json:
    """A conversation as a line of a list."""
    told = asdict(one)
    del told["revenue_minor"]
    return told | {
        "started_at": one.started_at.isoformat(),
        "kinds": list(one.kinds),
        "revenue": whole_units(one.revenue_minor, currency),
    }


def labelled(values: Iterable[str], label: Mapping[str, str] | None = None) -> list[Json]:
    """Values of a menu, with their names where they have others."""
    return [{"value": one, "label": label[one]} if label and one in label else {"value": one} for one in values]


def _parts(measures: Measures) -> list[str]:
    return [one.name for one in fields(measures) if isinstance(getattr(measures, one.name), Share | Mean)]


def _bounded(value: float | None, interval: Any) -> Json:
    low, high = (interval.low, interval.high) if interval else (None, None)
    return {"value": value, "low": low, "high": high}
