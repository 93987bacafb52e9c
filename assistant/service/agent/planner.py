"""One message to the agent: it looks, and looks again, until it proposes, calls a person or answers in words.

Its calls and its time are limited. Words are kept sentence by sentence: a number that no tool told, or a promise that no deed
backs, is left out.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from assistant.errors import ModelError
from assistant.prompts import prompt
from assistant.reading.seen import one_line
from assistant.service.agent.tools import Bench, Policy
from assistant.service.ordering import View
from assistant.service.promises import Says, unkept
from assistant.service.talk import Talked
from assistant.service.types import Proposal
from catalog import sentences

_CALLS = 8  # of the model for one message
_DEADLINE_S = 35.0
_MAX_TOKENS = 320
_BEFORE = 8  # exchanges that are told again
_LONGEST = 1_200  # characters of a message
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Planned:
    """What the agent came to: a proposal, a person, or sentences; nothing where it found no way."""

    proposal: Proposal | None = None
    person: bool = False
    sentences: tuple[str, ...] = ()


class Planner:
    """Plans with one chat model that can be given tools. Safe to share between threads."""

    def __init__(
        self,
        model: BaseChatModel,
        policy: Policy,
        says: Says | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`says` as in `unkept`."""
        self._model = model
        self._policy = policy
        self._says = says
        self._clock = clock

    def plan(self, session_id: str, view: View, message: str, talked: Talked) -> Planned:
        """What is to be done about a message of a customer who is known."""
        bench = Bench(session_id, view, self._policy)
        try:
            words = self._asked(bench, message, talked)
        except ModelError as error:
            _log.warning("the service agent gave up", failure=str(error))
            words = ""
        if bench.over:
            return Planned(bench.proposal, bench.person)
        return Planned(sentences=self._standing(words, bench, message, talked))

    def _asked(self, bench: Bench, message: str, talked: Talked) -> str:
        """Run the agent; what it said at last."""
        from langchain.agents import create_agent
        from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError

        agent: Any = create_agent(
            self._model,
            bench.tools(),
            system_prompt=prompt("service", bench.view.locale).system,
            middleware=self._limits(bench),
        )
        try:
            found = agent.invoke({"messages": _messages(message, talked)}, {"recursion_limit": 6 * _CALLS})
        except ModelCallLimitExceededError as error:
            raise ModelError(f"no end after {_CALLS} calls") from error
        last = found["messages"][-1]
        return last.text if isinstance(last, AIMessage) and not last.tool_calls else ""

    def _limits(self, bench: Bench) -> list[Any]:
        """How often the model is asked, how long it may take, and that a proposal or a person ends it."""
        from langchain.agents.middleware import ModelCallLimitMiddleware, before_model, wrap_model_call

        deadline = self._clock() + _DEADLINE_S

        @before_model(can_jump_to=["end"])
        def ends(state: Any, runtime: Any) -> dict[str, Any] | None:
            return {"jump_to": "end"} if bench.over or self._clock() >= deadline else None

        @wrap_model_call
        def in_time(request: Any, handler: Any) -> Any:
            left = max(0.1, deadline - self._clock())
            limits = {"max_tokens": _MAX_TOKENS, "deadline_s": left, "stall_timeout_s": left, "purpose": "service"}
            return handler(request.override(model_settings={**request.model_settings, **limits}))

        return [ends, in_time, ModelCallLimitMiddleware(run_limit=_CALLS, exit_behavior="error")]

    def _standing(self, words: str, bench: Bench, message: str, talked: Talked) -> tuple[str, ...]:
        """The sentences that rest on what is known."""
        proposals = bench.view.service.proposals(bench.session_id)
        locale = bench.view.locale
        known = set(_NUMBER.findall(" ".join([*bench.told, message, *(line for pair in talked for line in pair)])))
        broken = unkept(words, proposals, locale, facts=bench.told, says=self._says)
        return tuple(
            one
            for one in sentences(words)
            if set(_NUMBER.findall(one)) <= known and not any(part in one or one in part for part in broken)
        )


def _messages(message: str, talked: Talked) -> list[BaseMessage]:
    found: list[BaseMessage] = []
    for said, answered in talked[-_BEFORE:]:
        found += [HumanMessage(one_line(said)[:_LONGEST]), AIMessage(one_line(answered)[:_LONGEST])]
    return [*found, HumanMessage(one_line(message)[:_LONGEST])]
