"""The survey on the owner's page: what is asked now, who answers, and files of answers that others collected."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assistant.record.surveys import Surveys
from assistant.surveys import PACKAGED, load_rules
from tests.web.insights.houses import HOME, House, insighted

TAKE = f"{HOME}/surveys/import"
HEAD = "key,at,session_id,turn_id,subject,scale,value,comment,locale,source\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with insighted(tmp_path) as house:
        house.shop.surveys = Surveys(house.record.engine, load_rules(PACKAGED), clock=house.clock)
        yield house


def test_only_the_owner_sees_and_brings_in(house: House) -> None:
    for name, status in ((None, 401), ("ann", 403), ("lea", 403)):
        browser = house.client(name)
        for path in ("/surveys", "/surveys/template"):
            assert browser.get(HOME + path).status_code == status
        assert browser.post(TAKE, content=HEAD).status_code == status
    elsewhere = house.client().post(TAKE, content=HEAD, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 403


def test_what_is_asked_now_is_told_in_both_languages(house: House) -> None:
    now = house.get("/surveys")["now"]
    assert [(one["subject"], one["scale"]["kind"]) for one in now["forms"]] == [
        ("assistant", "stars"),
        ("agent", "csat"),
    ]
    assert now["forms"][0]["question"]["zh"] == "助手帮到您了吗？"
    assert now["moments"] == {"resolved": True, "cart": True, "closed": True, "idle": 3.0, "turns": None}
    house.shop.surveys = None
    assert house.get("/surveys")["now"] is None


def test_who_answers_is_told_by_moment_and_channel(house: House) -> None:
    asked = house.shop.surveys
    assert asked is not None
    for value in (5, 2, None):
        offer = asked.ask(house.talk(), "desk")
        if value:
            asked.answer(offer.id, value)
        else:
            asked.skip(offer.id)
    told = house.get("/surveys")
    (row,) = told["responses"]
    assert (row["trigger"], row["channel"], row["offered"], row["answered"], row["skipped"]) == (
        "manual",
        "desk",
        3,
        2,
        1,
    )
    assert (row["response_rate"]["value"], row["csat"]["count"]) == (2 / 3, 1)
    assert [(one["now"], one["offered"]) for one in told["versions"]] == [(True, 3)]
    assert house.get("/surveys", **{"from": "2020-01-01", "to": "2020-01-31"})["responses"] == []


def test_a_file_is_taken_in_with_its_faults_told(house: House) -> None:
    session = house.talk()
    text = (
        HEAD
        + f"1,2026-11-24,{session},,,stars,4,=1+1,,mail\n2,2026-11-24,,,,stars,9,,,mail\n3,2026-11-24,,,,nps,9,,,mail\n"
    )
    answer = house.client().post(TAKE, content=text.encode(), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 201
    assert answer.json() == {
        "added": 2,
        "repeated": 0,
        "rejected": 1,
        "rejects": [{"line": 3, "key": "2", "field": "value", "reason": "9 is not from 1 to 5"}],
    }
    assert house.client().post(TAKE, content=text.encode()).json()["repeated"] == 2
    (row,) = house.get("/surveys")["elsewhere"]
    assert (row["source"], row["kind"], row["answers"]) == ("mail", "nps", 1)


def test_a_file_may_be_larger_than_other_bodies_but_not_without_end(house: House) -> None:
    rows = "".join(f"{n},2026-11-24,,,,stars,5,{'very good ' * 8},,mail\n" for n in range(2_000))
    assert house.client().post(TAKE, content=(HEAD + rows).encode()).json()["added"] == 2_000
    assert house.client().post(TAKE, content=b"a" * (4 * 2**20 + 1)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"\n\n", b"a,b\n1,2\n", b"\x1f\x8bgarbage"])
def test_what_is_no_such_file_is_refused_in_words(house: House, body: bytes) -> None:
    answer = house.client().post(TAKE, content=body)
    assert answer.status_code == 422
    assert "/tmp" not in answer.json()["detail"]


def test_the_template_comes_back_as_it_is_read(house: House) -> None:
    answer = house.client().get(f"{HOME}/surveys/template")
    assert answer.headers["content-disposition"] == 'attachment; filename="answers.csv"'
    assert house.client().post(TAKE, content=answer.content).json()["rejected"] == 2


# ---- Filters, what is behind a number, and files


def rated(house: House, value: int | None = None, **more: Any) -> str:
    """A conversation in which it was asked from the desk how it went, and answered or put off; its session."""
    asked, session_id = house.shop.surveys, house.talk(**more)
    assert asked is not None
    offer = asked.ask(session_id, "desk")
    if value is None:
        asked.skip(offer.id)
    else:
        asked.answer(offer.id, value)
    return session_id


def counts(house: House, **filters: str) -> tuple[int, ...]:
    """Asked, answered, satisfied, and the wordings' asked."""
    told = house.get("/surveys", **filters)
    of = [sum(row[name] for row in told["responses"]) for name in ("offered", "answered", "satisfied")]
    return (*of, sum(one["offered"] for one in told["versions"]))


def test_filters_hold_for_who_answers_and_for_the_wordings(house: House) -> None:
    rated(house, 5, locale="zh", prompt="p2", ids=("lig-02",))
    rated(house, 2)
    rated(house, locale="en")
    turn = house.client("ann").post("/api/v1/chat", json={"message": "a lamp"}).json()
    asked = house.shop.surveys
    assert asked is not None
    asked.answer(asked.ask(turn["session_id"], "desk").id, 1)
    assert counts(house) == (3, 2, 1, 3)
    assert counts(house, who="all") == (4, 3, 1, 4)
    assert counts(house, locale="zh") == (1, 1, 1, 1)
    assert counts(house, locale="en") == (2, 1, 0, 2)
    assert counts(house, prompt="p2") == counts(house, product="lig-02", locale="zh") == (1, 1, 1, 1)
    assert counts(house, prompt="p1", locale="zh") == counts(house, arm="none:a") == (0, 0, 0, 0)
    assert counts(house, model="qwen-2.5-7b") == counts(house, model="qwen-2.5-7b", ranker="r1") == (3, 2, 1, 3)


def test_the_days_are_those_on_which_it_was_asked(house: House) -> None:
    house.clock.on(hours=-13)
    session_id = house.talk(locale="zh")
    began = house.clock.now.date().isoformat()
    house.clock.on(hours=13)
    asked = house.shop.surveys
    assert asked is not None
    asked.ask(session_id, "desk")
    then = house.clock.now.date().isoformat()
    assert counts(house, **{"from": then, "to": then, "prompt": "p1"}) == (1, 0, 0, 1)
    assert counts(house, **{"from": began, "to": began, "prompt": "p1"}) == (0, 0, 0, 0)


def test_answers_from_elsewhere_are_of_the_language_that_is_asked_for(house: House) -> None:
    rows = "1,2026-11-24,,,,stars,4,,en,mail\n2,2026-11-24,,,,stars,2,,zh,mail\n3,2026-11-24,,,,stars,2,,,mail\n"
    house.client().post(TAKE, content=(HEAD + rows).encode())
    for filters, answers in (({}, 3), ({"locale": "zh"}, 1), ({"locale": "en", "category": "x"}, 1)):
        (row,) = house.get("/surveys", **filters)["elsewhere"]
        assert row["answers"] == answers


def test_a_number_leads_to_the_conversations_behind_it(house: House) -> None:
    happy, unhappy, silent = rated(house, 5), rated(house, 2, locale="zh"), rated(house)
    house.talk()
    told = house.get("/surveys")
    (row,), (wording,) = told["responses"], told["versions"]

    def sessions(**asked: str) -> list[str]:
        return [one["session_id"] for one in house.get("/surveys/conversations", **asked)["conversations"]]

    of = {name: row[name] for name in ("subject", "trigger", "channel")}
    for state, found in (
        ("offered", {happy, unhappy, silent}), ("answered", {happy, unhappy}), ("skipped", {silent}),
        ("satisfied", {happy}),
    ):  # fmt: skip
        assert set(sessions(**of, state=state)) == found
        assert row[state] == len(found)
    assert len(sessions(wording=wording["id"])) == wording["offered"] == 3
    assert sessions(**of, state="answered", locale="zh") == [unhappy]
    assert sessions(**of | {"channel": "mail"}) == sessions(wording="none") == []
    page = house.get("/surveys/conversations", limit=2)
    rest = house.get("/surveys/conversations", limit=2, cursor=page["next"])
    assert len(page["conversations"]) + len(rest["conversations"]) == 3
    file = house.client().get(f"{HOME}/surveys/conversations?format=csv&limit=2").text
    kept = [line["session_id"] for line in csv.DictReader(io.StringIO(file.removeprefix("\ufeff")))]
    assert kept == sessions() and len(kept) == 3
    assert house.client().get(f"{HOME}/surveys/conversations?state=angry").status_code == 422
    assert house.client().get(f"{HOME}/surveys/conversations?cursor=x").status_code == 422
    assert house.client("ann").get(f"{HOME}/surveys/conversations").status_code == 403


def test_who_answers_is_a_file_under_the_same_filters(house: House, tmp_path: Path) -> None:
    for value in (5, 2, None):
        rated(house, value)
    rated(house, 4, locale="zh")
    answer = house.client().get(f"{HOME}/export", params={"what": "surveys", "locale": "en"})
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    shown = house.get("/surveys", locale="en")["responses"][0]
    names = ("subject", "trigger", "channel", "offered", "answered", "skipped", "satisfied")
    assert {name: row[name] for name in names} == {name: str(shown[name]) for name in names}
    assert float(row["response_rate"]) == shown["response_rate"]["value"]
    assert float(row["csat_low"]) == shown["csat"]["interval"]["low"]
    assert float(row["score"]) == shown["mean"] == 0.625
    answer = house.client().get(f"{HOME}/export", params={"what": "surveys", "locale": "en", "format": "parquet"})
    assert "surveys-" in answer.headers["content-disposition"]
    (tmp_path / "it.parquet").write_bytes(answer.content)
    (kept,) = pq.read_table(tmp_path / "it.parquet").to_pylist()
    assert (kept["offered"], kept["csat"]) == (3, 0.5)
