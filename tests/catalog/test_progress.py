import io

from catalog import shown_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_long_work_writes_a_plain_line_every_ten_seconds_where_nobody_sees_a_bar() -> None:
    seen, now = io.StringIO(), [0.0]
    with shown_progress("indexing", stream=seen, clock=lambda: now[0]) as progress:
        for second in range(26):
            now[0] = float(second)
            progress("rows", second * 64, 2000)
    assert seen.getvalue().splitlines() == [
        "indexing: 640 of 2000 rows, 64 a second, about 21 s left",
        "indexing: 1280 of 2000 rows, 64 a second, about 11 s left",
    ]


def test_where_nobody_knows_how_much_there_is_no_end_is_promised() -> None:
    seen, now = io.StringIO(), [0.0]
    with shown_progress("import", stream=seen, clock=lambda: now[0]) as progress:
        for second in range(0, 360, 180):
            now[0] = float(second)
            progress("rows", second // 6, 0)
    assert seen.getvalue() == "import: 30 rows, 10 a minute\n"


def test_short_work_is_quiet_in_a_log() -> None:
    seen = io.StringIO()
    with shown_progress("indexing", stream=seen, clock=lambda: 0.0) as progress:
        progress("rows", 64, 64)
    assert seen.getvalue() == ""


def test_a_terminal_gets_a_bar() -> None:
    seen = Terminal()
    with shown_progress("indexing", stream=seen) as progress:
        progress("rows", 64, 128)
        progress("rows", 128, 128)
    assert "128/128" in seen.getvalue()
