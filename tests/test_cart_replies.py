"""What whole turns do to the cart: what is said is what was recorded."""

import pytest

from assistant.cart import lines_of
from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.settings import Settings
from assistant.types import Utterance
from assistant.writer import Writer
from tests.fakes import honest, scripted

LINK = "https://shop.example/cart/{items}"


class Talk:
    """One conversation, and the cart that comes of it."""

    def __init__(self, catalog, folder, checkout_url=""):
        self.url = f"sqlite:///{folder / 'record.db'}"
        self.record = Record(self.url)
        settings = Settings(home=folder, checkout_url=checkout_url)
        writer = Writer(scripted(honest), stall_timeout_s=5)
        self.assistant = Assistant(catalog, self.record, writer, settings, model="scripted", quantisation="none")
        self.session = None

    def say(self, *messages):
        for message in messages:
            *_, done = self.assistant.reply(Utterance(message, self.session))
            self.session = done.turn.session_id
        return done.turn

    @property
    def cart(self):
        changes = self.record.cart_changes(self.session)
        return [(line.product_id, line.variant_id, line.quantity) for line in lines_of(changes)]


@pytest.fixture
def talk(catalog, tmp_path):
    made = Talk(catalog, tmp_path)
    yield made
    made.record.close()


def test_what_is_put_in_is_recorded_with_its_turn_and_counted_once(talk):
    turn = talk.say("a lamp under $50", "add the Harbor Steel Lamp to my cart")
    assert talk.cart == [("steel", None, 1)]
    assert (turn.reply.kind, turn.reply.text) == ("answer", "Harbor Steel Lamp is in your cart now, at $39.")
    [change] = talk.record.cart_changes(talk.session)
    assert (change.turn_id, change.price_minor) == (turn.id, 3_900)
    assert turn.need == talk.say("what's in my cart?").need
    assert "Harbor Steel Lamp, $39. 1 item, $39 in all." in talk.say("what's in my cart?").reply.text


def test_a_conversation_in_chinese_fills_and_empties_a_cart(talk):
    talk.say("50 美元以内的台灯", "把第一个加入购物车")
    [(first, _, count)] = talk.cart
    assert count == 1
    talk.say("来两个")
    assert talk.cart == [(first, None, 2)]
    turn = talk.say("购物车里有什么？")
    assert turn.reply.text.endswith("。")
    assert "共 2 件" in turn.reply.text
    talk.say("清空购物车")
    assert talk.cart == []


def test_a_colour_that_is_needed_is_asked_for_with_what_is_in_stock(talk):
    asked = talk.say("a wool blanket", "I'll take it")
    assert asked.reply.kind == "clarify"
    assert talk.cart == []
    assert asked.reply.quick_replies == (
        "Add the Cove Wool Blanket (Grey) to my cart",
        "Add the Cove Wool Blanket (Blue) to my cart",
    )
    talk.say("blue")
    assert talk.cart == [("blanket", "b2", 1)]


def test_every_quick_reply_does_what_it_says(talk):
    asked = talk.say("a wool blanket", "two of those please")
    talk.say(asked.reply.quick_replies[0])
    assert talk.cart == [("blanket", "b1", 2)]


def test_no_more_is_put_in_than_there_are(talk):
    turn = talk.say("tell me about the Tern Arc Lamp", "I'll take five")
    assert talk.cart == [("arc", None, 2)]
    assert "only 2" in turn.reply.text
    turn = talk.say("two more please")
    assert talk.cart == [("arc", None, 2)]
    assert "stays at 2" in turn.reply.text
    assert talk.say("make it 3").reply.text.startswith("There are only 2")


def test_a_sold_out_product_is_not_put_in_and_others_are_shown(talk):
    turn = talk.say("add the Marlow Glass Lamp to my cart")
    assert talk.cart == []
    assert "sold out" in turn.reply.text
    assert turn.slate.items
    assert all(item.product.in_stock for item in turn.slate.items)


def test_a_sold_out_colour_is_not_put_in_and_the_others_are_offered(talk):
    turn = talk.say("a wool blanket", "add the green one to my cart")
    assert talk.cart == []
    assert turn.reply.text.startswith("Cove Wool Blanket (Green) is sold out.")
    assert len(turn.reply.quick_replies) == 2


def test_another_colour_takes_the_place_of_the_one_put_in(talk):
    talk.say("a wool blanket", "I'll take the blue one", "make it grey instead")
    assert talk.cart == [("blanket", "b1", 1)]


def test_which_of_several_is_asked_and_the_answer_understood(talk):
    asked = talk.say("a lamp", "add it to my cart")
    assert (asked.reply.kind, talk.cart) == ("clarify", [])
    talk.say("the steel one")
    assert talk.cart == [("steel", None, 1)]


def test_what_is_in_the_cart_is_spoken_of_when_the_shelf_holds_other_things(talk):
    talk.say("a kettle", "add the Robin Kettle to my cart", "a lamp under $50")
    turn = talk.say("is the one in my cart made of steel?")
    assert turn.reply.kind == "answer"
    assert {line.product_id for line in turn.evidence} == {"robin"}
    talk.say("remove the kettle")
    assert talk.cart == []


def test_removing_some_leaves_the_others(talk):
    talk.say("a lamp", "I'll take three of the Harbor Steel Lamp", "remove one of them")
    assert talk.cart == [("steel", None, 2)]


@pytest.mark.parametrize("message", ["I want a tent", "a lamp for my desk", "drop the price limit"])
def test_a_wish_never_touches_the_cart(talk, message):
    talk.say("a lamp under $50", "add the first one to my cart", message)
    assert len(talk.record.cart_changes(talk.session)) == 1


def test_a_changed_price_is_told_at_the_checkout_and_taken_over_only_when_accepted(talk):
    from assistant.cart import CartChange

    talk.say("a lamp")
    talk.record.change_cart(talk.session, [CartChange("set", "steel", None, 1, 3_500, "USD")])
    turn = talk.say("checkout")
    assert "costs $39 now; it was $35" in turn.reply.text
    assert len(talk.record.cart_changes(talk.session)) == 1
    talk.say(turn.reply.quick_replies[0])
    assert lines_of(talk.record.cart_changes(talk.session))[0].price_minor == 3_900
    assert "costs" not in talk.say("checkout").reply.text


def test_an_empty_cart_is_said_to_be_empty(talk):
    texts = [talk.say(message).reply.text for message in ("what's in my cart?", "checkout", "empty my cart")]
    assert set(texts) == {"Your cart is empty."}


def test_the_record_holds_a_cart_event_for_each_product_put_in(talk):
    from sqlalchemy import create_engine, text

    talk.say("a lamp", "add the first two to my cart", "make it three", "what's in my cart?")
    engine = create_engine(talk.url)
    with engine.connect() as connection:
        kinds = connection.execute(text("select product_id, kind from events")).all()
    engine.dispose()
    assert {kind for _, kind in kinds} == {"cart"}
    assert len({id for id, _ in kinds}) == 2


def test_a_colour_that_is_not_in_the_cart_is_not_taken_out_of_it(talk):
    turn = talk.say("a wool blanket", "I'll take the blue one", "remove the grey one")
    assert talk.cart == [("blanket", "b2", 1)]
    assert turn.reply.text == "That is not in your cart."
