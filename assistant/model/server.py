"""Asks a model behind an OpenAI-compatible HTTP server, such as vLLM or llama.cpp's own.

Servers differ in whether they heed a JSON schema, so it is sent and the answer is checked all the same; and in whether
they count tokens, so pieces are counted where they do not. Knows one server; which of several to ask is the pool's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import ModelError, ServerAway, SetupError
from assistant.model.request import GenerationRequest, Message, ModelIdentity, Usage

CONNECT_TIMEOUT_S = 5.0

_SPELLING = re.compile(r"openai:(?P<name>.+?)@(?P<urls>https?://.+)")
_REFUSALS = frozenset({400, 413, 422})  # the prompt's fault: another server would say the same


class ServerEngine:
    """The model `name` behind the API at `url`, to which /v1 is added where it has no path.

    `generate` raises ServerAway where another server may do better, and ModelError where the prompt is refused.
    """

    constrains = False

    def __init__(self, name: str, url: str, *, key: str) -> None:
        url = url.rstrip("/")
        self.url = url if urlsplit(url).path else f"{url}/v1"
        self.identity = ModelIdentity(name, "server", urlsplit(url).netloc.rpartition("@")[2])
        self._address = re.sub(r"//[^/]*@", "//", self.url)  # as it is shown: without a password
        self._client: Any = _client(name, self.url, key)
        self._counts: bool | None = None  # whether it takes the wish for a count of tokens; None until it was asked

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces as the server sends them; the HTTP stream is closed when the caller leaves."""
        prompt: list[tuple[str, str]] = [(message.role, message.content) for message in messages]
        try:
            try:
                yield from self._pieces(prompt, request, counted=self._counts is not False)
            except Exception as error:
                if self._counts is not None or not _refused(error):
                    raise
                yield from self._pieces(prompt, request, counted=False)
        except Exception as error:
            raise self._failure(error) from error

    def is_there(self) -> bool:
        """Say whether the server is there and well, as far as it tells: by /health or else by its list of models."""
        import openai

        for address in (f"{self.url.removesuffix('/v1')}/health", f"{self.url}/models"):
            try:
                self._client.root_client.get(address, cast_to=object, options={"timeout": CONNECT_TIMEOUT_S})
                return True
            except openai.NotFoundError:
                continue
            except openai.OpenAIError:
                return False
        return True  # it has neither, but it is there

    def warm(self, system_texts: Sequence[str]) -> None:
        """Do nothing: servers keep their own prefix cache."""

    def close(self) -> None:
        """Close the connections."""
        self._client.root_client.close()

    def _pieces(self, prompt: list[tuple[str, str]], request: GenerationRequest, *, counted: bool) -> Iterator[str]:
        stream = self._client.stream(prompt, stream_usage=counted, **_options(request))
        pieces = 0
        try:
            for chunk in stream:
                self._counts = counted
                if request.cancelled.is_set():
                    return
                if chunk.usage_metadata is not None:
                    _note(request.usage, chunk.usage_metadata)
                if piece := chunk.text:
                    pieces += 1
                    request.usage.output_tokens = pieces  # until the server tells better, with its last chunk
                    yield piece
        finally:
            stream.close()

    def _failure(self, error: Exception) -> ModelError:
        if _refused(error):
            return ModelError(f"the model server at {self._address} refused the prompt: {_reason(error)}")
        waits = getattr(getattr(error, "response", None), "headers", {}).get("retry-after", "")
        return ServerAway(
            f"the model server at {self._address} did not answer: {_reason(error)}",
            retry_after_s=float(waits) if waits.isdecimal() else 0.0,
        )


def named_servers(spelling: str, *, key: str) -> tuple[ServerEngine, ...]:
    """The engines that `openai:NAME@URL[,URL...]` names; raises SetupError when it is spelled otherwise."""
    found = _SPELLING.fullmatch(spelling)
    urls = [url.strip() for url in found["urls"].split(",")] if found else []
    if found is None or not all(re.match(r"https?://[^/]", url) for url in urls):
        raise SetupError(f"AISLE_MODEL={spelling} should read openai:NAME@http://HOST:PORT/v1[,http://...]")
    return tuple(ServerEngine(found["name"], url, key=key) for url in dict.fromkeys(urls))


def _client(name: str, url: str, key: str) -> Any:
    import openai
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name,
        base_url=url,
        api_key=SecretStr(key),
        max_retries=0,
        use_responses_api=False,
        http_client=openai.DefaultHttpxClient(),  # else all engines of one URL share one, and closing is for all
    )


def _options(request: GenerationRequest) -> dict[str, Any]:
    import openai

    # `max_tokens` goes into the body as it is: older servers do not know the name that the client would give it.
    body: dict[str, Any] = {"max_tokens": request.max_tokens}
    if request.schema is not None:
        answer = {"name": "answer", "schema": request.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": answer}
    options: dict[str, Any] = {
        "temperature": request.temperature,
        "extra_body": body,
        "timeout": openai.Timeout(request.stall_timeout_s, connect=min(CONNECT_TIMEOUT_S, request.stall_timeout_s)),
    }
    return options | ({"stop": list(request.stop)} if request.stop else {})


def _note(usage: Usage, told: Any) -> None:
    usage.prompt_tokens, usage.output_tokens = told["input_tokens"], told["output_tokens"]
    usage.cached_tokens = told.get("input_token_details", {}).get("cache_read") or 0


def _refused(error: Exception) -> bool:
    return getattr(error, "status_code", None) in _REFUSALS


def _reason(error: BaseException) -> str:
    deepest = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    return (str(deepest).strip() or type(deepest).__name__).splitlines()[0]
