"""The one LangChain chat model of this project: time limits, cancelling and JSON over whichever engine runs.

Knows no weights and no network; those are the engine's.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field, SkipValidation

from assistant.model.measure import Generation, Meter
from assistant.model.relay import Emit, relay
from assistant.model.request import Engine, GenerationRequest, Message, ModelIdentity
from assistant.model.schema import answer_in_schema
from assistant.model.tools import Tool, answer_of, call_schema, prompt_of


class ChatModel(BaseChatModel):
    """A chat model over an engine.

    Options of a call: `max_tokens`, `temperature` (0 is greedy), `schema` (a JSON schema), `stop`, `stall_timeout_s`,
    `deadline_s`, `cancelled` (a threading.Event), `purpose` (the prompt's name, for whoever measures: one of few) and
    `measured` (called with the Generation once it has ended). Closing the generator that `stream` returns stops the
    engine. Raises ModelStalled when the answer did not come in time and ModelError for every other failure.
    """

    engine: SkipValidation[Engine] = Field(exclude=True, repr=False)
    stall_timeout_s: float = 20.0
    disable_streaming: bool | Literal["tool_calling"] = "tool_calling"

    @property
    def identity(self) -> ModelIdentity:
        return self.engine.identity

    @property
    def _llm_type(self) -> str:
        return "aisle"

    def warm(self, system_texts: Sequence[str]) -> None:
        """Prefill the system texts that later prompts begin with."""
        self.engine.warm(system_texts)

    def close(self) -> None:
        """Free the weights; no call may follow."""
        self.engine.close()

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools, of which an answer calls at most one; it is not streamed. `tool_choice` is not looked at."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        measured: Callable[[Generation], object] | None = None,
        tools: Sequence[Tool] = (),
        **kwargs: Any,
    ) -> ChatResult:
        ended: list[Generation] = []
        if tools:
            kwargs |= {"schema": call_schema(tools), "tools": tools}
        text = "".join(self._pieces(messages, stop, measured=ended.append, **kwargs))
        if measured is not None:
            measured(ended[0])
        message = answer_of(text) if tools else AIMessage(content=text)
        message.response_metadata = {"model_name": ended[0].model}
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces = self._pieces(messages, stop, **kwargs)
        try:
            for piece in pieces:
                yield _chunk(piece)
            yield _chunk("", last="last")
        finally:
            pieces.close()

    def _pieces(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        *,
        max_tokens: int = 256,
        temperature: float = 0.0,
        schema: dict[str, Any] | None = None,
        stall_timeout_s: float | None = None,
        deadline_s: float | None = None,
        cancelled: threading.Event | None = None,
        purpose: str = "",
        measured: Callable[[Generation], object] | None = None,
        tools: Sequence[Tool] = (),
        **others: Any,
    ) -> Generator[str, None, None]:
        if unknown := others.keys() - {"stream"}:
            raise ValueError(f"unknown options of a model call: {', '.join(sorted(unknown))}")
        stall_s = stall_timeout_s or self.stall_timeout_s
        request = GenerationRequest(max_tokens, temperature, schema, tuple(stop or ()), stall_s, purpose=purpose)
        prompt = prompt_of(messages, tools)
        unwanted = cancelled or threading.Event()
        meter = Meter(self.identity.name, request)
        pieces = relay(
            lambda emit: _answer(self.engine, prompt, request, emit, meter),
            cancelled=unwanted,
            abandoned=request.cancelled,
            stall_timeout_s=stall_s,
            deadline_s=deadline_s,
        )
        return meter.over(pieces, unwanted, measured)


def _answer(engine: Engine, prompt: Sequence[Message], request: GenerationRequest, emit: Emit, meter: Meter) -> None:
    if request.schema is not None:

        def audibly(messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
            for piece in meter.heard(engine.generate(messages, request)):
                if emit(""):
                    return
                yield piece

        emit(answer_in_schema(audibly, prompt, request, constrains=engine.constrains))
        return
    for piece in meter.heard(engine.generate(prompt, request)):
        if emit(piece):
            return


def _chunk(piece: str, last: Literal["last"] | None = None) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=piece, chunk_position=last))
