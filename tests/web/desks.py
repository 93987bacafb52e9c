"""A desk over a real record, with an assistant that keeps silent where a person has the conversation."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.record import Record
from assistant.record.agents import Agent, Role
from assistant.settings import Settings
from assistant.types import (
    Claim,
    DoneEvent,
    Event,
    Evidence,
    Need,
    NeedEvent,
    Reply,
    Slate,
    SlateItem,
    TicketDraft,
    Turn,
    Utterance,
)
from assistant.web import Shop, app, create_app
from assistant.web.desk.parts import DeskParts
from catalog import Locale
from tests.record.test_agents import Clock
from tests.web.fakes import VERSIONS, FakeCatalog, demo_products

SECRET = "a long secret"
HOME = "/api/v1/desk"
QUOTE = Evidence("lig-01/f", "field", "lig-01", "attributes.Color", "brass")


class Answers:
    """Says what it heard; calls for a person where one is asked for, and is silent while one is there."""

    def __init__(self, record: Record, catalog: FakeCatalog) -> None:
        self.record = record
        self.catalog = catalog

    def openers(self, locale: Locale) -> tuple[str, ...]:
        return ()

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        return self.record.turns(session_id, self.catalog.get)

    def reply(self, utterance: Utterance) -> Iterator[Event]:
        locale, words = utterance.locale or "en", utterance.message
        opened = self.record.open_turn(utterance, locale, session_id=utterance.session_id)
        yield NeedEvent(opened.session_id, opened.turn_id, locale, Need(), len(self.catalog))
        handoff, slate, kind, text = opened.live, Slate(), "handoff", ""
        if handoff is None and "person" in words:
            draft = TicketDraft(
                "person", words, summary={"wanted": words, "tried": ["asked"], "mood": -0.5}, priority=1
            )
            handoff, text = self.record.open_ticket(opened.turn_id, draft), "A person will join you here."
        elif handoff is None:
            kind, text = "recommend", f"You said: {words}"
            lamp = self.catalog.get("lig-01")
            assert lamp is not None
            slate = Slate((SlateItem(lamp, 0.9),), 1, (QUOTE,))
        claims = (Claim(text, "supported", ("lig-01/f",)),) if text else ()
        turn = Turn(
            opened.turn_id, opened.session_id, words, locale, Need(words), slate, Reply(kind, text, claims), (QUOTE,),  # type: ignore[arg-type]
            {"total": 1.0}, VERSIONS, handoff=handoff,
        )  # fmt: skip
        self.record.close_turn(turn)
        yield DoneEvent(turn)


@dataclass
class Desked:
    """A served desk, its people, and ways to write to it."""

    app: FastAPI
    shop: Shop
    record: Record
    clock: Clock
    agents: dict[str, Agent] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)

    def hire(self, name: str, role: Role = "agent") -> Agent:
        """Somebody new, signed in once."""
        email = f"{name}@example.org"
        self.agents[name] = self.record.agents.add(email, name.title(), role, SECRET)
        signed_in = self.record.agents.sign_in(email, SECRET)
        assert signed_in is not None
        self.tokens[name] = signed_in.token
        return self.agents[name]

    def client(self, name: str | None = None) -> TestClient:
        """The browser of somebody of the shop; without a name that of anybody."""
        cookies = {"aisle_desk": self.tokens[name]} if name else {}
        return TestClient(self.app, cookies=cookies, raise_server_exceptions=False)

    def say(self, message: str, session_id: str | None = None, **more: Any) -> dict[str, Any]:
        """A shopper's message, and the turn that answers it."""
        body = {"message": message, "session_id": session_id, **more}
        answer = self.client().post("/api/v1/chat", json=body)
        assert answer.status_code == 200, answer.text
        turn: dict[str, Any] = answer.json()
        return turn

    def ticket(self, message: str = "a person, please", session_id: str | None = None, **more: Any) -> dict[str, Any]:
        """The ticket of a conversation in which a person was asked for, as an owner sees it."""
        turn = self.say(message, session_id, **more)
        return self.see(turn["handoff"]["ticket_id"])

    def see(self, ticket_id: str, name: str = "oda") -> dict[str, Any]:
        answer = self.client(name).get(f"{HOME}/tickets/{ticket_id}")
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json()
        return seen

    def do(self, name: str, what: str, ticket: dict[str, Any], status: int = 200, **body: Any) -> dict[str, Any]:
        """A change of a ticket on the version that is given, or the newest."""
        body.setdefault("version", self.record.desk.ticket(ticket["id"]).version)
        answer = self.client(name).post(f"{HOME}/tickets/{ticket['id']}/{what}", json=body)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def write(
        self, name: str, ticket: dict[str, Any], text: str, status: int = 201, *, note: bool = False, **more: Any
    ) -> dict[str, Any]:
        """A message to the shopper, or a note."""
        body = {"text": text, "key": f"key-of-{next(self.keys):06}", "seen": 10_000, **more}
        where = "notes" if note else "messages"
        answer = self.client(name).post(f"{HOME}/tickets/{ticket['id']}/{where}", json=body)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told


def application(shop: Shop, page: bool) -> FastAPI:
    """Its application, unless `page` without the shopper's page, which is most of the work of making one."""
    with pytest.MonkeyPatch.context() as patch:
        if not page:
            patch.setattr(app, "mount_page", lambda *_: None)
        return create_app(shop)


@contextmanager
def desked(
    folder: Path, url: str | None = None, *, hired: bool = True, page: bool = False, **parts: Any
) -> Iterator[Desked]:
    """A desk of Ann and Bob, who are agents, Lea, who leads, and Oda, who owns it; given what else it has."""
    clock = Clock()
    record = Record(url or f"sqlite:///{folder / 'record.db'}", clock=parts.pop("clock", clock))
    catalog = FakeCatalog(demo_products("lighting"))
    desk = DeskParts(record.desk, record.agents, **parts)
    shop = Shop(Answers(record, catalog), catalog, record, Settings(), lambda: True, desk)  # type: ignore[arg-type, call-arg]
    made = Desked(application(shop, page), shop, record, clock)
    roles: dict[str, Role] = {"ann": "agent", "bob": "agent", "lea": "lead", "oda": "owner"}
    for name, role in roles.items() if hired else ():
        made.hire(name, role)
    yield made
    record.close()


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The address of a real server of the application on this machine."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@dataclass(frozen=True)
class Told:
    """One event as it came over a line."""

    id: int | None
    name: str
    data: dict[str, Any]


class Line:
    """Listens in a thread of its own until it is hung up; `told` are the events, `alive` says that a comment came."""

    def __init__(self, url: str, token: str | None = None, last: int | None = None) -> None:
        self.told: list[Told] = []
        self.alive = threading.Event()
        self.over = threading.Event()
        self.status = 0
        headers = {"Last-Event-ID": str(last)} if last is not None else {}
        cookies = {"aisle_desk": token} if token else {}
        self._client = httpx.Client(headers=headers, cookies=cookies, timeout=30)
        self._thread = threading.Thread(target=self._listen, args=(url,), daemon=True)
        self._thread.start()

    def names(self) -> list[str]:
        return [one.name for one in self.told]

    def of(self, name: str) -> list[Told]:
        return [one for one in self.told if one.name == name]

    def hang_up(self) -> int:
        """Let go, and give the id that was heard last."""
        with contextlib.suppress(OSError):
            self._response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        return max((one.id for one in self.told if one.id), default=0)

    def _listen(self, url: str) -> None:
        try:
            with self._client.stream("GET", url) as self._response:
                self.status = self._response.status_code
                self._hear(self._response.iter_lines())
        except (httpx.HTTPError, httpx.StreamError, OSError):
            pass
        finally:
            self.over.set()
            self.alive.set()

    def _hear(self, lines: Iterator[str]) -> None:
        fields: dict[str, str] = {}
        for line in lines:
            if line.startswith(":"):
                self.alive.set()
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            else:
                if "event" in fields:
                    id = int(fields["id"]) if "id" in fields else None
                    self.told.append(Told(id, fields["event"], json.loads(fields["data"])))
                fields = {}


def until(true: Callable[[], Any], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
