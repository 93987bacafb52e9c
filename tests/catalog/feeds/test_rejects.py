import csv
from pathlib import Path

import pytest

from catalog import Reject, RejectReport


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_calculate_is_text(tmp_path: Path, text: str) -> None:
    report = RejectReport(tmp_path / "rejects.csv")
    report.add(Reject(text, 2, text, text, text))
    report.close()
    with report.path.open(newline="") as file:
        assert list(csv.reader(file))[1] == [f"'{text}", "2", f"'{text}", f"'{text}", f"'{text}"]


def test_a_reject_is_one_line_without_control_characters_however_it_reads() -> None:
    assert str(Reject("a\nb.csv", 1, "x", "\x1b[2Jgone")) == r"a\nb.csv:1: x: \x1b[2Jgone"
