"""The report of one week against the week before: a page that stands alone, to read, to keep, or to print.

Knows products by their ids only: `title` names them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from pathlib import Path

from assistant.insight.figures import Figures
from assistant.insight.intervals import Share
from assistant.insight.measures import Measures
from assistant.insight.report_beside import Beside, Sources, Words, alert_part, beside, parts
from assistant.insight.report_draw import Bar, columns, rows
from assistant.insight.report_markup import (
    PRINT,
    day_name,
    difference_words,
    percent,
    section,
    share_words,
    table,
    weekday_name,
)
from assistant.insight.report_text import WORDS, say
from assistant.insight.report_week import Week
from assistant.insight.views import Breakdown, Corrected, Line, Overview
from assistant.phrases import money
from catalog import Locale

FEW = 30
_LINES = 10
_SHARES = ("slated", "clicking", "carting", "conversion", "ctr", "csat", "response", "agent_csat")
_PAGE = Path(__file__).parent / "report.html"
Title = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Weekly:
    """What a report tells."""

    week: Week
    overview: Overview
    corrected: Corrected
    days: tuple[Line, ...]
    days_before: tuple[Line, ...]
    products: Breakdown
    categories: Breakdown
    languages: Breakdown
    beside: Beside


def weekly(figures: Figures, week: Week, sources: Sources | None = None) -> Weekly:
    """The figures of a week, and what `sources` tell of it."""
    filters = week.filters()
    return Weekly(
        week,
        figures.overview(filters),
        figures.corrected(filters),
        figures.series(filters),
        figures.series(filters.before()),
        figures.breakdown(filters, "product", limit=_LINES),
        figures.breakdown(filters, "category", limit=_LINES),
        figures.breakdown(filters, "locale", limit=_LINES),
        beside(sources or Sources(), filters),
    )


@dataclass(frozen=True, slots=True)
class Look:
    """In whose name, language and colour a report is written.

    `base` is the address of the owner's page, "" where the report stands on it, None for a report without links. One
    that is served has a `button` to print it.
    """

    shop: str
    locale: Locale
    currency: str
    accent: str
    title: Title
    base: str | None = None
    button: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A report to be sent: its name, the week in some sentences, and the page."""

    heading: str
    sentences: str
    page: str


def paper(told: Weekly, look: Look, made_at: datetime) -> Paper:
    """A report to be sent."""
    return Paper(_heading(told, look), " ".join(_sentences(told, look)), written(told, look, made_at))


def _heading(told: Weekly, look: Look) -> str:
    return say("title", look.locale, shop=look.shop, number=told.week.number, year=told.week.year)


def written(told: Weekly, look: Look, made_at: datetime) -> str:
    """The report as one HTML page that needs nothing else."""
    locale = look.locale
    heading = _heading(told, look)
    filters = told.overview.filters
    span = say("span", locale, since=day_name(filters.since, locale), until=day_name(filters.until, locale))
    words = Words(locale, look.currency, look.title, look.base, filters)
    some = told.overview.now.counts.conversations
    body = [
        f"<header><h1>{escape(heading)}</h1><p class='quiet'>{escape(span)}</p>{_ways(look, words)}</header>",
        f"<p class='said'>{escape(' '.join(_sentences(told, look)))}</p>",
        *([*_details(told, look), *parts(told.beside, words)] if some else alert_part(told.beside, words)),
        f"<footer><p>{escape(say('made_of', locale))}</p>",
        f"<p>{escape(say('made', locale, at=f'{made_at:%Y-%m-%d %H:%M} UTC'))}</p></footer>",
        *([f"<script>{PRINT}</script>"] if look.button else ()),
    ]
    page = _PAGE.read_text(encoding="utf-8").replace("@lang@", "zh-CN" if locale == "zh" else "en")
    return page.replace("@title@", escape(heading)).replace("@accent@", look.accent).replace("@body@", "\n".join(body))


def _ways(look: Look, words: Words) -> str:
    """How to keep the report, and where its figures stand; on paper there is none of it."""
    keep = f"<button id='pdf' type='button'>{escape(say('pdf', look.locale))}</button>" if look.button else ""
    page = "" if look.base is None else words.link(say("open_page", look.locale), "overview")
    return f"<p class='quiet screen'>{keep or escape(say('print', look.locale))} {page}</p>"


def _sentences(told: Weekly, look: Look) -> list[str]:
    """The week in two or three sentences."""
    now, before, locale = told.overview.now, told.overview.before, look.locale
    n = now.counts.conversations
    if not n:
        return [say("nobody", locale)]
    change = _change_in_words(n, before.counts.conversations, locale)
    first = say("one_talked" if n == 1 else "talked", locale, n=f"{n:,}", change=change)
    revenue = money(now.revenue_minor, look.currency, locale)
    did = say(
        "did", locale, clicking=percent(now.clicking.value), buying=percent(now.conversion.value), revenue=revenue
    )
    return [first, did, _satisfied(now.csat, locale), *([say("few", locale)] if n < FEW else [])]


def _change_in_words(n: int, before: int, locale: Locale) -> str:
    if before < FEW:
        return ""
    if n == before:
        return say("same", locale)
    return say("more" if n > before else "fewer", locale, by=percent(abs(n - before) / before))


def _satisfied(csat: Share, locale: Locale) -> str:
    if csat.interval is None:
        return say("unrated", locale)
    low, high = percent(csat.interval.low), percent(csat.interval.high)
    return say("satisfied", locale, share=percent(csat.value), n=csat.n, low=low, high=high)


def _details(told: Weekly, look: Look) -> list[str]:
    return [
        section("figures", look.locale, _figures(told, look)),
        section("wrong", look.locale, _wrong(told.overview.now, look.locale)),
        section("by_day", look.locale, _by_day(told, look.locale)),
        section("funnel", look.locale, _funnel(told.overview.now, look.locale)),
        section("products", look.locale, _products(told.products, look)) if told.products.lines else "",
        section("categories", look.locale, _values(told.categories, "category", look)),
        section("languages", look.locale, _values(told.languages, "language", look)),
    ]


# ---- Parts


def _figures(told: Weekly, look: Look) -> str:
    now, before, changes = told.overview.now, told.overview.before, told.overview.changes
    locale = look.locale
    counted = [say("conversations", locale), f"{now.counts.conversations:,}", f"{before.counts.conversations:,}", ""]
    lines = [counted]
    for name in _SHARES:
        this, that = getattr(now, name), getattr(before, name)
        if this.n or that.n:
            lines.append(
                [say(name, locale), share_words(this), share_words(that), difference_words(changes[name], locale)]
            )
    if told.corrected.share is not None:
        lines.append([say("corrected", locale), percent(told.corrected.share), "", ""])
    for name in ("revenue", "revenue_each"):
        lines.append([say(name, locale), _paid(now, name, look), _paid(before, name, look), ""])
    return table([say(key, locale) for key in ("figure", "this_week", "week_before", "difference")], lines)


def _paid(measures: Measures, name: str, look: Look) -> str:
    each = measures.revenue_minor_per_conversation
    minor = measures.revenue_minor if name == "revenue" else each
    return "–" if minor is None else money(round(minor), look.currency, look.locale)


def _wrong(now: Measures, locale: Locale) -> str:
    found = [
        ("no_match", now.no_match.count, now.no_match.n),
        ("failed", now.failed.count, now.failed.n),
        ("handoff", now.handoff.count, now.handoff.n),
        ("dissatisfied", now.csat.n - now.csat.count, now.csat.n),
        ("thumbs_down", now.thumbs.n - now.thumbs.count, now.thumbs.n),
    ]
    lines = [
        [say(key, locale), f"{n:,}", percent(n / of)] for key, n, of in sorted(found, key=lambda one: -one[1]) if n
    ]
    if not lines:
        return f"<p>{escape(say('nothing_wrong', locale))}</p>"
    return table([say("wrong", locale), say("times", locale), say("share", locale)], lines)


def _by_day(told: Weekly, locale: Locale) -> str:
    bars = [
        Bar(weekday_name(date.fromisoformat(line.value), locale), n, f"{n:,}", was.measures.counts.conversations)
        for line, was in zip(told.days, told.days_before, strict=True)
        for n in (line.measures.counts.conversations,)
    ]
    legend = "".join(
        f'<li><span style="background:var(--{colour})"></span>{escape(say(key, locale))}</li>'
        for colour, key in (("accent", "this_week"), ("before", "week_before"))
    )
    unit = f"<p class='quiet'>{escape(say('by_day_unit', locale))}</p><ul class='legend'>{legend}</ul>"
    return unit + columns(bars, say("by_day", locale))


def _funnel(now: Measures, locale: Locale) -> str:
    c = now.counts
    stages = [
        ("talking", c.conversations),
        ("slated", c.with_slate),
        ("clicking", c.with_click),
        ("carting", c.with_cart),
        ("conversion", c.with_purchase),
    ]
    bars = [Bar(say(key, locale), n, f"{n:,} · {percent(n / c.conversations)}") for key, n in stages]
    return f"<p class='quiet'>{escape(say('funnel_unit', locale))}</p>" + rows(bars, say("funnel", locale))


def _products(found: Breakdown, look: Look) -> str:
    heads = [say(key, look.locale) for key in ("product", "shown", "clicked", "sold")]
    lines = [
        [look.title(line.value), f"{c.impressions:,}", percent(line.measures.ctr.value), f"{c.purchases:,}"]
        for line in found.lines
        for c in (line.measures.counts,)
    ]
    return table(heads, lines)


def _values(found: Breakdown, what: str, look: Look) -> str:
    keys = (what, "conversations", "clicking", "conversion", "csat")
    lines = [
        [
            say(line.value, look.locale) if line.value in WORDS else line.value,
            f"{line.measures.counts.conversations:,}",
            percent(line.measures.clicking.value),
            percent(line.measures.conversion.value),
            share_words(line.measures.csat),
        ]
        for line in found.lines
    ]
    return table([say(key, look.locale) for key in keys], lines)
