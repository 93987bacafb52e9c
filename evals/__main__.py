"""`python -m evals NAME`: run one evaluation over public data, print its table, keep every single result."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

EVALUATIONS = ("grounded",)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the named evaluation; the exit status says whether it ran, not whether the numbers are good."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Evaluate the assistant with its real parts.")
    parser.add_argument("name", choices=EVALUATIONS)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public data sets")
    parser.add_argument("--json", type=Path, help="where to keep the report with all results")
    parser.add_argument("--limit", type=int, default=30, help="conversations per catalogue (default 30: 240 turns)")
    args = parser.parse_args(argv)
    missing = [name for name in ("retail_demo_store", "litemall_zh") if not (args.data / name).is_dir()]
    if missing:
        print(f"evals: {args.data} lacks {', '.join(missing)}: name the folder with --data", file=sys.stderr)
        return 2
    from evals import grounded

    def progress(source: str, done: int, total: int) -> None:
        print(f"evals: {source} {done}/{total} conversations", file=sys.stderr, flush=True)

    report = grounded.run(args.data, limit=args.limit, progress=progress)
    report["date"], report["machine"] = date.today().isoformat(), f"{platform.processor() or platform.machine()}"
    target = args.json or Path("evals/results") / f"{args.name}-{report['date']}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    print(
        f"{report['date']}, {report['model']}, {report['minutes']} min\n\n{grounded.table(report)}\n\nall results: {target}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
