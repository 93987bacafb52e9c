"""One server over real HTTP: what is sent, what is read, what is made of its failures."""

import itertools
import threading

import pytest

from assistant.errors import ModelError, ServerAway
from assistant.model import ChatModel, GenerationRequest, Message
from assistant.model.server import named_servers

PROMPT = [Message("system", "be kind"), Message("user", "hi")]


@pytest.fixture
def asked(stand_in):
    """A stand-in and the engine that asks it."""
    engines = []

    def make(*answers, **faults):
        server = stand_in(*answers, **faults)
        engines.extend(named_servers(f"openai:tiny@{server.url}", key="k"))
        return server, engines[-1]

    yield make
    for engine in engines:
        engine.close()


def test_pieces_come_as_the_server_sends_them_and_the_prompt_goes_as_it_is(asked):
    server, engine = asked(["Good ", "morning"])
    request = GenerationRequest(max_tokens=7, temperature=0.5, stop=(".",))
    assert list(engine.generate(PROMPT, request)) == ["Good ", "morning"]
    (body,) = server.bodies
    assert body["messages"] == [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi"}]
    assert (body["model"], body["max_tokens"], body["temperature"], body["stop"]) == ("tiny", 7, 0.5, ["."])


def test_the_servers_own_count_of_tokens_is_taken(asked):
    told = {"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49, "prompt_tokens_details": {}}
    _, engine = asked(["Good ", "morning"], usage=told | {"prompt_tokens_details": {"cached_tokens": 32}})
    request = GenerationRequest()
    list(engine.generate(PROMPT, request))
    assert (request.usage.prompt_tokens, request.usage.output_tokens, request.usage.cached_tokens) == (40, 9, 32)


def test_without_a_count_pieces_are_counted(asked):
    _, engine = asked(["Good ", "morning"])
    request = GenerationRequest()
    list(engine.generate(PROMPT, request))
    assert (request.usage.prompt_tokens, request.usage.output_tokens) == (0, 2)


def test_a_server_that_refuses_to_count_is_asked_without_once_and_for_all(asked):
    server, engine = asked(["yes"], refused_field="stream_options")
    assert list(engine.generate(PROMPT, GenerationRequest())) == ["yes"]
    assert list(engine.generate(PROMPT, GenerationRequest())) == ["yes"]
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


def test_a_refused_prompt_is_a_model_error_that_no_other_server_could_mend(asked):
    server, engine = asked()
    list(engine.generate(PROMPT, GenerationRequest()))
    server.status = 400
    with pytest.raises(ModelError, match="refused the prompt.*no room") as raised:
        list(engine.generate(PROMPT, GenerationRequest()))
    assert not isinstance(raised.value, ServerAway)
    assert len(server.bodies) == 2  # having counted once, it is not asked again without


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_any_other_failure_is_the_servers_own(asked, status):
    _, engine = asked(status=status)
    with pytest.raises(ServerAway, match=r"127\.0\.0\.1:\d+/v1 did not answer: .*no room"):
        list(engine.generate(PROMPT, GenerationRequest()))


@pytest.mark.parametrize(("waits", "seconds"), [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0), ("-1", 0.0)])
def test_a_full_server_says_how_long_it_wants_to_be_left(asked, waits, seconds):
    _, engine = asked(status=503, headers={"retry-after": waits})
    with pytest.raises(ServerAway) as raised:
        list(engine.generate(PROMPT, GenerationRequest()))
    assert raised.value.retry_after_s == seconds


def test_a_server_that_never_says_a_word_is_away(asked):
    _, engine = asked(["late"], free=0)
    with pytest.raises(ServerAway, match="did not answer"):
        list(engine.generate(PROMPT, GenerationRequest(stall_timeout_s=0.05)))


def test_a_connection_that_breaks_gives_its_pieces_and_then_the_error(asked):
    _, engine = asked(["Good ", "morning"], breaks_after=1)
    pieces = engine.generate(PROMPT, GenerationRequest())
    assert next(pieces) == "Good "
    with pytest.raises(ServerAway, match="did not answer"):
        next(pieces)


def test_a_password_in_the_address_is_never_shown(stand_in):
    address = stand_in(status=500).url.replace("//", "//user:secret@")
    (engine,) = named_servers(f"openai:tiny@{address}", key="k")
    with pytest.raises(ServerAway, match="did not answer") as raised:
        list(engine.generate(PROMPT, GenerationRequest()))
    assert "secret" not in str(raised.value)
    engine.close()


def test_closing_a_stream_closes_its_connection(asked):
    server, engine = asked(itertools.repeat("more "))
    pieces = engine.generate(PROMPT, GenerationRequest())
    next(pieces)
    pieces.close()
    assert server.left.wait(10)


def test_cancelling_a_call_closes_its_connection(asked):
    server, engine = asked(itertools.repeat("more "), free=1)
    cancelled = threading.Event()
    stream = ChatModel(engine=engine).stream("hi", cancelled=cancelled)
    assert next(stream).text == "more "
    cancelled.set()
    assert "".join(chunk.text for chunk in stream) == ""
    server.gate.set()
    assert server.left.wait(10)


def test_closing_one_engine_leaves_another_of_the_same_server_alone(asked):
    server, engine = asked(["yes"])
    (other,) = named_servers(f"openai:tiny@{server.url}", key="k")
    other.close()
    assert list(engine.generate(PROMPT, GenerationRequest())) == ["yes"]


@pytest.mark.parametrize(
    ("missing", "healthy", "there"),
    [
        (set(), True, True),
        (set(), False, False),
        ({"/health"}, True, True),
        ({"/health"}, False, False),
        ({"/health", "/v1/models"}, True, True),
    ],
)
def test_health_is_asked_for_and_else_the_list_of_models(asked, missing, healthy, there):
    server, engine = asked(missing=missing, healthy=healthy)
    assert engine.is_there() is there
    assert server.asked == ["/health", "/v1/models"][: len(missing & {"/health"}) + 1]


def test_a_server_that_is_gone_does_not_answer(asked):
    server, engine = asked()
    server.close()
    assert not engine.is_there()
    with pytest.raises(ServerAway, match="(?i)refused|connect"):
        list(engine.generate(PROMPT, GenerationRequest()))
