"""The shopper's page before any browser sees it: words, escaping, the accent, and what Gradio is told."""

import asyncio
import json
import re
import threading
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient

import assistant.web
from assistant.settings import Settings
from assistant.types import QueuedEvent
from assistant.web.calls import Calls
from assistant.web.colour import accent, contrast
from assistant.web.opening import body, head
from assistant.web.page import _blocks, answer
from assistant.web.text import TEXTS
from tests.web.conftest import Counter, build
from tests.web.fakes import demo_products, evil

STATIC = Path(assistant.web.__file__).parent / "static"


def scripts() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in [*STATIC.glob("*.js"), STATIC / "shell.html"])


def told(counter: Counter, **said: Any) -> list[dict[str, Any]]:
    async def gather() -> list[dict[str, Any]]:
        return [payload async for payload in answer(counter.shop, anyio.CapacityLimiter(2), {"ticket": 1, **said})]

    return asyncio.run(gather())


def test_every_text_is_complete_in_both_languages() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh"])
    for key, english in TEXTS["en"].items():
        chinese = TEXTS["zh"][key]
        assert english.strip()
        assert chinese.strip()
        if not key.endswith("_one"):
            assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), key


def test_every_text_that_the_scripts_ask_for_exists() -> None:
    source = scripts()
    asked = set(re.findall(r'data-t(?:-label|-placeholder|-title)?="(\w+)"', source))
    asked |= set(re.findall(r'\b(?:say|tell|placeholder|part|waitFor)\((?:\w+, )?"(\w+)"', source))
    asked |= set(re.findall(r'\b(?:put|label)\((?:[^;\n]*?\)|\w+), "(\w+)"', source))
    assert len(asked) > 50
    assert asked <= set(TEXTS["en"])


def test_no_text_is_left_unused() -> None:
    source = scripts()
    composed = ("op_", "reason_", "source_", "busy", "refused", "variety_", "face_", "rate_")
    keys = [key for key in TEXTS["en"] if not key.endswith("_one") and not key.startswith(composed)]
    assert [key for key in keys if f'"{key}"' not in source] == []


def test_scripts_never_write_markup() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", scripts())


def test_document_holds_the_page_and_no_other_host(client: TestClient) -> None:
    document = client.get("/").text
    assert '<textarea id="aisle-ask"' in document
    assert "<title>Linden &amp; Lark</title>" in document
    assert "og:image" not in document
    loaded = re.findall(r'(?:src|href)="(https?://[^"]+)"', document)
    assert not loaded


def test_shop_name_and_line_cannot_become_markup() -> None:
    settings = Settings(shop_name='<img src=x onerror="a()">', shop_line="</script><script>a()</script>")  # type: ignore[call-arg]
    document = head(settings) + body(settings)
    assert "<img src=x" not in document
    assert "</script><script>a()" not in document


@pytest.mark.parametrize("colour", ["#1f6f5c", "#ffe066", "#000000", "#ffffff", "#e4572e", "#5b8def"])
@pytest.mark.parametrize(("ground", "dark"), [("#faf9f6", False), ("#1f2321", True)])
def test_any_accent_is_readable_in_both_themes(colour: str, ground: str, dark: bool) -> None:
    made = accent(colour, ground, dark=dark)
    assert contrast(made.fill, made.on_fill) >= 4.5
    assert contrast(made.ink, ground) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_ink_of_the_theme_meets_aa(name: str) -> None:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    block = css.split(":root {")[1] if name == "light" else css.split('data-theme="dark"] {')[1]
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block.split("}")[0]))
    for ground in ("ground", "paper", "sunk"):
        for ink in ("ink", "muted", "warn"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["edge"], colours[ground]) >= 3.0, ground
    assert contrast(colours["ink"], colours["mark"]) >= 4.5


def test_both_dark_themes_are_the_same() -> None:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    blocks = [re.findall(r"--\w+: [^;]+;", block.split("}")[0]) for block in re.split(r":root[^{]*\{", css)[2:4]]
    assert blocks[0] == blocks[1]


def test_every_payload_holds_the_whole_turn_so_far(counter: Counter) -> None:
    payloads = told(counter, message="a lamp")
    names = [[event["name"] for event in payload["events"]] for payload in payloads]
    assert names[0] == ["need"]
    assert names[-1] == ["need", "slate", "sentence", "sentence", "sentence", "done"]
    assert all(payload["ticket"] == 1 for payload in payloads)
    assert json.dumps(payloads)


def test_payload_tells_only_where_in_the_queue_the_turn_is_now(counter: Counter) -> None:
    counter.assistant.queued = QueuedEvent(3, 17)
    threading.Timer(0.2, setattr, (counter.assistant, "queued", QueuedEvent(0, 0))).start()
    payloads = told(counter, message="a queue")
    places = [payload["queued"] and payload["queued"]["place"] for payload in payloads]
    assert places == [None, None, None, 3, 0, None, None, None]
    assert [event["name"] for event in payloads[-1]["events"]][:2] == ["need", "slate"]
    assert not any(event["name"] == "queued" for event in payloads[-1]["events"])


def test_leaving_the_queue_closes_the_turn(counter: Counter) -> None:
    counter.assistant.queued = QueuedEvent(3, 17)

    async def leave() -> None:
        turn = answer(counter.shop, anyio.CapacityLimiter(2), {"message": "a queue", "ticket": 1})
        async for payload in turn:
            if payload["queued"]:
                break
        with anyio.move_on_after(0.2):  # the place stays the same: nothing is told
            await anext(turn)
        await turn.aclose()

    asyncio.run(leave())
    assert counter.assistant.closed == 1


def test_gradio_takes_more_turns_in_than_there_are_places(counter: Counter) -> None:
    page = _blocks(build(demo_products("lighting"), chats=8, queue=60).shop, anyio.CapacityLimiter(2))
    assert page._queue.max_thread_count > 68
    (send, *_) = [fn for fn in page.fns.values() if fn.queue]
    assert send.concurrency_limit is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"message": "a crowd"}, "busy"),
        ({"message": "hi", "session_id": "nobody"}, "forgotten"),
        ({"message": "\ud800"}, "refused"),
        ({"message": None}, "refused"),
        ({}, "refused"),
        ({"message": "explode"}, "failed"),
    ],
)
def test_page_is_told_what_went_wrong(counter: Counter, said: dict[str, Any], key: str) -> None:
    assert told(counter, **said)[-1]["error"]["key"] == key
    assert key in TEXTS["en"]


def test_leaving_a_turn_closes_it(counter: Counter) -> None:
    async def leave() -> None:
        turn = answer(counter.shop, anyio.CapacityLimiter(2), {"message": "a lamp", "ticket": 1})
        await anext(turn)
        await turn.aclose()

    asyncio.run(leave())
    assert counter.assistant.closed == 1


def calls(counter: Counter) -> dict[str, Any]:
    return {call.__name__: call for call in Calls(counter.shop).functions()}


def test_welcome_shows_openers_and_well_liked_products(counter: Counter) -> None:
    hello = calls(counter)["hello"](None)
    assert hello["ok"]
    assert len(hello["openers"]["zh"]) == 4
    assert {p["category"] for p in hello["picks"]["en"]} == {"Lighting", "Coffee & Tea"}
    assert all(p["in_stock"] for p in hello["picks"]["en"])
    assert hello["terms"]["matte black"] == "哑光黑"


def test_closed_shop_has_no_welcome_yet(counter: Counter) -> None:
    counter.open = False
    assert calls(counter)["hello"]() == {"ok": False}


def test_forgotten_session_is_said_to_be_so(counter: Counter) -> None:
    assert calls(counter)["hello"]("nobody")["known"] is False
    assert calls(counter)["hello"]({"odd": 1})["known"] is True


def test_listings_and_policies_answer_any_question(counter: Counter) -> None:
    found = calls(counter)
    assert found["listings"]({"ids": ["lig-01", 7, None, "none"], "locale": "zh"})["listings"][0]["locale"] == "zh"
    assert found["listings"]("odd") == {"ok": True, "listings": []}
    assert found["policy"]("within 30 days")["title"] == "Returns"
    assert found["policy"](None)["ok"] is False


def test_beside_a_listing_stands_what_is_like_it_and_what_was_bought_with_it_all_in_stock(counter: Counter) -> None:
    gone = next(p for p in counter.catalog if not p.in_stock)
    counter.record.together = {"lig-01": ((gone.id, 9), ("lig-03", 3), ("unknown", 2), ("lig-02", 2))}
    beside = calls(counter)["beside"]({"id": "lig-01", "locale": "zh"})
    assert [p["product_id"] for p in beside["together"]] == ["lig-03", "lig-02"]
    assert len(beside["similar"]) == 4
    assert all(p["in_stock"] and p["product_id"] != "lig-01" for p in beside["similar"])
    assert beside["similar"][0]["category"] == "灯具"


def test_instead_of_a_sold_out_product_its_own_category_is_shown(counter: Counter) -> None:
    gone = next(p for p in counter.catalog if not p.in_stock)
    beside = calls(counter)["beside"]({"id": gone.id})
    assert {p["category"] for p in beside["similar"]} == {gone.category}


def test_beside_what_is_unknown_or_while_the_record_fails_nothing_breaks(counter: Counter) -> None:
    beside = calls(counter)["beside"]
    assert beside("odd") == beside({"id": "none"}) == {"ok": False}
    counter.record.broken = True
    assert beside({"id": "lig-01"})["together"] == []


def test_evil_title_travels_as_data_only() -> None:
    counter = build(tuple(evil(p) for p in demo_products("lighting")))
    slate = told(counter, message="a lamp")[1]["events"][1]["data"]["slate"]
    assert slate[0]["title"].startswith("<img")


def test_no_payload_enters_a_template_of_gradio(client: TestClient) -> None:
    config = client.get("/config").json()
    shells = [c["props"] for c in config["components"] if c["type"] == "html"]
    assert [shell["html_template"] for shell in shells] == [""]
    assert not any("{{" in shell["js_on_load"] for shell in shells)
