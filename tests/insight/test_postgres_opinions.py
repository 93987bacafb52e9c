"""Opinions and alerts on a private PostgreSQL: what differs from SQLite is time, JSON, locks and numbering."""

from datetime import timedelta

import pytest

from assistant.insight.alerts.senders import WebhookSender
from assistant.insight.alerts.watched import TALKS, Hours
from assistant.insight.filters import Filters
from assistant.insight.opinions.figures import Asked, OpinionFigures
from tests.insight.alerts.conftest import NOON, WatchedShop
from tests.insight.alerts.test_outbox import DATA, Receiver, deliveries, outbox, raised
from tests.insight.opinions.test_keeper import kept, say
from tests.record.test_postgres import server, url  # noqa: F401

pytestmark = pytest.mark.real


@pytest.fixture
def shop(url):  # noqa: F811
    made = WatchedShop(url)
    yield made
    made.record.close()


def test_opinions_are_read_once_and_counted(shop):
    for words in ("The delivery was bad.", "The delivery was good.", "The price is good."):
        say(shop, words, product="oak")
    shop.review("A good battery.", (1, "A bad price."))
    assert shop.opinions.catch_up() == 5
    before = kept(shop)
    shop.another().catch_up()
    assert shop.opinions.catch_up() == 0 and kept(shop) == before
    shop.verdicts.version = "2"
    shop.opinions.catch_up()
    assert kept(shop) == before
    day = shop.clock.now.date()
    filters = Filters(day - timedelta(27), day)
    figures = OpinionFigures(shop.engine)
    assert [(one.value, one.now.n, one.now.negative.count) for one in figures.by_aspect(filters)] == [
        ("delivery", 2, 1), ("price", 2, 1), ("battery", 1, 0),
    ]  # fmt: skip
    assert figures.by_product(filters)[0].now.n == 5
    assert figures.quotes(filters, Asked(side="negative")).total == 2
    assert figures.series(filters)[-1].sides.n == 5


def test_a_jump_is_told_once(shop):
    shop.history(NOON - timedelta(days=20), NOON)
    shop.history(NOON, NOON + timedelta(hours=1), an_hour=60, no_match=0.7, seed=2)
    shop.clock.now = NOON + timedelta(hours=1, minutes=10)
    assert shop.alerts.check() == 1
    assert shop.alerts.check() == shop.more_alerts().check() == 0
    assert shop.told() == ["nothing_fits"]
    assert set(Hours(shop.engine, shop.clock).series(TALKS, NOON).trials[-20 * 24 :]) == {10}


def test_clicks_and_purchases_count_where_they_come_in_time(shop):
    for after in (timedelta(minutes=59), timedelta(hours=23), timedelta(hours=25)):
        shop.history(NOON, NOON + timedelta(hours=1), an_hour=5, deeds=[("click", 1), ("purchase", 1)], after=after)
    shop.clock.now = NOON + timedelta(days=3)
    hours = Hours(shop.engine, shop.clock)
    hours.count()
    clicked, bought = (hours.series(name, NOON + timedelta(days=2)) for name in ("clicked", "bought"))
    assert (clicked.trials.sum(), clicked.hits.sum()) == (15, 5)
    assert (bought.trials.sum(), bought.hits.sum()) == (15, 10)


def test_danger_low_scores_and_the_outbox(shop):
    opened = say(shop, "Your charger caught fire")
    shop.record.rate(opened.turn_id, "stars", 1)
    assert shop.alerts.watch() == 1
    shop.clock.pass_(hours=19)
    assert shop.alerts.check() == 1
    receiver = Receiver(fail=1)
    box = outbox(shop, webhook=WebhookSender(receiver.url, "hush", shop.clock))
    assert box.deliver() == 1  # the other of the two failed
    raised(shop, "again", DATA)
    shop.clock.pass_(minutes=1)
    assert box.deliver() == 2 and len(receiver.got) == 3
    assert deliveries(shop) == [("webhook", "sent", 1)]
    receiver.server.shutdown()
    receiver.server.server_close()
