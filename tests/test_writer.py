"""Sentences as they are finished, JSON by schema, and the limits of time."""

import threading

import pytest

from assistant.errors import ModelError, ModelStalled
from assistant.writer import Writer
from tests.fakes import broken, scripted, silent

FAR = 1e9
SCHEMA = {"type": "object", "properties": {"line": {"type": "integer"}}, "required": ["line"]}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def sentences(script, *, deadline=FAR, clock=Clock(), stall_timeout_s=5.0, cancelled=None):
    writer = Writer(scripted(script), stall_timeout_s=stall_timeout_s, clock=clock)
    return writer.sentences(
        "be brief", "a lamp?", max_tokens=9, deadline=deadline, cancelled=cancelled or threading.Event()
    )


def fields(script, *, deadline=FAR):
    writer = Writer(scripted(script), stall_timeout_s=5, clock=Clock())
    return writer.fields("s", "u", SCHEMA, max_tokens=9, deadline=deadline, cancelled=threading.Event())


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["It is oak. It ", "weighs 1.4 kg. "], ["It is oak.", "It weighs 1.4 kg."]),
        (["It costs $4", "5.50. Fine!"], ["It costs $45.50.", "Fine!"]),
        (["橡木", "底座。光线", "温暖！"], ["橡木底座。", "光线温暖！"]),
        (["- oak\n- brass\n"], ["- oak", "- brass"]),
        (["One. Two was cut o"], ["One."]),
        (["\n\n", "One."], ["One."]),
        ([], []),
    ],
)
def test_sentences_are_whole_and_an_unfinished_last_one_is_left_out(pieces, expected):
    assert list(sentences(lambda _: pieces)) == expected


def test_a_sentence_is_there_before_the_next_one_is_made():
    gate = threading.Event()

    def script(_):
        yield "It is oak. "
        assert gate.wait(5)
        yield "It is small."

    stream = sentences(script)
    assert next(stream) == "It is oak."
    gate.set()
    assert list(stream) == ["It is small."]


def test_closing_the_sentences_stops_the_engine():
    model = scripted(lambda _: ["It is oak. "] + ["and so on "] * 1000)
    writer = Writer(model, stall_timeout_s=5, clock=Clock())
    stream = writer.sentences("s", "u", max_tokens=9, deadline=FAR, cancelled=threading.Event())
    next(stream)
    stream.close()
    assert model.engine.left.wait(5)


def test_the_prompt_and_its_limits_reach_the_engine():
    model = scripted(lambda _: ["Yes."])
    writer = Writer(model, stall_timeout_s=5, clock=Clock())
    list(
        writer.sentences("be brief", "a lamp?", max_tokens=9, temperature=0.7, deadline=3, cancelled=threading.Event())
    )
    request = model.engine.requests[0]
    assert model.engine.asked == ["a lamp?"]
    assert (request.max_tokens, request.temperature, request.stall_timeout_s) == (9, 0.7, 3)


def test_a_call_after_the_deadline_does_not_ask_the_model():
    model = scripted(lambda _: ["Yes."])
    writer = Writer(model, stall_timeout_s=5, clock=Clock())
    with pytest.raises(ModelStalled, match="used up"):
        list(writer.sentences("s", "u", max_tokens=9, deadline=0, cancelled=threading.Event()))
    assert model.engine.asked == []


def test_a_deadline_that_passes_while_the_model_speaks_ends_it():
    clock = Clock()

    def script(_):
        clock.now = 100
        yield "Too late."

    with pytest.raises(ModelStalled, match="used up"):
        list(sentences(script, deadline=10, clock=clock))


def test_a_failing_model_is_a_model_error_and_a_silent_one_is_stalled():
    with pytest.raises(ModelError, match="out of memory"):
        list(sentences(broken))
    with pytest.raises(ModelStalled, match="no token"):
        list(sentences(silent, stall_timeout_s=0.05))


def test_a_cancelled_answer_ends_without_an_error():
    cancelled = threading.Event()
    cancelled.set()
    assert list(sentences(silent, cancelled=cancelled)) == []


def test_fields_are_the_models_json():
    assert fields(lambda _: ['{"line"', ": 2}"]) == {"line": 2}


@pytest.mark.parametrize("text", ['{"line": 2', "no", ""])
def test_an_answer_that_is_no_json_is_a_model_error(text):
    with pytest.raises(ModelError):
        fields(lambda _: [text])
