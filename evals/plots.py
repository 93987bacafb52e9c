"""Draws what an evaluation measured, as one SVG beside its JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

Line = tuple[str, Sequence[float], Sequence[float]]
"""A name, and where it is: along and up."""
Plot = tuple[str, Sequence[Line], bool]
"""A title, its lines, and whether what goes up is logarithmic."""


def scale(report: dict[str, Any], target: Path) -> None:
    """Latency, recall, import, memory and index files against the size of the catalogue."""
    sizes = report["sizes"]
    counts = [size["products"] for size in sizes]
    shares = [one["share"] for one in sizes[0]["searches"]]

    def by_share(field: str) -> list[Line]:
        return [
            (f"{100 * share:g} % allowed", counts, [size["searches"][n][field] for size in sizes])
            for n, share in enumerate(shares)
        ]

    whole: list[Plot] = [
        ("p50, ms", by_share("p50_ms"), True),
        ("p95, ms", by_share("p95_ms"), True),
        ("p99, ms", by_share("p99_ms"), True),
        ("recall@10 against exhaustive", by_share("recall@10"), False),
        ("peak memory, MB", [("process", counts, [size["memory_mb"] for size in sizes])], True),
        (
            "on disk, MB",
            [(part, counts, [size["disk_mb"][part] for size in sizes]) for part in sizes[0]["disk_mb"]],
            True,
        ),
        ("unchanged again, s", [("all rows", counts, [size["unchanged_s"] for size in sizes])], True),
    ]
    speeds = {size["products"]: size["ingest_rows_per_s"] for size in sizes if "ingest_rows_per_s" in size}
    if speeds:  # of none where all catalogues were kept from an earlier run
        whole.append(("import without embedding, rows/s", [("new", [*speeds], [*speeds.values()])], True))
    _draw(target, "products", "log", whole)


def engine(report: dict[str, Any], target: Path) -> None:
    """Tokens a second and first tokens against the number of chats, ours and plain."""

    def lines(field: str) -> list[Line]:
        found: list[Line] = []
        for runtime in ("nf4", "gguf"):
            for name, many in (
                (runtime, report[runtime]["many"]),
                (f"{runtime}, plain", report[runtime]["plain"]["many"]),
            ):
                found.append((name, [one["chats"] for one in many], [one[field] for one in many]))
        return found

    names = {
        "tokens_per_s": "tokens/s",
        "first_p50_s": "first token, p50 s",
        "first_p95_s": "first token, p95 s",
        "took_s": "whole, s",
    }
    _draw(target, "chats at once", "linear", [(name, lines(field), False) for field, name in names.items()])


def _draw(target: Path, along: str, scale: str, plots: Sequence[Plot]) -> None:
    """All plots in one picture, `along` on a linear or logarithmic `scale`."""
    from matplotlib.figure import Figure

    rows = (len(plots) + 1) // 2
    figure = Figure(figsize=(11, 3.4 * rows), layout="constrained")
    for axes, (title, lines, logarithmic) in zip(figure.subplots(rows, 2).flat, plots, strict=False):
        for name, xs, ys in lines:
            axes.plot(xs, ys, marker="o", label=name)
        axes.set(title=title, xlabel=along, xscale=scale)
        axes.set_yscale("log" if logarithmic else "linear")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(target)
