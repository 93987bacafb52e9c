"""Generates for many chats at once on one model: a thread that runs one packed pass after the other.

In every pass each chat that speaks goes on by at least a token, and a bounded piece of the prompts that wait is read, so
nobody waits for somebody else's answer and no stream stalls for somebody else's prompt (chunked prefill as in Agrawal
et al. 2023, Sarathi). A chat that repeats its prompt is offered the words that followed there; the pass that checks them
costs less than one for each (prompt lookup, Saxena 2023). Whoever leaves is dropped before the next pass.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.errors import ModelError
from assistant.model.packed import Part
from assistant.model.prefixes import Prefixes
from assistant.model.request import Usage

_LOOKED_UP = 4  # tokens that a chat which repeats its prompt is offered at once
_OFFERING = 4  # chats up to which that pays: in larger passes every token counts


class Passes(Protocol):
    """A model that runs packed passes: PackedModel, or one in tests that knows its answers."""

    positions: int

    @property
    def token_bytes(self) -> int: ...
    def keys(self, positions: int) -> Any: ...
    def forward(self, parts: Sequence[Part]) -> list[Any]: ...


class Grammar(Protocol):
    """What may come next in one answer."""

    @property
    def finished(self) -> bool: ...
    def allow(self, logits: Any) -> Any:
        """The logits with all that may not come next made impossible."""
        ...

    def take(self, token: int) -> list[int]:
        """Go on past a token, and past those that can only follow it; these are given back."""
        ...


@dataclass(slots=True)
class Chat:
    """One generation: its prompt, its limits, and how far it has come.

    `pending` are the tokens that the model has not read yet, `read` is how many it has; `produced` are those it made.
    `places` says where what followed two tokens begins, for all before `looked`.
    """

    prompt: list[int]
    max_tokens: int
    temperature: float
    ends: frozenset[int]
    usage: Usage
    cancelled: threading.Event
    grammar: Grammar | None = None
    arrived: float = field(default_factory=time.monotonic)
    pending: list[int] = field(default_factory=list)
    produced: list[int] = field(default_factory=list)
    read: int = 0
    keys: Any = None
    pinned: bool = False
    places: dict[tuple[int, int], int] = field(default_factory=dict)
    looked: int = 0
    sink: "queue.SimpleQueue[list[int] | Exception | None]" = field(default_factory=queue.SimpleQueue)

    def tokens(self) -> Iterator[list[int]]:
        """What is generated, as it comes; nothing while the prompt is read. Raises what the scheduler failed with."""
        while (item := self.sink.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item

    @property
    def positions(self) -> int:
        """How many positions the whole chat may take."""
        return len(self.prompt) + self.max_tokens + _LOOKED_UP


class Scheduler:
    """Runs up to `chats` chats at once within `memory` bytes of keys and values, `piece` tokens of prompts a pass."""

    def __init__(self, model: Passes, *, chats: int, memory: int, piece: int) -> None:
        self._model = model
        self._chats = chats
        self._memory = memory
        self._piece = piece
        self._waiting: deque[Chat] = deque()
        self._running: list[Chat] = []
        self._changed = threading.Condition()
        self._closed = False
        self.prefixes = Prefixes(memory // 2)
        self._thread = threading.Thread(target=self._run, name="model-scheduler", daemon=True)
        self._thread.start()

    def submit(self, chat: Chat) -> Chat:
        """Let a chat wait for its place. Raises ModelError where it could never be held."""
        limit = min(self._model.positions, (self._memory - self.prefixes.pinned) // self._model.token_bytes)
        if chat.positions > limit:
            raise ModelError(f"the prompt has {len(chat.prompt)} tokens; the model takes {limit - chat.max_tokens}")
        with self._changed:
            if self._closed:
                raise ModelError("the model is closed")
            self._waiting.append(chat)
            self._changed.notify_all()
        return chat

    def pin(self, prompt: list[int]) -> None:
        """Read the beginning of later prompts, and keep it for as long as the model is open."""
        for _ in self.submit(Chat(prompt, 0, 0.0, frozenset(), Usage(), threading.Event(), pinned=True)).tokens():
            pass

    def close(self) -> None:
        """Take no more chats; those under way are finished."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self) -> None:
        while self._wait():
            try:
                self._pass()
            except Exception as error:
                for chat in self._running:
                    self._end(chat, ModelError(f"the model failed: {error}"))
                self._running = []

    def _wait(self) -> bool:
        """Wait until there is something to do; False once there never will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting or self._running)
            self._leave()
            self._admit()
            return bool(self._running or self._waiting or not self._closed)

    def _leave(self) -> None:
        for chats in (self._waiting, self._running):
            for chat in [one for one in chats if one.cancelled.is_set()]:
                chats.remove(chat)
                self._end(chat, None)

    def _admit(self) -> None:
        """Give places to who has waited longest, as far as places and memory go."""
        while self._waiting and len(self._running) < self._chats:
            chat = self._waiting[0]
            used = sum(one.positions for one in self._running) * self._model.token_bytes
            free = self._memory - used - chat.positions * self._model.token_bytes
            self.prefixes.shrink(max(free, 0))
            if self._running and self.prefixes.bytes > free:
                return
            self._waiting.popleft()
            self._begin(chat)
            self._running.append(chat)

    def _begin(self, chat: Chat) -> None:
        chat.usage.queued_s = time.monotonic() - chat.arrived
        chat.keys = self._model.keys(chat.positions)
        shared, keys = self.prefixes.longest(chat.prompt)
        chat.read = min(shared, len(chat.prompt) - 1)
        if chat.read:
            chat.keys[..., : chat.read, :] = keys[..., : chat.read, :]
        chat.pending = chat.prompt[chat.read :]
        chat.usage.prompt_tokens += len(chat.prompt)
        chat.usage.cached_tokens += chat.read

    def _pass(self) -> None:
        parts, taking = [], []
        speaking = sum(len(chat.pending) for chat in self._running if chat.produced)
        budget = max(self._piece - speaking, 1)
        for chat in self._running:
            count = len(chat.pending) if chat.produced else min(len(chat.pending), budget)
            if not count:
                continue
            budget -= 0 if chat.produced else count
            whole = count == len(chat.pending)
            offered = self._offered(chat) if whole else []
            wanted = 1 + len(offered) if whole and chat.max_tokens else 0
            parts.append(Part(chat.keys, chat.read, chat.pending[:count] + offered, wanted))
            taking.append((chat, count, offered))
        if not parts:
            return
        for (chat, count, offered), logits in zip(taking, self._model.forward(parts), strict=True):
            chat.usage.batch = max(chat.usage.batch, len(parts))
            chat.read += count
            chat.pending = chat.pending[count:]
            if not chat.pending and chat.max_tokens:
                self._speak(chat, offered, logits)
            elif not chat.pending:
                self._end(chat, None)
            else:
                chat.sink.put([])
        self._running = [chat for chat in self._running if chat.keys is not None]

    def _offered(self, chat: Chat) -> list[int]:
        """What followed the last two tokens where they stood before, in the prompt or in the answer."""
        if chat.temperature or chat.grammar or not chat.produced or len(self._running) > _OFFERING:
            return []
        said = chat.prompt + chat.produced
        for place in range(chat.looked, len(said) - 2):
            chat.places[said[place], said[place + 1]] = place + 2
        chat.looked = max(len(said) - 2, 0)
        place = chat.places.get((said[-2], said[-1]), len(said))
        return said[place : place + min(_LOOKED_UP, chat.max_tokens - len(chat.produced) - 1)]

    def _speak(self, chat: Chat, offered: list[int], logits: Any) -> None:
        """Take the next token, and those after it for as long as each is what was offered."""
        found: list[int] = []
        ended = False
        for place, row in enumerate(logits):
            token = _chosen(row, chat)
            ended = token in chat.ends
            if not ended:
                found.append(token)
            if ended or place == len(offered) or offered[place] != token:
                break
        read = len(found) if ended else len(found) - 1  # of what was found; the last one was never offered
        chat.read += read
        if chat.grammar and found:
            found += chat.grammar.take(found[-1])
            ended = ended or chat.grammar.finished
        found = found[: chat.max_tokens - len(chat.produced)]
        chat.pending = found[read:]
        chat.produced += found
        chat.usage.output_tokens += len(found)
        if found:
            chat.sink.put(found)
        if ended or len(chat.produced) >= chat.max_tokens:
            self._end(chat, None)

    def _end(self, chat: Chat, error: Exception | None) -> None:
        if chat.keys is not None and error is None and chat.read > 1:
            known = (chat.prompt + chat.produced)[: chat.read]
            self.prefixes.keep(known, chat.keys, chat.positions * self._model.token_bytes, pinned=chat.pinned)
        chat.keys = None
        chat.sink.put(error)


def _chosen(logits: Any, chat: Chat) -> int:
    if chat.grammar:
        logits = chat.grammar.allow(logits)
    if not chat.temperature:
        return int(logits.argmax())
    import torch

    return int(torch.multinomial(torch.softmax(logits.float() / chat.temperature, dim=-1), 1))
