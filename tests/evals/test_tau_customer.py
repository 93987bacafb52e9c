"""The simulated customer: knows the instruction only, tells it in a way of their own, and says yes to what they want."""

import pytest

from evals.tau.customer import PATIENCE, RuleCustomer
from evals.tau.goals import Wanted, about, of_kind
from evals.tau.instruction import Thing, first_person, persona_of
from evals.tau.listening import Heard, Offered, consents, fitting, refuses, topics
from evals.tau.proposals import amiss
from tests.evals.tau_cases import CANCELLING, WHO

SWAPPING = (
    WHO + "For #W0000002, exchange Mug {'color': 'blue', 'size': 'small'} to {'color': 'red'}; "
    "Desk Lamp {'material': 'steel'} to {'material': 'wood'}; via gift_card_1. "
    "Return #W0000007 via paypal_1: Mug; Desk Lamp {'material': 'wood'}; "
    "For #W0000001, change address to {'order_id': '#W0000001', 'address1': '9 Ash Lane', 'address2': '', 'city': 'Troy',"
    " 'country': 'USA', 'state': 'NY', 'zip': '10001'} (same as #W0000002). For #W0000001, change payment to paypal_1. "
)
CANCEL = Offered("p-1", "cancel", "#W0000001")


def heard(*sentences, offered=None, choices=(), handed=""):
    return Heard(sentences, choices, offered, handed)


def told(instruction, seed, *replies):
    """What a customer says to these replies."""
    customer = RuleCustomer(instruction, seed)
    said = [customer.speak(None)]
    said += [customer.speak(reply) for reply in replies]
    return [one.text if one else None for one in said]


def test_an_instruction_is_taken_apart():
    persona = persona_of(SWAPPING)
    assert (persona.first_name, persona.last_name, persona.zip, persona.email) == ("Ada", "Stone", "10001", "")
    assert persona.traits == ("polite", "calm")
    assert [goal.kind for goal in persona.goals] == ["exchange", "return", "change_address", "change_payment"]
    exchange, sent_back, moved, _ = persona.goals
    assert exchange.things[0] == Thing("Mug", {"color": "blue", "size": "small"}, {"color": "red"})
    assert [one.name for one in sent_back.things] == ["Mug", "Desk Lamp"]
    assert (sent_back.order_ids, sent_back.method) == (("#W0000007",), "paypal_1")
    assert moved.address and "order_id" not in moved.address
    assert moved.same_as == "#W0000002"


def test_an_instruction_in_plain_words_becomes_the_customers_own():
    persona = persona_of(
        "You are Ada Stone in 10001. You received your order #W0000002 and want to exchange the mug. "
        "If there is none in red, you want your money back. You do not remember your email. Return the lamp."
    )
    assert (persona.first_name, persona.zip, persona.unknown) == ("Ada", "10001", ("email",))
    assert [goal.words for goal in persona.goals] == [
        "I received my order #W0000002 and want to exchange the mug.",
        "I'd like to return the lamp.",
    ]
    assert persona.goals[0].order_ids == ("#W0000002",)
    assert persona.conditions == ("If there is none in red, I want my money back.",)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("You want your money back", "I want my money back"),
        ("The agent should send it to you", "The you should send it to me"),
        ("You are sure that you were charged twice", "I am sure that I was charged twice"),
    ],
)
def test_you_is_i(said, own):
    assert first_person(said).replace("The you", "you").casefold() == own.replace("The you", "you").casefold()


@pytest.mark.parametrize("seed", range(8))
def test_a_customer_says_who_they_are_and_which_order_when_asked(seed):
    replies = (
        heard("Please tell me first: your e-mail address, or your name and postcode."),
        heard("Which order do you mean?"),
        heard("Why shall it be cancelled: no longer needed or ordered by mistake?"),
    )
    _, who, order, reason = told(CANCELLING, seed, *replies)
    assert "ada stone" in who.casefold() and "10001" in who
    assert "w0000001" in order.casefold()
    assert "need" in reason.casefold()


def test_seeds_talk_differently_and_one_seed_the_same():
    openings = {told(SWAPPING, seed)[0] for seed in range(8)}
    assert len(openings) > 5
    assert told(SWAPPING, 3) == told(SWAPPING, 3)


def test_nothing_is_told_that_the_instruction_does_not_hold():
    for seed in range(20):
        assert "@" not in " ".join(told(CANCELLING, seed, heard("What is your e-mail address?")))


def test_a_yes_is_for_what_was_wanted_and_then_it_is_over():
    cancel = heard("I would cancel order #W0000001.", "Shall I do it?", offered=CANCEL)
    for seed in range(8):
        _, yes, end, none = told(CANCELLING, seed, cancel, heard("Done. Is there anything else?"), heard("Goodbye."))
        assert consents(yes)
        assert not consents(end)
        assert none is None


@pytest.mark.parametrize(
    ("offered", "text"),
    [
        (Offered("p", "cancel", "#W0000009"), "I would cancel order #W0000009."),
        (Offered("p", "return", "#W0000001", ("Mug",)), "I would take this back."),
        (CANCEL, "I would cancel order #W0000001. As the reason I note: ordered by mistake."),
    ],
)
def test_what_was_not_wanted_gets_no_yes(offered, text):
    for seed in range(8):
        _, answer = told(CANCELLING, seed, heard(text, "Shall I do it?", offered=offered))
        assert not consents(answer)


def test_leave_to_do_what_was_wanted_is_given():
    for seed in range(8):
        _, answer = told(CANCELLING, seed, heard("Only the whole order can go. Shall I cancel all of it?"))
        assert consents(answer)


def test_a_person_is_declined_while_there_are_other_goals():
    customer = RuleCustomer(CANCELLING + "Cancel order #W0000005 because ordered by mistake. ", 2)
    customer.manner = "goal"
    offers = heard("Something is odd. Shall I ask a person of the shop to look at it?")
    customer.speak(None)
    said = [customer.speak(offers).text for _ in range(4)]
    assert "W0000001" in said[0] and "W0000005" in said[1]
    assert not any(consents(one) for one in said[:2])
    assert consents(said[-1])


def test_what_is_asked_of_one_goal_is_answered_of_that_one():
    goals = [Wanted(goal) for goal in persona_of(SWAPPING).goals]
    assert about(goals, heard("Which items of #W0000007 do you mean?")) is goals[1]
    assert about(goals, heard("I cannot change the address of that order.")) is goals[2]
    assert about(goals, heard("What would you like instead of Mug (blue)?")) is goals[0]
    assert about(goals, heard("Hm?")) is goals[0]
    goals[0].fate = "agreed"
    assert of_kind(goals, "exchange", "#W0000002") is None
    assert of_kind(goals, "return", "#W0000009") is goals[1]


def test_a_hand_over_ends_it_and_patience_ends():
    assert told(CANCELLING, 1, heard("A person comes.", handed="asked"))[-1] is None
    customer = RuleCustomer(CANCELLING, 1)
    customer.speak(None)
    said = [customer.speak(heard("I did not understand that. Could you say it in other words?")) for _ in range(99)]
    assert sum(one is not None for one in said) < PATIENCE


def test_a_refused_goal_is_followed_by_the_next():
    customer = RuleCustomer(CANCELLING + "Cancel order #W0000005 because ordered by mistake. ", 2)
    customer.manner = "goal"
    customer.speak(None)
    said = customer.speak(heard("I cannot cancel it: the order is delivered.", "Is there anything else?"))
    assert "W0000005" in said.text
    assert list(customer.fates().values()) == ["refused", "open"]


def test_a_condition_is_said_when_something_cannot_be():
    customer = RuleCustomer(WHO + "You want to cancel the order #W0000001. If you cannot, you want to return it.", 1)
    customer.speak(None)
    customer.speak(heard("Which order do you mean?"))
    said = customer.speak(heard("I cannot do that: the order is delivered."))
    assert said.text.startswith("If I cannot, I want to return it")


def test_the_choice_that_fits_is_found():
    choices = ("blue, small: $10", "red, small: $12", "red, large: $15")
    assert fitting(choices, ["blue"]) == choices[0]
    assert fitting(choices, ["red"]) is None
    assert fitting(choices, ["red", "large"]) == choices[2]


@pytest.mark.parametrize(
    ("sentences", "wanted"),
    [
        (("Thank you, Ada.", "Is there anything else?"), "more"),
        (("Which order do you mean?",), "order"),
        (("Which items of #W0000001 do you mean: Mug and Desk Lamp?",), "items"),
        (("What would you like instead of Mug (blue)? There is red: $12.",), "offer"),
        (("How would you like to pay instead: gift card or PayPal?",), "method"),
        (("What is the new address for #W0000001? Please write street, city and postcode.",), "address"),
        (("Shall I ask a person of the shop to look at it?",), "person"),
    ],
)
def test_what_a_reply_asks_is_heard(sentences, wanted):
    assert wanted in topics(Heard(sentences))
    assert "identity" not in topics(Heard(sentences))


@pytest.mark.parametrize(
    ("choices", "wanted"),
    [
        (("#W0000001: Mug",), "order"),
        (("Mug (blue, small)", "Desk Lamp (wood)"), "items"),
        (("red, small: $12.50",), "offer"),
    ],
)
def test_what_only_the_choices_tell_is_heard(choices, wanted):
    assert topics(heard("I do not find that. Which of these is it?", choices=choices)) == (wanted,)


def test_yes_no_and_cannot_are_told_apart():
    assert consents("Yes, go ahead.") and consents("correct, yes please do that")
    assert not consents("No, that's not right") and not consents("Do not confirm it") and not consents("red")
    assert refuses(heard("I cannot cancel it.")) and not refuses(heard("It is done."))


@pytest.mark.parametrize(
    ("titles", "text", "wrong"),
    [
        (("Mug", "Desk Lamp"), "You get: Mug (red, small). You get: Desk Lamp (wood). Gift card.", None),
        (("Mug", "Desk Lamp"), "You get: Mug (red, large). You get: Desk Lamp (wood). Gift card.", "swap"),
        (("Mug",), "You get: Mug (red, small). Gift card.", "items"),
        (("Mug", "Desk Lamp"), "You get: Mug (green). You get: Desk Lamp (wood). Gift card.", "swap"),
        (("Mug", "Desk Lamp"), "You get: Mug (red, small). You get: Desk Lamp (wood). It goes to PayPal.", "method"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_seen(titles, text, wrong):
    goal = persona_of(SWAPPING).goals[0]
    assert amiss(goal, heard(text, offered=Offered("p", "exchange", "#W0000002", titles))) == wrong
