"""The composed shop without containers: real PostgreSQL and Chroma, a stand-in for vLLM, and Aisle told what compose tells it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest

from assistant.settings import Settings
from tests.model.stand_in import StandIn
from tests.record.test_postgres import server as postgres  # noqa: F401 - a fixture
from tests.test_compose import ROOT, composed, passes

pytestmark = pytest.mark.real

WISH = "a gift under $40"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def until(true, process):
    end = time.monotonic() + 180
    while not true():
        assert process.poll() is None, "the process ended"
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture
def chroma(tmp_path):
    """The port of a Chroma server that the compose file's check is content with."""
    command = shutil.which("chroma", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command chroma is not beside this Python")
    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path / "vectors")]
    process = subprocess.Popen([command, "run", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: passes("chroma", port), process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def databases(postgres):  # noqa: F811
    """The two databases as the service postgres makes them; its address."""
    plan = composed()
    with psycopg.connect(f"postgresql://{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {plan['services']['postgres']['environment']['POSTGRES_DB']}")
        connection.execute(plan["configs"]["catalogue"]["content"])
    return postgres


@pytest.fixture
def vllm():
    server = StandIn(["A fine ", "choice."])
    yield server
    server.close()


@pytest.fixture
def shop(tmp_path, vllm, databases, chroma):
    """The address of Aisle, served with the environment of the compose file."""
    here = {
        "http://vllm:8000/v1": vllm.url,
        "http://chroma:8000": f"http://127.0.0.1:{chroma}",
        "aisle:p4ss@postgres:5432": databases,
    }
    told = composed(AISLE_FALLBACK_MODEL="")["services"]["aisle"]["environment"]
    told = {name: value for name, value in told.items() if value is not None}
    for service, address in here.items():
        told = {name: str(value).replace(service, address) for name, value in told.items()}
    port = free_port()
    told |= {"AISLE_HOME": str(tmp_path / "home"), "AISLE_PORT": str(port)}
    others = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=others | told)
    try:
        until(lambda: passes("aisle", port), process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_composed_shop_answers_with_its_server_and_without_it_and_keeps_it_all(shop, vllm, databases):
    with httpx.Client(base_url=shop, timeout=120) as shopper:
        turn = shopper.post("/api/v1/chat", json={"message": WISH}).raise_for_status().json()
        assert turn["slate"]
        assert vllm.bodies
        named = Settings(model=composed()["services"]["aisle"]["environment"]["AISLE_MODEL"]).model
        served = f"{named.removeprefix('openai:').partition('@http')[0]}@{vllm.url.split('/')[2]}"
        assert turn["versions"]["model"] == served
        vllm.close()
        turn = shopper.post("/api/v1/chat", json={"message": WISH}).raise_for_status().json()
        assert turn["slate"]
        assert turn["reply"]
    with psycopg.connect(f"postgresql://{databases}/record") as record:
        assert record.execute("SELECT count(*) FROM replies").fetchone() == (2,)
        assert record.execute("SELECT model FROM versions").fetchall() == [(served,)]
    with psycopg.connect(f"postgresql://{databases}/catalog") as catalog:
        assert catalog.execute("SELECT count(*) FROM listings").fetchone() > (200,)
