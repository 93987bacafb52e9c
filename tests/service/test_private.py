"""What points at a person or an order is masked; what the shop says is not."""

import pytest

from assistant.service import Address, Customer
from assistant.service.private import Masker, known_of, without_private

CUSTOMER = Customer(
    "c1", "Mara", "Lindqvist", "mara@example.com", Address("418 Alder Street", "Apt 6", "Portland", "OR", "US", "97205")
)
MING = Customer("c2", "明", "李", "ming@example.com", Address("缅街 38-12 号"))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to a.b+c@mail.example.co", "write to [email]"),
        ("see https://track.example/x?id=9 now", "see [link] now"),
        ("order LL-10218 is here", "order [number] is here"),
        ("my order number is #W1234567", "my order number is [number]"),
        ("tracking FW102181US", "tracking [number]"),
        ("call +1 212 555 0142 please", "call [phone] please"),
        ("card 4454 7945 1139 0933", "card [number]"),
        ("it goes to 12 Oak Lane, Boston", "it goes to [address]"),
        ("My name is Patricia Jeknić.", "My name is [name]."),
        ("Dear Ms. Lindqvist, hello", "Dear Ms. [name], hello"),
        ("Best regards, Tom", "Best regards, [name]"),
        ("订单号 20240518001 在哪", "订单号 [number] 在哪"),
        ("电话 13800138000", "电话 [number]"),
        ("我叫张伟，请联系", "我叫[name]，请联系"),
        ("王女士您好", "[name]女士您好"),
        ("地址是法拉盛缅街 38-12 号 3 楼", "[address]"),
    ],
)
def test_what_is_private_is_masked(text, masked):
    assert Masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Standard delivery costs $4.90 and is free from $1,249.00 in 3-5 working days.",
        "From November 15 to December 24, 2026 you have until January 31.",
        "It weighs 250 g and is 150 cm x 60 cm x 75 cm.",
        "Thank you very much. Hello there, how can I help?",
        "标准配送运费 4.90 美元，满 49.00 美元免运费，3-5 个工作日送达。",
        "各位女士您好，这位先生说的对。",
        "We are open Monday to Friday from 9:00 to 18:00.",
    ],
)
def test_what_anybody_may_read_is_left(text):
    assert Masker().mask(text) == text


def test_what_the_ticket_knows_of_its_customer_is_masked_however_it_is_written():
    masker = Masker(known_of(CUSTOMER))
    masked = masker.mask("mara, lindqvist  MARA LINDQVIST at 418 Alder Street, 97205")
    assert not any(word in masked.casefold() for word in ("mara", "lindqvist", "alder", "97205"))
    assert "明" not in Masker(known_of(MING)).mask("李明您好，寄到缅街 38-12 号")
    assert Masker(known_of(CUSTOMER)).mask("The marathon shoes") == "The marathon shoes"
    assert known_of(None) == ()


def test_a_capitalised_word_that_is_not_the_shops_is_taken_for_a_name():
    ours = {"alder", "lamp", "visa"}
    masker = Masker((), lambda word: word in ours)
    assert (
        masker.mask("I told Krisztián Szöllösy about the Alder Lamp on Monday.")
        == "I told [name] about the Alder Lamp on Monday."
    )
    assert masker.mask("Unfortunately it broke.") == "Unfortunately it broke."


def test_of_a_masked_text_only_sentences_for_anybody_are_left():
    assert (
        without_private("Hi [name], hello. We do not engrave mugs. Your order [number] left. Best regards, [name]")
        == "We do not engrave mugs."
    )
    assert without_private("您好！我们不提供刻字。谢谢！") == "我们不提供刻字。"
    assert without_private("Hi [name]!") == ""
