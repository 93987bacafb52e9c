"""The owner's routes: who may read them, what they answer, and how they say what is wrong."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assistant.web.insights.files import shielded
from tests.web.desks import SECRET
from tests.web.insights.houses import HOME, LOOK_MS, House, insighted

READS = (
    "/me",
    "/overview",
    "/series",
    "/breakdown?by=day",
    "/choices",
    "/conversations",
    "/conversations/x",
    "/export?what=series",
    "/report",
)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with insighted(tmp_path) as house:
        yield house


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One for all tests that change nothing."""
    with insighted(tmp_path_factory.mktemp("quiet")) as house:
        yield house


@pytest.mark.parametrize("path", READS)
def test_only_the_owner_reads_figures(quiet: House, path: str) -> None:
    assert quiet.client(None).get(HOME + path).status_code == 401
    for name in ("ann", "lea"):
        answer = quiet.client(name).get(HOME + path)
        assert (answer.status_code, answer.json()["detail"]) == (403, "this is for the shop's owner")
        assert "set-cookie" not in answer.headers
    assert quiet.client("oda").get(HOME + path).status_code in (200, 404)


def test_the_sign_in_of_the_desk_opens_the_figures_too(house: House) -> None:
    browser = house.client(None)
    browser.post("/api/v1/desk/sign-in", json={"email": "oda@example.org", "password": SECRET})
    assert browser.get(f"{HOME}/me").json()["agent"]["name"] == "Oda"


def test_what_has_just_happened_is_in_the_figures(house: House) -> None:
    assert house.get("/overview")["now"]["counts"]["conversations"] == 0
    house.talk("click", "cart", "purchase", rating=5)
    told = house.get("/overview")["now"]
    counts = {name: told["counts"][name] for name in ("conversations", "with_slate", "with_click", "with_purchase")}
    assert counts == {"conversations": 1, "with_slate": 1, "with_click": 1, "with_purchase": 1}
    assert told["csat"]["value"] == 1
    first = next(iter(house.catalog))
    assert told["revenue"] == first.price_minor / 100


def test_every_share_says_what_it_is_a_share_of(house: House) -> None:
    house.talk("click")
    house.talk()
    told = house.get("/overview")["now"]["clicking"]
    assert (told["count"], told["n"], told["value"]) == (1, 2, 0.5)
    assert told["low"] < 0.5 < told["high"]


def test_days_without_conversations_are_there_too(house: House) -> None:
    house.talk()
    days = house.get("/series", **{"from": "2026-11-20", "to": "2026-11-24"})["days"]
    assert [day["counts"]["conversations"] for day in days] == [0, 0, 0, 0, 1]


def test_products_have_their_names_in_the_language_of_the_page(house: House) -> None:
    house.talk("click")
    first = next(iter(house.catalog))
    for lang in ("en", "zh"):
        line = house.get("/breakdown", by="product", lang=lang)["lines"][0]
        assert line["label"] == house.catalog.get(line["value"]).localised(lang).title  # type: ignore[union-attr]
    named = {one["value"]: one["label"] for one in house.get("/choices")["product"]}
    assert named[first.id] == first.localised("en").title


def test_filters_hold_for_every_reading(house: House) -> None:
    house.talk("click", locale="zh", words="一盏灯")
    house.talk(locale="en")
    assert house.get("/overview", locale="zh")["now"]["counts"]["conversations"] == 1
    assert [line["value"] for line in house.get("/breakdown", by="locale", locale="zh")["lines"]] == ["zh"]
    (row,) = house.get("/conversations", locale="zh")["conversations"]
    assert row["first_message"] == "一盏灯"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/overview?from=yesterday", "from"),
        ("/overview?to=2026-13-01", "to"),
        ("/series?from=2026-11-20&to=2026-11-10", "from"),
        ("/overview?who=nobody", "who"),
        ("/overview?arm=x", "arm"),
        ("/breakdown?by=colour", "by"),
        ("/breakdown", "by"),
        ("/breakdown?by=day&limit=0", "limit"),
        ("/conversations?measure=luck", "measure"),
        ("/conversations?cursor=nonsense", "cursor"),
        ("/conversations?position=x", "position"),
        ("/export?what=everything", "what"),
        ("/export?what=series&format=xls", "format"),
        ("/report?week=48", "week"),
    ],
)
def test_what_makes_no_sense_is_named(quiet: House, path: str, field: str) -> None:
    answer = quiet.client().get(HOME + path)
    assert answer.status_code == 422, answer.text
    assert field in str(answer.json()["detail"])


def test_ratings_in_conversations_of_staff_and_bots_are_in_no_figure(house: House) -> None:
    house.talk(rating=5, thumb="up")
    for client, name in ((house.client("ann"), "Mozilla/5.0"), (house.client(None), "Googlebot/2.1")):
        client.headers["User-Agent"] = name
        turn = client.post("/api/v1/chat", json={"message": "a lamp"}).json()
        for kind, value in (("stars", 1), ("thumb", "down"), ("comment", "The delivery was bad.")):
            body = {"turn_id": turn["turn_id"], "kind": kind, "value": value}
            assert client.post("/api/v1/feedback", json=body).json() == {"recorded": True}
    for who, rated, satisfied, down in (("shopper", 1, 1, 0), ("all", 3, 1, 2)):
        counts = house.get("/overview", who=who)["now"]["counts"]
        assert (counts["rated"], counts["satisfied"], counts["thumbs_down"]) == (rated, satisfied, down)


def test_a_figure_leads_to_its_conversations_page_by_page(house: House) -> None:
    bought = [house.talk("click", "purchase", words=f"wish {n}") for n in range(5)]
    house.talk("click")
    first = house.get("/conversations", measure="purchase", limit=3)
    rest = house.get("/conversations", measure="purchase", limit=3, cursor=first["next"])
    assert rest["next"] is None
    assert {row["session_id"] for row in first["conversations"] + rest["conversations"]} == set(bought)


def test_a_conversation_is_told_in_full(house: House) -> None:
    session_id = house.talk("click", "purchase", rating=2, thumb="down", kind="recommend", words="a lamp")
    told = house.get(f"/conversations/{session_id}")
    (turn,) = told["turns"]
    assert (turn["message"], turn["kind"], turn["versions"]["prompt"]) == ("a lamp", "recommend", "p1")
    assert [one["position"] for one in turn["shown"]] == [1, 2, 3, 4]
    assert turn["shown"][0]["visible_ms"] == 2400
    assert [one["kind"] for one in turn["deeds"]] == ["click", "purchase"]
    assert turn["deeds"][1]["amount"] == turn["shown"][0]["price"]
    assert [(one["kind"], one["value"]) for one in turn["ratings"]] == [("stars", "2"), ("thumb", "down")]


def test_what_people_of_the_shop_said_is_part_of_the_conversation(house: House) -> None:
    session_id = house.talk(kind="handoff", ticket=True)
    told = house.get(f"/conversations/{session_id}")
    assert told["tickets"][0]["kind"] == "person"
    assert [one["kind"] for one in told["desk"]] == ["opened"]


def test_an_unknown_conversation_is_404(house: House) -> None:
    house.get("/conversations/nobody", 404)


# ---- Files


def rows_of(house: House, **params: str) -> list[dict[str, str]]:
    answer = house.client().get(f"{HOME}/export", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text[1:])))


def test_a_file_has_the_figures_of_the_page(house: House) -> None:
    house.talk("click", rating=5)
    house.talk()
    (line,) = rows_of(house, what="breakdown", by="locale")
    shown = house.get("/breakdown", by="locale")["lines"][0]
    assert int(line["conversations"]) == shown["counts"]["conversations"] == 2
    assert float(line["clicking_low"]) == pytest.approx(shown["clicking"]["low"])
    assert len(rows_of(house, what="series")) == 28


def test_how_long_products_were_looked_at_is_told_with_the_conversations_and_in_the_file(house: House) -> None:
    looked = {house.talk("click", "dwell"), house.talk("dwell")}
    house.talk("click")
    told = house.get("/overview")["now"]
    assert (told["dwell_s"], told["counts"]["dwells"]) == (LOOK_MS / 1000, 2)
    assert {one["session_id"] for one in house.get("/conversations", measure="dwell")["conversations"]} == looked
    first, *others = rows_of(house, what="breakdown", by="product")
    assert (first["dwells"], first["dwell_ms"], first["dwell_s"]) == ("2", str(2 * LOOK_MS), str(LOOK_MS / 1000))
    assert {(one["dwells"], one["dwell_s"]) for one in others} == {("0", "")}


def test_csv_and_parquet_hold_the_same_rows(house: House, tmp_path: Path) -> None:
    for n in range(3):
        house.talk("click", words=f"wish {n}", rating=n + 1 if n else None)
    told = rows_of(house, what="conversations")
    answer = house.client().get(f"{HOME}/export", params={"what": "conversations", "format": "parquet"})
    file = tmp_path / "it.parquet"
    file.write_bytes(answer.content)
    kept = pq.read_table(file).to_pylist()
    assert [row["session_id"] for row in kept] == [row["session_id"] for row in told]
    assert [row["clicks"] for row in kept] == [1, 1, 1]
    assert sorted(row["score"] for row in kept if row["score"] is not None) == [0.25, 0.5]


def test_a_file_without_rows_opens_too(house: House, tmp_path: Path) -> None:
    assert rows_of(house, what="conversations") == []
    answer = house.client().get(f"{HOME}/export", params={"what": "conversations", "format": "parquet"})
    (tmp_path / "none.parquet").write_bytes(answer.content)
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_a_shopper_cannot_make_a_spreadsheet_compute(house: House, evil: str) -> None:
    assert shielded(evil) == f"'{evil}"
    house.talk(words=f"{evil} lamp")
    (row,) = rows_of(house, what="conversations")
    assert row["first_message"].startswith("'") or row["first_message"][0] not in "=+-@"
