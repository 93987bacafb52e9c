"""How it went, asked at each of its moments in a real browser: the real assistant, the real rules, and rows in the record."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.record.agents import Agent
from assistant.record.surveys import Surveys
from assistant.service.hours import Hours
from assistant.service.replies import ServiceReplies
from assistant.settings import Settings
from assistant.surveys import PACKAGED, load_rules, rules_file
from assistant.surveys.deciding import What
from assistant.web import Shop
from assistant.web.desk.parts import DeskParts
from assistant.writer import Writer
from catalog import Catalog
from tests.fakes import honest, scripted
from tests.record.test_agents import SECRET
from tests.web.visits import PHONE, Served, Visit, ready, say, serve

pytestmark = pytest.mark.real

ROWS = """
    SELECT o.trigger, o.subject, o.channel, r.kind, r.value, r.score, r.source, CASE WHEN s.at IS NULL THEN 0 ELSE 1 END
    FROM survey_offers o LEFT JOIN ratings r ON r.offer_id = o.id LEFT JOIN survey_skips s ON s.offer_id = o.id
    WHERE o.session_id = :session ORDER BY r.id
"""


@dataclass
class Counter:
    """What `serve` serves, and Mira, who looks after shoppers."""

    shop: Shop
    record: Record
    surveys: Surveys
    mira: Agent

    def closes(self) -> None:
        """Mira answers the one who waits, and closes the ticket."""
        (state,) = self.record.desk.queue()
        id = state.ticket_id
        self.record.desk.say(self.mira, id, "Here I am.", f"key-{id}", 1_000_000, anyway=True)
        self.record.desk.hands.close(self.mira, id, self.record.desk.ticket(id).version, "resolved")

    def rows(self, session_id: str) -> list[tuple[Any, ...]]:
        with self.record.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(ROWS), {"session": session_id})]


@pytest.fixture(scope="module")
def served(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("home")
    (home / "survey.yaml").write_text(PACKAGED.read_text("utf-8").replace("idle_minutes: 3 ", "idle_minutes: 0.02 "))
    settings = Settings(home=home, survey=home / "survey.yaml")  # type: ignore[call-arg]
    record = Record(f"sqlite:///{home / 'record.db'}")
    people = ServiceReplies(None, None, Hours(), lambda: 0, lambda *_: {}, lambda: datetime.now(UTC))
    writer = Writer(scripted(honest), stall_timeout_s=20)
    assistant = Assistant(catalog, record, writer, settings, model="m", quantisation="q", service=people)
    rules = load_rules(rules_file(settings))
    assert rules.idle is not None and rules.idle.total_seconds() == pytest.approx(1.2)
    surveys = Surveys(record.engine, rules, told=record.desk.signal.tell)
    desk = DeskParts(record.desk, record.agents)
    shop = Shop(assistant, catalog, record, settings, lambda: True, desk, surveys=surveys)  # type: ignore[arg-type]
    mira = record.agents.add("mira@shop.example", "Mira", "owner", SECRET)
    yield from serve(Counter(shop, record, surveys, mira))  # type: ignore[arg-type]
    record.close()


def resolved(page: Page, counter: Counter) -> None:
    say(page, "a kettle")
    say(page, "thanks, that is all")


def cart(page: Page, counter: Counter) -> None:
    say(page, "a kettle")
    page.get_by_role("button", name=re.compile("^Add .* to the cart$")).first.click()
    expect(page.locator(".cart")).to_contain_text("Kettle")
    expect(page.locator(".survey")).to_have_count(0)
    say(page, "how long does delivery take?")


def idle(page: Page, counter: Counter) -> None:
    say(page, "a kettle")
    say(page, "how long does delivery take?")


def closed(page: Page, counter: Counter) -> None:
    say(page, "I want to talk to a person")
    expect(page.locator(".presence-state")).to_contain_text("Waiting for a person")
    counter.closes()
    expect(page.locator(".live-note.request_closed")).to_be_visible(timeout=10_000)


MOMENTS: dict[str, Callable[[Page, Counter], None]] = {
    "resolved": resolved, "cart": cart, "idle": idle, "closed": closed,
}  # fmt: skip


def session_of(page: Page) -> str:
    return str(page.evaluate("JSON.parse(sessionStorage.getItem('aisle.session'))"))


def asked(visit: Visit, served: Served, moment: str) -> Page:
    """A page that has come to the moment and shows the question."""
    page = visit.open(PHONE if moment == "idle" else {"width": 1280, "height": 800})
    MOMENTS[moment](page, served.counter)  # type: ignore[arg-type]
    whom = "Mira" if moment == "closed" else "the assistant"
    expect(page.locator(".survey-question")).to_have_text(f"How was it with {whom}?", timeout=10_000)
    subject = "agent" if moment == "closed" else "assistant"
    (row,) = served.counter.rows(session_of(page))  # type: ignore[attr-defined]
    assert row == (moment, subject, "chat", None, None, None, None, 0)  # there before it is shown
    return page


def is_left_alone(page: Page, served: Served) -> None:
    """Nothing that makes other moments brings the question again, on the page or from the server."""
    session_id, counter = session_of(page), served.counter
    before = counter.rows(session_id)  # type: ignore[attr-defined]
    page.reload()
    ready(page)
    say(page, "thanks, goodbye")
    page.wait_for_timeout(1_800)
    expect(page.locator(".survey")).to_have_count(0)
    for what in get_args(What):
        assert counter.surveys.due(session_id, what).offer is None  # type: ignore[attr-defined]
    assert counter.rows(session_id) == before  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_asked_at_its_moment_answered_with_one_tap_and_never_again(
    visit: Visit, served: Served, moment: str
) -> None:
    page = asked(visit, served, moment)
    subject, kind, name = ("agent", "csat", "Good") if moment == "closed" else ("assistant", "stars", "4 stars")
    page.locator(".survey").get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".survey .thanks")).to_have_text("Thank you. It is noted.")
    assert served.counter.rows(session_of(page)) == [  # type: ignore[attr-defined]
        (moment, subject, "chat", kind, "4", 0.75, "chat", 0)
    ]
    is_left_alone(page, served)


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_put_off_with_one_tap_which_is_recorded(visit: Visit, served: Served, moment: str) -> None:
    page = asked(visit, served, moment)
    with page.expect_response(lambda response: response.url.endswith("/skip") and response.status == 201):
        page.get_by_role("button", name="Not now").click()
    expect(page.locator(".survey")).to_have_count(0)
    (row,) = served.counter.rows(session_of(page))  # type: ignore[attr-defined]
    assert (row[0], row[3:]) == (moment, (None, None, None, None, 1))
    is_left_alone(page, served)
