"""The weekly report: which week it is of, what it says, and that it is a page which needs nothing else."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.insight.__main__ import main
from assistant.insight.report import Look, weekly, written
from assistant.insight.report_markup import percent
from assistant.insight.report_text import WORDS
from assistant.insight.report_week import Week, week_of
from tests.web.insights.houses import House, insighted

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with insighted(tmp_path) as house:
        yield house


def page_of(house: House, locale: str = "en", shop: str = "Linden & Lark") -> str:
    house.shop.insights.keeper.catch_up()  # type: ignore[union-attr]
    figures = house.shop.insights.figures  # type: ignore[union-attr]
    look = Look(shop, locale, "USD", "#1f6f5c", lambda id: f"<{id}>")  # type: ignore[arg-type]
    return written(weekly(figures, week_of(None, house.clock.now.date())), look, house.clock.now)


def last_week(house: House, conversations: int, **more: object) -> None:
    now = house.clock.now
    for n in range(conversations):
        house.clock.now = now - timedelta(days=3 + n % 5)  # Tuesday to Saturday of the week before
        house.talk("click", *(("purchase",) if n % 2 else ()), **more)  # type: ignore[arg-type]
    house.clock.now = now


def test_the_last_full_week_is_told_unless_another_is_asked_for() -> None:
    assert week_of(None, TODAY) == Week(2026, 47)
    assert week_of("2026-W02", TODAY).monday == date(2026, 1, 5)
    assert week_of(None, date(2027, 1, 4)) == Week(2026, 53)


@pytest.mark.parametrize("name", ["47", "2026-47", "2026-W60", "W47", "2026-W", "next"])
def test_what_is_no_week_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="week: must be a week such as 2026-W47"):
        week_of(name, TODAY)


def test_a_week_to_come_is_refused() -> None:
    with pytest.raises(ValueError, match="still to come"):
        week_of("2026-W49", TODAY)


def test_a_report_says_who_talked_clicked_and_bought(house: House) -> None:
    last_week(house, 40, rating=5)
    page = page_of(house)
    assert "40 conversations." in page
    assert "100% clicked, 50% bought" in page
    assert "100% of 40 ratings were 4 or 5 stars" in page
    assert "These are few" not in page


def test_a_week_of_few_says_so_and_an_empty_one_says_that_nobody_came(house: House) -> None:
    assert "Nobody talked with the shop" in page_of(house)
    assert "<svg" not in page_of(house)
    last_week(house, 3)
    assert "These are few" in page_of(house)


def test_a_report_stands_alone_and_runs_nothing(house: House) -> None:
    last_week(house, 5)
    page = page_of(house, shop="<script>alert(1)</script>")
    assert "<script" not in page
    assert re.findall(r"(?:src|href|url)\s*[=(]", page) == []
    assert "&lt;lig-" in page  # a product's name is text


def test_a_report_in_chinese_has_no_english_words_of_ours(house: House) -> None:
    last_week(house, 5, rating=4)
    page = page_of(house, "zh", shop="店")
    body = page[page.index("<body>") :]
    for english, _ in WORDS.values():
        if len(english) > 12 and "{" not in english:
            assert english not in body


def test_shares_are_as_precise_as_they_can_be_read() -> None:
    assert [percent(x) for x in (None, 0, 0.0031, 0.042, 0.1, 0.318, 1)] == [
        "–",
        "0%",
        "0.31%",
        "4.2%",
        "10%",
        "32%",
        "100%",
    ]


def test_the_command_writes_the_page(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    last_week(house, 4)
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    file = tmp_path / "out" / "week.html"
    assert main(["report", "--out", str(file), "--week", "2026-W47", "--locale", "zh"]) == 0
    assert "2026 年第 47 周" in file.read_text(encoding="utf-8")
    assert "week 2026-W47: 4 conversations" in capsys.readouterr().out


def test_the_command_says_in_one_line_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "nothing"))
    assert main(["report", "--out", str(tmp_path / "x.html")]) == 1
    assert capsys.readouterr().err.startswith("insight: there is no record at")


def test_figures_can_be_counted_anew_by_command(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    house.talk()
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().out == "1 conversations counted\n"
