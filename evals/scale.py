"""How does search behave as the catalogue grows? The same questions over 2,500 to a million products.

The first 24,576 products are real (toys, instruments, e-books); larger catalogues add varied copies of them: another
price, stock and rating, a code of its own in the title, and the real vector with noise. Queries are pieces of titles.
What is measured goes through the same import and the same search as in a shop; only embedding is replaced by a look-up,
its real speed is measured beside it. The exhaustive search that recall is held against is the evaluation's own.
"""

import os
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from catalog import (
    CatalogIndex,
    CatalogTables,
    Constraint,
    Product,
    Progress,
    import_feed,
    load_embedder,
    open_catalog,
    passages,
    to_product,
    tokens,
)
from evals.converters import CONVERTERS, write_rows

SIZES = (2_500, 24_576, 250_000)  # a million takes an hour and 10 GB of disk: ask for it
SHARES = (1.0, 0.5, 0.1, 0.01, 0.001)
DATA_SET = "vespa_toys_music_24k"

_CODE = re.compile(r"\bv(\d+)x(\d+)\b")
_NOISE = 0.2  # length of the noise beside a unit vector: copies are as near to one another as cosine 0.96
_QUERIES = 100
_WARM = 10
_REAL = 1_000  # products that are imported with the real embedder
_BATCH = 128


class Recalled:
    """An embedder that knows the vectors of the real products and of their copies by the code in the title."""

    def __init__(self, base: np.ndarray, queries: dict[str, np.ndarray]) -> None:
        self.name = "recalled"
        self._base = base
        self.queries = queries

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        found = (_CODE.search(text) for text in texts)
        return np.stack([self.vector(int(code[1]), int(code[2])) for code in found if code])

    def query(self, text: str) -> np.ndarray:
        return self.queries[text]

    def vector(self, number: int, copy: int) -> np.ndarray:
        """The unit vector of a copy of a real product; copy 0 is the product itself."""
        real = self._base[number]
        if not copy:
            return real
        noise = np.random.default_rng([number, copy]).standard_normal(len(real)).astype(np.float32)
        moved = real + _NOISE * noise / np.linalg.norm(noise)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


def run(data: Path, home: Path, sizes: Sequence[int] = SIZES, *, progress: Progress | None = None) -> dict[str, Any]:
    """Measure every size and keep the catalogues under `home`, so that another run need not index them again."""
    started = time.time()
    progress = progress or (lambda what, done, total: None)
    rows = [row for row in CONVERTERS[DATA_SET](data / DATA_SET) if row["title"]][: max(sizes)]
    base = _base_vectors(rows, home, progress)
    queries = _queries(rows, home)
    embedder = Recalled(base, queries)
    ingest = _ingest(rows[:_REAL], home)
    results = []
    for size in sizes:
        results.append(_one(rows, size, embedder, home / f"n{size}", progress))
    minutes = round((time.time() - started) / 60, 1)
    told = {"embedder": embedder.name, "cpus": os.cpu_count(), "queries": len(queries)}
    return {"sizes": results, "ingest": ingest, "minutes": minutes, **told}


def _ingest(rows: list[dict[str, Any]], home: Path) -> dict[str, float]:
    """A whole import with the real embedder beside that embedder alone on the same passages, before and after it."""
    embedder = load_embedder("packaged")
    found = (to_product(row) for row in rows)
    texts = [text for product in found if isinstance(product, Product) for _, text in passages(product)]

    def alone() -> float:
        started = time.perf_counter()
        for start in range(0, len(texts), _BATCH):
            embedder.passages(texts[start : start + _BATCH])
        return len(texts) / (time.perf_counter() - started)

    embedder.passages(texts[:8])
    before = alone()
    with tempfile.TemporaryDirectory(dir=home) as folder:
        feed = write_rows(iter(rows), Path(folder) / "feed.jsonl")
        tables = CatalogTables(f"sqlite:///{folder}/catalog.db")
        index = CatalogIndex(embedder, Path(folder))
        started = time.perf_counter()
        import_feed(feed, tables, index)
        whole = len(texts) / (time.perf_counter() - started)
        index.close()
    raw = (before + alone()) / 2
    return {"passages": len(texts), "raw_per_s": raw, "import_per_s": whole, "share": whole / raw}


def _one(rows: list[dict[str, Any]], size: int, embedder: Recalled, home: Path, progress: Progress) -> dict[str, Any]:
    report: dict[str, Any] = {"products": size}
    tables = CatalogTables(f"sqlite:///{home / 'catalog.db'}")
    index = CatalogIndex(embedder, home)  # type: ignore[arg-type]
    if len(tables) != size:
        feed = write_rows(_varied(rows, size), home / "feed.jsonl")
        started = time.perf_counter()
        import_feed(feed, tables, index, progress=progress)
        report["ingest_rows_per_s"] = size / (time.perf_counter() - started)
    started = time.perf_counter()
    again = import_feed(home / "feed.jsonl", tables, index)
    report["unchanged_s"], report["unchanged_embedded"] = time.perf_counter() - started, again.embedded
    started = time.perf_counter()
    catalog = open_catalog(tables, index)
    report["open_s"] = time.perf_counter() - started
    report["disk_mb"] = {name: _disk(home / name) for name in ("index", "chroma", "catalog.db")}
    vectors = np.stack([embedder.vector(n % len(rows), n // len(rows)) for n in range(size)])
    prices = np.asarray([p.price_minor for p in catalog])
    searches = [_searches(catalog, embedder, vectors, prices, share) for share in SHARES]
    times = [time for _, some in searches for time in some]
    report["searches"], report["all_searches"] = [told for told, _ in searches], _latency(times)
    report["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    index.close()
    return report


def _searches(
    catalog: Any, embedder: Recalled, vectors: np.ndarray, prices: np.ndarray, share: float
) -> tuple[dict[str, Any], list[float]]:
    """Latency of hybrid search and recall of the dense part under a price range that leaves a share of the products.

    The second is what every search took, in ms.

    All searches are timed first: beside an exhaustive one, whose threads wait for more, they would take twice as long.
    """
    asked = list(_asked(embedder, prices, share))
    times, recalls, violations, empty = [], [], 0, 0
    for number, (text, _, low, high) in enumerate(asked):
        begun = time.perf_counter()
        hits = catalog.search(text, _range(share, low, high), 40)
        if number >= _WARM:
            times.append(1000 * (time.perf_counter() - begun))
        violations += sum(not low <= hit.product.price_minor <= high for hit in hits)
        empty += not hits
    for text, vector, low, high in asked:
        near = vectors[np.flatnonzero((prices >= low) & (prices <= high))] @ vector
        best = np.sort(near)[-10:]
        found = [hit.dense for hit in catalog.search(text, _range(share, low, high), 10, by="dense")]
        recalls.append(sum(score >= best[0] - 1e-5 for score in found) / len(best))
    recall = float(np.mean(recalls))
    return {"share": share, **_latency(times), "recall@10": recall, "violations": violations, "empty": empty}, times


def _latency(times: Sequence[float]) -> dict[str, float]:
    return {f"p{q}_ms": float(np.percentile(times, q)) for q in (50, 95, 99)}


def _asked(embedder: Recalled, prices: np.ndarray, share: float) -> Iterator[tuple[str, np.ndarray, int, int]]:
    """Every query with its vector and a range of prices, in minor units, that leaves the share of the products."""
    rng = np.random.default_rng(7)
    order = np.sort(prices)
    for text, vector in embedder.queries.items():
        start = int(rng.integers(0, max(int(len(order) * (1 - share)), 1)))
        last = min(start + max(int(len(order) * share), 1), len(order)) - 1
        yield text, vector, int(order[start]), int(order[last])


def _range(share: float, low: int, high: int) -> tuple[Constraint, ...]:
    return () if share == 1 else (Constraint("price", "ge", low), Constraint("price", "le", high))


def _varied(rows: list[dict[str, Any]], size: int) -> Iterator[dict[str, Any]]:
    for n in range(size):
        number, copy = n % len(rows), n // len(rows)
        row = rows[number]
        rng = np.random.default_rng([number, copy, 1])
        yield {
            **row,
            "id": f"{row['id']}-{copy}",
            "title": f"{row['title'][:150]} v{number}x{copy}",
            "price": f"{float(row['price']) * (1 if not copy else rng.uniform(0.5, 2)):.2f}",
            "quantity": int(rng.integers(0, 20)),
            "rating": round(float(rng.uniform(1, 5)), 1),
        }


def _base_vectors(rows: list[dict[str, Any]], home: Path, progress: Progress) -> np.ndarray:
    """The real vectors of the real products."""
    embedder = load_embedder("packaged")
    home.mkdir(parents=True, exist_ok=True)
    texts = [f"{row['title']}. {row['category']}. {row['description']}"[:700] for row in rows]
    file = home / f"vectors-{len(rows)}.npy"
    if not file.exists():
        parts = []
        for start in range(0, len(texts), 512):
            parts.append(embedder.passages(texts[start : start + 512]))
            progress("passages embedded", start, len(texts))
        np.save(file, np.concatenate(parts))
    vectors: np.ndarray = np.load(file)
    return vectors


def _queries(rows: list[dict[str, Any]], home: Path) -> dict[str, np.ndarray]:
    """Pieces of titles as someone who looks for such a product would type them, with their vectors."""
    rng = np.random.default_rng(11)
    embedder = load_embedder("packaged")
    texts: list[str] = []
    while len(texts) < _QUERIES + _WARM:
        words = [w for w in re.findall(r"[A-Za-z]{3,}", str(rows[int(rng.integers(len(rows)))]["title"])) if tokens(w)]
        count = int(rng.integers(2, 5))
        if len(words) > count:
            start = int(rng.integers(0, len(words) - count))
            texts.append(" ".join(words[start : start + count]).lower())
    return {text: embedder.query(text) for text in dict.fromkeys(texts)}


def _disk(path: Path) -> float:
    files = [path] if path.is_file() else [f for f in path.rglob("*") if f.is_file()]
    return round(sum(f.stat().st_size for f in files) / 1e6, 1)


def table(report: dict[str, Any]) -> str:
    """The report as people read it."""
    lines = ["products  share   p50 ms  p95 ms  p99 ms  recall@10  violations"]
    for size in report["sizes"]:
        for one in size["searches"]:
            lines.append(f"{_row(size, one['share'], one)}  {one['recall@10']:9.4f}  {one['violations']:>10}")
        lines.append(_row(size, "all", size["all_searches"]))
    ingest = report["ingest"]
    lines += [
        "",
        f"import with the embedder: {ingest['import_per_s']:.1f} passages/s, {ingest['share']:.2f} of its own {ingest['raw_per_s']:.1f}",
    ]
    for size in report["sizes"]:
        ingest = f"{size['ingest_rows_per_s']:.0f} rows/s" if "ingest_rows_per_s" in size else "kept from before"
        lines.append(
            f"{size['products']:>8}: ingest {ingest}, unchanged again {size['unchanged_s']:.1f} s, opened in"
            f" {size['open_s']:.1f} s, at most {size['memory_mb']} MB, on disk {size['disk_mb']} MB"
        )
    return "\n".join(lines)


def _row(size: dict[str, Any], share: float | str, took: dict[str, Any]) -> str:
    return f"{size['products']:>8}  {share:>5}  {took['p50_ms']:7.1f} {took['p95_ms']:7.1f} {took['p99_ms']:7.1f}"
