"""What generations take, on the clock and in what the engine says of itself: told to the caller and to /metrics.

Stands between the chat model and its engine, so that every engine is measured alike.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from prometheus_client import Counter, Histogram

from assistant.errors import ModelStalled
from assistant.model.request import GenerationRequest, Usage

Outcome = Literal["done", "stalled", "failed", "cancelled"]

_LABELS = ("model", "purpose")
_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
_FIRST_TOKEN_S = Histogram("aisle_first_token_seconds", "From asking to the first token", _LABELS, buckets=_SECONDS)
_SECONDS_TAKEN = Histogram("aisle_generation_seconds", "From asking to the end", _LABELS, buckets=_SECONDS)
_QUEUED_S = Histogram(
    "aisle_engine_queue_seconds", "In the engine, before it began on the prompt", _LABELS, buckets=_SECONDS
)
_SPEED = Histogram(
    "aisle_tokens_per_second", "Tokens a second after the first", _LABELS, buckets=(1, 2, 5, 10, 20, 40, 80, 160)
)
_BATCH = Histogram("aisle_batch_size", "Most generations decoded together", _LABELS, buckets=(1, 2, 4, 8, 16, 32, 64))
_PROMPT_TOKENS = Counter("aisle_prompt_tokens", "Tokens of prompts", _LABELS)
_CACHED_TOKENS = Counter("aisle_cached_tokens", "Tokens of prompts that were found computed", _LABELS)
_OUTPUT_TOKENS = Counter("aisle_output_tokens", "Tokens generated", _LABELS)
_GENERATIONS = Counter("aisle_generations", "Generations by how they ended", (*_LABELS, "outcome"))


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation that has ended. `decoding_s` is from its first token to its last one.

    It is done where the model ended it or the caller had heard enough, and cancelled where nobody wanted it any more.
    """

    model: str
    purpose: str
    outcome: Outcome
    seconds: float
    first_token_s: float | None
    decoding_s: float
    usage: Usage


class Meter:
    """Measures one generation."""

    def __init__(self, model: str, request: GenerationRequest, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._request = request
        self._clock = clock
        self._started = clock()
        self._first: float | None = None
        self._last = self._started

    def heard(self, pieces: Iterator[str]) -> Iterator[str]:
        """The engine's pieces as they are, timed."""
        for piece in pieces:
            if piece:
                self._last = self._clock()
                self._first = self._last if self._first is None else self._first
            yield piece

    def over(
        self,
        pieces: Generator[str, None, None],
        cancelled: threading.Event,
        measured: Callable[[Generation], object] | None,
    ) -> Generator[str, None, None]:
        """The caller's pieces as they are; when they end, however they do, the generation is counted and told."""
        self._started = self._last = self._clock()
        outcome: Outcome = "done"
        try:
            yield from pieces
        except ModelStalled:
            outcome = "stalled"
            raise
        except Exception:
            outcome = "failed"
            raise
        finally:
            ended = self._generation("cancelled" if outcome == "done" and cancelled.is_set() else outcome)
            _count(ended)
            if measured is not None:
                measured(ended)

    def _generation(self, outcome: Outcome) -> Generation:
        answered = self._request.usage.answered_by
        return Generation(
            answered.name if answered else self._model,
            self._request.purpose or "other",
            outcome,
            self._clock() - self._started,
            None if self._first is None else self._first - self._started,
            0.0 if self._first is None else self._last - self._first,
            replace(self._request.usage),  # the engine may still be adding to its own
        )


def _count(ended: Generation) -> None:
    labels, usage = (ended.model, ended.purpose), ended.usage
    _GENERATIONS.labels(*labels, ended.outcome).inc()
    _SECONDS_TAKEN.labels(*labels).observe(ended.seconds)
    _QUEUED_S.labels(*labels).observe(usage.queued_s)
    if ended.first_token_s is not None:
        _FIRST_TOKEN_S.labels(*labels).observe(ended.first_token_s)
    if usage.output_tokens > 1 and ended.decoding_s > 0:
        _SPEED.labels(*labels).observe((usage.output_tokens - 1) / ended.decoding_s)
    if usage.batch:
        _BATCH.labels(*labels).observe(usage.batch)
    _PROMPT_TOKENS.labels(*labels).inc(usage.prompt_tokens)
    _CACHED_TOKENS.labels(*labels).inc(usage.cached_tokens)
    _OUTPUT_TOKENS.labels(*labels).inc(usage.output_tokens)


def taken(generations: Sequence[Generation]) -> dict[str, float]:
    """What one turn's generations took together, for its record: milliseconds and tokens by name; nothing of none.

    The first token is that of the first generation that had one.
    """
    if not generations:
        return {}
    whole = Usage()
    for one in generations:
        whole.add(one.usage)
    first = next((one.first_token_s for one in generations if one.first_token_s is not None), None)
    seconds = {"model": sum(one.seconds for one in generations), "model_queue": whole.queued_s}
    seconds |= {} if first is None else {"model_first_token": first}
    return {
        **{name: round(value * 1000, 1) for name, value in seconds.items()},
        "generations": len(generations),
        "prompt_tokens": whole.prompt_tokens,
        "cached_tokens": whole.cached_tokens,
        "output_tokens": whole.output_tokens,
    }
