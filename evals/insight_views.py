"""How long each view of the owner's page takes beside the overview: what its routes read, plainly and filtered.

The first call is told apart: it finds nothing read before by its connection. What the catalogue says of gaps is asked of a
catalogue of the record's products whose vectors mean nothing.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, get_args

import numpy as np
from sqlalchemy import Engine

from assistant.insight.alerts import behind
from assistant.insight.alerts.log import AlertLog
from assistant.insight.alerts.rules import PACKAGED, load_alert_rules
from assistant.insight.asked import SurveyFigures
from assistant.insight.drift import Drift
from assistant.insight.drift.statistics import REST
from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.figures import Figures
from assistant.insight.filters import Filters
from assistant.insight.gaps import Gaps
from assistant.insight.opinions.figures import Asked, OpinionFigures
from assistant.insight.views import Measure
from assistant.record.experiments import Experiments
from assistant.record.survey_figures import Some, State
from catalog import Catalog
from evals.catalogues import opened
from evals.synthetic import LAST, shelf
from evals.synthetic_said import REASONS

CALLS = 20
POSITIONS = (1, 2, 3, 4, 0)
_DIMENSIONS = 64
_PAGE = 50
Ask = Callable[[Filters], object]
Clock = Callable[[], datetime]


class _Anywhere:
    """Puts every text somewhere: what is asked of the catalogue here goes by its words."""

    name = "anywhere"

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.query(text) for text in texts])

    def query(self, text: str) -> np.ndarray:
        vector = np.random.default_rng(len(text)).standard_normal(_DIMENSIONS).astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def products(home: Path) -> AbstractContextManager[Catalog]:
    """The catalogue of the record's products, made in the folder `home`."""
    home.mkdir(parents=True, exist_ok=True)
    return opened(shelf(), home, _Anywhere())


def measure(
    engine: Engine, clock: Clock, catalog: Catalog, periods: Mapping[str, int], calls: int = CALLS
) -> dict[str, Any]:
    """Seconds of each view: of each period plainly and filtered, and of what asks for no period."""
    found: dict[str, Any] = {"periods": {}, "standing": {}}
    asks = narrowed(engine, clock, catalog)
    for name, days in periods.items():
        period = Filters(LAST - timedelta(days - 1), LAST)
        some = chosen(Figures(engine, clock), period, calls)
        found["periods"][name] = {
            view: {
                kind: timed(engine, ask, wanted) for kind, wanted in (("plain", [period] * calls), ("filtered", some))
            }
            for view, ask in asks.items()
        }
    for view, ask_once in standing(engine, clock, catalog).items():
        found["standing"][view] = timed(engine, lambda _, ask_once=ask_once: ask_once(), [None] * calls)  # type: ignore[misc]
    return found


def narrowed(engine: Engine, clock: Clock, catalog: Catalog) -> dict[str, Ask]:
    """What each view asks for that filters narrow, as its route does."""
    figures, surveys, opinions = Figures(engine, clock), SurveyFigures(engine), OpinionFigures(engine)
    gaps, drift = Gaps(engine, lambda: catalog), Drift(engine)
    measures, at, places = cycle(get_args(Measure)), cycle(get_args(Measure)), cycle(POSITIONS)
    reasons, states = cycle(REASONS), cycle(get_args(State))
    return {
        "Surveys": lambda f: (surveys.answered(f), surveys.elsewhere(f)),
        "Wanted and not got": lambda f: gaps.report(f, None, 10),
        "Opinions": lambda f: (
            opinions.total(f), opinions.by_aspect(f), opinions.by_product(f), opinions.series(f),
            opinions.quotes(f, limit=10),
        ),
        "Shifts": drift.report,
        "why thumbs were down": figures.reasons,
        "behind a number": lambda f: figures.conversations(f, next(measures)),
        "behind a number at a position": lambda f: figures.conversations(replace(f, position=next(places)), next(at)),
        "behind a thumb's reason": lambda f: figures.with_reason(f, next(reasons)),
        "behind the survey": lambda f: surveys.conversations(f, Some(state=next(states)), None, _PAGE),
        "behind what was wanted": lambda f: gaps.conversations(f, "nothing_fits", None, None, None, _PAGE),
        "behind opinions": lambda f: (
            opinions.conversations(f, Asked(side="negative"), None, _PAGE),
            opinions.of_none(f, Asked(side="negative")),
        ),
        "behind a shift": lambda f: drift.conversations(f, "topics", REST, None, _PAGE),
    }  # fmt: skip


def standing(engine: Engine, clock: Clock, catalog: Catalog) -> dict[str, Callable[[], object]]:
    """What each view asks for that knows no filters. A result is asked of a lab that remembers none."""
    log, rules = AlertLog(engine, clock), load_alert_rules(PACKAGED)
    ledger = Ledger(Experiments(engine, clock), dict)
    experiments = cycle(ledger.all())
    alerts = cycle(log.page(limit=_PAGE).alerts)

    def lab() -> Lab:
        return Lab(ledger, clock, lambda: catalog)

    return {
        "Alerts": lambda: (log.page(limit=20), log.muted()),
        "behind an alert": lambda: behind.conversations(engine, next(alerts), rules, None, _PAGE),
        "Experiments": ledger.all,
        "an experiment's result": lambda: lab().told(next(experiments)),
        "a plan's size": lambda: lab().preview("conversion", 0.01, (1.0, 1.0), alpha=0.05, power=0.8, share=1.0),
    }


def chosen(figures: Figures, period: Filters, count: int) -> list[Filters]:
    """The period with one or two filters at random, so many times."""
    rng, choices = random.Random(period.days), figures.choices(period)
    named: dict[str, Sequence[Any]] = {
        "locale": choices.locales, "category": choices.categories, "product": choices.products, "model": choices.models,
        "prompt": choices.prompts, "arm": choices.arms, "position": POSITIONS,
    }  # fmt: skip
    known = [name for name, values in named.items() if values]
    drawn = (rng.sample(known, rng.choice((1, 2))) for _ in range(count))
    return [replace(period, **{name: rng.choice(named[name]) for name in names}) for names in drawn]


def timed(engine: Engine, ask: Callable[[Any], object], wanted: Sequence[Any]) -> dict[str, float]:
    """Seconds of the first call, on a connection of its own, and of the calls after it."""
    engine.dispose()
    times = []
    for one in (wanted[0], *wanted):
        begun = time.perf_counter()
        ask(one)
        times.append(time.perf_counter() - begun)
    warm = times[1:]
    p50, p95 = (float(np.percentile(warm, part)) for part in (50, 95))
    return {"first": times[0], "p50": p50, "p95": p95, "max": max(warm)}


def table(report: Mapping[str, Any]) -> str:
    """The views as Markdown: of every cell p50 / p95, and the first call in brackets."""
    periods: Mapping[str, Any] = report["periods"]
    heads = [f"{period}{kind}" for period in periods for kind in ("", ", filtered")]
    lines = [f"| view | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for view in next(iter(periods.values())):
        cells = [_told(periods[period][view][kind]) for period in periods for kind in ("plain", "filtered")]
        lines.append(f"| {view} | {' | '.join(cells)} |")
    for view, times in report["standing"].items():
        lines.append(f"| {view} | {_told(times)} |{' |' * (len(heads) - 1)}")
    return "\n".join(lines)


def _told(times: Mapping[str, float]) -> str:
    return f"{times['p50']:.2f} / {times['p95']:.2f} s ({times['first']:.2f})"
