"""The owner's routes of what was wanted and not got, and of shifts."""

import csv
import io
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from assistant.insight.drift import Drift
from assistant.insight.gaps import Gaps
from assistant.lacking import not_carried, sold_out, unanswered
from assistant.types import Gap, Need, Reply, Slate, Turn, Utterance, Versions
from catalog import Constraint
from tests.shop import GLASS, OAK
from tests.web.insights.houses import HOME, insighted

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PRICE = Gap("nothing_fits", "price<=20", "lamp, under $20", "lamp", "oak", Constraint("price", "lt", 2_000), 2_500)


@pytest.fixture
def house(tmp_path, catalog):
    with watching(tmp_path, catalog) as made:
        yield made


@pytest.fixture(scope="module")
def quiet(tmp_path_factory, catalog):
    """One for all tests that change nothing."""
    with watching(tmp_path_factory.mktemp("quiet"), catalog) as made:
        yield made


@contextmanager
def watching(folder, catalog):
    """A shop that is told of gaps and shifts."""
    with insighted(folder, now=NOW) as made:
        engine = made.record.engine
        made.shop.insights.gaps, made.shop.insights.drift = Gaps(engine, lambda: catalog), Drift(engine)
        yield made


def wants(house, *gaps, words="do you sell hats?", locale="en"):
    """A conversation of one turn that admits these gaps."""
    opened = house.record.open_turn(Utterance(words), locale, session_id=None)
    versions = Versions("m", "q", "p", "i", "r")
    reply = Reply("no_match", "No.")
    turn = Turn(opened.turn_id, opened.session_id, words, locale, Need(), Slate(), reply, (), {}, versions, gaps=gaps)
    house.record.close_turn(turn)
    return opened.session_id


def lists(told):
    return {one["list"]: one for one in told["lists"]}


def test_what_was_wanted_is_listed_in_the_language_of_the_page(house):
    wants(house, not_carried("hats"))
    wants(house, not_carried("帽子"), words="有帽子吗？", locale="zh")
    wants(house, PRICE, sold_out(GLASS), unanswered("What voltage is it?", OAK))
    told = house.get("/gaps", lang="zh")
    assert told["conversations"] == 3
    (hat,) = lists(told)["not_carried"]["items"]
    assert (hat["name"], hat["conversations"], hat["before"], hat["state"]) == ("帽子", 2, 0, "open")
    assert sum(hat["days"]) == 2
    assert [one["said"] for one in hat["examples"]] == ["有帽子吗？", "do you sell hats?"]
    told = lists(house.get("/gaps", lang="en"))
    assert told["nothing_fits"]["items"][0]["nearest"] == {
        "product_id": "oak", "title": "Alder Desk Lamp", "misses_by": 25.0, "states": "",
    }  # fmt: skip
    assert told["out_of_stock"]["items"][0]["name"] == "Marlow Glass Lamp"
    voltage = told["unanswered"]["items"][0]
    assert (voltage["name"], voltage["product"]) == ("Voltage", "Alder Desk Lamp")
    assert told["attributes"]["items"][0]["category"] == {"lacking": 5, "of": 5, "name": "Lighting"}


def test_the_conversations_behind_a_thing_are_told(house):
    asked = wants(house, not_carried("hats"))
    wants(house, not_carried("drones"))
    page = house.get("/gaps/conversations", list="not_carried", key="hat")
    assert [one["session_id"] for one in page["conversations"]] == [asked]
    assert page["next"] is None


def test_the_to_do_comes_as_a_file_in_the_language_of_the_page(house):
    wants(house, not_carried("hats"))
    answer = house.client().get(f"{HOME}/gaps/export", params={"lang": "zh", "list": "not_carried"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="to-do-2026-11-01-2026-11-28.csv"'
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["task"], row["what"], row["state"]) == ("上架此类商品", "帽子", "待办")


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        ("/gaps", {"list": "wishes"}, "list"),
        ("/gaps", {"from": "yesterday"}, "from"),
        ("/gaps/conversations", {"list": "not_carried", "key": "hat", "cursor": "x"}, "cursor"),
        ("/drift/conversations", {"measure": "mood", "value": "bad"}, "measure"),
    ],
)
def test_what_makes_no_sense_is_named(quiet, path, params, field):
    assert field in quiet.get(path, 422, **params)["detail"]


@pytest.mark.parametrize("path", ["/gaps", "/gaps/export", "/drift"])
def test_only_the_owner_may_look(quiet, path):
    quiet.get(path, 401, name=None)
    quiet.get(path, 403, name="lea")


@pytest.mark.parametrize("path", ["/gaps", "/drift"])
def test_a_shop_without_the_part_says_so(tmp_path, path):
    with insighted(tmp_path, now=NOW) as bare:
        assert "no" in bare.get(path, 503)["detail"]


@pytest.mark.real
def test_a_shift_of_languages_is_told_with_the_conversations_on_both_sides(house):
    for back, chinese in ((40, 5), (3, 40)):
        for n in range(60):
            house.clock.now = NOW - timedelta(days=back, minutes=n)
            house.talk(locale="zh" if n < chinese else "en")
    house.clock.now = NOW
    house.shop.insights.keeper.catch_up()
    period, week = house.get("/drift", lang="en")["comparisons"]
    assert (period["conversations"], period["conversations_before"]) == (60, 60)
    shift = period["shifts"][0]
    assert (shift["measure"], shift["found"]) == ("languages", True)
    assert "rose" in shift["words"] or "fell" in shift["words"]
    assert week["shifts"] == []
    now = house.get("/drift/conversations", measure="languages", value="zh")
    assert {one["locale"] for one in now["conversations"]} == {"zh"}
    assert len(now["conversations"]) == 40
    before = {"from": period["before_from"], "to": period["before_to"]}
    assert len(house.get("/drift/conversations", measure="languages", value="zh", **before)["conversations"]) == 5
    assert house.get("/drift/conversations", measure="kind:recommend", value="yes", limit=3)["next"]
