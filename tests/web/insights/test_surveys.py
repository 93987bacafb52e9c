"""The survey on the owner's page: what is asked now, who answers, and files of answers that others collected."""

from collections.abc import Iterator
from pathlib import Path

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
