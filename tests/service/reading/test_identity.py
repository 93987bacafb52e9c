"""Who somebody says they are."""

import pytest

from assistant.service.reading import hear


def claimed(text, asked=None):
    found = hear(text, "en", asked=asked, order_pattern=r"LL-\d{5}").claimed
    return found.first_name, found.last_name, found.postcode, found.email


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("My name is Odile Marchetti and my zip code is 97201.", ("Odile", "Marchetti", "97201", "")),
        ("I'm Odile Marchetti from Portland, 97201", ("Odile", "Marchetti", "97201", "")),
        ("hi, my name is odile marchetti", ("odile", "marchetti", "", "")),
        ("First name is Odile, last name Marchetti, postcode 97201", ("Odile", "Marchetti", "97201", "")),
        ("it's odile@marchetti.example", ("", "", "", "odile@marchetti.example")),
        ("我叫王小雨，邮编200031", ("小雨", "王", "200031", "")),
        ("我是欧阳明，邮箱 ming@ouyang.example", ("明", "欧阳", "", "ming@ouyang.example")),
    ],
)
def test_a_name_a_postcode_and_an_email_are_read(text, who):
    assert claimed(text) == who


def test_a_bare_name_or_postcode_counts_where_it_was_asked_for():
    assert claimed("Odile Marchetti, 97201", "identity")[:3] == ("Odile", "Marchetti", "97201")
    assert claimed("Odile Marchetti, 97201")[:3] == ("", "", "")
    assert claimed("Sorry, I mistyped. It should be 97202", "identity")[2] == "97202"


@pytest.mark.parametrize(
    "text",
    [
        "I'm looking for my parcel",
        "I'm so sorry",
        "it's still broken",
        "I don't have the number",
        "I believe it's LL-10002",
        "I am not sure",
    ],
)
def test_other_sentences_of_i_am_are_no_name(text):
    assert claimed(text, "identity")[:2] == ("", "")


def test_the_postcode_of_a_new_address_is_not_taken_for_theirs():
    text = "My name is Odile Marchetti, zip 97201. Change my default address to 1 Fig Road, Salem, OR 97301."
    assert claimed(text)[2] == "97201"


def test_the_first_order_number_is_claimed_with_an_email():
    found = hear("odile@marchetti.example, order LL-10002", "en", order_pattern=r"LL-\d{5}").claimed
    assert (found.email, found.order_id) == ("odile@marchetti.example", "LL-10002")
