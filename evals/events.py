"""Is every event there once? A served shop is told of 200 events a second while it talks, and killed in between.

Senders do as pages do: each event has a key and is sent until it is acknowledged, every tenth once more on purpose. In the
end the record is counted: what was acknowledged and is missing is lost, what is there twice is doubled.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from assistant.record.database import engine_on
from assistant.record.tables import EventRow, ReplyRow
from catalog import Progress
from evals.metrics import quantile, side_by_side

_ROOT = Path(__file__).parents[1]
_SENDERS = 48  # as many as wait at once: with 12 the answers' time was the limit
_CHATS = 2
_READS_S = 0.5  # a shopper, before the next message
_PATIENCE_S = 180
_AGAIN_S = 0.2
_TWICE_EVERY = 10
_WISHES = (
    "a desk lamp under $80",
    "a cheaper one",
    "a coffee grinder",
    "a toy for a child of four",
    "want it in black",
)
_DATABASE = "aisle_eval_events"


def run(
    seconds: float = 300, rate: float = 200, url: str | None = None, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Measure on SQLite, and on the PostgreSQL server at `url` in a database made for it and dropped."""
    started, results = time.time(), []
    for server in (None, *([url] if url else [])):
        with tempfile.TemporaryDirectory() as folder, _database(server, Path(folder)) as record_url:
            results.append(measured(record_url, Path(folder), seconds, rate, progress or (lambda *_: None)))
    return {"seconds": seconds, "rate": rate, "results": results, "minutes": round((time.time() - started) / 60, 1)}


def measured(record_url: str, folder: Path, seconds: float, rate: float, progress: Progress) -> dict[str, Any]:
    """Events for `seconds` on one empty database, its server killed half way; what became of them."""
    crowd = Crowd(_free_port(), rate, seconds)
    server = _Server(record_url, crowd.port, folder)
    try:
        server.wait()
        crowd.talk(1)  # something to tell of
        crowd.begin()
        crowd.until(seconds / 2, progress)
        server.kill()
        server.start()
        server.wait()
        crowd.until(seconds, progress)
        crowd.end()
    finally:
        server.kill()
    return {"database": make_url(record_url).get_backend_name(), **crowd.report(), **_counted(record_url, crowd)}


class _Server:
    """A shop in a process of its own that may be killed and started again."""

    def __init__(self, record_url: str, port: int, folder: Path) -> None:
        self._port = port
        self._command = [sys.executable, "-m", "evals.events_shop", record_url, str(port), str(folder)]
        self.start()

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
        self._process = subprocess.Popen(self._command, cwd=_ROOT, env=kept, stdout=subprocess.DEVNULL)  # noqa: S603

    def wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError("the shop ended before it was ready")
            try:
                if httpx.get(f"http://127.0.0.1:{self._port}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(_AGAIN_S)
        raise RuntimeError("the shop was not ready in time")

    def kill(self) -> None:
        """As if the power had gone."""
        self._process.kill()
        self._process.wait()


@dataclass
class Crowd:
    """Everybody who talks and tells, and what they were answered. `events` are acknowledged keys, `turns` closed turns."""

    port: int
    rate: float
    seconds: float
    shown: list[dict[str, Any]] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    took_ms: list[float] = field(default_factory=list)
    chats_ms: list[float] = field(default_factory=list)
    repeats: int = 0
    retries: int = 0
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _started: float = 0.0
    _took_s: float = 0.0

    @property
    def total(self) -> int:
        """How many events there are."""
        return round(self.rate * self.seconds)

    def begin(self) -> None:
        """Start to send, so many a second, and to talk."""
        self._started = time.monotonic()
        work = [*[self._send] * _SENDERS, *[self.talk] * _CHATS]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]
        for thread in self._threads:
            thread.start()

    def until(self, second: float, progress: Progress) -> None:
        """Let it go on to that second from its beginning."""
        while (gone := time.monotonic() - self._started) < second:
            time.sleep(min(1.0, second - gone))
            progress("events", len(self.events), self.total)

    def end(self) -> None:
        """Wait until every event is acknowledged, and talk until then."""
        deadline = time.monotonic() + _PATIENCE_S
        for thread in self._threads[:_SENDERS]:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._over.set()
        self._took_s = time.monotonic() - self._started
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def report(self) -> dict[str, Any]:
        """How it went for those who sent."""
        return {
            "sent": self._number,
            "acknowledged": len(self.events),
            "seconds": round(self._took_s, 1),
            "sent_twice": self.repeats,
            "retries": self.retries,
            "p50_ms": quantile(self.took_ms, 0.5),
            "p95_ms": quantile(self.took_ms, 0.95),
            "chats": len(self.turns),
            "chat_p50_ms": quantile(self.chats_ms, 0.5),
            "chat_p95_ms": quantile(self.chats_ms, 0.95),
        }

    def talk(self, turns: int | None = None) -> None:
        """Conversations of a few turns each, one after the other; one that is broken off is begun anew."""
        session_id, said = None, 0
        with httpx.Client(base_url=self._address, timeout=60) as client:
            while not self._over.is_set() and (turns is None or said < turns):
                body = {"message": _WISHES[said % len(_WISHES)], "session_id": session_id}
                started = time.monotonic()
                turn = self._posted(client, "/api/v1/chat", body, 200)
                session_id, said = (turn or {}).get("session_id") if said % len(_WISHES) else None, said + 1
                if turn is None:
                    continue
                self.chats_ms.append(1000 * (time.monotonic() - started))
                self.turns.append(turn["turn_id"])
                if turn["slate"]:
                    self.shown.append(turn)
                time.sleep(_READS_S)

    def _send(self) -> None:
        with httpx.Client(base_url=self._address, timeout=30) as client:
            while (number := self._next()) is not None:
                body = self._event(number)
                while not self._acknowledged(client, body):
                    self.retries += 1
                    time.sleep(_AGAIN_S)
                self.events.append(body["key"])
                if number % _TWICE_EVERY == 0 and self._acknowledged(client, body):
                    self.repeats += 1

    def _next(self) -> int | None:
        """The number of the next event, once it is due; None after the last. What is late is sent as soon as it can be."""
        with self._lock:
            number = self._number
            if number >= self.total:
                return None
            self._number += 1
        due = self._started + number / self.rate
        time.sleep(max(0.0, due - time.monotonic()))
        return number

    def _event(self, number: int) -> dict[str, Any]:
        turn = self.shown[number % len(self.shown)]
        product = turn["slate"][number % len(turn["slate"])]
        kind = ("click", "click", "click", "cart", "purchase")[number % 5]
        paid = (
            {"quantity": 1, "amount": product["price"], "currency": product["currency"]} if kind == "purchase" else {}
        )
        names = {"turn_id": turn["turn_id"], "product_id": product["product_id"], "token": turn["token"]}
        return {**names, "kind": kind, "key": f"event {number}", **paid}

    def _acknowledged(self, client: httpx.Client, body: dict[str, Any]) -> bool:
        started = time.monotonic()
        answer = self._posted(client, "/api/v1/events", body, 201)
        if answer is not None:
            self.took_ms.append(1000 * (time.monotonic() - started))
        return answer is not None

    def _posted(self, client: httpx.Client, path: str, body: dict[str, Any], status: int) -> dict[str, Any] | None:
        try:
            answer = client.post(path, json=body)
        except httpx.TransportError:
            time.sleep(_AGAIN_S)
            return None
        if answer.status_code == status:
            told: dict[str, Any] = answer.json()
            return told
        if answer.status_code not in (429, 503):
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return None

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _counted(record_url: str, crowd: Crowd) -> dict[str, Any]:
    """The record held against what was acknowledged."""
    engine = engine_on(record_url)
    with engine.connect() as connection:
        keys = Counter(connection.scalars(select(EventRow.key)))
        closed = set(connection.scalars(select(ReplyRow.turn_id)))
    engine.dispose()
    return {
        "events": keys.total(),
        "lost": len(set(crowd.events) - set(keys)),
        "doubled": sum(count - 1 for count in keys.values()),
        "never_sent": len(set(keys) - {f"event {number}" for number in range(crowd.report()["sent"])}),
        "turns_lost": len(set(crowd.turns) - closed),
    }


@contextmanager
def _database(server: str | None, folder: Path) -> Iterator[str]:
    """The address of an empty record, on SQLite in `folder` or on a PostgreSQL server."""
    if server is None:
        yield f"sqlite:///{folder / 'record.db'}"
        return
    told = create_engine(server, isolation_level="AUTOCOMMIT")
    drop = text(f"DROP DATABASE IF EXISTS {_DATABASE} WITH (FORCE)")
    with told.connect() as connection:
        connection.execute(drop)
        connection.execute(text(f"CREATE DATABASE {_DATABASE}"))
        try:
            yield make_url(server).set(database=_DATABASE).render_as_string(hide_password=False)
        finally:
            connection.execute(drop)
    told.dispose()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def table(report: dict[str, Any]) -> str:
    """One column for each database."""
    names: Sequence[str] = (
        "sent", "acknowledged", "events", "lost", "doubled", "never_sent", "sent_twice", "retries", "seconds", "p50_ms",
        "p95_ms", "chats", "turns_lost", "chat_p50_ms", "chat_p95_ms",
    )  # fmt: skip
    lines = {
        one["database"]: {
            name: f"{one[name]:,.10g}" if isinstance(one[name], int) else f"{one[name]:,.1f}" for name in names
        }
        for one in report["results"]
    }
    return side_by_side(lines)
