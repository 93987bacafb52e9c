"""What people of the shop answer often, as the owner meets it: looked for beside the shop, then added or turned away.

What was decided once does not come again, nor what the FAQ says already.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnknownId
from assistant.record.agents import Agent, must_lead, must_own
from assistant.record.faq import FaqChoice, FaqChoices
from assistant.sense import Embed
from assistant.service.faq import Entry, Suggestion, suggested, unsaid
from assistant.service.faq_file import add_section
from assistant.service.past import Case
from catalog import Policy

_PATIENCE_S = 0.5  # how long one who asks waits for a search that is short, as it is where nothing is new
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found last; `looking` while it is looked for anew, `failed` where that did not go through."""

    suggestions: tuple[Suggestion, ...]
    looking: bool
    failed: bool


class Often:
    """The suggestions for one shop's FAQ; safe to share between threads."""

    def __init__(
        self,
        closed: Callable[[], Callable[[], Iterable[Case]]],
        known: Embed,
        choices: FaqChoices,
        policies: Callable[[], Sequence[Policy]],
        folder: Path,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """`closed` makes what gives each closed conversation once; `known` embeds texts, whose vectors it may keep;
        `policies` are those of now, and `folder` is where they are written.
        """
        self._closed = closed
        self._known = known
        self._choices = choices
        self._policies = policies
        self._folder = folder
        self._patience_s = patience_s
        self._starting = threading.Lock()
        self._searching = threading.Lock()
        self._search: threading.Thread | None = None
        self._failed = False
        self._found: tuple[Suggestion, ...] | None = None
        self._forget()

    def look(self, agent: Agent) -> Looked:
        """What there is to suggest, as far as it is found; what was closed since is looked through meanwhile. For leads."""
        must_lead(agent)
        with self._starting:
            if self._search is None or not self._search.is_alive():
                self._search = threading.Thread(target=self._try, name="often answered", daemon=True)
                self._search.start()
            search = self._search
        search.join(self._patience_s)
        looking = search.is_alive()  # before what is found is looked at: else the last of it could be missed
        return Looked(self._open(), looking, self._failed)

    def find(self) -> tuple[Suggestion, ...]:
        """Look now, and give what there is to suggest."""
        with self._searching:
            new = {case.id: case for case in self._next()}
            self._cases |= new
            if new or self._found is None:
                self._found = suggested(list(self._cases.values()), self._known)
        return self._open()

    def hide(self, agent: Agent, id: str) -> None:
        """Never suggest this again. For leads. Raises UnknownId."""
        must_lead(agent)
        one = self._one(id)
        self._choices.keep(agent.id, FaqChoice("hidden", one.locale, one.question, one.answer, one.cases))

    def add(self, agent: Agent, id: str, question: str, answer: str) -> Path:
        """Put it into the FAQ in these words, and give the file. For owners. Raises UnknownId and NotAdded."""
        must_own(agent)
        one = self._one(id)
        file = add_section(self._folder, one.locale, question, answer)
        self._choices.keep(agent.id, FaqChoice("added", one.locale, question, answer, one.cases))
        return file

    def _forget(self) -> None:
        """Begin from nothing: what is new is told only once, and may have been lost on the way."""
        self._next = self._closed()
        self._cases: dict[str, Case] = {}
        self._found = None

    def _try(self) -> None:
        try:
            self.find()
            self._failed = False
        except Exception:
            _log.exception("what is answered often was not looked through")
            self._failed = True
            self._forget()

    def _one(self, id: str) -> Suggestion:
        """The suggestion of that id, whatever the FAQ says meanwhile. Raises UnknownId where it is decided."""
        found = next((one for one in self._undecided(self._choices.all()) if one.id == id), None)
        if found is None:
            raise UnknownId("suggestion", id)
        return found

    def _open(self) -> tuple[Suggestion, ...]:
        """What was found, is not decided yet, and is not in the FAQ."""
        if not self._found:
            return ()
        choices = self._choices.all()
        said = [Entry(one.locale, one.question, one.answer) for one in choices]
        said += [Entry(one.locale, one.title, one.text) for one in self._policies()]
        return unsaid(self._undecided(choices), said, self._known)

    def _undecided(self, choices: Sequence[FaqChoice]) -> list[Suggestion]:
        decided = {case for choice in choices for case in choice.cases}
        return [one for one in self._found or () if decided.isdisjoint(one.cases)]
