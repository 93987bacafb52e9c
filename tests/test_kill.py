"""A served shop with its real parts: killed in the middle of an answer it loses nothing that it had acknowledged.

AISLE_TEST_HOME (default ./var) holds the weights; everything else is made anew.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from assistant.model.weights import packaged_gguf

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[1]
HOME = Path(os.environ.get("AISLE_TEST_HOME", "var")).resolve()
PATIENCE_S = 300


class Server:
    """`app.py` in a process of its own on a free port."""

    def __init__(self, home):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        own = {"AISLE_HOME": str(home), "AISLE_PORT": str(port), "AISLE_MODEL": "packaged", "AISLE_CHATS": "2"}
        patient = {"AISLE_TURN_TIMEOUT_S": str(PATIENCE_S), "AISLE_STALL_TIMEOUT_S": "120"}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=kept | own | patient)

    def wait(self):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended before it was ready"
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.5)
        raise AssertionError("the server was not ready in time")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)

    def say(self, message, session_id=None):
        body = {"message": message} | ({"session_id": session_id} if session_id else {})
        answer = httpx.post(f"{self.url}/api/v1/chat", json=body, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def turns(self, session_id):
        return httpx.get(f"{self.url}/api/v1/sessions/{session_id}").json()["turns"]

    @contextmanager
    def listen(self, message, session_id=None):
        """The events of one turn, as (name, data) pairs while they come."""
        body = {"message": message} | ({"session_id": session_id} if session_id else {})
        accept = {"Accept": "text/event-stream"}
        with httpx.stream("POST", f"{self.url}/api/v1/chat", json=body, headers=accept, timeout=PATIENCE_S) as answer:
            assert answer.status_code == 200
            yield self._events(answer.iter_lines())

    @staticmethod
    def _events(lines):
        name = ""
        for line in lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home of its own that borrows the weights."""
    packaged_gguf(HOME / "models", print)
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(HOME / "models")
    return home


@pytest.fixture(scope="module")
def shop(home):
    """A served shop that a test may kill and start again: the list holds the server that runs now."""
    servers = [Server(home).wait()]
    yield servers
    servers[-1].end()


def in_the_database(home, query, **values):
    engine = create_engine(f"sqlite:///{home / 'record.db'}")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query), values)]
    engine.dispose()
    return rows


def test_two_chats_at_once_both_get_their_slate_before_either_is_answered_in_full(shop):
    server, order, lock = shop[-1], [], threading.Lock()
    together = threading.Barrier(2, timeout=PATIENCE_S)

    def chat(name, message):
        together.wait()
        with server.listen(message) as events:
            for event, _ in events:
                with lock:
                    order.append((name, event))

    wishes = {"ann": "a desk lamp under $80", "bo": "想买耳机，200美元以内"}
    chats = [threading.Thread(target=chat, args=wish) for wish in wishes.items()]
    for one in chats:
        one.start()
    for one in chats:
        one.join(PATIENCE_S)
    for name in wishes:
        own = [event for who, event in order if who == name]
        assert own[:2] == ["need", "slate"]
        assert own[-1] == "done"
        assert set(own[2:-1]) == {"sentence"}
    first_done = min(order.index((name, "done")) for name in wishes)
    assert all(order.index((name, "slate")) < first_done for name in wishes)


def test_what_was_acknowledged_before_a_kill_is_there_after_it_and_the_chat_goes_on(shop, home):
    server = shop[-1]
    first = server.say("a desk lamp under $80")
    session_id = first["session_id"]
    second = server.say("how much is the first one?", session_id)
    rating = {"turn_id": second["turn_id"], "kind": "stars", "value": 4, "reasons": ["clear"]}
    assert httpx.post(f"{server.url}/api/v1/feedback", json=rating).status_code == 201

    with pytest.raises(httpx.TransportError), server.listen("not plastic", session_id) as events:
        name, need = next(events)
        assert name == "need"
        name, slate = next(events)
        assert name == "slate"
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        list(events)

    shop.append(Server(home).wait())
    server = shop[-1]
    *kept, interrupted = server.turns(session_id)
    assert kept == [turn | {"cart": None} for turn in (first, second)]  # a cart is that of now, and of no turn
    assert interrupted["turn_id"] == need["turn_id"]
    assert (interrupted["reply"], interrupted["claims"]) == ("", [])
    rows = in_the_database(home, "select turn_id, kind, value from ratings")
    assert rows == [(second["turn_id"], "stars", "4")]
    assert in_the_database(home, "select message from turns where id = :id", id=need["turn_id"]) == [("not plastic",)]
    assert in_the_database(home, "select * from replies where turn_id = :id", id=need["turn_id"]) == []
    shown = in_the_database(home, "select product_id from impressions where turn_id = :id", id=need["turn_id"])
    assert {id for (id,) in shown} == {item["product_id"] for item in slate["slate"]}

    third = server.say("what is the second one made of?", session_id)
    assert (third["kind"], first["slate"][1]["title"] in third["reply"]) == ("answer", True)
    assert [turn["turn_id"] for turn in server.turns(session_id)] == [
        first["turn_id"], second["turn_id"], need["turn_id"], third["turn_id"]
    ]  # fmt: skip
    assert third["need"] == first["need"]
