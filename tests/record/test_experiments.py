"""Experiments in the log, and what came of the conversations that met them, measure by measure."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from assistant.errors import UnknownId
from assistant.record import Record
from assistant.record.events import Deed
from assistant.record.experiments import Experiments, Exposed
from assistant.record.outcomes import MEASURES, Outcomes
from assistant.record.shelves import drawn_shelves
from assistant.types import TicketDraft, Utterance
from tests.record.conversation import slate, turn
from tests.record.test_agents import Clock


class ExperimentCases:
    """What is promised of experiments, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def record(self, url, clock):
        made = Record(url, clock=clock)
        yield made
        made.close()

    @pytest.fixture
    def log(self, record, clock):
        return Experiments(record.engine, clock)

    def said(self, record, *, shopper=None, mark=None, session_id=None, chance=False, **more):
        """A turn whose shelf holds a and b."""
        opened = record.open_turn(Utterance("a lamp", shopper_id=shopper, mark=mark), "en", session_id=session_id)
        shown = slate("a", "b")
        if chance:
            items = tuple(replace(item, propensity=0.5, team="A") for item in shown.items)
            shown = replace(shown, items=items)
        record.show(opened.turn_id, shown)
        record.close_turn(replace(turn(opened.turn_id, opened.session_id, **more)))
        return opened

    def sums(self, record, id):
        outcomes = Outcomes(record.engine)
        found = {}
        for measure in MEASURES:
            rows = outcomes.counted(measure, experiment_id=id)
            found[measure] = (sum(row.y for row in rows), sum(row.n for row in rows))
        return found

    def test_measures_share_what_they_read_and_say_what_each_says_alone(self, record, log):
        id = log.add({"name": "one"}, None)
        for number in range(3):
            one = self.said(record, failure="it went wrong" if number else None)
            log.expose(one.session_id, one.turn_id, [Exposed(id, one.session_id, "A")])
            record.happened(Deed(one.turn_id, "a", "purchase", quantity=1, amount_minor=900, currency="USD"))
        outcomes, statements = Outcomes(record.engine), []
        alone = {measure: sorted(outcomes.counted(measure, experiment_id=id)) for measure in MEASURES}
        event.listen(record.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
        together = outcomes.each_counted(MEASURES, experiment_id=id)
        assert {measure: sorted(rows) for measure, rows in together.items()} == alone
        assert sum(row.y for row in together["failed_turns"]) == 2
        assert sum("JOIN member_turns" in one or "FROM member_turns" in one for one in statements) == 1

    def test_a_plan_and_what_is_done_to_it_come_back_in_order(self, log, clock):
        first = log.add({"name": "one"}, None)
        clock.on(seconds=1)
        second = log.add({"name": "two"}, None)
        log.tell(first, "started", {}, None, lambda kept, every: None)
        log.tell(first, "stopped", {"why": "敲定"}, None, lambda kept, every: None)
        assert [one.id for one in log.all()] == [second, first]
        assert [(one.kind, dict(one.data)) for one in log.all()[1].events] == [
            ("started", {}),
            ("stopped", {"why": "敲定"}),
        ]

    def test_what_does_not_fit_is_not_done(self, log):
        id = log.add({"name": "one"}, None)

        def never(kept, every):
            assert [one.id for one in every] == [kept.id] == [id]
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            log.tell(id, "started", {}, None, never)
        with pytest.raises(UnknownId):
            log.tell("other", "started", {}, None, never)
        assert log.all()[0].events == ()

    def test_a_conversation_meets_an_experiment_once(self, record, log):
        id = log.add({}, None)
        one = self.said(record, shopper="ann")
        log.expose(one.session_id, one.turn_id, [Exposed(id, "ann", "B")])
        log.expose(one.session_id, one.turn_id, [Exposed(id, "ann", "A")])
        assert [(m.session_id, m.unit, m.arm) for m in Outcomes(record.engine).met(id)] == [
            (one.session_id, "ann", "B")
        ]

    def test_what_a_shopper_met_first_is_known_in_every_conversation(self, record, log):
        id = log.add({}, None)
        first, second = self.said(record, shopper="ann"), self.said(record, shopper="ann")
        log.expose(first.session_id, first.turn_id, [Exposed(id, "ann", "B")])
        assert log.conversation(first.session_id, [id]).arms == {id: "B"}
        later = log.conversation(second.session_id, [id])
        assert (later.arms, later.units, later.shopper_id) == ({}, {id: "B"}, "ann")
        assert log.conversation(self.said(record, shopper="bob").session_id, [id]).units == {}
        assert log.conversation("nowhere", [id]) is None

    def test_every_measure_counts_what_it_says(self, record, log, clock):
        id = log.add({}, None)
        one = self.said(record, shopper="ann")
        two = self.said(record, session_id=one.session_id, failure="TimeoutError")
        other = self.said(record, shopper="bob")
        for opened in (one, other):
            log.expose(opened.session_id, opened.turn_id, [Exposed(id, opened.session_id, "A")])
        paid = Deed(one.turn_id, "a", "purchase", quantity=2, amount_minor=7_000, currency="USD")
        listed = Deed(two.turn_id, "b", "purchase", quantity=3)
        clicks = [Deed(one.turn_id, "a", "click"), Deed(one.turn_id, "a", "click"), Deed(two.turn_id, "b", "click")]
        robots = [Deed(other.turn_id, "a", "click", mark="bot"), Deed(other.turn_id, "a", "purchase", mark="staff")]
        record.events([*clicks, Deed(one.turn_id, "a", "cart"), paid, listed, *robots])
        record.rate(one.turn_id, "stars", 2)
        record.rate(two.turn_id, "stars", 4)
        record.rate(other.turn_id, "stars", 3)
        record.rate(one.turn_id, "thumb", "down", ["price"])
        record.rate(one.turn_id, "thumb", "up")
        record.rate(other.turn_id, "thumb", "down")
        record.open_ticket(other.turn_id, TicketDraft("person", "help"))
        record.open_ticket(other.turn_id, TicketDraft("question", "is it oak?", "a"))
        assert self.sums(record, id) == {
            "ctr": (2, 6),
            "conversion": (1, 2),
            "cart_rate": (1, 2),
            "revenue": (7_000 + 3 * 4_900, 2),
            "csat": (1, 2),
            "thumbs": (1, 2),
            "failed_turns": (1, 3),
            "handoffs": (1, 2),
            "no_match": (0, 3),
            "first_sentence_ms": (0, 0),
        }

    def test_those_that_did_not_meet_it_and_marked_visits_count_for_nothing(self, record, log):
        id = log.add({}, None)
        self.said(record)
        bot = self.said(record, mark="bot")
        log.expose(bot.session_id, bot.turn_id, [Exposed(id, bot.session_id, "A")])
        assert Outcomes(record.engine).met(id) == []
        assert set(self.sums(record, id).values()) == {(0, 0)}

    def test_what_is_usual_is_of_conversations_that_were_shown_something(self, record, clock):
        self.said(record)
        clock.on(days=40)
        one = self.said(record, shopper="ann")
        record.open_turn(Utterance("hello"), "en", session_id=None)
        since = clock.now - timedelta(days=28)
        outcomes = Outcomes(record.engine)
        assert [(m.session_id, m.unit) for m in outcomes.since(since)] == [(one.session_id, "ann")]
        assert sum(row.n for row in outcomes.counted("ctr", since=since)) == 2

    def test_clicks_on_an_interleaved_shelf_are_told_by_team(self, record, log):
        id = log.add({}, None)
        one, plain = self.said(record, chance=True), self.said(record)
        for opened in (one, plain):
            log.expose(opened.session_id, opened.turn_id, [Exposed(id, opened.session_id, "A")])
        record.events(
            [Deed(one.turn_id, "a", "click"), Deed(one.turn_id, "a", "click"), Deed(plain.turn_id, "a", "click")]
        )
        assert [(c.session_id, c.team) for c in Outcomes(record.engine).team_clicks(id)] == [(one.session_id, "A")]

    def test_shelves_that_chance_had_a_part_in_come_with_what_was_clicked(self, record):
        self.said(record)
        one = self.said(record, chance=True)
        record.events([Deed(one.turn_id, "b", "click")])
        (shelf,) = drawn_shelves(record.engine, 10)
        assert (shelf.turn_id, shelf.locale, shelf.need.category) == (one.turn_id, "en", "Home > Lamps")
        places = sorted(shelf.places, key=lambda place: place.position)
        assert [(p.product_id, p.position, p.propensity, p.clicked) for p in places] == [
            ("a", 1, 0.5, False),
            ("b", 2, 0.5, True),
        ]


class TestExperiments(ExperimentCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"
