"""Runs a checkpoint in 4-bit NF4 with transformers, many chats at once, on a GPU or a CPU."""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from assistant.errors import ModelError
from assistant.model.grammar import Grammars
from assistant.model.memory import free_gpu_bytes, free_ram_bytes
from assistant.model.nf4 import Loaded
from assistant.model.packed import PackedModel
from assistant.model.relay import until_stop
from assistant.model.request import GenerationRequest, Message, ModelIdentity
from assistant.model.scheduler import Chat, Scheduler

# Tokens of prompts that are read in one pass. On two cores 64 take less than a second, and a cancelled chat is left and
# the others say a word between passes; on a GPU a pass is short whatever it holds.
CPU_PIECE, GPU_PIECE = 64, 1024
CPU_SHARE, GPU_SHARE = 0.25, 0.5  # of the free memory, for keys and values
LEAST, MOST = 256_000_000, 4_000_000_000  # bytes for them; at most so many on a CPU, where other things need memory too


class TransformersEngine:
    """A loaded 4-bit checkpoint that answers up to `chats` prompts at once, `memory` bytes for what they hold."""

    constrains = True

    def __init__(self, loaded: Loaded, *, name: str, chats: int, memory: int | None = None) -> None:
        on_gpu = loaded.model.device.type == "cuda"
        self.loaded: Loaded | None = loaded
        self._tokenizer = loaded.tokenizer
        model = PackedModel(loaded.model)
        self._scheduler: Scheduler | None = Scheduler(
            model,
            chats=chats,
            memory=memory or _memory(on_gpu),
            piece=GPU_PIECE if on_gpu else CPU_PIECE,
        )
        self._grammars = Grammars(loaded.tokenizer, loaded.model.config.get_text_config().vocab_size)
        self._ends = _ends(loaded)
        config = (loaded.folder / "config.json").read_bytes()
        revision = getattr(loaded.model.config, "_commit_hash", None) or hashlib.sha256(config).hexdigest()
        self.identity = ModelIdentity(name, "nf4", revision[:12])

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces as they are decoded, never half a character."""
        if self._scheduler is None:
            raise ModelError("the model is closed")
        chat = Chat(
            self.prompt(messages),
            request.max_tokens,
            request.temperature,
            self._ends,
            request.usage,
            request.cancelled,
            self._grammars.of_schema(request.schema) if request.schema is not None else None,
        )
        self._scheduler.submit(chat)
        pieces = self._pieces(chat)
        return until_stop(pieces, request.stop) if request.stop else pieces

    def warm(self, system_texts: Sequence[str]) -> None:
        """Read each system text once; prompts that begin with it find it read."""
        if self._scheduler is None:
            return
        for text in system_texts:
            self._scheduler.pin(self._shared(text))

    def close(self) -> None:
        """Free the weights once the calls under way have ended."""
        if self._scheduler is not None:
            self._scheduler.close()
            self._scheduler = self.loaded = None

    def _pieces(self, chat: Chat) -> Iterator[str]:
        """The answer as text, nothing while the prompt is read or a character is unfinished; leaving frees the place."""
        said: list[int] = []
        shown = 0
        try:
            for tokens in chat.tokens():
                said += tokens
                text = str(self._tokenizer.decode(said, skip_special_tokens=True))
                if text.endswith("\N{REPLACEMENT CHARACTER}"):
                    continue
                yield text[shown:]
                shown = len(text)
            if rest := str(self._tokenizer.decode(said, skip_special_tokens=True))[shown:]:
                yield rest
        finally:
            chat.cancelled.set()

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The tokens of a prompt, by the model's own chat template."""
        chat = [{"role": message.role, "content": message.content} for message in messages]
        text = self._tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
        return list(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _shared(self, system_text: str) -> list[int]:
        """The tokens that all prompts with this system text begin with."""
        one, other = (self.prompt([Message("system", system_text), Message("user", word)]) for word in "a1")
        return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]


def _ends(loaded: Loaded) -> frozenset[int]:
    """The tokens that end an answer."""
    told: Any = loaded.model.generation_config.eos_token_id
    found = told if isinstance(told, list) else [told]
    return frozenset(token for token in (*found, loaded.tokenizer.eos_token_id) if token is not None)


def _memory(on_gpu: bool) -> int:
    """How many bytes keys and values may take: a share of what is free."""
    if on_gpu:
        return max(int(GPU_SHARE * free_gpu_bytes()), LEAST)
    return min(max(int(CPU_SHARE * (free_ram_bytes() or 0)), LEAST), MOST)
