"""Writes turns, ratings and events from several threads until it is killed, saying so after each call that returned."""

import os
import sys
import threading
import traceback

from assistant.record import Deed, Record
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
        deeds = [Deed(opened.turn_id, id, "click", key=f"{opened.turn_id} {id}") for id in ("a", "b", "a")]
        record.events(deeds)
        say("clicked", session_id, opened.turn_id)
        record.seen(opened.turn_id, [("a", 1_000)])
        say("seen", session_id, opened.turn_id)


def fail(told: threading.ExceptHookArgs) -> None:
    """One thread that cannot write ends the process: it is not to look as if it had been killed."""
    traceback.print_exception(told.exc_type, told.exc_value, told.exc_traceback)
    os._exit(1)


if __name__ == "__main__":
    threading.excepthook = fail
    shared = Record(sys.argv[1])
    for each in range(4):
        threading.Thread(target=talk, args=(shared, f"thread {each}")).start()
