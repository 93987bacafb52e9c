"""The summary tells, in the agent's language, what is wanted, what was tried and what was found to be so."""

from assistant.cart import CartChange, check, lines_of
from assistant.evidence import field, policy
from assistant.service import Address, Customer
from assistant.service.summary import Known, summarise, summary_data
from assistant.types import Handoff, Need
from catalog import Constraint
from tests.service.beside import proposal, turn
from tests.shop import OAK, POLICIES, STEEL

UNDER = Need(
    "desk lamp", None, (Constraint("price", "le", 6_000), Constraint("text", "not_contains", ("plastic", "塑料")))
)
MARA = Customer("c1", "Mara", "Lindqvist", "mara@example.com", Address("418 Alder Street"))
TASK = {"state": {"tasks": [{"wish": {"kind": "return", "order_ids": ["LL-10447"]}, "order_id": "LL-10447"}]}}


def test_what_is_looked_for_is_told_with_its_limits_and_the_last_words():
    made = summarise([turn("a desk lamp", need=UNDER)], "en")
    assert made.wanted == "Looks for desk lamp (up to $60, not plastic). Wrote: “a desk lamp”"
    assert summarise([turn("a desk lamp", need=UNDER)], "zh").wanted.startswith(
        "想找：desk lamp（$60 以内、不要塑料）。"
    )


def test_an_order_matter_goes_before_what_was_looked_for():
    made = summarise([turn("I want to send it back", "service", "Which items?", need=UNDER, service=TASK)], "en")
    assert made.wanted.startswith("Wants of order LL-10447: return it.")


def test_nothing_said_is_told_as_that():
    assert summarise([], "en").wanted == "Has not said yet what it is about."
    assert summarise([], "en").tried == summarise([], "en").checked == ()


def test_each_message_is_told_with_what_became_of_it(catalog):
    price = field(OAK, "price")
    turns = [
        turn("lamps", shown=(OAK, STEEL)),
        turn("how much is the first?", "answer", "It costs $45.", evidence=(price,)),
        turn("is it dimmable?", "answer", "The listing does not say."),
        turn("a lamp under $2", "no_match", "Nothing fits."),
        turn("hello?", "chat", "Hello! Tell me what you are looking for."),
        turn("and now?", failure="out of memory"),
    ]
    assert summarise(turns, "en", Known(catalog)).tried == (
        "“lamps” – was shown Alder Desk Lamp, Harbor Steel Lamp.",
        "“how much is the first?” – was answered from the listing of Alder Desk Lamp.",
        "“is it dimmable?” – there was no answer.",
        "“a lamp under $2” – nothing was found.",
        "“hello?” – was told: “Hello! Tell me what you are looking for.”",
        "“and now?” – the assistant failed.",
    )


def test_the_same_twice_is_told_once_and_what_is_long_ago_is_counted():
    asked = [turn("is it dimmable?", "answer", "The listing does not say.")] * 2
    assert summarise(asked, "en").tried == ("“is it dimmable?” – there was no answer. Asked 2 times.",)
    long = summarise([turn(f"message {number}", "chat", "Yes.") for number in range(9)], "en").tried
    assert len(long) == 7 and long[0] == "Before that: 3 more messages."


def test_what_was_found_is_in_the_agents_language_whatever_the_shoppers(catalog):
    asked = turn("多少钱？", "answer", "45 美元。", evidence=(field(OAK.localised("zh"), "price"),), locale="zh")
    rule = turn("能退吗？", "service", "30 天。", evidence=(policy(POLICIES[2]),), locale="zh")
    made = summarise([asked, rule], "en", Known(catalog))
    assert [(one.text, one.source) for one in made.checked] == [
        ("You may send anything back within 30 days, unused and in its box.", "the rule “Returns”"),
        ("Price: $45", "the listing of Alder Desk Lamp"),
    ]
    chinese = summarise([asked], "zh", Known(catalog))
    assert chinese.checked[0].source == "桤木台灯的商品页"


def test_a_line_that_no_shown_sentence_rests_on_was_not_checked():
    unsaid = turn("a lamp", "answer", "Hm.", evidence=())
    assert summarise([unsaid], "en").checked == ()


def test_who_it_is_what_was_done_and_the_cart_are_told(catalog):
    cart = check(lines_of([CartChange("set", "oak", None, 2, 4_500, "USD")]), catalog.get)
    deeds = (proposal("return"), proposal("refund", "waiting"), proposal("change_customer_address", "undone", order=""))
    made = summarise([turn("hi")], "en", Known(catalog, MARA, deeds, cart))
    assert [one.text for one in made.checked] == [
        "Proved to be Mara Lindqvist.", "Order LL-10447, return it: done.", "Order LL-10447, refund it: confirmed, waits for approval.",
        "The account, change the address: done and taken back.", "2 × Alder Desk Lamp",
    ]  # fmt: skip


def test_what_people_of_the_shop_answered_is_not_told_as_the_assistants():
    live = Handoff("t1", "person", "", live=True, agent="Ana")
    assert summarise([turn("are you there?", "handoff", "", handoff=live)], "en").tried == ()


def test_a_ticket_carries_it_as_plain_data_with_the_mood():
    data = summary_data([turn("this is ridiculous", "chat", "Sorry.")], "en")
    assert data["mood"] < -0.5 and data["mood_why"] == "angry words"
    assert set(data) == {"wanted", "tried", "checked", "mood", "mood_why"}
