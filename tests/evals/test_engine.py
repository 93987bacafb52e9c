"""The engine evaluation counts what engines do, and draws it."""

import time
from pathlib import Path
from typing import Any

import pytest

from assistant.model import Message
from evals import engine, plots


def _say(messages: Any, tokens: int, seen: Any) -> tuple[str, int]:
    for _ in range(tokens):
        seen()
    return messages[-1].content.upper(), tokens


def test_answers_come_back_in_the_order_of_asking_with_their_tokens() -> None:
    asked = [[Message("user", word)] for word in ("a", "b", "c")]
    found = engine._together(_say, asked, tokens=5)
    assert [one.text for one in found["answers"]] == ["A", "B", "C"]
    assert found["chats"] == 3
    assert found["tokens_per_s"] * found["took_s"] == pytest.approx(15)
    assert all(0 <= one.first_s <= one.end_s <= found["took_s"] for one in found["answers"])


def test_one_by_one_means_that_nobody_is_asked_before_the_last_has_ended() -> None:
    under_way: list[int] = []

    def alone(messages: Any, tokens: int, seen: Any) -> tuple[str, int]:
        under_way.append(1)
        time.sleep(0.005)
        assert sum(under_way) == 1
        under_way.pop()
        return "", 0

    engine._together(alone, [[Message("user", "x")]] * 4, one_by_one=True)
    assert under_way == []


def test_prompts_share_their_system_text_and_nothing_after_it() -> None:
    asked = list(engine._prompts(16))
    assert len({one[0].content for one in asked}) == 1
    assert len({one[1].content for one in asked}) == 16
    new = engine._new(asked, 8)
    assert len(new) == 8
    assert not {one[1].content for one in new} & {one[1].content for one in engine._new(asked, 16)}


def test_the_report_says_how_ours_compares_and_is_drawn(tmp_path: Path) -> None:
    def many(chats: int, speed: float) -> dict[str, Any]:
        waits = {"first_p50_s": 1.0, "first_p95_s": 2.0, "took_s": 4.0}
        return {"chats": chats, "tokens_per_s": speed, "same": [True, False], **waits}

    found = {
        "first_token": {"cold_s": 4.0, "warm_s": 1.0},
        "many": [many(1, 10.0), many(8, 30.0)],
        "plain": {"many": [many(1, 5.0), many(8, 10.0)]},
        "reading_8_s": 4.0,
        "cancel_ms": 90.0,
        "peak_mb": 3000.0,
        "soak": {"rounds": 2, "answered": 24, "wanted": 24, "stuck": 0, "memory_growth": 0.01},
    }
    report = {"nf4": found, "gguf": found}
    text = engine.table(report)
    assert "- nf4: first token 1.00 s warm, 4.00 s cold: 0.25" in text
    assert "eight chats 3.00 times the plain tokens a second; one chat 2.00" in text
    assert "p95 of eight first tokens 0.50 of reading the eight one by one" in text
    assert "24 of 24 answered, 0 stuck, memory +1.0 %" in text
    plots.engine(report, tmp_path / "engine.svg")
    assert (tmp_path / "engine.svg").read_text().startswith("<?xml")


@pytest.mark.real
def test_scale_is_drawn_even_where_nothing_was_imported_again(tmp_path: Path) -> None:
    searches = [{"share": share, "p50_ms": 1.0, "p95_ms": 2.0, "p99_ms": 3.0, "recall@10": 1.0} for share in (1.0, 0.1)]
    size = {"memory_mb": 900, "disk_mb": {"index": 1.0}, "unchanged_s": 2.0, "searches": searches}
    plots.scale({"sizes": [{"products": n, **size} for n in (2_500, 25_000)]}, tmp_path / "scale.svg")
    assert (tmp_path / "scale.svg").read_text().startswith("<?xml")
