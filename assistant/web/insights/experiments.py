"""Experiments over HTTP: plans and what they take, starting, stopping and deciding, results, and what the past says."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.errors import UnknownId
from assistant.insight.experiments.lab import Lab, Preview
from assistant.insight.experiments.plan import (
    GUARDRAILS,
    METRICS,
    VARIED,
    Arm,
    Design,
    Experiment,
    Guardrail,
    Metric,
    Plan,
    Varied,
    usual_guardrails,
)
from assistant.rankers import MOST, STANDARD, ranker_of
from assistant.record.agents import Agent
from assistant.record.experiments import Changed
from assistant.treatment import Ranking
from assistant.web.insights.parts import Bureau, Json, missing
from assistant.web.insights.show_experiments import show_experiment, show_preview, show_told, show_would_have
from catalog import minor_units

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern="^[^\x00]*$")]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern="^[^\x00]*$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ArmForm(_Form):
    """One way of doing it; the first of an experiment is as things are now."""

    name: Name
    value: Annotated[str, StringConstraints(max_length=80)] | Finite
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0


class SizeForm(_Form):
    """What is to be found, and how surely. `effect` is absolute: a share of 0.01 is one point, money in whole units."""

    metric: Metric
    effect: Annotated[Finite, Field(gt=0)]
    weights: Annotated[list[Annotated[float, Field(gt=0, le=100)]], Field(min_length=2, max_length=4)] = [1.0, 1.0]
    alpha: Annotated[float, Field(ge=0.001, le=0.2)] = 0.05
    power: Annotated[float, Field(ge=0.5, le=0.99)] = 0.8
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    design: Design = "split"


class PlanForm(_Form):
    """A new experiment. Left out, `units` is what the planner says, and `guardrails` are the usual ones."""

    name: Name
    varied: Varied
    arms: Annotated[list[ArmForm], Field(min_length=2, max_length=4)]
    metric: Metric
    effect: Annotated[Finite, Field(gt=0)]
    design: Design = "split"
    guardrails: Annotated[list[Guardrail], Field(max_length=20)] | None = None
    alpha: Annotated[float, Field(ge=0.001, le=0.2)] = 0.05
    power: Annotated[float, Field(ge=0.5, le=0.99)] = 0.8
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    units: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None


class WeightsForm(_Form):
    """How new shoppers are split from now on."""

    weights: Annotated[list[Annotated[float, Field(gt=0, le=100)]], Field(min_length=2, max_length=4)]


class DecisionForm(_Form):
    """Which arm is kept, and why."""

    arm: Name
    why: Why = ""


def experiment_routes(router: APIRouter, bureau: Bureau) -> None:
    """Routes of experiments."""
    _planning(router, bureau)
    _doing(router, bureau)
    _results(router, bureau)


def _planning(router: APIRouter, bureau: Bureau) -> None:
    Owner = Annotated[Agent, Depends(bureau.who)]

    @router.get("/experiments", summary="Every experiment, the newest first, and what can be tried")
    def every() -> Json:
        lab = _lab(bureau)
        return {
            "experiments": [show_experiment(one) for one in lab.ledger.all()],
            "varied": _varied(bureau, lab),
            "weights": {"usual": asdict(STANDARD), "most": MOST},
            "metrics": METRICS,
            "guardrails": GUARDRAILS,
            "usual_guardrails": {metric: usual_guardrails(metric) for metric in METRICS},
        }

    @router.post("/experiments/size", summary="How many conversations and days it takes to find an effect")
    def size(body: SizeForm) -> Json:
        return show_preview(_preview(bureau, body), body.metric, body.design, _minor(bureau))

    @router.post("/experiments", status_code=201, summary="Plan an experiment; it meets nobody until it is started")
    def create(body: PlanForm, agent: Owner) -> Json:
        arms = tuple(Arm(one.name, one.value, one.weight) for one in body.arms)
        units = body.units
        if units is None:
            asked = SizeForm(
                metric=body.metric, effect=body.effect, weights=[one.weight for one in body.arms], alpha=body.alpha,
                power=body.power, share=body.share, design=body.design,
            )  # fmt: skip
            found = _preview(bureau, asked).size
            if found is None:
                raise HTTPException(
                    422, "units: the record says too little to plan with: say how many are to take part"
                )
            units = found.units
        guardrails = body.guardrails
        if guardrails is None:
            guardrails = list(usual_guardrails(body.metric, body.design))
        plan = Plan(
            body.name, body.varied, arms, body.metric, _effect(bureau, body.metric, body.effect, body.design), units,
            body.design, tuple(dict.fromkeys(guardrails)), body.alpha, body.power, body.share,
        )  # fmt: skip
        return show_experiment(_done(lambda: _lab(bureau).ledger.plan(plan, agent.id)))


def _varied(bureau: Bureau, lab: Lab) -> list[Json]:
    """What can be tried in this shop, with what is usual now."""
    settings = bureau.shop.settings
    now = {"variety": settings.variety, "slate_size": settings.slate_size, "explore": settings.explore}
    usual = {name: f"{value:g}" for name, value in now.items()}
    usual |= {"ranker": "standard", "prompt": "usual", "model": "usual", "survey": "usual"}
    choices = lab.ledger.choices()
    varied = [name for name in VARIED if name in now or len(choices.get(name, ())) > 1]
    return [{"name": name, "choices": choices.get(name), "usual": usual[name]} for name in varied]


def _doing(router: APIRouter, bureau: Bureau) -> None:
    Owner = Annotated[Agent, Depends(bureau.who)]

    @router.post("/experiments/{experiment_id}/start", summary="Let it meet the conversations that begin from now on")
    def start(experiment_id: str, agent: Owner) -> Json:
        return show_experiment(_done(lambda: _lab(bureau).ledger.start(experiment_id, agent.id)))

    @router.post("/experiments/{experiment_id}/weights", summary="Split new shoppers anew; nobody moves")
    def reweigh(experiment_id: str, body: WeightsForm, agent: Owner) -> Json:
        return show_experiment(_done(lambda: _lab(bureau).ledger.reweigh(experiment_id, body.weights, agent.id)))

    @router.post("/experiments/{experiment_id}/stop", summary="Let it meet nobody new")
    def stop(experiment_id: str, agent: Owner) -> Json:
        return show_experiment(_done(lambda: _lab(bureau).ledger.stop(experiment_id, agent.id)))

    @router.post("/experiments/{experiment_id}/decide", summary="Keep what was decided of a stopped experiment")
    def decide(experiment_id: str, body: DecisionForm, agent: Owner) -> Json:
        return show_experiment(_done(lambda: _lab(bureau).ledger.decide(experiment_id, body.arm, body.why, agent.id)))


def _results(router: APIRouter, bureau: Bureau) -> None:
    @router.get("/experiments/would-have", summary="What another ranking would have brought, by what chance has shown")
    def would_have(ranker: str = "standard", variety: Annotated[float, Finite, Field(ge=0, le=1)] = 0.0) -> Json:
        try:
            called = ranker_of(ranker)
        except ValueError as error:
            raise HTTPException(422, f"ranker: {error}") from error
        return show_would_have(_lab(bureau).would_have(Ranking("asked", called, variety)))

    @router.get("/experiments/{experiment_id}", summary="One experiment with its result as it stands")
    def one(experiment_id: str) -> Json:
        lab = _lab(bureau)
        found = lab.ledger.find(experiment_id)
        if found is None:
            raise HTTPException(404, f"no experiment {experiment_id!r}")
        return show_told(lab.told(found), bureau.shop.currency())


def _lab(bureau: Bureau) -> Lab:
    if bureau.parts.experiments is None:
        raise missing("experiments")
    return bureau.parts.experiments


def _preview(bureau: Bureau, body: SizeForm) -> Preview:
    effect = _effect(bureau, body.metric, body.effect, body.design)
    return _lab(bureau).preview(
        body.metric,
        effect,
        tuple(body.weights),
        alpha=body.alpha,
        power=body.power,
        share=body.share,
        design=body.design,
    )


def _effect(bureau: Bureau, metric: Metric, effect: float, design: Design) -> float:
    """An effect as the record counts: money in minor units."""
    return effect * _minor(bureau) if metric == "revenue" and design == "split" else effect


def _minor(bureau: Bureau) -> int:

    return minor_units(bureau.shop.currency())


def _done(act: Callable[[], Experiment]) -> Experiment:
    try:
        return act()
    except UnknownId as error:
        raise HTTPException(404, str(error)) from error
    except Changed as error:
        raise HTTPException(409, str(error)) from error
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
