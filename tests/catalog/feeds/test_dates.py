from typing import Any

import pytest

from catalog.feeds.dates import day


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-12", "2026-3-12", " 2026-03-12 ", "2026/03/12", "2026.03.12", "20260312", "2026-03-12T09:30:00Z", "2026-03-12T23:59+14:00",
        "2026-03-12 0:00:00", "2026年3月12日", "2026 年 03 月 12 日 10:00", "March 12, 2026", "Mar 12 2026", "MARCH 12th, 2026", "12 March 2026", "12 mar. 2026",
        "12th of March 2026", "12-Mar-2026", "12. March 2026", "Thu, 12 Mar 2026 09:30:00 GMT", "Thursday, March 12, 2026", "12.03.2026", "12.3.2026 09:30",
        1773307800, "1773307800", 1773307800.5, 1773307800000, "1773307800000",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: Any) -> None:
    assert day(written) == "2026-03-12"


@pytest.mark.parametrize(
    ("written", "found"),
    [("31/03/2026", "2026-03-31"), ("03/31/2026", "2026-03-31"), ("03-03-2026", "2026-03-03"), ("12/03/2026", None), ("3/12/2026 10:00", None)],
)  # fmt: skip
def test_a_day_that_two_countries_read_in_two_ways_is_none(written: str, found: str | None) -> None:
    assert day(written) == found


@pytest.mark.parametrize(
    "written",
    [
        None, "", True, [], {}, "sometime", "2026", "2026-03", "March 2026", "2026-02-31", "2026-13-01", "31.11.2026", "20261301", "0000-00-00", "0001-01-01",
        "1970-01-01", "2200-01-01", "2026-03-123", "12026-03-12", "3 days ago", "x" * 1000, 1e300, float("nan"), 10**15, "٢٠٢٦-٠٣-١٢", "32/13/2026", "12 Marble 2026x",
    ],
)  # fmt: skip
def test_what_is_no_day_that_can_be_is_none(written: Any) -> None:
    assert day(written) is None
