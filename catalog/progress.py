"""How far long work is, for whoever watches: a bar on a terminal, a plain line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

Progress = Callable[[str, int, int], None]
"""Takes what is counted ("rows"), how many are done, and how many there are in all (0 where nobody knows)."""

_EVERY_S = 10.0


@contextmanager
def shown_progress(
    label: str, *, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Progress]:
    """A callback that shows progress on `stream` (default: stderr); short work writes no plain line."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield _in_lines(label, stream, clock)
        return
    bars: dict[str, Any] = {}
    try:
        yield lambda what, done, total: _move(bars, label, stream, what, done, total)
    finally:
        for bar in bars.values():
            bar.close()


def _move(bars: dict[str, Any], label: str, stream: TextIO, what: str, done: int, total: int) -> None:
    from tqdm import tqdm

    if what not in bars:
        for bar in bars.values():
            bar.close()
        bars[what] = tqdm(desc=f"{label}, {what}", unit=f" {what}", file=stream)
    bars[what].total = total or None
    bars[what].update(done - bars[what].n)


def _in_lines(label: str, stream: TextIO, clock: Callable[[], float]) -> Progress:
    last = clock()
    begun: dict[str, tuple[float, int]] = {}

    def write(what: str, done: int, total: int) -> None:
        nonlocal last
        now = clock()
        start, first = begun.setdefault(what, (now, done))
        if now - last >= _EVERY_S:
            last = now
            print(f"{label}: {_said(what, done, total, now - start, done - first)}", file=stream, flush=True)

    return write


def _said(what: str, done: int, total: int, seconds: float, since: int) -> str:
    """As in: 1200 of 24576 rows, 98 a second, about 4 min left. The rate is that of the work watched."""
    parts = [f"{done} of {total} {what}" if total else f"{done} {what}"]
    rate = since / seconds if seconds > 0 else 0.0
    if rate:
        parts.append(f"{rate:.0f} a second" if rate >= 1 else f"{60 * rate:.0f} a minute")
        left = (total - done) / rate
        if total and left > 0:
            parts.append(f"about {left / 60:.0f} min left" if left >= 90 else f"about {left:.0f} s left")
    return ", ".join(parts)
