"""Runs a producer of text in its own thread and hands its pieces over under time limits.

Knows nothing of models: the limits hold even when the producer is stuck in native code.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator

from assistant.errors import ModelError, ModelStalled

Emit = Callable[[str], bool]
"""Hands one piece over (an empty one only says that a token came); True asks the producer to stop."""

POLL_S = 0.05


def relay(
    work: Callable[[Emit], object],
    *,
    cancelled: threading.Event | None = None,
    abandoned: threading.Event | None = None,
    stall_timeout_s: float | None = None,
    deadline_s: float | None = None,
) -> Generator[str, None, None]:
    """Yield what `work` emits, until it returns or `cancelled` is set.

    Leaving, for whatever reason, sets `abandoned`. Raises ModelStalled when no piece came for `stall_timeout_s`
    and after `deadline_s`, ModelError for any error of `work`.
    """
    left, stopped = abandoned or threading.Event(), cancelled or threading.Event()
    pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()

    def emit(piece: str) -> bool:
        pieces.put(piece)
        return left.is_set() or stopped.is_set()

    def run() -> None:
        try:
            work(emit)
            pieces.put(None)
        except Exception as error:
            pieces.put(error)

    limits = _Limits(stall_timeout_s, deadline_s)
    threading.Thread(target=run, name="model-relay", daemon=True).start()
    try:
        while not stopped.is_set():
            try:
                piece = pieces.get(timeout=POLL_S)
            except queue.Empty:
                limits.check()
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece if isinstance(piece, ModelError) else ModelError(f"the model failed: {piece}") from piece
            if piece:
                yield piece
            limits.restart()
            limits.check()
    finally:
        left.set()


class _Limits:
    def __init__(self, stall_timeout_s: float | None, deadline_s: float | None) -> None:
        self.stall_timeout_s = stall_timeout_s
        self.deadline_s = deadline_s
        self.started = self.last_piece = time.monotonic()

    def restart(self) -> None:
        self.last_piece = time.monotonic()

    def check(self) -> None:
        now = time.monotonic()
        if self.deadline_s is not None and now - self.started >= self.deadline_s:
            raise ModelStalled(f"no whole answer within {self.deadline_s:g} s")
        waited_s = now - self.last_piece
        if self.stall_timeout_s is not None and waited_s >= self.stall_timeout_s:
            raise ModelStalled(f"no token for {waited_s:.1f} s (allowed: {self.stall_timeout_s:g} s)")


def until_stop(pieces: Iterator[str], stop: tuple[str, ...]) -> Iterator[str]:
    """Yield the text before the first stop string, holding back what could still become one."""
    pending = ""
    for piece in pieces:
        pending += piece
        found = [at for at in (pending.find(word) for word in stop) if at >= 0]
        if found:
            pending = pending[: min(found)]
            break
        keep = max((_overlap(pending, word) for word in stop), default=0)
        if len(pending) > keep:
            yield pending[: len(pending) - keep]
            pending = pending[len(pending) - keep :]
    if pending:
        yield pending


def _overlap(text: str, word: str) -> int:
    return next((n for n in range(min(len(text), len(word) - 1), 0, -1) if text.endswith(word[:n])), 0)
