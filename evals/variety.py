"""What does variety cost? The same requests at several degrees of it: how unlike the products shown are, how well they answer.

The baseline is no variety. Degrees are tried through whole turns without a model, which changes no shelf.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from assistant import DoneEvent, Settings, Slate, Turn, Utterance
from assistant.model import ChatModel, ModelIdentity
from assistant.parts import Parts, assemble
from catalog import Catalog, load_embedder, satisfies
from evals.catalogues import bring_in
from evals.converters import CONVERTERS
from evals.metrics import bootstrap
from evals.ranking import ndcg
from evals.retrieval_cases import Case
from evals.retrieval_cases.wishes import typed, written

SOURCE = "retail_demo_store"
DEGREES = (0.0, 0.3, 0.6)
MEASURES = ("ndcg", "unlike", "styles", "changed")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """One request at one degree: its shelf, nDCG over it, and how unlike its products are, each from 0 to 1.

    `unlike` is the mean of one less the cosine of every two (intra-list diversity, Ziegler et al. 2005, WWW); `styles`
    the share of pairs that differ in category or style; `changed` the share of products that no variety would not show.
    """

    degree: float
    case: str
    group: str
    split: str
    ids: tuple[str, ...]
    ndcg: float | None
    unlike: float | None
    styles: float | None
    changed: float | None
    violations: int


class _NoModel:
    """Says nothing: what is measured stands on the shelf before any word."""

    identity = ModelIdentity("none", "none", "0")
    constrains = True

    def generate(self, messages: Any, request: Any) -> Iterator[str]:
        return iter(())

    def warm(self, system_texts: Sequence[str]) -> None:
        pass

    def close(self) -> None:
        pass


def run(data: Path, home: Path, *, limit: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Every degree on `limit` of the retail requests with their limits as constraints."""
    settings = Settings()  # type: ignore[call-arg]
    rows = CONVERTERS[SOURCE](data / SOURCE)
    cases = typed(written(SOURCE), rows, "en")
    cases = cases if limit is None else cases[:: max(1, len(cases) // limit)][:limit]
    folder = home / SOURCE
    bring_in(rows, folder, load_embedder(settings.embedder))
    parts = assemble(settings.model_copy(update={"home": folder}), ChatModel(engine=_NoModel()))
    started, results = time.time(), list[Result]()
    for number, case in enumerate(cases, 1):
        results += _tried(case, parts)
        if progress:
            progress("variety", number, len(cases))
    report = {"minutes": round((time.time() - started) / 60, 1), "shown": settings.slate_size, "cases": len(cases)}
    return {**report, "summary": summary(results), "results": [asdict(result) for result in results]}


def _tried(case: Case, parts: Parts) -> Iterator[Result]:
    """The request once as it is said, and then, its limits added, at every degree."""
    said = _turn(parts, Utterance(case.text, locale=case.locale))
    need = replace(said.need, constraints=(*said.need.constraints, *case.constraints))
    plain: tuple[str, ...] = ()
    for degree in DEGREES:
        slate = _turn(parts, Utterance(case.text, said.session_id, need=need, locale=case.locale, variety=degree)).slate
        plain = plain if degree else slate.ids()
        yield _result(case, degree, slate, plain, parts.catalog)


def _turn(parts: Parts, utterance: Utterance) -> Turn:
    return next(event.turn for event in parts.assistant.reply(utterance) if isinstance(event, DoneEvent))


def _result(case: Case, degree: float, slate: Slate, plain: Sequence[str], catalog: Catalog) -> Result:
    ids, products = slate.ids(), [item.product for item in slate.items]
    several = len(ids) > 1
    pairs = list(combinations(range(len(ids)), 2))
    cosines = catalog.cosines(ids)
    kinds = [(product.category, product.attributes.get("Style")) for product in products]
    return Result(
        degree, case.id, case.group, case.split, ids,
        ndcg(ids, case.gains, max(len(ids), 1)) if case.gains else None,
        float(np.mean([1 - cosines[a, b] for a, b in pairs])) if several else None,
        float(np.mean([kinds[a] != kinds[b] for a, b in pairs])) if several else None,
        len(set(ids) - set(plain)) / len(ids) if ids else None,
        sum(not satisfies(product, case.constraints) for product in products),
    )  # fmt: skip


def summary(results: Sequence[Result]) -> dict[str, Any]:
    """For all requests, dev and test: the measures at every degree."""
    found: dict[str, Any] = {}
    for split in ("all", "dev", "test"):
        for degree in dict.fromkeys(result.degree for result in results):
            chosen = [r for r in results if r.degree == degree and split in ("all", r.split)]
            groups = [r.group for r in chosen]
            measured: Mapping[str, Any] = {m: bootstrap([getattr(r, m) for r in chosen], groups) for m in MEASURES}
            found.setdefault(split, {})[str(degree)] = {**measured, "violations": sum(r.violations for r in chosen)}
    return found


def table(report: Mapping[str, Any]) -> str:
    """One Markdown table with a row for every degree."""
    lines = [
        "| variety | nDCG of the shelf | unlike | other styles | changed | violations |",
        "|---|---|---|---|---|---|",
    ]
    for degree, measured in report["summary"]["all"].items():
        cells = [str(measured[name]) for name in (*MEASURES, "violations")]
        lines.append(f"| {degree} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
