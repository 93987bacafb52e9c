"""What a report tells beside its figures, each in a few lines: what was wanted and not got, opinions, alerts, experiments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from assistant.insight.alerts.log import Alert, AlertLog
from assistant.insight.alerts.rules import ReportRule, Rules
from assistant.insight.alerts.wording import severity_word
from assistant.insight.alerts.wording import told as in_words
from assistant.insight.experiments.lab import Lab, Told
from assistant.insight.experiments.plan import Experiment
from assistant.insight.experiments.words import drafted
from assistant.insight.experiments.words import told as judged
from assistant.insight.filters import Filters
from assistant.insight.gaps import Gaps, Item
from assistant.insight.gaps.types import List
from assistant.insight.intervals import difference_of_shares
from assistant.insight.opinions.aspects import aspect_name
from assistant.insight.opinions.figures import Opined, OpinionFigures
from assistant.insight.report_markup import Safe, difference_words, link, section, share_words, table, weekday_name
from assistant.insight.report_text import say
from catalog import Locale

_MOST = 8  # lines of each part
_ASPECTS = 4  # of each side
_LISTS: tuple[List, ...] = ("not_carried", "nothing_fits", "out_of_stock", "unanswered")  # the fifth lists these again
_GRAVEST = ("critical", "warning", "notice")


@dataclass(frozen=True, slots=True)
class Sources:
    """What is read beside the figures; None for what a shop is without."""

    gaps: Gaps | None = None
    opinions: OpinionFigures | None = None
    alerts: AlertLog | None = None
    rules: Rules | None = None
    experiments: Lab | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thing that was wanted and not got, and the list that it stands on."""

    list: List
    item: Item


@dataclass(frozen=True, slots=True)
class Beside:
    """What a week tells beside its figures; None for what a shop is without. `opined` are aspects, after all of them."""

    wanted: tuple[Wanted, ...] | None = None
    opined: tuple[Opined, ...] | None = None
    alerts: tuple[Alert, ...] | None = None
    experiments: tuple[Told, ...] | None = None
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The language, money and names that parts are written with. `base` is the address of the owner's page, if there is one."""

    locale: Locale
    currency: str
    title: Callable[[str], str]
    base: str | None
    filters: Filters

    def link(self, words: str, view: str, item: str = "") -> Safe:
        """Words that lead to a view of the page on the report's week."""
        place = {"view": view, "from": self.filters.since.isoformat(), "to": self.filters.until.isoformat()}
        return link(words, self.base, place | ({"item": item} if item else {}))


def beside(sources: Sources, filters: Filters) -> Beside:
    """What a week has beside its figures."""
    opinions = sources.opinions
    return Beside(
        None if sources.gaps is None else _wanted(sources.gaps, filters),
        None if opinions is None else (opinions.total(filters), *opinions.by_aspect(filters)),
        None if sources.alerts is None or sources.rules is None else _alerts(sources.alerts, sources.rules, filters),
        None if sources.experiments is None else _experiments(sources.experiments, filters),
        sources.rules,
    )


def parts(told: Beside, words: Words) -> list[str]:
    """The sections of the report that tell it."""
    found: list[tuple[str, str]] = []
    if told.wanted is not None:
        found.append(("wanted", _wanted_lines(told.wanted, words)))
    if told.opined is not None:
        found.append(("opinions", _opinions(told.opined, words)))
    sections = [section(key, words.locale, content) for key, content in found]
    tried = [section("experiments", words.locale, _verdicts(told.experiments, words))] if told.experiments else []
    return [*sections, *alert_part(told, words), *tried]


def alert_part(told: Beside, words: Words) -> list[str]:
    """The section of alerts, which a week without conversations may have too."""
    if told.alerts is None or told.rules is None:
        return []
    return [section("alerts", words.locale, _alert_lines(told.alerts, told.rules, words))]


# ---- Wanted and not got


def _wanted(gaps: Gaps, filters: Filters) -> tuple[Wanted, ...]:
    report = gaps.report(filters, None, _MOST)
    found = [Wanted(listed.list, item) for listed in report.lists if listed.list in _LISTS for item in listed.items]
    return tuple(sorted(found, key=lambda one: -one.item.conversations)[:_MOST])


def _wanted_lines(wanted: Sequence[Wanted], words: Words) -> str:
    locale = words.locale
    if not wanted:
        return f"<p>{escape(say('nothing_wanted', locale))}</p>"
    lines = [
        [
            words.link(_thing(one.item, locale), "gaps", one.list),
            _why(one, locale),
            f"{one.item.conversations:,}",
            f"{one.item.before:,}",
        ]
        for one in wanted
    ]
    return table([say(key, locale) for key in ("thing", "why_not", "conversations", "week_before")], lines)


def _thing(item: Item, locale: Locale) -> str:
    """What was wanted, with the product or the kinds of product that it was wanted of."""
    name = item.name[locale]
    of = [item.product[locale]] if item.product else [part.name[locale] for part in item.parts[:2]]
    return f"{name} · {say('and', locale).join(of)}" if of and of != [name] else name


def _why(one: Wanted, locale: Locale) -> str:
    why = say(f"why_{one.list}", locale)
    return f"{why} · {say('now_there', locale)}" if one.item.state == "filled" else why


# ---- Opinions


def _opinions(opined: Sequence[Opined], words: Words) -> str:
    total, *aspects = opined
    locale = words.locale
    if not total.now.n:
        return f"<p>{escape(say('no_opinions', locale))}</p>"
    now = total.now
    said = say("opined", locale, n=f"{now.n:,}", praise=share_words(now.positive), complain=share_words(now.negative))
    lines = [
        [
            words.link(aspect_name(one.value, locale), "opinions", one.value),
            share_words(one.now.negative),
            difference_words(one.change, locale),
            share_words(one.now.positive),
            difference_words(difference_of_shares(one.now.positive, one.before.positive), locale),
        ]
        for one in _spoken_of_most(aspects)
    ]
    heads = [say(key, locale) for key in ("aspect", "complaints", "difference", "praise", "difference")]
    return f"<p>{escape(said)}</p>{table(heads, lines)}"


def _spoken_of_most(aspects: Sequence[Opined]) -> list[Opined]:
    """The aspects most complained of, then those most praised that are not among them."""
    bad = [one for one in aspects if one.now.negative.count][:_ASPECTS]
    praised = sorted(aspects, key=lambda one: (-one.now.positive.count, -one.now.n, one.value))
    good = [one for one in praised if one.now.positive.count][:_ASPECTS]
    return [*bad, *(one for one in good if one not in bad)]


# ---- Alerts


def _alerts(log: AlertLog, rules: Rules, filters: Filters) -> tuple[Alert, ...]:
    """The alerts of the week but those of reports, the gravest first."""
    told = log.between(_midnight(filters.since), _midnight(filters.until + timedelta(1)))
    of_reports = {name for name, rule in rules.rules.items() if isinstance(rule, ReportRule)}
    return tuple(
        sorted((one for one in told if one.rule not in of_reports), key=lambda one: _GRAVEST.index(one.severity))
    )


def _alert_lines(alerts: Sequence[Alert], rules: Rules, words: Words) -> str:
    locale = words.locale
    if not alerts:
        return f"<p>{escape(say('no_alerts', locale))}</p>"
    lines = [
        [
            words.link(in_words(one, rules, locale, lambda id, _: words.title(id)).title, "alerts"),
            severity_word(one, locale),
            weekday_name(one.at.date(), locale),
            say("seen" if one.acknowledged_at else "unseen", locale),
        ]
        for one in alerts[:_MOST]
    ]
    heads = [say(key, locale) for key in ("alert", "severity", "day", "state")]
    more = len(alerts) - len(lines)
    rest = f"<p class='quiet'>{escape(say('more_alerts', locale, n=more))}</p>" if more else ""
    return table(heads, lines) + rest


# ---- Experiments


def _experiments(lab: Lab, filters: Filters) -> tuple[Told, ...]:
    """What ran in the week, the newest first, as it stands."""
    return tuple(lab.told(one) for one in lab.ledger.all() if _ran(one, filters))[:_MOST]


def _ran(one: Experiment, filters: Filters) -> bool:
    started, stopped = one.when("started"), one.when("stopped")
    return (
        started is not None
        and started < _midnight(filters.until + timedelta(1))
        and (stopped is None or stopped >= _midnight(filters.since))
    )


def _verdicts(experiments: Sequence[Told], words: Words) -> str:
    locale = words.locale
    items = "".join(
        f"<li><b>{words.link(one.experiment.plan.name, 'experiments', one.experiment.id)}</b> "
        f"<span class='quiet'>{escape(_state(one.experiment, locale))}</span><br>{escape(_verdict(one, words))}</li>"
        for one in experiments
    )
    return f"<ul class='verdicts'>{items}</ul><p class='quiet'>{escape(say('as_it_stands', locale))}</p>"


def _state(one: Experiment, locale: Locale) -> str:
    decided: Mapping[str, object] = next((it.data for it in reversed(one.events) if it.kind == "decided"), {})
    return say(f"x_{one.state}", locale, arm=decided.get("arm", ""))


def _verdict(one: Told, words: Words) -> str:
    if one.draft is not None:
        return drafted(one.draft)[words.locale]
    if one.result is None:
        return ""
    return judged(one.result.verdict, one.experiment.plan.effect, words.currency, one.a_unit)[words.locale]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
