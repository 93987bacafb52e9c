"""An engine without weights and servers without a model, for the real seams."""

import threading
from collections.abc import Iterable, Iterator, Sequence

import pytest

from assistant.model import ChatModel, GenerationRequest, Message, ModelIdentity
from tests.model.stand_in import StandIn


class FakeEngine:
    """Says `answers` in turn, a piece at a time, and waits on `gate` before every piece after the first `free`."""

    def __init__(self, *answers: list[str], constrains: bool = True, free: int = 10_000) -> None:
        self.answers = list(answers)
        self.constrains = constrains
        self.free = free
        self.gate = threading.Event()
        self.left = threading.Event()
        self.asked: list[list[Message]] = []
        self.requests: list[GenerationRequest] = []
        self.identity = ModelIdentity("fake", "none", "1")

    def generate(self, messages: Sequence[Message], request: GenerationRequest) -> Iterator[str]:
        self.asked.append(list(messages))
        self.requests.append(request)
        try:
            for n, piece in enumerate(self.answers.pop(0)):
                while n >= self.free and not self.gate.wait(0.005):
                    if request.cancelled.is_set():
                        return
                yield piece
        finally:
            self.left.set()

    def warm(self, system_texts: Sequence[str]) -> None:
        self.warmed = list(system_texts)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def fake_model():
    def make(*answers: list[str], **options: object) -> ChatModel:
        return ChatModel(engine=FakeEngine(*answers, **options), stall_timeout_s=5)

    return make


@pytest.fixture
def stand_in():
    made = []

    def make(*answers: Iterable[str], **faults: object) -> StandIn:
        made.append(StandIn(*answers))
        for name, value in faults.items():
            setattr(made[-1], name, value)
        return made[-1]

    yield make
    for server in made:
        server.close()
