"""Messages that no rule reads, by the examples they are nearest to."""

import pytest

from assistant.acts import nearest_act, reread
from assistant.context import Context, Understanding
from assistant.reading.vocabulary import table
from assistant.types import Need
from catalog import Constraint
from tests.shop import OAK, STEEL

LIMIT = Constraint("price", "le", 5_000)
NEED = Need("lamp", None, (LIMIT,))
SHELF = Context(NEED, (OAK, STEEL), STEEL.id)


def meaning(act):
    """Cosines as of a message that means `act`: near its examples, far from all others."""
    return lambda message, lines: [0.9 if line in table("acts").get(act, ()) else 0.8 for line in lines]


def unsure(message, lines):
    return [0.85] * len(lines)


def search(need=NEED, **told):
    return Understanding("search", need, "en", message="cheers mate", **told)


@pytest.mark.parametrize("act", ["thanks", "greeting", "why", "compare", "pick", "policy", "question"])
def test_what_no_rule_reads_is_taken_for_the_act_that_it_is_nearest_to(act):
    heard = reread(search(), SHELF, meaning(act))
    assert (heard.intent, heard.need) == (act, NEED)
    assert heard.targets == ((STEEL.id,) if act in ("question", "why") else ())


def test_others_leave_out_what_is_shown_and_keep_the_need():
    heard = reread(search(Need("lamp cheers mate", None, (LIMIT,))), SHELF, meaning("others"))
    assert (heard.intent, heard.need, heard.exclude) == ("search", NEED, {OAK.id, STEEL.id})


@pytest.mark.parametrize(("act", "op"), [("cheaper", "lt"), ("dearer", "gt")])
def test_cheaper_and_dearer_are_measured_against_what_was_last_spoken_of(act, op):
    heard = reread(search(), SHELF, meaning(act))
    assert heard.need.constraints == (Constraint("price", op, STEEL.price_minor),)
    assert heard.anchor == STEEL


def test_a_released_price_is_no_limit_any_more():
    assert reread(search(), SHELF, meaning("release")).need == Need("lamp")


@pytest.mark.parametrize("cosines", [unsure, meaning("wish")])
def test_what_is_near_to_no_act_stays_a_wish(cosines):
    assert reread(search(), SHELF, cosines) == search()


@pytest.mark.parametrize(
    "heard",
    [
        search(Need("lamp", None, (LIMIT, Constraint("brand", "eq", "Luma")))),
        search(exclude=frozenset({"oak"})),
        search(targets=("oak",)),
        Understanding("policy", NEED, "en", message="cheers mate"),
        Understanding("search", Need("lamp"), "en", message="any price is fine"),
        Understanding("search", NEED, "en", message="No preference"),
        Understanding("search", NEED, "zh", message="无所谓"),
    ],
)
def test_what_a_rule_has_read_is_left_as_it_was_read(heard):
    assert reread(heard, SHELF, meaning("thanks")) == heard


def test_before_anything_is_shown_words_are_searched_for():
    assert reread(search(), Context(NEED), meaning("thanks")) == search()


def test_every_act_has_examples_in_both_languages():
    for act, examples in table("acts").items():
        assert len(examples) == len(set(examples)) >= 5
        assert any(one.isascii() for one in examples) and not all(one.isascii() for one in examples), act


def test_an_act_must_be_clearly_nearest():
    assert nearest_act("hm", unsure) is None
    assert nearest_act("hm", meaning("compare")) == "compare"


@pytest.mark.parametrize(
    ("act", "intent"), [("policy", "policy"), ("why", "why"), ("compare", "question"), ("cheaper", "question")]
)
def test_what_looks_like_a_question_about_a_product_is_another_act_only_where_that_is_plain(act, intent):
    asked = Understanding("question", NEED, "en", ("oak",), message="how about if it breaks?")
    assert reread(asked, SHELF, meaning(act)).intent == intent
    assert (
        reread(asked, SHELF, lambda m, lines: [0.81 if line in table("acts")[act] else 0.8 for line in lines]) == asked
    )
