"""How far long work is, for whoever watches: a bar on a terminal, a plain line now and then in a log."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Progress = Callable[[int, int], None]

_EVERY_S = 10.0


@contextmanager
def shown_progress(
    label: str, *, unit: str = "passages", stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Progress]:
    """A callback that shows (done, total) of `unit` on `stream` (default: stderr); short work writes no plain line."""
    stream = stream or sys.stderr
    if not stream.isatty():
        yield _in_lines(label, unit, stream, clock)
        return
    from tqdm import tqdm

    with tqdm(desc=label, unit=f" {unit}", file=stream) as bar:

        def move(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield move


def _in_lines(label: str, unit: str, stream: TextIO, clock: Callable[[], float]) -> Progress:
    last = clock()

    def write(done: int, total: int) -> None:
        nonlocal last
        if clock() - last >= _EVERY_S:
            last = clock()
            print(f"{label}: {done} of {total} {unit}", file=stream, flush=True)

    return write
