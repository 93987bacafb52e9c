"""Experiments over HTTP: who may, what is refused by which field, and what a result says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.insight.experiments.assign import assigned
from assistant.insight.experiments.lab import Lab
from assistant.insight.experiments.ledger import Ledger
from assistant.rank import rank
from assistant.record.events import Deed
from assistant.record.experiments import Experiments, Exposed
from assistant.retrieve import retrieve
from assistant.types import Need, Reply, Slate, Turn, Utterance, Versions
from catalog import Catalog
from tests.web.insights.houses import HOME, House, insighted

PLAN: dict[str, Any] = {
    "name": "More variety",
    "varied": "variety",
    "arms": [{"name": "As now", "value": 0}, {"name": "Some variety", "value": 0.3}],
    "metric": "conversion",
    "effect": 0.05,
    "units": 400,
}
WAY = "/experiments"


@pytest.fixture
def house(tmp_path: Path, catalog: Catalog) -> Iterator[House]:
    with trying(tmp_path, catalog) as house:
        yield house


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> Iterator[House]:
    """One for all tests that change nothing."""
    with trying(tmp_path_factory.mktemp("quiet"), catalog) as house:
        yield house


@contextmanager
def trying(folder: Path, catalog: Catalog) -> Iterator[House]:
    """A shop that may have experiments."""
    with insighted(folder) as house:
        ledger = Ledger(Experiments(house.record.engine, house.clock), lambda: {"ranker": ("standard", "meaning")})
        assert house.shop.insights is not None
        house.shop.insights.experiments = Lab(ledger, house.clock, lambda: catalog)
        yield house


def send(house: House, path: str, body: Any = None, status: int = 200, name: str | None = "oda") -> Any:
    answer = house.client(name).post(HOME + path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def planned(house: House, **change: Any) -> str:
    return str(send(house, WAY, {**PLAN, **change}, 201)["id"])


def running(house: House, **change: Any) -> str:
    id = planned(house, **change)
    send(house, f"{WAY}/{id}/start")
    return id


def meets(house: House, id: str, count: int, rates: tuple[float, float]) -> None:
    """So many conversations over ten days that meet it, of which a share of each arm buys."""
    lab = house.shop.insights.experiments  # type: ignore[union-attr]
    assert lab is not None
    plan, seen = lab.ledger.get(id).plan, [0, 0]
    start = house.clock.now
    for n in range(count):
        house.clock.now = start - timedelta(days=10 - n * 10 // count)
        arm = assigned(plan, plan.weights, str(n)) or ""
        side = int(arm == plan.arms[1].name)
        seen[side] += 1
        buys = int(seen[side] * rates[side]) > int((seen[side] - 1) * rates[side])
        session_id = house.talk(*(("purchase",) if buys else ()))
        lab.ledger.store.expose(session_id, None, [Exposed(id, str(n), arm)])
    house.clock.now = start


def test_only_the_owner_sees_or_plans_experiments(house: House) -> None:
    for name, status in ((None, 401), ("ann", 403), ("lea", 403)):
        assert house.client(name).get(HOME + WAY).status_code == status
        send(house, WAY, PLAN, status, name)
    assert house.get(WAY)["experiments"] == []


def test_another_page_cannot_start_one(house: House) -> None:
    id = planned(house)
    answer = house.client().post(f"{HOME}{WAY}/{id}/start", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_a_shop_without_experiments_says_so(tmp_path: Path) -> None:
    with insighted(tmp_path) as house:
        assert house.get(WAY, 503)["detail"] == "this shop has no experiments"


def test_what_can_be_tried_is_told_with_what_is_usual(house: House) -> None:
    told = house.get(WAY)
    varied = {one["name"]: (one["choices"], one["usual"]) for one in told["varied"]}
    assert varied["ranker"] == (["standard", "meaning"], "standard")
    assert varied["slate_size"] == (None, "4")
    assert "prompt" not in varied
    assert "conversion" in told["metrics"] and {"failed_turns", "revenue"} <= set(told["guardrails"])
    assert "csat" in told["usual_guardrails"]["conversion"] and "csat" not in told["usual_guardrails"]["csat"]


def test_what_must_not_get_worse_is_as_usual_unless_it_is_chosen(house: House) -> None:
    send(house, WAY, {**PLAN, "metric": "ctr"}, 201)
    send(house, WAY, {**PLAN, "guardrails": ["thumbs"]}, 201)
    send(house, WAY, {**PLAN, "design": "interleaved", "metric": "ctr"}, 201)
    kept = {
        one["plan"]["metric"] + one["plan"]["design"]: one["plan"]["guardrails"]
        for one in house.get(WAY)["experiments"]
    }
    assert {"failed_turns", "conversion", "revenue", "csat"} <= set(kept["ctrsplit"])
    assert (kept["conversionsplit"], kept["ctrinterleaved"]) == (["thumbs"], [])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"varied": "weather"}, "varied"),
        ({"arms": PLAN["arms"][:1]}, "arms"),
        ({"arms": [{"name": "A", "value": 0}, {"name": "B", "value": 2}]}, "arms"),
        ({"effect": 0}, "effect"),
        ({"effect": 1.5}, "effect"),
        ({"alpha": 0.9}, "alpha"),
        ({"power": 0.1}, "power"),
        ({"share": 0}, "share"),
        ({"metric": "joy"}, "metric"),
        ({"guardrails": ["joy"]}, "guardrails"),
        ({"guardrails": ["conversion"]}, "guardrails"),
        ({"design": "interleaved", "guardrails": ["no_match"]}, "guardrails"),
        ({"design": "interleaved", "varied": "slate_size", "arms": [{"name": "A", "value": 3}, {"name": "B", "value": 4}]}, "design"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused_by_its_field(quiet: House, change: Any, field: str) -> None:
    assert field in str(send(quiet, WAY, {**PLAN, **change}, 422)["detail"])


def test_without_a_past_the_owner_says_how_many_take_part(house: House) -> None:
    plan = {name: value for name, value in PLAN.items() if name != "units"}
    assert send(house, WAY, plan, 422)["detail"].startswith("units: the record says too little")
    assert send(house, f"{WAY}/size", {"metric": "conversion", "effect": 0.05})["size"] is None


@pytest.mark.real
def test_the_planner_answers_from_the_last_weeks(house: House) -> None:
    house.live(14, 12)
    told = send(house, f"{WAY}/size", {"metric": "conversion", "effect": 0.1})
    assert told["size"]["units"] > told["size"]["fixed_units"] > 50
    assert told["size"]["days"] == pytest.approx(told["size"]["units"] / told["baseline"]["units_a_day"], abs=1)
    money = send(house, f"{WAY}/size", {"metric": "revenue", "effect": 2.5})
    assert money["effect"] == 2.5
    assert 0 < money["baseline"]["figure"] < 100
    both = send(house, f"{WAY}/size", {"metric": "ctr", "effect": 0.05, "design": "interleaved"})
    assert both["size"]["units"] > 100
    made = send(house, WAY, {name: value for name, value in PLAN.items() if name != "units"}, 201)
    assert (
        made["plan"]["units"] == send(house, f"{WAY}/size", {"metric": "conversion", "effect": 0.05})["size"]["units"]
    )


def test_an_experiment_is_started_stopped_and_decided_by_its_owner(house: House) -> None:
    id = planned(house)
    assert house.get(WAY)["experiments"][0]["state"] == "planned"
    send(house, f"{WAY}/{id}/stop", status=409)
    assert send(house, f"{WAY}/{id}/start")["state"] == "running"
    send(house, f"{WAY}/{id}/start", status=409)
    assert send(house, f"{WAY}/{id}/weights", {"weights": [3, 1]})["plan"]["arms"][0]["weight"] == 3
    send(house, f"{WAY}/{id}/weights", {"weights": [3, 1, 1]}, 422)
    send(house, f"{WAY}/{id}/decide", {"arm": "As now"}, 409)
    assert send(house, f"{WAY}/{id}/stop")["state"] == "stopped"
    send(house, f"{WAY}/{id}/decide", {"arm": "Nobody’s"}, 422)
    decided = send(house, f"{WAY}/{id}/decide", {"arm": "As now", "why": "维持现状"})
    assert decided["state"] == "decided"
    assert [one["kind"] for one in decided["events"]] == ["started", "weights", "stopped", "decided"]
    assert "salt" not in decided["plan"]
    for path in ("start", "stop"):
        send(house, f"{WAY}/nowhere/{path}", status=404)
    house.get(f"{WAY}/nowhere", 404)


@pytest.mark.real
def test_a_result_says_what_may_be_concluded(house: House) -> None:
    id = running(house)
    assert house.get(f"{WAY}/{id}")["verdict_kind"] == "nothing"
    meets(house, id, 300, (0.1, 0.7))
    told = house.get(f"{WAY}/{id}")
    assert told["verdict_kind"] == "better"
    assert told["verdict"]["en"].startswith("Some variety is better: conversion +")
    assert told["verdict"]["zh"].startswith("Some variety 更好")
    result = told["result"]
    assert sum(arm["units"] for arm in result["arms"]) == result["units"] == 300
    curve = result["contrasts"][0]
    assert len(curve["days"]) == len(curve["low"]) == 11
    assert curve["low"][-1] > 0
    assert result["split"]["as_planned"]
    assert {one["measure"] for one in result["guardrails"]} == {
        "failed_turns",
        "handoffs",
        "no_match",
        "first_sentence_ms",
        "revenue",
        "csat",
    }


@pytest.mark.real
def test_revenue_is_told_in_whole_units_of_money(house: House) -> None:
    id = running(house, metric="revenue", effect=2.5)
    meets(house, id, 120, (0.2, 0.3))
    told = house.get(f"{WAY}/{id}")
    assert told["plan"]["effect"] == 2.5
    price = next(iter(house.catalog)).price_minor / 100
    assert told["result"]["arms"][0]["figure"] == pytest.approx(0.2 * price, rel=0.1)
    guarded = running(
        house, varied="slate_size", arms=[{"name": "As now", "value": 4}, {"name": "More", "value": 6}], metric="ctr"
    )
    meets(house, guarded, 400, (0.7, 0.1))
    told = house.get(f"{WAY}/{guarded}")
    row = next(one for one in told["result"]["guardrails"] if one["measure"] == "revenue")
    assert (told["verdict_kind"], row["harmed"]) == ("harm", True)
    assert row["harm"] == pytest.approx(0.6 * price, rel=0.1)


@pytest.mark.real
def test_an_interleaved_one_tells_whose_picks_were_clicked(house: House) -> None:
    arms = [{"name": "As now", "value": "standard"}, {"name": "By meaning", "value": "meaning"}]
    id = running(house, varied="ranker", arms=arms, design="interleaved", metric="ctr")
    lab = house.shop.insights.experiments  # type: ignore[union-attr]
    assert lab is not None
    lamps = list(house.catalog)[:2]
    for n in range(60):
        session_id = shown_by_chance(house, [(lamps[0].id, "As now"), (lamps[1].id, "By meaning")], int(n % 6 > 0))
        lab.ledger.store.expose(session_id, None, [Exposed(id, session_id, "As now")])
    told = house.get(f"{WAY}/{id}")
    assert told["draft"]["wins"] == {"As now": 10, "By meaning": 50}
    assert told["verdict_kind"] == "better"
    assert told["verdict"]["en"].startswith("By meaning ranks better")


def shown_by_chance(house: House, picks: list[tuple[str, str | None]], clicked: int, need: Need | None = None) -> str:
    """A conversation whose shelf was drawn, and which of it was clicked; its session."""
    from assistant.types import SlateItem
    from tests.shop import PRODUCTS

    known = {product.id: product for product in (*house.catalog, *PRODUCTS)}
    opened = house.record.open_turn(Utterance("a lamp"), "en", session_id=None)
    items = tuple(SlateItem(known[id], 0.9, propensity=0.5, team=team) for id, team in picks)
    slate = Slate(items, len(items), ())
    house.record.show(opened.turn_id, slate)
    house.record.close_turn(
        Turn(
            opened.turn_id, opened.session_id, "a lamp", "en", need or Need("a lamp"), slate, Reply("recommend", "Here."),
            (), {"total": 1.0}, Versions("m", "q", "p", "i", "r"),
        )
    )  # fmt: skip
    house.record.events([Deed(opened.turn_id, picks[clicked][0], "click")])
    return opened.session_id


@pytest.mark.real
def test_what_another_ranking_would_have_brought_needs_chance(house: House, catalog: Catalog) -> None:
    assert house.get(f"{WAY}/would-have", ranker="meaning")["why"] == "no_chance"
    house.get(f"{WAY}/would-have", 422, ranker="magic")
    assert house.get(f"{WAY}/would-have", ranker="rating=0.7")["why"] == "no_chance"
    house.get(f"{WAY}/would-have", 422, variety=2)
    need = Need("lamp", "Lighting")
    first, second = rank(retrieve(need, catalog), need, "en", 2).ids()
    for n in range(10):
        shown_by_chance(house, [(first, None), (second, None)], n % 2, need)
    assert house.get(f"{WAY}/would-have")["why"] == "few"
    for n in range(60):
        order: list[tuple[str, str | None]] = [(first, None), (second, None)]
        shown_by_chance(house, order[:: 1 if n % 2 else -1], n % 2, need)
    told = house.get(f"{WAY}/would-have", ranker="standard", variety=0.0)
    assert (told["why"], told["shelves"], told["rows"]) == ("told", 70, 140)
    assert told["logged"]["mean"] == pytest.approx(0.5)
    assert 0 <= told["snips"]["mean"] <= 1
    assert told["ips"]["low"] < told["ips"]["mean"] < told["ips"]["high"]
    assert house.get(f"{WAY}/would-have", ranker="rating=3,rating_open=3")["shelves"] == 70
