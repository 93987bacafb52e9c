import csv
from pathlib import Path

import pytest

from catalog import Reject, RejectReport
from catalog.feeds.rejects import storable_id


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(tmp_path: Path, text: str) -> None:
    report = RejectReport(tmp_path / "rejects.csv")
    report.add(Reject(text, 2, text, text, text))
    report.close()
    with report.path.open(newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}", "2", f"'{text}", f"'{text}", f"'{text}"]


def test_the_report_names_the_product_that_a_row_was_of(tmp_path: Path) -> None:
    report = RejectReport(tmp_path / "rejects.csv")
    report.add(Reject("a.csv", 2, "price", "is missing", "p-1"))
    report.add(Reject("a.csv", 3, "(row)", "is cut off"))
    report.close()
    assert report.path.read_text().splitlines() == [
        "source,line,product_id,field,reason", "a.csv,2,p-1,price,is missing", "a.csv,3,,(row),is cut off"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "id"),
    [("a", "a"), (" a ", "a"), (7, "7"), (7.5, "7.5"), ("", None), (True, None), (None, None), (["a"], None), ("x" * 201, None), ("a\0", None), ("\ud83d", None)],
)  # fmt: skip
def test_an_id_is_one_that_a_product_can_be_stored_under(value: object, id: str | None) -> None:
    assert storable_id(value) == id


def test_a_reject_is_one_line_without_control_characters_however_it_reads() -> None:
    assert str(Reject("a\nb.csv", 1, "x", "\x1b[2Jgone")) == r"a\nb.csv:1: x: \x1b[2Jgone"
