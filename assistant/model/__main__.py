"""Prepares the model (`prepare`) or says one sentence through it (`check`): python -m assistant.model COMMAND."""

import argparse
import sys
import time

from assistant.errors import AssistantError
from assistant.model import ChatModel, load_model
from assistant.settings import Settings


def main() -> int:
    """Run one command; 0 when the model is ready, 1 with one line otherwise."""
    parser = argparse.ArgumentParser(prog="python -m assistant.model", description="The language model.")
    parser.add_argument(
        "command", choices=("prepare", "check"), help="prepare: fetch and load; check: also say a sentence"
    )
    command = parser.parse_args().command
    try:
        _run(command)
    except AssistantError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _run(command: str) -> None:
    started = time.perf_counter()
    model = load_model(Settings(), progress=lambda line: print(line, file=sys.stderr, flush=True))
    is_ = model.identity
    print(f"{is_.name}, {is_.quantisation}, {is_.revision}: ready in {time.perf_counter() - started:.1f} s")
    if command == "check":
        _say_a_sentence(model)
    model.close()


def _say_a_sentence(model: ChatModel) -> None:
    asked = time.perf_counter()
    times = []
    for chunk in model.stream("Greet a shopper in one short sentence.", max_tokens=48):
        print(chunk.text, end="", flush=True)
        if chunk.text:
            times.append(time.perf_counter())
    print()
    if len(times) > 1:
        pieces_s = (len(times) - 1) / (times[-1] - times[0])
        print(f"first token after {(times[0] - asked) * 1000:.0f} ms, then {pieces_s:.1f} tokens/s")


if __name__ == "__main__":
    sys.exit(main())
