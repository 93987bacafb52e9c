"""Opinions in step with the record: each text once, also after a crash, in another process and by a new model."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.insight.opinions import following, keeper
from assistant.record.insight_tables import OpinionRow
from assistant.types import Evidence, Need, Reply, Slate, Turn, Utterance, Versions
from catalog import Product, Review

VERSIONS = Versions("tiny", "", "p", "i", "r")


def say(shop, words, *, product=None, mark=None, locale="en", session_id=None, closed=True):
    opened = shop.record.open_turn(Utterance(words, mark=mark), locale, session_id=session_id)
    if closed:
        close(shop, opened, product)
    return opened


def close(shop, opened, product=None):
    evidence = (Evidence("e1", "field", product, "color", "white"),) if product else ()
    reply = Reply("answer", "White.", ())
    turn = Turn(opened.turn_id, opened.session_id, "", "en", Need(), Slate(), reply, evidence, {}, VERSIONS)
    shop.record.close_turn(turn)


def rows(shop):
    with Session(shop.engine) as session:
        return list(session.scalars(select(OpinionRow).order_by(OpinionRow.id)))


def kept(shop):
    return sorted((row.source, row.aspect, row.polarity, row.product_id, row.who) for row in rows(shop))


def test_chats_comments_and_reviews_are_read_once(shop):
    opened = say(shop, "The delivery was bad.", product="oak")
    shop.record.rate(opened.turn_id, "comment", "The service is good.")
    shop.review((2, "The battery is bad."))
    assert shop.opinions.catch_up() == 3
    expected = [
        ("chat", "delivery", -0.9, "oak", "shopper"),
        ("comment", "service", 0.9, None, "shopper"),
        ("review", "battery", -1.0, "oak", "shopper"),
    ]
    assert kept(shop) == expected
    asked = len(shop.verdicts.asked)
    assert shop.opinions.catch_up() == 0
    assert len(shop.verdicts.asked) == asked and kept(shop) == expected
    assert not shop.opinions.behind()


def test_nothing_is_read_twice_by_another_process(shop):
    say(shop, "The delivery was bad.")
    shop.opinions.catch_up()
    shop.another().catch_up()
    assert len(rows(shop)) == 1
    say(shop, "The price is good.")
    shop.another().catch_up()
    shop.opinions.catch_up()
    assert [row.aspect for row in rows(shop)] == ["delivery", "price"]


def test_a_crash_before_the_commit_loses_nothing_and_doubles_nothing(shop, monkeypatch):
    say(shop, "The delivery was bad.")

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(keeper, "products_of", die)
        shop.opinions.catch_up()
    assert rows(shop) == []
    shop.another().catch_up()
    assert len(rows(shop)) == 1


def test_a_row_that_became_visible_late_is_read(shop):
    say(shop, "The price is good.")
    shop.opinions.catch_up()
    shop.clock.pass_(seconds=-30)  # what another process wrote before, and committed after
    say(shop, "The delivery was bad.")
    shop.clock.pass_(seconds=30)
    shop.opinions.catch_up()
    assert sorted(row.aspect for row in rows(shop)) == ["delivery", "price"]


def test_the_product_is_known_once_the_answer_is_there(shop):
    opened = say(shop, "The battery is bad.", closed=False)
    shop.opinions.catch_up()
    assert [row.product_id for row in rows(shop)] == [None]
    close(shop, opened, "steel")
    shop.opinions.catch_up()
    assert [row.product_id for row in rows(shop)] == ["steel"]


def test_a_new_model_reads_everything_again_in_the_place_of_the_old(shop):
    say(shop, "The delivery was bad.")
    shop.review("Good price.")
    shop.opinions.catch_up()
    before = [(row.source, row.source_id, row.at) for row in rows(shop)]
    shop.verdicts.version = "2"
    shop.clock.pass_(days=3)
    shop.opinions.catch_up()
    assert sorted((row.source, row.source_id, row.at) for row in rows(shop)) == sorted(before)
    assert len(set(shop.verdicts.asked)) * 2 == len(shop.verdicts.asked)


def test_rebuilding_comes_to_the_same(shop):
    for words in ("The delivery was bad.", "The price is good.", "配送太差"):
        say(shop, words)
    shop.opinions.catch_up()
    before = kept(shop)
    shop.opinions.rebuild()
    assert shop.opinions.behind()
    shop.opinions.catch_up()
    assert kept(shop) == before


def test_reviews_follow_the_catalogue(shop):
    shop.review("Good price.", "The battery is bad.")
    shop.opinions.catch_up()
    first = {row.aspect: row.at for row in rows(shop)}
    shop.clock.pass_(days=1)
    shop.review("Good price.", "Bad delivery.")
    shop.opinions.catch_up()
    assert {row.aspect: row.at for row in rows(shop)} == {"price": first["price"], "delivery": shop.clock.now}
    shop.review()
    shop.opinions.catch_up()
    assert rows(shop) == []


def test_a_review_counts_on_the_day_on_which_it_was_written(shop):
    shop.products = [
        Product(
            "oak",
            "Oak",
            1,
            reviews=(Review(5, "Good price.", date="2026-10-03"), Review(5, "Good battery.", date="soon")),
        )
    ]
    shop.opinions.catch_up()
    assert {row.aspect: row.day for row in rows(shop)} == {"price": "2026-10-03", "battery": "2026-11-20"}


def test_bots_and_staff_are_told_apart_and_edited_turns_are_not_read(shop):
    say(shop, "The delivery was bad.", mark="bot")
    shop.record.open_turn(Utterance("The price is bad.", need=Need("lamp")), "en", session_id=None)
    shop.opinions.catch_up()
    assert [(row.aspect, row.who) for row in rows(shop)] == [("delivery", "bot")]


def test_more_than_a_batch_is_read_in_one_go(shop, monkeypatch):
    monkeypatch.setattr(following, "_BATCH", 3)
    for _ in range(8):
        say(shop, "The delivery was bad.")
    assert shop.opinions.catch_up() == 8
    assert len({row.source_id for row in rows(shop)}) == 8
    assert rows(shop)[0].day == date(2026, 11, 20).isoformat()
    assert shop.clock.now - rows(shop)[0].at < timedelta(minutes=1)
