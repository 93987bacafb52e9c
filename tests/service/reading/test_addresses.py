"""Addresses in a message, whole and in part, and whose they are."""

import pytest

from assistant.service.reading import address_meant, completed, hear
from assistant.service.reading.addresses import address_in
from assistant.service.types import Address
from tests.service.reading import things

SHOP = r"LL-\d{5}"


def wish(text):
    return hear(text, "en", order_pattern=SHOP).wishes[0]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "12 Larch Street, Apt 4, Salem, OR 97301, USA",
            Address("12 Larch Street", "Apt 4", "Salem", "OR", "USA", "97301"),
        ),
        ("send it to 7 Mill Rd, Dover, Delaware 19901 please", Address("7 Mill Rd", "", "Dover", "DE", "", "19901")),
        ("3 Cherry Close, Leeds LS1 4AP, UK", Address("3 Cherry Close", "", "Leeds", "", "UK", "LS1 4AP")),
        ("改成江苏省南京市鼓楼区中山路66号3栋501室", Address("鼓楼区中山路66号", "3栋501室", "南京市", "江苏省")),
    ],
)
def test_an_address_falls_into_its_fields(text, address):
    assert address_in(text) == address


@pytest.mark.parametrize("text", ["I waited 5 days for the drive", "two way radio", "the rug is 2 m wide", "我买了3个"])
def test_other_numbers_are_no_address(text):
    assert address_in(text) is None


def test_a_part_of_an_address_completes_the_one_before():
    before = things.CABIN
    assert completed(address_in("it should be Flat 3"), before).line2 == "Flat 3"
    assert completed(address_in("make it 91 Birch Road"), before) == Address(
        "91 Birch Road", "Flat 2", *before_rest(before)
    )
    assert completed(address_in("5 Elm Street, Salem, OR 97301"), before).line2 == ""


def before_rest(address):
    return address.city, address.region, address.country, address.postcode


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please change the address of order LL-10003 to 1 Fig Road, Salem, OR 97301", "change_address"),
        ("Ship LL-10003 to 1 Fig Road, Salem, OR 97301 instead", "change_address"),
        ("update my default address to 1 Fig Road, Salem, OR 97301", "change_customer_address"),
        ("把订单LL-10003的收货地址改成上海市徐汇区天平路5号", "change_address"),
        ("把我的默认地址改成上海市徐汇区天平路5号", "change_customer_address"),
    ],
)
def test_whose_address_is_to_change_is_told_apart(text, kind):
    assert wish(text).kind == kind
    assert wish(text).address.line1


def test_a_known_address_is_found_by_what_is_said_of_it():
    home = wish("change the address of LL-10002 to my home address")
    assert address_meant(home, things.CUSTOMER, things.ORDERS) == (things.HOME,)
    other = wish("the address for order LL-10003 should be changed to be the same as order LL-10002")
    assert (other.order_ids, other.address_from) == (("LL-10003",), "LL-10002")
    assert address_meant(other, things.CUSTOMER, things.ORDERS) == (things.CABIN,)
    town = wish("change the delivery address of LL-10003 to my Bergen Falls address")
    assert address_meant(town, things.CUSTOMER, things.ORDERS) == (things.CABIN,)


def test_an_address_for_the_order_and_the_profile_is_for_both():
    said = wish("Change my default address and the address of order LL-10003 to 1 Fig Road, Salem, OR 97301")
    assert said.address_of == "both"
    assert said.order_ids == ("LL-10003",)
