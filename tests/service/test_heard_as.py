"""Which messages are for the service of orders where nobody but people looks after them, and which are wishes."""

from datetime import UTC, datetime

import pytest

from assistant.context import Context, Understanding
from assistant.sense import Sensed
from assistant.service.hours import Hours
from assistant.service.replies import ServiceReplies
from assistant.types import Need
from catalog import Constraint

REPLIES = ServiceReplies(None, None, Hours(), lambda: 0, lambda *about: {}, lambda: datetime(2026, 11, 1, tzinfo=UTC))


def intent(message, probability=0.95, kind=None):
    """What a message of a meaning is taken for that was read to ask for a kind of product, if for any."""
    sensed = Sensed("service", probability, "policy", 1 - probability)
    need = Need("", None, (Constraint("type", "contains", (kind,)),)) if kind else Need()
    return REPLIES.intent(message, Context(Need(), (), None), Understanding("search", need, "en"), sensed)


@pytest.mark.parametrize("message", ["where is it now", "the lamp I bought is broken", "please cancel order 12"])
def test_what_is_plainly_service_is(message):
    assert intent(message) == "service"


@pytest.mark.parametrize(
    "message", ["my old wallet gave out on me, so I'm after a new one", "我那个坏了，想换个牵引绳"]
)
def test_a_wish_that_speaks_of_no_order_is_none_however_it_sounds(message):
    assert intent(message) is None
    assert intent("gone for good", kind="lamp") is None


@pytest.mark.parametrize(("probability", "found"), [(0.95, "service"), (0.7, None)])
def test_a_wish_that_speaks_of_an_order_is_service_where_that_is_certain(probability, found):
    assert intent("a refund for the lamp I ordered", probability, kind="lamp") == found
