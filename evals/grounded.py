"""Does a conversation hold to the catalogue? Constrained requests, exclusions, and questions that a listing does or does not answer.

The same steps go to a plain-prompt baseline on the same model: retrieved listings in the prompt, its answer shown as it is.
"""

import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage, SystemMessage

from assistant import DoneEvent, SentenceEvent, Settings, Turn, Utterance
from assistant.model import ChatModel, load_model
from assistant.parts import Parts, assemble
from catalog import Product, load_embedder
from evals.cases import Case, Row, Step, Want, chinese_cases, english_cases
from evals.catalogues import bring_in
from evals.converters import CONVERTERS
from evals.metrics import mean, proportion, quantile, side_by_side
from evals.scorers import Score, score

SOURCES = {"retail_demo_store": english_cases, "litemall_zh": chinese_cases}
_SEED = 20261124
_BASELINE_EVERY = 4
_BASELINE_LISTED = 6


@dataclass(frozen=True, slots=True)
class Result:
    """One turn of one case: what was said and shown, how it scored, how long it took."""

    system: str
    case: str
    source: str
    turn: int
    message: str
    kind: str
    text: str
    slate: tuple[str, ...]
    score: Score
    timings_ms: dict[str, float]
    failure: str | None


def run(data: Path, *, limit: int, progress: Any = None) -> dict[str, Any]:
    """Evaluate `limit` conversations per catalogue under `data`; the report with every single result."""
    settings = Settings()  # type: ignore[call-arg]
    model = load_model(settings, progress=print)
    results: list[Result] = []
    started = time.time()
    for source, cases_of in SOURCES.items():
        rows = CONVERTERS[source](data / source)
        parts = _open(source, rows, settings, model)
        cases = cases_of(rows, limit, random.Random(_SEED))  # noqa: S311
        by_id = {str(row["id"]): row for row in rows}
        for number, case in enumerate(cases):
            results += _assistant(case, parts, by_id)
            if number % _BASELINE_EVERY == 0:
                results += _baseline(case, parts, model, by_id)
            if progress:
                progress(source, number + 1, len(cases))
        parts.record.close()
    return {
        "model": f"{model.identity.name}, {model.identity.quantisation}",
        "minutes": round((time.time() - started) / 60, 1),
        "summary": {
            system: summary([r for r in results if r.system == system]) for system in ("assistant", "plain prompt")
        },
        "results": [asdict(result) for result in results],
    }


_SEARCHED = ("recommend", "no_match")  # the kinds of turns that look for products


def summary(results: Sequence[Result]) -> dict[str, str]:
    """The measures of one system, each with its interval and its number of cases."""
    scores = [result.score for result in results]
    ok = [result for result in results if result.failure is None]
    found = {
        "turns": f"{len(results)} (failures {len(results) - len(ok)})",
        "hard-constraint violations": str(sum(s.violations for s in scores)),
        "off-catalogue prices": str(sum(len(s.off_prices) for s in scores)),
        "off-catalogue names": str(sum(len(s.off_names) for s in scores)),
        "slate precision": str(mean([s.precision for s in scores if s.empty is not None])),
        "empty slates": str(proportion([s.empty for s in scores if s.empty is not None])),
        "facts in the listing answered": str(proportion([s.fact for s in scores if s.fact is not None])),
        "facts not in the listing declined": str(proportion([s.abstained for s in scores if s.abstained is not None])),
    }
    searches = [result for result in ok if result.kind in _SEARCHED]
    for name, timed in (("slate", searches), ("first_sentence", ok), ("first_model_sentence", ok), ("total", ok)):
        values = [r.timings_ms[name] for r in timed if name in r.timings_ms]
        if values:
            found[f"{name} ms, median / p95"] = (
                f"{quantile(values, 0.5):.0f} / {quantile(values, 0.95):.0f} (n={len(values)})"
            )
    return found


def table(report: Mapping[str, Any]) -> str:
    """The summary as a Markdown table, one column per system."""
    return side_by_side(report["summary"])


def _open(source: str, rows: Sequence[Row], settings: Settings, model: ChatModel) -> Parts:
    """The assistant over one public catalogue, imported as a shop would import its feed."""
    home = settings.home / "evals" / source
    own = settings.model_copy(update={"home": home, "catalog_url": None, "record_url": None, "chroma_url": None})
    bring_in(rows, home, load_embedder(own.embedder))
    return assemble(own, model)


def _assistant(case: Case, parts: Parts, rows: Mapping[str, Row]) -> Iterator[Result]:
    session: str | None = None
    shown: tuple[str, ...] = ()
    want: Want | None = None
    for number, step in enumerate(case.steps, start=1):
        want = step.want or want
        turn, times = _played(parts, Utterance(step.message, session_id=session))
        session = turn.session_id
        slate = turn.slate.ids()
        scored = score(step, want, turn.reply.text, slate, shown, rows)
        shown = slate or shown
        yield Result(
            "assistant",
            case.id,
            case.source,
            number,
            step.message,
            turn.reply.kind,
            turn.reply.text,
            slate,
            scored,
            times,
            turn.failure,
        )


def _played(parts: Parts, utterance: Utterance) -> tuple[Turn, dict[str, float]]:
    """One turn through the public generator; `first_model_sentence` is the first that no template made."""
    started, first_model = time.monotonic(), None
    for event in parts.assistant.reply(utterance):
        if (
            isinstance(event, SentenceEvent)
            and event.claim.status == "supported"
            and event.by_model
            and first_model is None
        ):
            first_model = (time.monotonic() - started) * 1000
        if isinstance(event, DoneEvent):
            times = dict(event.turn.timings_ms)
            if first_model is not None:
                times["first_model_sentence"] = first_model
            return event.turn, times
    raise RuntimeError("the turn ended without a reply")


_PLAIN = {
    "en": "You are the assistant of an online shop. Recommend products from the list and answer questions about them. Be brief.",
    "zh": "你是网店的导购助手。请从列表中推荐商品并回答顾客的问题。回答要简短。",
}


def _baseline(case: Case, parts: Parts, model: ChatModel, rows: Mapping[str, Row]) -> Iterator[Result]:
    """The same conversation with listings in the prompt and no code around the model; its slate are the titles it names."""
    shown: tuple[str, ...] = ()
    want: Want | None = None
    history = ""
    for number, step in enumerate(case.steps, start=1):
        want = step.want or want
        query = f"{history} {step.message}".strip() if step.want else history
        hits = [hit.product for hit in parts.catalog.search(query, limit=_BASELINE_LISTED)]
        history = query
        started = time.monotonic()
        text, failure = _plainly(model, case.locale, hits, case.steps[: number - 1], step)
        times = {
            "total": (time.monotonic() - started) * 1000,
            "first_model_sentence": (time.monotonic() - started) * 1000,
        }
        named = sorted((text.find(p.title), p.id) for p in hits if p.title in text)
        slate = tuple(id for _, id in named) if step.want else ()
        scored = score(step, want, text, slate, shown or tuple(p.id for p in hits), rows)
        shown = slate or shown
        yield Result(
            "plain prompt", case.id, case.source, number, step.message, "", text, slate, scored, times, failure
        )


def _plainly(
    model: ChatModel, locale: str, hits: Sequence[Product], before: Sequence[Step], step: Step
) -> tuple[str, str | None]:
    listed = "\n".join(f"- {p.title} | {p.price:g} {p.currency} | {p.description[:160]}" for p in hits)
    said = "\n".join(previous.message for previous in before)
    user = f"{listed}\n\n{said}\n{step.message}"
    try:
        answer = model.invoke([SystemMessage(_PLAIN[locale]), HumanMessage(user)], max_tokens=120, stall_timeout_s=120)
    except Exception as error:  # a failed case is counted as one, and the run goes on
        return "", f"{type(error).__name__}: {error}"
    return re.sub(r"\s+", " ", str(answer.content)).strip(), None
