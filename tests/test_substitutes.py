"""What is said and shown in place of a product that is sold out."""

import threading

import pytest

from assistant.context import Context, Understanding
from assistant.phrases import say
from assistant.reading.vocabulary import learn
from assistant.replies import Replies
from assistant.respond import Moment
from assistant.retrieve import retrieve
from assistant.substitutes import substitutes
from assistant.types import Need, Slate
from assistant.writer import Writer
from catalog import Constraint
from tests.fakes import honest, scripted
from tests.shop import GLASS, OAK

LAMP = Constraint("type", "contains", ("lamp",), "inferred")
UNDER_50 = Constraint("price", "lt", 5_000)


@pytest.fixture
def replies(catalog):
    return Replies(catalog, learn(catalog), Writer(scripted(honest), stall_timeout_s=5, clock=lambda: 0.0))


def asked(replies, message, need=Need(), locale="en", intent="question", target="glass"):
    context = Context(need, (GLASS.localised(locale),))
    understood = Understanding(intent, need, locale, (target,), message=message)
    retrieval = retrieve(need, replies._catalog) if intent == "search" else None
    answer = replies.prepare(understood, context, retrieval, Slate())
    moment = Moment(message, answer.need, locale, "USD", 1e9, threading.Event())
    return answer, [one.claim.text for one in answer.say(moment)]


def test_substitutes_are_in_stock_of_the_same_category_and_within_the_need(catalog):
    found = substitutes(GLASS, Need("", None, (LAMP, UNDER_50)), catalog, 4)
    assert {product.id for product in found} == {"oak", "steel", "plastic"}
    assert substitutes(GLASS, Need("", None, (Constraint("price", "lt", 100),)), catalog, 4) == []


def test_a_question_about_a_sold_out_product_is_answered_and_close_ones_are_shown(replies):
    answer, said = asked(replies, "how much is it?", Need("lamp", None, (LAMP, UNDER_50)))
    assert said[0] == "The listing of Marlow Glass Lamp says – Price: $42."
    assert said[1].startswith("Marlow Glass Lamp is sold out; in stock and close to it: ")
    assert set(answer.slate.ids()) == {"oak", "steel", "plastic"}
    assert all(item.product.title in said[1] for item in answer.slate.items)
    assert answer.quick_replies == (
        say("q_notify", "en"),
        say("q_compare", "en"),
        say("q_pick", "en"),
    )  # "it" would be another product now


def test_in_chinese_it_is_said_in_chinese(replies):
    _, said = asked(replies, "多少钱？", Need("", None, (UNDER_50,)), "zh")
    assert said[1].startswith("马洛玻璃台灯已售罄；有货的相近商品：")
    assert "桤木台灯（$45）" in said[1]


def test_where_nothing_close_satisfies_the_need_nothing_is_offered(replies):
    answer, said = asked(replies, "how much is it?", Need("", None, (Constraint("price", "lt", 100),)))
    assert answer.slate == Slate()
    assert len(said) == 1


def test_of_a_product_in_stock_nothing_is_said_of_others(replies):
    answer, said = asked(replies, "how much is it?", target="oak")
    assert (answer.slate, len(said)) == (Slate(), 1)


def test_a_search_that_names_a_sold_out_product_shows_what_is_close_to_it(replies):
    answer, said = asked(replies, "I want the Marlow Glass Lamp", intent="search")
    assert answer.kind == "answer"
    assert len(said) == 1
    assert said[0].startswith("Marlow Glass Lamp is sold out; in stock and close to it: ")
    assert len(answer.slate.items) == 4


def test_a_sold_out_product_with_nothing_close_is_only_said_to_be_sold_out(replies):
    nothing = Need("", None, (Constraint("price", "lt", 100),))
    answer, said = asked(replies, "I want the Marlow Glass Lamp", nothing, intent="search")
    assert (said, answer.slate) == (["Marlow Glass Lamp is sold out."], Slate())


def test_a_named_product_in_stock_is_searched_for_like_any_other(catalog, replies):
    answer, said = asked(
        replies, "I want the Alder Desk Lamp", Need("lamp", None, (LAMP,)), intent="search", target=OAK.id
    )
    assert not any("sold out" in one for one in said)
