"""Do whole conversations come out right? Journeys by state and products, a simulated shopper, and a plain-prompt baseline.

Journeys are made by a seed from feed rows and tables of phrasings; dev and test share neither phrasings nor kinds of
products. A journey is right when every turn of it is. With `plainly` a model that always fails is plugged in: sentences
are plain then, and the baseline is left out, but state and products are those of any model.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from assistant import Settings
from assistant.model import ChatModel, GenerationRequest, Message, ModelIdentity, load_model
from assistant.parts import Parts, assemble
from catalog import load_embedder
from evals.catalogues import bring_in
from evals.journeys.checks import NO_MODEL
from evals.journeys.plain import plain
from evals.journeys.play import Outcome, journeys, play
from evals.journeys.shopper import PERSONAS, Visit, shoppers, visit
from evals.journeys.shops import DEMO, SOURCES, Shop, Split, feed_rows, shop_of
from evals.metrics import mean, proportion, quantile, side_by_side

BASELINE_EVERY = 6
_LANGUAGES = {"en": "English", "zh": "Chinese", "mix": "mixed"}
_POLICIES = Path(__file__).parents[1] / "catalog" / "demo" / "policies"
Progress = Callable[[str, int, int], None]


class Silent:
    """A model that always fails."""

    identity = ModelIdentity("none", "none", "1")
    constrains = True

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        raise RuntimeError(NO_MODEL)

    def warm(self, system_texts: Sequence[str]) -> None:
        pass

    def close(self) -> None:
        pass


def run(
    data: Path,
    home: Path,
    *,
    split: str,
    plainly: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Hold all journeys and dialogues of a split, or `limit` of each spread over them; the report with every turn."""
    settings = Settings()  # type: ignore[call-arg]
    model = ChatModel(engine=Silent()) if plainly else load_model(settings, progress=print)
    started = time.time()
    shops, parts = {}, {}
    for source in SOURCES:
        rows = feed_rows(source, data)
        shops[source] = shop_of(source, rows)
        parts[source] = _open(rows, home / "dialogue" / source, settings, model, source == DEMO)
    outcomes: list[Outcome] = []
    plain_ones: list[Outcome] = []
    visits: list[Visit] = []
    for part in splits(split):
        planned = spread(list(journeys(part)), limit)
        for number, journey in enumerate(planned):
            outcomes.append(play(journey, shops[journey.source], parts[journey.source]))
            if number % BASELINE_EVERY == 0 and not plainly:
                plain_ones.append(plain(journey, shops[journey.source], parts[journey.source], model))
            if progress:
                progress(f"{part} journeys", number + 1, len(planned))
        visits += _visits(part, limit, shops, parts, progress)
    for one in parts.values():
        one.record.close()
    return {
        "model": "none: a model that always fails"
        if plainly
        else f"{model.identity.name}, {model.identity.quantisation}",
        "split": split,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {"assistant": summary(outcomes)} | ({"plain prompt": summary(plain_ones)} if plain_ones else {}),
        "acts": {"assistant": by_act(outcomes)} | ({"plain prompt": by_act(plain_ones)} if plain_ones else {}),
        "shopper": of_visits(visits),
        "cost": cost([turn.timings_ms for outcome in outcomes for turn in outcome.turns]),
        "journeys": [asdict(outcome) for outcome in outcomes],
        "plain": [asdict(outcome) for outcome in plain_ones],
        "visits": [kept(one) for one in visits],
    }


def kept(one: Visit) -> dict[str, Any]:
    """A visit as it is kept: of the product in mind its id and the facts that were known."""
    shopper, found = one.shopper, one.shopper.sought
    who = {"id": shopper.id, "language": shopper.language, "persona": shopper.persona, "patience": shopper.patience}
    what = {"product": found.item.id, "goal": asdict(found.goal), "brand": found.brand, "word": found.word}
    return who | what | {part.name: getattr(one, part.name) for part in fields(one) if part.name != "shopper"}


def splits(split: str) -> tuple[Split, ...]:
    """The splits that a name stands for."""
    named: dict[str, tuple[Split, ...]] = {"dev": ("dev",), "test": ("test",), "all": ("dev", "test")}
    return named[split]


def spread(planned: list[Any], limit: int | None) -> list[Any]:
    """At most `limit` of a list, evenly taken from all of it."""
    if limit is None or limit >= len(planned):
        return planned
    return [planned[place * len(planned) // limit] for place in range(limit)]


def _visits(
    split: Split, limit: int | None, shops: dict[str, Shop], parts: dict[str, Parts], progress: Progress | None
) -> list[Visit]:
    planned = spread(list(shoppers(split, shops)), limit)
    found = []
    for number, shopper in enumerate(planned):
        found.append(visit(shopper, shops[shopper.source], split, parts[shopper.source]))
        if progress:
            progress(f"{split} shoppers", number + 1, len(planned))
    return found


def _open(rows: Sequence[dict[str, Any]], home: Path, settings: Settings, model: ChatModel, ruled: bool) -> Parts:
    """The assistant over one catalogue, imported as a shop would import its feed; the demo shop has rules."""
    own = settings.model_copy(
        update={
            "home": home,
            "catalog_url": None,
            "record_url": None,
            "chroma_url": None,
            "policies": _POLICIES if ruled else None,
        }
    )
    bring_in(rows, home, load_embedder(own.embedder))
    return assemble(own, model)


def summary(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Whole journeys right per language and per source, turns right, and what was shown against the goal."""
    found = {"journeys right": str(proportion([one.right for one in outcomes]))}
    for language, name in _LANGUAGES.items():
        found[f"… {name}"] = str(proportion([one.right for one in outcomes if one.journey.language == language]))
    for source in SOURCES:
        found[f"… {source}"] = str(proportion([one.right for one in outcomes if one.journey.source == source]))
    turns = [turn for one in outcomes for turn in one.turns]
    found["turns right"] = str(proportion([not turn.failed for turn in turns]))
    found["violations (products, prices, hard wishes)"] = (
        f"{sum(len(turn.broken) for turn in turns)} in {len(turns)} turns"
    )
    return found


def by_act(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Turns right per act."""
    turns = [turn for one in outcomes for turn in one.turns]
    acts = sorted({turn.act for turn in turns})
    return {act: str(proportion([not turn.failed for turn in turns if turn.act == act])) for act in acts}


def of_visits(visits: Sequence[Visit]) -> dict[str, str]:
    """What the simulated shoppers found, and what it took: all of them, per language, catalogue, persona and facts known."""
    found = {"found": _went(visits), "… the very product": str(proportion([one.exact for one in visits]))}
    for language, name in _LANGUAGES.items():
        found |= _group(name, [one for one in visits if one.shopper.language == language])
    for source in SOURCES:
        found |= _group(source, [one for one in visits if one.shopper.source == source])
    for persona in PERSONAS:
        found |= _group(f"{persona} shoppers", [one for one in visits if one.shopper.persona == persona])
    for known in sorted({len(one.shopper.sought.facts()) for one in visits}):
        found |= _group(f"knows {known + 1} facts", [v for v in visits if len(v.shopper.sought.facts()) == known])
    turns = sum(one.turns for one in visits)
    found["quick replies pressed"] = f"{sum(one.pressed for one in visits)} in {turns} turns"
    found["questions answered"] = f"{sum(one.questions for one in visits)} in {turns} turns"
    found["questions asked though answered"] = f"{sum(one.repeats for one in visits)} in {turns} turns"
    found["hand-offs nobody asked for"] = str(sum(one.handoffs for one in visits))
    found["violations"] = f"{sum(len(one.broken) for one in visits)} in {turns} turns"
    return found


def _group(name: str, visits: Sequence[Visit]) -> dict[str, str]:
    return {f"… {name}": _went(visits)} if visits else {}


def _went(visits: Sequence[Visit]) -> str:
    """How many found it, in how many turns, and what went wrong on the way."""
    turns = mean([float(one.turns) for one in visits if one.success])
    wrong = {
        "asked again": sum(one.repeats for one in visits),
        "violations": sum(len(one.broken) for one in visits),
        "hand-offs": sum(one.handoffs for one in visits),
    }
    amiss = "".join(f"; {count} {name}" for name, count in wrong.items() if count)
    return f"{proportion([one.success for one in visits])}; turns {turns}{amiss}"


def cost(timings: Sequence[dict[str, float]]) -> dict[str, str]:
    """Model calls, tokens and seconds a turn."""
    found: dict[str, str] = {}
    for name, label in (
        ("generations", "model calls"),
        ("prompt_tokens", "prompt tokens"),
        ("output_tokens", "output tokens"),
    ):
        values = [one.get(name, 0.0) for one in timings]
        found[f"{label} a turn, mean / most"] = (
            f"{sum(values) / max(len(values), 1):.2f} / {max(values, default=0):.0f}"
        )
    for name in ("slate", "first_sentence", "total"):
        values = [one[name] / 1000 for one in timings if name in one]
        if values:
            found[f"{name} s, median / p95"] = f"{quantile(values, 0.5):.2f} / {quantile(values, 0.95):.2f}"
    return found


def table(report: dict[str, Any]) -> str:
    """The report as Markdown tables."""
    lines = [f"split {report['split']}; model: {report['model']}", ""]
    for part in ("summary", "acts"):
        lines += [side_by_side(report[part]), ""]
    for part, title in (("shopper", "simulated shopper"), ("cost", "cost")):
        lines += [f"| {title} | |", "|---|---|", *(f"| {name} | {value} |" for name, value in report[part].items()), ""]
    return "\n".join(lines)
