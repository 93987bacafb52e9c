"""What the owner made of answers that are given often. Appended to and never changed; the FAQ itself is the owner's file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assistant.record.database import writing
from assistant.record.tables import FaqChoiceRow
from catalog import Locale

ChoiceKind = Literal["added", "hidden"]


@dataclass(frozen=True, slots=True)
class FaqChoice:
    """A question with its answer, put into the FAQ or not wanted there, and the tickets that it came from."""

    kind: ChoiceKind
    locale: Locale
    question: str
    answer: str
    cases: tuple[str, ...]


class FaqChoices:
    """The choices of one record; safe to share between threads."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def keep(self, agent_id: str, choice: FaqChoice) -> None:
        """Commit a choice and whose it was."""
        with Session(writing(self._engine)) as session, session.begin():
            session.add(
                FaqChoiceRow(
                    agent_id=agent_id, kind=choice.kind, locale=choice.locale, question=choice.question,
                    answer=choice.answer, cases=list(choice.cases), at=self._clock(),
                )
            )  # fmt: skip

    def all(self) -> tuple[FaqChoice, ...]:
        """Every choice, oldest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(FaqChoiceRow).order_by(FaqChoiceRow.id))
            return tuple(
                FaqChoice(
                    cast(ChoiceKind, row.kind), cast(Locale, row.locale), row.question, row.answer, tuple(row.cases)
                )
                for row in rows
            )
