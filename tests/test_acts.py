"""Messages whose act is plain by its meaning though no rule reads their words: taken for it, or said again in plain words."""

import pytest

from assistant.acts import reread
from assistant.context import Context
from assistant.reading.vocabulary import vocabulary_of
from assistant.sense import Sensed
from assistant.types import Need, Utterance
from assistant.understand import understand
from catalog import Constraint
from tests.shop import OAK, STEEL

LIMIT = Constraint("price", "le", 5_000)
KIND = Constraint("type", "contains", ("lamp",), "inferred")
NEED = Need("lamp", None, (KIND, LIMIT))
SHELF = Context(NEED, (OAK, STEEL), STEEL.id)


class Told:
    """A sense that is told the act of every message."""

    def __init__(self, act, probability=0.95, second="feature"):
        self.sensed = Sensed(act, probability, second, 1 - probability)

    def of(self, message):
        return self.sensed


@pytest.fixture
def heard(catalog):
    """What is made of a message, whose act is told, in a context."""
    vocabulary = vocabulary_of(catalog)

    def hear(message, act, context=SHELF, **told):
        def again(text):
            return understand(Utterance(text), context, vocabulary)

        return reread(again(message), message, context, Told(act, **told), vocabulary, again)

    return hear


@pytest.mark.parametrize(
    ("message", "act", "intent"),
    [
        ("tq boss", "thanks", "thanks"),
        ("anybody home", "greeting", "greeting"),
        ("what earned it a place on your list", "why", "why"),
        ("if it goes wrong, what then", "policy", "policy"),
        ("put them side by side for me", "compare", "compare"),
    ],
)
def test_what_no_rule_reads_is_taken_for_its_act_and_the_need_stays(heard, message, act, intent):
    understood = heard(message, act)
    assert (understood.intent, understood.need) == (intent, NEED)


def test_thanks_that_name_a_product_are_no_mere_thanks(heard):
    assert heard("bless you, a lamp", "thanks").intent == "search"


def test_others_leave_out_what_is_shown_and_add_no_words_to_the_search(heard):
    understood = heard("nah, refresh the lot", "others")
    assert understood.need == NEED
    assert understood.exclude >= {OAK.id, STEEL.id}


def test_cheaper_is_measured_against_what_was_last_spoken_of(heard):
    understood = heard("my purse weeps", "cheaper")
    assert Constraint("price", "lt", STEEL.price_minor) in understood.need.constraints
    assert understood.anchor == STEEL


def test_a_price_that_no_longer_matters_is_no_limit(heard):
    assert heard("the company is paying after all", "release_price").need == Need("lamp", None, (KIND,))


@pytest.mark.parametrize(
    ("message", "bound"), [("keep me south of 40", 4_000), ("I have 30 dollars on me, that is all there is", 3_000)]
)
def test_an_amount_in_words_that_no_rule_reads_is_a_limit(heard, message, bound):
    understood = heard(message, "limit")
    assert [(c.op, c.value) for c in understood.need.constraints if c.field == "price"] == [("le", bound)]
    assert understood.need.query == "lamp"


@pytest.mark.parametrize(
    "message", ["start me off with a fiver... no, thirty bucks", "cheap stuff breaks, so $30 it begins"]
)
def test_an_amount_may_be_the_least_to_be_spent(heard, message):
    understood = heard(message, "floor")
    assert [(c.op, c.value) for c in understood.need.constraints if c not in NEED.constraints] == [("ge", 3_000)]


@pytest.mark.parametrize(
    ("message", "op"),
    [
        ("over $40 please", "gt"),
        ("do you have lamps over $40?", "gt"),
        ("40 dollars and up", "ge"),
        ("40块以上的有吗", "ge"),
    ],
)
def test_a_limit_and_no_more_points_where_its_words_say(heard, message, op):
    understood = heard(message, "limit")
    new = [c for c in understood.need.constraints if c.field == "price" and c != LIMIT]
    assert [c.op for c in new] == [op]


@pytest.mark.parametrize(
    "message", ["I want to spend at least 30 on it, cheap stuff breaks", "太便宜的不结实，起码30块的才放心"]
)
def test_the_least_is_what_words_for_nothing_else_say(heard, message):
    understood = heard(message, "limit")
    assert [c.op for c in understood.need.constraints if c not in NEED.constraints] == ["ge"]


@pytest.mark.parametrize(("probability", "op"), [(0.7, "le"), (0.95, "gt")])
def test_over_so_much_is_mostly_too_much_where_more_is_said(heard, probability, op):
    message = "over 30 dollars my whole month would be noodles"
    understood = heard(message, "floor", probability=probability, second="limit")
    assert [c.op for c in understood.need.constraints if c.field == "price" and c != LIMIT] == [op]


@pytest.mark.parametrize("act", ["cheaper", "dearer"])
def test_a_price_that_is_named_is_a_limit_whichever_way_it_sounds(heard, act):
    understood = heard("30 dollars tops", act)
    assert [(c.op, c.value) for c in understood.need.constraints if c.field == "price"] == [("le", 3_000)]


def test_a_name_that_is_remembered_is_no_other_wish(heard):
    understood = heard("can't remember the name, kettle something", "wish")
    assert KIND in understood.need.constraints and LIMIT in understood.need.constraints


def test_to_ask_for_what_is_not_carried_is_no_question_on_the_rules(heard):
    assert heard("would you happen to stock refrigerators?", "policy").intent == "search"


def test_a_limit_keeps_what_was_asked_for_before(heard):
    assert KIND in heard("keep me south of 40", "limit").need.constraints


def test_two_amounts_are_a_range_whatever_joins_them(heard):
    understood = heard("floor it at 20, cap it with 45", "range")
    assert {(c.op, c.value) for c in understood.need.constraints if c.field == "price"} == {
        ("ge", 2_000),
        ("le", 4_500),
    }


def test_a_colour_is_refused_where_only_the_meaning_says_so(heard):
    understood = heard("steel? nah", "exclude")
    assert any(c.op == "not_contains" and "steel" in c.value for c in understood.need.constraints)


def test_wanted_or_refused_is_enough_to_be_sure_of(heard):
    understood = heard("steel? nah", "exclude", probability=0.52, second="want")
    assert any(c.op == "not_contains" for c in understood.need.constraints)


def test_a_question_without_a_denial_is_no_refusal_by_half(heard):
    understood = heard("能不能全给我上钢的", "exclude", probability=0.53, second="want")
    assert not any(c.op == "not_contains" for c in understood.need.constraints)


def test_the_price_of_the_cheaper_one_is_a_question(heard):
    understood = heard("can you give me the price of the less expensive of the pair?", "cheaper", probability=0.71)
    assert understood.intent == "question" and understood.targets


def test_nobody_asks_why_who_says_no_word_of_it(heard):
    understood = heard("what have they used to make #1", "why", probability=0.53, second="ask_material")
    assert (understood.intent, understood.plain) == ("question", "what is the first one made of?")
    assert heard("why the first one?", "why", probability=0.53, second="ask_material").intent == "why"


@pytest.mark.parametrize(("message", "place"), [("the damage for #2", "second"), ("and the first, in coins", "first")])
def test_a_question_about_the_price_is_put_plainly_with_its_product(heard, message, place):
    understood = heard(message, "ask_price")
    assert understood.intent == "question"
    assert understood.plain == f"how much is the {place} one?"


def test_a_question_in_words_that_no_rule_reads_is_about_the_product_last_spoken_of(heard):
    understood = heard("kitchen safe", "ask_fact")
    assert (understood.intent, understood.targets) == ("question", (STEEL.id,))


@pytest.mark.parametrize("probability", [0.3, 0.54])
def test_what_is_not_plain_stays_as_the_rules_read_it(heard, probability):
    message = "how much is the first one?"
    assert heard(message, "others", probability=probability).intent == "question"


def test_what_rules_and_meaning_agree_on_is_left_alone(heard):
    assert heard("show me cheaper ones", "cheaper").plain == ""


@pytest.mark.parametrize("message", ["add the first one to my cart", "undo"])
def test_what_rules_read_for_sure_is_no_matter_of_meaning(heard, message):
    assert heard(message, "thanks").intent != "thanks"


def test_a_restatement_that_does_not_fit_the_act_is_not_taken(heard):
    understood = heard("the usual sort of thing", "exclude")
    assert understood.plain == ""
    assert understood.intent == "search"


def test_a_message_that_says_many_things_is_left_to_the_rules(heard):
    assert heard("thanks " * 30, "others").plain == ""


def test_a_size_in_a_wish_is_no_limit(heard):
    assert not [c for c in heard("boots in 42", "wish").need.constraints if c.field == "price"]


def test_a_limit_in_the_shops_own_money_is_named_without_another(heard):
    understood = heard("60 封顶好了", "limit")
    assert understood.foreign_currency is None
    assert [c.value for c in understood.need.constraints if c.field == "price"] == [6_000]


def test_a_question_about_a_product_that_is_named_is_no_wish_for_one(heard):
    assert heard("is the Harbor Steel Lamp discounted?", "wish").intent == "question"


@pytest.mark.parametrize("act", ["want", "release_material", "others"])
def test_a_word_that_refuses_is_never_mere_chance(heard, act):
    understood = heard("no steel for me", act)
    assert any(c.op == "not_contains" and "steel" in c.value for c in understood.need.constraints)


def test_a_question_that_names_a_new_limit_is_a_wish(heard):
    understood = heard("what do you have for up to 40 dollars", "ask_fact")
    assert understood.intent == "search"
    assert Constraint("price", "le", 4_000) in understood.need.constraints


def test_another_act_does_not_lose_the_kind_that_is_asked_for(heard):
    kettles = heard("I'm in the market for a kettle", "dearer", probability=0.74)
    assert any(c.field == "type" and "kettle" in c.value for c in kettles.need.constraints)


@pytest.mark.parametrize(("probability", "op"), [(0.6, "contains"), (0.9, "not_contains")])
def test_a_wish_is_turned_into_a_refusal_only_where_that_is_plain(heard, probability, op):
    understood = heard("steel for my taste", "exclude", probability=probability)
    assert any(c.op == op and "steel" in c.value for c in understood.need.constraints if isinstance(c.value, tuple))


def test_a_kind_that_nothing_asks_for_is_chance_where_the_act_is_certain(heard):
    need = heard("the bulbs in my head go dim at $30", "limit").need
    assert [(c.op, c.value) for c in need.constraints if c.field == "price"] == [("le", 3_000)]
    assert KIND in need.constraints


def test_nobody_is_called_where_a_product_is_named(heard):
    assert heard("show me a lamp partner", "person", context=Context(Need())).intent == "search"


@pytest.mark.parametrize("act", ["exclude", "release_color"])
@pytest.mark.parametrize("message", ["steel", "Steel."])
def test_a_word_by_itself_is_wanted_whatever_its_act_seems(heard, message, act):
    context = Context(Need("lamp", None, (KIND,)), (OAK, STEEL), STEEL.id)
    found = heard(message, act, context=context).need.constraints
    assert [(c.field, c.op) for c in found if c != KIND] == [("attributes.Material", "contains")]
