"""Service conversations over the small shop: who is asked for what, what is proposed, and what a yes does."""

from dataclasses import replace

import pytest

from assistant.service.flow import ServiceFlow
from assistant.service.state import FlowState, from_json, to_json
from tests.service import shop

RULES = replace(shop.DEMO, order_pattern=r"LL-?\d{1,5}")


class Visit:
    """One conversation; the last step is what the tests look at."""

    def __init__(self, service, session="visit", locale="en"):
        self.service, self.flow, self.session, self.locale = service, ServiceFlow(service), session, locale
        self.state, self.step = FlowState(), None

    def say(self, message):
        self.step = self.flow.step(self.session, self.state, message, self.locale)
        self.state = from_json(to_json(self.step.state))  # as it comes back from the record
        return " ".join(self.step.sentences)

    def done(self):
        return [(one.deed.kind, one.state) for one in self.service.proposals(self.session) if one.state != "proposed"]


@pytest.fixture
def service(make):
    return make(RULES)


@pytest.fixture
def visit(service):
    return Visit(service)


@pytest.fixture
def known(service):
    """A conversation in which it is known that Ann speaks."""
    return Visit(service, "ann's")


def test_nothing_is_told_before_it_is_known_who_asks(visit):
    assert "e-mail address" in visit.say("where is my parcel?")
    assert visit.step.form == ("email", "order_id")
    assert not visit.service.customer("visit")


def test_a_wrong_claim_is_told_and_the_form_comes_again(visit):
    visit.say("where is my order LL-2?")
    assert "does not fit" in visit.say("somebody@example.com")
    assert visit.step.form and not visit.service.customer("visit")


def test_what_was_wanted_goes_on_once_it_is_known_who_asks(visit):
    visit.say("where is my order LL-2?")
    told = visit.say("ann.lee@example.com")
    assert "Ann" in told and "LL-2 was delivered" in told


def test_a_cancellation_is_proposed_with_its_consequences_and_done_on_a_yes(known):
    told = known.say("please cancel order LL-1")
    assert "$40" in told and "Visa card ending 1111" in told and known.done() == []
    assert "cancelled" in known.say("yes, do it")
    assert known.done() == [("cancel", "done")]


def test_a_no_leaves_everything_as_it_is(known):
    known.say("please cancel order LL-1")
    assert "leave it" in known.say("no, leave it")
    assert known.done() == [] and known.service.order("ann", "LL-1").state == "pending"


def test_a_yes_without_a_proposal_does_nothing(known):
    known.say("yes, do it")
    assert known.done() == []


def test_one_item_of_two_is_returned_and_not_a_second_time(known):
    assert "Shirt" in known.say("I want to return the shirt of LL-2")
    known.say("yes")
    assert known.done() == [("return", "done")]
    assert "before" in known.say("return the shirt of LL-2")
    known.say("yes")
    assert known.done() == [("return", "done")]


def test_the_other_item_may_follow_in_few_words(known):
    known.say("I want to return the shirt of LL-2")
    known.say("yes")
    assert "Mug" in known.say("and the mug too")
    known.say("yes")
    assert known.done() == [("return", "done"), ("return", "done")]


def test_a_card_that_is_not_theirs_is_never_agreed_to_by_a_yes(known):
    known.say("I want to return the shirt of LL-2")
    assert "not one of the payment methods" in known.say("yes, to the card ending 9999")
    assert known.done() == []


def test_an_order_of_somebody_else_is_not_found_and_not_touched(known):
    assert "find no" in known.say("cancel order LL-9")
    known.say("yes")
    assert known.done() == [] and known.service.order("ben", "LL-9").state == "pending"


def test_what_is_damaged_waits_for_a_person(make):
    fresh = replace(shop.DELIVERED, delivered_at=shop.ago(days=3))
    known = Visit(make(RULES, orders=[fresh]), "ann's")
    assert "agree to it first" in known.say("the mug of LL-2 arrived broken, I want my money back")
    known.say("yes")
    assert known.step.handing == "approval" and known.done() == [("return", "waiting")]


def test_what_was_done_is_taken_back_on_request(known):
    known.say("please cancel order LL-1")
    known.say("yes")
    assert "take it back" in known.say("undo that, I want to keep it")
    known.say("yes")
    assert known.service.order("ann", "LL-1").state == "pending"


def test_another_wish_goes_first_and_the_open_question_is_asked_again(known):
    known.say("I want to return something from LL-2")
    told = known.say("what is the balance of my gift card?")
    assert "$50" in told and "Which items" in told


def test_a_person_is_called_when_asked_for_and_offered_when_nothing_is_understood(known):
    known.say("I want to talk to a real person")
    assert known.step.handing == "asked"
    other = Visit(known.service, "ann's")
    other.say("I want to return something from LL-2")
    for _ in range(3):
        other.say("blue sky thinking")
    assert other.state.asked.slot == "person"
    other.say("yes")
    assert other.step.handing == "asked"


def test_the_same_in_chinese(service):
    visit = Visit(service, "ann's", "zh")
    assert "确认办理吗" in visit.say("取消订单 LL-1")
    assert "已取消" in visit.say("是的，办理")
    assert visit.done() == [("cancel", "done")]


def test_a_state_of_another_version_begins_anew():
    assert from_json({"tasks": 7}) == FlowState() and from_json(None) == FlowState()


def test_what_was_done_last_is_not_done_again_for_words_that_name_nothing_else(known):
    known.say("I want to return the shirt of LL-2")
    known.say("yes")
    assert "already" in known.say("I want to return it")
    assert "Mug" in known.say("the mug too, I want to return it")
