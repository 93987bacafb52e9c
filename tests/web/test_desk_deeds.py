"""What agents do to orders at the desk: the consequences first, their own tickets only, and a lead for what needs one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.service import Deed, Service
from tests.service import shop
from tests.web.desks import HOME, Desked, desked

RETURN = {"kind": "return", "order_id": "LL-2", "lines": [1], "method_id": "card"}
REFUND = {"kind": "refund", "order_id": "LL-2", "amount": 39.9, "method_id": "card", "reason": "kept waiting"}
CANCEL = {"kind": "cancel", "order_id": "LL-1", "reason": "no longer needed"}


class Books:
    """The service of the test that runs."""

    service: Service

    def __getattr__(self, name: str) -> Any:
        return getattr(self.service, name)


class Counter:
    """A desk beside the small shop's books, both on the small shop's clock."""

    def __init__(self, desk: Desked, service: Service, clock: shop.Clock) -> None:
        self.desk = desk
        self.service = service
        self.clock = clock

    def ticket(self, customer: str | None = "ann", agent: str | None = "ann") -> dict[str, Any]:
        """A ticket of somebody who has proved to be `customer`, in `agent`'s hands."""
        ticket = self.desk.ticket()
        if customer:
            self.service.sign_in(ticket["session_id"], customer)
        if agent:
            self.desk.do(agent, "claim", ticket)
        return ticket

    def propose(self, name: str, ticket: dict[str, Any], deed: dict[str, Any], status: int = 201) -> dict[str, Any]:
        answer = self.desk.client(name).post(f"{HOME}/tickets/{ticket['id']}/deeds", json=deed)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def decide(self, name: str, what: str, proposal: dict[str, Any], status: int = 200, **body: Any) -> dict[str, Any]:
        answer = self.desk.client(name).post(f"{HOME}/proposals/{proposal['id']}/{what}", json=body)
        assert answer.status_code == status, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def told(self, ticket: dict[str, Any]) -> list[str]:
        """The deeds in the conversation."""
        kinds = ("proposed", "waiting", "approved", "declined", "done", "undone")
        return [one["kind"] for one in self.desk.see(ticket["id"])["conversation"] if one["kind"] in kinds]


@pytest.fixture(scope="module")
def clock() -> shop.Clock:
    return shop.Clock()


@pytest.fixture(scope="module")
def books() -> Books:
    return Books()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, clock: shop.Clock, books: Books) -> Iterator[Desked]:
    with desked(tmp_path_factory.mktemp("desk"), clock=clock, service=books) as made:
        yield made


@pytest.fixture
def counter(desk: Desked, clock: shop.Clock, books: Books, tmp_path: Path) -> Iterator[Counter]:
    clock.now = shop.NOON
    store, books.service = shop.opened(f"sqlite:///{tmp_path / 'orders.db'}", clock=clock)
    yield Counter(desk, books.service, clock)
    store.close()


def test_customer_and_orders_stand_beside_the_conversation(counter: Counter) -> None:
    ticket = counter.desk.see(counter.ticket()["id"])
    assert ticket["customer"]["name"] == "Ann Lee"
    assert ticket["customer"]["address"] == "1 Elm Road, Salem, OR 97301, US"
    assert ticket["customer"]["methods"][1] == {
        "id": "gift", "kind": "gift_card", "brand": "", "last_four": "", "balance": 50, "currency": "USD",
    }  # fmt: skip
    order = next(one for one in ticket["orders"] if one["id"] == "LL-2")
    assert (order["state"], order["total"], order["currency"], order["tracking"]) == ("delivered", 40, "USD", ["T1"])
    assert [(line["number"], line["price"], line["quantity"]) for line in order["lines"]] == [(1, 20, 1), (2, 10, 2)]
    assert "return" in order["can"]
    assert "cancel" not in order["can"]
    nobody = counter.desk.see(counter.ticket(customer=None)["id"])
    assert (nobody["customer"], nobody["orders"]) == (None, [])


def test_the_consequences_are_said_before_it_is_done_once(counter: Counter) -> None:
    ticket = counter.ticket()
    proposal = counter.propose("ann", ticket, RETURN)
    assert (proposal["state"], proposal["kind"], proposal["order_id"]) == ("proposed", "return", "LL-2")
    assert any("1111" in line for line in proposal["says"])
    assert proposal["by"] == {"id": counter.desk.agents["ann"].id, "name": "Ann"}
    assert counter.service.order("ann", "LL-2").state == "delivered"
    done = [counter.decide("ann", "confirm", proposal) for _ in range(2)]
    assert [one["state"] for one in done] == ["done", "done"]
    assert counter.service.order("ann", "LL-2").state == "return_requested"
    assert counter.told(ticket) == ["proposed", "done"]
    assert counter.propose("ann", ticket, RETURN, 409)["code"] == "done_before"


def test_amounts_are_in_whole_units_outside(counter: Counter) -> None:
    proposal = counter.propose("ann", counter.ticket(), REFUND)
    assert (proposal["amount"], proposal["currency"]) == (39.9, "USD")
    assert counter.service.proposal(proposal["id"]).deed.amount_minor == 3_990  # type: ignore[union-attr]
    assert any("$39.90" in line for line in proposal["says"])


def test_the_consequences_are_in_the_agents_language(counter: Counter) -> None:
    client, ticket = counter.desk.client("ann"), counter.ticket()
    body = {"json": CANCEL, "headers": {"Accept-Language": "zh-CN"}}
    said = client.post(f"{HOME}/tickets/{ticket['id']}/deeds", **body).json()["says"]
    assert any("一" <= char <= "鿿" for char in "".join(said))


def test_nobody_acts_on_anothers_ticket_but_leads(counter: Counter) -> None:
    ticket = counter.ticket(agent="ann")
    counter.propose("bob", ticket, CANCEL, 403)
    proposal = counter.propose("ann", ticket, CANCEL)
    for what in ("confirm", "undo"):
        counter.decide("bob", what, proposal, 403)
    assert counter.service.order("ann", "LL-1").state == "pending"
    assert counter.decide("lea", "confirm", proposal)["state"] == "done"
    unclaimed = counter.ticket(agent=None)
    counter.propose("ann", unclaimed, CANCEL, 403)


def test_nothing_is_done_for_somebody_who_has_not_said_who_they_are(counter: Counter) -> None:
    ticket = counter.ticket(customer=None)
    assert "has not said" in counter.propose("ann", ticket, CANCEL, 409)["detail"]


def test_one_customers_ticket_never_reaches_anothers_order(counter: Counter) -> None:
    ticket = counter.ticket(customer="ben")
    for order_id in ("LL-1", "LL-404"):
        answer = counter.propose("ann", ticket, CANCEL | {"order_id": order_id}, 404)
        assert answer["code"] == "not_found"
    assert counter.service.order("ann", "LL-1").state == "pending"


def test_what_is_beyond_an_agents_limit_waits_for_somebody_who_may(counter: Counter) -> None:
    counter.service.rules = replace(counter.service.rules, limits={"agent": 1_000, "lead": 3_000, "owner": None})
    ticket = counter.ticket()
    proposal = counter.propose("ann", ticket, REFUND)
    assert counter.decide("ann", "confirm", proposal)["state"] == "waiting"
    (waiting,) = counter.desk.client("ann").get(f"{HOME}/approvals").json()["proposals"]
    assert (waiting["id"], waiting["ticket_id"]) == (proposal["id"], ticket["id"])
    assert waiting["customer"]["name"] == "Ann Lee"
    for name in ("bob", "ann", "lea"):
        counter.decide(name, "approve", proposal, 403)
    assert counter.decide("oda", "approve", proposal)["state"] == "done"
    assert counter.told(ticket) == ["proposed", "waiting", "approved", "done"]
    assert counter.desk.client("ann").get(f"{HOME}/approvals").json()["proposals"] == []


def test_what_the_assistant_left_to_people_is_decided_by_who_has_the_ticket(counter: Counter) -> None:
    ticket = counter.ticket()
    deed = Deed("return", "LL-2", (1,), method_id="card", reason="faulty")
    asked = counter.service.propose(ticket["session_id"], "ann", deed)
    counter.decide("ann", "approve", {"id": asked.id}, 409)
    assert counter.service.confirm(asked.id, "ann").state == "waiting"
    (waiting,) = counter.desk.see(ticket["id"])["proposals"]
    assert (waiting["by"], waiting["why_waiting"]) == ("assistant", "reason")
    counter.decide("bob", "decline", waiting, 403, why="no")
    counter.decide("ann", "decline", waiting, 422, why=" ")
    declined = counter.decide("ann", "decline", waiting, why="no photo")
    assert (declined["state"], declined["note"]) == ("declined", "no photo")
    assert counter.service.order("ann", "LL-2").state == "delivered"


def test_what_was_done_is_taken_back_as_long_as_the_rules_allow(counter: Counter) -> None:
    ticket = counter.ticket()
    done = counter.decide("ann", "confirm", counter.propose("ann", ticket, CANCEL))
    assert done["undoable"]
    assert counter.decide("ann", "undo", done)["state"] == "undone"
    assert counter.service.order("ann", "LL-1").state == "pending"
    again = counter.decide("ann", "confirm", counter.propose("ann", ticket, CANCEL))
    counter.clock.pass_by(hours=2)
    assert counter.decide("ann", "undo", again, 409)["code"] == "too_late"
    assert counter.desk.see(ticket["id"])["proposals"][-1]["undoable"] is False


def test_what_a_product_can_be_had_as_is_told(counter: Counter) -> None:
    offers = counter.desk.client("ann").get(f"{HOME}/offers/shirt").json()["offers"]
    assert [(one["item_id"], one["price"], one["available"]) for one in offers][-1] == ("shirt-xs", 20, False)
    assert offers[0]["options"] == {"Size": "s"}


def test_a_proposal_that_is_none_is_404(counter: Counter) -> None:
    for what, body in (("confirm", {}), ("approve", {}), ("undo", {}), ("decline", {"why": "no"})):
        counter.decide("oda", what, {"id": "nothing"}, 404, **body)
