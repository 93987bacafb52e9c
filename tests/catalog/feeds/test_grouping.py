from catalog import Reject
from catalog.feeds.grouping import grouped
from catalog.feeds.separated import Record


def test_records_of_one_key_come_together_in_the_order_of_the_first_and_rejects_come_as_they_are_met() -> None:
    rows = [
        ("b", Record("f", 2, {"x": "1"})),
        Reject("f", 3, "x", "bad"),
        ("a", Record("f", 4, {})),
        ("b", Record("f", 5, {"x": "灯"})),
    ]
    bad, b, a = grouped(rows, lambda cells: None)
    assert bad == rows[1]
    assert b == (Record("f", 2, {"x": "1"}), Record("f", 5, {"x": "灯"}))
    assert a == (Record("f", 4, {}),)


def test_more_records_than_are_written_at_once_are_all_kept() -> None:
    keyed = ((str(n % 1500), Record("f", n, {})) for n in range(3000))
    found = list(grouped(keyed, lambda cells: None))
    assert [len(group) for group in found if not isinstance(group, Reject)] == [2] * 1500
