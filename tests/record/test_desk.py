"""The desk's log: whose a ticket is, who may write what, and that nothing is lost, doubled or answered unseen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.errors import NotAllowed, UnknownId
from assistant.record import Record
from assistant.record.agents import Agent
from assistant.record.desk.fold import fold
from assistant.record.desk.types import Counts, Macro, TicketChanged, Unseen, Wanted
from assistant.record.tables import AgentRow
from assistant.types import Handoff, Reply, TicketDraft, Utterance
from tests.record.conversation import PRODUCTS, turn
from tests.record.older import older
from tests.record.test_agents import Clock

ASKS = TicketDraft("person", "A person, please", summary={"wanted": "a refund", "mood": -0.4}, priority=1)


def said(record, message, session_id=None, locale="en"):
    return record.open_turn(Utterance(message), locale, session_id=session_id)


def asked(record, draft=ASKS, session_id=None, locale="en"):
    """The hand-off of a turn in which the shop was asked for something."""
    return record.open_ticket(said(record, draft.question, session_id, locale).turn_id, draft)


class Recorded:
    """A record at `url`, an empty one that a subclass's module gives, with a clock that tests set."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def record(self, url, clock):
        record = Record(url, clock=clock)
        yield record
        record.close()


class DeskCases(Recorded):
    """What the desk promises, whatever the database."""

    @pytest.fixture
    def desk(self, record):
        return record.desk

    @pytest.fixture
    def people(self, record):
        """Ann and Bob are agents, Lea leads, Oda owns; their passwords are nobody's business here."""
        roles = {"ann": "agent", "bob": "agent", "lea": "lead", "oda": "owner"}
        made = {}
        with record.desk._log.beside() as session:
            for name, role in roles.items():
                made[name] = Agent(name, f"{name}@example.org", name.title(), role, "en", True, record.desk.now())
                values = {one: getattr(made[name], one) for one in ("id", "email", "name", "role", "locale", "active")}
                session.add(AgentRow(**values, password="none", created_at=record.desk.now()))
        return made

    @pytest.fixture
    def ann(self, people):
        return people["ann"]

    @pytest.fixture
    def bob(self, people):
        return people["bob"]

    @pytest.fixture
    def lea(self, people):
        return people["lea"]

    @pytest.fixture
    def ticket(self, record):
        """A ticket that waits for a person."""
        return record.desk.ticket(asked(record).ticket_id)

    def claimed(self, desk, agent, ticket):
        return desk.hands.claim(agent, ticket.ticket_id, desk.ticket(ticket.ticket_id).version)

    def kinds(self, desk, **more):
        return [event.kind for event in desk.events(0, **more)]

    def test_a_ticket_opens_with_what_the_shopper_wants(self, record, clock):
        handoff = asked(record)
        state = record.desk.ticket(handoff.ticket_id)
        assert (state.status, state.agent_id, state.version, state.reason) == ("open", None, 1, "person")
        assert (state.line, state.mood, state.priority, state.language) == ("A person, please", -0.4, 1, "en")
        assert state.summary == {"wanted": "a refund", "mood": -0.4}
        assert state.waiting_since == state.created_at == clock.now

    def test_the_state_of_a_ticket_is_the_fold_of_its_events(self, record, desk, clock, people, ticket):
        ann, bob, lea = people["ann"], people["bob"], people["lea"]
        id, session_id = ticket.ticket_id, ticket.session_id
        self.claimed(desk, ann, ticket)
        said(record, "hello?", session_id)
        desk.say(ann, id, "Hello", "key-0001", 0)
        desk.note(ann, id, "be kind", "key-0002")
        desk.hands.transfer(ann, id, desk.ticket(id).version, "bob", "yours")
        desk.hands.snooze(bob, id, desk.ticket(id).version, clock.now + timedelta(hours=1))
        said(record, "still there?", session_id)
        desk.hands.assign(lea, id, desk.ticket(id).version, "ann")
        desk.hands.release(ann, id, desk.ticket(id).version)
        desk.hands.close(bob, id, desk.ticket(id).version, "resolved")
        asked(record, session_id=session_id)
        desk.hands.claim(bob, id, desk.ticket(id).version)
        desk.hands.hand_back(bob, id, desk.ticket(id).version)
        state = None
        for event in desk.events(0):
            state = fold(state, event)
        assert state == desk.ticket(id)
        assert state.status == "closed"
        assert state.closed_for == "handed_back"

    def test_one_of_many_who_claim_a_ticket_at_once_has_it(self, desk, people, ticket):
        def claim(agent):
            try:
                return desk.hands.claim(agent, ticket.ticket_id, 1).agent_id
            except TicketChanged as refused:
                return refused.state

        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(claim, list(people.values()) * 3))
        holder = desk.ticket(ticket.ticket_id)
        assert {end for end in ends if isinstance(end, str)} == {holder.agent_id}
        assert all(end == holder for end in ends if not isinstance(end, str))
        assert self.kinds(desk) == ["opened", "claimed"]

    def test_a_change_that_was_decided_on_an_older_version_is_refused_with_the_newer_one(self, desk, ann, ticket):
        held = self.claimed(desk, ann, ticket)
        for change in (
            lambda: desk.hands.release(ann, ticket.ticket_id, 1),
            lambda: desk.hands.close(ann, ticket.ticket_id, 1, "resolved"),
            lambda: desk.hands.transfer(ann, ticket.ticket_id, 1, "bob"),
            lambda: desk.hands.hand_back(ann, ticket.ticket_id, 1),
        ):
            with pytest.raises(TicketChanged) as refused:
                change()
            assert refused.value.state == held

    def test_claiming_ones_own_ticket_again_changes_nothing(self, desk, ann, ticket):
        held = self.claimed(desk, ann, ticket)
        assert desk.hands.claim(ann, ticket.ticket_id, 1) == held
        assert self.kinds(desk) == ["opened", "claimed"]

    def test_an_agent_changes_their_own_tickets_and_a_lead_anybodys(self, desk, people, ticket, clock):
        id, later = ticket.ticket_id, clock.now + timedelta(hours=1)
        ways = (
            lambda who: desk.hands.release(who, id, desk.ticket(id).version),
            lambda who: desk.hands.transfer(who, id, desk.ticket(id).version, "oda"),
            lambda who: desk.hands.snooze(who, id, desk.ticket(id).version, later),
            lambda who: desk.hands.close(who, id, desk.ticket(id).version, "other"),
            lambda who: desk.hands.hand_back(who, id, desk.ticket(id).version),
            lambda who: desk.say(who, id, "hello", "key-of-it", 10_000),
            lambda who: desk.owned(who, id),
        )
        for way in ways:
            for who, may in (("bob", False), ("ann", True), ("lea", True), ("oda", True)):
                if desk.ticket(id).status == "closed":
                    desk.hands.reopen(people["ann"], id, desk.ticket(id).version)
                desk.hands.assign(people["oda"], id, desk.ticket(id).version, "ann")
                if may:
                    way(people[who])
                    continue
                before = desk.ticket(id)
                with pytest.raises(NotAllowed, match="Ann's"):
                    way(people[who])
                assert desk.ticket(id) == before

    def test_only_leads_assign_and_keep_macros(self, desk, people, ticket):
        for who in ("ann", "bob"):
            with pytest.raises(NotAllowed, match="lead"):
                desk.hands.assign(people[who], ticket.ticket_id, 1, who)
            with pytest.raises(NotAllowed, match="lead"):
                desk.keep_macros(people[who], [])
        assert desk.hands.assign(people["lea"], ticket.ticket_id, 1, "bob").agent_id == "bob"

    def test_a_ticket_that_is_nobodys_may_be_put_away_or_closed_by_anybody(self, desk, ann, bob, ticket, clock):
        asleep = desk.hands.snooze(ann, ticket.ticket_id, 1, clock.now + timedelta(hours=1))
        assert (asleep.status, asleep.agent_id) == ("snoozed", None)
        assert desk.hands.reopen(bob, ticket.ticket_id, asleep.version).status == "open"
        for change in (desk.hands.release, desk.hands.hand_back):
            with pytest.raises(NotAllowed, match="claim the ticket first"):
                change(bob, ticket.ticket_id, desk.ticket(ticket.ticket_id).version)
        assert desk.hands.close(bob, ticket.ticket_id, desk.ticket(ticket.ticket_id).version, "spam").status == "closed"

    def test_nobody_is_given_a_ticket_who_is_not_there(self, record, desk, ann, ticket):
        record.agents.change("bob", active=False)
        held = self.claimed(desk, ann, ticket)
        for to in ("bob", "nobody"):
            with pytest.raises(UnknownId, match="agent"):
                desk.hands.transfer(ann, ticket.ticket_id, held.version, to)

    def test_what_is_closed_is_only_opened_again(self, desk, people, ticket, clock):
        ann = people["ann"]
        self.claimed(desk, ann, ticket)
        shut = desk.hands.close(ann, ticket.ticket_id, 2, "no_answer", "gone")
        assert (shut.status, shut.closed_for, shut.waiting_since) == ("closed", "no_answer", None)
        for change in (
            lambda: desk.hands.claim(people["bob"], ticket.ticket_id, shut.version),
            lambda: desk.hands.assign(people["lea"], ticket.ticket_id, shut.version, "bob"),
            lambda: desk.hands.snooze(ann, ticket.ticket_id, shut.version, clock.now + timedelta(hours=1)),
            lambda: desk.say(ann, ticket.ticket_id, "hello", "key-0001", 10_000),
        ):
            with pytest.raises(TicketChanged, match="closed"):
                change()
        again = desk.hands.reopen(people["bob"], ticket.ticket_id, shut.version)
        assert (again.status, again.agent_id, again.closed_at) == ("open", None, None)
        with pytest.raises(TicketChanged, match="is open"):
            desk.hands.reopen(ann, ticket.ticket_id, again.version)

    def test_what_is_put_away_comes_back_in_its_time(self, desk, ann, ticket, clock):
        self.claimed(desk, ann, ticket)
        desk.hands.snooze(ann, ticket.ticket_id, 2, clock.now + timedelta(minutes=30))
        with pytest.raises(ValueError, match="still to come"):
            desk.hands.snooze(ann, ticket.ticket_id, 3, clock.now)
        assert desk.wake() == 0
        clock.on(minutes=30)
        assert desk.wake() == 1
        assert desk.wake() == 0
        state = desk.ticket(ticket.ticket_id)
        assert (state.status, state.agent_id, state.snoozed_until) == ("claimed", "ann", None)

    def test_while_a_person_has_the_conversation_the_message_is_theirs_in_the_same_commit(self, record, desk, ann):
        first = said(record, "hello")
        assert first.live is None
        handoff = asked(record, session_id=first.session_id)
        waiting = said(record, "anybody?", first.session_id)
        assert waiting.live is None
        self.claimed(desk, ann, desk.ticket(handoff.ticket_id))
        heard = said(record, "ah, there you are", first.session_id)
        assert heard.live == Handoff(handoff.ticket_id, "person", "A person, please", True, "Ann")
        messages = desk.events(0, kinds=("message",))
        assert [(one.author, one.turn_id, one.data["text"]) for one in messages] == [
            ("shopper", waiting.turn_id, "anybody?"),
            ("shopper", heard.turn_id, "ah, there you are"),
        ]

    def test_a_live_turn_is_read_back_with_who_had_it(self, record, desk, ann):
        handoff = asked(record)
        session_id = desk.ticket(handoff.ticket_id).session_id
        self.claimed(desk, ann, desk.ticket(handoff.ticket_id))
        heard = said(record, "hello", session_id)
        quiet = replace(turn(heard.turn_id, session_id, "hello"), reply=Reply("handoff", ""), handoff=heard.live)
        record.close_turn(quiet)
        assert record.turns(session_id, PRODUCTS.get)[-1] == quiet
        assert record.turns(session_id, PRODUCTS.get)[0].handoff == handoff

    def test_given_back_or_closed_the_assistant_answers_again(self, record, desk, ann, ticket):
        for end in (
            lambda v: desk.hands.hand_back(ann, ticket.ticket_id, v),
            lambda v: desk.hands.close(ann, ticket.ticket_id, v, "resolved"),
            lambda v: desk.hands.release(ann, ticket.ticket_id, v),
        ):
            state = desk.ticket(ticket.ticket_id)
            if state.status == "closed":
                desk.hands.reopen(ann, ticket.ticket_id, state.version)
            self.claimed(desk, ann, ticket)
            assert said(record, "hello", ticket.session_id).live
            end(desk.ticket(ticket.ticket_id).version)
            assert said(record, "hello", ticket.session_id).live is None

    def test_what_a_shopper_writes_wakes_the_ticket_and_stays_with_its_agent(self, record, desk, ann, ticket, clock):
        self.claimed(desk, ann, ticket)
        desk.hands.snooze(ann, ticket.ticket_id, 2, clock.now + timedelta(days=1))
        assert said(record, "one more thing", ticket.session_id).live.agent == "Ann"
        assert desk.ticket(ticket.ticket_id).status == "claimed"

    def test_a_shopper_waits_from_their_first_word_to_the_answer(self, record, desk, ann, ticket, clock):
        assert desk.ticket(ticket.ticket_id).waiting_since == clock.now
        desk.say(ann, ticket.ticket_id, "Hello", "key-0001", 0)
        assert desk.ticket(ticket.ticket_id).waiting_since is None
        clock.on(minutes=1)
        since = clock.now
        for words in ("it broke", "can you help?"):
            said(record, words, ticket.session_id)
            clock.on(minutes=1)
        state = desk.ticket(ticket.ticket_id)
        assert (state.waiting_since, state.last_author, state.last_text) == (since, "shopper", "can you help?")

    def test_a_question_left_for_later_does_not_take_what_is_said_on_after_it(self, record, desk):
        handoff = asked(record, TicketDraft("question", "Is it loud?"))
        said(record, "a lamp, please", desk.ticket(handoff.ticket_id).session_id)
        assert self.kinds(desk) == ["opened"]

    def test_asked_for_a_person_again_it_is_the_same_ticket(self, record, desk, ticket):
        angry = TicketDraft("complaint", "This is a disgrace", summary={"mood": -0.9, "tried": ["twice"]}, priority=2)
        again = said(record, angry.question, ticket.session_id)
        handoff = record.open_ticket(again.turn_id, angry)
        assert handoff == Handoff(ticket.ticket_id, "complaint", "This is a disgrace")
        state = desk.ticket(ticket.ticket_id)
        assert (state.reason, state.priority, state.mood) == ("person", 2, -0.9)
        assert state.summary == {"wanted": "a refund", "mood": -0.9, "tried": ["twice"]}
        record.close_turn(replace(turn(again.turn_id, ticket.session_id), handoff=handoff))
        assert record.turns(ticket.session_id, PRODUCTS.get)[-1].handoff == handoff

    def test_asked_again_within_a_day_of_its_end_the_ticket_is_opened_again(self, record, desk, ann, ticket, clock):
        self.claimed(desk, ann, ticket)
        desk.hands.close(ann, ticket.ticket_id, 2, "resolved")
        clock.on(hours=23)
        assert asked(record, session_id=ticket.session_id).ticket_id == ticket.ticket_id
        state = desk.ticket(ticket.ticket_id)
        assert (state.status, state.agent_id, state.waiting_since) == ("open", None, clock.now)
        desk.hands.close(ann, ticket.ticket_id, state.version, "resolved")
        clock.on(hours=24)
        assert asked(record, session_id=ticket.session_id).ticket_id != ticket.ticket_id
        assert len(desk.tickets(Wanted(("open", "closed")))) == 2

    def test_an_address_left_later_is_told_at_the_ticket(self, record, desk):
        first = asked(record, TicketDraft("question", "Is it loud?"))
        session_id = desk.ticket(first.ticket_id).session_id
        asked(record, TicketDraft("question", "", email="me@example.org", follows=first.ticket_id), session_id)
        assert desk.ticket(first.ticket_id).email == "me@example.org"
        assert len(desk.tickets(Wanted())) == 1

    def test_a_closed_ticket_no_longer_waits_for_the_shop(self, record, desk, ann, ticket):
        assert len(record.tickets()) == 1
        desk.hands.close(ann, ticket.ticket_id, 1, "resolved")
        assert record.tickets() == []

    def test_who_answers_first_has_the_ticket_and_the_other_sees_it_before_answering(self, desk, ann, bob, ticket):
        first = desk.say(ann, ticket.ticket_id, "Hello, I am Ann", "key-0001", ticket.last_event_id)
        assert desk.ticket(ticket.ticket_id).agent_id == "ann"
        with pytest.raises(Unseen) as refused:
            desk.say(bob, ticket.ticket_id, "Hello, I am Bob", "key-0002", ticket.last_event_id)
        assert refused.value.events == (first.event,)
        with pytest.raises(NotAllowed, match="Ann's"):
            desk.say(bob, ticket.ticket_id, "Hello", "key-0002", first.event.id)

    def test_a_lead_who_has_seen_the_answer_or_says_so_may_write_too(self, desk, people, ticket):
        ann, lea = people["ann"], people["lea"]
        first = desk.say(ann, ticket.ticket_id, "Hello", "key-0001", 0)
        with pytest.raises(Unseen):
            desk.say(lea, ticket.ticket_id, "Hello", "key-0002", first.event.id - 1)
        desk.say(lea, ticket.ticket_id, "I am here too", "key-0002", first.event.id)
        desk.say(lea, ticket.ticket_id, "And again", "key-0003", 0, anyway=True)
        with pytest.raises(Unseen) as refused:
            desk.say(ann, ticket.ticket_id, "So am I", "key-0004", first.event.id)
        assert [one.data["text"] for one in refused.value.events] == ["I am here too", "And again"]

    def test_two_who_answer_in_the_same_moment_are_not_both_heard(self, desk, people, ticket):
        def answer(agent):
            try:
                desk.say(agent, ticket.ticket_id, f"I am {agent.name}", f"key-of-{agent.id}", ticket.last_event_id)
                return "said"
            except (Unseen, NotAllowed) as refused:
                return type(refused).__name__

        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(answer, people.values()))
        assert sorted(ends) == ["Unseen", "Unseen", "Unseen", "said"]

    def test_what_is_sent_twice_is_there_once_also_while_the_first_is_under_way(self, desk, ann, ticket):
        def send(_):
            return desk.say(ann, ticket.ticket_id, "Hello", "key-0001", 0)

        with ThreadPoolExecutor(4) as pool:
            written = list(pool.map(send, range(8)))
        assert [one.new for one in written].count(True) == 1
        assert len({one.event.id for one in written}) == 1
        assert len(desk.events(0, kinds=("message",))) == 1
        noted = [desk.note(ann, ticket.ticket_id, "be kind", "key-0001") for _ in range(2)]
        assert [one.new for one in noted] == [True, False]

    def test_a_key_is_its_senders_own(self, desk, people, ticket):
        first = desk.say(people["ann"], ticket.ticket_id, "Hello", "key-0001", 0)
        other = desk.say(people["lea"], ticket.ticket_id, "Hello from Lea", "key-0001", first.event.id)
        assert other.new

    def test_unread_are_the_words_of_others_since_the_last_look(self, record, desk, people, ticket):
        ann, bob = people["ann"], people["bob"]
        id = ticket.ticket_id
        assert desk.unread(ann, [id]) == {}
        desk.say(ann, id, "Hello", "key-0001", 0)
        said(record, "hi", ticket.session_id)
        said(record, "hi?", ticket.session_id)
        desk.note(bob, id, "a note", "key-0002")
        assert (desk.unread(ann, [id]), desk.unread(bob, [id])) == ({id: 2}, {id: 3})
        desk.look(ann, id, desk.last_event())
        desk.look(ann, id, 1)
        assert (desk.unread(ann, [id]), desk.unread(bob, [id])) == ({}, {id: 3})
        with pytest.raises(UnknownId):
            desk.look(ann, "nobody", 1)

    def test_the_queue_begins_with_the_most_urgent_and_who_waits_the_longest(self, record, desk, ann, clock):
        ids = []
        for priority, answered in ((0, False), (0, False), (0, True), (3, False)):
            ids.append(asked(record, replace(ASKS, priority=priority)).ticket_id)
            if answered:
                desk.say(ann, ids[-1], "Hello", "key-0001", 0)
            clock.on(minutes=1)
        assert [one.ticket_id for one in desk.tickets(Wanted())] == [ids[3], ids[0], ids[1], ids[2]]
        assert [one.ticket_id for one in desk.queue()] == [ids[3], ids[0], ids[1]]

    def test_tickets_are_found_by_whose_they_are_reason_language_and_words(self, record, desk, ann):
        one = asked(record, TicketDraft("person", "My LAMP broke 100%")).ticket_id
        two = asked(record, TicketDraft("question", "能机洗吗？", email="me@example.org"), locale="zh").ticket_id
        desk.hands.claim(ann, two, 1)

        def found(**wanted):
            return [state.ticket_id for state in desk.tickets(Wanted(**wanted))]

        assert found(statuses=("open",)) == [one]
        assert found(held_by="ann") == [two]
        assert found(reason="person") == [one]
        assert found(language="zh") == [two]
        assert (found(text="lamp"), found(text="100%"), found(text="0_%")) == ([one], [one], [])
        assert (found(text="机洗"), found(text="ME@example")) == ([two], [two])
        assert desk.counts(ann) == Counts(open=1, claimed=1, mine=1)

    def test_the_log_is_read_on_from_any_event_of_all_or_one_session(self, record, desk):
        sessions = [desk.ticket(asked(record).ticket_id).session_id for _ in range(3)]
        everything = desk.events(0)
        assert [one.session_id for one in everything] == sessions
        assert desk.events(everything[0].id, limit=1) == everything[1:2]
        assert desk.events(0, session_id=sessions[1]) == everything[1:2]
        assert desk.events(desk.last_event()) == ()

    def test_a_rating_after_people_were_asked_is_told_to_them(self, record, desk, ticket):
        turn_id = desk.events(0)[0].turn_id
        record.rate(turn_id, "csat", 5)
        record.rate(said(record, "hello").turn_id, "csat", 1)
        assert [(one.kind, dict(one.data)) for one in desk.events(1)] == [("rated", {"kind": "csat", "value": "5"})]

    def test_what_came_of_a_draft_is_recorded_once_each(self, desk, ann, ticket):
        for outcome in ("shown", "shown", "edited", "edited"):
            desk.draft(ann, ticket.ticket_id, "d1", outcome, "Hello")
        assert [one.data["outcome"] for one in desk.events(0, kinds=("draft",))] == ["shown", "edited"]

    def test_macros_are_kept_whole_and_the_newest_hold(self, desk, lea):
        assert desk.macros() == ()
        desk.keep_macros(lea, [Macro("hello", "Hello {customer}")])
        desk.keep_macros(lea, [Macro("bye", "再见"), Macro("hello", "Hi")])
        assert desk.macros() == (Macro("bye", "再见"), Macro("hello", "Hi"))

    def test_every_commit_is_told_to_who_listens_and_no_refusal_is(self, record, desk, ann, bob, ticket):
        told = []
        desk.signal.listen(lambda: told.append(desk.last_event()))
        self.claimed(desk, ann, ticket)
        said(record, "hello", ticket.session_id)
        desk.say(ann, ticket.ticket_id, "Hello", "key-0001", 10_000)
        with pytest.raises(TicketChanged):
            self.claimed(desk, bob, ticket)
        asked(record)
        assert told == [2, 3, 4, 5]

    @pytest.mark.real
    def test_ids_become_visible_in_their_order_however_many_write(self, record, desk, people):
        """A reader that goes on from the last id it saw never misses one that was committed later."""
        sessions = [desk.ticket(asked(record).ticket_id) for _ in range(4)]
        seen, done = [], []

        def read():
            while not done or desk.last_event() > (seen[-1] if seen else 0):
                seen.extend(event.id for event in desk.events(seen[-1] if seen else 0))

        def write(state, number):
            said(record, f"message {number}", state.session_id)
            desk.note(people["ann"], state.ticket_id, "a note", f"key-{number:04}")

        with ThreadPoolExecutor(6) as pool:
            reading = pool.submit(read)
            for writing_ in [pool.submit(write, state, number) for number in range(12) for state in sessions]:
                writing_.result(60)
            done.append(True)
            reading.result(60)
        assert seen == [event.id for event in desk.events(0)]
        assert len(seen) == 4 + 2 * 12 * 4

    def test_tickets_of_before_the_desk_are_open_at_it(self, url, clock):
        since = clock.now
        ticket = {"kind": "question", "question": "Is it loud?", "locale": "en", "status": "open", "session_id": "s"}
        turn = {"session_id": "s", "message": "", "locale": "en", "origin": "said", "need": None, "started_at": since}
        later = since + timedelta(minutes=1)
        older(
            url,
            "0006",
            {
                "sessions": [{"id": "s", "locale": "en", "started_at": since}],
                "turns": [{**turn, "id": "t1", "number": 1}, {**turn, "id": "t2", "number": 2}],
                "tickets": [
                    {**ticket, "id": "k1", "turn_id": "t1", "email": None, "created_at": since},
                    {**ticket, "id": "k2", "turn_id": "t2", "email": "me@example.org", "created_at": later},
                ],
            },
        )
        again = Record(url, clock=clock)
        (state,) = again.desk.tickets(Wanted())
        assert (state.ticket_id, state.line, state.email) == ("k1", "Is it loud?", "me@example.org")
        assert state.created_at == state.waiting_since == since
        (event,) = again.desk.events(0)
        assert fold(None, event) == state
        assert [one.email for one in again.tickets()] == ["me@example.org"]
        asked(again, session_id="s")
        assert [one.id for one in again.desk.events(0)] == [1, 2]
        again.close()


class TestDeskOnSQLite(DeskCases):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path / 'record.db'}"


def test_a_ticket_that_was_never_opened_has_no_state(tmp_path):
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    asked(record)
    event = record.desk.events(0)[0]
    with pytest.raises(ValueError, match="never opened"):
        fold(None, replace(event, kind="claimed"))
    record.close()
