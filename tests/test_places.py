"""Places for turns: first come, first served, never more than there are, and none lost."""

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from prometheus_client import REGISTRY

from assistant.errors import Busy, ModelStalled
from assistant.places import FIRST_GUESS_S, Places
from assistant.types import QueuedEvent

FAR = 1e9


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Shop:
    """Places on a clock of their own, and turns that take them."""

    def __init__(self, chats, queue):
        self.clock = Clock()
        self.places = Places(chats, queue, clock=self.clock)
        self.here = []  # a turn that nobody keeps is left

    def turn(self):
        stack = ExitStack()
        self.here.append(stack)
        return stack, stack.enter_context(self.places.taken())

    def speaking(self, seconds=None):
        """A turn that holds the model; with `seconds` it has come to its end."""
        stack, place = self.turn()
        assert list(self.places.wait(place, FAR)) == []
        if seconds is not None:
            self.clock.now += seconds
            stack.close()
        return stack

    def waiting(self, until=FAR):
        """A turn that waits, and its queue events."""
        stack, place = self.turn()
        events = self.places.wait(place, until)
        return stack, events, next(events)


def metric(name):
    return REGISTRY.get_sample_value(name) or 0.0


def test_a_free_model_is_had_at_once_and_asked_again_at_no_cost():
    shop = Shop(1, 1)
    stack, place = shop.turn()
    assert list(shop.places.wait(place, FAR)) == list(shop.places.wait(place, FAR)) == []
    assert place.waited_s == 0
    stack.close()


def test_those_who_wait_are_served_in_the_order_in_which_they_came():
    shop = Shop(1, 3)
    first = shop.speaking()
    queue = [shop.waiting() for _ in range(3)]
    assert [event.place for *_, event in queue] == [1, 2, 3]
    first.close()
    assert list(queue[0][1]) == [QueuedEvent(0, 0)]
    assert [next(events).place for _, events, _ in queue[1:]] == [1, 2]
    queue[0][0].close()
    assert list(queue[1][1]) == [QueuedEvent(0, 0)]
    assert next(queue[2][1]).place == 1


def test_whoever_leaves_the_queue_lets_the_others_move_up():
    shop = Shop(1, 3)
    speaking = shop.speaking()
    queue = [shop.waiting() for _ in range(3)]
    queue[0][0].close()
    assert [next(events).place for _, events, _ in queue[1:]] == [1, 2]
    speaking.close()
    assert list(queue[1][1]) == [QueuedEvent(0, 0)]


def test_a_place_that_came_while_its_turn_was_leaving_goes_to_the_next():
    shop = Shop(1, 2)
    speaking = shop.speaking()
    (gone, *_), (_, events, _) = shop.waiting(), shop.waiting()
    speaking.close()
    gone.close()
    assert list(events) == [QueuedEvent(0, 0)]


def test_a_turn_that_needs_no_model_waits_for_nobody():
    shop = Shop(1, 1)
    shop.speaking()
    stack, place = shop.turn()
    assert place.waited_s is None
    stack.close()
    shop.turn()


@pytest.mark.parametrize(("chats", "queue"), [(1, 0), (2, 3)])
def test_one_turn_more_than_there_are_places_is_refused_until_one_is_left(chats, queue):
    shop, refused = Shop(chats, queue), metric("aisle_turns_refused_total")
    stacks = [shop.turn()[0] for _ in range(chats + queue)]
    with pytest.raises(Busy), shop.places.taken():
        pass
    assert metric("aisle_turns_refused_total") == refused + 1
    stacks[0].close()
    shop.turn()


def test_the_expected_wait_is_that_of_recent_turns_by_place_and_side_by_side():
    shop = Shop(2, 8)
    for seconds in (8, 8, 12, 300, 10, 12):
        shop.speaking(seconds)
    for _ in range(2):
        shop.speaking()
    waits = [shop.waiting()[2] for _ in range(4)]
    assert waits == [QueuedEvent(1, 5), QueuedEvent(2, 10), QueuedEvent(3, 15), QueuedEvent(4, 20)]


def test_before_any_turn_has_ended_a_guess_stands_for_its_time():
    shop = Shop(1, 2)
    shop.speaking()
    assert shop.waiting()[2].expected_s == FIRST_GUESS_S


@pytest.mark.parametrize(("seconds", "retry_after_s"), [(0.001, 1), (7, 14), (4000, 120)])
def test_who_is_refused_is_told_when_those_here_will_be_done_within_bounds(seconds, retry_after_s):
    shop = Shop(1, 1)
    for _ in range(3):
        shop.speaking(seconds)
    shop.speaking()
    shop.waiting()
    with pytest.raises(Busy) as refused, shop.places.taken():
        pass
    assert refused.value.retry_after_s == retry_after_s


def test_nobody_waits_for_what_cannot_come_in_time():
    shop = Shop(1, 3)
    speaking = shop.speaking()
    with pytest.raises(ModelStalled, match="1 in the queue"):
        shop.waiting(until=FIRST_GUESS_S - 1)
    _, events, _ = shop.waiting(until=FIRST_GUESS_S + 1)
    shop.clock.now = 2
    with pytest.raises(ModelStalled):
        next(events)
    speaking.close()
    shop.speaking()


def test_the_gauges_tell_who_is_answered_and_who_waits():
    gc.collect()  # turns of other tests that nobody ended
    running, waiting = metric("aisle_turns_running"), metric("aisle_turns_waiting")
    shop = Shop(1, 3)
    stacks = [shop.speaking(), shop.turn()[0], shop.waiting()[0]]
    assert (metric("aisle_turns_running"), metric("aisle_turns_waiting")) == (running + 2, waiting + 1)
    for stack in stacks:
        stack.close()
    assert (metric("aisle_turns_running"), metric("aisle_turns_waiting")) == (running, waiting)


def test_fifty_threads_never_hold_more_than_there_are_and_leave_nothing_behind():
    places, lock = Places(3, 20), threading.Lock()
    holding, most, served, refused = 0, 0, 0, 0

    def shopper(number):
        nonlocal holding, most, served, refused
        try:
            with places.taken() as place:
                for n, _ in enumerate(places.wait(place, time.monotonic() + 60)):
                    if number % 7 == 0 and n == 1:
                        return  # leaves while waiting
                with lock:
                    holding += 1
                    most = max(most, holding)
                time.sleep(0.002)
                with lock:
                    holding -= 1
                    served += 1
        except Busy:
            with lock:
                refused += 1

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(shopper, range(200)))
    assert 0 < most <= 3
    assert served > 20
    assert served + refused <= 200
    with ExitStack() as stack:
        taken = [stack.enter_context(places.taken()) for _ in range(23)]
        assert [list(places.wait(place, FAR)) for place in taken[:3]] == [[]] * 3
        assert next(places.wait(taken[3], FAR)).place == 1
        with pytest.raises(Busy), places.taken():
            pass
