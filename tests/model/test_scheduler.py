"""Many chats on one model: each gets its own answer, none waits for another's, and who leaves is gone."""

import random
import threading

import pytest

from assistant.errors import ModelError
from assistant.model.request import Usage
from assistant.model.scheduler import Chat, Scheduler
from tests.model.counting import VOCABULARY, Counting, Repeating, answer

MEMORY = 100_000


@pytest.fixture
def model():
    return Counting()


@pytest.fixture
def started():
    """Makes schedulers and closes them."""
    made: list[Scheduler] = []

    def start(model, *, chats=3, memory=MEMORY, piece=8) -> Scheduler:
        made.append(Scheduler(model, chats=chats, memory=memory, piece=piece))
        return made[-1]

    yield start
    for scheduler in made:
        scheduler.close()


def chat(prompt, count=6, *, ends=(), temperature=0.0, grammar=None):
    return Chat(list(prompt), count, temperature, frozenset(ends), Usage(), threading.Event(), grammar)


def said(one: Chat) -> list[int]:
    return [token for tokens in one.tokens() for token in tokens]


def test_every_chat_gets_the_answer_it_would_get_alone(model, started):
    scheduler = started(model)
    rng = random.Random(1)
    beginnings = [[rng.randrange(VOCABULARY) for _ in range(n)] for n in (5, 30, 0)]
    prompts = [
        rng.choice(beginnings) + [rng.randrange(VOCABULARY) for _ in range(rng.randint(1, 40))] for _ in range(60)
    ]
    counts = [rng.randint(1, 30) for _ in prompts]
    chats = [scheduler.submit(chat(prompt, count)) for prompt, count in zip(prompts, counts, strict=True)]
    for one, prompt, count in zip(chats, prompts, counts, strict=True):
        assert said(one) == answer(prompt, count)
    assert max(len(parts) for parts in model.passes) == 3
    assert sum(one.usage.cached_tokens for one in chats) > 200


def test_an_answer_ends_at_its_end_token(model, started):
    wanted = answer([3, 4], 9)
    assert said(started(model).submit(chat([3, 4], 9, ends={wanted[5]}))) == wanted[: wanted.index(wanted[5])]


def test_a_long_prompt_stops_nobody_from_speaking(model, started):
    scheduler = started(model)
    model.gate.clear()
    speaking = scheduler.submit(chat([1, 2], 20))
    scheduler.submit(chat(range(90), 2))
    model.gate.set()
    assert said(speaking) == answer([1, 2], 20)
    with_both = [parts for parts in model.passes if len(parts) == 2]
    assert len(with_both) >= 10
    assert all(sum(parts) <= 8 for parts in with_both)


def test_prompts_are_read_in_the_order_of_asking(model, started):
    scheduler = started(model)
    model.gate.clear()
    chats = [scheduler.submit(chat([n] * 20, 1)) for n in (5, 6, 7)]
    model.gate.set()
    assert [len(said(one)) for one in chats] == [1, 1, 1]
    assert model.tokens == [5] * 20 + [6] * 20 + [7] * 20
    assert max(sum(parts) for parts in model.passes) == 8


def test_what_was_read_is_not_read_again(model, started):
    scheduler = started(model)
    first = scheduler.submit(chat(range(40), 5))
    assert said(first) == answer(list(range(40)), 5)
    again = scheduler.submit(chat([*range(40), *answer(list(range(40)), 5), 9, 9], 5))
    assert said(again) == answer([*range(40), *answer(list(range(40)), 5), 9, 9], 5)
    assert (first.usage.cached_tokens, again.usage.cached_tokens) == (0, 44)


def test_a_pinned_beginning_is_kept_when_others_go(model, started):
    scheduler = started(model, memory=2_000)
    scheduler.pin(list(range(50)))
    for n in range(12):
        assert said(scheduler.submit(chat([90, n] * 10, 4))) == answer([90, n] * 10, 4)
    one = scheduler.submit(chat([*range(50), 4], 3))
    assert said(one) == answer([*range(50), 4], 3)
    assert one.usage.cached_tokens == 50
    assert scheduler.prefixes.bytes <= 2_000


def test_who_leaves_is_dropped_before_the_next_pass(model, started):
    scheduler = started(model, chats=1)
    model.gate.clear()
    leaving, waiting, next_one = (scheduler.submit(chat([n], 500)) for n in (3, 4, 5))
    waiting.cancelled.set()
    leaving.cancelled.set()
    next_one.max_tokens = 3
    model.gate.set()
    assert said(waiting) == []
    assert len(said(leaving)) <= 5
    assert said(next_one) == answer([5], 3)


def test_a_chat_waits_until_there_is_memory_for_it(model, started):
    scheduler = started(model, chats=8, memory=1_000)
    chats = [scheduler.submit(chat([n] * 30, 6)) for n in range(6)]
    for n, one in enumerate(chats):
        assert said(one) == answer([n] * 30, 6)
    assert max(len(parts) for parts in model.passes) == 2


def test_a_prompt_that_can_never_be_held_is_refused(model, started):
    with pytest.raises(ModelError, match=r"the prompt has 200 tokens; the model takes 94"):
        started(model, memory=1_000).submit(chat(range(200), 6))


def test_a_failing_pass_fails_its_chats_and_no_later_one(model, started):
    scheduler = started(model)
    model.failures = 1
    with pytest.raises(ModelError, match="out of memory"):
        said(scheduler.submit(chat([1, 2], 4)))
    assert said(scheduler.submit(chat([1, 2], 4))) == answer([1, 2], 4)


def test_a_chat_that_repeats_itself_takes_fewer_passes(started):
    model = Repeating()
    one = started(model).submit(chat([*range(7), 0], 40))
    assert said(one) == [(1 + n) % 7 for n in range(40)]
    assert len(model.passes) < 15


def test_what_is_offered_changes_no_answer_and_no_length(model, started):
    scheduler = started(model)
    for count in range(1, 12):
        prompt = [1, 2, 3, 1, 2, 3, 1, 2]
        assert said(scheduler.submit(chat(prompt, count))) == answer(prompt, count)
        assert said(started(Repeating()).submit(chat([*range(7), 0], count))) == [(1 + n) % 7 for n in range(count)]


class Forcing:
    """Allows even tokens; after each, 11 and 13 can only follow. Nothing follows the third."""

    def __init__(self):
        self.taken = 0

    @property
    def finished(self):
        return self.taken == 3

    def allow(self, logits):
        logits = logits.copy()
        logits[::2] += 1
        logits[1::2] = -1
        return logits

    def take(self, token):
        assert token % 2 == 0
        self.taken += 1
        return [11, 13]


def test_tokens_that_can_only_follow_are_not_asked_for(model, started):
    answered = said(started(model).submit(chat([1], 40, grammar=Forcing())))
    assert len(answered) == 9 and answered[1::3] == [11] * 3 and answered[2::3] == [13] * 3
    assert len(model.passes) == 3


def test_nothing_is_taken_after_the_end(model, started):
    scheduler = started(model)
    scheduler.close()
    with pytest.raises(ModelError, match="closed"):
        scheduler.submit(chat([1]))
