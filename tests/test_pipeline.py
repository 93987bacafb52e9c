"""Whole turns with a scripted model: what comes in which order, what the record holds, and what becomes of failures."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import create_engine, text

from assistant.errors import Busy, UnknownId
from assistant.model.request import ModelIdentity, Usage
from assistant.phrases import say
from assistant.pipeline import Assistant
from assistant.record import INTERRUPTED, Record
from assistant.settings import Settings
from assistant.types import DoneEvent, Need, NeedEvent, QueuedEvent, SentenceEvent, SlateEvent, Utterance
from assistant.writer import Writer
from catalog import Catalog, Constraint, satisfies
from tests.fakes import broken, honest, scripted, silent

WISH = "a lamp under $50"


class Counter:
    """An assistant with its record on a fresh database, looked into from beside."""

    def __init__(self, catalog, folder, script, clock=None, usage=None, **settings):
        self.url = f"sqlite:///{folder / 'record.db'}"
        self.record = Record(self.url)
        self.catalog = catalog
        self.model = scripted(script)
        self.model.engine.usage = usage
        clocks = {"clock": clock} if clock else {}
        own = Settings(home=folder, **settings)
        writer = Writer(self.model, stall_timeout_s=own.stall_timeout_s, **clocks)
        self.assistant = Assistant(catalog, self.record, writer, own, model="scripted@1", quantisation="none", **clocks)

    def rows(self, query):
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def say(self, message, session_id=None, **more):
        """One turn, to its end."""
        *_, done = self.assistant.reply(Utterance(message, session_id, **more))
        return done.turn

    def talk(self, *messages):
        """Turns of one session, the last one returned."""
        session_id = None
        for message in messages:
            turn = self.say(message, session_id)
            session_id = turn.session_id
        return turn


@pytest.fixture
def counter(catalog, tmp_path):
    made = []

    def make(script=honest, **settings):
        made.append(Counter(catalog, tmp_path, script, **settings))
        return made[-1]

    yield make
    for one in made:
        one.record.close()


def endless(_):
    yield "The Pebble Night Lamp is a round night lamp. "
    while True:
        yield "and "


def test_a_turn_is_the_need_then_the_slate_then_sentences_then_done(counter):
    events = list(counter().assistant.reply(Utterance(WISH)))
    assert [type(event) for event in events[:2]] == [NeedEvent, SlateEvent]
    assert {type(event) for event in events[2:-1]} == {SentenceEvent}
    assert isinstance(events[-1], DoneEvent)
    need, slate, *sentences, done = events
    assert need.looking_through == 9
    assert (need.turn_id, need.session_id, need.need) == (done.turn.id, done.turn.session_id, done.turn.need)
    assert slate.slate == done.turn.slate
    assert [event.claim for event in sentences] == list(done.turn.reply.claims)
    assert done.turn.reply.text == " ".join(event.claim.text for event in sentences)


def test_the_slate_is_out_before_the_model_is_asked_for_a_word(counter):
    shop = counter()
    with closing(shop.assistant.reply(Utterance(WISH))) as turn:
        next(turn)
        assert isinstance(next(turn), SlateEvent)
        assert shop.model.engine.asked == []
        assert "fit" in next(turn).claim.text
        assert shop.model.engine.asked == []


def test_every_row_is_committed_before_the_event_that_tells_of_it(counter):
    shop = counter()
    with closing(shop.assistant.reply(Utterance(WISH, shopper_id="ann"))) as turn:
        need = next(turn)
        assert shop.rows("select id, session_id, message from turns") == [(need.turn_id, need.session_id, WISH)]
        assert shop.rows("select id, shopper_id from sessions") == [(need.session_id, "ann")]
        assert shop.rows("select * from impressions") == []
        slate = next(turn).slate
        assert shop.rows("select product_id, position from impressions order by id") == [
            (id, place) for place, id in enumerate(slate.ids(), start=1)
        ]
        assert shop.rows("select * from replies") == []
        assert shop.assistant.turns(need.session_id)[0].failure == INTERRUPTED
        *_, done = turn
        assert shop.assistant.turns(need.session_id) == (done.turn,)


def test_a_turn_tells_what_produced_it_and_how_long_each_stage_took(counter):
    turn = counter().say(WISH)
    assert turn.versions.model == "scripted@1"
    assert turn.versions.index.startswith("words+bm25:9:")
    assert all((turn.versions.prompt, turn.versions.ranker, turn.versions.quantisation))
    stages = ["understand", "retrieve", "rank", "slate", "first_sentence", "total"]
    assert list(turn.timings_ms)[: len(stages)] == stages
    assert [turn.timings_ms[stage] for stage in stages] == sorted(turn.timings_ms[stage] for stage in stages)
    assert turn.failure is None


def test_where_several_models_may_answer_the_turn_names_those_that_did(counter):
    models = iter([ModelIdentity("big", "server", "gpu:8000"), ModelIdentity("spare", "q4_k_m", "7")])

    def failing_over(prompt):
        shop.model.engine.requests[-1].usage.answered_by = next(models)
        return honest(prompt)

    shop = counter(failing_over)
    turn = shop.say(WISH)
    assert (turn.versions.model, turn.versions.quantisation) == ("big@gpu:8000 + spare@7", "server + q4_k_m")
    assert shop.assistant.turns(turn.session_id)[0].versions == turn.versions


def test_a_turn_tells_and_keeps_what_the_model_took(counter):
    shop = counter(honest, usage=Usage(90, 60, 0, 0.5, 2), clock=lambda: 0.0)
    turn = shop.say(WISH)
    took = turn.timings_ms
    assert (took["queue"], took["generations"]) == (0, 2)
    assert (took["prompt_tokens"], took["cached_tokens"], took["output_tokens"]) == (180, 120, 6)
    assert 0 <= took["model_first_token"] <= took["model"]
    assert took["model_queue"] == 1000
    assert [request.purpose for request in shop.model.engine.requests] == ["recommend.en"] * 2
    assert shop.assistant.turns(turn.session_id)[0].timings_ms == took


def test_a_turn_without_the_model_tells_nothing_of_it(counter):
    assert list(counter().say("hello").timings_ms)[-1] == "total"


def test_what_a_cancelled_turn_took_is_kept(counter):
    shop = counter(endless)
    turn = shop.assistant.reply(Utterance(WISH))
    need, *_ = (next(turn) for _ in range(4))
    turn.close()
    assert shop.assistant.turns(need.session_id)[0].timings_ms["generations"] == 1
    outcomes = {"model": "scripted", "purpose": "recommend.en", "outcome": "cancelled"}
    assert REGISTRY.get_sample_value("aisle_generations_total", outcomes) >= 1


def test_a_turn_that_waits_has_its_shelf_and_tells_its_place_until_the_model_is_free(counter):
    shop = counter(chats=1, queue=2)
    first, second, third = (shop.assistant.reply(Utterance(WISH)) for _ in range(3))
    first_words = [next(first) for _ in range(4)]
    assert first_words[-1].by_model
    events = [next(second) for _ in range(4)]
    assert [type(event) for event in events] == [NeedEvent, SlateEvent, SentenceEvent, QueuedEvent]
    assert events[1].slate.items and events[-1].place == 1
    assert [next(third) for _ in range(4)][-1].place == 2
    list(first)
    later = list(second)
    assert later[0] == QueuedEvent(0, 0)
    assert any(isinstance(event, SentenceEvent) and event.by_model for event in later)
    assert later[-1].turn.timings_ms["queue"] > 0
    assert next(third) == QueuedEvent(0, 0)
    third.close()


def test_leaving_while_waiting_frees_the_place_and_keeps_what_was_shown(counter):
    shop = counter(chats=1, queue=1)
    first, second = (shop.assistant.reply(Utterance(WISH)) for _ in range(2))
    for _ in range(4):
        next(first)
    need, *_, queued = (next(second) for _ in range(4))
    assert isinstance(queued, QueuedEvent)
    second.close()
    (kept,) = shop.assistant.turns(need.session_id)
    assert (kept.failure, bool(kept.slate.items)) == ("cancelled by the shopper", True)
    assert isinstance(next(shop.assistant.reply(Utterance(WISH))), NeedEvent)
    first.close()


def test_a_turn_that_the_model_cannot_serve_in_time_speaks_plainly_at_once(counter):
    shop = counter(chats=1, queue=1, turn_timeout_s=2)
    first = shop.assistant.reply(Utterance(WISH))
    for _ in range(4):
        next(first)
    turn = shop.say(WISH)
    assert turn.failure == "ModelStalled: the model is not free within the turn's time: 1 in the queue"
    assert [claim.status for claim in turn.reply.claims].count("mended") == 2
    first.close()


def test_who_needs_no_model_does_not_wait_for_it(counter):
    shop = counter(chats=1, queue=1)
    first = shop.assistant.reply(Utterance(WISH))
    for _ in range(4):
        next(first)
    assert not any(isinstance(event, QueuedEvent) for event in shop.assistant.reply(Utterance("hello")))
    first.close()


def test_every_id_that_a_claim_or_reason_cites_is_in_the_turns_evidence(counter):
    turn = counter().say(WISH)
    known = {line.id for line in turn.evidence}
    cited = {id for claim in turn.reply.claims for id in claim.evidence}
    cited |= {id for item in turn.slate.items for reason in item.reasons for id in reason.evidence}
    assert cited and cited <= known


def test_what_was_refused_is_never_shown(counter, catalog):
    shop = counter()
    first = shop.say(WISH)
    assert "plastic" in first.slate.ids()
    second = shop.say("not plastic", first.session_id)
    assert second.slate.ids() and "plastic" not in second.slate.ids()
    third = shop.say("show me others", first.session_id)
    assert "plastic" not in third.slate.ids()
    for turn in (first, second, third):
        assert all(satisfies(catalog.get(id), turn.need.constraints) for id in turn.slate.ids())


@pytest.mark.parametrize("message", ["a glass lamp", "a green lamp", "玻璃台灯", "Marlow Glass Lamp", "a lamp"])
def test_a_sold_out_product_is_never_offered(counter, message):
    turn = counter().say(message)
    assert "glass" not in turn.slate.ids()
    assert all(item.product.in_stock for item in turn.slate.items)


def test_an_edited_need_is_taken_as_it_is(counter):
    shop = counter()
    first = shop.say(WISH)
    edited = Need("lamp", None, (Constraint("price", "le", 4_000, "edited"),))
    turn = shop.say(WISH, first.session_id, need=edited, locale="en")
    assert turn.need == edited
    assert set(turn.slate.ids()) == {"steel", "plastic", "raven", "mug"}


def test_a_chinese_shopper_is_answered_in_chinese_with_chinese_names(counter):
    turn = counter().talk("想买台灯，50美元以内", "不要塑料的")
    assert turn.locale == "zh"
    assert [item.product.title for item in turn.slate.items] == ["桤木台灯", "海港钢制台灯"]
    assert turn.reply.text.startswith("符合「台灯、$50 以内、不要塑料」的有 2 款。")
    assert "。 " not in turn.reply.text


def test_a_conversation_goes_from_a_wish_to_a_question_to_a_comparison(counter):
    shop = counter()
    first = shop.say(WISH)
    nearest = first.slate.items[0].product
    answer = shop.say("how much is the first one?", first.session_id)
    assert (answer.reply.kind, nearest.title in answer.reply.text) == ("answer", True)
    assert shop.say("compare the first two", first.session_id).slate.ids() == first.slate.ids()[:2]
    assert len(shop.assistant.turns(first.session_id)) == 3


def test_a_dropped_sentence_is_recorded_and_never_shown(counter):
    shop = counter(lambda _: ["The Alder Desk Lamp is waterproof and costs $5."])
    events = list(shop.assistant.reply(Utterance(WISH)))
    shown = [event.claim for event in events if isinstance(event, SentenceEvent)]
    turn = events[-1].turn
    assert any(claim.status == "dropped" for claim in turn.reply.claims)
    assert not any(claim.status == "dropped" for claim in shown)
    assert "waterproof" not in turn.reply.text
    assert turn.failure is None
    assert shop.assistant.turns(turn.session_id) == (turn,)


@pytest.mark.parametrize(
    ("script", "settings", "failure"),
    [
        (broken, {}, "ModelError: the model failed: out of memory"),
        (silent, {"stall_timeout_s": 0.05}, "ModelStalled: no token for"),
        (lambda _: ["Half a senten"], {}, None),
    ],
)
def test_whatever_the_model_does_there_is_a_slate_and_plain_sentences(counter, script, settings, failure):
    shop = counter(script, **settings)
    events = list(shop.assistant.reply(Utterance(WISH)))
    turn = events[-1].turn
    assert isinstance(events[1], SlateEvent) and events[1].slate.items
    mended = [claim.text for claim in turn.reply.claims if claim.status == "mended"]
    assert len(mended) == 2
    assert all(" costs $" in sentence for sentence in mended)
    assert turn.reply.text.count("3 products fit") == 1
    if failure is None:
        assert turn.failure is None
        assert shop.rows("select error from failures") == []
    else:
        assert turn.failure.startswith(failure)
        assert shop.rows("select turn_id, stage, error from failures") == [(turn.id, "turn", turn.failure)]


def test_a_slow_model_is_left_at_the_turns_limit(counter):
    now = [0.0]

    def slow(_):
        now[0] += 50
        yield "The Pebble Night Lamp is round. "
        yield "It glows."

    turn = counter(slow, clock=lambda: now[0], turn_timeout_s=45).say(WISH)
    assert turn.failure == "ModelStalled: the turn's time is used up"
    assert [claim.status for claim in turn.reply.claims].count("mended") == 2


def test_a_question_that_the_model_cannot_work_on_gets_the_listing_quoted(counter):
    shop = counter(lambda prompt: honest(prompt) if "Facts" in prompt else broken(prompt))
    first = shop.say(WISH)
    turn = shop.say("does the first one glow blue?", first.session_id)
    assert turn.failure.startswith("ModelError")
    assert turn.reply.text.startswith("My words failed me for a moment")
    assert "The listing says: “" in turn.reply.text


def test_closing_a_turn_stops_the_model_and_records_what_was_said(counter):
    shop = counter(endless)
    turn = shop.assistant.reply(Utterance(WISH))
    need, _, lead, sentence = (next(turn) for _ in range(4))
    turn.close()
    assert shop.model.engine.left.wait(5)
    assert shop.model.engine.requests[0].cancelled.is_set()
    (kept,) = shop.assistant.turns(need.session_id)
    assert kept.failure == "cancelled by the shopper"
    assert kept.reply.text == f"{lead.claim.text} {sentence.claim.text}"
    assert shop.rows("select stage, error from failures") == [("turn", "cancelled by the shopper")]


def test_a_turn_closed_at_its_slate_keeps_the_slate_and_the_need(counter):
    shop = counter()
    turn = shop.assistant.reply(Utterance(WISH))
    need, slate = next(turn), next(turn)
    turn.close()
    (kept,) = shop.assistant.turns(need.session_id)
    assert (kept.slate, kept.need, kept.reply.text) == (slate.slate, need.need, "")
    assert shop.model.engine.asked == []
    assert "plastic" not in shop.say("not plastic", need.session_id).slate.ids()


def test_the_need_survives_a_turn_that_was_interrupted(counter):
    shop = counter()
    first = shop.say(WISH)
    shop.record.open_turn(Utterance("killed here"), "en", session_id=first.session_id)
    turn = shop.say("not plastic", first.session_id)
    assert set(turn.slate.ids()) == {"oak", "steel"}
    assert [t.failure for t in shop.assistant.turns(first.session_id)] == [None, INTERRUPTED, None]


def test_a_full_shop_is_busy_until_a_place_is_free(counter):
    shop = counter(chats=1, queue=1)
    turns = [shop.assistant.reply(Utterance(WISH)) for _ in range(2)]
    for turn in turns:
        next(turn)
    with pytest.raises(Busy, match="busy") as refused:
        next(shop.assistant.reply(Utterance(WISH)))
    assert refused.value.retry_after_s > 0
    assert shop.rows("select count(*) from turns") == [(2,)]
    turns[0].close()
    assert shop.say(WISH).slate.items


def test_an_unknown_session_is_refused_before_the_first_event_and_its_place_is_free_again(counter):
    shop = counter(chats=1, queue=0)
    for _ in range(3):
        with pytest.raises(UnknownId, match="no such session: 'nowhere'"):
            next(shop.assistant.reply(Utterance(WISH, "nowhere")))
    assert shop.say(WISH).slate.items
    with pytest.raises(UnknownId):
        shop.assistant.turns("nowhere")


def test_a_failing_model_gives_its_place_back(counter):
    shop = counter(broken, chats=1, queue=0)
    assert [bool(shop.say(WISH).slate.items) for _ in range(3)] == [True] * 3


def test_a_reply_that_cannot_be_recorded_is_not_called_done(counter):
    shop = counter(chats=1, queue=0)
    turn = shop.assistant.reply(Utterance(WISH))
    need = next(turn)
    breaking = create_engine(shop.url)
    with breaking.begin() as connection:
        connection.execute(text("alter table replies rename to away"))
    events = []
    with pytest.raises(Exception, match="replies"):
        events.extend(turn)
    assert not any(isinstance(event, DoneEvent) for event in events)
    with breaking.begin() as connection:
        connection.execute(text("alter table away rename to replies"))
    breaking.dispose()
    assert shop.assistant.turns(need.session_id)[0].failure == INTERRUPTED
    assert shop.say(WISH, need.session_id).slate.items


def test_a_message_that_cannot_be_recorded_is_not_answered(counter):
    shop = counter(chats=1, queue=0)
    breaking = create_engine(shop.url)
    with breaking.begin() as connection:
        connection.execute(text("alter table turns rename to away"))
    with pytest.raises(Exception, match="turns"):
        next(shop.assistant.reply(Utterance(WISH)))
    with breaking.begin() as connection:
        connection.execute(text("alter table away rename to turns"))
    breaking.dispose()
    assert shop.say(WISH).slate.items


def test_a_failure_before_the_slate_is_recorded(counter, monkeypatch):
    shop = counter()
    monkeypatch.setattr(Catalog, "search", broken)
    with pytest.raises(TypeError):
        list(shop.assistant.reply(Utterance(WISH)))
    *_, (stage, error) = shop.rows("select stage, error from failures")
    assert (stage, error.split(":")[0]) == ("slate", "TypeError")


def test_a_message_that_cannot_be_read_is_recorded_and_searched_for_as_it_stands(counter, monkeypatch):
    shop = counter()
    monkeypatch.setattr("assistant.pipeline.understand", lambda *given: 1 / 0)
    turn = shop.say("brass lamp")
    assert turn.need == Need("brass lamp") and turn.slate.items and turn.reply.text
    assert shop.rows("select stage from failures") == [("understand",)]
    assert shop.rows("select message from turns") == [("brass lamp",)]


def test_two_turns_at_once_do_not_wait_for_each_other(counter):
    gate, begun = threading.Event(), threading.Barrier(3, timeout=10)

    def gated(prompt):
        begun.wait()
        assert gate.wait(10)
        return honest(prompt)

    shop = counter(lambda prompt: gated(prompt) if not gate.is_set() else honest(prompt))
    with ThreadPoolExecutor(2) as pool:
        turns = [pool.submit(shop.say, message) for message in (WISH, "想买台灯，50美元以内")]
        begun.wait()
        gate.set()
        english, chinese = (turn.result(10) for turn in turns)
    assert (english.locale, chinese.locale) == ("en", "zh")
    assert english.session_id != chinese.session_id
    assert english.failure is None and chinese.failure is None
    assert shop.assistant.turns(english.session_id) == (english,)
    assert shop.assistant.turns(chinese.session_id) == (chinese,)


def test_openers_are_requests_that_this_shop_can_answer(counter):
    shop = counter()
    for locale in ("en", "zh"):
        openers = shop.assistant.openers(locale)
        assert len(openers) == 4
        assert shop.say(openers[0], locale=locale).slate.items


def test_a_mistyped_word_is_searched_for_as_it_was_meant_and_that_is_said_once(counter):
    turn = (shop := counter()).say("a kettlle")
    assert set(turn.slate.ids()) == {"robin", "raven"} and turn.reply.text.startswith("I read “kettlle” as “kettle”.")
    assert "I read" not in shop.say("something cheaper", turn.session_id).reply.text


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Do you have the Marlow Glass Lamp?", "Marlow Glass Lamp is sold out; in stock and close to it: "),
        ("About the Robin Kettle: how much is it?", "The listing of Robin Kettle says – Price: $52."),
    ],
)
def test_a_product_that_is_not_on_the_shelf_can_be_named_by_its_title(counter, message, said):
    assert said in counter().say(message).reply.text


def test_narrowing_that_fails_leaves_the_other_replies_and_is_recorded(counter, monkeypatch):
    shop = counter()
    monkeypatch.setattr("assistant.replies._MANY", 0)
    monkeypatch.setattr("assistant.replies.narrowings", broken)
    assert shop.say(WISH).reply.quick_replies[0] == say("q_cheaper", "en")
    assert shop.rows("select stage from failures") == [("narrow",)]
