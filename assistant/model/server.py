"""Asks a model behind an OpenAI-compatible HTTP server, such as vLLM or llama.cpp's own.

Servers differ in whether they heed a JSON schema, so it is sent and the answer is checked all the same.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import ModelError, SetupError
from assistant.model.request import GenerationRequest, Message, ModelIdentity

CONNECT_TIMEOUT_S = 5.0

_SPELLING = re.compile(r"openai:(?P<name>.+?)@(?P<url>https?://.+)")


class ServerEngine:
    """The model that `openai:NAME@URL` names; raises SetupError when it is spelled otherwise."""

    constrains = False

    def __init__(self, spelling: str, *, key: str) -> None:
        found = _SPELLING.fullmatch(spelling)
        if found is None:
            raise SetupError(f"AISLE_MODEL={spelling} should read openai:NAME@http://HOST:PORT/v1")
        url = found["url"].rstrip("/")
        self.url = url if urlsplit(url).path else f"{url}/v1"
        self.identity = ModelIdentity(found["name"], "server", urlsplit(url).netloc.rpartition("@")[2])
        self._client: Any = _client(found["name"], self.url, key)

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces as the server sends them; the HTTP stream is closed when the caller leaves."""
        prompt = [(message.role, message.content) for message in messages]
        stream = self._client.stream(prompt, **_options(request))
        try:
            for chunk in stream:
                if request.cancelled.is_set():
                    return
                if piece := chunk.text:
                    yield piece
        except GeneratorExit:
            raise
        except Exception as error:
            raise ModelError(f"the model server at {self.url} did not answer: {_reason(error)}") from error
        finally:
            stream.close()

    def warm(self, system_texts: Sequence[str]) -> None:
        """Do nothing: servers keep their own prefix cache."""

    def close(self) -> None:
        """Close the connections."""
        self._client.root_client.close()


def _client(name: str, url: str, key: str) -> Any:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(model=name, base_url=url, api_key=SecretStr(key), max_retries=0, use_responses_api=False)


def _options(request: GenerationRequest) -> dict[str, Any]:
    import httpx

    # `max_tokens` goes into the body as it is: older servers do not know the name that the client would give it.
    body: dict[str, Any] = {"max_tokens": request.max_tokens}
    if request.schema is not None:
        answer = {"name": "answer", "schema": request.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": answer}
    options: dict[str, Any] = {
        "temperature": request.temperature,
        "extra_body": body,
        "timeout": httpx.Timeout(request.stall_timeout_s, connect=CONNECT_TIMEOUT_S),
    }
    return options | ({"stop": list(request.stop)} if request.stop else {})


def _reason(error: BaseException) -> str:
    deepest = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    return str(deepest) or type(deepest).__name__
