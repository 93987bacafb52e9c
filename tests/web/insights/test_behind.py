"""Behind every number of every view stand its conversations, as a page of a list or as a file."""

import csv
import io
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from sqlalchemy import update

from assistant.insight.alerts.log import Raised
from assistant.insight.drift import Drift
from assistant.insight.gaps import Gaps
from assistant.lacking import not_carried, unanswered
from assistant.record.database import writing
from assistant.record.insight_tables import OpinionRow
from tests.shop import OAK
from tests.web.insights.houses import HOME, insighted
from tests.web.insights.test_gaps_and_drift import wants
from tests.web.insights.test_opinions_and_alerts import NOW, attach, raised


@pytest.fixture
def house(tmp_path, catalog):
    with insighted(tmp_path, now=NOW) as made:
        attach(made)
        engine = made.record.engine
        made.shop.insights.gaps, made.shop.insights.drift = Gaps(engine, lambda: catalog), Drift(engine)
        yield made


def behind(house, path, **asked):
    return {one["session_id"] for one in house.get(f"{path}/conversations", **asked)["conversations"]}


def rows_of(house, path, **asked):
    answer = house.client().get(HOME + path, params=asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def parquet_of(house, folder, path, **asked):
    answer = house.client().get(HOME + path, params=asked | {"format": "parquet"})
    assert answer.status_code == 200, answer.text
    file = folder / "it.parquet"
    file.write_bytes(answer.content)
    return pq.read_table(file).to_pylist()


# ---- Opinions


def test_behind_opinions_are_the_conversations_in_which_they_were_said(house):
    late, dear = house.talk(words="The delivery was bad."), house.talk(words="The price was bad.")
    cheap = house.talk(words="A good price.", locale="en")
    house.clock.now = NOW - timedelta(days=3)
    earlier = house.talk(words="The delivery was bad.")
    house.clock.now = NOW
    house.opinions.catch_up()
    assert behind(house, "/opinions") == {late, dear, cheap, earlier}
    assert behind(house, "/opinions", aspect="delivery", side="negative") == {late, earlier}
    assert behind(house, "/opinions", side="positive") == {cheap}
    day = NOW.date().isoformat()
    assert behind(house, "/opinions", aspect="delivery", **{"from": day, "to": day}) == {late}
    assert behind(house, "/opinions", source="comment") == set()
    page = house.get("/opinions/conversations", limit=3)
    assert behind(house, "/opinions", cursor=page["next"]) == {earlier}


def test_opinions_of_reviews_are_in_no_conversation_and_counted_as_such(house):
    house.talk(words="The delivery was bad.")
    house.talk(words="The price was bad.")
    house.opinions.catch_up()
    of_review = {"source": "review", "session_id": None}
    with writing(house.record.engine).begin() as connection:
        connection.execute(update(OpinionRow).where(OpinionRow.aspect == "price").values(**of_review))
    told = house.get("/opinions/conversations")
    assert (len(told["conversations"]), told["reviews"]) == (1, 1)
    assert house.get("/opinions/conversations", source="review")["conversations"] == []


def test_a_product_that_opinions_are_about_leads_to_where_they_were_said(house):
    for words in ("The delivery was bad.", "The price was bad."):
        house.talk("click", words=words, ids=("lig-02",))
    house.opinions.catch_up()
    for product in house.get("/opinions")["products"]:
        found = behind(house, "/opinions", product=product["value"])
        assert len(found) == product["n"]


# ---- Wanted


def test_behind_a_list_and_behind_all_of_them_are_their_conversations(house):
    hats = wants(house, not_carried("hats"))
    drones = wants(house, not_carried("drones"))
    asked = wants(house, unanswered("What voltage is it?", OAK))
    rules = wants(house, unanswered("Is it made by elves?", OAK))
    house.talk()
    assert behind(house, "/gaps") == {hats, drones, asked, rules}
    for one in house.get("/gaps")["lists"]:
        assert len(behind(house, "/gaps", list=one["list"])) == one["conversations"], one["list"]
    assert behind(house, "/gaps", list="not_carried") == {hats, drones}
    assert behind(house, "/gaps", list="not_carried", key="hat") == {hats}


# ---- Shifts


def test_every_value_of_a_shift_leads_to_its_conversations_rare_ones_together(house):
    for back in (40, 3):
        for n in range(54):
            house.clock.now = NOW - timedelta(days=back, minutes=n)
            house.talk(kind="chat" if n % 2 else "answer", rating=5 if n < 44 else n % 4 + 1)
    house.clock.now = NOW
    period = house.get("/drift")["comparisons"][0]
    other = {"other_from": period["before_from"], "other_to": period["before_to"]}
    seen = set()
    for shift in period["shifts"]:
        for cell in shift["cells"]:
            asked = {"measure": shift["measure"], "value": cell["value"], "limit": 200} | other
            found = len(behind(house, "/drift", **asked))
            assert found == round(cell["now"] * shift["n_now"]), (shift["measure"], cell["value"])
            seen.add(cell["value"])
    assert {"no", "yes", "…"} <= seen
    wrong = {"measure": "languages", "value": "…", "other_from": "2026-11-02", "other_to": "2026-11-01"}
    house.get("/drift/conversations", 422, **wrong)


# ---- Alerts


def jump(**more):
    about = {"about": "", "by": "", "span": "day", "hits": 2, "trials": 3, "usual": 0.02, "times": 3.0, "chance": 1e-6,
             "watched": 12, "until": NOW.replace(minute=0).isoformat(), "quotes": []}  # fmt: skip
    return about | more


def test_behind_an_alert_are_the_conversations_of_its_hours_whatever_the_filters(house):
    house.clock.now = NOW - timedelta(hours=30)
    house.talk(kind="no_match")
    house.clock.now = NOW - timedelta(hours=2)
    missed, failed = house.talk(kind="no_match"), house.talk(failure="boom")
    disliked = house.talk(thumb="down", words="The delivery was bad.")
    low = house.talk(rating=1)
    house.clock.now = NOW
    house.opinions.catch_up()
    raised(
        house,
        Raised("a", "nothing_fits", "warning", jump()),
        Raised("b", "failed_turns", "critical", jump()),
        Raised("c", "thumbs_down", "warning", jump()),
        Raised("d", "low_ratings", "warning", jump()),
        Raised("e", "complaints_by_aspect", "warning", jump(by="aspect", about="delivery")),
        Raised("f", "safety", "critical", {"words": "fire", "source": "chat", "quotes": [{"session_id": missed}]}),
        Raised(
            "g", "low_scores", "notice", {"day": (NOW + timedelta(days=1)).date().isoformat(), "n": 2, "quotes": []}
        ),
    )
    wanted = {
        "nothing_fits": {missed}, "failed_turns": {failed}, "thumbs_down": {disliked}, "low_ratings": {low},
        "complaints_by_aspect": {disliked}, "safety": {missed}, "low_scores": {disliked, low},
    }  # fmt: skip
    alerts = {one["rule"]: one for one in house.get("/alerts")["alerts"]}
    assert set(alerts) == set(wanted)
    for rule, sessions in wanted.items():
        assert alerts[rule]["talks"]
        assert behind(house, "/alerts", alert=alerts[rule]["id"], locale="zh") == sessions, rule
    assert (alerts["nothing_fits"]["from"], alerts["nothing_fits"]["to"]) == ("2026-11-27", "2026-11-28")
    house.get("/alerts/conversations", 404, alert="nobody")


# ---- Files


def test_every_list_of_conversations_comes_as_a_file_whole(house, tmp_path):
    every = {house.talk("click", words=f"=bad delivery {n}") for n in range(4)}
    house.opinions.catch_up()
    for path in ("/conversations", "/opinions/conversations"):
        rows = rows_of(house, path, format="csv", limit=1)
        assert {row["session_id"] for row in rows} == every, path
        assert all(row["first_message"].startswith("'=") for row in rows)
        kept = parquet_of(house, tmp_path, path, limit=1)
        assert {row["session_id"] for row in kept} == every
        assert {row["turns"] for row in kept} == {1}
    house.get("/conversations", 422, format="xls")
    house.get("/drift/conversations", 422, measure="mood", value="x", format="csv")


def test_opinions_come_as_files_as_the_page_tells_them(house, tmp_path):
    for words in ("The delivery was bad.", "The delivery was good.", "＝The price was bad."):
        house.talk("click", words=words, ids=("lig-02",))
    house.opinions.catch_up()
    told = house.get("/opinions")
    rows = rows_of(house, "/opinions/export")
    assert [(row["aspect"], int(row["opinions"])) for row in rows] == [
        (one["value"], one["n"]) for one in told["aspects"]
    ]
    assert float(rows[0]["negative_low"]) == pytest.approx(told["aspects"][0]["negative"]["low"])
    assert len(rows_of(house, "/opinions/export", what="days")) == 28
    assert len(rows_of(house, "/opinions/export", what="products")) == len(told["products"])
    quotes = parquet_of(house, tmp_path, "/opinions/export", what="quotes")
    assert len(quotes) == told["total"]["n"]
    assert rows_of(house, "/opinions/export", source="comment") == []
    house.get("/opinions/export", 422, what="moods")


def test_shifts_alerts_and_what_was_wanted_come_as_files_too(house, tmp_path):
    for back in (40, 3):
        for n in range(52):
            house.clock.now = NOW - timedelta(days=back, minutes=n)
            house.talk(locale="zh" if n % 2 else "en")
    house.clock.now = NOW
    wants(house, not_carried("hats"))
    raised(
        house, Raised("a", "safety", "critical", {"words": "=fire", "source": "chat", "quotes": [{"words": "=1+1"}]})
    )
    shown = house.get("/drift")["comparisons"]
    rows = rows_of(house, "/drift/export")
    assert len(rows) == sum(len(shift["cells"]) for one in shown for shift in one["shifts"])
    assert {row["measure"] for row in rows} == {shift["measure"] for one in shown for shift in one["shifts"]}
    assert len(parquet_of(house, tmp_path, "/drift/export")) == len(rows)
    (alert,) = rows_of(house, "/alerts/export")
    assert (alert["rule"], alert["quotes"], alert["seen_by"]) == ("safety", "'=1+1", "")
    assert parquet_of(house, tmp_path, "/alerts/export")[0]["quotes"] == "=1+1"
    (hat,) = parquet_of(house, tmp_path, "/gaps/export", list="not_carried")
    assert (hat["what"], hat["conversations"], hat["listings_lacking_it"]) == ("hat", 1, None)
    for path in ("/drift/export", "/alerts/export", "/gaps/export", "/opinions/export"):
        house.get(path, 422, format="xls")
        house.get(path, 403, name="lea")
