"""How the survey is answered in the conversations that the filters let through, and those conversations themselves.

The days are those on which it was asked, not those on which the conversations began.
"""

from dataclasses import replace

from sqlalchemy import Engine, func, select

from assistant.insight.behind import page_of
from assistant.insight.filters import Filters
from assistant.insight.reading import alike, generation, snapshot
from assistant.insight.views import Conversations
from assistant.record.figure_tables import FactsRow, StateRow
from assistant.record.survey_figures import (
    SHOPPERS,
    Answered,
    Elsewhere,
    So,
    Some,
    answered,
    asked_in,
    elsewhere,
)
from assistant.record.tables import SessionRow


class SurveyFigures:
    """The survey's figures of one record; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answered(self, filters: Filters) -> Answered:
        """By whom it is about, moment and channel; and by wording."""
        return answered(self._engine, filters.since, filters.until, _so(filters))

    def elsewhere(self, filters: Filters) -> tuple[Elsewhere, ...]:
        """What belongs to no conversation: of the filters only days and language say anything of it."""
        return elsewhere(self._engine, filters.since, filters.until, filters.locale)

    def conversations(self, filters: Filters, some: Some, after: str | None, limit: int) -> Conversations:
        """One page of the conversations in which some of it was asked; ValueError for a wrong `after`."""
        wanted = asked_in(filters.since, filters.until, some, _so(filters))
        with snapshot(self._engine) as connection:
            facts = select(FactsRow).where(FactsRow.generation == generation(connection))
            return page_of(connection, facts.where(FactsRow.session_id.in_(wanted)), after, limit)


def _so(filters: Filters) -> So:
    """What the filters, but for the days, ask of a session."""
    found = list(SHOPPERS) if filters.who == "shopper" else []
    if filters.locale:
        found.append(SessionRow.locale == filters.locale)
    rest = replace(filters, locale=None, who="all")
    if rest.named().keys() > {"from", "to", "who"}:
        kept = select(func.coalesce(func.max(StateRow.generation), 0)).scalar_subquery()
        own = FactsRow.session_id == SessionRow.id  # offers lead to few conversations, the filters to many
        found.append(select(FactsRow.id).where(own, *alike(rest, kept, each=True)).exists())
    return found
