"""The model as the turn uses it: sentences as they are finished, JSON by schema, cut off at a deadline. Knows no products."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.errors import ModelError, ModelStalled
from assistant.model import Generation

Measured = Callable[[Generation], object]
_END = re.compile(r"[.!?](?=\s)|[。！？]|\n")


class Writer:
    """Asks one chat model within limits of time. Closing a generator stops the generation."""

    def __init__(
        self, model: BaseChatModel, *, stall_timeout_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._model = model
        self._stall_timeout_s = stall_timeout_s
        self._clock = clock

    def now(self) -> float:
        """The time on the clock that deadlines are given in."""
        return self._clock()

    def sentences(
        self,
        system: str,
        user: str,
        *,
        max_tokens: int,
        deadline: float,
        cancelled: threading.Event,
        temperature: float = 0.0,
        purpose: str = "",
        measured: Measured | None = None,
    ) -> Iterator[str]:
        """The model's answer sentence by sentence, each as soon as it is finished; `measured` is told what it took.

        Raises ModelError where the model fails, ModelStalled past `deadline` (on the clock) or without a token for long.
        """
        pending = ""
        limits = {"max_tokens": max_tokens, "temperature": temperature, "cancelled": cancelled}
        for piece in self._pieces(system, user, deadline, **limits, purpose=purpose, measured=measured):
            pending += piece
            while match := _END.search(pending):
                sentence, pending = pending[: match.end()].strip(), pending[match.end() :]
                if sentence:
                    yield sentence
        if pending.strip() and pending.strip()[-1] in ".!?。！？":
            yield pending.strip()

    def fields(
        self,
        system: str,
        user: str,
        schema: dict[str, Any],
        *,
        max_tokens: int,
        deadline: float,
        cancelled: threading.Event,
        purpose: str = "",
        measured: Measured | None = None,
    ) -> dict[str, Any]:
        """The model's answer as a JSON object of `schema`. Raises ModelError where it is none."""
        limits = {"max_tokens": max_tokens, "schema": schema, "cancelled": cancelled}
        text = "".join(self._pieces(system, user, deadline, **limits, purpose=purpose, measured=measured))
        try:
            found = json.loads(text)
        except ValueError as error:
            raise ModelError(f"the model's answer is not JSON: {text[:80]!r}") from error
        if not isinstance(found, dict):
            raise ModelError(f"the model's answer is no object: {text[:80]!r}")
        return found

    def _pieces(self, system: str, user: str, deadline: float, **options: Any) -> Iterator[str]:
        left = deadline - self._clock()
        if left <= 0:
            raise ModelStalled("the turn's time is used up")
        messages: list[BaseMessage] = [SystemMessage(system), HumanMessage(user)]
        stall = min(self._stall_timeout_s, left)
        for chunk in self._model.stream(messages, stall_timeout_s=stall, deadline_s=left, **options):
            yield str(chunk.content)
            if self._clock() > deadline:
                raise ModelStalled("the turn's time is used up")
