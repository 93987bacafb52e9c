"""A draft stands on sources, promises nothing in vain, and is not there where nothing is sure."""

from dataclasses import dataclass, field

import pytest

from assistant.evidence import field as line_of
from assistant.service import draft as drafting
from assistant.service.draft import Drafts, asked_last
from assistant.service.facts import OrderFacts
from assistant.writer import Writer
from tests.fakes import broken, scripted
from tests.service.beside import case, past_answers, proposal, turn
from tests.shop import OAK, POLICIES

ASKED = "how long may I send it back, unused and in its box?"
ENGRAVE = case(
    "t1",
    "Can you engrave my name on a mug?",
    "Hi Mara! We do not engrave mugs. I have refunded you $12.00. Cheers",
    known=("Mara",),
)


@dataclass
class Ticket:
    line: str = ASKED
    session_id: str = "s1"


@dataclass
class Message:
    author: str
    text: str
    data: dict = field(init=False)

    def __post_init__(self):
        self.data = {"text": self.text}


@pytest.fixture
def drafts(catalog, monkeypatch):
    """Drafts over the small shop; whatever is found first counts as sure."""
    monkeypatch.setattr(drafting, "SHOWN", 0.0)
    return lambda *cases, **parts: Drafts(past_answers(*cases), lambda: catalog, **parts)


def writer(*answers) -> Writer:
    return Writer(scripted(answers), stall_timeout_s=5)


def test_a_rule_that_answers_is_drafted_in_its_own_words_with_its_source(drafts):
    made = drafts().draft(Ticket(), (), (), "en")
    assert made.text == POLICIES[0].text
    assert [(one.text, one.source) for one in made.sources] == [(POLICIES[0].text, "the rule “Returns”")]
    assert 0 < made.confidence <= 1 and made.id


def test_nothing_sure_is_no_draft(catalog):
    assert Drafts(past_answers(), lambda: catalog).draft(Ticket("purple elephants"), (), (), "en") is None


def test_nothing_asked_is_no_draft(drafts):
    assert drafts().draft(Ticket(""), (), (), "en") is None
    assert drafts().draft(Ticket(), (), (Message("shopper", "hm?"), Message("agent", "Yes.")), "en") is None


def test_an_earlier_answer_is_drafted_without_what_was_for_another_shopper(drafts):
    made = drafts(ENGRAVE).draft(Ticket("can you engrave a name on mugs?"), (), (), "en")
    assert made.text == "We do not engrave mugs."
    assert made.sources[0].source == "an earlier conversation" and "Mara" not in made.sources[0].text


def test_an_answer_with_a_number_that_is_not_the_shops_is_not_given_to_another(drafts):
    told = case("t2", "Is there a student discount?", "Students get 15% off.")
    assert drafts(told).draft(Ticket("student discount?"), (), (), "en") is None


def test_what_no_deed_backs_is_left_out_and_what_one_backs_is_not(drafts):
    told = case("t3", "Where is my money for the vase?", "Your refund has been issued.")
    assert drafts(told).draft(Ticket("money for the vase"), (), (), "en") is None
    done = drafts(told, proposals=lambda _: (proposal("refund", amount=1_200),))
    assert done.draft(Ticket("money for the vase"), (), (), "en").text == "Your refund has been issued."


def test_facts_of_orders_come_first(drafts):
    facts = lambda session_id, question, locale: ("Order LL-10447 was delivered.",) if session_id == "s1" else ()  # noqa: E731
    made = drafts(facts=facts).draft(Ticket(), (), (), "en")
    assert made.text == f"Order LL-10447 was delivered. {POLICIES[0].text}"
    assert made.sources[0].source == "the shop's books"


def test_a_question_about_a_product_is_drafted_from_its_listing(catalog):
    shown = turn("how much is the lamp?", "answer", "It costs $45.", evidence=(line_of(OAK, "price"),))
    made = Drafts(past_answers(), lambda: catalog).draft(Ticket("what is its weight?"), (shown,), (), "en")
    assert made.text == "The listing of Alder Desk Lamp says – Weight: 800 g."
    assert made.sources[0].source == "the listing of Alder Desk Lamp"


def test_the_shoppers_language_is_kept(drafts):
    made = drafts().draft(Ticket("未使用的商品多少天内可以退货"), (), (), "zh")
    assert made.text == POLICIES[2].text
    english = Drafts(past_answers(policies=POLICIES[:2]), drafts()._catalog)
    assert english.draft(Ticket("退货 unused box"), (), (), "zh") is None


def test_the_model_may_word_it_and_what_does_not_stand_is_dropped(drafts):
    good = "You may send anything back within 30 days, unused and in its box."
    made = drafts(writer=writer(f"{good} We give you 60 days.")).draft(Ticket(), (), (), "en")
    assert made.text == good


def test_an_answer_in_the_other_language_is_drafted_only_as_it_is_translated(drafts):
    told = case("t4", "engrave 刻字 mug 杯子", "我们不提供刻字。", "zh")
    asked = Ticket("engrave a mug")
    assert drafts(told).draft(asked, (), (), "en") is None
    worded = ['{"translation": "We do not offer engraving."}', "We do not offer engraving."]
    assert drafts(told, writer=writer(*worded)).draft(asked, (), (), "en").text == "We do not offer engraving."
    assert drafts(told, writer=writer('{"translation": "We engrave 3 mugs."}')).draft(asked, (), (), "en") is None


@pytest.mark.parametrize(
    "words",
    [
        "You may send anything back within 60 days.",
        "I have registered your return.",
        "We will refund you $20.00 today.",
        "The goods go back within 30 days. I have sent you a label. You get a voucher.",
        "",
    ],
)
def test_where_too_little_of_the_models_words_stands_codes_own_are_given(drafts, words):
    assert drafts(writer=writer(words)).draft(Ticket(), (), (), "en").text == POLICIES[0].text


def test_a_model_that_fails_costs_no_draft(drafts):
    made = drafts(writer=Writer(scripted(broken), stall_timeout_s=5)).draft(Ticket(), (), (), "en")
    assert made.text == POLICIES[0].text


def test_what_was_written_last_and_not_answered_is_what_is_asked():
    said = [
        Message("shopper", "old"),
        Message("agent", "Hello."),
        Message("shopper", "Where is it?"),
        Message("shopper", "LL-10447"),
    ]
    assert asked_last(Ticket("line"), (), said) == "Where is it? LL-10447"
    assert asked_last(Ticket("line"), (turn("a lamp"),), ()) == "line"
    assert asked_last(Ticket(""), (turn("a lamp"), turn("hi", "chat")), ()) == "a lamp"


def test_the_books_speak_only_of_who_proved_to_be_whom(service):
    facts = OrderFacts(service)
    assert facts("nobody", "where is my order?", "en") == ()
    customer = service.customer_by_id(next(iter({order.customer_id for order in _orders(service)})))
    service.sign_in("s1", customer.id)
    newest = service.orders(customer.id)[0]
    assert any(newest.id in one for one in facts("s1", "where is my order?", "en"))
    assert facts("s1", "do you sell lamps?", "en") == ()


def _orders(service):
    from tests.service import shop

    return shop.ORDERS
