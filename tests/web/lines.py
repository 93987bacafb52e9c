"""A shop whose people take over, for the tests of the shopper's page, and the line on which they are heard.

The line is played by the test: each answer on it ends, as if it had dropped, and the browser comes back for what it has
not heard.
"""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, Route, expect

from assistant.types import Claim, Handoff, Reply, Slate, Turn, Utterance
from tests.web.asking import Asking
from tests.web.conftest import Counter, build
from tests.web.fakes import FakeAssistant, demo_products
from tests.web.visits import Visit, say

COMES = {"en": "A person of the shop will join you here.", "zh": "店里的工作人员会在这里回复您。"}
ASKS = {
    "refund": ("May I refund $39.90 to the card ending 4242?", ("Yes, refund it", "No")),
    "退款": ("要把 $39.90 退回尾号 4242 的卡吗？", ("是的，请退款", "不用了")),
}


class Service(FakeAssistant):
    """Hands over to a person when asked for one; while `live`, says nothing more."""

    live = False

    def _plan(self, utterance: Utterance, session: str, turn_id: str) -> Turn:
        turn = super()._plan(utterance, session, turn_id)
        words = utterance.message
        quiet = replace(turn, slate=Slate(), evidence=())
        if self.live:
            return replace(quiet, reply=Reply("handoff", "", ()), handoff=Handoff("k1", "person", "a lamp"))
        if "person" in words or "人工" in words:
            ticket = Handoff("k1", "person", "Wants to return the lamp of order W-1001; it flickers.")
            return replace(quiet, reply=_said("handoff", COMES[turn.locale]), handoff=ticket)
        if "who am I" in words:
            form = {"form": ["email", "order_id"]}
            return replace(quiet, reply=_said("service", "Which order is it about?"), service=form)
        for key, (text, replies) in ASKS.items():
            if key in words:
                return replace(quiet, reply=replace(_said("service", text), quick_replies=replies))
        return turn


def _said(kind: Any, text: str) -> Reply:
    return Reply(kind, text, (Claim(text, "supported"),))


def shop() -> Counter:
    """A shop with that assistant."""
    counter = build(demo_products("lighting", "coffee"), pace_s=0.02)
    counter.assistant = Service(counter.catalog, counter.record, 0.02)
    counter.shop.renew(counter.assistant, counter.catalog)
    counter.shop.surveys = Asking(("closed",))
    return counter


@dataclass
class Line:
    """What people of the shop did, as the server tells it: from `after` on, and once what is only true now."""

    page: Page
    told: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    passing: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    typed: int = 0
    refuses: bool = False
    doubled: bool = False  # tell all from the beginning, whatever was heard

    def __post_init__(self) -> None:
        self.page.route(re.compile(r"/api/v1/sessions/[^/]+/events"), self._answer)
        self.page.route(re.compile(r"/api/v1/sessions/[^/]+/typing$"), self._typing)
        self.page.route(re.compile(r"/api/v1/sessions/[^/]+/shown$"), lambda route: route.fulfill(status=204))

    def tell(self, kind: str, **data: Any) -> None:
        data = {"ticket_id": "k1", **data}
        if kind in ("typing", "waiting", "survey"):
            self.passing.append((kind, data))
        else:
            self.told.append((len(self.told) + 1, kind, data))

    def writes(self, text: str, **data: Any) -> None:
        self.tell("message", name="Mira", text=text, at=datetime.now(UTC).isoformat(), **data)

    def _answer(self, route: Route) -> None:
        asked = parse_qs(urlparse(route.request.url).query)["after"][0]
        after = int(route.request.headers.get("last-event-id", asked))
        self.asked.append(after)
        if self.refuses:
            return route.fulfill(status=503)
        lines = ["retry: 50\n\n"]
        for id, name, data in self.told:
            if id > after or self.doubled:
                lines.append(f"id: {id}\nevent: {name}\ndata: {json.dumps(data)}\n\n")
        while self.passing:
            name, data = self.passing.pop(0)
            lines.append(f"event: {name}\ndata: {json.dumps(data)}\n\n")
        route.fulfill(status=200, content_type="text/event-stream", body="".join(lines))

    def _typing(self, route: Route) -> None:
        self.typed += 1
        route.fulfill(status=204)


def joined(visit: Visit, assistant: Service, *, zh: bool = False, **more: Any) -> tuple[Page, Line]:
    """A page on which Mira has taken over."""
    page = visit.open(locale="zh-CN" if zh else "en-US", **more)
    line = Line(page)
    say(page, "台灯" if zh else "a lamp")
    say(page, "转人工" if zh else "a person, please")
    assistant.live = True
    line.tell("claimed", name="Mira")
    expect(page.locator(".live-note.joined")).to_be_visible()
    return page, line
