"""Answers that others collected, in the record: each key once, the good ones kept, and what they come to."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.record import Record
from assistant.record.figure_tables import ChangeRow
from assistant.record.survey_figures import Answered, answered, elsewhere
from assistant.record.survey_import import bring_in
from assistant.record.surveys import Surveys
from assistant.record.tables import RatingRow
from assistant.surveys import PACKAGED, load_rules
from assistant.surveys.__main__ import main
from assistant.surveys.answers import COLUMNS
from assistant.types import Utterance
from tests.record.conversation import turn
from tests.record.test_agents import Clock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = datetime(2026, 11, 24, tzinfo=UTC).date()


class ImportCases:
    """What is promised of imported answers, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def record(self, url, clock):
        record = Record(url, clock=clock)
        yield record
        record.close()

    @pytest.fixture
    def take(self, record, tmp_path):
        def take(*rows, name="answers.csv"):
            good = {"at": "2026-11-24T15:00:00Z", "scale": "stars", "value": "5", "source": "e-mail"}
            lines = [",".join(f'"{(good | row).get(column, "")}"' for column in COLUMNS) for row in rows]
            file = tmp_path / name
            file.write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
            return bring_in(record.engine, file, NOW)

        return take

    def said(self, record, session_id=None, words="a lamp"):
        opened = record.open_turn(Utterance(words), "en", session_id=session_id)
        record.close_turn(turn(opened.turn_id, opened.session_id, words))
        return opened

    def rows(self, record, table=RatingRow):
        with Session(record.engine) as session:
            return session.scalars(select(table).order_by(table.id)).all()

    def test_a_rating_and_its_comment_are_two_rows_of_one_answer(self, record, take):
        first = self.said(record)
        last = self.said(record, first.session_id)
        done = take(
            {"key": "1", "session_id": first.session_id, "value": "4", "comment": "Fine."},
            {"key": "2", "turn_id": first.turn_id, "scale": "1 to 7", "value": "4", "subject": "agent", "locale": "zh"},
        )
        assert (done.added, done.repeated, done.rejected) == (2, 0, 0)
        value, comment, other = self.rows(record)
        assert (value.turn_id, value.kind, value.number, value.score) == (last.turn_id, "stars", 4, 0.75)
        assert (value.source, value.locale, value.offer_id, value.at) == (
            "e-mail", "en", None, datetime(2026, 11, 24, 15, tzinfo=UTC),
        )  # fmt: skip
        assert value.versions_id
        assert (comment.kind, comment.value, comment.score, comment.turn_id) == ("comment", "Fine.", None, last.turn_id)
        assert (other.turn_id, other.kind, other.score, other.subject, other.locale) == (
            first.turn_id, "own", 0.5, "agent", "zh",
        )  # fmt: skip
        assert first.session_id in [one.session_id for one in self.rows(record, ChangeRow)]

    def test_the_same_key_twice_is_one_answer_and_the_first_stays(self, record, take):
        assert take({"key": "1", "value": "2"}, {"key": "1", "value": "5", "comment": "Again."}).repeated == 1
        again = take({"key": "1", "value": "5", "comment": "Again."}, {"key": "1", "source": "phone"})
        assert (again.added, again.repeated) == (1, 1)  # another source numbers its own
        assert [(one.key, one.value) for one in self.rows(record)] == [("e-mail/1", "2"), ("phone/1", "5")]

    def test_a_bad_row_is_told_and_the_good_ones_are_kept(self, record, take):
        mine, other = self.said(record), self.said(record)
        done = take(
            {"key": "1"},
            {"key": "2", "value": "9"},
            {"key": "3", "session_id": "nobody"},
            {"key": "4", "turn_id": "none"},
            {"key": "5", "turn_id": mine.turn_id, "session_id": other.session_id},
            {"key": "6", "session_id": record.open_session("en")},
            {"key": "7", "value": "1"},
        )
        assert (done.added, done.rejected) == (2, 5)
        assert [(one.line, one.field) for one in done.rejects] == [
            (3, "value"), (4, "session_id"), (5, "turn_id"), (6, "session_id"), (7, "session_id"),
        ]  # fmt: skip
        assert [one.key for one in self.rows(record)] == ["e-mail/1", "e-mail/7"]

    def test_a_formula_is_kept_as_the_words_that_it_is(self, record, take):
        take({"key": "1", "comment": "=1+1"})
        assert [one.value for one in self.rows(record)] == ["5", "=1+1"]

    def test_thousands_come_in_and_once_more_adds_none(self, record, take):
        many = [{"key": str(n), "comment": "good"} for n in range(1_300)]
        assert take(*many).added == 1_300
        assert (take(*many).added, take(*many).repeated) == (0, 1_300)
        assert len(self.rows(record)) == 2_600

    def test_answers_from_elsewhere_are_counted_apart(self, record, take):
        opened = self.said(record)
        take(
            {"key": "1", "value": "5"},
            {"key": "2", "value": "2"},
            {"key": "3", "value": "1", "at": "2026-11-25"},
            {"key": "4", "scale": "nps", "value": "10", "source": "phone"},
            {"key": "5", "session_id": opened.session_id},
        )
        found = elsewhere(record.engine, DAY, DAY)
        assert [(one.source, one.kind, one.answers, one.satisfied, one.mean) for one in found] == [
            ("e-mail", "stars", 2, 1, 0.625), ("phone", "nps", 1, 1, 1.0),
        ]  # fmt: skip

    def test_offers_are_counted_by_moment_and_channel_with_the_last_answer_of_each(self, record, clock):
        surveys = Surveys(record.engine, load_rules(PACKAGED), clock=clock)
        offers = []
        for _ in range(4):
            opened = self.said(record)
            self.said(record, opened.session_id)
            clock.on(minutes=4)
            offers.append(surveys.due(opened.session_id, "idle").offer)
        linked = surveys.ask(self.said(record).session_id, "link")
        surveys.answer(offers[0].id, 1)
        surveys.answer(offers[0].id, 5)
        surveys.skip(offers[1].id)
        surveys.skip(offers[2].id)
        surveys.answer(offers[2].id, 2)  # who thinks better of it has answered
        surveys.answer(linked.id, comment="words alone are no answer on the scale")
        told = answered(record.engine, clock.now.date(), clock.now.date())
        assert [(r.trigger, r.channel, r.offered, r.answered, r.skipped, r.satisfied, r.mean) for r in told.responses] == [
            ("idle", "chat", 4, 2, 1, 1, 0.625), ("manual", "link", 1, 0, 0, 0, None),
        ]  # fmt: skip
        (version,) = told.versions
        assert (version.offered, version.answered, version.form) == (5, 2, load_rules(PACKAGED).form)
        later = clock.now.date() + timedelta(days=1)
        assert answered(record.engine, later, later) == Answered((), ())


class TestImportOnSQLite(ImportCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"

    def test_the_command_takes_a_file_in_and_tells_what_is_wrong(self, record, url, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("AISLE_RECORD_URL", url)
        file = tmp_path / "answers.csv"
        file.write_text("key,at,scale,value\n1,2026-11-24,stars,5\n2,2026-11-24,stars,7\n")
        assert main(["import", str(file)]) == 0
        told = capsys.readouterr()
        assert told.out == "1 answers added, 0 known already, 1 rows left out\n"
        assert told.err == "surveys: answers.csv:3: value: 7 is not from 1 to 5\n"
        assert main(["import", str(tmp_path / "none.csv")]) == 1
        assert "no feed at" in capsys.readouterr().err

    def test_the_command_prints_a_link_the_template_and_what_is_wrong(self, record, url, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("AISLE_RECORD_URL", url)
        monkeypatch.setenv("AISLE_PUBLIC_URL", "https://chat.example/")
        opened = self.said(record)
        assert main(["link", opened.session_id]) == 0
        assert capsys.readouterr().out.startswith("https://chat.example/rate/")
        assert main(["link", "nobody"]) == 1
        assert "no such session" in capsys.readouterr().err
        assert main(["template"]) == 0
        assert capsys.readouterr().out.startswith("key,at,session_id,")
        file = tmp_path / "survey.yaml"
        file.write_text("scale: hearts")
        assert main(["check", str(file)]) == 1
        assert "  question: Field required" in capsys.readouterr().err
        assert main(["check"]) == 0
