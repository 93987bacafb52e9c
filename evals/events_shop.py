"""A shop to be told of events, in a process of its own: `python -m evals.events_shop RECORD_URL PORT FOLDER`.

Turns are real but for the model's words, over part of the demo shop; what is told is counted for the figures meanwhile.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from assistant.insight.keeper import Keeper
from assistant.model import ChatModel
from assistant.pipeline import Assistant
from assistant.record import Record
from assistant.settings import Settings
from assistant.web import Shop, create_app
from assistant.web.tokens import Tokens, read_secret
from assistant.writer import Writer
from catalog import load_embedder
from evals.catalogues import opened
from evals.dialogue import Silent

_DEMO = Path(__file__).parents[1] / "catalog" / "demo" / "products"
_FILES = ("lighting", "coffee", "toys")
_COUNTED_EVERY_S = 1.0


def main(record_url: str, port: int, folder: Path) -> None:
    """Serve until killed; the tokens of turns hold for the next process too."""
    settings = Settings(home=folder, record_url=record_url)  # type: ignore[call-arg]
    record = Record(settings.record_database)
    writer = Writer(ChatModel(engine=Silent()), stall_timeout_s=5)
    with opened(_rows(), folder / "catalog", load_embedder("packaged")) as catalog:
        assistant = Assistant(catalog, record, writer, settings, model="none", quantisation="none")
        shop = Shop(assistant, catalog, record, settings, lambda: True, tokens=Tokens(read_secret(settings)))
        threading.Thread(target=_count, args=(Keeper(record.engine, _now),), daemon=True).start()
        uvicorn.run(create_app(shop), host="127.0.0.1", port=port, log_level="warning")


def _rows() -> Iterator[dict[str, Any]]:
    for name in _FILES:
        yield from map(json.loads, (_DEMO / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())


def _count(keeper: Keeper) -> None:
    while True:
        keeper.catch_up()
        time.sleep(_COUNTED_EVERY_S)


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
