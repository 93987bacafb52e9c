"""Which line of the orders is meant by a title's word, another name, an option or a price."""

import pytest

from assistant.service.reading import ItemSaid, lines_meant
from tests.service.reading import things


def meant(said, orders=things.ORDERS):
    return [(one.order.id, one.line.number) for one in lines_meant(said, orders)]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("the rug", ("LL-10003", 1)),
        ("my carpet", ("LL-10003", 1)),
        ("that teapot I bought", ("LL-10002", 1)),
        ("rain jackets", ("LL-10002", 2)),
        ("raincoat jacket", ("LL-10002", 2)),
        ("the white mug", ("LL-10002", 4)),
        ("the cheaper mug", ("LL-10002", 3)),
        ("the mug that costs more", ("LL-10002", 4)),
        ("ice-skates", ("LL-10001", 1)),
        ("the teal one", ("LL-10003", 1)),
        ("the most expensive item", ("LL-10003", 1)),
        ("地毯", ("LL-10003", 1)),
        ("茶壶", ("LL-10002", 1)),
        ("夹克", ("LL-10002", 2)),
        ("白色的马克杯", ("LL-10002", 4)),
    ],
)
def test_a_line_is_found_by_how_customers_call_it(said, line):
    assert meant(said) == [line]


def test_lines_that_fit_as_well_are_all_returned():
    assert meant("a mug") == [("LL-10002", 3), ("LL-10002", 4)]


def test_everything_means_every_line():
    assert len(meant("everything", [things.MIDDLE])) == 4


def test_what_was_never_bought_is_not_found():
    assert meant("the violin") == []
    assert meant("自行车") == []


def test_it_is_what_its_wish_names():
    assert meant(ItemSaid("", wanted="a bigger teapot")) == [("LL-10002", 1)]


def test_a_denied_option_speaks_against_a_line():
    assert meant("the mug that is not blue") == [("LL-10002", 4)]
