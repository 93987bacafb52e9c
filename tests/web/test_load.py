"""The server with its real assistant and a scripted model, asked by more shoppers than it has places for."""

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.settings import Settings
from assistant.web import Shop, create_app
from assistant.writer import Writer
from catalog import Catalog
from tests.fakes import Script, honest, scripted
from tests.web.test_rest import TURN_KEYS, events, say

WISH = {"message": "a lamp under $50"}
STREAM = {"Accept": "text/event-stream"}
Opens = Callable[[Script], TestClient]


@pytest.fixture
def opened(catalog: Catalog, tmp_path: Path) -> Iterator[Opens]:
    """A shop that one shopper at a time is answered in while one waits; given what its model says, its visitor."""
    record = Record(f"sqlite:///{tmp_path / 'record.db'}")
    settings = Settings(home=tmp_path, chats=1, queue=1)  # type: ignore[call-arg]

    def opens(script: Script) -> TestClient:
        writer = Writer(scripted(script), stall_timeout_s=20)
        assistant = Assistant(catalog, record, writer, settings, model="scripted@1", quantisation="none")
        return TestClient(create_app(Shop(assistant, catalog, record, settings, ready=lambda: True)))

    yield opens
    record.close()


def gated(gate: threading.Event) -> Script:
    def script(prompt: str) -> Iterable[str]:
        assert gate.wait(20)
        return honest(prompt)

    return script


def gauge(client: TestClient, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"aisle_turns_{name} ")))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_is_answered_one_waits_and_the_third_is_told_when_to_come_back(opened: Opens) -> None:
    gate = threading.Event()
    with opened(gated(gate)) as client, ThreadPoolExecutor(2) as pool:
        gc.collect()  # turns of other tests that nobody ended
        running, waiting = gauge(client, "running"), gauge(client, "waiting")
        turns = [pool.submit(client.post, "/api/v1/chat", json=WISH, headers=STREAM) for _ in range(2)]
        until(lambda: gauge(client, "waiting") == waiting + 1)
        for accept in ({}, STREAM):
            refused = client.post("/api/v1/chat", json=WISH, headers=accept)
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert client.get("/healthz").status_code == 200
        gate.set()
        told = [events(turn.result(30).text) for turn in turns]
        names = [[name for name, _ in one] for one in told]
        assert sorted("queued" in one for one in names) == [False, True]
        assert all(one[:2] == ["need", "slate"] and one[-1] == "done" for one in names)
        assert all(one[-1][1]["timings_ms"]["generations"] == 2 for one in told)
        until(lambda: (gauge(client, "running"), gauge(client, "waiting")) == (running, waiting))


def test_metrics_hold_the_load_and_what_the_model_takes(opened: Opens) -> None:
    with opened(honest) as client:
        assert set(say(client, WISH["message"])) >= TURN_KEYS
        text = client.get("/metrics").text
    for name in ("turns_running", "turns_waiting", "turns_refused_total", "queue_seconds_count"):
        assert f"\naisle_{name} " in text, name
    labels = 'model="scripted",purpose="recommend.en"'
    for name in (
        "first_token_seconds_count", "generation_seconds_count", "engine_queue_seconds_count", "prompt_tokens_total",
        "cached_tokens_total", "output_tokens_total",
    ):  # fmt: skip
        assert f"\naisle_{name}{{{labels}}} " in text, name
    for name in ("tokens_per_second", "batch_size"):
        assert f"# HELP aisle_{name} " in text, name
    assert 'aisle_generations_total{model="scripted",outcome="done",purpose="recommend.en"}' in text
