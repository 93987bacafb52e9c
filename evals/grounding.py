"""Does the verifier find what is wrong in a sentence, and let through what is true?

True and spoiled sentences about shelves of public catalogues and the demo shop, templates and models' own, in both
languages; dev and test have no product and no wording in common. A check of numbers alone stands beside it.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant import Evidence, Need, Settings
from assistant.evidence import listing
from assistant.verify import Ground, Verifier
from catalog import Product, load_policies, to_product
from catalog.feeds import read_jsonl
from evals.converters import CONVERTERS
from evals.metrics import proportion, quantile, side_by_side
from evals.planted import Sentence, Split, planted, rule_sentences
from evals.written import write, written

SOURCES = ("retail_demo_store", "vespa_toys_music_24k", "litemall_zh")
SHELVES = 10
_SEED = 20261125
_SAMPLE = 4000
_DEMO = Path(__file__).parents[1] / "catalog" / "demo"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RULES: dict[Split, tuple[str, ...]] = {"dev": ("delivery", "returns"), "test": ("payment", "warranty", "faq")}


@dataclass(frozen=True, slots=True)
class Result:
    """One sentence and what each system made of it."""

    id: str
    source: str
    locale: str
    origin: str
    claim: str
    error: str | None
    text: str
    flagged: bool
    fault: str
    baseline: bool
    ms: float


def run(data: Path, folder: Path, split: Split, *, limit: int | None = None, progress: Any = None) -> dict[str, Any]:
    """Check every sentence of a split; `folder` keeps what models wrote, `limit` is how many the model shall have there."""
    started = time.time()
    products = _products(data)
    name = "templates"
    if limit:
        from assistant.model import load_model

        model = load_model(Settings(), progress=print)  # type: ignore[call-arg]
        name = model.identity.name
        write(model, products, limit, folder, _SEED, progress)
    results = [_result(one) for one in _sentences(data, products, split, folder)]
    return {
        "model": name,
        "split": split,
        "minutes": round((time.time() - started) / 60, 1),
        "summary": summary(results),
        "results": results,
    }


def _products(data: Path) -> dict[str, Sequence[Product]]:
    """The catalogues by name; the demo shop once in each language."""
    found: dict[str, Sequence[Product]] = {}
    for source in SOURCES:
        rows = CONVERTERS[source](data / source)
        found[source] = [to_product(row) for row in rows[:: max(1, len(rows) // _SAMPLE)]]
    demo = [row for row in read_jsonl(_DEMO / "products") if isinstance(row, Product)]
    return found | {"demo_en": demo, "demo_zh": [product.localised("zh") for product in demo]}


def _sentences(data: Path, products: dict[str, Sequence[Product]], split: Split, folder: Path) -> Iterator[Sentence]:
    for source, found in products.items():
        yield from planted(source, split, found, SHELVES, _SEED)
    rules = [rule for rule in load_policies(_DEMO / "policies") if rule.id.split(".")[0] in _RULES[split]]
    for locale in ("en", "zh"):
        texts = [rule.text for rule in rules if rule.locale == locale]
        yield from rule_sentences("demo", split, locale, texts, _SEED)
    yield from written(folder, split, products, _SEED)


def _result(one: Sentence) -> Result:
    grounds = [Ground(product, listing(product)) for product in one.shelf]
    rules = [Evidence(f"policy:{n}", "policy", None, "rules", text) for n, text in enumerate(one.rules)]
    started = time.perf_counter()
    verdict = Verifier(grounds, Need(), rules=rules).check(one.text)
    ms = (time.perf_counter() - started) * 1000
    flagged = not verdict.ok
    return Result(
        one.id, one.source, one.locale, one.origin, one.claim, one.error, one.text, flagged, verdict.fault,
        _numbers_only(one, grounds), ms,
    )  # fmt: skip


def _numbers_only(one: Sentence, grounds: Sequence[Ground]) -> bool:
    """The baseline: flags a sentence with a number that stands in no listing of the shelf and no rule."""
    known = " ".join((*(ground.text() for ground in grounds), *one.rules))
    numbers = {number.replace(",", "") for number in _NUMBER.findall(known)}
    return any(number.replace(",", "") not in numbers for number in _NUMBER.findall(one.text))


_SYSTEMS: dict[str, Callable[[Result], bool]] = {
    "verifier": lambda result: result.flagged,
    "numbers only": lambda result: result.baseline,
}


def summary(results: Sequence[Result]) -> dict[str, dict[str, str]]:
    """The measures of each system: recall by error and language, precision and what is let through of the true ones.

    A model's own sentences have no known truth: of them only is told how many are let through.
    """
    return {name: _measures(results, flags) for name, flags in _SYSTEMS.items()}


def _measures(results: Sequence[Result], flags: Callable[[Result], bool]) -> dict[str, str]:
    known = [r for r in results if r.error or r.claim != "written"]
    wrong = [r for r in known if r.error]
    found = {
        "recall": proportion([flags(r) for r in wrong]),
        "precision": proportion([bool(r.error) for r in known if flags(r)]),
        "true let through": proportion([not flags(r) for r in known if not r.error]),
    }
    for locale in ("en", "zh"):
        own = [r for r in known if r.locale == locale]
        found[f"recall, {locale}"] = proportion([flags(r) for r in own if r.error])
        found[f"precision, {locale}"] = proportion([bool(r.error) for r in own if flags(r)])
        found[f"true let through, {locale}"] = proportion([not flags(r) for r in own if not r.error])
    for error in sorted({r.error for r in wrong if r.error}):
        for locale in ("en", "zh"):
            of_kind = [flags(r) for r in wrong if r.error == error and r.locale == locale]
            found[f"recall, {error}, {locale}"] = proportion(of_kind)
    for origin in sorted({r.origin for r in results}):
        own = [r for r in results if r.origin == origin]
        found[f"recall in {origin}"] = proportion([flags(r) for r in own if r.error])
        if origin != "template":
            found[f"let through of {origin}'s own"] = proportion([not flags(r) for r in own if not r.error])
    told = {name: str(estimate) for name, estimate in found.items()}
    times = [r.ms for r in results]
    return told | {"ms a sentence, median / p95": f"{quantile(times, 0.5):.2f} / {quantile(times, 0.95):.2f}"}


def table(report: dict[str, Any]) -> str:
    """The summary as a Markdown table, one column per system."""
    return side_by_side(report["summary"], report["split"])
