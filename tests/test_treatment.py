"""Whole turns while experiments run: what is shown to whom, what the record holds of it, and what it costs without any."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, event, text

from assistant.insight.experiments.arms import LiveArms
from assistant.insight.experiments.ledger import Ledger
from assistant.insight.experiments.plan import Arm, Plan
from assistant.pipeline import Assistant
from assistant.rank import VERSION
from assistant.rankers import RANKERS
from assistant.record import Record
from assistant.record.experiments import Changed, Experiments
from assistant.settings import Settings
from assistant.treatment import PLAIN
from assistant.trials import Trial
from assistant.types import Utterance
from assistant.writer import Writer
from catalog import satisfies
from tests.fakes import honest, scripted

WISH = "a lamp"
CHOICES = {
    "ranker": tuple(RANKERS),
    "prompt": ("usual", "wish_first"),
    "model": ("usual", "other"),
    "survey": ("usual", "short"),
}


class Clock:
    """A time that is set by hand."""

    def __init__(self):
        self.now = datetime(2026, 11, 1, 9, tzinfo=UTC)

    def __call__(self):
        self.now += timedelta(seconds=1)
        return self.now


class Tried:
    """A shop with experiments, looked into from beside."""

    def __init__(self, catalog, folder, **settings):
        self.url = f"sqlite:///{folder / 'record.db'}"
        self.clock = Clock()
        self.record = Record(self.url, clock=self.clock)
        self.ledger = Ledger(Experiments(self.record.engine, self.clock), lambda: CHOICES)
        self.arms = LiveArms(self.ledger, self.clock)
        own = Settings(home=folder, **settings)
        writer = Writer(scripted(honest), stall_timeout_s=5)
        self.asked = []  # what the other model was asked

        def other(prompt):
            self.asked.append(prompt)
            return honest(prompt)

        trials = {"other": Trial(Writer(scripted(other), stall_timeout_s=5), "other@2", "q8")}
        self.assistant = Assistant(
            catalog, self.record, writer, own, model="m@1", quantisation="none", arms=self.arms, trials=trials
        )

    def plan(self, varied, first, second, **more):
        values = {"metric": "conversion", "effect": 0.01, "units": 100, **more}
        plan = Plan("Try", varied, (Arm("A", first), Arm("B", second)), **values)
        return self.ledger.plan(plan, None)

    def run(self, *args, **more):
        return self.ledger.start(self.plan(*args, **more).id, None)

    def say(self, message=WISH, session_id=None, shopper=None, **more):
        *_, done = self.assistant.reply(Utterance(message, session_id, shopper, **more))
        return done.turn

    def of(self, arm, experiment):
        """A shopper who meets that arm."""
        from assistant.insight.experiments.assign import assigned

        return next(n for n in map(str, range(999)) if assigned(experiment.plan, experiment.weights, n) == arm)

    def rows(self, query):
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found


@pytest.fixture
def shop(catalog, tmp_path):
    made = []

    def make(**settings):
        made.append(Tried(catalog, tmp_path, **settings))
        return made[-1]

    yield make
    for one in made:
        one.record.close()


def test_without_a_running_experiment_a_turn_asks_nothing_of_them(shop):
    one = shop()
    one.say()
    asked = []
    event.listen(one.record.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    one.say()
    assert not [query for query in asked if "experiment" in query or "exposure" in query]
    assert one.arms.of("any", None) is PLAIN


def test_a_shopper_meets_the_same_arm_in_every_conversation(shop):
    one = shop()
    tried = one.run("slate_size", 2, 3)
    for arm, size in (("A", 2), ("B", 3)):
        turns = [one.say(shopper=one.of(arm, tried)) for _ in range(2)]
        assert [len(turn.slate.items) for turn in turns] == [size, size]
    assert one.rows("select arm, count(*) from exposures group by arm") == [("A", 2), ("B", 2)]
    assert {unit for (unit,) in one.rows("select unit from exposures")} == {one.of("A", tried), one.of("B", tried)}


def test_the_meeting_is_recorded_with_its_turn_and_told_to_the_figures(shop):
    one = shop()
    tried = one.run("variety", 0.0, 0.6)
    turn = one.say(shopper=one.of("B", tried))
    assert turn.variety == 0.6
    assert one.rows("select experiment_id, session_id, turn_id, arm from exposures") == [
        (tried.id, turn.session_id, turn.id, "B")
    ]
    assert (turn.session_id,) in one.rows("select session_id from insight_changes")
    again = one.say("another lamp", turn.session_id, one.of("B", tried))
    assert again.variety == 0.6
    assert len(one.rows("select * from exposures")) == 1


def test_what_could_not_have_been_different_is_no_meeting(shop):
    one = shop()
    tried = one.run("variety", 0.0, 0.6)
    one.say("hello", shopper=one.of("B", tried))
    assert one.say(variety=0.3, shopper=one.of("B", tried)).variety == 0.3
    assert one.rows("select * from exposures") == []


def test_a_conversation_under_way_at_the_start_is_left_alone(shop):
    one = shop()
    began = one.say(shopper="ann")
    one.run("slate_size", 1, 2)
    assert len(one.say("a lamp under $60", began.session_id, "ann").slate.items) > 2
    assert one.rows("select * from exposures") == []


def test_visits_that_are_marked_meet_nothing(shop):
    one = shop()
    one.run("slate_size", 1, 2)
    assert len(one.say(mark="bot").slate.items) > 2
    assert one.rows("select * from exposures") == []


def test_after_a_stop_the_conversation_keeps_what_it_met_and_a_new_one_meets_nothing(shop):
    one = shop()
    tried = one.run("slate_size", 1, 2)
    shopper = one.of("B", tried)
    began = one.say(shopper=shopper)
    one.ledger.stop(tried.id, None)
    assert len(one.say("another lamp", began.session_id, shopper).slate.items) == 2
    assert len(one.say(shopper=shopper).slate.items) > 2


def test_new_weights_move_nobody_who_met_it(shop):
    one = shop()
    tried = one.run("slate_size", 1, 2)
    shopper = one.of("B", tried)
    one.say(shopper=shopper)
    weighed = one.ledger.reweigh(tried.id, (100.0, 0.001), None)
    assert len(one.say(shopper=shopper).slate.items) == 2
    assert weighed.weights == (100.0, 0.001)
    others = [one.say(shopper=f"new {n}") for n in range(5)]
    assert {len(turn.slate.items) for turn in others} == {1}


def test_a_ranker_is_named_in_the_versions_and_breaks_no_constraint(shop):
    one = shop()
    tried = one.run("ranker", "standard", "well_rated")
    turn = one.say("a lamp under $50", shopper=one.of("B", tried))
    assert turn.versions.ranker == f"{VERSION}+well_rated"
    assert all(satisfies(item.product, turn.need.constraints) for item in turn.slate.items)
    assert one.say(shopper=one.of("A", tried)).versions.ranker == VERSION


def test_own_weights_rank_the_shelf_and_are_what_the_versions_call_it(shop):
    one = shop()
    tried = one.run("ranker", "standard", "rating=3, coverage=0")
    own = "coverage=0,rating=3,rating_open=0.04"
    assert [arm.value for arm in tried.plan.arms] == ["standard", own]
    turn = one.say("a lamp for reading", shopper=one.of("B", tried))
    assert turn.versions.ranker == f"{VERSION}+{own}"
    usual = one.say("a lamp for reading", shopper=one.of("A", tried))
    assert usual.slate.ids() == ("arc", "plastic", "steel", "oak")
    assert turn.slate.ids() == ("arc", "oak", "steel", "plastic")  # of which two have ratings


def test_a_prompt_is_tried_where_the_model_was_asked(shop):
    one = shop()
    tried = one.run("prompt", "usual", "wish_first")
    shopper = one.of("B", tried)
    one.say("hello", shopper=shopper)
    assert one.rows("select * from exposures") == []
    turn = one.say(shopper=shopper)
    assert "+wish_first@" in turn.versions.prompt
    assert one.rows("select arm from exposures") == [("B",)]


def test_another_model_speaks_in_its_arm_and_is_named_in_the_record(shop):
    one = shop()
    tried = one.run("model", "usual", "other")
    turn = one.say(shopper=one.of("B", tried))
    assert one.asked and (turn.versions.model, turn.versions.quantisation) == ("other@2", "q8")
    assert any(claim.status == "supported" for claim in turn.reply.claims)
    assert one.rows("select arm from exposures") == [("B",)]
    asked = len(one.asked)
    assert one.say(shopper=one.of("A", tried)).versions.model == "m@1" and len(one.asked) == asked
    one.say("hello", shopper=one.of("B", tried))
    assert len(one.asked) == asked


def test_exploring_writes_how_probable_each_place_was(shop):
    one = shop(explore=0.2)
    turns = [one.say("a lamp for reading") for _ in range(6)]
    logged = one.rows("select propensity, position from impressions")
    assert all(0 < propensity <= 1 for propensity, _ in logged)
    assert len({turn.slate.ids() for turn in turns}) > 1
    assert turns[0].versions.ranker == f"{VERSION}+explore 0.2"


def test_an_order_that_was_asked_for_is_no_matter_of_chance(shop):
    one = shop(explore=1.0)
    turn = one.say("the cheapest lamp")
    prices = [item.product.price_minor for item in turn.slate.items]
    assert prices == sorted(prices)
    assert {propensity for (propensity,) in one.rows("select propensity from impressions")} == {None}


def test_an_interleaved_shelf_says_whose_pick_each_product_was(shop):
    one = shop()
    tried = one.run("ranker", "standard", "well_rated", design="interleaved", metric="ctr")
    turn = one.say()
    assert {item.team for item in turn.slate.items} == {"A", "B"}
    assert len(set(turn.slate.ids())) == len(turn.slate.items)
    assert {team for (team,) in one.rows("select team from impressions")} == {"A", "B"}
    assert one.rows("select experiment_id from exposures") == [(tried.id,)]
    assert turn.versions.ranker.endswith("+interleaved")


def test_rankings_that_differ_in_variety_alone_are_not_interleaved_where_the_shopper_decided_on_it(shop):
    one = shop()
    one.run("variety", 0.0, 0.6, design="interleaved", metric="ctr")
    assert {item.team for item in one.say().slate.items} == {"A", "B"}
    assert {item.team for item in one.say(variety=0.3).slate.items} == {None}


def test_the_survey_that_is_asked_is_a_meeting(shop):
    one = shop()
    tried = one.run("survey", "usual", "short")
    shopper = one.of("B", tried)
    turn = one.say(shopper=shopper)
    assert one.rows("select * from exposures") == []
    assert one.arms.survey(turn.session_id, shopper) == "short"
    assert one.rows("select arm from exposures") == [("B",)]


def test_two_that_vary_the_same_cannot_run_at_once(shop):
    one = shop()
    one.run("ranker", "standard", "well_rated")
    with pytest.raises(Changed, match="stop it first"):
        one.run("ranker", "standard", "meaning")
    one.run("slate_size", 3, 4)
    with pytest.raises(Changed, match="stop it first"):
        one.run("variety", 0.0, 0.3, design="interleaved", metric="ctr")


def test_a_record_that_fails_means_that_nothing_is_tried(shop, monkeypatch):
    one = shop()
    one.run("slate_size", 1, 2)
    monkeypatch.setattr(one.ledger.store, "conversation", lambda *_: 1 / 0)
    turn = one.say()
    assert len(turn.slate.items) > 2
    assert turn.failure is None
