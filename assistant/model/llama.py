"""Runs a GGUF file with llama.cpp in this process, several chats at once on one copy of the weights.

Batches are short (256 tokens): prompts that wait get their first token one after the other instead of all at the end,
and a cancelled prompt is left at the next batch. Each slot remembers what it computed, and what it gave up for something
else goes to a cache that all slots ask, so after its first use a system text is at hand.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ModelError, SetupError
from assistant.model.memory import free_ram_bytes, require_memory
from assistant.model.relay import Emit, relay
from assistant.model.request import GenerationRequest, Message, ModelIdentity, Usage
from assistant.model.weights import fingerprint

BATCH_TOKENS = 256
CHAT_TOKENS = (4096, 2048)
PROMPT_CACHE_MIB = 256
OVERHEAD_BYTES = 700_000_000


class LlamaEngine:
    """A GGUF model with `chats` slots of 4096 tokens, or 2048 where memory is short.

    Raises SetupError when the file or the memory is missing.
    """

    constrains = True

    def __init__(self, path: Path, *, chats: int) -> None:
        if not path.is_file():
            raise SetupError(f"there is no GGUF file at {path}: check AISLE_MODEL")
        self.chat_tokens = _affordable_chat_tokens(path, chats)
        self.identity = _identity(path)
        self._server: Any = _load(path, chats, self.chat_tokens)
        self._running = 0  # told to whoever measures, so a lost update does no harm
        self._begin()

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces as llama.cpp decodes them; raises ModelError, for a prompt too long above all."""
        body = _body(messages, request)
        if self._server is None:
            raise ModelError("the model is closed")
        server = self._server
        return relay(lambda emit: self._run(server, body, request.usage, emit), cancelled=request.cancelled)

    def _run(self, server: Any, body: dict[str, Any], usage: Usage, emit: Emit) -> None:
        failed: list[str] = []
        asked = time.monotonic()

        def receive(chunk: dict[str, Any]) -> bool:
            # An exception raised here would be lost in native code.
            if "error" in chunk:
                failed.append(str(chunk["error"].get("message", chunk["error"])))
                return True
            if "prompt_progress" in chunk and not usage.queued_s:
                usage.queued_s = time.monotonic() - asked
            usage.batch = max(usage.batch, self._running)
            _count(chunk.get("timings", {}), usage)
            choices = chunk.get("choices") or [{}]
            return emit(choices[0].get("delta", {}).get("content") or "")

        self._running += 1
        try:
            server.handle_chat_completions(body, receive)
        finally:
            self._running -= 1
        if failed:
            raise ModelError(f"the model refused the prompt: {failed[0]}")

    def _begin(self) -> None:
        """Have one token made: a server that is closed before its loop has begun waits for that loop for ever."""
        for _ in self.generate([Message("user", ".")], GenerationRequest(max_tokens=1)):
            pass

    def warm(self, system_texts: Sequence[str]) -> None:
        """Compute each system text once, for one slot; what another slot computes itself it keeps as well."""
        for text in system_texts:
            messages = [Message("system", text), Message("user", ".")]
            for _ in self.generate(messages, GenerationRequest(max_tokens=1)):
                pass

    def close(self) -> None:
        """Free the weights once the calls under way have ended."""
        self._server = None


def _affordable_chat_tokens(path: Path, chats: int) -> int:
    size, free = path.stat().st_size, free_ram_bytes()

    def needed(tokens: int) -> int:
        # Keys and values of a token: 29 kB for the packaged 1.5B, 57 kB for a 7B; this errs upwards.
        return size + OVERHEAD_BYTES + chats * tokens * (size // 32_768)

    roomy, tight = CHAT_TOKENS
    if free is None or free >= needed(roomy):
        return roomy
    require_memory(needed(tight), free, path.name)
    return tight


def _identity(path: Path) -> ModelIdentity:
    found = re.search(r"[-._]((?:IQ|Q)\d\w*|BF16|F16|F32)$", path.stem, re.IGNORECASE)
    name = path.stem[: found.start()] if found else path.stem
    return ModelIdentity(name, found.group(1).lower() if found else "gguf", f"sha256:{fingerprint(path)[:12]}")


def _load(path: Path, chats: int, chat_tokens: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = chats
    params.n_ctx = chats * chat_tokens
    params.n_batch = params.n_ubatch = BATCH_TOKENS
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = physical_cores()
    params.verbosity = 0
    # The server always listens on a local port as well: nobody else gets the key.
    params.api_keys = [secrets.token_hex(32)]
    params.ui = params.endpoint_slots = False
    try:
        return xllamacpp.Server(params)
    except Exception as error:
        raise SetupError(f"{path} cannot be loaded as a GGUF model: {error}") from error


def physical_cores(cpus: Path = Path("/sys/devices/system/cpu")) -> int:
    """Return how many physical cores this process may use; the second thread of a core slows decoding."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    cores = set()
    for cpu in allowed:
        try:
            cores.add((cpus / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text().strip())
        except OSError:
            cores.add(str(cpu))
    return len(cores)


def _body(messages: Sequence[Message], request: GenerationRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "stop": list(request.stop),
        "stream": True,
        "cache_prompt": True,
        "return_progress": True,
    }
    if request.schema is not None:
        body["response_format"] = {"type": "json_schema", "json_schema": {"schema": request.schema}}
    return body


def _count(timings: dict[str, Any], usage: Usage) -> None:
    """Add what llama.cpp says at the end of an answer."""
    cached = timings.get("cache_n", 0)
    usage.prompt_tokens += cached + timings.get("prompt_n", 0)
    usage.cached_tokens += cached
    usage.output_tokens += timings.get("predicted_n", 0)
