"""What a shopper may see and delete over REST, and what nobody else may."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.record.memory import Fact
from catalog import Constraint
from tests.web.conftest import Counter

ANN, BOB = "a" * 32, "b" * 32
HOME = "/api/v1/shoppers"
M = Constraint("attributes.Size", "contains", ("M", "Medium"))


def agree(client: TestClient, shopper: str, agreed: bool = True) -> Any:
    return client.put(f"{HOME}/{shopper}/consent", json={"agreed": agreed})


def learn(counter: Counter, shopper: str = ANN) -> None:
    counter.record.memory.keep(shopper, Fact("size", M, "said", "I wear M", "t1", "s1", certain=True))
    limit = Constraint("price", "le", 6_050)
    counter.record.memory.keep(shopper, Fact("budget", limit, "purchase", "", "t1", "s1", "Lighting", certain=True))


def test_what_is_remembered_is_shown_with_its_source_in_both_languages(client: TestClient, counter: Counter) -> None:
    assert agree(client, ANN).json() == {"agreed": True, "since": "2026-11-12T00:00:00+00:00", "facts": []}
    learn(counter)
    answer = client.get(f"{HOME}/{ANN}/memory")
    assert answer.headers["cache-control"] == "no-store"
    facts = {fact["kind"]: fact for fact in answer.json()["facts"]}
    size, budget = facts["size"], facts["budget"]
    assert (size["field"], size["op"], size["value"]) == ("attributes.Size", "contains", ["M", "Medium"])
    assert size["label"] == {"en": "size M", "zh": "M 码"}
    assert size["source"] == {"en": "you told me on 12 Nov 2026", "zh": "您在2026年11月12日说过"}
    assert (size["words"], size["turn_id"], size["certain"], size["used_at"]) == ("I wear M", "t1", True, None)
    assert (budget["value"], budget["about"]) == (60.5, "Lighting")
    assert budget["label"]["en"] == "up to $60.50 for Lighting"


def test_one_thing_is_deleted_and_then_all_of_it(client: TestClient, counter: Counter) -> None:
    agree(client, ANN)
    learn(counter)
    first = client.get(f"{HOME}/{ANN}/memory").json()["facts"][0]["id"]
    assert client.delete(f"{HOME}/{ANN}/facts/{first}").status_code == 204
    assert len(client.get(f"{HOME}/{ANN}/memory").json()["facts"]) == 1
    assert client.delete(f"{HOME}/{ANN}/facts/{first}").status_code == 404
    assert client.delete(f"{HOME}/{ANN}/memory").status_code == 204
    assert client.get(f"{HOME}/{ANN}/memory").status_code == 404
    assert client.delete(f"{HOME}/{ANN}/memory").status_code == 404


def test_withdrawing_deletes_all_that_is_remembered(client: TestClient, counter: Counter) -> None:
    agree(client, ANN)
    learn(counter)
    assert agree(client, ANN, False).json()["facts"] == []
    assert client.get(f"{HOME}/{ANN}/memory").json()["agreed"] is False
    assert counter.record.memory.facts(ANN) == ()


def test_nobody_reads_or_deletes_what_is_another_shoppers(client: TestClient, counter: Counter) -> None:
    for shopper in (ANN, BOB):
        agree(client, shopper)
    learn(counter)
    (first, _) = client.get(f"{HOME}/{ANN}/memory").json()["facts"]
    assert client.get(f"{HOME}/{BOB}/memory").json()["facts"] == []
    assert client.delete(f"{HOME}/{BOB}/facts/{first['id']}").status_code == 404
    assert len(counter.record.memory.facts(ANN)) == 2
    for listing in (HOME, f"{HOME}/", f"{HOME}/%25/memory", f"{HOME}/{ANN[:-1]}/memory", f"{HOME}/{ANN}%25/memory"):
        assert client.get(listing).status_code == 404


@pytest.mark.parametrize(
    "shopper", ["ann", "a" * 15, "a" * 201, "white space in this id", "汉字汉字汉字汉字汉字汉字汉字汉字汉字"]
)
def test_an_id_that_is_no_key_is_refused(client: TestClient, shopper: str) -> None:
    answer = agree(client, shopper)
    assert answer.status_code == 422
    assert "shopper_id" in answer.text


def test_the_unknown_are_404_and_bad_bodies_422(client: TestClient) -> None:
    assert client.get(f"{HOME}/{ANN}/memory").status_code == 404
    assert agree(client, ANN, False).status_code == 404
    for body in ({}, {"agreed": "perhaps"}, []):
        assert client.put(f"{HOME}/{ANN}/consent", json=body).status_code == 422
    assert client.put(f"{HOME}/{ANN}/consent", content=b"{").status_code == 422


def test_a_remembered_wish_keeps_its_source_when_the_others_are_edited(client: TestClient, counter: Counter) -> None:
    wish = {"field": "in_stock", "op": "eq", "value": True, "origin": "inferred", "remembered": "2026-11-12"}
    for origin, kept in (("inferred", True), ("edited", False)):
        body = {"message": "a lamp", "need": {"constraints": [{**wish, "origin": origin}]}}
        (shown,) = client.post("/api/v1/chat", json=body).json()["need"]["constraints"]
        assert shown["origin"] == origin
        assert ("source" in shown) == kept == ("remembered" in shown)
    bad = {"message": "a lamp", "need": {"constraints": [{**wish, "remembered": "yesterday"}]}}
    assert client.post("/api/v1/chat", json=bad).status_code == 422


def test_a_turn_tells_whether_it_asks_for_consent(client: TestClient) -> None:
    assert client.post("/api/v1/chat", json={"message": "remember me"}).json()["asks_consent"] is True
    assert client.post("/api/v1/chat", json={"message": "a lamp"}).json()["asks_consent"] is False


def test_a_purchase_is_recorded_whatever_becomes_of_the_memory(client: TestClient, counter: Counter) -> None:
    turn = client.post("/api/v1/chat", json={"message": "a lamp"}).json()
    event = {
        "turn_id": turn["turn_id"],
        "product_id": turn["slate"][0]["product_id"],
        "kind": "purchase",
        "shopper_id": ANN,
    }
    assert client.post("/api/v1/events", json=event).status_code == 201
    assert len(counter.record.deeds) == 1
