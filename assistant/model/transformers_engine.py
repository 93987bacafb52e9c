"""Runs a checkpoint in 4-bit NF4 with transformers, on a GPU or a CPU.

There is no grammar: a JSON schema is asked for, not enforced.
"""

import copy
import hashlib
import threading
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from assistant.errors import ModelError
from assistant.model.nf4 import Loaded
from assistant.model.relay import Emit, relay, until_stop
from assistant.model.request import GenerationRequest, Message, ModelIdentity

SLOT_POLL_S = 0.05


class TransformersEngine:
    """A loaded 4-bit checkpoint that answers up to `chats` prompts at once."""

    constrains = False

    def __init__(self, loaded: Loaded, *, name: str, chats: int) -> None:
        self._loaded: Loaded | None = loaded
        self._prefixes: dict[str, _Prefix] = {}
        self._slots = threading.BoundedSemaphore(chats)
        self._turns = _Turns()
        config = (loaded.folder / "config.json").read_bytes()
        revision = getattr(loaded.model.config, "_commit_hash", None) or hashlib.sha256(config).hexdigest()
        self.identity = ModelIdentity(name, "nf4", revision[:12])
        # The first forward pass repacks the weights, which two threads must not do at once.
        list(self.generate([Message("user", ".")], GenerationRequest(max_tokens=1)))

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces as they are decoded, never half a character."""
        if self._loaded is None:
            raise ModelError("the model is closed")
        loaded = self._loaded
        pieces = relay(lambda emit: self._answer(loaded, messages, request, emit), cancelled=request.cancelled)
        return until_stop(pieces, request.stop) if request.stop else pieces

    def warm(self, system_texts: Sequence[str]) -> None:
        """Keep the attention state of each system text, to be copied into the prompts that begin with it."""
        import torch
        from transformers import DynamicCache

        if self._loaded is None:
            return
        for text in system_texts:
            ids = _shared_ids(self._loaded, text)
            cache = DynamicCache(config=self._loaded.model.config)
            with self._turns, torch.inference_mode():
                self._loaded.model(torch.tensor([ids], device=self._loaded.model.device), past_key_values=cache)
            self._prefixes[text] = _Prefix(ids, cache)

    def close(self) -> None:
        """Free the weights once the calls under way have ended."""
        self._loaded = None
        self._prefixes.clear()

    def _answer(self, loaded: Loaded, messages: Sequence[Message], request: GenerationRequest, emit: Emit) -> None:
        while not self._slots.acquire(timeout=SLOT_POLL_S):
            if emit(""):
                return
        try:
            self._decode(loaded, messages, request, emit)
        finally:
            self._slots.release()

    def _decode(self, loaded: Loaded, messages: Sequence[Message], request: GenerationRequest, emit: Emit) -> None:
        import torch

        ids = _prompt_ids(loaded, messages)
        limit = getattr(loaded.model.config, "max_position_embeddings", None)
        if limit and len(ids) + request.max_tokens > limit:
            raise ModelError(f"the prompt has {len(ids)} tokens; the model takes {limit - request.max_tokens}")
        options: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if request.temperature > 0:
            options = {"do_sample": True, "temperature": request.temperature}
        prefix = self._prefixes.get(messages[0].content) if messages[0].role == "system" else None
        if prefix is not None and ids[: len(prefix.ids)] == prefix.ids:
            options["past_key_values"] = copy.deepcopy(prefix.cache)
        prompt = torch.tensor([ids], device=loaded.model.device)

        def stopped(tokens: Any, scores: Any, **_: Any) -> Any:
            enough = emit("")
            self._turns.pass_on()
            return torch.full((tokens.shape[0],), enough, dtype=torch.bool, device=tokens.device)

        with self._turns, torch.inference_mode():
            loaded.model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=request.max_tokens,
                streamer=_Streamer(loaded.tokenizer, emit),
                stopping_criteria=[stopped],
                **options,
            )


class _Turns:
    """One forward pass at a time, in the order of asking: of several calls each moves on by a token in turn."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked = 0
        self._served = 0

    def __enter__(self) -> None:
        with self._changed:
            ticket = self._asked
            self._asked += 1
            self._changed.wait_for(lambda: self._served == ticket)

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._served += 1
            self._changed.notify_all()

    def pass_on(self) -> None:
        """Let whoever waits go first, then go on."""
        self.__exit__()
        self.__enter__()


class _Prefix:
    def __init__(self, ids: list[int], cache: Any) -> None:
        self.ids = ids
        self.cache = cache


class _Streamer:
    """Turns the tokens that `generate` puts into text, holding back an unfinished character."""

    def __init__(self, tokenizer: Any, emit: Emit) -> None:
        self._tokenizer = tokenizer
        self._emit = emit
        self._tokens: list[int] = []
        self._shown = 0
        self._prompt_seen = False

    def put(self, value: Any) -> None:
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        self._tokens.extend(value.flatten().tolist())
        text = self._text()
        if not text.endswith("\N{REPLACEMENT CHARACTER}"):
            self._show(text)

    def end(self) -> None:
        self._show(self._text())

    def _text(self) -> str:
        return str(self._tokenizer.decode(self._tokens, skip_special_tokens=True))

    def _show(self, text: str) -> None:
        if len(text) > self._shown:
            self._emit(text[self._shown :])
            self._shown = len(text)


def _prompt_ids(loaded: Loaded, messages: Sequence[Message]) -> list[int]:
    chat = [{"role": message.role, "content": message.content} for message in messages]
    text = loaded.tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
    return list(loaded.tokenizer(text, add_special_tokens=False)["input_ids"])


def _shared_ids(loaded: Loaded, system_text: str) -> list[int]:
    one, other = (_prompt_ids(loaded, [Message("system", system_text), Message("user", word)]) for word in "a1")
    return [a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))]
