"""What was made of answers that are given often is kept in its order, with whose choice it was."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.record import Record
from assistant.record.faq import FaqChoice, FaqChoices
from assistant.record.tables import FaqChoiceRow

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ADDED = FaqChoice("added", "en", "Do you engrave?", "Glass only.", ("t1", "t2", "t3"))
HIDDEN = FaqChoice("hidden", "zh", "招人吗？", "目前不招。", ("t9",))


class FaqCases:
    """What is promised of choices, whatever the database: a subclass's module gives `url`, an empty one."""

    def test_choices_come_back_as_they_were_made_oldest_first(self, url):
        record = Record(url)
        owner = record.agents.add("oda@example.org", "Oda", "owner", "a long secret")
        choices = FaqChoices(record.engine, lambda: NOW)
        assert choices.all() == ()
        choices.keep(owner.id, ADDED)
        choices.keep(owner.id, HIDDEN)
        assert choices.all() == (ADDED, HIDDEN)
        with Session(record.engine) as session:
            assert [(row.agent_id, row.at) for row in session.scalars(select(FaqChoiceRow))] == [(owner.id, NOW)] * 2
        record.close()


class TestFaq(FaqCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"
