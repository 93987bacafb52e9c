"""Alerts over a record: jumps, low scores and danger are told once, in the right hour, without anything private."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assistant.insight.alerts.watched import TALKS, Hours, hour_of, name_of, sessions
from assistant.insight.alerts.wording import told
from assistant.record.database import writing
from assistant.record.insight_tables import AlertRow, DeliveryRow, OpinionRow, WatchedRow
from assistant.record.tables import SessionRow
from assistant.service.private import Masker
from assistant.types import Utterance
from tests.insight.alerts.conftest import NOON
from tests.insight.opinions.test_keeper import say


def rows(shop, table):
    with Session(shop.engine) as session:
        return list(session.scalars(select(table)))


def kept(shop):
    return {(row.hour, row.series): (row.trials, row.hits) for row in rows(shop, WatchedRow) if row.series}


def test_a_jump_is_told_once_after_its_hour(shop):
    shop.history(NOON - timedelta(days=20), NOON)
    shop.clock.now = NOON + timedelta(minutes=10)
    assert shop.alerts.check() == 0
    shop.history(NOON, NOON + timedelta(hours=1), an_hour=60, no_match=0.7, seed=2)
    assert shop.alerts.check() == 0  # the hour is not over
    shop.clock.now = NOON + timedelta(hours=1, minutes=10)
    assert shop.alerts.check() == 1
    (alert,) = shop.log.page().alerts
    assert (alert.rule, alert.data["span"]) == ("nothing_fits", "hour")
    assert alert.data["trials"] == 60 and alert.data["hits"] > 30 and alert.data["times"] > 8
    shop.history(NOON + timedelta(hours=1), NOON + timedelta(hours=2), an_hour=60, no_match=0.7, seed=3)
    shop.clock.now = NOON + timedelta(hours=2, minutes=10)
    assert shop.alerts.check() == shop.more_alerts().check() == 0  # of the same jump nothing more is said for a week
    assert [row.channel for row in rows(shop, DeliveryRow)] == ["webhook"]


def test_a_check_is_cheap_as_long_as_the_hour_is_the_same(shop, monkeypatch):
    shop.history(NOON - timedelta(days=9), NOON)
    shop.clock.now = NOON + timedelta(minutes=10)
    shop.alerts.check()
    monkeypatch.setattr(Hours, "count", lambda _: 1 / 0)
    assert shop.alerts.check() == 0


def test_bots_are_not_watched(shop):
    shop.history(NOON - timedelta(days=20), NOON)
    shop.history(NOON, NOON + timedelta(hours=1), an_hour=60, no_match=0.7, seed=2, mark="bot")
    shop.clock.now = NOON + timedelta(hours=1, minutes=10)
    assert shop.alerts.check() == 0


@pytest.mark.real
def test_counting_again_comes_to_the_same_and_forgets_what_is_too_old(shop):
    shop.history(NOON - timedelta(days=40), NOON)
    shop.clock.now = NOON + timedelta(minutes=10)
    hours = Hours(shop.engine, shop.clock)
    hours.count()
    first = kept(shop)
    hours.count()
    assert kept(shop) == first
    assert min(hour for hour, _ in first) >= name_of(NOON - timedelta(days=36))
    series = hours.series(TALKS, NOON)
    assert len(series.trials) == 36 * 24 and set(series.trials) == {10}


def test_complaints_about_an_aspect_jump_with_their_words(shop):
    ids = shop.history(NOON - timedelta(days=20), NOON)
    _opine(shop, ids[::50])
    shop.clock.now = NOON + timedelta(minutes=10)
    assert shop.alerts.check() == 0
    ids = shop.history(NOON, NOON + timedelta(hours=1), an_hour=40, seed=5)
    _opine(shop, ids[:25], "Delivery to ann@example.com was bad.", NOON + timedelta(minutes=30))
    shop.clock.now = NOON + timedelta(hours=1, minutes=10)
    shop.opinions.catch_up()
    assert shop.alerts.check() == 1
    (alert,) = shop.log.page().alerts
    assert (alert.rule, alert.data["about"], alert.data["hits"]) == ("complaints_by_aspect", "delivery", 25)
    assert alert.data["quotes"] and "ann@" not in json.dumps(alert.data)


def _opine(shop, session_ids, words="The delivery was bad.", at=None):
    """Complaints as they are read from chats."""
    with Session(writing(shop.engine)) as session, session.begin():
        started = dict(session.execute(select(SessionRow.id, SessionRow.started_at)).all())
        session.execute(
            insert(OpinionRow),
            [
                {
                    "source": "chat", "source_id": f"{id}-x", "sentence": 0, "session_id": id, "locale": "en", "who": "shopper",
                    "aspect": "delivery", "polarity": -0.9, "quote": Masker().mask(words),
                    "day": (at or started[id]).date().isoformat(), "at": at or started[id],
                }
                for id in session_ids
            ],
        )  # fmt: skip


DAY = NOON.replace(hour=0)


def test_a_fall_of_clicks_is_told_of_the_day_in_which_it_was(shop):
    shop.history(DAY - timedelta(days=12), DAY, deeds=[("click", 0.4), ("purchase", 0.1)])
    shop.history(DAY, DAY + timedelta(days=1), deeds=[("click", 0.15), ("purchase", 0.1)], seed=2)
    shop.clock.now = DAY + timedelta(hours=23, minutes=10)
    assert shop.alerts.check() == 0
    shop.clock.now = DAY + timedelta(days=1, minutes=10)
    assert shop.alerts.check() == 1
    (alert,) = shop.log.page().alerts
    assert (alert.rule, alert.data["span"], alert.data["falls"]) == ("click_through_falls", "day", True)
    assert alert.data["until"] == (DAY + timedelta(hours=23)).isoformat()  # each shelf was watched for an hour
    words = told(alert, shop.rules, "en", lambda id, _: id)
    assert re.fullmatch(r"Fewer shelves with a click in the last day: down by [56]\d%", words.title)
    assert " shelves, each watched for an hour (" in words.line
    assert "减少：下降" in told(alert, shop.rules, "zh", lambda id, _: id).title


def test_a_fall_of_purchases_is_told_a_day_later_since_a_purchase_has_a_day_s_time(shop):
    shop.history(DAY - timedelta(days=12), DAY, deeds=[("click", 0.4), ("purchase", 0.25)], after=timedelta(hours=9))
    shop.history(DAY, DAY + timedelta(days=2), deeds=[("click", 0.4)], seed=2, after=timedelta(minutes=9))
    shop.clock.now = DAY + timedelta(days=1, minutes=10)
    assert shop.alerts.check() == 0
    shop.clock.now = DAY + timedelta(days=2, minutes=10)
    assert shop.alerts.check() == 1
    (alert,) = shop.log.page().alerts
    assert (alert.rule, alert.data["hits"], alert.data["trials"]) == ("conversion_falls", 0, 240)


def test_clicks_and_purchases_count_where_they_come_in_time_and_alike_however_late_they_are_counted(shop):
    for after in (timedelta(minutes=59), timedelta(hours=23), timedelta(hours=25)):
        shop.history(NOON, NOON + timedelta(hours=1), an_hour=5, deeds=[("click", 1), ("purchase", 1)], after=after)
    shop.history(NOON, NOON + timedelta(hours=1), an_hour=5)
    shop.clock.now = NOON + timedelta(days=3)
    hours = Hours(shop.engine, shop.clock)
    hours.count()
    counted = kept(shop)
    assert counted[name_of(NOON), "clicked"] == (15, 5) and counted[name_of(NOON), "bought"] == (20, 10)


def test_low_scores_come_once_a_day_in_one_alert(shop):
    for stars in (1, 1, 4, 2):
        shop.record.rate(say(shop, "a lamp").turn_id, "stars", stars)
    down = say(shop, "a lamp").turn_id
    shop.record.rate(down, "thumb", "down")
    shop.record.rate(down, "thumb", "down", ["unclear"])
    shop.record.rate(down, "comment", "Rude! Call me: 555-123-4567.")
    shop.record.rate(say(shop, "a lamp").turn_id, "thumb", "down")  # nobody said why
    changed = say(shop, "a lamp").turn_id
    shop.record.rate(changed, "thumb", "down", ["slow"])
    shop.record.rate(changed, "thumb", "up")
    assert shop.alerts.check() == 0  # today's hour was before
    shop.clock.pass_(hours=19)
    assert shop.alerts.check() == 1
    assert shop.alerts.check() == 0
    (alert,) = [one for one in shop.log.page().alerts if one.rule == "low_scores"]
    assert alert.data["n"] == 3 and [quote["value"] for quote in alert.data["quotes"]] == ["1", "1", "down"]
    assert "Rude" in alert.data["quotes"][2]["words"] and "555-123" not in json.dumps(alert.data)
    shop.clock.pass_(days=1)
    assert shop.alerts.check() == 0


def test_of_each_answer_the_last_thumb_is_watched_in_the_hour_in_which_it_was_given(shop):
    hours, answers = Hours(shop.engine, shop.clock), [say(shop, "a lamp") for _ in range(3)]
    for one, value, reasons in ((0, "down", []), (0, "down", ["slow"]), (1, "down", ["price"]), (2, "up", [])):
        shop.record.rate(answers[one].turn_id, "thumb", value, reasons)
    hours.count()
    now = hour_of(shop.clock.now)
    assert kept(shop)[name_of(now), "thumbs_down"] == (3, 2)
    shop.clock.pass_(hours=2)
    shop.record.rate(answers[0].turn_id, "thumb", "up")
    hours.count()
    later = hour_of(shop.clock.now)
    assert [kept(shop)[name_of(hour), "thumbs_down"] for hour in (now, later)] == [(2, 1), (1, 0)]
    with shop.engine.connect() as connection:
        found = connection.scalars(sessions("thumbs_down", now, later + timedelta(hours=1))).all()
    assert found == [answers[1].session_id]


def test_danger_in_a_chat_or_a_comment_is_told_at_once_and_once(shop):
    opened = say(shop, "Your charger caught fire, write to ann@example.com", product="oak")
    assert shop.alerts.watch() == 1
    shop.clock.pass_(seconds=5)
    shop.record.rate(opened.turn_id, "comment", "宝宝被烫伤了")
    assert shop.alerts.watch() == 1
    assert shop.more_alerts().watch() == shop.alerts.watch() == 0
    first, second = reversed(shop.log.page().alerts)
    assert (first.severity, first.data["words"], first.data["source"]) == ("critical", "caught fire", "chat")
    assert first.data["quotes"][0]["session_id"] == opened.session_id
    assert first.data["quotes"][0]["product_id"] == "oak"
    assert "ann@" not in json.dumps(first.data) and second.data["source"] == "comment"


def test_what_calls_a_person_alarms_too_but_for_words_that_are_only_named(shop):
    say(shop, "Someone hacked my account")  # no word of the rule
    say(shop, "What happens if the battery exploded in my bag?")
    assert shop.alerts.watch() == 1
    assert shop.log.page().alerts[0].data["words"] == "hacked"


def test_danger_of_long_ago_is_no_news(shop):
    say(shop, "Your charger caught fire")
    shop.clock.pass_(days=5)
    assert shop.more_alerts().watch() == 0


def test_reviews_of_danger_are_told_together_and_only_the_new_ones_again(shop):
    shock, smoke, lovely = (1, "It gave me an electric shock."), (3, "The plug was smoking."), (5, "Lovely.")
    shop.review(shock, smoke, lovely)
    assert shop.alerts.watch() == 1
    shop.clock.pass_(hours=1)
    shop.review(shock, smoke, lovely, (2, "It burned my hand."))
    assert shop.alerts.watch() == 1
    newest, first = shop.log.page().alerts
    assert len(first.data["reviews"]) == 2 and len(newest.data["reviews"]) == 1
    shop.review(lovely)
    assert shop.alerts.watch() == 0


def test_a_happy_review_and_one_of_long_ago_alarm_nobody(shop):
    old = (shop.clock.now - timedelta(days=40)).date().isoformat()
    shop.review((5, "I nearly choked with laughter, it swallowed the whole mess."), (1, "It caught fire.", "", old))
    assert shop.alerts.watch() == 0


def test_staff_who_try_words_of_danger_alarm_nobody(shop):
    shop.record.open_turn(Utterance("the lamp caught fire", mark="staff"), "en", session_id=None)
    assert shop.alerts.watch() == 0
    assert rows(shop, AlertRow) == []
