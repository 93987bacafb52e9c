"""The owner's routes of opinions and alerts."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assistant.insight.alerts.log import Raised
from assistant.insight.alerts.making import make_alarm
from assistant.insight.opinions.figures import OpinionFigures
from assistant.insight.opinions.keeper import Opinions
from assistant.insight.opinions.reading import Reader
from assistant.record.database import writing
from assistant.service.private import Masker
from assistant.settings import Settings
from assistant.web.insights.report import report_of
from tests.insight.opinions.conftest import Verdicts
from tests.web.insights.houses import HOME, insighted

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def house(tmp_path):
    with insighted(tmp_path, now=NOW) as made:
        attach(made)
        yield made


def attach(house, settings=None):
    """Opinions and alerts as they are served."""
    engine, mask, settings = house.record.engine, Masker().mask, settings or Settings()
    house.opinions = Opinions(engine, Reader(Verdicts(), mask), lambda: (), house.clock)
    house.shop.insights.opinions = OpinionFigures(engine)
    house.shop.insights.alerts = make_alarm(
        engine, settings, Path("/nowhere"), lambda: house.catalog, lambda id, _: id, mask, house.clock,
        house.opinions.behind, report_of(house.shop.insights, settings, lambda id, _: id, lambda: "USD"),
    )  # fmt: skip


def raised(house, *alerts):
    with Session(writing(house.record.engine)) as session, session.begin():
        house.shop.insights.alerts.log.raise_all(session, alerts)


def post(house, path, body=None, name="oda", status=(200, 204)):
    answer = house.client(name).post(HOME + path, json=body, headers={"Origin": "http://testserver"})
    assert answer.status_code in status if isinstance(status, tuple) else answer.status_code == status, answer.text
    return answer


def test_opinions_are_told_by_aspect_product_and_day_with_what_was_before(house):
    for words in ("The delivery was bad.", "delivery is bad again.", "The delivery was good.", "A good price."):
        house.talk(words=words)
    house.clock.now = NOW - timedelta(days=30)
    house.talk(words="a good delivery.")
    house.clock.now = NOW
    house.opinions.catch_up()
    told = house.get("/opinions")
    assert (told["total"]["n"], told["total"]["negative"]["count"], told["total"]["before"]["n"]) == (4, 2, 1)
    delivery, price = told["aspects"]
    assert (delivery["value"], delivery["name"], delivery["n"]) == ("delivery", "delivery", 3)
    assert delivery["negative"]["low"] < 2 / 3 < delivery["negative"]["high"]
    assert (price["negative"]["count"], price["positive"]["value"]) == (0, 1.0)
    assert house.get("/opinions", lang="zh")["aspects"][0]["name"] == "配送"
    days = house.get("/opinions/series", aspect="delivery")["days"]
    assert len(days) == 28 and days[-1]["n"] == 3 and sum(day["n"] for day in days) == 3


def test_quotes_open_the_conversation_and_hold_nothing_private(house):
    session_id = house.talk(words="The delivery to ann@example.com was bad.")
    house.opinions.catch_up()
    (quote,) = house.get("/opinions/quotes", aspect="delivery", side="negative")["quotes"]
    assert quote["words"] == "The delivery to [email] was bad." and quote["session_id"] == session_id
    assert house.get("/opinions/quotes", side="positive")["quotes"] == []
    assert house.get("/opinions/quotes", locale="zh")["total"] == 0


def test_filters_of_conversations_leave_theirs(house):
    house.talk(words="The delivery was bad.", prompt="p1")
    house.talk(words="The price was bad.", prompt="p2")
    house.opinions.catch_up()
    assert [one["value"] for one in house.get("/opinions", prompt="p2")["aspects"]] == ["price"]
    assert house.get("/opinions", product="nope")["total"]["n"] == 0


@pytest.mark.parametrize("asked", [{"side": "up"}, {"aspect": "nope"}, {"source": "dream"}, {"from": "soon"}])
def test_what_makes_no_sense_is_named(house, asked):
    assert next(iter(asked)) in house.get("/opinions/quotes", 422, **asked)["detail"]


def test_alerts_are_listed_in_words_of_the_page(house):
    session_id = house.talk()
    jump = {
        "about": "delivery", "by": "aspect", "span": "day", "hits": 30, "trials": 400, "usual": 0.02, "times": 3.75,
        "chance": 1e-6, "watched": 12, "until": NOW.isoformat(),
        "quotes": [{"words": "Late again.", "session_id": session_id, "product_id": "lig-01"}],
    }  # fmt: skip
    raised(house, Raised("a", "complaints_by_aspect", "warning", jump))
    told = house.get("/alerts")
    (alert,) = told["alerts"]
    assert alert["title"] == "More complaints about delivery in the last day: 3.8 times as many as usual"
    assert alert["line"].startswith("30 of 400 conversations (7.5 %), where 2.0 % was usual")
    assert alert["quotes"][0]["product"] != "lig-01" and alert["quotes"][0]["session_id"] == session_id
    assert (told["open"], told["channels"], told["false_alarms_a_year"]) == (1, [], 4.0)
    assert "配送" in house.get("/alerts", lang="zh")["alerts"][0]["title"]


def test_an_alert_is_seen_to_and_a_rule_is_muted_by_the_owner_alone(house):
    raised(house, Raised("a", "safety", "critical", {"words": "fire", "source": "chat", "quotes": []}))
    (alert,) = house.get("/alerts")["alerts"]
    for name in ("ann", "lea"):
        post(house, f"/alerts/{alert['id']}/acknowledge", name=name, status=403)
    post(house, f"/alerts/{alert['id']}/acknowledge")
    (alert,) = house.get("/alerts")["alerts"]
    assert alert["seen_by"] == "Oda" and house.get("/alerts", unseen="true")["alerts"] == []
    until = post(house, "/alerts/rules/safety/mute", {"hours": 24}).json()["muted_until"]
    assert until == (NOW + timedelta(hours=24)).isoformat()
    assert [one["name"] for one in house.get("/alerts")["rules"] if one["muted_until"]] == ["safety"]
    post(house, "/alerts/rules/safety/unmute")
    assert not any(one["muted_until"] for one in house.get("/alerts")["rules"])


def test_what_is_not_there_or_makes_no_sense_is_refused(house):
    post(house, "/alerts/nope/acknowledge", status=404)
    post(house, "/alerts/rules/nope/mute", {"hours": 1}, status=404)
    post(house, "/alerts/rules/nope/unmute", status=404)
    for hours in (0, 10_000, "x"):
        post(house, "/alerts/rules/safety/mute", {"hours": hours}, status=422)


def test_another_page_can_do_nothing(house):
    raised(house, Raised("a", "safety", "critical", {"words": "fire", "source": "chat", "quotes": []}))
    answer = house.client().post(
        f"{HOME}/alerts/rules/safety/mute", json={"hours": 1}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_shop_without_them_says_so(tmp_path):
    with insighted(tmp_path, now=NOW) as house:
        assert "opinions" in house.get("/opinions", 503)["detail"]
        assert "alerts" in house.get("/alerts", 503)["detail"]
