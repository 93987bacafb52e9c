"""Fifty conversations at once, agents joining and leaving, lines dropped and resumed: nothing is lost, nothing doubled."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.record.desk.types import DeskEvent, Wanted
from tests.record.test_postgres import server, url  # noqa: F401  (the fixtures of a private PostgreSQL)
from tests.web.desks import HOME, Desked, desked, listening

SHOPPERS = 50
AGENTS = 6
WORDS = 3  # that each shopper writes once a person was asked for, and as many that each is answered with
TLS = httpx.create_ssl_context()  # once: it takes longer to make than a conversation


@dataclass
class Heard:
    """What one listener was told over all its lines, and how often a line was dropped."""

    ids: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    drops: int = 0


@dataclass
class Crowd:
    """A shop full of people, each with a line that is dropped now and then."""

    address: str
    desk: Desked
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    heard: dict[str, Heard] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)  # by session
    answered: Counter[str] = field(default_factory=Counter)  # by session

    @asynccontextmanager
    async def browser(self, name: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        cookies = {"aisle_desk": self.desk.tokens[name]} if name else {}
        async with httpx.AsyncClient(base_url=self.address, cookies=cookies, timeout=60, verify=TLS) as client:
            yield client

    async def listen(self, who: str, path: str, client: httpx.AsyncClient) -> None:
        """Follow a line for ever, dropping it now and then and going on after the last id that was heard."""
        heard = self.heard.setdefault(who, Heard())
        while True:
            last = {"Last-Event-ID": str(heard.ids[-1])} if heard.ids else {}
            with suppress(TimeoutError, httpx.HTTPError):
                async with asyncio.timeout(self.chance.uniform(1, 6)), client.stream("GET", path, headers=last) as line:
                    async for id, name, data in _events(line):
                        heard.ids.append(id)
                        if name == "message":
                            heard.texts.append(data.get("text") or data["item"]["text"])
            heard.drops += 1

    async def shop(self, number: int) -> None:
        """One shopper: asks for a person, then writes, and listens for ever."""
        async with self.browser() as client:
            first = (await self.send(client, "/api/v1/chat", {"message": f"{number}: a person, please"})).json()
            session_id = first["session_id"]
            self.tickets[session_id] = first["handoff"]["ticket_id"]
            line = asyncio.create_task(self.listen(session_id, f"/api/v1/sessions/{session_id}/events", client))
            for word in range(WORDS):
                await asyncio.sleep(self.chance.uniform(0.0, 0.5))
                body = {"message": f"{number}: word {word}", "session_id": session_id}
                await self.send(client, "/api/v1/chat", body)
            await line

    async def work(self, number: int) -> None:
        """One agent, who comes and goes, and answers some of the conversations until each has its answers."""
        name = f"agent{number}"
        while True:
            async with self.browser(name) as client:
                line = asyncio.create_task(self.listen(name, f"{HOME}/events?after=0", client))
                for session_id, ticket_id in list(self.tickets.items()):
                    if int(session_id[:8], 16) % AGENTS == number and self.answered[session_id] < WORDS:
                        await self.answer(client, ticket_id, f"{ticket_id}: answer {self.answered[session_id]}")
                        self.answered[session_id] += 1
                    if self.chance.random() < 0.02:
                        break  # leaves in the middle of their work
                await asyncio.sleep(0.5)
                line.cancel()
                await asyncio.gather(line, return_exceptions=True)

    async def answer(self, client: httpx.AsyncClient, ticket_id: str, text: str) -> None:
        """Write, and as an impatient browser does now and then, twice under one key in the same moment."""
        body = {"text": text, "key": f"key of {text}", "seen": 0}
        times = 1 + (self.chance.random() < 0.3)
        await asyncio.gather(*(self.send(client, f"{HOME}/tickets/{ticket_id}/messages", body) for _ in range(times)))

    async def send(self, client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
        answer = await client.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer

    async def watch(self) -> None:
        """A lead whose desk is open all day."""
        async with self.browser("lea") as client:
            await self.listen("lea", f"{HOME}/events?after=0", client)

    async def day(self) -> None:
        """Until everybody was answered and has heard it."""
        shoppers = [self.shop(number) for number in range(SHOPPERS)]
        agents = [self.work(number) for number in range(AGENTS)]
        everybody = [asyncio.create_task(one) for one in (*shoppers, *agents, self.watch())]
        while not self.is_over():
            done, _ = await asyncio.wait(everybody, timeout=0.5, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        for task in everybody:
            task.cancel()
        await asyncio.gather(*everybody, return_exceptions=True)

    def is_over(self) -> bool:
        lea = self.heard.get("lea", Heard())
        told = [len(self.heard.get(session_id, Heard()).texts) for session_id in self.tickets]
        return len(lea.texts) >= 2 * WORDS * SHOPPERS and len(told) == SHOPPERS and min(told) >= WORDS


async def _events(line: httpx.Response) -> AsyncIterator[tuple[int, str, dict[str, Any]]]:
    fields: dict[str, str] = {}
    async for text in line.aiter_lines():
        if text:
            name, _, value = text.partition(": ")
            fields[name] = value
        else:
            if "id" in fields:
                yield int(fields["id"]), fields["event"], json.loads(fields["data"])
            fields = {}


def fifty_conversations(folder: Path, url: str | None = None) -> None:  # noqa: F811
    with desked(folder, url) as desk:
        for number in range(AGENTS):
            desk.hire(f"agent{number}")
        with listening(desk.app) as address:
            crowd = Crowd(address, desk)
            asyncio.run(asyncio.wait_for(crowd.day(), 500))
        log: list[DeskEvent] = []
        while page := desk.record.desk.events(log[-1].id if log else 0):
            log.extend(page)
        everything_is_there_once(log)
        everybody_heard_it_once(crowd, log)
        states = desk.record.desk.tickets(Wanted(limit=500))
        assert [state.status for state in states] == ["claimed"] * SHOPPERS


def everything_is_there_once(log: list[DeskEvent]) -> None:
    said = {who: [one for one in log if one.kind == "message" and one.author == who] for who in ("shopper", "agent")}
    wanted = [f"{number}: word {word}" for number in range(SHOPPERS) for word in range(WORDS)]
    assert sorted(one.data["text"] for one in said["shopper"]) == sorted(wanted)
    answers = Counter(one.data["text"] for one in said["agent"])
    assert set(answers.values()) == {1}
    assert Counter(text.split(": ")[0] for text in answers) == {one.ticket_id: WORDS for one in log}


def everybody_heard_it_once(crowd: Crowd, log: list[DeskEvent]) -> None:
    lasting = [one.id for one in log]
    assert crowd.heard["lea"].ids == lasting[: len(crowd.heard["lea"].ids)]
    for number in range(AGENTS):
        ids = crowd.heard[f"agent{number}"].ids
        assert ids == lasting[: len(ids)]
    for session_id, ticket_id in crowd.tickets.items():
        told = [one for one in log if one.session_id == session_id and one.author == "agent"]
        assert crowd.heard[session_id].ids == [one.id for one in told]
        assert crowd.heard[session_id].texts == [f"{ticket_id}: answer {number}" for number in range(WORDS)]
        turns = crowd.desk.shop.assistant.turns(session_id)
        assert [turn.message.split(": ")[1] for turn in turns[1:]] == [f"word {word}" for word in range(WORDS)]
    assert sum(heard.drops for heard in crowd.heard.values()) > AGENTS


@pytest.mark.real
def test_fifty_conversations_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    fifty_conversations(tmp_path)


@pytest.mark.real
def test_fifty_conversations_at_once_lose_and_double_nothing_on_postgres(tmp_path: Path, url: str) -> None:  # noqa: F811
    fifty_conversations(tmp_path, url)
