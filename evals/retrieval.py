"""Does search find what shoppers ask for? Words alone, vectors alone, both, and both with a reranker, on the same cases.

The baseline is BM25. Constraints that are passed must hold; those only spoken show what ranking alone leaves wrong.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant import Settings
from catalog import Catalog, Constraint, Embedder, Hit, Reranker, load_embedder, load_reranker, reranked, satisfies
from evals.catalogues import opened
from evals.converters import CONVERTERS
from evals.metrics import Estimate, bootstrap, proportion
from evals.ranking import DEPTH, ndcg, recall, reciprocal_rank
from evals.retrieval_cases import Case
from evals.retrieval_cases.evidence import FILES, questions
from evals.retrieval_cases.known_items import known_items
from evals.retrieval_cases.wishes import spoken, typed, written

MODES = {"BM25": "lexical", "dense": "dense", "hybrid": "hybrid"}
RERANKED = "hybrid + rerank"
MEASURES = ("ndcg", "recall", "rr")
_SEED = 20261124
_QUESTIONS = {"hetpqa": 120, "semipqa": 60}  # 1,500 lines to embed, which is a minute or two
_RERANKED = 50  # the best of the hybrid search that the reranker puts in order

Search = Callable[[Case], Sequence[Hit]]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One case in one mode: what came back, how well, and how much of it violates what was meant."""

    set: str
    mode: str
    case: str
    group: str
    split: str
    text: str
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    ndcg: float | None = None
    recall: float | None = None
    rr: float | None = None
    violations: int | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One catalogue as feed rows, with the sets of cases asked of it."""

    name: str
    rows: Sequence[dict[str, Any]]
    sets: Mapping[str, Sequence[Case]]


def run(
    data: Path, home: Path, *, limit: int | None = None, large: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """Every mode on every set under `data`, `limit` cases a set; of the large catalogue, `large` products."""
    settings = Settings()  # type: ignore[call-arg]
    embedder, reranker = load_embedder(settings.embedder), load_reranker(settings.reranker)
    results: list[Result] = []
    sizes: dict[str, int] = {}
    started = time.time()
    for source in sources(data, large):
        sets = {name: _spread(cases, limit) for name, cases in source.sets.items()}
        sizes[source.name] = len(source.rows)
        results += _asked(Source(source.name, source.rows, sets), home, embedder, reranker, progress)
    return {
        "embedder": embedder.name,
        "reranker": settings.reranker,
        "products": sizes,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": summaries(results),
        "results": [asdict(result) for result in results],
    }


def sources(data: Path, large: int = 0) -> Iterator[Source]:
    """The catalogues under `data` with their cases; each is only read when its turn comes."""
    retail, litemall = (CONVERTERS[name](data / name) for name in ("retail_demo_store", "litemall_zh"))
    english, chinese = written("retail_demo_store"), written("litemall_zh")
    yield Source(
        "retail_demo_store",
        retail,
        {
            "retail, typed limits": typed(english, retail, "en"),
            "retail, spoken limits": spoken(english, retail, "en"),
            "retail, asked in Chinese": typed(english, retail, "zh"),
        },
    )
    yield Source(
        "litemall_zh",
        litemall,
        {
            "litemall, typed limits": typed(chinese, litemall, "zh"),
            "litemall, spoken limits": spoken(chinese, litemall, "zh"),
            "litemall, asked in English": typed(chinese, litemall, "en"),
        },
    )
    asked = {
        name: questions(data / "pqa_amazon" / file, name, _QUESTIONS[name], random.Random(_SEED))
        for name, file in FILES.items()
    }
    lines = [row for found in asked.values() for row in found.rows]
    yield Source("pqa_amazon", lines, {f"evidence, {name}": found.cases for name, found in asked.items()})
    if large:
        toys = CONVERTERS["vespa_toys_music_24k"](data / "vespa_toys_music_24k")[:large]
        yield Source("vespa_toys_music_24k", toys, {"known items": known_items(toys, random.Random(_SEED))})


def summaries(results: Sequence[Result]) -> dict[str, Any]:
    """For every set, and within it for all cases, dev and test: the measures of each mode and what hybrid gains."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(result.set for result in results):
        of_set = [result for result in results if result.set == name]
        for split in ("all", "dev", "test"):
            chosen = [result for result in of_set if split in ("all", result.split)]
            if chosen:
                found.setdefault(name, {})[split] = {"modes": _modes(chosen), "gains": _gains(chosen)}
    return found


def table(report: Mapping[str, Any]) -> str:
    """One Markdown table with a row for every set and mode, and one with what hybrid search gains over its halves."""
    names = [f"nDCG@{DEPTH}", f"recall@{DEPTH}", f"MRR@{DEPTH}", "zero results", "violating", "failures"]
    lines = ["| set | mode | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    gained = ["| set | hybrid less | ΔnDCG@10 | dev | test |", "|---|---|---|---|---|"]
    for name, splits in report["summary"].items():
        whole = splits["all"]
        for mode, measures in whole["modes"].items():
            cells = [str(measures[key]) for key in (*MEASURES, "zero", "violating", "failures")]
            lines.append(f"| {name} | {mode} | " + " | ".join(cells) + " |")
        for other, gain in whole["gains"].items():
            cells = [str(splits[split]["gains"][other]) if split in splits else "–" for split in ("dev", "test")]
            gained.append(f"| {name} | {other} | {gain} | " + " | ".join(cells) + " |")
    note = "" if report["reranker"] else f"\n\n{RERANKED}: no AISLE_RERANKER named"
    return "\n".join(lines) + "\n\n" + "\n".join(gained) + note


def _spread(cases: Sequence[Case], limit: int | None) -> Sequence[Case]:
    """`limit` cases from all over the set."""
    return cases if limit is None else cases[:: max(1, len(cases) // limit)][:limit]


def _asked(
    source: Source, home: Path, embedder: Embedder, reranker: Reranker | None, progress: Progress | None
) -> Iterator[Result]:
    with opened(source.rows, home / source.name, embedder) as catalog:
        for name, cases in source.sets.items():
            for number, case in enumerate(cases, 1):
                for mode, search in _searches(catalog, reranker).items():
                    yield _result(name, mode, case, search)
                if progress:
                    progress(name, number, len(cases))


def _searches(catalog: Catalog, reranker: Reranker | None) -> dict[str, Search]:
    def plainly(by: Any) -> Search:
        return lambda case: catalog.search(case.text, case.constraints, DEPTH, by=by)

    found = {mode: plainly(by) for mode, by in MODES.items()}
    if reranker is not None:
        found[RERANKED] = lambda case: reranked(
            reranker, case.text, catalog.search(case.text, case.constraints, _RERANKED)
        )[:DEPTH]
    return found


def _result(name: str, mode: str, case: Case, search: Search) -> Result:
    try:
        hits = search(case)
    except Exception as error:  # a failed case is counted as one, and the run goes on
        failure = f"{type(error).__name__}: {error}"
        return Result(name, mode, case.id, case.group, case.split, case.text, (), (), failure=failure)
    ids = tuple(hit.product.id for hit in hits)
    return Result(
        name, mode, case.id, case.group, case.split, case.text, ids, tuple(hit.product.title for hit in hits),
        ndcg(ids, case.gains), recall(ids, case.gains), reciprocal_rank(ids, case.gains),
        _violations(hits, (*case.constraints, *case.spoken)),
    )  # fmt: skip


def _violations(hits: Sequence[Hit], meant: tuple[Constraint, ...]) -> int | None:
    return sum(not satisfies(hit.product, meant) for hit in hits) if meant else None


def _modes(results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    found = {}
    for mode in dict.fromkeys(result.mode for result in results):
        chosen = [result for result in results if result.mode == mode]
        groups = [result.group for result in chosen]
        found[mode] = {
            **{measure: bootstrap([getattr(r, measure) for r in chosen], groups) for measure in MEASURES},
            "zero": proportion([None if r.failure else not r.ids for r in chosen]),
            "violating": bootstrap(
                [r.violations / len(r.ids) if r.violations is not None and r.ids else None for r in chosen], groups
            ),
            "failures": sum(r.failure is not None for r in chosen),
        }
    return found


def _gains(results: Sequence[Result]) -> dict[str, Estimate]:
    """The paired difference in nDCG of hybrid search to every other mode, case by case."""
    by_mode = {mode: {r.case: r for r in results if r.mode == mode} for mode in dict.fromkeys(r.mode for r in results)}
    hybrid = by_mode.get("hybrid", {})
    found = {}
    for mode, other in by_mode.items():
        if mode != "hybrid":
            differences = [
                None if a.ndcg is None or (b := other.get(id)) is None or b.ndcg is None else a.ndcg - b.ndcg
                for id, a in hybrid.items()
            ]
            found[mode] = bootstrap(differences, [r.group for r in hybrid.values()])
    return found
