"""The history of alerts: each key once, acknowledged once, muted rules are listed and not sent."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assistant.errors import UnknownId
from assistant.insight.alerts.log import Raised
from assistant.record.database import writing
from assistant.record.insight_tables import DeliveryRow

ONE = Raised("safety:1", "safety", "critical", {"words": "fire", "source": "chat", "quotes": []})


@pytest.fixture
def agent(shop):
    return shop.record.agents.add("o@example.com", "Olga", "owner", "a long password").id


def raised(shop, *alerts):
    with Session(writing(shop.engine)) as session, session.begin():
        return shop.log.raise_all(session, alerts)


def waiting(shop):
    with Session(shop.engine) as session:
        return session.query(DeliveryRow).count()


def test_a_key_is_raised_once(shop):
    assert raised(shop, ONE, ONE) == 1
    assert raised(shop, ONE) == 0
    assert shop.log.page().total == waiting(shop) == 1


def test_what_was_acknowledged_is_no_longer_open_and_is_so_once(shop, agent):
    raised(shop, ONE)
    (alert,) = shop.log.page().alerts
    assert shop.log.page().open == 1
    shop.log.acknowledge(alert.id, agent)
    first = shop.log.page().alerts[0].acknowledged_at
    shop.clock.pass_(hours=1)
    shop.log.acknowledge(alert.id, agent)
    page = shop.log.page()
    assert page.open == 0 and page.alerts[0].acknowledged_at == first and page.alerts[0].acknowledged_by == agent
    assert shop.log.page(only_open=True).alerts == ()


def test_an_alert_that_is_not_there_cannot_be_acknowledged(shop, agent):
    with pytest.raises(UnknownId, match="nope"):
        shop.log.acknowledge("nope", agent)


def test_a_muted_rule_is_listed_and_not_sent_until_its_time_is_over(shop, agent):
    shop.log.mute("safety", agent, timedelta(hours=2))
    assert list(shop.log.muted().until) == ["safety"]
    raised(shop, ONE)
    assert shop.log.page().alerts[0].data["muted"] and waiting(shop) == 0
    shop.clock.pass_(hours=3)
    assert shop.log.muted().until == {}
    raised(shop, Raised("safety:2", "safety", "critical", {}))
    assert waiting(shop) == 1


def test_unmuting_holds_at_once(shop, agent):
    shop.log.mute("safety", agent)
    shop.log.unmute("safety", agent)
    assert shop.log.muted().until == {}
    shop.log.mute("safety", agent)
    assert list(shop.log.muted().until) == ["safety"]


def test_pages_go_from_the_newest_back(shop):
    for number in range(5):
        raised(shop, Raised(f"k{number}", "safety", "notice", {"n": number}))
        shop.clock.pass_(minutes=1)
    page = shop.log.page(limit=2, offset=1)
    assert [alert.data["n"] for alert in page.alerts] == [3, 2] and page.total == 5
