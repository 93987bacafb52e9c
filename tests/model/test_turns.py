"""Several calls on one model: each moves on by a step in turn."""

import threading

from assistant.model.transformers_engine import _Turns


def test_calls_take_turns_in_the_order_of_asking():
    turns, order, begun = _Turns(), [], threading.Barrier(3)

    def decode(name):
        begun.wait(5)
        with turns:
            for _ in range(20):
                order.append(name)
                turns.pass_on()

    calls = [threading.Thread(target=decode, args=(name,)) for name in "abc"]
    with turns:
        for call in calls:
            call.start()
        while turns._asked < 4:  # all three wait for the first step
            pass
    for call in calls:
        call.join(5)
    assert order == order[:3] * 20
    assert sorted(order[:3]) == ["a", "b", "c"]


def test_a_call_that_fails_lets_the_others_go_on():
    turns = _Turns()
    try:
        with turns:
            raise RuntimeError("no memory")
    except RuntimeError:
        pass
    with turns:
        pass
