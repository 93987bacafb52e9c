import csv
import json
from datetime import UTC, datetime

import pyarrow.parquet
import pytest

from assistant.record import Record
from assistant.record.__main__ import main
from assistant.record.tables import EventRow
from assistant.types import Utterance
from tests.record.conversation import slate, turn

ALL = {
    "sessions",
    "versions",
    "turns",
    "replies",
    "impressions",
    "events",
    "ratings",
    "failures",
    "tickets",
    "cart_changes",
    "consents",
    "facts",
    "desk_events",
    "ticket_states",
    "ticket_looks",
    "session_looks",
    "macros",
    "faq_choices",
    "agents",
    "views",
    "surveys",
    "gaps",
    "survey_offers",
    "survey_skips",
    "experiments",
    "experiment_events",
    "exposures",
    "opinions",
    "alerts",
    "alert_events",
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder of a shop with one turn on the 23rd and one on the 24th of November, each rated."""
    monkeypatch.setenv("AISLE_HOME", str(tmp_path))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    days = iter([23] * 4 + [24] * 5)
    record = Record(f"sqlite:///{tmp_path / 'record.db'}", clock=lambda: datetime(2026, 11, next(days), 9, tzinfo=UTC))
    session_id = None
    for message in ('a lamp, "white"\nplease', "=更便宜的"):
        opened = record.open_turn(Utterance(message), "en", session_id=session_id)
        session_id = opened.session_id
        record.show(opened.turn_id, slate("a", "b"))
        record.close_turn(turn(opened.turn_id, session_id, message))
        record.rate(opened.turn_id, "thumb", "down", ("不合适", "dear"))
    record.rate(opened.turn_id, "stars", 4)
    record.close()
    return tmp_path


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_tables_land_in_one_folder_and_their_rows_are_told(home, capsys):
    assert main(["export", "--out", str(home / "out")]) == 0
    assert {path.name for path in (home / "out").iterdir()} == {f"{table}.csv" for table in ALL}
    told = capsys.readouterr().out
    assert "turns: 2 rows" in told
    assert "impressions: 4 rows" in told
    assert "events: 0 rows" in told


def test_csv_keeps_quotes_line_breaks_and_chinese(home):
    assert main(["export", "--out", str(home / "out")]) == 0
    turns = read_csv(home / "out" / "turns.csv")
    assert {row["message"] for row in turns} == {'a lamp, "white"\nplease', "=更便宜的"}
    ratings = read_csv(home / "out" / "ratings.csv")
    assert json.loads(ratings[0]["reasons"]) == ["不合适", "dear"]
    assert (ratings[0]["number"], ratings[2]["number"]) == ("", "4")
    assert ratings[0]["at"] == "2026-11-23T09:00:00+00:00"


def test_parquet_keeps_the_types(home):
    file = home / "ratings.parquet"
    assert main(["export", "--format", "parquet", "--table", "ratings", "--out", str(file)]) == 0
    rows = pyarrow.parquet.read_table(file).to_pylist()
    assert [row["number"] for row in rows] == [None, None, 4]
    assert rows[0]["at"] == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert json.loads(rows[0]["reasons"]) == ["不合适", "dear"]


def test_parquet_of_a_table_without_rows_still_has_its_columns(home):
    assert main(["export", "--format", "parquet", "--table", "events", "--out", str(home)]) == 0
    table = pyarrow.parquet.read_table(home / "events.parquet")
    assert (table.num_rows, table.column_names) == (0, [column.name for column in EventRow.__table__.columns])


def test_every_table_can_be_written_as_parquet(home):
    assert main(["export", "--format", "parquet", "--out", str(home / "out")]) == 0
    rows = {path.stem: pyarrow.parquet.read_table(path).num_rows for path in (home / "out").iterdir()}
    counts = {"sessions": 1, "versions": 1, "turns": 2, "replies": 2, "impressions": 4, "ratings": 3}
    assert rows == dict.fromkeys(ALL, 0) | counts


def test_since_leaves_out_what_is_older_and_keeps_what_has_no_time(home):
    assert main(["export", "--since", "2026-11-24", "--out", str(home / "out")]) == 0
    assert [row["message"] for row in read_csv(home / "out" / "turns.csv")] == ["=更便宜的"]
    assert len(read_csv(home / "out" / "ratings.csv")) == 2
    assert read_csv(home / "out" / "sessions.csv") == []
    assert len(read_csv(home / "out" / "versions.csv")) == 1


def test_a_missing_record_is_one_clear_line_and_is_not_created(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AISLE_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.delenv("AISLE_RECORD_URL", raising=False)
    assert main(["export", "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("record: there is no record at")
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_clear_line(home, capsys):
    (home / "taken").write_text("a file")
    assert main(["export", "--out", str(home / "taken")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert (home / "taken").read_text() == "a file"


def test_a_failed_export_leaves_no_half_file(home, monkeypatch, capsys):
    def fail(row):
        raise OSError("the disk is full")

    monkeypatch.setattr("assistant.record.export._plain", fail)
    assert main(["export", "--table", "turns", "--out", str(home / "out")]) == 1
    assert "the disk is full" in capsys.readouterr().err
    assert list((home / "out").iterdir()) == []


def test_a_date_that_is_none_is_refused(home, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["export", "--since", "tomorrow"])
    assert "'tomorrow' is not a date" in capsys.readouterr().err
