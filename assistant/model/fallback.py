"""A local engine that stands by for when no server answers.

It is loaded at the start, in the background: an outage is when nobody has minutes to wait for weights, a shop that is
starting need not wait for its spare, and a wrong setting is seen on the first day instead of on the worst one. The price
is its memory, which the owner agrees to by naming it.
"""

import threading
from collections.abc import Callable, Sequence

import structlog

from assistant.model.request import Engine

Background = Callable[[Callable[[], None]], None]
"""Runs a piece of work beside its caller."""

_log = structlog.get_logger()


def in_thread(work: Callable[[], None]) -> None:
    """Run `work` in a daemon thread."""
    threading.Thread(target=work, name="model-background", daemon=True).start()


class Fallback:
    """The engine that `load` returns, once it has; `state` says in words why there is none yet."""

    def __init__(self, load: Callable[[], Engine], *, background: Background = in_thread) -> None:
        self.engine: Engine | None = None
        self.state = "the fallback model is still being loaded"
        self._make = load
        self._background = background
        self._changed = threading.Lock()
        self._system_texts: tuple[str, ...] = ()
        self._closed = False
        background(self._load)

    def warm(self, system_texts: Sequence[str]) -> None:
        """Warm the engine with these texts, in the background, as soon as it is loaded."""
        with self._changed:
            self._system_texts = tuple(system_texts)
            engine = self.engine
        if engine is not None:
            self._background(lambda: engine.warm(system_texts))

    def close(self) -> None:
        """Free the weights; those that are still being loaded are freed when they are there."""
        with self._changed:
            self._closed = True
            engine, self.engine = self.engine, None
            self.state = "the fallback model is closed"
        if engine is not None:
            engine.close()

    def _load(self) -> None:
        try:
            engine = self._make()
        except Exception as error:  # the end of its thread: nobody else would hear of it
            self.state = f"the fallback model cannot be loaded: {error}"
            _log.error("the fallback model cannot be loaded", reason=str(error))
            return
        with self._changed:
            if not self._closed:
                self.engine = engine
            texts, closed = self._system_texts, self._closed
        if closed:
            engine.close()
            return
        _log.info("the fallback model is ready", model=engine.identity.name)
        engine.warm(texts)
