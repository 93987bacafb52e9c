"""What is measured of a generation, however it ends, and what /metrics and a turn's record get of it."""

import threading

import pytest
from prometheus_client import REGISTRY

from assistant.errors import ModelError, ModelStalled
from assistant.model import ChatModel, Generation, ModelIdentity
from assistant.model.measure import Meter, taken
from assistant.model.request import GenerationRequest, Usage
from tests.model.conftest import FakeEngine

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


class CountingEngine(FakeEngine):
    """Fills in what each answer took, as real engines do."""

    def generate(self, messages, request):
        request.usage.prompt_tokens, request.usage.cached_tokens = 90, 60
        request.usage.queued_s, request.usage.batch = 0.5, 3
        for piece in super().generate(messages, request):
            request.usage.output_tokens += 1
            yield piece


@pytest.fixture
def model(request):
    """A measured model with the test's own name, so that its figures are its own."""

    def make(*answers, **options):
        engine = CountingEngine(*answers, **options)
        engine.identity = ModelIdentity(request.node.name, "none", "1")
        return ChatModel(engine=engine, stall_timeout_s=5)

    return make


def metric(name, model, **labels):
    return REGISTRY.get_sample_value(name, {"model": model.identity.name, "purpose": "recommend.en", **labels})


def ask(model, **options):
    ended = []
    try:
        list(model.stream("hi", purpose="recommend.en", measured=ended.append, **options))
    finally:
        (generation,) = ended
    return generation


def test_a_generation_is_told_with_what_it_took(model):
    generation = ask(model(["a ", "lamp", "."]))
    assert (generation.purpose, generation.outcome) == ("recommend.en", "done")
    assert 0 <= generation.first_token_s <= generation.seconds
    assert generation.first_token_s + generation.decoding_s <= generation.seconds
    assert generation.usage == Usage(90, 60, 3, 0.5, 3)


def test_every_figure_is_exposed_by_model_and_purpose(model):
    made = model(["a ", "lamp", "."], ["b"])
    ask(made)
    ask(made)
    assert metric("aisle_generations_total", made, outcome="done") == 2
    assert metric("aisle_prompt_tokens_total", made) == 180
    assert metric("aisle_cached_tokens_total", made) == 120
    assert metric("aisle_output_tokens_total", made) == 4
    for name in ("first_token_seconds", "generation_seconds", "engine_queue_seconds", "batch_size"):
        assert metric(f"aisle_{name}_count", made) == 2
    assert metric("aisle_tokens_per_second_count", made) == 1  # one token alone has no speed
    assert metric("aisle_engine_queue_seconds_sum", made) == 1
    assert metric("aisle_batch_size_sum", made) == 6


def test_an_answer_that_does_not_come_is_stalled(model):
    made = model(["a", "b"], free=0)
    with pytest.raises(ModelStalled):
        ask(made, stall_timeout_s=0.05)
    assert metric("aisle_generations_total", made, outcome="stalled") == 1
    assert metric("aisle_first_token_seconds_count", made) is None


def test_an_answer_cut_at_its_deadline_is_stalled(model):
    made = model(["a", "b"], free=1)
    with pytest.raises(ModelStalled, match="no whole answer"):
        ask(made, deadline_s=0.05)
    assert metric("aisle_generations_total", made, outcome="stalled") == 1


def test_a_failing_engine_is_failed(model):
    made = model()
    with pytest.raises(ModelError):
        ask(made)
    assert metric("aisle_generations_total", made, outcome="failed") == 1


def test_an_answer_that_nobody_wants_any_more_is_cancelled(model):
    made, cancelled, ended = model(["a", "b"], free=1), threading.Event(), []
    stream = made.stream("hi", purpose="recommend.en", measured=ended.append, cancelled=cancelled)
    next(stream)
    cancelled.set()
    stream.close()
    assert [one.outcome for one in ended] == ["cancelled"]
    assert metric("aisle_generations_total", made, outcome="cancelled") == 1


def test_an_answer_of_which_enough_was_heard_is_done(model):
    made, ended = model(["a", "b"], free=1), []
    stream = made.stream("hi", purpose="recommend.en", measured=ended.append)
    next(stream)
    stream.close()
    assert [(one.outcome, one.usage.output_tokens) for one in ended] == [("done", 1)]


def test_both_answers_of_a_repaired_one_are_counted(model):
    generation = ask(model(["{", "}"], ['{"n"', ": 1}"], constrains=False), schema=SCHEMA)
    assert generation.usage == Usage(180, 120, 4, 1.0, 3)


def test_an_answer_by_schema_has_a_first_token_though_it_is_shown_whole(model):
    assert ask(model(['{"n"', ": 1}"]), schema=SCHEMA).first_token_s is not None


def test_the_first_token_is_the_first_that_says_something():
    times = iter([0.0, 1.0, 2.0, 5.0, 9.0])
    meter, ended = Meter("m", GenerationRequest(), clock=lambda: next(times)), []
    pieces = (piece for piece in meter.heard(iter(["", "a", "", "b"])))
    assert list(meter.over(pieces, threading.Event(), ended.append)) == ["", "a", "", "b"]
    assert [(one.first_token_s, one.decoding_s, one.seconds) for one in ended] == [(1.0, 3.0, 8.0)]
    assert ended[0].purpose == "other"


def test_the_generations_of_a_turn_add_up_in_milliseconds_and_tokens():
    nothing = Generation("m", "p", "stalled", 1.0, None, 0.0, Usage())
    some = Generation("m", "p", "done", 0.5, 0.2, 0.25, Usage(100, 40, 9, 0.1, 2))
    assert taken([]) == {}
    assert taken([nothing, some, some]) == {
        "model": 2000.0,
        "model_queue": 200.0,
        "model_first_token": 200.0,
        "generations": 3,
        "prompt_tokens": 200,
        "cached_tokens": 80,
        "output_tokens": 18,
    }
