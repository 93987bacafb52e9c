"""`python -m evals NAME`: run one evaluation over public data, print its table, keep every single result."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

NEEDED = {"grounded": ("retail_demo_store", "litemall_zh"), "embedding": ("vespa_toys_music_24k",)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named evaluation; the exit status says whether it ran, not whether the numbers are good."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Evaluate the assistant with its real parts.")
    parser.add_argument("name", choices=tuple(NEEDED))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public data sets")
    parser.add_argument("--json", type=Path, help="where to keep the report with all results")
    parser.add_argument(
        "--limit", type=int, help="conversations per catalogue (default 30: 240 turns), or texts (default 512)"
    )
    args = parser.parse_args(argv)
    missing = [name for name in NEEDED[args.name] if not (args.data / name).is_dir()]
    if missing:
        print(f"evals: {args.data} lacks {', '.join(missing)}: name the folder with --data", file=sys.stderr)
        return 2
    report, table = _evaluated(args)
    report["date"], report["machine"] = date.today().isoformat(), f"{platform.processor() or platform.machine()}"
    target = args.json or Path("evals/results") / f"{args.name}-{report['date']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    system = report.get("model") or report["embedder"]
    print(f"{report['date']}, {system}, {report['minutes']} min\n\n{table}\n\nall results: {target}")
    return 0


def _evaluated(args: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """The report of the named evaluation and its table."""

    def progress(name: str, done: int, total: int) -> None:
        print(f"evals: {name} {done}/{total}", file=sys.stderr, flush=True)

    if args.name == "embedding":
        from evals import embedding

        report = embedding.run(args.data, limit=args.limit or 512, progress=progress)
        return report, embedding.table(report)
    from evals import grounded

    report = grounded.run(args.data, limit=args.limit or 30, progress=progress)
    return report, grounded.table(report)


if __name__ == "__main__":
    sys.exit(main())
