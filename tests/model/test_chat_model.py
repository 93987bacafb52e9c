import threading

import pytest
from langchain_core.messages import FunctionMessage, HumanMessage, SystemMessage

from assistant.errors import ModelError, ModelStalled
from assistant.model import Message
from assistant.model.relay import until_stop

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def test_pieces_arrive_one_by_one_and_join_to_what_invoke_returns(fake_model):
    model = fake_model(["Good ", "morn", "ing"], ["Good ", "morn", "ing"])
    pieces = [chunk.text for chunk in model.stream("hi") if chunk.text]
    assert pieces == ["Good ", "morn", "ing"]
    assert model.invoke("hi").text == "Good morning"


def test_a_piece_is_there_before_the_next_is_made(fake_model):
    model = fake_model(["first", "second"], free=1)
    stream = model.stream("hi")
    assert next(stream).text == "first"
    model.engine.gate.set()
    assert "".join(chunk.text for chunk in stream) == "second"


def test_roles_and_options_reach_the_engine(fake_model):
    model = fake_model(["ok"])
    model.invoke([SystemMessage("be kind"), HumanMessage("hi")], max_tokens=7, temperature=0.5, stop=["."])
    assert model.engine.asked == [[Message("system", "be kind"), Message("user", "hi")]]
    request = model.engine.requests[0]
    assert (request.max_tokens, request.temperature, request.stop) == (7, 0.5, (".",))


def test_answers_are_greedy_unless_asked_otherwise(fake_model):
    model = fake_model(["ok"])
    model.invoke("hi")
    assert model.engine.requests[0].temperature == 0


def test_closing_the_stream_stops_the_engine(fake_model):
    model = fake_model(["a", "b", "c"], free=1)
    stream = model.stream("hi")
    next(stream)
    stream.close()
    assert model.engine.left.wait(5)
    assert model.engine.requests[0].cancelled.is_set()


def test_a_set_event_ends_the_stream_without_an_error(fake_model):
    model, cancelled = fake_model(["a", "b"], free=1), threading.Event()
    stream = model.stream("hi", cancelled=cancelled)
    assert next(stream).text == "a"
    cancelled.set()
    assert "".join(chunk.text for chunk in stream) == ""
    assert model.engine.left.wait(5)


def test_an_event_set_beforehand_gives_an_empty_answer(fake_model):
    cancelled = threading.Event()
    cancelled.set()
    assert fake_model(["a"], free=0).invoke("hi", cancelled=cancelled).text == ""


@pytest.mark.parametrize("free", [0, 1])
def test_a_missing_token_is_a_stall_be_it_the_first_or_a_later_one(fake_model, free):
    model = fake_model(["a", "b"], free=free)
    with pytest.raises(ModelStalled, match="no token for"):
        list(model.stream("hi", stall_timeout_s=0.05))
    assert model.engine.left.wait(5)


def test_the_deadline_ends_an_answer_that_still_flows(fake_model):
    model = fake_model(["a"] * 3, free=2)
    with pytest.raises(ModelError, match="no whole answer within"):
        list(model.stream("hi", deadline_s=0.05))


def test_a_failing_engine_is_a_model_error(fake_model):
    with pytest.raises(ModelError, match="pop from empty list"):
        fake_model().invoke("hi")


def test_unknown_options_and_roles_are_refused(fake_model):
    with pytest.raises(ValueError, match="top_k"):
        fake_model(["a"]).invoke("hi", top_k=3)
    with pytest.raises(ModelError, match="function"):
        fake_model(["a"]).invoke([FunctionMessage("x", name="old")])


def test_a_schema_answer_is_one_checked_piece(fake_model):
    model = fake_model(['{"n"', ": 3}"])
    assert [chunk.text for chunk in model.stream("hi", schema=SCHEMA) if chunk.text] == ['{"n": 3}']


def test_a_constrained_answer_that_was_cut_off_is_an_error_at_once(fake_model):
    model = fake_model(['{"n"'])
    with pytest.raises(ModelError, match="not JSON"):
        model.invoke("hi", schema=SCHEMA)
    assert len(model.engine.asked) == 1


def test_an_engine_without_grammar_is_told_the_schema_and_may_fence_its_answer(fake_model):
    model = fake_model(["Here: ```json\n", '{"n": 3}', "\n```"], constrains=False)
    assert model.invoke("count", schema=SCHEMA).text == '{"n": 3}'
    assert '"integer"' in model.engine.asked[0][-1].content


def test_an_engine_without_grammar_gets_one_chance_to_repair(fake_model):
    model = fake_model(['{"n": "x"}'], ['{"n": 4}'], constrains=False)
    assert model.invoke("count", schema=SCHEMA).text == '{"n": 4}'
    assert "does not satisfy" in model.engine.asked[1][-1].content
    with pytest.raises(ModelError, match="not JSON"):
        fake_model(["no"], ["no"], constrains=False).invoke("count", schema=SCHEMA)


def test_tokens_of_a_schema_answer_keep_it_from_counting_as_stalled(fake_model):
    model = fake_model(["{", "}"], free=1)
    threading.Timer(0.15, model.engine.gate.set).start()
    assert model.invoke("hi", schema={"type": "object"}, stall_timeout_s=3).text == "{}"


def test_the_model_says_who_it_is_and_passes_warming_and_closing_on(fake_model):
    model = fake_model()
    model.warm(["be kind"])
    model.close()
    assert (model.identity.name, model.engine.warmed, model.engine.closed) == ("fake", ["be kind"], True)


@pytest.mark.parametrize(
    ("pieces", "stop", "shown"),
    [
        (["one. two", ". three"], (".",), "one"),
        (["a", "#", "#b"], ("##",), "a"),
        (["a", "#", "b"], ("##",), "a#b"),
        (["a#"], ("##",), "a#"),
        (["x END y STOP"], ("STOP", "END"), "x "),
    ],
)
def test_text_ends_before_the_first_stop_string_even_across_pieces(pieces, stop, shown):
    assert "".join(until_stop(iter(pieces), stop)) == shown
