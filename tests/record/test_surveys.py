"""Offers and answers: asked at the right moment and once, committed before it is shown, the last answer counts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.cart import CartChange
from assistant.errors import Conflict, UnknownId
from assistant.phrases import say
from assistant.record import Record
from assistant.record.figure_tables import ChangeRow
from assistant.record.insight_tables import OfferRow, SkipRow, SurveyRow
from assistant.record.surveys import BadAnswer, Surveys
from assistant.record.tables import RatingRow
from assistant.surveys import PACKAGED, Rules, load_rules, read_rules
from assistant.surveys.form import Words
from assistant.types import Question, Reply, TicketDraft, Utterance
from tests.record.conversation import turn
from tests.record.test_agents import SECRET, Clock
from tests.surveys.test_rules import survey

RULES = load_rules(PACKAGED)
CALL = TicketDraft("person", "a person, please")
THANKS = Reply("chat", say("thanks", "en"))


class SurveyCases:
    """What is promised of surveys, whatever the database: a subclass's module gives `url`, an empty one."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def record(self, url, clock):
        record = Record(url, clock=clock)
        yield record
        record.close()

    @pytest.fixture
    def surveys(self, record, clock):
        return self.under(record, clock, RULES)

    @pytest.fixture
    def rows(self, record):
        def read(table):
            with Session(record.engine) as session:
                return session.scalars(select(table).order_by(*table.__table__.primary_key.columns)).all()

        return read

    def under(self, record, clock, rules, **more):
        return Surveys(record.engine, rules, clock=clock, told=record.desk.signal.tell, **more)

    def say(self, record, words="a lamp", session_id=None, reply=None, shopper_id=None, **more):
        clock = record._clock
        clock.on(seconds=10)
        opened = record.open_turn(Utterance(words, shopper_id=shopper_id), "en", session_id=session_id)
        done = turn(opened.turn_id, opened.session_id, words)
        record.close_turn(replace(done, reply=reply or Reply("answer", "Yes."), **more))
        return opened

    def resolved(self, record, **more):
        """A conversation that the shopper has just ended with thanks."""
        session_id = self.say(record, **more).session_id
        return self.say(record, "thank you, bye", session_id, THANKS).session_id

    def handed(self, record, name="Mira", role="owner"):
        """A conversation that somebody of the shop has answered and closed, and their id."""
        agent = record.agents.add(f"{name}@example.org", name, role, SECRET)
        opened = self.say(record)
        handoff = record.open_ticket(opened.turn_id, CALL)
        record.desk.say(agent, handoff.ticket_id, "Done.", f"key-{name}-123", 10_000)
        return opened.session_id, handoff.ticket_id, agent

    def close(self, record, ticket_id, agent):
        version = record.desk.ticket(ticket_id).version
        record.desk.hands.close(agent, ticket_id, version, "resolved", "")

    def test_thanks_are_the_moment_and_the_offer_is_there_before_it_is_shown(self, record, surveys, rows):
        session_id = self.say(record).session_id
        assert surveys.due(session_id, "turn").why == "early"
        thanks = self.say(record, "thanks, that is all", session_id, THANKS)
        offer = surveys.due(session_id, "turn").offer
        assert (offer.trigger, offer.subject, offer.channel, offer.form) == (
            "resolved",
            "assistant",
            "chat",
            RULES.form,
        )
        (row,), (survey,) = rows(OfferRow), rows(SurveyRow)
        assert (row.id, row.turn_id, row.survey_id) == (offer.id, thanks.turn_id, survey.id)
        assert survey.id == RULES.form.digest()
        assert session_id in [one.session_id for one in rows(ChangeRow)]

    @pytest.mark.parametrize("words", ["ok", "OK, got it", "no", "好的", "cool"])
    def test_to_have_heard_something_is_no_farewell(self, record, surveys, words):
        session_id = self.say(record).session_id
        self.say(record, words, session_id, THANKS)
        assert surveys.due(session_id, "turn").why == "no_moment"

    def test_the_end_of_service_is_a_farewell(self, record, surveys):
        session_id = self.say(record).session_id
        self.say(
            record, "no", session_id, Reply("service", say("s_goodbye", "en")), service={"state": {}, "form": None}
        )
        assert surveys.due(session_id, "turn").offer.trigger == "resolved"

    def test_a_session_is_asked_once_however_often_it_is_loaded(self, record, surveys):
        session_id = self.resolved(record)
        assert surveys.due(session_id, "turn").offer
        for what in ("turn", "idle"):
            again = surveys.due(session_id, what)
            assert (again.offer, again.why, again.again) == (None, "asked", None)

    def test_two_pages_that_ask_at_once_get_one_offer(self, record, surveys, rows):
        session_id = self.resolved(record)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: surveys.due(session_id, "turn").offer, range(8)))
        assert len([one for one in found if one]) == len(rows(OfferRow)) == 1

    def test_a_shopper_is_left_alone_for_the_period_in_other_conversations(self, record, surveys, clock):
        assert surveys.due(self.resolved(record, shopper_id="ann"), "turn").offer
        clock.on(days=29)
        assert surveys.due(self.resolved(record, shopper_id="ann"), "turn").why == "lately"
        assert surveys.due(self.resolved(record, shopper_id="bob"), "turn").offer
        assert surveys.due(self.resolved(record), "turn", "ann").why == "lately"
        clock.on(days=2)
        assert surveys.due(self.resolved(record, shopper_id="ann"), "turn").offer

    def test_something_in_the_cart_is_a_moment_one_turn_later(self, record, surveys, clock):
        session_id = self.say(record).session_id
        clock.on(seconds=5)
        record.change_cart(session_id, [CartChange("set", "a", None, 1, 4_900, "USD")])
        assert surveys.due(session_id, "turn").why == "early"
        self.say(record, "and a shade", session_id)
        assert surveys.due(session_id, "turn").offer.trigger == "cart"

    def test_a_cart_that_was_brought_along_is_no_moment(self, record, surveys):
        session_id = record.open_session("en")
        record.change_cart(session_id, [CartChange("set", "a", None, 1, 4_900, "USD")])
        for _ in range(2):
            self.say(record, session_id=session_id)
        assert surveys.due(session_id, "turn").why == "no_moment"

    def test_idle_is_measured_by_the_shops_clock(self, record, surveys, clock):
        session_id = self.say(record).session_id
        self.say(record, "and a shade", session_id)
        due = surveys.due(session_id, "turn")
        assert (due.why, due.again) == ("no_moment", timedelta(minutes=3))
        clock.on(minutes=2)
        assert surveys.due(session_id, "idle").why == "no_moment"
        clock.on(minutes=1)
        assert surveys.due(session_id, "idle").offer.trigger == "idle"

    def test_the_number_of_turns_is_a_moment_only_where_the_rules_say_so(self, record, surveys, clock):
        session_id = self.say(record).session_id
        for _ in range(4):
            self.say(record, session_id=session_id)
        assert surveys.due(session_id, "turn").why == "no_moment"
        counting = self.under(record, clock, replace(RULES, turns=3))
        assert counting.due(session_id, "turn").offer.trigger == "turns"

    def test_a_moment_that_is_switched_off_is_none(self, record, clock):
        quiet = self.under(record, clock, replace(RULES, resolved=False, cart=False, closed=False, idle=None))
        session_id = self.resolved(record)
        clock.on(hours=1)
        for what in ("turn", "idle", "closed"):
            due = quiet.due(session_id, what)
            assert (due.offer, due.why, due.again) == (None, "no_moment", None)

    def test_nobody_is_asked_while_a_person_is_waited_for_or_there(self, record, surveys):
        session_id, _, agent = self.handed(record)
        self.say(record, "thanks", session_id, THANKS)
        assert surveys.due(session_id, "turn").why == "people"
        waiting = self.say(record)
        record.open_ticket(waiting.turn_id, CALL)
        self.say(record, "thanks", waiting.session_id, THANKS)
        assert surveys.due(waiting.session_id, "turn").why == "people"

    @pytest.mark.parametrize(
        ("reply", "more"),
        [
            (Reply("clarify", "What for?"), {}),
            (Reply("recommend", "These."), {"question": Question("What size?", "size", ())}),
            (Reply("service", "Shall I?", (), ("Yes", "No")), {}),
            (Reply("service", "Who are you?"), {"service": {"form": ["email"]}}),
        ],
    )
    def test_nobody_is_asked_while_the_assistant_asks(self, record, surveys, clock, reply, more):
        session_id = self.say(record).session_id
        self.say(record, "hm", session_id, reply, **more)
        clock.on(minutes=5)
        assert surveys.due(session_id, "idle").why == "asks"

    def test_bots_and_staff_are_not_asked(self, record, surveys):
        opened = record.open_turn(Utterance("a lamp", mark="staff"), "en", session_id=None)
        record.close_turn(replace(turn(opened.turn_id, opened.session_id), reply=THANKS))
        self.say(record, "thanks a lot", opened.session_id, THANKS)
        assert surveys.due(opened.session_id, "turn").why == "not_a_shopper"

    def test_the_agents_part_is_asked_apart_once_the_ticket_is_closed(self, record, surveys, rows):
        session_id, ticket_id, agent = self.handed(record)
        assert surveys.due(session_id, "closed").why == "people"
        self.close(record, ticket_id, agent)
        offer = surveys.due(session_id, "closed").offer
        assert (offer.subject, offer.agent, offer.trigger) == ("agent", "Mira", "closed")
        assert rows(OfferRow)[0].agent_id == agent.id
        surveys.answer(offer.id, 4, "Quick.")
        value, comment = rows(RatingRow)
        assert (value.kind, value.number, value.score, value.subject, value.reasons) == (
            "csat",
            4,
            0.75,
            "agent",
            ["agent"],
        )
        assert (comment.kind, comment.value, comment.subject) == ("comment", "Quick.", "agent")
        assert [event.kind for event in record.desk.events(0)][-2:] == ["rated", "rated"]
        assert surveys.due(session_id, "closed").why == "asked"
        self.say(record, "thanks", session_id, THANKS)
        assert surveys.due(session_id, "turn").why == "asked"  # one card is enough

    def test_who_was_asked_about_the_assistant_may_still_rate_the_agent(self, record, surveys):
        session_id = self.resolved(record)
        assert surveys.due(session_id, "turn").offer
        agent = record.agents.add("mira@example.org", "Mira", "owner", SECRET)
        ticket_id = record.open_ticket(self.say(record, "a person", session_id).turn_id, CALL).ticket_id
        record.desk.say(agent, ticket_id, "Done.", "key-123456", 10_000)
        self.close(record, ticket_id, agent)
        assert surveys.due(session_id, "closed").offer.subject == "agent"

    def test_a_ticket_that_nobody_answered_is_not_rated(self, record, surveys):
        agent = record.agents.add("mira@example.org", "Mira", "owner", SECRET)
        opened = self.say(record)
        ticket_id = record.open_ticket(opened.turn_id, CALL).ticket_id
        record.desk.hands.claim(agent, ticket_id, 1)
        self.close(record, ticket_id, agent)
        assert surveys.due(opened.session_id, "closed").why == "early"

    @pytest.mark.parametrize(("scale", "value", "score"), [("stars", 4, 0.75), ("nps", 9, 0.9), ("own", 3, 0.5)])
    def test_an_answer_is_a_row_with_its_score(self, record, clock, rows, scale, value, score):
        rules = read_rules(survey(scale={"min": 1, "max": 5} if scale == "own" else scale, labels=None))
        offer = self.under(record, clock, rules).due(self.resolved(record), "turn").offer
        told = self.under(record, clock, rules).answer(offer.id, value)
        (row,) = rows(RatingRow)
        assert (row.kind, row.value, row.number, row.score, row.subject) == (
            scale,
            str(value),
            value,
            score,
            "assistant",
        )
        assert (row.offer_id, row.turn_id, row.source, row.locale, told.value) == (
            offer.id,
            offer.turn_id,
            "chat",
            "en",
            value,
        )
        assert row.versions_id

    def test_the_last_answer_counts_and_the_first_stays(self, record, surveys, rows):
        offer = surveys.due(self.resolved(record), "turn").offer
        surveys.answer(offer.id, 2)
        surveys.answer(offer.id, 5, source="link")
        surveys.answer(offer.id, comment="Kind.")
        assert [(row.kind, row.value, row.source) for row in rows(RatingRow)] == [
            ("stars", "2", "chat"), ("stars", "5", "link"), ("comment", "Kind.", "chat"),
        ]  # fmt: skip
        now = surveys.offer(offer.id)
        assert (now.value, now.comment) == (5, "Kind.")

    def test_feedback_without_an_offer_is_scored_too(self, record, rows):
        opened = self.say(record)
        record.rate(opened.turn_id, "stars", 2)
        record.rate(opened.turn_id, "csat", 5, ["agent"])
        record.rate(opened.turn_id, "nps", 7)
        record.rate(opened.turn_id, "thumb", "up")
        assert [(row.number, row.score, row.subject, row.offer_id) for row in rows(RatingRow)] == [
            (2, 0.25, None, None), (5, 1.0, "agent", None), (7, 0.7, None, None), (None, None, None, None),
        ]  # fmt: skip
        assert [one.session_id for one in rows(ChangeRow)].count(opened.session_id) >= 4

    def test_whoever_holds_a_link_fills_no_disk(self, record, surveys):
        offer = surveys.due(self.resolved(record), "turn").offer
        for _ in range(20):
            surveys.answer(offer.id, 3)
        with pytest.raises(Conflict, match="often enough"):
            surveys.answer(offer.id, 3)

    @pytest.mark.parametrize("value", [0, 6, True, "5", None])
    def test_what_is_not_on_the_scale_is_refused_by_its_field(self, record, surveys, rows, value):
        offer = surveys.due(self.resolved(record), "turn").offer
        with pytest.raises(BadAnswer) as caught:
            surveys.answer(offer.id, value)
        assert caught.value.field == "value"
        assert rows(RatingRow) == []

    def test_a_link_holds_so_long_and_no_longer(self, record, surveys, clock):
        offer = surveys.due(self.resolved(record), "turn").offer
        assert offer.expires_at == offer.at + timedelta(days=30)
        clock.on(days=29, hours=23)
        surveys.answer(offer.id, 5)
        clock.on(hours=2)
        with pytest.raises(UnknownId, match="can still be answered"):
            surveys.answer(offer.id, 1)
        assert surveys.offer(offer.id).value == 5

    def test_what_was_asked_waits_until_it_is_answered_declined_or_over(self, record, surveys, clock):
        session_id, ticket_id, agent = self.handed(record)
        self.close(record, ticket_id, agent)
        about_agent = surveys.due(session_id, "closed").offer
        answered = surveys.due(self.resolved(record), "turn").offer
        declined = surveys.due(self.resolved(record), "turn").offer
        surveys.answer(answered.id, 4)
        surveys.skip(declined.id)
        assert [one.id for one in surveys.unanswered(session_id)] == [about_agent.id]
        assert surveys.due(session_id, "closed").why == "asked"  # that it waits is no second question
        assert surveys.unanswered(answered.session_id) == surveys.unanswered(declined.session_id) == ()
        clock.on(days=30)
        assert surveys.unanswered(session_id) == ()

    def test_a_mail_asks_about_the_agent_once_the_ticket_is_closed(self, record, surveys, rows):
        session_id, ticket_id, agent = self.handed(record)
        assert surveys.by_mail(session_id) is None
        self.close(record, ticket_id, agent)
        offer = surveys.by_mail(session_id)
        assert (offer.subject, offer.trigger, offer.channel, offer.agent) == ("agent", "closed", "mail", "Mira")
        assert surveys.by_mail(session_id).id == offer.id  # tried again, it is the same question
        assert surveys.due(session_id, "closed").why == "asked"
        assert [one.id for one in surveys.unanswered(session_id)] == [offer.id] == [row.id for row in rows(OfferRow)]

    def test_a_mail_asks_what_was_asked_before_and_still_waits(self, record, surveys):
        session_id, ticket_id, agent = self.handed(record)
        asked = surveys.ask(session_id, "desk")
        self.close(record, ticket_id, agent)
        assert surveys.by_mail(session_id).id == asked.id

    @pytest.mark.parametrize("done", ["answer", "comment", "skip"])
    def test_a_mail_asks_nothing_that_was_answered_or_declined(self, record, surveys, done):
        session_id, ticket_id, agent = self.handed(record)
        self.close(record, ticket_id, agent)
        offer = surveys.due(session_id, "closed").offer
        if done == "skip":
            surveys.skip(offer.id)
        else:
            surveys.answer(offer.id, *((4,) if done == "answer" else (None, "Kind.")))
        assert surveys.by_mail(session_id) is None

    def test_a_mail_asks_only_where_closing_is_a_moment(self, record, surveys, clock):
        session_id, ticket_id, agent = self.handed(record)
        surveys.ask(session_id, "desk")
        self.close(record, ticket_id, agent)
        assert self.under(record, clock, replace(RULES, closed=False)).by_mail(session_id) is None
        with pytest.raises(UnknownId):
            surveys.by_mail("nobody")

    def test_without_a_question_about_agents_a_mail_asks_about_the_assistant(self, record, clock):
        plain = self.under(record, clock, replace(RULES, agent=None))
        session_id = self.resolved(record)
        asked = plain.due(session_id, "turn").offer
        agent = record.agents.add("mira@example.org", "Mira", "owner", SECRET)
        ticket_id = record.open_ticket(self.say(record, "a person", session_id).turn_id, CALL).ticket_id
        record.desk.say(agent, ticket_id, "Done.", "key-123456", 10_000)
        self.close(record, ticket_id, agent)
        assert plain.by_mail(session_id).id == asked.id
        plain.skip(asked.id)
        assert plain.by_mail(session_id) is None

    def test_to_skip_twice_is_to_skip_once(self, record, surveys, rows):
        offer = surveys.due(self.resolved(record), "turn").offer
        surveys.skip(offer.id)
        surveys.skip(offer.id)
        assert len(rows(SkipRow)) == 1
        assert surveys.offer(offer.id).skipped

    def test_what_is_unknown_is_told(self, record, surveys):
        for act in (
            lambda: surveys.due("nobody", "turn"),
            lambda: surveys.ask("nobody", "link"),
            lambda: surveys.unanswered("nobody"),
            lambda: surveys.offer("none"),
            lambda: surveys.answer("none", 5),
            lambda: surveys.skip("none"),
        ):
            with pytest.raises(UnknownId):
                act()

    def test_a_person_of_the_shop_may_ask_at_any_moment_and_it_is_one_offer(self, record, surveys, rows):
        session_id = self.say(record).session_id
        first = surveys.ask(session_id, "link")
        assert (first.subject, first.trigger, first.channel) == ("assistant", "manual", "link")
        assert surveys.ask(session_id, "desk").id == first.id
        surveys.answer(first.id, 3)
        with pytest.raises(Conflict, match="answered already"):
            surveys.ask(session_id, "desk")
        assert len(rows(OfferRow)) == 1

    def test_what_is_asked_from_the_desk_is_about_who_has_the_ticket(self, record, surveys):
        session_id, ticket_id, agent = self.handed(record)
        offer = surveys.ask(session_id, "desk")
        assert (offer.subject, offer.agent) == ("agent", "Mira")
        self.close(record, ticket_id, agent)
        assert surveys.due(session_id, "closed").why == "asked"

    def test_there_is_nothing_to_rate_where_nothing_was_said(self, record, surveys):
        session_id = record.open_session("en")
        assert surveys.due(session_id, "turn").why == "early"
        with pytest.raises(Conflict, match="nothing has been said"):
            surveys.ask(session_id, "link")

    def test_an_arm_has_its_own_wording_and_is_chosen_only_where_it_is_asked(self, record, clock, rows):
        short = replace(RULES.form, variant="short", question=Words("Did it help?", "有帮助吗？"))
        arms = []

        def arm_of(session_id, shopper_id):
            arms.append((session_id, shopper_id))
            return "short"

        trying = self.under(record, clock, Rules(RULES.form, RULES.agent, {"short": short}), arm_of=arm_of)
        session_id = self.say(record).session_id
        trying.due(session_id, "turn")
        assert arms == []
        self.say(record, "thanks", session_id, THANKS)
        assert trying.due(session_id, "turn", "ann").offer.form == short
        assert arms == [(session_id, "ann")]
        assert rows(SurveyRow)[0].data["variant"] == "short"

    def test_each_version_of_the_wording_is_a_row_and_an_old_offer_keeps_its_own(self, record, surveys, clock, rows):
        first = surveys.due(self.resolved(record), "turn").offer
        changed = replace(RULES, form=replace(RULES.form, thanks=Words("Thanks!", "谢谢！")))
        later = self.under(record, clock, changed)
        second = later.due(self.resolved(record), "turn").offer
        assert later.due(self.resolved(record), "turn").offer.form == second.form
        assert later.offer(first.id).form == RULES.form
        assert len(rows(SurveyRow)) == 2


class TestSurveysOnSQLite(SurveyCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"
