"""Experiments as JSON for the owner's page. Shares stay shares; money is in whole units of the shop's currency."""

from dataclasses import asdict

from assistant.insight.experiments.interleaving import Draft
from assistant.insight.experiments.judging import Contrast, Guarded, Result
from assistant.insight.experiments.lab import Preview, Told
from assistant.insight.experiments.off_policy import Value
from assistant.insight.experiments.plan import SHARES, Experiment, plan_data
from assistant.insight.experiments.replay import Estimates
from assistant.insight.experiments.words import drafted, told
from assistant.web.insights.parts import Json
from catalog import minor_units


def show_experiment(experiment: Experiment) -> Json:
    """A plan with its state and what happened to it; what decides who meets what stays inside."""
    plan = {name: value for name, value in plan_data(experiment.plan).items() if name != "salt"}
    plan["arms"] = [{**arm, "weight": weight} for arm, weight in zip(plan["arms"], experiment.weights, strict=True)]
    return {
        "id": experiment.id,
        "plan": plan,
        "state": experiment.state,
        "at": experiment.at.isoformat(),
        "events": [{"kind": one.kind, "data": dict(one.data), "at": one.at.isoformat()} for one in experiment.events],
    }


def show_preview(preview: Preview, metric: str, design: str, minor: int) -> Json:
    """What an experiment would take, and what is usual now."""
    each = minor if metric == "revenue" and design == "split" else 1
    baseline = asdict(preview.baseline)
    baseline["figure"], baseline["spread"] = baseline["figure"] / each, baseline["spread"] / each
    return {
        "baseline": baseline,
        "effect": preview.effect / each,
        "size": asdict(preview.size) if preview.size else None,
    }


def show_told(found: Told, currency: str) -> Json:
    """An experiment with its result, and the verdict in both languages."""
    plan = found.experiment.plan
    minor = minor_units(currency)
    each = minor if plan.metric == "revenue" and plan.design == "split" else 1
    shown = {**show_experiment(found.experiment), "conversations_a_unit": found.a_unit, "result": None, "draft": None}
    shown["plan"]["effect"] = plan.effect / each
    if found.draft is not None:
        return {
            **shown,
            "draft": _draft(found.draft),
            "verdict": drafted(found.draft),
            "verdict_kind": found.draft.kind,
        }
    if found.result is not None:
        verdict = told(found.result.verdict, plan.effect, currency, found.a_unit)
        kind, arm = found.result.verdict.kind, found.result.verdict.arm
        shown |= {
            "result": _result(found.result, each, minor),
            "verdict": verdict,
            "verdict_kind": kind,
            "verdict_arm": arm,
        }
    shown["is_share"] = plan.metric in SHARES
    return shown


def _result(result: Result, each: int, minor: int) -> Json:
    arms = [
        {"name": one.name, "units": one.units, "figure": _in(one.figure, each), "error": _in(one.error, each)}
        for one in result.arms
    ]
    split = result.split and {**asdict(result.split), "as_planned": result.split.as_planned}
    return {
        "arms": arms,
        "units": result.units,
        "contrasts": [_contrast(one, each) for one in result.contrasts],
        "split": split,
        "guardrails": [_guarded(one, minor) for one in result.guardrails],
    }


def _contrast(contrast: Contrast, each: int) -> Json:
    points = contrast.points
    return {
        "arm": contrast.arm,
        "days": [point.day.isoformat() for point in points],
        "difference": [_in(point.difference, each) for point in points],
        "low": [_in(point.low, each) for point in points],
        "high": [_in(point.high, each) for point in points],
    }


def _guarded(one: Guarded, minor: int) -> Json:
    each = minor if one.measure == "revenue" else 1
    figures = {name: _in(getattr(one, name), each) for name in ("before", "now", "harm", "at_least", "at_most")}
    return {"measure": one.measure, "arm": one.arm, "harmed": one.harmed, **figures}


def _draft(draft: Draft) -> Json:
    return {**asdict(draft), "decided": draft.decided}


def show_would_have(found: Estimates) -> Json:
    """What a ranking would have brought, or why that cannot be said."""
    values = {name: _value(getattr(found, name)) for name in ("logged", "ips", "snips", "doubly_robust")}
    return {"why": found.why, "shelves": found.shelves, "rows": found.rows, **values}


def _value(value: Value | None) -> Json | None:
    return None if value is None else {**asdict(value), "thin": value.thin}


def _in(amount: float | None, each: int) -> float | None:
    return None if amount is None else amount / each
