"""One step of a service conversation: what comes in, and what is said and kept as it goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.phrases import say
from assistant.service.reading import Heard
from assistant.service.state import Asked, FlowState
from assistant.service.types import Proposal
from catalog import Locale

_REPLIES = 6

Talked = Sequence[tuple[str, str]]
"""What was said before: the customer's messages with the answers that they got, oldest first."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a message led to. `handing` names why a person is needed; `form` what a small form could ask for."""

    state: FlowState
    sentences: tuple[str, ...]
    quick_replies: tuple[str, ...] = ()
    proposal: Proposal | None = None
    handing: str | None = None
    form: tuple[str, ...] = ()


@dataclass
class Talk:
    """A step under way."""

    session_id: str
    locale: Locale
    heard: Heard
    message: str
    state: FlowState
    sentences: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    proposal: Proposal | None = None
    handing: str | None = None
    form: tuple[str, ...] = ()

    def say(self, phrase: str, **values: object) -> None:
        """One sentence more."""
        self.sentences.append(say(phrase, self.locale, **values))

    def change(self, **values: Any) -> None:
        """The state, with these fields as given."""
        self.state = replace(self.state, **values)

    def drop(self) -> None:
        """The first task is over."""
        self.change(tasks=self.state.tasks[1:])

    def ask_yes(self) -> None:
        """Offer the two answers to a question that wants a yes."""
        self.replies += [say("s_yes", self.locale), say("s_no", self.locale)]

    def offer_person(self) -> None:
        """Ask whether a person of the shop shall look at it."""
        self.say("s_offer_person")
        self.replies.append(say("s_q_person", self.locale))
        self.change(asked=Asked("person"))

    def step(self) -> Step:
        """The step as it is now."""
        replies = tuple(dict.fromkeys(self.replies))[:_REPLIES]
        return Step(self.state, tuple(self.sentences), replies, self.proposal, self.handing, self.form)
