"""A desk over a real record that looks through what its people answered often."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.record.faq import FaqChoices
from assistant.service.closed import closed_of
from assistant.service.often import Often
from catalog import load_policies
from tests.service.beside import embedded
from tests.web.desks import Desked, desked

QUESTION, ANSWER = "Do you engrave a person?", "We engrave glass, within two days."


class Later:
    """Stands for what looks through a desk that is made before it."""

    often: Often

    def __getattr__(self, name: str) -> Any:
        return getattr(self.often, name)


@contextmanager
def answering(tmp_path: Path, **more: Any) -> Iterator[Desked]:
    """The desk, its policies in `policies` of the folder."""
    folder, later = tmp_path / "policies", Later()
    with desked(tmp_path, often=later, **more) as desk:
        choices = FaqChoices(desk.record.engine, desk.clock)

        def policies() -> Any:
            return load_policies(folder)

        def closed() -> Any:
            return closed_of(desk.record.desk, lambda _: None)

        later.often = Often(closed, embedded, choices, policies, folder, patience_s=30)
        yield desk


def answered(desk: Desked, question: str = QUESTION, answer: str = ANSWER) -> str:
    """A conversation that Ann closed with this answer, a minute after the one before."""
    desk.clock.on(minutes=1)
    ticket = desk.ticket(question)
    desk.do("ann", "claim", ticket)
    desk.write("ann", ticket, answer)
    desk.do("ann", "close", ticket, reason="resolved")
    return str(ticket["id"])
