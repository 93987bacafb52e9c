"""A shop with its owner's page over a real record, and conversations of made-up shoppers in it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.insight.figures import Figures
from assistant.insight.keeper import Keeper
from assistant.record import Record
from assistant.record.agents import Role
from assistant.record.events import Deed
from assistant.settings import Settings
from assistant.types import (
    Event,
    Need,
    NeedEvent,
    Reply,
    Slate,
    SlateEvent,
    SlateItem,
    TicketDraft,
    Turn,
    Utterance,
    Versions,
)
from assistant.web import Shop
from assistant.web.desk.parts import DeskParts
from assistant.web.insights.parts import InsightParts
from tests.record.test_agents import Clock
from tests.web.desks import SECRET, Answers, application
from tests.web.fakes import FakeCatalog, demo_products

HOME = "/api/v1/insights"
LOOK_MS = 14_200
WORDS = {
    "en": ("a brass lamp for reading", "something for a small kitchen", "a gift under $40", "decaf beans, dark roast"),
    "zh": ("想要一盏阅读台灯", "适合小厨房的东西", "四十美元以内的礼物", "深烘低因咖啡豆"),
}


class Clerk(Answers):
    """Answers as the desk's tests have it, and puts the product on the shelf as the real assistant does."""

    def reply(self, utterance: Utterance) -> Iterator[Event]:
        for event in super().reply(utterance):
            yield event
            if isinstance(event, NeedEvent) and (lamp := self.catalog.get("lig-01")):
                slate = Slate((SlateItem(lamp, 0.9),), 1, ())
                self.record.show(event.turn_id, slate)
                yield SlateEvent(slate)


@dataclass
class House:
    """A shop, its record and its clock, and the browsers of its people."""

    app: FastAPI
    shop: Shop
    record: Record
    catalog: FakeCatalog
    clock: Clock
    tokens: dict[str, str]

    def client(self, name: str | None = "oda") -> TestClient:
        """The browser of somebody of the shop; without a name that of anybody."""
        cookies = {"aisle_desk": self.tokens[name]} if name else {}
        return TestClient(self.app, cookies=cookies, raise_server_exceptions=False)

    def get(self, path: str, status: int = 200, name: str | None = "oda", **params: str | int) -> dict:  # type: ignore[type-arg]
        answer = self.client(name).get(HOME + path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def talk(
        self,
        *deeds: str,
        words: str = "a brass lamp for reading",
        locale: str = "en",
        kind: str = "recommend",
        rating: int | None = None,
        thumb: str | None = None,
        prompt: str = "p1",
        ids: tuple[str, ...] = (),
        failure: str | None = None,
        ticket: bool = False,
        session_id: str | None = None,
    ) -> str:
        """A conversation of one turn, in which the first product is clicked, bought and so on; its session."""
        opened = self.record.open_turn(Utterance(words), locale, session_id=session_id)  # type: ignore[arg-type]
        chosen = [self.catalog.get(id) for id in ids] or list(self.catalog)[:4]
        items = () if kind in ("no_match", "handoff") else tuple(SlateItem(one, 0.9) for one in chosen if one)
        slate = Slate(items, len(items), ())
        if items:
            self.record.show(opened.turn_id, slate)
        versions = Versions("qwen-2.5-7b", "q4", prompt, "i1", "r1")
        handoff = self.record.open_ticket(opened.turn_id, TicketDraft("person", words)) if ticket else None
        turn = Turn(
            opened.turn_id, opened.session_id, words, locale, Need(words), slate, Reply(kind, "Here you are."), (),  # type: ignore[arg-type]
            {"total": 1400.0}, versions, failure=failure, handoff=handoff,
        )  # fmt: skip
        self.record.close_turn(turn)
        if items:
            self.record.seen(opened.turn_id, [(items[0].product.id, 2400)])
            first = items[0].product
            paid = {"quantity": 1, "amount_minor": first.price_minor, "currency": first.currency}
            told = {"purchase": paid, "dwell": {"dwell_ms": LOOK_MS}}
            self.record.events(
                [Deed(opened.turn_id, first.id, one, **told.get(one, {})) for one in deeds]  # type: ignore[arg-type]
            )
        if rating is not None:
            self.record.rate(opened.turn_id, "stars", rating)
        if thumb is not None:
            self.record.rate(opened.turn_id, "thumb", thumb, ["unclear"] if thumb == "down" else [])
        return opened.session_id

    def live(self, days: int, a_day: int, seed: int = 7) -> None:
        """So many days of made-up shoppers, up to today."""
        chance = random.Random(seed)
        today = self.clock.now
        ids = [product.id for product in self.catalog]
        for back in range(days - 1, -1, -1):
            for _ in range(max(0, round(chance.gauss(a_day, a_day / 4)))):
                at = (today - timedelta(days=back)).replace(hour=chance.randrange(6, 12), minute=chance.randrange(60))
                self.clock.now = min(at, today)
                self._somebody(chance, ids, days - back)
        self.clock.now = today

    def _somebody(self, chance: random.Random, ids: list[str], day: int) -> None:
        locale = "zh" if chance.random() < 0.3 else "en"
        kind = chance.choices(("recommend", "no_match", "handoff", "answer"), (80, 10, 4, 6))[0]
        shown = tuple(chance.sample(ids, 4))
        deeds: list[str] = []
        for deed, part in (("click", 0.45 + day / 400), ("cart", 0.4), ("purchase", 0.45)):
            if kind != "recommend" or chance.random() > part:
                break
            deeds += [deed, "dwell"] if deed == "click" else [deed]
        rating = chance.choices((5, 4, 3, 2, 1), (50, 28, 10, 7, 5))[0] if chance.random() < 0.24 else None
        self.talk(
            *deeds,
            words=chance.choice(WORDS[locale]),
            locale=locale,
            kind=kind,
            rating=rating,
            thumb=chance.choice(("up", "up", "down")) if chance.random() < 0.1 else None,
            prompt="p2" if day > 14 and chance.random() < 0.5 else "p1",
            ids=shown,
            failure="TimeoutError" if chance.random() < 0.01 else None,
            ticket=kind == "handoff",
        )


@contextmanager
def insighted(
    folder: Path, url: str | None = None, now: datetime | None = None, page: bool = False, **more: object
) -> Iterator[House]:
    """A shop of Oda, who owns it, Lea, who leads, and Ann, an agent."""
    clock = Clock()
    clock.now = now or clock.now
    record = Record(url or f"sqlite:///{folder / 'record.db'}", clock=clock)
    catalog = FakeCatalog(demo_products("lighting", "coffee"))
    parts = InsightParts(record, Figures(record.engine, clock), Keeper(record.engine, clock), clock)
    desk = DeskParts(record.desk, record.agents, "key-of-start")
    shop = Shop(
        Clerk(record, catalog), catalog, record, Settings(), lambda: True,  # type: ignore[arg-type, call-arg]
        desk=desk, insights=replace(parts, **more),  # type: ignore[arg-type]
    )  # fmt: skip
    house = House(application(shop, page), shop, record, catalog, clock, {})
    roles: dict[str, Role] = {"ann": "agent", "lea": "lead", "oda": "owner"}
    for name, role in roles.items():
        record.agents.add(f"{name}@example.org", name.title(), role, SECRET)
        signed_in = record.agents.sign_in(f"{name}@example.org", SECRET)
        assert signed_in is not None
        house.tokens[name] = signed_in.token
    yield house
    record.close()
