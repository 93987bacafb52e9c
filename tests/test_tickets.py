"""What is left to the people of the shop: when a ticket is opened, what it asks, and what the shopper is told."""

import pytest

from assistant.reading.handover import email_of, handover_of, question_in
from assistant.types import Handoff
from tests.fakes import honest
from tests.shop import GLASS, OAK
from tests.test_pipeline import Counter


@pytest.fixture
def shop(catalog, tmp_path):
    made = Counter(catalog, tmp_path, lambda _: ['{"line": 0}'])
    yield made
    made.record.close()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Ask the shop", "ask_shop"),
        ("please ask the store whether it can be washed", "ask_shop"),
        ("Can you ask the seller for me?", "ask_shop"),
        ("问店家", "ask_shop"),
        ("帮我问一下商家能不能机洗", "ask_shop"),
        ("Tell me when it is back", "notify"),
        ("notify me when the glass lamp is available again", "notify"),
        ("let me know once it's back in stock", "notify"),
        ("到货通知我", "notify"),
        ("有货了告诉我", "notify"),
        ("补货后请提醒我", "notify"),
        ("tell me more about it", None),
        ("Let me know if it is good", None),
        ("I want to ask about the lamp", None),
        ("有货吗？", None),
        ("me@example.org", None),
    ],
)
def test_a_message_is_read_as_left_to_the_shop_or_not(message, expected):
    assert handover_of(message, pending=False) == expected


@pytest.mark.parametrize(
    ("message", "pending", "expected"),
    [
        ("me@example.org", True, "mail"),
        ("my address is me@example.org", True, "mail"),
        ("我的邮箱是 me@example.org", True, "mail"),
        ("a lamp for me@example.org under $50 with a long cord", True, None),
    ],
)
def test_an_address_is_one_for_the_ticket_before_it(message, pending, expected):
    assert handover_of(message, pending=pending) == expected
    assert email_of(message) == "me@example.org"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Ask the shop", None),
        ("ask the shop please", None),
        ("Ask the shop whether it can be washed", "it can be washed"),
        ("ask the store: does it come with a bulb? my e-mail is me@example.org", "does it come with a bulb?"),
        ("问一下店家能不能机洗", "能不能机洗"),
        ("问店家，我的邮箱是 me@example.org", None),
    ],
)
def test_the_shops_question_is_what_the_message_says_beside_the_command(message, expected):
    assert question_in(message) == expected


def test_what_the_listing_does_not_say_can_be_asked_of_the_shop(shop):
    turn = shop.talk("a lamp under $50", "Is Alder Desk Lamp waterproof?")
    assert "Ask the shop" in turn.reply.quick_replies
    asked = shop.say("Ask the shop", turn.session_id)
    (ticket,) = shop.record.tickets()
    assert (ticket.kind, ticket.question, ticket.product_id) == ("question", "Is Alder Desk Lamp waterproof?", OAK.id)
    assert (ticket.session_id, ticket.turn_id, ticket.email) == (turn.session_id, asked.id, None)
    assert asked.handoff == Handoff(ticket.id, "question", "Is Alder Desk Lamp waterproof?")
    assert asked.reply.kind == "handoff"
    assert shop.assistant.turns(turn.session_id)[-1].handoff == asked.handoff


def test_what_the_listing_says_is_not_offered_to_be_asked(shop):
    turn = shop.talk("a lamp under $50", "What material is Alder Desk Lamp?")
    assert "Ask the shop" not in turn.reply.quick_replies


def test_an_address_given_afterwards_stands_beside_the_question(shop):
    turn = shop.talk("a lamp under $50", "Is Alder Desk Lamp waterproof?", "Ask the shop", "me@example.org")
    (ticket,) = shop.record.tickets()
    assert (ticket.question, ticket.product_id) == ("Is Alder Desk Lamp waterproof?", OAK.id)
    assert ticket.email == "me@example.org"
    assert "me@example.org" in turn.reply.text


def test_the_same_asked_twice_is_one_ticket(shop):
    turn = shop.talk("a lamp under $50", "Is Alder Desk Lamp waterproof?", "Ask the shop", "Ask the shop")
    assert len(shop.record.tickets()) == 1
    assert turn.handoff is not None


def test_nothing_asked_yet_opens_no_ticket(shop):
    turn = shop.say("Ask the shop")
    assert (turn.reply.kind, turn.handoff, shop.record.tickets()) == ("clarify", None, [])


@pytest.mark.parametrize(
    ("first", "wish", "question"),
    [
        (
            "Is Marlow Glass Lamp sold out?",
            "Tell me when it is back",
            "Tell me when Marlow Glass Lamp is back in stock.",
        ),
        ("马洛玻璃台灯有货吗？", "到货通知我", "马洛玻璃台灯到货时请通知我。"),
    ],
)
def test_who_waits_for_a_product_that_is_sold_out_is_on_the_list(shop, first, wish, question):
    turn = shop.talk(first, wish)
    (ticket,) = shop.record.tickets()
    assert (ticket.kind, ticket.product_id, ticket.question) == ("stock", GLASS.id, question)
    assert turn.handoff == Handoff(ticket.id, "stock", question)


def test_what_is_in_stock_is_not_waited_for(shop):
    turn = shop.talk("a lamp under $50", "Tell me when Alder Desk Lamp is back in stock")
    assert (turn.handoff, shop.record.tickets()) == (None, [])
    assert turn.reply.text == "Alder Desk Lamp is in stock."


def test_a_second_turn_without_an_answer_names_what_there_is(shop):
    turn = shop.talk("a lamp under $50", "Is Alder Desk Lamp waterproof?", "Does Alder Desk Lamp have bluetooth?")
    assert {"Lighting", "Kitchen", "Bedroom", "Ask the shop"} <= set(turn.reply.quick_replies)
    assert "Lighting" in turn.reply.text


def test_one_turn_without_an_answer_does_not(shop):
    turn = shop.talk("a lamp under $50", "Is Alder Desk Lamp waterproof?")
    assert "Kitchen" not in turn.reply.text


def test_the_second_search_that_finds_nothing_offers_more_than_the_first(catalog, tmp_path):
    shop = Counter(catalog, tmp_path, honest)
    first = shop.say("a lamp under $1")
    second = shop.say("a lamp under $2", first.session_id)
    assert first.reply.kind == second.reply.kind == "no_match"
    assert "Ask the shop" not in first.reply.quick_replies
    assert "Ask the shop" in second.reply.quick_replies
    shop.record.close()


def test_what_was_not_found_can_be_asked_of_the_shop_without_an_offer(shop):
    turn = shop.talk("a lamp under $1", "ask the shop")
    (ticket,) = shop.record.tickets()
    assert (ticket.question, ticket.product_id) == ("a lamp under $1", None)
    assert turn.handoff is not None


def test_the_shop_can_be_asked_about_what_is_sold_out_too(shop):
    turn = shop.say("Is Marlow Glass Lamp waterproof?")
    assert {"Ask the shop", "Tell me when it is back"} <= set(turn.reply.quick_replies)
