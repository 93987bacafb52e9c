"""What an engine is asked and how it answers: the seam between the chat model and whatever runs the weights.

Knows no LangChain and no engine.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which weights answer; stored with every turn."""

    name: str
    quantisation: str
    revision: str

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}"


@dataclass(slots=True)
class Usage:
    """What one generation took, filled in by the engine as it goes; what an engine cannot tell stays as it is.

    `cached_tokens` of the prompt were found computed, `queued_s` passed before the engine began on it, and `batch` is the
    most generations that were decoded together with it, itself included. `answered_by` is who answered, where the
    engine chooses among several; else it is the engine's own identity.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    queued_s: float = 0.0
    batch: int = 0
    answered_by: ModelIdentity | None = None

    def add(self, other: "Usage") -> None:
        """Count another generation in."""
        self.prompt_tokens += other.prompt_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.queued_s += other.queued_s
        self.batch = max(self.batch, other.batch)
        self.answered_by = other.answered_by or self.answered_by


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """How to answer. `schema` is a JSON schema the text must satisfy; `cancelled` is read between tokens.

    `purpose` names the prompt for whoever measures, `usage` takes what was measured.
    """

    max_tokens: int = 256
    temperature: float = 0.0
    schema: dict[str, Any] | None = None
    stop: tuple[str, ...] = ()
    stall_timeout_s: float = 20.0
    cancelled: threading.Event = field(default_factory=threading.Event)
    purpose: str = ""
    usage: Usage = field(default_factory=Usage)


class Engine(Protocol):
    """Runs the weights. `constrains` says whether `schema` is enforced token by token."""

    constrains: bool

    @property
    def identity(self) -> ModelIdentity: ...

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        """Yield pieces of text as they are generated; give up within a step of `request.cancelled`."""
        ...

    def warm(self, system_texts: Sequence[str]) -> None:
        """Compute what prompts that begin with these system texts share."""
        ...

    def close(self) -> None:
        """Free the weights."""
        ...
