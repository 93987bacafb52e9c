"""Writes turns and ratings from several threads until it is killed, saying so after each call that returned."""

import sys
import threading

from assistant.record import Record
from assistant.types import Utterance
from tests.record.conversation import slate, turn

_saying = threading.Lock()


def say(*words: str) -> None:
    with _saying:
        print(*words, flush=True)


def talk(record: Record, name: str) -> None:
    session_id = None
    while True:
        opened = record.open_turn(Utterance(f"from {name}"), "en", session_id=session_id)
        session_id = opened.session_id
        say("said", session_id, opened.turn_id)
        record.show(opened.turn_id, slate("a", "b"))
        say("shown", session_id, opened.turn_id)
        record.close_turn(turn(opened.turn_id, session_id, f"from {name}"))
        say("closed", session_id, opened.turn_id)
        record.rate(opened.turn_id, "stars", 5)
        say("rated", session_id, opened.turn_id)


if __name__ == "__main__":
    shared = Record(sys.argv[1])
    for each in range(4):
        threading.Thread(target=talk, args=(shared, f"thread {each}")).start()
