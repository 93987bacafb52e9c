"""Several servers as one engine: who is asked, who is asked next, and who comes back."""

import json
from contextlib import closing

import pytest

from assistant.errors import ModelError, ServerAway
from assistant.model import ChatModel, GenerationRequest, Message, ModelIdentity, load_model
from assistant.model import pool as pooling
from assistant.model.fallback import Fallback
from assistant.model.pool import ServerPool
from assistant.settings import Settings
from tests.model.conftest import FakeEngine

PROMPT = [Message("user", "hi")]


class FakeServer(FakeEngine):
    """Says its name; while `away` holds an error it raises that, after `words` pieces."""

    def __init__(self, name):
        super().__init__(constrains=False)
        self.identity = ModelIdentity("tiny", "server", name)
        self.name = name
        self.away = None
        self.words = 0
        self.there = True
        self.probes = 0

    def generate(self, messages, request):
        self.requests.append(request)
        for n in range(3):
            if self.away is not None and n >= self.words:
                raise self.away
            yield self.name

    def is_there(self):
        self.probes += 1
        return self.there


class Bench:
    """A pool over fake servers with a clock to turn and background work that waits to be run."""

    def __init__(self, *names, fallback=None):
        self.now = 0.0
        self.work = []
        self.servers = [FakeServer(name) for name in names]
        self.fallback = Fallback(fallback, background=self.work.append) if fallback else None
        self.pool = ServerPool(self.servers, self.fallback, clock=lambda: self.now, background=self.work.append)

    def load(self):
        self.work.pop(0)()

    def ask(self, request=None):
        return "".join(self.pool.generate(PROMPT, request or GenerationRequest()))

    def after(self, seconds):
        self.now += seconds
        self.pool.check()
        return [server.probes for server in self.servers]


def test_the_server_with_the_fewest_generations_under_way_is_asked_the_first_of_equals():
    bench = Bench("a", "b", "c")
    running = [bench.pool.generate(PROMPT, GenerationRequest()) for _ in range(4)]
    assert [next(pieces) for pieces in running] == ["a", "b", "c", "a"]
    assert list(running[1]) == ["b", "b"]
    running[2].close()
    with (
        closing(bench.pool.generate(PROMPT, GenerationRequest())) as one,
        closing(bench.pool.generate(PROMPT, GenerationRequest())) as two,
    ):
        assert [next(one), next(two)] == ["b", "c"]


def test_who_answered_is_told_and_the_pool_itself_is_all_of_them():
    bench = Bench("a", "b")
    bench.servers[0].away = ServerAway("gone")
    request = GenerationRequest()
    assert bench.ask(request) == "bbb"
    assert str(request.usage.answered_by) == "tiny@b"
    assert str(bench.pool.identity) == "tiny@a, b"


def test_a_server_that_fails_before_its_first_word_is_replaced_by_another():
    bench = Bench("a", "b")
    bench.servers[0].away = ServerAway("gone")
    assert bench.ask() == "bbb"
    assert [len(server.requests) for server in bench.servers] == [1, 1]


def test_after_the_first_word_nobody_else_is_asked():
    bench = Bench("a", "b")
    bench.servers[0].away, bench.servers[0].words = ServerAway("gone"), 1
    pieces = bench.pool.generate(PROMPT, GenerationRequest())
    assert next(pieces) == "a"
    with pytest.raises(ServerAway, match="gone"):
        next(pieces)
    assert bench.servers[1].requests == []
    assert bench.ask() == "bbb"


def test_a_prompt_is_asked_twice_at_most():
    bench = Bench("a", "b", "c")
    bench.servers[0].away = bench.servers[1].away = ServerAway("gone")
    with pytest.raises(ModelError, match="no model can be asked: gone; gone$"):
        bench.ask()
    assert bench.servers[2].requests == []
    assert bench.ask() == "ccc"


def test_a_refused_prompt_is_no_fault_of_the_server():
    bench = Bench("a", "b")
    bench.servers[0].away = ModelError("too long")
    with pytest.raises(ModelError, match="too long"):
        bench.ask()
    bench.servers[0].away = None
    assert bench.ask() == "aaa"


def test_a_call_that_was_given_up_is_not_asked_again():
    bench = Bench("a", "b")
    bench.servers[0].away = ServerAway("gone")
    request = GenerationRequest()
    request.cancelled.set()
    with pytest.raises(ServerAway, match="gone"):
        bench.ask(request)
    assert bench.servers[1].requests == []
    assert bench.ask() == "bbb"  # but what was learnt of the server is kept


def test_the_first_of_several_leaves_half_the_time_to_the_second():
    bench = Bench("a", "b")
    bench.servers[0].away = ServerAway("gone")
    bench.ask(GenerationRequest(stall_timeout_s=8))
    assert [server.requests[0].stall_timeout_s for server in bench.servers] == [4, 8]
    alone = Bench("a")
    alone.ask(GenerationRequest(stall_timeout_s=8))
    assert alone.servers[0].requests[0].stall_timeout_s == 8


def test_a_server_set_aside_is_not_asked_until_a_check_finds_it_well():
    bench = Bench("a", "b")
    first, _ = bench.servers
    first.away, first.there = ServerAway("gone"), False
    bench.ask()
    first.away = None
    assert bench.ask() == "bbb"
    assert bench.after(0.5) == [0, 0]
    assert bench.after(0.5) == [1, 0]
    assert bench.ask() == "bbb"
    first.there = True
    assert bench.after(2) == [2, 0]
    assert bench.ask() == "aaa"


def test_pauses_double_up_to_a_limit_and_only_a_word_said_makes_them_short_again():
    bench = Bench("a")
    (server,) = bench.servers
    server.away = ServerAway("gone")
    pauses = []
    for _ in range(7):
        with pytest.raises(ModelError, match="gone"):
            bench.ask()
        waited = 0
        while bench.pool._members[0].due is not None:  # it says that it is well, and then fails again
            bench.after(1)
            waited += 1
        pauses.append(waited)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    server.away = None
    assert bench.ask() == "aaa"
    server.away = ServerAway("gone")
    with pytest.raises(ModelError, match="gone"):
        bench.ask()
    assert bench.after(1) == [8]


def test_a_full_server_is_left_for_as_long_as_it_asked():
    bench = Bench("a", "b")
    bench.servers[0].away = ServerAway("full", retry_after_s=60)
    assert bench.ask() == "bbb"
    bench.servers[0].away = None
    assert bench.after(59) == [0, 0]
    assert bench.ask() == "bbb"
    assert bench.after(1) == [1, 0]
    assert bench.ask() == "aaa"


def test_several_calls_that_fail_at_once_count_as_one_failure():
    bench = Bench("a")
    (server,) = bench.servers
    server.away, server.words = ServerAway("gone"), 1
    running = [bench.pool.generate(PROMPT, GenerationRequest()) for _ in range(3)]
    assert [next(pieces) for pieces in running] == ["a"] * 3
    for pieces in running:
        with pytest.raises(ServerAway):
            next(pieces)
    assert bench.after(1) == [1]
    server.away = None
    assert bench.ask() == "aaa"


def test_with_no_server_and_no_fallback_the_error_is_one_line_and_comes_at_once():
    bench = Bench("a", "b")
    for server in bench.servers:
        server.away = ServerAway(f"{server.name} did not answer: refused")
    line = "no model can be asked: a did not answer: refused; b did not answer: refused"
    for _ in range(2):
        request = GenerationRequest()
        with pytest.raises(ModelError) as raised:
            bench.ask(request)
        assert str(raised.value) == line
        assert request.usage.answered_by is None
    assert [len(server.requests) for server in bench.servers] == [1, 1]


def test_the_fallback_answers_while_no_server_does_and_not_a_turn_longer():
    local = FakeEngine(["local"], ["local"])
    bench = Bench("a", fallback=lambda: local)
    bench.load()
    (server,) = bench.servers
    assert bench.ask() == "aaa"
    server.away = ServerAway("gone")
    request = GenerationRequest()
    assert bench.ask(request) == "local"
    assert str(request.usage.answered_by) == "fake@1"
    assert bench.ask() == "local"
    server.away = None
    bench.after(1)
    assert bench.ask(request) == "aaa"
    assert str(request.usage.answered_by) == "tiny@a"


def test_nobody_waits_for_a_fallback_that_is_being_loaded_or_cannot_be():
    def missing():
        raise RuntimeError("there is no GGUF file")

    bench = Bench("a", fallback=missing)
    bench.servers[0].away = ServerAway("gone")
    with pytest.raises(ModelError, match="gone; the fallback model is still being loaded$"):
        bench.ask()
    bench.load()
    with pytest.raises(ModelError, match="gone; the fallback model cannot be loaded: there is no GGUF file$"):
        bench.ask()


@pytest.mark.parametrize("loaded_first", [True, False])
def test_the_fallback_is_warmed_whichever_comes_first(loaded_first):
    local = FakeEngine()
    bench = Bench("a", fallback=lambda: local)
    if loaded_first:
        bench.load()
    bench.pool.warm(["be kind"])
    while bench.work:
        bench.load()
    assert list(local.warmed) == ["be kind"]
    assert bench.servers[0].warmed == ["be kind"]


@pytest.mark.parametrize("loaded_first", [True, False])
def test_closing_closes_everyone_and_a_fallback_that_comes_too_late(loaded_first):
    local = FakeEngine()
    bench = Bench("a", "b", fallback=lambda: local)
    if loaded_first:
        bench.load()
    bench.pool.close()
    while bench.work:
        bench.load()
    assert all(engine.closed for engine in (*bench.servers, local))
    with pytest.raises(ModelError, match="no model can be asked"):
        bench.ask()


# Over real HTTP, with the parts as they are put together.


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(pooling, "FIRST_PAUSE_S", 0.01)


def loaded(tmp_path, *servers, **settings):
    urls = ",".join(server.url for server in servers)
    return load_model(Settings(home=tmp_path, model=f"openai:tiny@{urls}", **settings))


def test_a_server_that_comes_back_is_found_by_itself(stand_in, tmp_path, quick):
    first, second = stand_in(["one"], status=503, healthy=False), stand_in(["two"])
    with closing(loaded(tmp_path, first, second)) as model:
        assert model.invoke("hi").text == "two"
        first.status, first.healthy = 200, True
        assert any(model.invoke("hi").text == "one" for _ in range(2000))
        assert first.asked


@pytest.mark.real
def test_a_server_that_hangs_is_replaced_within_the_time_for_one_token(stand_in, tmp_path):
    first, second = stand_in(["late"], free=0), stand_in(["two"])
    with closing(loaded(tmp_path, first, second)) as model:
        assert model.invoke("hi", stall_timeout_s=2).text == "two"


def test_a_schema_that_the_servers_ignore_is_repaired_and_the_repair_may_come_from_another(stand_in, tmp_path):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    first, second = stand_in(["Sure: three"], ['```json\n{"n":', " 3}\n```"]), stand_in(["no"])
    with closing(loaded(tmp_path, first, second)) as model:
        assert json.loads(model.invoke("count", schema=schema).text) == {"n": 3}
        asked, repaired = first.bodies
        assert asked["response_format"]["json_schema"]["schema"] == schema
        assert "is not JSON" in repaired["messages"][-1]["content"]
        first.status = 503
        with pytest.raises(ModelError, match="the answer is not JSON"):
            model.invoke("count", schema=schema)
        assert len(second.bodies) == 2


def test_a_schema_is_also_held_by_the_fallback():
    local = FakeEngine(["three"], ['{"n": 3}'])
    bench = Bench("a", fallback=lambda: local)
    bench.load()
    bench.servers[0].away = ServerAway("gone")
    assert ChatModel(engine=bench.pool).invoke("count", schema={"type": "object"}).text == '{"n": 3}'


def test_cancelling_a_call_of_the_pool_closes_its_connection(stand_in, tmp_path):
    server = stand_in(iter(lambda: "more ", ""))
    with closing(loaded(tmp_path, server)) as model:
        stream = model.stream("hi")
        next(stream)
        stream.close()
        assert server.left.wait(10)
