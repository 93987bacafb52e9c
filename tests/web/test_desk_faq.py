"""What is answered often, over HTTP and over a real record: found, shown to leads, added by owners, turned away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.service.__main__ import main
from catalog import load_policies
from tests.fakes import WordEmbedder
from tests.web.desks import HOME, Desked, desked
from tests.web.often import ANSWER, QUESTION, answered, answering


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desked]:
    with answering(tmp_path) as made:
        yield made


def look(desk: Desked, name: str = "lea") -> list[dict[str, Any]]:
    answer = desk.client(name).get(f"{HOME}/faq")
    assert answer.status_code == 200, answer.text
    assert answer.json()["looking"] is False
    found: list[dict[str, Any]] = answer.json()["suggestions"]
    return found


def test_three_conversations_make_an_entry_with_its_tickets(desk: Desked) -> None:
    tickets = [answered(desk) for _ in range(2)]
    assert look(desk) == []
    tickets.append(answered(desk))
    (one,) = look(desk)
    assert (one["question"], one["answer"], one["count"], one["language"]) == (QUESTION, ANSWER, 3, "en")
    assert one["tickets"] == tickets
    assert one["id"] == tickets[0]
    assert one["markdown"] == f"## {QUESTION}\n\n{ANSWER}\n"


def test_the_owner_adds_it_in_other_words_and_it_is_gone(desk: Desked, tmp_path: Path) -> None:
    for _ in range(3):
        answered(desk)
    (one,) = look(desk, "oda")
    body = {"question": "Do you engrave?", "answer": "Glass, within two days."}
    assert desk.client("lea").post(f"{HOME}/faq/{one['id']}/add", json=body).status_code == 403
    added = desk.client("oda").post(f"{HOME}/faq/{one['id']}/add", json=body)
    assert (added.status_code, added.json()) == (201, {"file": "faq.en.md"})
    (policy,) = load_policies(tmp_path / "policies")
    assert (policy.title, policy.text) == ("Do you engrave?", "Glass, within two days.")
    assert look(desk, "oda") == []
    assert desk.client("oda").post(f"{HOME}/faq/{one['id']}/add", json=body).status_code == 404


def test_what_cannot_be_added_is_told_and_stays(desk: Desked, tmp_path: Path) -> None:
    for _ in range(3):
        answered(desk)
    (one,) = look(desk)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "faq.en.md").write_text("## Do you engrave?\n\nNo.\n")
    path = f"{HOME}/faq/{one['id']}/add"
    there = desk.client("oda").post(path, json={"question": "Do you engrave?", "answer": "Yes."})
    assert (there.status_code, there.json()["fault"]) == (409, "there")
    assert "faq.en.md" in there.json()["detail"]
    for body in (
        {"question": " # ", "answer": "Yes."},
        {"question": "Do you?", "answer": " "},
        {"question": "Do you?"},
    ):
        assert desk.client("oda").post(path, json=body).status_code == 422
    assert [two["id"] for two in look(desk)] == [one["id"]]


def test_a_lead_turns_it_away_for_good(desk: Desked) -> None:
    for _ in range(3):
        answered(desk)
    (one,) = look(desk)
    assert desk.client("ann").post(f"{HOME}/faq/{one['id']}/hide").status_code == 403
    assert desk.client("lea").post(f"{HOME}/faq/{one['id']}/hide").status_code == 204
    assert look(desk) == []
    answered(desk)
    assert look(desk) == []
    assert desk.client("lea").post(f"{HOME}/faq/{one['id']}/hide").status_code == 404


def test_agents_and_strangers_see_nothing(desk: Desked) -> None:
    assert desk.client("ann").get(f"{HOME}/faq").status_code == 403
    assert desk.client().get(f"{HOME}/faq").status_code == 401


def test_a_desk_without_it_says_so(tmp_path: Path) -> None:
    with desked(tmp_path) as made:
        answer = made.client("oda").get(f"{HOME}/faq")
    assert answer.status_code == 503
    assert "answered often" in answer.json()["detail"]


def test_the_command_line_prints_the_same_entries(
    desk: Desked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("catalog.load_embedder", lambda name: WordEmbedder())
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    for _ in range(3):
        answered(desk)
    assert main(["faq"]) == 0
    (one,) = look(desk)
    assert capsys.readouterr().out == f"{one['markdown']}\n<!-- en, asked 3 times -->\n\n"
    desk.client("lea").post(f"{HOME}/faq/{one['id']}/hide")
    assert main(["faq"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
